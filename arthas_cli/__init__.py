"""arthas-shell: the terminal shell for Arthas over its HTTP API."""

__version__ = "0.1.0"
