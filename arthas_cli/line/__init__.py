"""A command line as the server would read it, understood before it is sent."""
