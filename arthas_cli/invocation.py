"""One invocation of the program: what was asked of it, and the parts that follow from that."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from arthas_cli.batch import Batch, refuse_other_than_table
from arthas_cli.client.check import Known
from arthas_cli.client.client import Client
from arthas_cli.config.file import locate_config, read_config
from arthas_cli.config.passwords import add_password, ask_password
from arthas_cli.config.settings import resolve
from arthas_cli.config.variables import name_source, read_environment
from arthas_cli.diagnostics import Diagnostics
from arthas_cli.environment import Environment, read_lines
from arthas_cli.errors import ArthasShellError, NotRun
from arthas_cli.formats import FormatName, make_writer, preload
from arthas_cli.guard.policy import make_policy
from arthas_cli.output import detect_color
from arthas_cli.pipes.open import open_pipe
from arthas_cli.session.server import Server
from arthas_cli.transport import find_exposure, open_transport
from arthas_cli.ways import Terms, Ways

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arthas_cli.config.file import Config
    from arthas_cli.config.on import Targets
    from arthas_cli.config.settings import AskPassword, Connection, Settings
    from arthas_cli.fleet.member import Member
    from arthas_cli.output import ColorSystem


# What OUTPUT gives when nothing of it is given.
NO_OUTPUT: dict[str, Any] = {
    "output": None,
    "json_output": False,
    "deadline_s": None,
    "allow_loss": False,
    "raw": False,
    "first": False,
    "compare": False,
}


@dataclass
class Invocation:
    """One run of the program: its surroundings and the settings given so far, nearest first.

    `line`: the one command that is to be run, as typed, as soon as it is known. `ways`: those that
    were opened; whoever made the invocation closes them. `has_deadline`: nobody is waited for who
    might answer a question. `tells_apart`: as in `ways.Terms`.
    """

    environment: Environment = field(default_factory=Environment)
    layers: list[dict[str, object]] = field(default_factory=list)
    line: str | None = None
    ways: Ways = field(default_factory=Ways)
    has_deadline: bool = False
    tells_apart: bool = False

    def add(self, options: dict[str, Any]) -> None:
        """Take the connection options of one place in the command line."""
        self.layers.insert(0, {name: v for name, v in options.items() if v not in (None, ())})

    def read_password(self, *, has_lines_on_stdin: bool = False) -> None:
        """Read the password from stdin if an option says so, wherever it stood.

        Raises:
            NotRun: stdin carries the lines.
        """
        asking = [layer for layer in self.layers if layer.pop("password_stdin", False)]
        if not asking:
            return
        if has_lines_on_stdin:
            raise NotRun(
                "--password-stdin and the lines both read stdin",
                hint="put the lines into a file, or use ARTHAS_SHELL_PASSWORD",
            )
        password = next(read_lines(self.environment.stdin, "stdin"), "").rstrip("\r\n")
        for layer in asking:
            layer["password"] = password

    @property
    def places(self) -> list[Mapping[str, object]]:
        """The settings of the command line and of the environment, the nearest place first."""
        return [*self.layers, read_environment(self.environment.variables)]

    @cached_property
    def config(self) -> Config:
        """The configuration file; raises ConfigError where it is wrong."""
        return read_config(*locate_config(self.places))

    @cached_property
    def settings(self) -> Settings:
        """All that the command line, the environment and the configuration say."""
        if self.targets is not None and self.targets.is_one:
            return self._told[0]
        return resolve(self.places, self.config, self._ask_password)

    @cached_property
    def targets(self) -> Targets | None:
        """What `--on` names, None where it does not say where to go."""
        if not any(place.get("on") for place in self.places):
            return None
        from arthas_cli.config.on import find_words, read_targets  # one is reached faster without

        words = find_words(self.places)
        targets = read_targets(words, self.config) if words else None
        if targets is None or all(target.is_single for target in targets.members):
            return targets
        from arthas_cli.ways.expand import expand

        return expand(targets)

    @property
    def is_many(self) -> bool:
        """Whether `--on` names many, as far as it can be read."""
        from arthas_cli.config.on import find_words, read_targets

        with suppress(ArthasShellError):
            words = find_words(self.places)
            return len(words) > 1 or (bool(words) and not read_targets(words, self.config).is_one)
        return False

    @property
    def _ask_password(self) -> AskPassword | None:
        return ask_password if self.environment.has_terminal_input else None

    @cached_property
    def _told(self) -> list[Settings]:
        """What each target of `--on` is told, in order; a password is asked for only once."""
        from arthas_cli.config.on import resolve_targets

        if self.targets is None:
            return []
        return resolve_targets(self.targets, self.places, self.config, self._ask_password)

    @cached_property
    def connection(self) -> Connection:
        """Which server, and how, its password and the way there included.

        Raises:
            NotRun: `--on` names many.
        """
        if self.targets is not None and self.is_on_many:
            from arthas_cli.config.on import refuse_many

            raise refuse_many(self.targets)
        connection = add_password(self.settings.connection, self.settings.profile)
        asks = self.environment.has_terminal_input and not self.has_deadline
        diagnostics = self.make_diagnostics()
        terms = Terms(
            asks,
            diagnostics.note,
            diagnostics.warn,
            self.settings.keeps_arthas,
            self.settings.arthas_home,
            tells_apart=self.tells_apart,
            attaches=self.settings.attaches,
        )
        return self.ways.add(connection, terms)

    def open_way(self) -> None:
        """Open the way now, while its program can ask at the terminal.

        Raises:
            ArthasShellError: as `Way.open`.
        """
        if self.connection.way is not None:
            self.connection.way.open(None)

    def find_color(self, *, is_error: bool = False) -> ColorSystem | None:
        """Return the colours of stdout, or of stderr."""
        stream = self.environment.stderr if is_error else self.environment.stdout
        return detect_color(stream, self.environment.variables, self.settings.color)

    def make_diagnostics(self) -> Diagnostics:
        """Return the voice on stderr."""
        return Diagnostics(
            self.environment.stderr,
            has_color=self.find_color(is_error=True) is not None,
            is_quiet=self.settings.is_quiet,
            is_verbose=self.settings.is_verbose,
        )

    def open_server(
        self, diagnostics: Diagnostics, meanwhile: Callable[[], None] | None = None
    ) -> Server:
        """Return the server; nothing is sent yet. `meanwhile`: as for `Server`."""
        connection = self.connection
        tell_exposure(connection, diagnostics)
        return Server(
            open_transport(connection, self.environment.variables),
            meanwhile=meanwhile,
            user_id=connection.user_id,
            warn=diagnostics.warn,
            may_tune=self.settings.may_tune,
            job_timeout_s=self.settings.job_timeout_s,
            policy=make_policy(self.settings),
        )

    @property
    def is_on_many(self) -> bool:
        """Whether `--on` names several JVMs, or a form that may."""
        return self.targets is not None and not self.targets.is_one

    def open_members(self, diagnostics: Diagnostics) -> list[Member]:
        """Return the JVMs that the shell is on; one alone has no name. Nothing is sent yet."""
        if self.targets is not None and self.is_on_many:
            return self._make_members(self.targets, diagnostics)
        from arthas_cli.fleet.member import Member  # a single command starts faster without

        return [Member("", Client(self.open_server(diagnostics)))]

    def list_passwords(self) -> list[str]:
        """Return the passwords that are known, to be kept out of the history."""
        if self.is_on_many:
            connections = [told.connection for told in self._told]
        else:
            connections = [self.connection]
        return [one.credentials.password for one in connections if one.credentials]

    def make_batch(self, output: dict[str, Any]) -> Batch:
        """Return what runs the lines of `exec` and `run`, by the OUTPUT options."""
        if self.settings.join:
            raise NotRun(
                f"{name_source('join', self.settings.join)} is for the shell",
                hint="leave it out: a single command needs no session",
            )
        if output["first"] and output["compare"]:
            raise NotRun("--first and --compare cannot be combined", hint="use only one of them")
        self.has_deadline = output["deadline_s"] is not None
        diagnostics = self.make_diagnostics()
        given = output["output"] or (None if output["json_output"] else self.settings.output)
        name = choose_format(given, has_json=output["json_output"])
        shared: dict[str, Any] = {
            "diagnostics": diagnostics,
            "deadline_s": output["deadline_s"],
            "allows_loss": output["allow_loss"],
            "checks_lines": not output["raw"],
            "refuse": refuse_other_than_table if name == FormatName.CSV else lambda _: None,
            "notes_enhancer": name != FormatName.TEXT or not self.environment.stdout.isatty(),
        }
        if self.targets is not None and self.is_on_many:
            return self._make_fleet_batch(self.targets, name, shared, output)
        for option in ("first", "compare"):
            if output[option]:
                raise NotRun(f"--{option} is for many JVMs", hint="name them with --on")
        return Batch(
            client=Client(
                self.open_server(diagnostics, lambda: preload(name)),
                Known(defaults=self.settings.commands),
                self.settings.confirmed,
            ),
            make_writer=make_writer(name, self.environment, self.find_color()),
            open_pipe=lambda line: open_pipe(line, self.environment, name),
            open_way=None if self.connection.way is None else self.connection.way.open,
            **shared,
        )

    def _make_members(self, targets: Targets, diagnostics: Diagnostics) -> list[Member]:
        from arthas_cli.fleet.assembly import make_members  # one JVM is reached faster without

        names = (target.name for target in targets.members)
        return make_members(
            zip(names, self._told, strict=True),
            self.ways,
            self.environment.variables,
            say=diagnostics.note,
            warn=diagnostics.warn,
        )

    def _make_fleet_batch(
        self, targets: Targets, name: FormatName, shared: dict[str, Any], output: dict[str, Any]
    ) -> Batch:
        from arthas_cli.batch.many import make_fleet_batch  # one JVM is reached faster without
        from arthas_cli.fleet.fleet import Fleet

        members = self._make_members(targets, shared["diagnostics"])
        fleet = Fleet(members, fanout=self.settings.fanout, ends_at_first=output["first"])
        color, compares = self.find_color(), output["compare"]
        return make_fleet_batch(fleet, name, self.environment, color, shared, compares=compares)


def tell_exposure(connection: Connection, diagnostics: Diagnostics) -> None:
    """Warn where others can read the password on its way."""
    if exposure := find_exposure(connection):
        diagnostics.warn(exposure)


def choose_format(output: str | None, *, has_json: bool) -> FormatName:
    """Return the one format that was asked for; raises NotRun for two."""
    if has_json and output not in (None, "json"):
        raise NotRun(f"--json and -o {output} cannot be combined", hint="use only one of them")
    return FormatName("json" if has_json else output or "text")
