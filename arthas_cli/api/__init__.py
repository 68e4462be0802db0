"""arthas-shell for programs: `connect`, and commands whose results are objects.

Importing this loads neither click, prompt_toolkit, rich nor requests and changes nothing of the
interpreter: no handler, no thread, no setting.
"""

from arthas_cli.api.commands import Answer, Stream
from arthas_cli.api.many import Answers, ArthasFleet, FleetStream, connect_all
from arthas_cli.api.one import Arthas, connect

__all__ = [
    "Answer",
    "Answers",
    "Arthas",
    "ArthasFleet",
    "FleetStream",
    "Stream",
    "connect",
    "connect_all",
]
