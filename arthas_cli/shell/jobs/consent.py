"""Asks the user before what is dangerous, and before a pattern that hits many classes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from arthas_cli.catalogue.model import load_commands
from arthas_cli.errors import ArthasShellError, DeadlineReached, LineError, NotRun
from arthas_cli.fleet.parallel import call_each
from arthas_cli.guard.cases import ENDS_ALL
from arthas_cli.guard.patterns import MANY, ClassPattern, find_wide_pattern
from arthas_cli.guard.risk import judge_line
from arthas_cli.jsontext import as_int
from arthas_cli.line.parse import parse_line
from arthas_cli.line.secrets import hide_secret
from arthas_cli.session.ask import hear
from arthas_cli.session.doubts import Doubts, end_jobs, find_doubts
from arthas_cli.text import count, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from arthas_cli.session.orphans import ServerJob
    from arthas_cli.session.server import Server
    from arthas_cli.shell.jobs.background import Background
    from arthas_cli.shell.jobs.links import Links

_COUNT_S = 10.0
_YES = ("y", "yes")


class Declined(NotRun):
    """The user was asked and does not want it: what they said, and nothing that went wrong."""


class Consent:
    """Asks on behalf of what holds for the JVMs that get a line, once for all of them.

    `say` writes a line; `ask` is given a question and returns what was typed, empty for none.
    `find_names` tells the classes of the target where they are known, none where they are not;
    `find_own` the commands of this shell in the background.
    """

    def __init__(self, links: Links, say: Callable[[str], None], ask: Callable[[str], str]) -> None:
        self._links = links
        self._say = say
        self._ask = ask
        self.find_names: Callable[[], Collection[str]] = tuple
        self.find_own: Callable[[], Sequence[Background]] = tuple

    def require(self, line: str) -> None:
        """Return where the line needs no consent, or has it.

        Raises:
            Declined: the user does not want it run.
            ArthasShellError: the classes of a wide pattern could not be counted.
        """
        self._require_meant(line)
        try:
            pattern = find_wide_pattern(parse_line(line, load_commands()))
        except LineError:  # it goes out unchecked
            return
        if pattern is not None:
            self._require_many(pattern)

    def _require_meant(self, line: str) -> None:
        """Ask where the line is to be confirmed, and end the commands that must end before it."""
        doubt = self._links.policy.find_doubt(line)
        found = self._find_doubts(line)
        own = {job.session.id: job for job in self.find_own() if job.task.plan.enhances}
        warning = next((doubts.warning for doubts in found.values() if doubts.warning), "")
        for job in own.values() if warning else ():
            what = f"'{job.title}' is still running, and would keep its class enhanced"
            raise NotRun(what, hint=f"run 'kill {job.number}' first")
        for text in (doubt or explain_end(line), warning):
            if text:
                self._say(one_line(text))
        busy = {name: doubts for name, doubts in found.items() if doubts.jobs}
        if busy:
            self._say(
                "these are still running, and a reset now would leave their classes enhanced:"
            )
        for name, doubts in busy.items():
            for text in describe_jobs(doubts.jobs, own):
                self._say_of(name, text)
        if doubt or any(not doubts.ends_all for doubts in busy.values()):
            self.confirm("end them and run it" if busy else "run it")
        for name, doubts in busy.items():
            stopping = {job.session_id for job in doubts.jobs} & set(own)
            for session_id in stopping:
                own[session_id].task.stop()
            self._say_of(name, end_jobs(self._links.servers[name], doubts.jobs, stopping))

    def _say_of(self, name: str, text: str) -> None:
        """Say something of one of those that get the line."""
        self._say(f"{one_line(name)}: {text}" if self._links.is_many else text)

    def _find_doubts(self, line: str) -> dict[str, Doubts]:
        """Return what speaks against the line on each; one that does not answer says so when run.

        Raises:
            ArthasShellError: the one that there is does not answer.
        """
        servers = self._links.servers
        asked = [partial(find_doubts, server, line) for server in servers.values()]
        came = dict(zip(servers, call_each(asked, self._links.fanout), strict=True))
        for error in came.values():
            if isinstance(error, ArthasShellError) and not self._links.is_many:
                raise error
        return {name: one for name, one in came.items() if isinstance(one, Doubts)}

    def confirm(self, what: str) -> None:
        """Ask whether to do what the words say, such as "run it"; by name in production.

        Raises:
            Declined: the user does not want it.
        """
        name = self._links.policy.production
        if self._links.is_many:
            what = f"{what} on {count(len(self._links.active), 'JVM')}"
            productions = self._links.productions
            if len(productions) > 1:
                self._say(f"production: {', '.join(map(one_line, productions))}")
        if name is None:
            is_meant = self._ask(f"{what}? [y/N] ").strip().lower() in _YES
        else:
            is_meant = self._ask(f"type '{one_line(name)}' to {what}: ").strip() == name
        if not is_meant:
            raise Declined("not sent")

    def _require_many(self, pattern: ClassPattern) -> None:
        """Ask where the pattern hits more classes than `MANY`."""
        # Counting costs the target a look at all its classes, several for those that inherit.
        names = self.find_names()
        number = pattern.count(names) if names else None
        if number is None:
            number = count_classes(self._links.lead.server, pattern)
        if number is not None and number <= MANY:
            return
        self._say(one_line(describe_pattern(pattern, number)))
        where = f" on {count(len(self._links.active), 'JVM')}" if self._links.is_many else ""
        if self._ask(f"run it{where}? [y/N] ").strip().lower() not in _YES:
            raise Declined("not sent; use a narrower pattern or the full class name")


def explain_end(line: str) -> str:
    """Return what is told even where nothing is asked: that a line ends what everybody does."""
    verdict = judge_line(line) if line.split(maxsplit=1)[0] in ENDS_ALL else None
    return "" if verdict is None or verdict.changes_nothing else verdict.reason


def describe_jobs(jobs: Sequence[ServerJob] | None, ours: Collection[str]) -> list[str]:
    """Return a line for each job on the server, or why there is none; `ours`: our sessions."""
    if jobs is None:
        return ["this server does not list its jobs; 'reset' does not end them"]
    if not jobs:
        return ["no job runs on the server"]
    return [
        f"{job.id:5}  {job.status.lower()}  {one_line(hide_secret(job.line))}"
        + ("  (of this shell)" if job.session_id in ours else "")
        for job in jobs
    ]


def describe_pattern(pattern: ClassPattern, number: int | None) -> str:
    """Return how many classes a pattern hits, and whether the server will enhance that many."""
    if number is None:
        return f"could not count the classes that match '{pattern.text}' within {_COUNT_S:g} s"
    hits = f"'{pattern.text}' matches {count(number, 'class', 'classes')}"
    if number > pattern.most:
        return f"{hits}, more than -m {pattern.most}: from Arthas 3.6.8 on, none is enhanced"
    return f"{hits}; each stays slower until you run 'reset'"


def count_classes(server: Server, pattern: ClassPattern) -> int | None:
    """Return how many loaded classes a pattern hits, those that inherit from them not counted.

    None where it takes too long. Raises ArthasShellError where the server does not answer.
    """
    answer = hear(server, pattern.count_line, deadline_s=_COUNT_S, may_stream=True)
    if isinstance(answer.outcome.error, DeadlineReached):
        return None
    if answer.outcome.error is not None:
        raise answer.outcome.error
    listed, affected = 0, None
    for result in answer.results:
        names = result.data.get("classNames")
        listed += len(names) if isinstance(names, list) else 0
        if result.type == "row_affect":
            affected = as_int(result.data.get("rowCount"))
    return listed if affected is None else affected
