"""The steps on what answers: is it Arthas, the password, its version, its clock, who reaches it."""

from __future__ import annotations

import time
from contextlib import suppress
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from arthas_cli.catalogue.versions import parse_version
from arthas_cli.config.target import name_target
from arthas_cli.doctor.limits import list_limits
from arthas_cli.doctor.model import ANSWER_S, passed, warned
from arthas_cli.errors import (
    ArthasShellError,
    BadAnswer,
    NotArthas,
    ServerError,
    TooOld,
    Unauthorized,
)
from arthas_cli.jsontext import as_int, as_object, as_text, read_strict
from arthas_cli.line.plan import Plan
from arthas_cli.protocol import Action, Request, read_response
from arthas_cli.session.execute import execute
from arthas_cli.session.server import Server
from arthas_cli.text import one_line
from arthas_cli.transport.answers import check_answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from arthas_cli.doctor.model import Case, Finding
    from arthas_cli.jsontext import Json
    from arthas_cli.protocol import Result
    from arthas_cli.transport.wire import Reply

_UNAUTHORIZED, _NOT_FOUND = 401, 404
_REALM = "arthas webconsole"
_COOKIE = "asession="
_OLDEST = (3, 4, 6)
# What the agent answers to a request that the tunnel server has turned into a GET.
_NO_POST = "Unsupported http method: GET"
_TUNNEL = (
    "an Arthas tunnel server passes on the path of a request alone, as a GET: commands cannot"
    " reach the agent through it (files can: 'arthas-shell get' works)"
)
_TUNNEL_CURE = "connect to the agent's own HTTP port: --url ssh://HOST or --url k8s://NAMESPACE/POD"
_TUNNEL_QUESTION = "/api/tunnelAgents?agentId=none"
# Of the JVM itself: its start and how long it runs make its time; nothing says it more plainly.
_CLOCK = "mbean -E java.lang:type=Runtime 'StartTime|Uptime'"
_MUCH_S = 30.0


def check_arthas(case: Case) -> Finding:
    """Return who it is that answered."""
    reply = _get_reply(case)
    if reply.status == _UNAUTHORIZED:
        if _REALM in reply.headers.get("www-authenticate", ""):
            return passed("Arthas, protected by a password")
        cure = "check for a gateway that needs its own password"
        return warned("something that requires a password", cure)
    try:
        content = check_answer(reply, case.connection.hide)
        response = read_response(content.decode("utf-8", "replace"))
    except (NotArthas, BadAnswer) as error:
        raise _explain_stranger(case, reply, error) from error
    except ServerError as error:
        hint = "stop the agent and attach it again: 3.x stops responding after eight such answers"
        raise ServerError(error.message, hint=hint) from error
    if response.message == _NO_POST:
        raise NotArthas(_TUNNEL, hint=_TUNNEL_CURE)
    return passed("the Arthas API")


def _get_reply(case: Case) -> Reply:
    assert case.reply is not None  # noqa: S101 - the step before has put it there
    return case.reply


def _explain_stranger(case: Case, reply: Reply, error: ArthasShellError) -> ArthasShellError:
    """Return who else it is, where its answer or one more harmless question tells."""
    if _is_tunnel_server(case):
        return NotArthas(_TUNNEL, hint=_TUNNEL_CURE)
    if reply.status == _NOT_FOUND and _COOKIE in reply.headers.get("set-cookie", ""):
        return NotArthas(
            "Arthas answers, but there is no API at this path",
            hint="leave the path out of --url, or have the gateway strip its prefix",
        )
    said = one_line(reply.headers.get("server", ""))[:40]
    named = f" ('{said}')" if said else ""
    return NotArthas(
        f"a web server{named} that is not Arthas: {error.message}",
        hint=f"{NotArthas.default_hint}; check that it is not the application's own port",
    )


def _is_tunnel_server(case: Case) -> bool:
    if "/proxy/" in case.connection.url:
        return True
    try:
        reply = case.door.exchange(None, path=_TUNNEL_QUESTION, timeout_s=ANSWER_S)
        return isinstance(as_object(read_strict(reply.content.decode())).get("success"), bool)
    except (ArthasShellError, ValueError):
        return False


