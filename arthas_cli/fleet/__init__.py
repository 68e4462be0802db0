"""Many JVMs as one."""
