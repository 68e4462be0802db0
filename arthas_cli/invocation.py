"""One invocation of the program: what was asked of it, and the parts that follow from that."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arthas_cli.batch import Batch
from arthas_cli.config import read_config
from arthas_cli.diagnostics import Diagnostics
from arthas_cli.environment import Environment, read_lines
from arthas_cli.errors import NotRun
from arthas_cli.formats import FormatName, make_format
from arthas_cli.options import VARIABLES
from arthas_cli.output import detect_color
from arthas_cli.passwords import add_password
from arthas_cli.session.server import Server
from arthas_cli.settings import read_environment, resolve
from arthas_cli.transport import is_loopback, open_transport

if TYPE_CHECKING:
    from arthas_cli.config import Config
    from arthas_cli.output import ColorSystem
    from arthas_cli.settings import Connection, Settings


@dataclass
class Invocation:
    """One run of the program: its surroundings and the settings given so far, nearest first.

    `line`: the one command that is to be run, as typed, as soon as it is known.
    """

    environment: Environment = field(default_factory=Environment)
    layers: list[dict[str, object]] = field(default_factory=list)
    line: str | None = None

    def add(self, options: dict[str, Any]) -> None:
        """Takes the connection options of one place in the command line."""
        self.layers.insert(0, {name: v for name, v in options.items() if v is not None})

    def read_password(self, *, has_lines_on_stdin: bool = False) -> None:
        """Reads the password from stdin if an option says so, wherever it stood.

        Raises:
            NotRun: stdin carries the lines.
        """
        asking = [layer for layer in self.layers if layer.pop("password_stdin", False)]
        if not asking:
            return
        if has_lines_on_stdin:
            raise NotRun(
                "--password-stdin and the lines both want stdin",
                hint="put the lines into a file, or use ARTHAS_SHELL_PASSWORD",
            )
        password = next(read_lines(self.environment.stdin, "stdin"), "").rstrip("\r\n")
        for layer in asking:
            layer["password"] = password

    @property
    def config_path(self) -> Path:
        """Where the configuration is, or would be."""
        return self._given_config or find_config_path()

    @cached_property
    def config(self) -> Config:
        """The configuration file; raises ConfigError where it is wrong."""
        return read_config(self.config_path, is_required=self._given_config is not None)

    @property
    def _given_config(self) -> Path | None:
        variables = read_environment(self.environment.variables, VARIABLES)
        given = [layer["config"] for layer in [*self.layers, variables] if layer.get("config")]
        return Path(str(given[0])).expanduser() if given else None

    @cached_property
    def settings(self) -> Settings:
        """All that the command line, the environment and the configuration say."""
        variables = read_environment(self.environment.variables, VARIABLES)
        return resolve([*self.layers, variables], self.config)

    @cached_property
    def connection(self) -> Connection:
        """Which server, and how, its password included."""
        return add_password(self.settings.connection, self.settings.profile)

    def find_color(self, *, is_error: bool = False) -> ColorSystem | None:
        """Returns the colours of stdout, or of stderr."""
        stream = self.environment.stderr if is_error else self.environment.stdout
        return detect_color(stream, self.environment.variables, self.settings.color)

    def make_diagnostics(self) -> Diagnostics:
        """Returns the voice on stderr."""
        return Diagnostics(
            self.environment.stderr,
            has_color=self.find_color(is_error=True) is not None,
            is_quiet=self.settings.is_quiet,
            is_verbose=self.settings.is_verbose,
        )

    def open_server(self, diagnostics: Diagnostics) -> Server:
        """Returns the server; nothing is sent yet."""
        connection = self.connection
        tell_exposure(connection, diagnostics)
        transport = open_transport(connection, self.environment.variables)
        return Server(
            transport,
            user_id=connection.user_id,
            warn=diagnostics.warn,
            may_tune=self.settings.may_tune,
            job_timeout_s=self.settings.job_timeout_s,
        )

    def make_batch(self, output: dict[str, Any]) -> Batch:
        """Returns what runs the lines of `exec` and `run`, by the OUTPUT options."""
        if self.settings.join:
            raise NotRun(
                "--join is for the shell", hint="a single command has no use for a session"
            )
        diagnostics = self.make_diagnostics()
        given = output["output"] or (None if output["json_output"] else self.settings.output)
        name = choose_format(given, has_json=output["json_output"])
        return Batch(
            server=self.open_server(diagnostics),
            make_format=make_format(name, self.environment, self.find_color()),
            diagnostics=diagnostics,
            deadline_s=output["deadline_s"],
            allows_loss=output["allow_loss"],
            checks_lines=not output["raw"],
            notes_enhancer=name != FormatName.TEXT or not self.environment.stdout.isatty(),
        )


def find_config_path() -> Path:
    """Returns where the user's configuration is, or would be."""
    from platformdirs import user_config_path

    return user_config_path("arthas-shell", appauthor=False) / "config.toml"


def tell_exposure(connection: Connection, diagnostics: Diagnostics) -> None:
    """Warns where others can read the password on its way."""
    if connection.credentials and is_open_to_others(connection.url):
        diagnostics.warn(f"the password goes to {connection.url} unencrypted; https:// hides it")


def is_open_to_others(url: str) -> bool:
    """Says whether what is sent there can be read on its way."""
    return url.startswith("http://") and not is_loopback(url)


def choose_format(output: str | None, *, has_json: bool) -> FormatName:
    """Returns the one format that was asked for; raises NotRun for two."""
    if has_json and output not in (None, "json"):
        raise NotRun(f"--json and -o {output} are two formats", hint="give one of them")
    return FormatName("json" if has_json else output or "text")
