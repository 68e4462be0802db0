"""Scripts that have bash, zsh and fish complete our command line; click knows how.

The files in `completions/` are what `make_script` returns.
"""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

_SCRIPTS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
SHELLS = tuple(_SCRIPTS)
# With this variable set the program answers the shell's question instead of running.
VARIABLE = "_ARTHAS_SHELL_COMPLETE"


def make_script(shell: str) -> str:
    """Returns the script for one of `SHELLS`."""
    script = _SCRIPTS[shell](click.Command("arthas-shell"), {}, "arthas-shell", VARIABLE)
    return script.source_template % script.source_vars()
