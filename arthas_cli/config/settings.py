"""What a run is told from outside: which server, how to reach it, how to talk; reads no terminal.

A setting comes from the nearest place that gives it: the options after the subcommand, those
before it, the environment, the profile, `[defaults]` of the configuration, the built-in default.
The target itself (`--host`/`--port`, `--url`, `--profile` or `--on`) is taken whole from the
nearest place that names one, credentials included, so that a password meant for one server never
goes to another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.config.address import DEFAULT_PORT, parse_host, read_port
from arthas_cli.config.credentials import Credentials
from arthas_cli.config.file import Config
from arthas_cli.config.keys import BACKGROUND
from arthas_cli.config.target import parse_target
from arthas_cli.config.values import (
    Color,
    read_color,
    read_fanout,
    read_lines,
    read_names,
    read_seconds,
    read_switch,
    read_text,
)
from arthas_cli.config.variables import Given, name_source, naming_variable
from arthas_cli.errors import NotRun

if TYPE_CHECKING:
    from arthas_cli.config.way import Way

DEFAULT_HOST = "127.0.0.1"
DEFAULT_CONNECT_TIMEOUT_S = 5.0
# However the program ends, its jobs end with it; but after a `kill -9` only the server can do it.
DEFAULT_JOB_TIMEOUT_S = 3600
# Each long poll holds one of the server's workers, of which it has twice as many as cores
# (docs/protocol.md, 6.1).
DEFAULT_MAX_JOBS = 3
# How many JVMs of `--on` are spoken to at a time.
DEFAULT_FANOUT = 32

# One place's settings by option name: "host", "port", "url", "username", "password", …
Layer = Mapping[str, object]

# What names a target, and what belongs to one and must not follow a user to another.
_TARGET_NAMES = ("host", "url", "profile", "on")
_TARGET_FACTS = (*_TARGET_NAMES, "port", "username", "password", "ca_file", "insecure")
# Those that hold a port of their own.
_HOLD_PORT = frozenset({"url", "on"})
# Asks for the password of somebody, as "'ops'"; None where nobody answers.
AskPassword = Callable[[str], str | None]
_WAYS = (
    "give it with --password-stdin or ARTHAS_SHELL_PASSWORD, or in a profile with password_command;"
    " at a terminal it is asked for"
)


class Connection(NamedTuple):
    """How to reach one server. `url` is that of the API itself, `http://host:8563/api`.

    `way`: what leads there where `url` cannot be connected to, as in `ssh://shop-3/8563`; it is
    put in by `ways.Ways`, and opened when it is first needed.
    """

    url: str = f"http://{DEFAULT_HOST}:{DEFAULT_PORT}/api"
    credentials: Credentials | None = None
    ca_file: str | None = None
    insecure: bool = False
    connect_timeout_s: float = DEFAULT_CONNECT_TIMEOUT_S
    user_id: str | None = None
    way: Way | None = None

    def hide(self, text: str) -> str:
        """Return the text without the password; see `Credentials.hide`."""
        return text if self.credentials is None else self.credentials.hide(text)


class Profile(NamedTuple):
    """The profile that names the target. `color`: of its name in the prompt, "" for none.

    `password_command`, `uses_keyring`: where the password of `username` is, if nothing nearer
    gives one.
    """

    name: str
    username: str = "arthas"
    color: str = ""
    is_production: bool = False
    password_command: tuple[str, ...] = ()
    uses_keyring: bool = False


class Settings(NamedTuple):
    """Everything a run is told.

    `color`: auto, always or never. `join`: a session to be shared. `confirm`: the least risk that
    is to be confirmed, or "never". `confirmed`: what `exec` and `run` may do without being able to
    ask. `init`: lines that the shell and `run` begin with. `keeps_arthas`: one that is put into a
    JVM of this machine is left there; `arthas_home`: its folder. `fanout`: how many of many JVMs
    are spoken to at a time. `commands`: options a command gets where the line does not give them,
    by its name.
    """

    connection: Connection = Connection()
    profile: Profile | None = None
    color: Color = "auto"
    output: str | None = None
    is_verbose: bool = False
    is_quiet: bool = False
    may_tune: bool = True
    is_read_only: bool = False
    join: str | None = None
    confirm: str = "dangerous"
    confirmed: frozenset[str] = frozenset()
    job_timeout_s: int = DEFAULT_JOB_TIMEOUT_S
    max_jobs: int = DEFAULT_MAX_JOBS
    fanout: int = DEFAULT_FANOUT
    editing: str = "emacs"
    has_index: bool = True
    background: str = BACKGROUND[0]
    init: tuple[str, ...] = ()
    keeps_arthas: bool = False
    arthas_home: str | None = None
    commands: Mapping[str, str] = MappingProxyType({})


def resolve(
    layers: Sequence[Layer], config: Config | None = None, ask_password: AskPassword | None = None
) -> Settings:
    """Make the settings of several places', the nearest place first; the file comes last.

    `ask_password` is asked for that of a user for whom no place has one.

    Raises:
        NotRun: two targets at the same place, a bad host, port, URL, number or switch.
        ConfigError: there is no such profile.
    """
    config = config or Config()
    values = nearest = merge(layers)
    named = values.get("profile")
    with naming_variable(named):
        profile = {} if named is None else config.find_profile(str(named))
    is_named = any(name in values for name in _TARGET_NAMES)
    if "on" in values:  # what is of a target is of each of them: `config.on`
        values = nearest = _drop_facts(values)
    defaults = _drop_facts(config.defaults) if is_named else config.defaults
    if "port" in values and "url" in {**defaults, **profile}:
        whose = "[defaults]" if named is None else f"the profile '{named}'"
        port = name_source("port", values["port"])
        raise NotRun(
            f"{port} cannot be combined with the URL of {whose}", hint="give --url or --host"
        )
    values = {**defaults, **profile, **values}
    color = read_color({**config.defaults, **nearest}.get("color", "auto"))
    is_read_only = read_switch(values.get("read_only", False))
    return Settings(
        connection=_make_connection(values, ask_password),
        profile=None if named is None else _read_profile(str(named), profile),
        color=color,
        output=None if values.get("output") is None else str(values["output"]),
        is_verbose=read_switch(values.get("verbose", False)),
        is_quiet=read_switch(values.get("quiet", False)),
        may_tune=not is_read_only and _may_tune(values, profile),
        is_read_only=is_read_only,
        join=read_text(values.get("join")),
        confirm=str(values.get("confirm", "dangerous")),
        confirmed=read_names(values.get("yes")),
        job_timeout_s=int(str(values.get("job_timeout", DEFAULT_JOB_TIMEOUT_S))),
        max_jobs=int(str(values.get("max_jobs", DEFAULT_MAX_JOBS))),
        fanout=read_fanout(values.get("fanout", DEFAULT_FANOUT)),
        editing=str(values.get("editing", "emacs")),
        has_index=read_switch(values.get("index", True)),
        background=str(values.get("background", BACKGROUND[0])),
        init=read_lines(values.get("init")),
        keeps_arthas=read_switch(values.get("keep", False)),
        arthas_home=read_text(values.get("arthas_home")),
        commands=config.commands,
    )


def _may_tune(values: Layer, profile: Layer) -> bool:
    """Return whether sessions may be tuned: in production only where its profile says so."""
    if read_switch(values.get("no_tune", False)):
        return False
    default = not profile.get("production", False)
    source = profile if profile.get("production") else values
    return read_switch(source.get("tune", default))


def _read_profile(name: str, values: Layer) -> Profile:
    return Profile(
        name,
        username=str(values.get("username", "arthas")),
        color=str(values.get("color", "")),
        is_production=read_switch(values.get("production", False)),
        password_command=read_lines(values.get("password_command")),
        uses_keyring=read_switch(values.get("keyring", False)),
    )


def _make_connection(values: Layer, ask_password: AskPassword | None) -> Connection:
    has_way = bool(values.get("password_command") or values.get("keyring"))
    return Connection(
        url=read_url(values),
        credentials=None
        if has_way and values.get("password") is None
        else _read_credentials(values.get("username"), values.get("password"), ask_password),
        ca_file=read_text(values.get("ca_file")),
        insecure=read_switch(values.get("insecure", False)),
        connect_timeout_s=read_seconds(values.get("connect_timeout", DEFAULT_CONNECT_TIMEOUT_S)),
        user_id=read_text(values.get("user_id")),
    )


def read_url(values: Layer) -> str:
    """Return the canonical address that `url`, or `host` and `port`, give."""
    if "url" in values:
        with naming_variable(values["url"]):
            return parse_target(str(values["url"]))
    host, port = values.get("host", DEFAULT_HOST), values.get("port")
    with naming_variable(port):
        read_port(port)
    with naming_variable(host):
        return parse_host(str(host), port)


def merge(layers: Sequence[Layer]) -> dict[str, object]:
    """Return what holds of several places, the nearest first; the nearest target is taken whole.

    Raises:
        NotRun: two targets at the same place.
    """
    merged: dict[str, object] = {}
    is_named = False
    for layer in layers:
        given = {name: value for name, value in layer.items() if value is not None}
        names = [name for name in _TARGET_NAMES if name in given]
        if len(names) > 1 or ("port" in given and {"profile", *_HOLD_PORT} & given.keys()):
            raise _refuse_two_targets(given)
        if names and is_named:
            given = _drop_facts(given)
        elif is_named and isinstance(given.get("port"), Given):
            del given["port"]  # it is meant for another target
        elif "port" in merged and _HOLD_PORT & given.keys():
            port = name_source("port", merged["port"])
            held = f"the URL '{given['url']}'" if "url" in given else name_source("on", given["on"])
            hint = f"put the port into the {'URL' if 'url' in given else 'target'}"
            raise NotRun(f"{port} cannot be combined with {held}", hint=hint)
        if _HOLD_PORT & merged.keys():
            given.pop("port", None)
        is_named = is_named or bool(names)
        merged = given | merged
    return merged


def _refuse_two_targets(given: Layer) -> NotRun:
    names = [name for name in (*_TARGET_NAMES, "port") if name in given]
    cure = "unset" if isinstance(given[names[0]], Given) else "leave out"
    what = " and ".join(name_source(name, given[name]) for name in names)
    return NotRun(f"{what} each name a target", hint=f"{cure} all but one of them")


def _drop_facts(values: Layer) -> dict[str, object]:
    return {name: value for name, value in values.items() if name not in _TARGET_FACTS}


def _read_credentials(
    username: object, password: object, ask_password: AskPassword | None
) -> Credentials | None:
    if username is None and password is None:
        return None
    name = str(username or "arthas")
    with naming_variable(username, password):
        if ":" in name:
            raise NotRun(
                f"the user '{name}' contains a colon, which Basic authentication does not allow",
                hint="give the user name only; the password is given separately",
            )
        found = None if password is None else str(password)
        if found is None and ask_password is not None:
            found = ask_password(f"'{name}'")
        if found is None:
            raise NotRun(f"'{name}' has no password", hint=_WAYS)
        return Credentials(name, found)
