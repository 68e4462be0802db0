"""The configuration file: TOML with strict keys, read into layers of settings.

    [defaults]              what holds where nothing nearer says otherwise
    [profiles.NAME]         one server each, and how it is to be treated
    [groups]                names for several profiles
    [commands]              options that a command gets where the line does not give them

A file that others may read must hold no password.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from arthas_cli.errors import ConfigError
from arthas_cli.text import suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import NoReturn

_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_DURATION = re.compile(r"(\d+)\s*([smhd])")
_MOST_S = 7 * 86400
_READABLE_BY_OTHERS = stat.S_IRGRP | stat.S_IROTH

# The colours a profile's name may have in the prompt: those that every terminal has.
PROMPT_COLORS = ("red", "green", "yellow", "blue", "magenta", "cyan", "white")


@dataclass(frozen=True, slots=True)
class Config:
    """What a file says, as settings by name. `path`: where it is, or would be."""

    path: Path | None = None
    defaults: Mapping[str, object] = field(default_factory=dict)
    profiles: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    commands: Mapping[str, str] = field(default_factory=dict)

    def find_profile(self, name: str) -> Mapping[str, object]:
        """Returns the settings of a profile; raises ConfigError where there is none."""
        found = self.profiles.get(name)
        if found is None:
            hint = suggest(name, self.profiles) or f"profiles stand in '{self.path}'"
            raise ConfigError(f"there is no profile '{name}'", hint=hint)
        return found


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError("text")
    return value


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")  # noqa: TRY004 - one kind of error for all
    return value


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError("a number from 1 on")
    return value


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise ValueError("a number of seconds")
    return float(value)


def read_duration(value: object) -> int:
    """Reads a time such as "90s", "15m", "1h" in seconds; raises ValueError where it is none."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    seconds = int(match[1]) * _UNITS_S[match[2]] if match else 0
    if not 0 < seconds <= _MOST_S:
        raise ValueError('a time up to 7 days, such as "90s", "15m", "1h"')
    return seconds


