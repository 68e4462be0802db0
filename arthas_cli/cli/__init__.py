"""The command line: click declarations, and nothing that runs."""
