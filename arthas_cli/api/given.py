"""What a program gives: settings by the names of the command line's options."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING

from arthas_cli.config.file import locate_config, read_config
from arthas_cli.config.variables import read_environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arthas_cli.config.file import Config
    from arthas_cli.config.settings import Layer

# What holds for one JVM as for each of many.
SHARED = (
    *("username", "password", "ca_file", "insecure", "connect_timeout", "user_id"),
    *("config", "read_only", "no_tune", "yes", "keep", "arthas_home"),
)


def read_given(
    name: str, known: Sequence[str], settings: Mapping[str, object], target: Layer
) -> tuple[list[Layer], Config]:
    """Return the places of the settings, the nearest first, and the configuration.

    Raises:
        TypeError: there is no such setting.
        ConfigError: the configuration is wrong.
    """
    if unknown := settings.keys() - set(known):
        raise TypeError(f"{name}() takes no '{min(unknown)}'; it takes {', '.join(known)}")
    given = {key: value for key, value in settings.items() if value is not None}
    places: list[Layer] = [{**given, **target}, read_environment(os.environ)]
    return places, read_config(*locate_config(places))


def warn(text: str) -> None:
    """Warn as Python does."""
    warnings.warn(text, stacklevel=3)
