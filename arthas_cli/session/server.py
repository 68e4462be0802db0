"""The server as a program sees it: asked by action, with what it has said so far remembered."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, TypedDict, Unpack

from arthas_cli.config.settings import DEFAULT_JOB_TIMEOUT_S
from arthas_cli.errors import ArthasShellError, ServerError
from arthas_cli.guard.policy import Policy
from arthas_cli.protocol import Action, Answer, Request, Response
from arthas_cli.session.silence import Silence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from arthas_cli.catalogue.versions import Version
    from arthas_cli.line.plan import Plan
    from arthas_cli.protocol import Result, Transport
    from arthas_cli.session.outcome import Outcome

    Execute: TypeAlias = Callable[["Server", Plan, float | None], tuple[Outcome, Sequence[Result]]]

# Quick actions (no long poll, no command) answer in milliseconds, but a request may stand behind
# somebody's long poll or `exec` on the same worker of the server (docs/protocol.md, 6.1).
QUICK_S = 10.0
_MIN_S = 0.05

# On 3.x eight answers with HTTP 500 leave a server dead for everybody (docs/protocol.md, 5.4).
_DANGEROUS_FAILURES = 2
_UNHARMED_SINCE: Version = (4,)

_ANYTHING_GOES = Policy()


def remain(seconds: float, until: float | None) -> float:
    """Return how long to wait for an answer, `seconds` at the most and hardly beyond `until`."""
    return seconds if until is None else max(_MIN_S, min(seconds, until - time.monotonic()))


class Fields(TypedDict, total=False):
    """What a request says beside its action."""

    command: str
    session_id: str
    consumer_id: str
    exec_timeout_ms: int


class Server:
    """One Arthas server: where every request goes out and every answer is read.

    `policy`: which commands may go out. `may_tune`: whether sessions may be tuned
    (`session.tuning`), which runs `ognl` and so never happens where only reading is allowed.
    `job_timeout_s`: when the server is to end a stream that nobody has ended. `enhancing` is held
    by the command that is about to change bytecode (`session.enhance_lock`). `may_look`: whether
    Arthas' own `ognl` may be asked, unbidden, what runs there, and to end what is never begun.
    `enhanced`: the lines that have enhanced and how many classes, None where that is not known
    (`session.enhanced`). `version`: what the server said of it, empty before. `silence`: whether it
    answers. `series`: what runs one-shots there in place of `session.execute`, None for nothing
    (`session.series`).
    `meanwhile`: what to do while the first answer is awaited.

    Threads: any may send; the transport looks to itself. `_lock` guards `_meanwhile` and
    `_failures`. `enhancing` is no guard of fields but a turn on the server. Of `enhanced` each
    thread sets single lines, and who goes through them takes a copy.
    """

    def __init__(  # noqa: PLR0913 - what holds for all that is asked of a server
        self,
        transport: Transport,
        *,
        user_id: str | None = None,
        warn: Callable[[str], None] = lambda _: None,
        may_tune: bool = False,
        job_timeout_s: int = DEFAULT_JOB_TIMEOUT_S,
        policy: Policy = _ANYTHING_GOES,
        meanwhile: Callable[[], None] | None = None,
    ) -> None:
        self.policy = policy
        self.may_tune = may_tune and not policy.is_read_only
        self.job_timeout_s = job_timeout_s
        self.may_look = not policy.is_read_only and (may_tune or policy.production is None)
        self.enhancing = threading.Lock()
        self.enhanced: dict[str, int | None] = {}
        self.version: Version = ()
        self.silence = Silence()
        self.series: Execute | None = None
        self._transport = transport
        self._user_id = user_id
        self._warn = warn
        self._failures = 0
        self._meanwhile = meanwhile
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """The address of the API."""
        return self._transport.url

    def send(
        self,
        action: Action,
        *,
        timeout_s: float | None = QUICK_S,
        meanwhile: Callable[[], None] | None = None,
        **fields: Unpack[Fields],
    ) -> Answer:
        """Send one request and return its answer unread; `meanwhile`: as for `Transport.send`.

        Raises:
            ReadOnly: the policy does not allow the command; nothing was sent.
            ArthasShellError: as `Transport.send`.
        """
        command = fields.get("command")
        if command is not None:
            self.policy.check(command)
        request = Request(action, user_id=self._user_id, **fields)
        with self._lock:
            first, self._meanwhile = self._meanwhile, None
        asked_at = time.monotonic()
        try:
            answer = self._transport.send(
                request, timeout_s=timeout_s, meanwhile=meanwhile or first
            )
        except ServerError:
            self.silence.end(asked_at)
            self._count_failure()
            raise
        except ArthasShellError as error:
            self.silence.note(error)
            raise
        self.silence.end(asked_at)
        return answer

    def ask(
        self, action: Action, *, timeout_s: float | None = QUICK_S, **fields: Unpack[Fields]
    ) -> Response:
        """Send one request and read its answer; raises as `send`, `Answer.read` do."""
        return self.send(action, timeout_s=timeout_s, **fields).read()

    def _count_failure(self) -> None:
        with self._lock:
            self._failures += 1
            is_dangerous = self._failures == _DANGEROUS_FAILURES
        if is_dangerous and self.version < _UNHARMED_SINCE:
            which = f"Arthas {'.'.join(map(str, self.version))}" if self.version else "Arthas 3.x"
            self._warn(
                f"the server answered HTTP 500 twice; on {which} eight such answers make it stop"
                " responding to everybody: do not repeat the command"
            )
