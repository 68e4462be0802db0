"""What a run is told from outside: options, variables, the configuration file."""
