"""certtui: a terminal explorer for TLS certificates."""

__version__ = "0.1.0"
