"""One command on many JVMs: a fleet takes a line as one client does, and runs it as one job."""
