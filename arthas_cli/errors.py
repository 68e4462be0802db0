"""Every way arthas-shell can fail, as one tree; nothing here prints or exits.

    ArthasShellError
    ├── CommandFailed        1  failed            the server ran it and says it failed
    │   ├── Refused          1  refused           the server would not run it
    │   └── ServerError      1  server-error      HTTP 500: an answer it could not write
    ├── NotRun               2  usage             nothing was sent
    │   ├── LineError        2  syntax            with the place in the line
    │   │   ├── UnknownCommand  unknown-command
    │   │   └── UnknownOption   unknown-option
    │   ├── ReadOnly         2  read-only
    │   ├── Unconfirmed      2  unconfirmed       the shell would ask; --yes was not given
    │   ├── ConfigError      2  config
    │   ├── TooLong          2  too-long          HTTP 413
    │   └── FormatError      2  format
    ├── NoServer             3  unreachable       no Arthas there
    │   ├── ServerGone       3  unreachable       it ended before it answered
    │   ├── TimedOut         3  timeout
    │   ├── TlsError         3  tls
    │   ├── NotArthas        3  not-arthas
    │   ├── BadAnswer        3  bad-answer        cut off, or not JSON
    │   │   └── TooLarge     3  bad-answer        more than is taken, or without an end
    │   │   └── TunnelBroke  3  tunnel            while the answer was awaited
    │   ├── Tunnel           3  tunnel            the way there cannot be opened
    │   ├── TooOld           3  too-old
    │   ├── SessionLost      3  session-lost
    │   │   └── WayEnded     3  session-lost      with the server that the way led to
    │   └── AttachFailed     3  attach            Arthas could not be put into the JVM
    ├── Unauthorized         4  unauthorized      HTTP 401
    ├── NotPermitted         4  not-permitted     another user's process
    ├── Incomplete           5  incomplete        results were lost, or may have been
    ├── Bug                 70  bug
    ├── DeadlineReached    124  deadline
    ├── Interrupted        130  interrupted       Ctrl+C
    │   └── Terminated     143  interrupted       SIGTERM, SIGHUP
    └── OutputClosed       141  interrupted       the reader of our output went away

`exit_code`, `kind` and `hint` are facts of a class; an instance may carry a better hint.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What scripts rely on (README, "Exit codes")."""

    OK = 0
    FAILED = 1
    NOT_RUN = 2
    NO_SERVER = 3
    UNAUTHORIZED = 4
    INCOMPLETE = 5
    BUG = 70
    DEADLINE = 124
    INTERRUPTED = 130
    OUTPUT_CLOSED = 141
    TERMINATED = 143


MEANINGS: dict[ExitCode, str] = {
    ExitCode.OK: "the command ran and the server says it worked",
    ExitCode.FAILED: "it ran and failed",
    ExitCode.NOT_RUN: "not run: a bad option, line or configuration, refused by read-only or"
    " not confirmed",
    ExitCode.NO_SERVER: "no Arthas there; trying again may help",
    ExitCode.UNAUTHORIZED: "not allowed (401)",
    ExitCode.INCOMPLETE: "results were lost, or may have been",
    ExitCode.BUG: "a bug in arthas-shell",
    ExitCode.DEADLINE: "the deadline passed; the command was interrupted",
    ExitCode.INTERRUPTED: "Ctrl+C",
    ExitCode.OUTPUT_CLOSED: "the output pipe was closed",
    ExitCode.TERMINATED: "SIGTERM or SIGHUP",
}

# Where several hold, the first of these is the program's exit code.
PRECEDENCE: tuple[ExitCode, ...] = (
    ExitCode.BUG,
    ExitCode.INTERRUPTED,
    ExitCode.TERMINATED,
    ExitCode.OUTPUT_CLOSED,
    ExitCode.DEADLINE,
    ExitCode.UNAUTHORIZED,
    ExitCode.NO_SERVER,
    ExitCode.NOT_RUN,
    ExitCode.FAILED,
    ExitCode.INCOMPLETE,
    ExitCode.OK,
)


# A value that somebody gave is repeated in a message on its one line, at a length one can read.
_CONTROLS = str.maketrans({"\n": "␊", "\r": "␍", "\t": "␉", "\x1b": "␛"})
_MAX_SHOWN, _SHOWN_BEHIND = 500, 60


def _quote_briefly(text: str) -> str:
    line = text.translate(_CONTROLS)
    if len(line) <= _MAX_SHOWN:
        return line
    return f"{line[: _MAX_SHOWN - _SHOWN_BEHIND]}…{line[-_SHOWN_BEHIND:]}"


class ArthasShellError(Exception):
    """The root: a message in lower case, a hint that says what to do next."""

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED
    kind: ClassVar[str] = "failed"
    default_hint: ClassVar[str] = ""

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = self.default_hint if hint is None else hint

    def __str__(self) -> str:
        """Return the message, which whoever reports the error may have shortened."""
        return self.message


class CommandFailed(ArthasShellError):
    """The command ran and the server says that it did not work."""


class Refused(CommandFailed):
    """The server answered REFUSED."""

    kind = "refused"
    default_hint = "the session is busy with another command; try again"


class ServerError(CommandFailed):
    """HTTP 500: the server could not write its answer (docs/protocol.md, 5.4)."""

    kind = "server-error"
    default_hint = (
        "ask for less (a smaller -x, fewer fields): the answer holds something Arthas cannot write"
    )


class NotRun(ArthasShellError):
    """Nothing was sent: the request itself is wrong."""

    exit_code = ExitCode.NOT_RUN
    kind = "usage"
    default_hint = "see 'arthas-shell --help'"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        brief_hint = None if hint is None else _quote_briefly(hint)
        super().__init__(_quote_briefly(message), hint=brief_hint)


