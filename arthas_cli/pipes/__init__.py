"""Local programs and files that take the results of a command; nothing of it is ever sent."""
