"""Completion of what is typed: pure but for `knowledge.py`, which asks, and `completer.py`."""
