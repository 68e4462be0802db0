"""A line that runs: what it must pass, its task, and who looks on."""
