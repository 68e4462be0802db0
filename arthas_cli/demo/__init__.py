"""A sample JVM with a real Arthas in it, on a machine that need not have Java; also for tests."""
