"""The configuration file: TOML with strict keys, read into layers of settings.

    [defaults]              what holds where nothing nearer says otherwise
    [profiles.NAME]         one server each, and how it is to be treated
    [groups]                names for several profiles and addresses, for `--on`
    [commands]              options that a command gets where the line does not give them

A file that others may read must hold no password.
"""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.config.address import has_password, parse_host
from arthas_cli.config.keys import DEFAULTS_KEYS, PROFILE_KEYS, read_lines, read_text
from arthas_cli.config.target import ALL, is_bare
from arthas_cli.config.variables import name_variable
from arthas_cli.errors import ConfigError, NotRun
from arthas_cli.text import suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import NoReturn

# More is no configuration, and a device has no end.
_MAX_BYTES = 1 << 20
_READABLE_BY_OTHERS = stat.S_IRGRP | stat.S_IROTH


class Config(NamedTuple):
    """What a file says, as settings by name. `path`: where it is, or would be."""

    path: Path | None = None
    defaults: Mapping[str, object] = MappingProxyType({})
    profiles: Mapping[str, Mapping[str, object]] = MappingProxyType({})
    groups: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    commands: Mapping[str, str] = MappingProxyType({})

    def find_profile(self, name: str) -> Mapping[str, object]:
        """Return the settings of a profile; raises ConfigError where there is none."""
        found = self.profiles.get(name)
        if found is None:
            hint = suggest(name, self.profiles) or f"see the profiles in '{self.path}'"
            raise ConfigError(f"there is no profile '{name}'", hint=hint)
        return found


_SECTIONS = ("defaults", "profiles", "groups", "commands")


def locate_config(places: Sequence[Mapping[str, object]]) -> tuple[Path, object]:
    """Return where the configuration is, or would be, and as what it was named; None if it wasn't.

    Raises:
        ConfigError: it is named by the home of somebody who has none.
    """
    given = next((place["config"] for place in places if "config" in place), None)
    if given is None:
        return find_config_path(), None
    try:
        return Path(str(given)).expanduser(), given
    except RuntimeError:
        raise name_variable(
            ConfigError(f"'{given}': there is no such user", hint=""), given
        ) from None


_IS_LINUX: bool = sys.platform == "linux"


def find_config_path() -> Path:
    """Return where the user's configuration is, or would be."""
    if _IS_LINUX:  # the same, for platformdirs takes long to load
        home = os.environ.get("XDG_CONFIG_HOME", "").strip() or "~/.config"
        return Path(home).expanduser() / "arthas-shell" / "config.toml"
    from platformdirs import user_config_path

    return user_config_path("arthas-shell", appauthor=False) / "config.toml"


