"""A line that is being typed: its colours, hints, completion and history."""
