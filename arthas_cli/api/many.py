"""Many Arthas servers for a program: one command on all, each result with its target."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from arthas_cli.api.commands import Answer, Commands, Stream, find_failure
from arthas_cli.api.given import SHARED, read_given, warn
from arthas_cli.config.settings import resolve
from arthas_cli.errors import NotRun
from arthas_cli.ways import Ways

if TYPE_CHECKING:
    from arthas_cli.errors import ArthasShellError
    from arthas_cli.fleet.fleet import Fleet
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Outcome

_SETTINGS = ("fanout", *SHARED)


def connect_all(targets: Iterable[str], **settings: object) -> ArthasFleet:
    """Return many Arthas servers to run commands on; nothing is sent to them yet.

    Args:
        targets: what `--on` takes: profiles, groups, `all`, ranges such as `web[1-20]:8563`,
            addresses, and for the pods that carry a label `k8s://NAMESPACE/?LABEL=VALUE`. None is
            taken twice.
        **settings: as those of `connect`, but `port` and `profile`; and `fanout`, how many are
            spoken to at the same time. `username` and `password` are for addresses alone, a profile
            has its own.

    Raises:
        TypeError: there is no such setting.
        NotRun, ConfigError: a setting is wrong, or a target cannot be understood.
        Tunnel: no pod carries the label, or the cluster does not answer.
    """
    from arthas_cli.config.on import find_words, read_targets, resolve_targets
    from arthas_cli.fleet.assembly import make_members  # one is connected to faster without
    from arthas_cli.fleet.fleet import Fleet

    words = (targets,) if isinstance(targets, str) else tuple(targets)
    if not words:
        raise NotRun("there are no targets", hint="give one or more, such as 'web-1:8563'")
    places, config = read_given("connect_all", _SETTINGS, settings, {"on": words})
    found = read_targets(find_words(places), config)
    if not all(target.is_single for target in found.members):
        from arthas_cli.ways.expand import expand

        found = expand(found)
    ways = Ways()
    names = [target.name for target in found.members]
    told = zip(names, resolve_targets(found, places, config), strict=True)
    members = make_members(told, ways, os.environ, say=lambda _: None, warn=warn)
    return ArthasFleet(Fleet(members, fanout=resolve(places, config).fanout), ways)


class Answers(Mapping[str, Answer]):
    """What came of a command on many servers: the `Answer` of each by its name, in order.

    `results`: those of all as they came, each with its `target`. `outcome`: of all, as the one that
    ended worst, with what was lost of all. Who failed raises nothing by itself: see `failed`.
    """

    def __init__(self, results: list[Result], outcome: Outcome) -> None:
        self.results = results
        self.outcome = outcome
        self._answers = {end.name: Answer([], end.outcome) for end in outcome.ends}
        for result in results:
            self._answers[result.target].results.append(result)

    def __getitem__(self, name: str) -> Answer:
        return self._answers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)

    @property
    def failed(self) -> dict[str, ArthasShellError]:
        """Why, by the names of those that failed. A loss is no failure."""
        return _find_failed(self.outcome)

    def raise_failure(self) -> None:
        """Raise the worst failure, if there is one."""
        _raise_failure(self.outcome)


class FleetStream(Stream):
    """The results of a command that runs on many servers, each with its `target`, as they come.

    The iteration ends when all have ended, and raises nothing of those that failed: see `failed`.
    """

    __slots__ = ()

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """How it ended on each, by name; holds when the iteration has ended."""
        return {end.name: end.outcome for end in self.outcome.ends}

    @property
    def failed(self) -> dict[str, ArthasShellError]:
        """Why, by the names of those that failed. A loss is no failure."""
        return _find_failed(self.outcome)

    def raise_failure(self) -> None:
        """Raise the worst failure, if there is one."""
        _raise_failure(self.outcome)

    def _end(self) -> None:
        """Leave it to whoever asks: the results of the others are worth no less."""


class ArthasFleet(Commands[FleetStream]):
    """Many Arthas servers. Leaving a `with` block ends every stream that still runs, and the ways.

    `names`: of the targets, in the order given, as results have them.
    """

    def __init__(self, fleet: Fleet, ways: Ways) -> None:
        super().__init__(fleet, FleetStream, ways.close)
        self.names = tuple(member.name for member in fleet.members)
        self.urls = {member.name: member.url for member in fleet.members}

    def run(self, line: str, *, timeout: float | None = None) -> Answers:
        """Run a command on all to its end, and return what each answered.

        A stream needs an end of its own in the line (`-n 5`), or a `timeout` in seconds; each
        target has all of that time.

        Raises:
            LineError: the line would not work; nothing was sent.
            ReadOnly, Unconfirmed: it is not allowed on all; nothing was sent to any.
            NotRun: a stream over more targets than `fanout`.
        """
        with self.stream(line, timeout=timeout) as stream:
            results = list(stream)
        return Answers(results, stream.outcome)


def _find_failed(outcome: Outcome) -> dict[str, ArthasShellError]:
    found = ((end.name, find_failure(end.outcome)) for end in outcome.ends)
    return {name: error for name, error in found if error is not None}


def _raise_failure(outcome: Outcome) -> None:
    error = find_failure(outcome)
    if error is not None:
        raise error