def _lines(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError('a list of texts, such as ["…", "…"]')
    return tuple(value)


def _choice(*choices: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in choices:
            raise ValueError(f"one of {', '.join(choices)}")
        return str(value)

    return read


_SHARED: dict[str, Callable[[object], object]] = {
    "host": _text,
    "port": _count,
    "url": _text,
    "username": _text,
    "ca_file": _text,
    "insecure": _switch,
    "connect_timeout": _seconds,
    "user_id": _text,
    "output": _choice("text", "json", "jsonl", "csv"),
    "tune": _switch,
    "read_only": _switch,
    "confirm": _choice("changes", "dangerous", "never"),
    "job_timeout": read_duration,
    "max_jobs": _count,
    "init": _lines,
}
DEFAULTS_KEYS: dict[str, Callable[[object], object]] = {
    **_SHARED,
    "color": _choice("auto", "always", "never"),
    "verbose": _switch,
    "quiet": _switch,
    "editing": _choice("emacs", "vi"),
    "index": _switch,
}
PROFILE_KEYS: dict[str, Callable[[object], object]] = {
    **_SHARED,
    "password": _text,
    "password_command": _lines,
    "keyring": _switch,
    "production": _switch,
    "color": _choice(*PROMPT_COLORS),
}
_SECTIONS = ("defaults", "profiles", "groups", "commands")


def locate_config(places: Sequence[Mapping[str, object]]) -> tuple[Path, bool]:
    """Returns where the configuration is, or would be, and whether somebody named the file."""
    given = [place["config"] for place in places if place.get("config")]
    return (Path(str(given[0])).expanduser(), True) if given else (find_config_path(), False)


_IS_LINUX: bool = sys.platform == "linux"


def find_config_path() -> Path:
    """Returns where the user's configuration is, or would be."""
    if _IS_LINUX:  # the same, for platformdirs takes long to load
        home = os.environ.get("XDG_CONFIG_HOME", "").strip() or "~/.config"
        return Path(home).expanduser() / "arthas-shell" / "config.toml"
    from platformdirs import user_config_path

    return user_config_path("arthas-shell", appauthor=False) / "config.toml"


def read_config(path: Path, *, is_required: bool = False) -> Config:
    """Reads the file; one that is not there is an empty one, unless it `is_required`.

    Raises:
        ConfigError: it cannot be read, is no TOML, has a key or value that means nothing, or holds
            a password that others may read.
    """
    try:
        content = path.read_bytes()
        mode = path.stat().st_mode
    except FileNotFoundError:
        if is_required:
            raise ConfigError(f"there is no file '{path}'", hint="see 'config path'") from None
        return Config(path)
    except OSError as error:
        raise ConfigError(f"cannot read '{path}': {error.strerror}", hint="") from error
    return _Reader(path, is_shared=bool(mode & _READABLE_BY_OTHERS)).read(_parse(path, content))


def _parse(path: Path, content: bytes) -> Mapping[str, object]:
    import tomllib  # most users have no file, and no time to load this

    try:
        table: Mapping[str, object] = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ConfigError(f"'{path}' is no UTF-8 text", hint="save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        raise ConfigError(f"'{path}': {said[:1].lower()}{said[1:]}", hint="") from error
    return table


class _Reader:
    """Reads the tables of one file; every error names the file and the key."""

    def __init__(self, path: Path, *, is_shared: bool) -> None:
        self._path = path
        self._is_shared = is_shared

    def read(self, table: Mapping[str, object]) -> Config:
        for name in table:
            if name not in _SECTIONS:
                self._refuse(f"unknown section '{name}'", suggest(name, _SECTIONS))
        profiles = {
            name: self._read_section(f"profiles.{name}", value, PROFILE_KEYS)
            for name, value in self._open("profiles", table).items()
        }
        for name, profile in profiles.items():
            self._check_profile(name, profile)
        return Config(
            self._path,
            self._read_section("defaults", table.get("defaults", {}), DEFAULTS_KEYS),
            profiles,
            self._read_groups(self._open("groups", table), profiles),
            {
                name: str(self._read_value(f"commands.{name}", value, _text))
                for name, value in self._open("commands", table).items()
            },
        )

    def _open(self, name: str, table: Mapping[str, object]) -> Mapping[str, object]:
        value = table.get(name, {})
        if not isinstance(value, dict):
            self._refuse(f"'{name}' is no section", f"write [{name}]")
        return value

    def _read_section(
        self, section: str, table: object, keys: Mapping[str, Callable[[object], object]]
    ) -> dict[str, object]:
        if not isinstance(table, dict):
            self._refuse(f"'{section}' is no section", f"write [{section}]")
        settings: dict[str, object] = {}
        for name, value in table.items():
            read = keys.get(name)
            if read is None:
                self._refuse(f"unknown key '{name}' in [{section}]", suggest(name, keys))
            settings[name] = self._read_value(f"{name}' in [{section}]", value, read)
        return settings

    def _read_value(self, name: str, value: object, read: Callable[[object], object]) -> object:
        try:
            return read(value)
        except ValueError as error:
            where = name if "'" in name else f"{name}'"
            self._refuse(f"'{where} is not {error}", "")

    def _check_profile(self, name: str, profile: Mapping[str, object]) -> None:
        if "url" in profile and ("host" in profile or "port" in profile):
            self._refuse(f"[profiles.{name}] has a url and a host or port", "give one of them")
        ways = [key for key in ("password", "password_command", "keyring") if profile.get(key)]
        if len(ways) > 1:
            self._refuse(f"[profiles.{name}] has {' and '.join(ways)}", "give one of them")
        if "password" in profile and self._is_shared:
            self._refuse(
                f"others may read it, and [profiles.{name}] holds a password",
                f"chmod 600 '{self._path}', or use password_command",
            )

    def _read_groups(
        self, table: Mapping[str, object], profiles: Mapping[str, object]
    ) -> dict[str, tuple[str, ...]]:
        groups: dict[str, tuple[str, ...]] = {}
        for name, value in table.items():
            members = self._read_value(f"{name}' in [groups]", value, _lines)
            groups[name] = members if isinstance(members, tuple) else ()
            for member in groups[name]:
                if member not in profiles:
                    what = f"group '{name}' names the unknown profile '{member}'"
                    self._refuse(what, suggest(member, profiles))
        return groups

    def _refuse(self, what: str, hint: str) -> NoReturn:
        raise ConfigError(f"'{self._path}': {what}", hint=hint)
