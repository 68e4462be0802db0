"""What stays enhanced by this shell: `:info` says it, and the end offers a reset."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from arthas_cli.errors import ArthasShellError
from arthas_cli.fleet.names import fold_briefly
from arthas_cli.fleet.parallel import call_each
from arthas_cli.guard.patterns import make_reset_line
from arthas_cli.line.secrets import hide_secret
from arthas_cli.session.enhanced import Standing, find_standing, guess_standing
from arthas_cli.session.tuning import ASK_S
from arthas_cli.shell.jobs.consent import Declined
from arthas_cli.text import count, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arthas_cli.session.server import Server
    from arthas_cli.shell.jobs.links import Links
    from arthas_cli.shell.jobs.runner import Runner

_MAX_NAMED = 8


def look(server: Server) -> Standing:
    """Return what stays enhanced, as far as the server tells."""
    try:
        return find_standing(server, ASK_S)
    except ArthasShellError:
        return guess_standing(server)


def describe_standing(standing: Standing, *, has_line: bool = True) -> list[str]:
    """Return the lines of `:info` about it; none where nothing is enhanced.

    `has_line`: whether to name the command that resets what it may.
    """
    free, busy, lines = standing
    said = []
    if free:
        said.append(f"{_join(free)}: slower until you run 'reset'")
        if has_line and len(free) <= _MAX_NAMED:
            said.append(f"to reset only these: {one_line(make_reset_line(free))}")
    if busy:
        said.append(f"{_join(busy)}: still in use by running commands, reset them after these end")
    if lines:
        shown = [hide_secret(line) for line in lines]
        said.append(f"unknown classes may be, because of {_join(shown)}")
        said.append("run 'reset' once no command is running on them")
    heads = ["enhanced", *[""] * len(said)]
    return [f"{head:<9}{text}" for head, text in zip(heads, said, strict=False)]


def take_leave(runner: Runner, say: Callable[[str], None]) -> None:
    """Print what stays enhanced at the end of the shell, and offer to reset it."""
    runner.terminal.is_last = True
    if not runner.end_jobs():
        return  # a server that does not answer is asked nothing more
    links = runner.links
    for standing, names in _look_at_all(links).items():
        head = f"{one_line(fold_briefly(names))}: " if links.may_be_many else ""
        for text in describe_standing(standing, has_line=False):
            say(head + text)
        if standing.free:
            links.choice.narrow(names)
            _offer_reset(runner, standing.free)


def _look_at_all(links: Links) -> dict[Standing, list[str]]:
    """Return what stays enhanced, with the names of those where it does; who is gone is left out.

    With the JVM all is gone that was enhanced in it.
    """
    places = [place for place in links.all if place.error is None]
    found: dict[Standing, list[str]] = {}
    came = call_each([partial(look, place.link.server) for place in places], links.fanout)
    for place, standing in zip(places, came, strict=True):
        if isinstance(standing, Standing) and not place.link.server.silence.is_gone:
            found.setdefault(standing, []).append(place.name)
    return found


def _offer_reset(runner: Runner, free: Sequence[str]) -> None:
    line = make_reset_line(free)
    try:
        if not runner.links.policy.find_doubt(line):  # it is asked about anyway
            runner.preflight.consent.confirm(f"reset {count(len(free), 'class', 'classes')}")
    except Declined:
        return
    runner.run(line)


def _join(names: Sequence[str]) -> str:
    more = len(names) - _MAX_NAMED
    shown = [one_line(name) for name in names[:_MAX_NAMED]]
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
