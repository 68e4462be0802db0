"""arthas-shell for programs: `connect`, and commands whose results are objects.

Importing this loads neither click, prompt_toolkit, rich nor requests and changes nothing of the
interpreter: no handler, no thread, no setting.
"""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from arthas_cli.client.check import Known
from arthas_cli.client.client import Client
from arthas_cli.config.file import locate_config, read_config
from arthas_cli.config.passwords import add_password
from arthas_cli.config.settings import resolve
from arthas_cli.config.target import find_scheme
from arthas_cli.config.variables import read_environment
from arthas_cli.errors import ArthasShellError, Incomplete
from arthas_cli.guard.policy import make_policy
from arthas_cli.session.server import Server
from arthas_cli.transport import find_exposure, open_transport
from arthas_cli.ways import Terms, Ways

if TYPE_CHECKING:
    from types import TracebackType

    from arthas_cli.config.way import Way
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Job, Outcome


def connect(target: str | None = None, **settings: object) -> Arthas:
    """Return an Arthas server to run commands on; nothing is sent to it yet.

    Args:
        target: HOST, HOST:PORT or a URL, `ssh://…`, `pid:PID` and `jvm:NAME` included; None for
            what the environment or the configuration name. A way such as ssh asks nobody, and is
            closed with the `Arthas`.
        **settings: what the command line takes, by the name of its option: `port`, `username`,
            `password`, `ca_file`, `insecure`, `connect_timeout` (seconds), `user_id`, `profile`,
            `config`, `read_only`, `no_tune`, for production `yes`, a list of names, and to put
            Arthas into a JVM `attach` (a pod), `keep`, `arthas_home`.

    Raises:
        TypeError: there is no such setting.
        NotRun, ConfigError: a setting is wrong, or two name a target.
    """
    if unknown := settings.keys() - _SETTINGS:
        raise TypeError(f"connect() takes no '{min(unknown)}'; it takes {', '.join(_SETTINGS)}")
    given = {name: value for name, value in settings.items() if value is not None}
    if target is not None:
        given["url" if "://" in target or find_scheme(target) else "host"] = target
    places = [given, read_environment(os.environ)]
    chosen = resolve(places, read_config(*locate_config(places)))
    terms = Terms(
        warn=lambda text: warnings.warn(text, stacklevel=2),
        keeps=chosen.keeps_arthas,
        arthas_home=chosen.arthas_home,
        attaches=chosen.attaches,
    )
    connection = Ways().add(add_password(chosen.connection, chosen.profile), terms)
    if exposure := find_exposure(connection):
        warnings.warn(exposure, stacklevel=2)
    server = Server(
        open_transport(connection, os.environ),
        user_id=connection.user_id,
        warn=lambda text: warnings.warn(text, stacklevel=2),
        may_tune=chosen.may_tune,
        job_timeout_s=chosen.job_timeout_s,
        policy=make_policy(chosen),
    )
    client = Client(server, Known(defaults=chosen.commands), chosen.confirmed)
    return Arthas(client, connection.way)


_SETTINGS = (
    *("port", "username", "password", "ca_file", "insecure", "connect_timeout", "user_id"),
    *("profile", "config", "read_only", "no_tune", "yes", "attach", "keep"),
    "arthas_home",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a command that has ended.

    `results`: in order; the server's own object is `Result.data`, its text `Result.raw`.
    `outcome.lost`: how many are missing, 0 for none, None where it cannot be known.
    """

    results: list[Result]
    outcome: Outcome


class Arthas:
    """One Arthas server. Leaving a `with` block ends every stream that still runs, and the way."""

    def __init__(self, client: Client, way: Way | None = None) -> None:
        self._client = client
        self._way = way
        self._streams: list[Stream] = []

    @property
    def url(self) -> str:
        """The address of the API."""
        return self._client.server.url

    def run(self, line: str, *, timeout: float | None = None) -> Answer:
        """Run a command to its end and return all its results.

        A stream needs an end of its own in the line (`-n 5`), or a `timeout` in seconds.

        Raises:
            LineError: the line would not work; nothing was sent.
            ReadOnly, Unconfirmed: it is not allowed; nothing was sent.
            ArthasShellError: it failed. Lost results are no error: see `Answer.outcome`.
        """
        with self.stream(line, timeout=timeout) as stream:
            results = list(stream)
        return Answer(results, stream.outcome)

    def stream(self, line: str, *, timeout: float | None = None) -> Stream:
        """Start a command and return its results as they come; raises as `run`.

        Use it in a `with` block: leaving that stops the command on the server.
        """
        plan = self._client.plan(line, deadline_s=timeout)
        self._client.require(plan, timeout)
        stream = Stream(self._client.start(plan, timeout))
        self._streams = [one for one in self._streams if not one.is_closed]
        self._streams.append(stream)
        return stream

    def close(self) -> None:
        """Stop every stream that still runs; may be called more than once.

        Where a way leads to the server, as ssh, it is closed too, and nothing can be run any more.
        """
        while self._streams:
            self._streams.pop().close()
        if self._way is not None:
            self._way.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@dataclass(eq=False, slots=True)
class Stream:
    """The results of a command that runs; iterate over it once.

    `outcome` holds when the iteration has ended: `outcome.lost` is 0, a number, or None where it
    cannot be known.
    """

    _job: Job
    is_closed: bool = field(default=False, init=False)

    @property
    def outcome(self) -> Outcome:
        """How it ended."""
        return self._job.outcome

    def interrupt(self) -> None:
        """Ask the server to stop it; go on iterating, for its last results still come."""
        self._job.interrupt()

    def close(self) -> None:
        """Stop it on the server if it still runs, and give back its session there."""
        if not self.is_closed:
            self.is_closed = True
            self._job.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Result:
        try:
            return next(self._job)
        except StopIteration:
            self._raise_failure()
            raise

    def _raise_failure(self) -> None:
        error = self.outcome.error
        if isinstance(error, ArthasShellError) and not isinstance(error, Incomplete):
            raise error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
