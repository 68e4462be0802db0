"""One Arthas server for a program."""

from __future__ import annotations

import os

from arthas_cli.api.commands import Answer, Commands, Stream
from arthas_cli.api.given import SHARED, read_given, warn
from arthas_cli.client.check import Known
from arthas_cli.client.client import Client
from arthas_cli.config.passwords import add_password
from arthas_cli.config.settings import resolve
from arthas_cli.config.target import find_scheme
from arthas_cli.guard.policy import make_policy
from arthas_cli.session.server import Server
from arthas_cli.transport import find_exposure, open_transport
from arthas_cli.ways import Terms, Ways

_SETTINGS = ("port", "profile", *SHARED)


def connect(target: str | None = None, **settings: object) -> Arthas:
    """Return an Arthas server to run commands on; nothing is sent to it yet.

    Args:
        target: HOST, HOST:PORT or a URL, `ssh://…`, `pid:PID` and `jvm:NAME` included; None for
            what the environment or the configuration name. A way such as ssh asks nobody, and is
            closed with the `Arthas`.
        **settings: what the command line takes, by the name of its option: `port`, `username`,
            `password`, `ca_file`, `insecure`, `connect_timeout` (seconds), `user_id`, `profile`,
            `config`, `read_only`, `no_tune`, for production `yes`, a list of names, and for a JVM
            of this machine `keep`, `arthas_home`.

    Raises:
        TypeError: there is no such setting.
        NotRun, ConfigError: a setting is wrong, or two name a target.
    """
    named = {}
    if target is not None:
        named["url" if "://" in target or find_scheme(target) else "host"] = target
    places, config = read_given("connect", _SETTINGS, settings, named)
    chosen = resolve(places, config)
    terms = Terms(warn=warn, keeps=chosen.keeps_arthas, arthas_home=chosen.arthas_home)
    ways = Ways()
    connection = ways.add(add_password(chosen.connection, chosen.profile), terms)
    if exposure := find_exposure(connection):
        warn(exposure)
    server = Server(
        open_transport(connection, os.environ),
        user_id=connection.user_id,
        warn=warn,
        may_tune=chosen.may_tune,
        job_timeout_s=chosen.job_timeout_s,
        policy=make_policy(chosen),
    )
    return Arthas(Client(server, Known(defaults=chosen.commands), chosen.confirmed), ways)


class Arthas(Commands[Stream]):
    """One Arthas server. Leaving a `with` block ends every stream that still runs, and the way."""

    def __init__(self, client: Client, ways: Ways) -> None:
        super().__init__(client, Stream, ways.close)

    @property
    def url(self) -> str:
        """The address of the API."""
        return self._client.url

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