def check_password(case: Case) -> Finding:
    """Return whether a password is wanted, and whether ours is the right one."""
    reply, credentials = _get_reply(case), case.connection.credentials
    if reply.status == _UNAUTHORIZED:
        case.wants_password = True
        if credentials is None:
            raise Unauthorized("it requires a password and none was given")
        hint = "check the user name: it is 'arthas' unless arthas.username is set"
        raise Unauthorized(f"user '{credentials.username}' was rejected", hint=hint)
    if credentials is None:
        case.wants_password = False
        return passed("none is required from here")
    case.wants_password = _ask_unnamed(case).status == _UNAUTHORIZED
    if case.wants_password:
        return passed(f"user '{credentials.username}' was accepted")
    return warned(
        f"user '{credentials.username}' was accepted, but so is anybody from here",
        "leave the password out: Arthas requires none from 127.0.0.1 unless"
        " localConnectionNonAuth=false",
    )


def _ask_unnamed(case: Case) -> Reply:

    from arthas_cli.transport.http_client import HttpClient

    door = HttpClient(case.connection._replace(credentials=None))
    return door.exchange(Request(Action.SESSION_INFO), timeout_s=ANSWER_S)


def check_version(case: Case) -> Finding:
    """Ask the version, and return what it cannot do."""
    version = ""
    for result in _run(case, "version"):
        version = version or as_text(result.data.get("version")) or ""
    numbers = parse_version(version)
    if not numbers:
        return warned("it does not report its version", "check for a proxy that changes answers")
    if numbers < _OLDEST:
        raise TooOld(f"it is Arthas {one_line(version)}")
    case.version = version
    serious, small = list_limits(numbers)
    if serious:
        what = f"Arthas {one_line(version)}, which has limitations"
        return warned(what, "attach 4.1.5 or newer if you can", *serious, *small)
    return passed(f"Arthas {one_line(version)}", *small)


def _run(case: Case, line: str) -> Sequence[Result]:
    """Run a command that reads; raises where it did not work."""
    server = Server(case.door, user_id=case.connection.user_id)
    plan = Plan(line, line.partition(" ")[0], is_read=True)
    # Not by `ask`: nobody set this deadline, so a server that is too slow is told as a timeout.
    outcome, results = execute(server, plan, ANSWER_S)
    if outcome.error is not None:
        raise outcome.error
    return results


def check_clock(case: Case) -> Finding:
    """Compare the clock of the JVM, or where it does not tell that of who answers, with ours."""
    before = time.time()
    theirs = _ask_clock(case)
    now = (before + time.time()) / 2
    if theirs is None:
        theirs, now = _read_date(_get_reply(case)), time.time()
    if theirs is None:
        return passed("the server does not report its time")
    ahead_s = theirs - now
    if abs(ahead_s) < _MUCH_S:
        return passed("same as here, within seconds")
    way = "ahead of" if ahead_s > 0 else "behind"
    cure = "set both clocks with NTP: times in results are the server's"
    return warned(f"about {format_seconds(abs(ahead_s))} {way} the clock here", cure)


def _ask_clock(case: Case) -> float | None:
    """Return the Unix time of the JVM, None where it does not tell."""
    found: dict[str, int] = {}
    with suppress(ArthasShellError):
        for result in _run(case, _CLOCK):
            beans = as_object(result.data.get("mbeanAttribute"))
            found |= dict(_list_numbers(value for bean in beans.values() for value in _list(bean)))
    if "StartTime" in found and "Uptime" in found:
        return (found["StartTime"] + found["Uptime"]) / 1000
    return None


def _list(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list) else []


def _list_numbers(attributes: Iterable[Json]) -> Iterable[tuple[str, int]]:
    for attribute in attributes:
        fields = as_object(attribute)
        name, number = as_text(fields.get("name")), as_int(fields.get("value"))
        if name is not None and number is not None:
            yield name, number


def _read_date(reply: Reply) -> float | None:
    try:
        return parsedate_to_datetime(reply.headers.get("date", "")).timestamp()
    except ValueError:
        return None


def format_seconds(seconds: float) -> str:
    """Return a time as people say it, one unit of it."""
    for length, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def check_exposure(case: Case) -> Finding:
    """Return who else may read along, or come in."""
    connection = case.connection
    if case.is_here:
        return passed("only this machine is contacted")
    if connection.way is not None:
        return passed(f"everything goes through {name_target(connection.url)}")
    found, cures = [], []
    if not case.is_encrypted:
        said = "the traffic" + (", the password included" if connection.credentials else "")
        found.append(f"plain http: others on the network can read {said}")
        cures.append("use a gateway with https, or --url ssh://HOST")
    if case.wants_password is False:
        found.append("no password: whoever reaches this port can run anything in the JVM")
        cures.append(
            "set arthas.password in arthas.properties, or use --target-ip 127.0.0.1 and --url ssh://HOST"
        )
    if found:
        return warned("; ".join(found), "; ".join(cures))
    return passed("encrypted, and protected by a password")