class LineError(NotRun):
    """The command line is wrong at `span` = (first, end) characters of `line`."""

    kind = "syntax"
    default_hint = ""

    def __init__(
        self, message: str, *, line: str, span: tuple[int, int], hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.line = line
        self.span = span


class UnknownCommand(LineError):
    """No such command in the catalogue nor in the server's help."""

    kind = "unknown-command"


class UnknownOption(LineError):
    """The command has no such option; the server would take it for a pattern."""

    kind = "unknown-option"


class ReadOnly(NotRun):
    """Refused by --read-only."""

    kind = "read-only"
    default_hint = "run it without --read-only; ARTHAS_SHELL_READ_ONLY or the profile may set it"


class Unconfirmed(NotRun):
    """What the shell would ask about, where nobody can be asked and --yes does not name it."""

    kind = "unconfirmed"


class ConfigError(NotRun):
    """The configuration is wrong."""

    kind = "config"


class TooLong(NotRun):
    """HTTP 413: the request is longer than the server takes (10 MiB)."""

    kind = "too-long"
    default_hint = "shorten it: the server accepts at most 10 MiB"


class FormatError(NotRun):
    """The output format does not fit the command."""

    kind = "format"


class NoServer(ArthasShellError):
    """There is no Arthas to talk to."""

    exit_code = ExitCode.NO_SERVER
    kind = "unreachable"
    default_hint = "attach Arthas there, or give its HTTP port with --port"


class ServerGone(NoServer):
    """The server ended while its answer was awaited: nothing listens there any more."""

    default_hint = "run the command again once the JVM is back and has Arthas in it"


class TimedOut(NoServer):
    """No connection, or no answer, in time; `what` says it without the time."""

    kind = "timeout"
    default_hint = "check for a firewall, or allow more time with --connect-timeout"

    def __init__(
        self, what: str, *, within_s: float | None = None, hint: str | None = None
    ) -> None:
        within = "" if within_s is None else f" within {within_s:g} s"
        super().__init__(what + within, hint=hint)
        self.what = what


class TlsError(NoServer):
    """The TLS handshake failed."""

    kind = "tls"
    default_hint = "use --ca-file to name the authority to trust"


class NotArthas(NoServer):
    """Something answers there, but it is not the Arthas API."""

    kind = "not-arthas"
    default_hint = "use Arthas' HTTP port: 8563 by default; 3658 is its telnet port"


class BadAnswer(NoServer):
    """The answer is cut off, or not JSON; `is_silent`: not one byte came."""

    kind = "bad-answer"
    default_hint = "connect to the port directly: a proxy in between may cut answers off"

    def __init__(self, message: str, *, hint: str | None = None, is_silent: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.is_silent = is_silent


class TooLarge(BadAnswer):
    """The answer is longer than any is taken, has no end, or does not fit into the memory."""

    default_hint = "ask for less: a narrower pattern, a smaller -n or -x"

    def __init__(
        self,
        message: str = "there is not enough memory here for the answer",
        *,
        hint: str | None = None,
    ) -> None:
        super().__init__(message, hint=hint)


class TunnelBroke(BadAnswer):
    """The way there broke while the answer was awaited, so that the request may have arrived."""

    kind = "tunnel"
    default_hint = "run the command again: the way is opened anew"


class Tunnel(NoServer):
    """The way there (`config.way`) cannot be opened; nothing was sent."""

    kind = "tunnel"
    default_hint = "run 'doctor' to see how far it leads"


class TooOld(NoServer):
    """The server is older than 3.4.6."""

    kind = "too-old"
    default_hint = "attach Arthas 3.4.6 or newer"


class SessionLost(NoServer):
    """The session is gone and what ran in it with it."""

    kind = "session-lost"
    default_hint = "run the command again"


class WayEnded(SessionLost):
    """What the way led to is not there any more, nor any session in it; nothing was sent."""


class AttachFailed(NoServer):
    """Arthas could not be put into a JVM of this machine."""

    kind = "attach"


class Unauthorized(ArthasShellError):
    """HTTP 401: credentials missing or wrong; the server does not say which."""

    exit_code = ExitCode.UNAUTHORIZED
    kind = "unauthorized"
    default_hint = "give -u USER and --password-stdin, or ARTHAS_SHELL_PASSWORD"


class NotPermitted(ArthasShellError):
    """The process is another user's."""

    exit_code = ExitCode.UNAUTHORIZED
    kind = "not-permitted"


class Incomplete(ArthasShellError):
    """Results were lost, or it cannot be known that none were."""

    exit_code = ExitCode.INCOMPLETE
    kind = "incomplete"
    default_hint = "narrow the command (a condition, a smaller -n), or accept it with --allow-loss"


class Bug(ArthasShellError):
    """A fault of arthas-shell itself."""

    exit_code = ExitCode.BUG
    kind = "bug"


class DeadlineReached(ArthasShellError):
    """The deadline of --timeout passed."""

    exit_code = ExitCode.DEADLINE
    kind = "deadline"
    default_hint = "allow more time with --timeout"


class Interrupted(ArthasShellError):
    """Ctrl+C."""

    exit_code = ExitCode.INTERRUPTED
    kind = "interrupted"


class Terminated(Interrupted):
    """SIGTERM or SIGHUP."""

    exit_code = ExitCode.TERMINATED


class OutputClosed(ArthasShellError):
    """Whoever read our output has gone (`| head`)."""

    exit_code = ExitCode.OUTPUT_CLOSED
    kind = "interrupted"
