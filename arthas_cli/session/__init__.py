"""Sessions, jobs and their result streams: the only long-lived state of the program."""
