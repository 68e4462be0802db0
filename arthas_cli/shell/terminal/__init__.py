"""The terminal: who writes to it, and the keys that come from it."""
