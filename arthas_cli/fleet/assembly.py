"""The members of a fleet, made of what the targets of `--on` are told; nothing is sent yet."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from arthas_cli.client.check import Known
from arthas_cli.client.client import Client
from arthas_cli.config.passwords import add_password
from arthas_cli.fleet.member import Member
from arthas_cli.fleet.names import fold_briefly
from arthas_cli.guard.policy import make_policy
from arthas_cli.session.server import Server
from arthas_cli.transport import find_exposure, open_transport
from arthas_cli.transport.later import LaterTransport
from arthas_cli.ways import Terms, Ways

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from arthas_cli.config.settings import Settings
    from arthas_cli.protocol import Transport


def make_members(
    told: Iterable[tuple[str, Settings]],
    ways: Ways,
    variables: Mapping[str, str],
    *,
    say: Callable[[str], None],
    warn: Callable[[str], None],
) -> list[Member]:
    """Return a member for each name and its settings, in order.

    `say` is told what is good to know of one of them, `warn` what is not as it should be. Their
    ways ask nobody: who should know which of many it is that asks?
    """
    named = list(told)
    exposed = [name for name, settings in named if find_exposure(settings.connection)]
    if exposed:
        warn(f"the password is sent unencrypted to {fold_briefly(exposed)}; use https://")
    known: dict[int, Known] = {}
    members = []
    for name, settings in named:
        say_of, warn_of = partial(_tell, say, name), partial(_tell, warn, name)
        keeps, home = settings.keeps_arthas, settings.arthas_home
        terms = Terms(
            say=say_of, warn=warn_of, keeps=keeps, arthas_home=home, attaches=settings.attaches
        )
        connection = settings.connection
        server = Server(
            LaterTransport(connection.url, partial(_open, settings, ways, terms, variables)),
            user_id=connection.user_id,
            warn=warn_of,
            may_tune=settings.may_tune,
            job_timeout_s=settings.job_timeout_s,
            policy=make_policy(settings),
        )
        own = known.setdefault(id(settings.commands), Known(defaults=settings.commands))
        members.append(Member(name, Client(server, own, settings.confirmed)))
    return members


def _open(settings: Settings, ways: Ways, terms: Terms, variables: Mapping[str, str]) -> Transport:
    """Return the transport of one, once its password is there; raises as `add_password`."""
    connection = add_password(settings.connection, settings.profile)
    if connection is not settings.connection and (exposure := find_exposure(connection)):
        terms.warn(exposure)
    return open_transport(ways.add(connection, terms), variables)


def _tell(tell: Callable[[str], None], name: str, text: str) -> None:
    tell(f"{name}: {text}")
