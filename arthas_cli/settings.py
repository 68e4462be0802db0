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
_DAY_S = 86400
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
    ca_file, user_id = values.get("ca_file"), values.get("user_id")
    return Connection(
        url=url,
        credentials=_read_credentials(values.get("username"), values.get("password")),
        ca_file=None if ca_file is None else str(ca_file),
        insecure=read_switch(values.get("insecure", False)),
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
        elif "url" in given and "port" in merged:
            raise NotRun(
                f"--port does not go with the URL '{given['url']}'", hint="put the port into it"
            )
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
    _refuse_password(host)
    if "://" in host:
        raise NotRun(f"'{host}' is a URL", hint=f"use --url {host}")
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
    _refuse_password(url)
    parts = _split_url(url, url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotRun(f"'{url}' is no http:// or https:// URL", hint="e.g. --url http://HOST:8563")
    if parts.query or parts.fragment:
        raise NotRun(f"'{url}' has a query or fragment", hint="give the base URL alone")
    _read_port(parts.port)
    path = parts.path.rstrip("/")
    if not path.endswith("/api"):
        path += "/api"
    return f"{parts.scheme}://{parts.netloc}{path}"


def _refuse_password(address: str) -> None:
    """Refuses an address with a password in it, before any message could repeat it."""
    if "@" in address or "password" in address.partition("?")[2].lower():
        raise NotRun("a password has no place in an address", hint=_CREDENTIALS_HINT)


def _split_url(url: str, shown: str) -> SplitResult:
    if any(character.isspace() or not character.isprintable() for character in shown):
        raise NotRun(
            f"{shown!r} is no address: it has blanks or controls", hint="e.g. -H HOST:8563"
        )
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise NotRun(f"'{shown}' is no address: {error}", hint="e.g. -H HOST:8563") from None
    return parts


def _read_credentials(username: object, password: object) -> Credentials | None:
    if password is None:
        if username is not None:
            raise NotRun(f"'{username}' has no password", hint=_CREDENTIALS_HINT)
        return None
    name = str(username or "arthas")
    if ":" in name:
        raise NotRun(
            f"the user '{name}' has a colon, which Basic authentication has no way to say",
            hint="name the user alone; the password is given apart",
        )
    return Credentials(name, str(password))


def _read_port(value: object) -> int:
    """Reads a port as a person writes it, in plain digits."""
    if value is None:
        return DEFAULT_PORT
    text = str(value)
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= _MAX_PORT):
        raise NotRun(f"'{value}' is no port", hint="a port is a number from 1 to 65535")
    return int(text)


def _read_seconds(value: object) -> float:
    try:
        seconds = float(str(value))
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _DAY_S:  # which also holds for a NaN
        raise NotRun(f"'{value}' is no time in seconds", hint="e.g. --connect-timeout 5")
    return seconds


def read_switch(value: object) -> bool:
    """Reads a switch as people write one; raises NotRun where it is neither true nor false."""
    if isinstance(value, bool):
        return value
    text = str(value).lower()
    if text not in ("1", "true", "yes", "on", "0", "false", "no", "off"):
        raise NotRun(f"'{value}' is neither true nor false")
    return text in ("1", "true", "yes", "on")
