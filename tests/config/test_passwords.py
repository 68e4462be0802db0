"""Where a profile's password is."""

from __future__ import annotations

import sys
import types

import pytest

from arthas_cli.config.credentials import Credentials
from arthas_cli.config.passwords import add_password
from arthas_cli.config.settings import Connection, Profile
from arthas_cli.errors import ConfigError

SECRET = "planted-secret"
SHOP = Connection("https://shop:8563/api")


def ask(script: str) -> Connection:
    command = (sys.executable, "-c", script)
    return add_password(SHOP, Profile("shop", "ops", password_command=command))


def refuse(profile: Profile) -> str:
    with pytest.raises(ConfigError) as caught:
        add_password(SHOP, profile)
    return f"{caught.value.message} / {caught.value.hint}"


def test_the_first_line_of_the_command_is_the_password() -> None:
    connection = ask(f"print('{SECRET}\\nuser: ops')")
    assert connection.credentials == Credentials("ops", SECRET)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("no-such-program",), "'no-such-program', is not found / "),
        (
            (sys.executable, "-c", "print('')"),
            (f"printed nothing / run '{sys.executable}' by itself to see why"),
        ),
        (
            (sys.executable, "-c", f"print('{SECRET}'); raise SystemExit(3)"),
            f"failed with code 3 / run '{sys.executable}' by itself to see why",
        ),
        (("/",), "cannot be run: Permission denied / "),
    ],
)
def test_a_command_that_gives_none_is_an_error_without_what_it_printed(
    command: tuple[str, ...], said: str
) -> None:
    error = refuse(Profile("shop", password_command=command))
    assert error.startswith("the password_command of the profile 'shop'")
    assert error.endswith(said)
    assert SECRET not in error


def test_a_password_that_is_nearer_leaves_the_command_alone() -> None:
    connection = Connection(credentials=Credentials("ops", SECRET))
    profile = Profile("shop", password_command=("no-such-program",))
    assert add_password(connection, profile) is connection


def test_without_a_profile_nothing_is_asked() -> None:
    assert add_password(SHOP, None) is SHOP
    assert add_password(SHOP, Profile("shop")) is SHOP


class Ring(types.ModuleType):
    """A keyring that knows one password."""

    def get_password(self, service: str, account: str) -> str | None:
        is_known = (service, account) == ("arthas-shell", "ops@https://shop:8563/api")
        return SECRET if is_known else None


def test_the_keyring_is_asked_for_the_user_and_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    errors = types.ModuleType("keyring.errors")
    monkeypatch.setattr(errors, "KeyringError", RuntimeError, raising=False)
    monkeypatch.setitem(sys.modules, "keyring", Ring("keyring"))
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    connection = add_password(SHOP, Profile("shop", "ops", uses_keyring=True))
    assert connection.credentials == Credentials("ops", SECRET)
    assert refuse(Profile("shop", "bob", uses_keyring=True)) == (
        "the keyring has no password for 'bob@https://shop:8563/api'"
        " / run keyring set arthas-shell 'bob@https://shop:8563/api'"
    )


def test_a_keyring_that_is_not_installed_is_said_with_the_cure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    error = refuse(Profile("shop", uses_keyring=True))
    assert error.endswith("which is not installed / run pipx inject arthas-shell keyring")
