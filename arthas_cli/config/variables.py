"""Settings that the environment gives; each remembers its variable, so that errors can name it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from arthas_cli.errors import NotRun

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Setting -> its variable. Every option's variable is its name; the password has no option.
VARIABLES = {
    name: f"ARTHAS_SHELL_{name.upper()}"
    for name in (
        "host",
        "port",
        "url",
        "username",
        "password",
        "ca_file",
        "insecure",
        "connect_timeout",
        "user_id",
        "profile",
        "on",
        "fanout",
        "config",
        "arthas_home",
        "attach",
        "keep",
        "read_only",
        "color",
        "verbose",
        "quiet",
        "no_tune",
        "join",
        "yes",
    )
}
# What Kubernetes gives every container for a service: NAME_PORT=tcp://ADDRESS:PORT.
_OF_KUBERNETES = ("tcp://", "udp://", "sctp://")


class Given(str):
    """A setting as the environment gives it; `variable` is where."""

    __slots__ = ("variable",)
    variable: str

    def __new__(cls, value: str, variable: str) -> Self:
        """Return the value, which is a text like any other."""
        given = super().__new__(cls, value)
        given.variable = variable
        return given


def read_environment(
    environ: Mapping[str, str], names: Mapping[str, str] = VARIABLES
) -> dict[str, object]:
    """Return the settings of the environment; `names` maps a setting to its variable."""
    return {
        name: Given(environ[variable], variable)
        for name, variable in names.items()
        if environ.get(variable)
    }


def name_source(name: str, value: object) -> str:
    """Return what a user calls this setting: its variable, or else its option."""
    return value.variable if isinstance(value, Given) else f"--{name.replace('_', '-')}"


def name_variable(error: NotRun, *values: object) -> NotRun:
    """Return an error about these values that says which variable the first comes from, if any."""
    given = next((value for value in values if isinstance(value, Given)), None)
    if given is None:
        return error
    cure = f"correct {given.variable}, or unset it"
    if given.startswith(_OF_KUBERNETES):
        cure = f"unset {given.variable}: Kubernetes sets it for a service named arthas-shell"
    hint = "" if error.hint == error.default_hint else error.hint
    message = f"{given.variable}: {error.message}"
    return type(error)(message, hint="; ".join(filter(None, (hint, cure))))


@contextmanager
def naming_variable(*values: object) -> Iterator[None]:
    """Make an error about these values name their variable, as `name_variable` does."""
    try:
        yield
    except NotRun as error:
        raise name_variable(error, *values) from None
