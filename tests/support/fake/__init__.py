"""A stateful fake of Arthas 4.1.5 for everything that a real one does not do on demand.

    with FakeArthas() as fake:
        fake.faults.next(faults.server_error, action="pull_results")
        ... fake.url ... fake.requests ... fake.jobs ... fake.sessions ...

The suite in `tests/protocol` runs against the fake and the real server, so the fake cannot lie.
It has no limit on requests at the same time: the real one has twice as many workers as cores.
"""

from support.fake import faults
from support.fake.builtin import run_hits
from support.fake.commands import Call, Command, Target, status
from support.fake.server import FakeArthas

__all__ = ["Call", "Command", "FakeArthas", "Target", "faults", "run_hits", "status"]
