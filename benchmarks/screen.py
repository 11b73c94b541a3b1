"""placeholder"""
def run(farm): pass
