"""What the shell knows of its server's commands, and how a typed line is checked by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from arthas_cli.catalogue.connected import ServerCatalogue
from arthas_cli.catalogue.store import HelpStore
from arthas_cli.client.check import Known
from arthas_cli.client.questions import ask_help
from arthas_cli.errors import ArthasShellError, NotRun
from arthas_cli.line.pipeline import split_pipeline
from arthas_cli.line.tokens import quote_word

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from arthas_cli.client.client import Client
    from arthas_cli.fleet.fleet import Fleet
    from arthas_cli.jsontext import Json
    from arthas_cli.line.plan import Plan
    from arthas_cli.shell.jobs.links import Links

# Behind a long `ognl` the server answers nothing; the next wish asks again.
_PATIENCE_S = 30.0


class Lookup:
    """The catalogue of the first server that the links lead to.

    `defaults` and `own_words` as of `check.Known`.
    """

    def __init__(self, links: Links, defaults: Mapping[str, str]) -> None:
        self._links = links
        self._defaults = defaults
        self.own_words: Collection[str] = ()
        store = HelpStore(user_cache_path("arthas-shell", appauthor=False) / "help")
        self.catalogue = ServerCatalogue(self._ask, store)

    def begin(self) -> None:
        """Begin to learn the commands of the server, in the background."""
        self.catalogue.connect(self._links.lead.welcome.version)

    def check(self, line: str, *, is_raw: bool = False) -> Plan:
        """Return how to run the line; raises as `Client.plan`."""
        self.begin()  # the server may be another one since the last line
        return self._find_client().plan(line, is_raw=is_raw)

    def check_ahead(self, lines: Sequence[str]) -> None:
        """Refuse lines of which one could not run, before those before them have.

        What cannot be told is no reason: each line is checked again in its turn.

        Raises:
            NotRun: a line would not work, or is not allowed.
        """
        for line in lines:
            try:
                self._find_client().read(split_pipeline(line).command)
            except NotRun:
                raise
            except ArthasShellError:
                return

    def close(self) -> None:
        """Ask the server nothing more."""
        self.catalogue.close()

    def _find_client(self) -> Client | Fleet:
        """Return the client with what is known by now."""
        catalogue = self.catalogue
        self._links.know(
            Known(catalogue.commands(), catalogue.version, self._defaults, self.own_words)
        )
        return self._links.client

    def _ask(self, name: str) -> Mapping[str, Json]:
        return ask_help(self._links.lead.server, quote_word(name) if name else "", _PATIENCE_S)
