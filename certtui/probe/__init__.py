"""I/O with peers and files, evidence out; the only room beside the lab that knows OpenSSL. It never judges."""
