"""Where a profile's password is, when it stands in no option, variable or file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.config.credentials import Credentials
from arthas_cli.errors import ConfigError
from arthas_cli.text import one_line

if TYPE_CHECKING:
    from arthas_cli.config.settings import Connection, Profile

# A password manager may ask its user first.
_COMMAND_S = 60.0
_SERVICE = "arthas-shell"


def add_password(connection: Connection, profile: Profile | None) -> Connection:
    """Return the connection with the password of its profile, unless it has one already.

    Raises:
        ConfigError: the password command fails, or the keyring has none.
    """
    if profile is None or connection.credentials is not None:
        return connection
    if profile.password_command:
        password = _run(profile)
    elif profile.uses_keyring:
        password = _ask_keyring(profile, connection.url)
    else:
        return connection
    return connection._replace(credentials=Credentials(profile.username, password))


def ask_password(whom: str) -> str | None:
    """Ask at the terminal for the password of "'ops'", unseen; None where none is given."""
    from getpass import getpass  # for those who are asked

    try:
        return getpass(f"password of {one_line(whom)}: ") or None
    except EOFError:
        return None


def _run(profile: Profile) -> str:
    """Run the user's own command; what it prints first is the password, and is never shown."""
    import subprocess  # for those who have such a command, and long to load

    name = profile.password_command[0]
    what = f"the password_command of the profile '{profile.name}'"
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command
            profile.password_command, stdout=subprocess.PIPE, timeout=_COMMAND_S, check=False
        )
    except FileNotFoundError:
        raise ConfigError(f"{what}, '{name}', is not found", hint="") from None
    except subprocess.TimeoutExpired:
        raise ConfigError(f"{what} took more than {_COMMAND_S:g} s", hint="") from None
    except OSError as error:
        raise ConfigError(f"{what} cannot be run: {error.strerror}", hint="") from None
    if done.returncode:
        raise ConfigError(
            f"{what} failed with code {done.returncode}", hint=f"run '{name}' by itself to see why"
        )
    password = done.stdout.decode("utf-8", "replace").partition("\n")[0].rstrip("\r")
    if not password:
        raise ConfigError(f"{what} printed nothing", hint=f"run '{name}' by itself to see why")
    return password


def _ask_keyring(profile: Profile, url: str) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise ConfigError(
            f"the profile '{profile.name}' uses the keyring, which is not installed",
            hint="run pipx inject arthas-shell keyring",
        ) from None
    account = f"{profile.username}@{url}"
    try:
        password: str | None = keyring.get_password(_SERVICE, account)
    except KeyringError as error:
        raise ConfigError(f"cannot open the keyring: {error}", hint="") from None
    if not password:
        raise ConfigError(
            f"the keyring has no password for '{account}'",
            hint=f"run keyring set {_SERVICE} '{account}'",
        )
    return password
