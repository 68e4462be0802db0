"""Arthas put into a JVM of this machine, without a JDK, and taken out again; Linux alone."""
