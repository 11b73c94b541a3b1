"""The demo and the tests' fixture: a small PKI and a street of broken servers on loopback."""

from certtui.lab.server import House, Street

__all__ = ["House", "Street"]