def read_config(path: Path, named: object = None) -> Config:
    """Read the file; one that is not there is an empty one, unless somebody `named` it.

    Raises:
        ConfigError: it cannot be read, is no TOML, has a key or value that means nothing, or holds
            a password that others may read.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        if named is None:
            return Config(path)
        hint = "use one that exists"
        missing = ConfigError(f"there is no file '{path}'", hint=hint)
        raise name_variable(missing, named) from None
    except OSError as error:
        hint = f"name the file, as in '{path / 'config.toml'}'" if path.is_dir() else ""
        unreadable = ConfigError(f"cannot read '{path}': {error.strerror}", hint=hint)
        raise name_variable(unreadable, named) from error
    if len(content) > _MAX_BYTES:
        raise ConfigError(
            f"'{path}' is too large for a configuration file",
            hint="use a file of at most 1 MiB",
        )
    return _Reader(path, is_shared=bool(mode & _READABLE_BY_OTHERS)).read(_parse(path, content))


def _parse(path: Path, content: bytes) -> Mapping[str, object]:
    import tomllib  # most users have no file, and no time to load this

    try:
        table: Mapping[str, object] = tomllib.loads(
            content.decode("utf-8-sig")  # some editors on Windows begin with a mark
        )
    except UnicodeDecodeError as error:
        raise ConfigError(f"'{path}' is not UTF-8 text", hint="save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        hint = 'write NAME = VALUE: a text in "double quotes", a number, true or false, [a list]'
        raise ConfigError(f"'{path}': {said[:1].lower()}{said[1:]}", hint=hint) from error
    except (ValueError, RecursionError) as error:  # thousands of digits, or of brackets
        raise ConfigError(f"'{path}' has a number or nesting that is too large", hint="") from error
    return table


_ADDRESS = "an address needs a port, a dot or //, as in 'web-1:8563'"
_CORRECT = "fix it, then run 'arthas-shell config check'"


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
        defaults = self._read_section("defaults", table.get("defaults", {}), DEFAULTS_KEYS)
        return Config(
            self._path,
            defaults,
            profiles,
            self._read_groups(self._open("groups", table), profiles),
            {
                name: str(self._read_value(f"commands.{name}", value, read_text))
                for name, value in self._open("commands", table).items()
            },
        )

    def _open(self, name: str, table: Mapping[str, object]) -> Mapping[str, object]:
        value = table.get(name, {})
        if not isinstance(value, dict):
            self._refuse(f"'{name}' is not a section", f"write [{name}]")
        if ALL in value and name in ("profiles", "groups"):
            self._refuse(f"'{ALL}' in [{name}] stands for every profile", "use another name")
        return value

    def _read_section(
        self, section: str, table: object, keys: Mapping[str, Callable[[object], object]]
    ) -> dict[str, object]:
        if not isinstance(table, dict):
            self._refuse(f"'{section}' is not a section", f"write [{section}]")
        settings: dict[str, object] = {}
        for name, value in table.items():
            read = keys.get(name)
            if read is None:
                self._refuse(f"unknown key '{name}' in [{section}]", suggest(name, keys))
            settings[name] = self._read_value(f"{name}' in [{section}]", value, read)
        self._check_target(section, settings)
        return settings

    def _read_value(self, name: str, value: object, read: Callable[[object], object]) -> object:
        try:
            return read(value)
        except ValueError as error:
            where = name if "'" in name else f"{name}'"
            self._refuse(f"'{where} is not {error}", _CORRECT)
        except NotRun as error:
            self._refuse(f"'{name}: {error.message}", error.hint)

    def _check_target(self, section: str, settings: Mapping[str, object]) -> None:
        if "url" in settings and ("host" in settings or "port" in settings):
            self._refuse(f"[{section}] has a url and a host or port", "use only one of them")
        if "host" in settings and "port" in settings:
            place, port = f"host' in [{section}]", settings["port"]
            self._read_value(place, settings["host"], lambda host: parse_host(str(host), port))
        ways = [key for key in ("password", "password_command", "keyring") if settings.get(key)]
        if len(ways) > 1:
            self._refuse(f"[{section}] has {' and '.join(ways)}", "use only one of them")
        if "password" in settings and self._is_shared:
            self._refuse(
                f"other users can read it, and [{section}] holds a password",
                f"run chmod 600 '{self._path}', or use password_command",
            )

    def _read_groups(
        self, table: Mapping[str, object], profiles: Mapping[str, object]
    ) -> dict[str, tuple[str, ...]]:
        groups: dict[str, tuple[str, ...]] = {}
        for name, value in table.items():
            members = self._read_value(f"{name}' in [groups]", value, read_lines)
            groups[name] = members if isinstance(members, tuple) else ()
            if name in profiles:
                self._refuse(f"'{name}' is both a profile and a group", "rename one of them")
            for member in groups[name]:
                self._check_member(name, member, profiles, table)
        return groups

    def _check_member(
        self,
        group: str,
        member: str,
        profiles: Mapping[str, object],
        groups: Mapping[str, object],
    ) -> None:
        """Refuse a name that means nothing; addresses and ranges are read where they are used."""
        if member in profiles:
            return
        if member in groups:
            self._refuse(f"group '{group}' names the group '{member}'", "name its members")
        if has_password(member):
            what = f"an address in the group '{group}' contains a password"
            self._refuse(what, "write a profile for it, with password_command")
        if is_bare(member) and "[" not in member:
            what = f"group '{group}' names the unknown profile '{member}'"
            self._refuse(what, suggest(member, profiles, _ADDRESS))

    def _refuse(self, what: str, hint: str) -> NoReturn:
        raise ConfigError(f"'{self._path}': {what}", hint=hint)
