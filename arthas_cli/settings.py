"""What a run is told from outside: which server, how to reach it, how to talk; reads no terminal.

A setting comes from the nearest place that gives it: the options after the subcommand, those
before it, the environment, the built-in default. The server itself (`--host`/`--port` or `--url`)
is taken whole from the nearest place that names one, credentials included, so that a password
meant for one server never goes to another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from arthas_cli.errors import NotRun

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8563
DEFAULT_CONNECT_TIMEOUT_S = 5.0
_MAX_PORT = 65535
_CREDENTIALS_HINT = "give it with -u and --password-stdin, or ARTHAS_SHELL_PASSWORD"

# One place's settings by option name: "host", "port", "url", "username", "password", …
Layer = Mapping[str, object]

# What belongs to one server and must not follow a user to another.
_SERVER_NAMES = ("host", "url")
_SERVER_FACTS = ("host", "port", "url", "username", "password", "ca_file", "insecure")


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user and a password for Basic authentication; the password never shows in a repr."""

    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach one server. `url` is that of the API itself, `http://host:8563/api`."""

    url: str = f"http://{DEFAULT_HOST}:{DEFAULT_PORT}/api"
    credentials: Credentials | None = None
    ca_file: str | None = None
    insecure: bool = False
    connect_timeout_s: float = DEFAULT_CONNECT_TIMEOUT_S
    user_id: str | None = None


def read_environment(environ: Mapping[str, str], names: Mapping[str, str]) -> dict[str, object]:
    """Returns the settings of the environment; `names` maps a setting to its variable."""
    return {name: environ[variable] for name, variable in names.items() if environ.get(variable)}


def resolve_connection(layers: list[Layer]) -> Connection:
    """Makes one connection of several places' settings, the nearest place first.

    Raises:
        NotRun: two servers at the same place, a bad host, port, URL or number.
    """
    values = _merge(layers)
    if "url" in values:
        url = parse_url(str(values["url"]))
    else:
        url = parse_host(str(values.get("host", DEFAULT_HOST)), values.get("port"))
    username, password = values.get("username"), values.get("password")
    credentials = None
    if password is not None:
        credentials = Credentials(str(username or "arthas"), str(password))
    elif username is not None:
        raise NotRun(
            f"'{username}' has no password",
            hint=_CREDENTIALS_HINT,
        )
    ca_file, user_id = values.get("ca_file"), values.get("user_id")
    return Connection(
        url=url,
        credentials=credentials,
        ca_file=None if ca_file is None else str(ca_file),
        insecure=_read_switch(values.get("insecure", False)),
        connect_timeout_s=_read_seconds(values.get("connect_timeout", DEFAULT_CONNECT_TIMEOUT_S)),
        user_id=None if user_id is None else str(user_id),
    )


def _merge(layers: list[Layer]) -> dict[str, object]:
    merged: dict[str, object] = {}
    is_named = False
    for layer in layers:
        given = {name: value for name, value in layer.items() if value is not None}
        names = [name for name in _SERVER_NAMES if name in given]
        if len(names) > 1 or ("url" in given and "port" in given):
            raise NotRun("--url and --host/--port name a server each", hint="give one of them")
        if names and is_named:
            given = {name: v for name, v in given.items() if name not in _SERVER_FACTS}
        if "url" in merged:
            given.pop("port", None)
        is_named = is_named or bool(names)
        merged = given | merged
    return merged


def parse_host(host: str, port: object = None) -> str:
    """Returns the API's URL for `HOST[:PORT]`; an IPv6 address stands in brackets.

    Raises:
        NotRun: not a host, or a port twice or out of range.
    """
    if "://" in host:
        raise NotRun(f"'{host}' is a URL", hint=f"use --url {host}")
    if "@" in host:
        raise NotRun(
            "a password does not belong into an address", hint="use -u and --password-stdin"
        )
    if host.count(":") > 1 and not host.startswith("["):
        raise NotRun(
            f"'{host}' is no HOST[:PORT]", hint=f"an IPv6 address stands in brackets: '[{host}]'"
        )
    parts = _split_url(f"http://{host}", host)
    if parts.path or parts.query or parts.fragment or not parts.hostname:
        raise NotRun(f"'{host}' is no HOST[:PORT]", hint="a path needs --url http://…")
    if parts.port is not None and port is not None:
        raise NotRun(f"'{host}' has a port and --port gives another", hint="give one of them")
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"http://{name}:{_read_port(port if parts.port is None else parts.port)}/api"


def parse_url(url: str) -> str:
    """Returns the API's URL for a base URL: `/api` is appended unless the path ends so.

    Raises:
        NotRun: not an http(s) URL, or one with a password, query or fragment in it.
    """
    parts = _split_url(url, url)
    if "@" in parts.netloc:
        raise NotRun("a password has no place in a URL", hint=_CREDENTIALS_HINT)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotRun(f"'{url}' is no http:// or https:// URL", hint="e.g. --url http://HOST:8563")
    if parts.query or parts.fragment:
        raise NotRun(f"'{url}' has a query or fragment", hint="give the base URL alone")
    path = parts.path.rstrip("/")
    if not path.endswith("/api"):
        path += "/api"
    return f"{parts.scheme}://{parts.netloc}{path}"


def _split_url(url: str, shown: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise NotRun(f"'{shown}' is no address: {error}", hint="e.g. -H HOST:8563") from None
    if any(character.isspace() or not character.isprintable() for character in shown):
        raise NotRun(
            f"{shown!r} is no address: it has blanks or controls", hint="e.g. -H HOST:8563"
        )
    return parts


def _read_port(value: object) -> int:
    if value is None:
        return DEFAULT_PORT
    try:
        port = int(str(value))
    except ValueError:
        port = 0
    if not 0 < port <= _MAX_PORT:
        raise NotRun(f"'{value}' is no port", hint="a port is a number from 1 to 65535")
    return port


def _read_seconds(value: object) -> float:
    try:
        seconds = float(str(value))
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise NotRun(f"'{value}' is no time in seconds", hint="e.g. --connect-timeout 5")
    return seconds


def _read_switch(value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text not in ("1", "true", "yes", "on", "0", "false", "no", "off"):
        raise NotRun(f"'{value}' is neither true nor false")
    return text in ("1", "true", "yes", "on")
