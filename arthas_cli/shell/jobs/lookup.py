"""What the shell knows of its server's commands, and how a typed line is checked by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from arthas_cli.catalogue.connected import ServerCatalogue
from arthas_cli.catalogue.store import HelpStore
from arthas_cli.client.check import Known, check_line, read_plan
from arthas_cli.client.questions import ask_help
from arthas_cli.errors import ArthasShellError, NotRun
from arthas_cli.line.pipeline import split_pipeline
from arthas_cli.line.tokens import quote_word

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from arthas_cli.jsontext import Json
    from arthas_cli.line.plan import Plan
    from arthas_cli.shell.jobs.link import Link

# Behind a long `ognl` the server answers nothing; the next wish asks again.
_PATIENCE_S = 30.0


class Lookup:
    """The catalogue of the server that the link leads to.

    `defaults` and `own_words` as of `check.Known`.
    """

    def __init__(self, link: Link, defaults: Mapping[str, str]) -> None:
        self._link = link
        self._defaults = defaults
        self.own_words: Collection[str] = ()
        store = HelpStore(user_cache_path("arthas-shell", appauthor=False) / "help")
        self.catalogue = ServerCatalogue(self._ask, store)

    def begin(self) -> None:
        """Begin to learn the commands of the server, in the background."""
        self.catalogue.connect(self._link.welcome.version)

    def check(self, line: str, *, is_raw: bool = False) -> Plan:
        """Return how to run the line; raises as `check_line`."""
        self.begin()  # the server may be another one since the last line
        return check_line(line, self._link.server, is_raw=is_raw, known=self._list_known())

    def check_ahead(self, lines: Sequence[str]) -> None:
        """Refuse lines of which one could not run, before those before them have.

        What cannot be told is no reason: each line is checked again in its turn.

        Raises:
            NotRun: a line would not work, or is not allowed.
        """
        for line in lines:
            try:
                read_plan(split_pipeline(line).command, self._link.server, known=self._list_known())
            except NotRun:
                raise
            except ArthasShellError:
                return

    def close(self) -> None:
        """Ask the server nothing more."""
        self.catalogue.close()

    def _list_known(self) -> Known:
        catalogue = self.catalogue
        return Known(catalogue.commands(), catalogue.version, self._defaults, self.own_words)

    def _ask(self, name: str) -> Mapping[str, Json]:
        return ask_help(self._link.server, quote_word(name) if name else "", _PATIENCE_S)
