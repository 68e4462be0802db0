"""What holds, in words that a configuration file understands, secrets left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from arthas_cli.config.on import read_targets
from arthas_cli.text import count

if TYPE_CHECKING:
    from arthas_cli.config.file import Config
    from arthas_cli.config.on import Targets
    from arthas_cli.config.settings import Settings

_HIDDEN = '"…"  # not shown'


def describe_settings(
    settings: Settings, config: Config, targets: Targets | None = None
) -> list[str]:
    """Return the settings that hold, a line each, then the profiles there are.

    Of many `targets`, what all of them share, and each with its address.
    """
    many = () if targets is None or targets.is_one else targets.members
    connection, profile = settings.connection, settings.profile
    values: dict[str, object] = {
        "profile": profile.name if profile else None,
        "production": profile.is_production if profile else None,
        "url": None if many else connection.url.removesuffix("/api"),
        "username": connection.credentials.username if connection.credentials else None,
        "ca_file": connection.ca_file,
        "insecure": connection.insecure,
        "connect_timeout": connection.connect_timeout_s,
        "user_id": connection.user_id,
        "arthas_home": settings.arthas_home,
        "keep": settings.keeps_arthas,
        "output": settings.output or "text",
        "color": settings.color,
        "verbose": settings.is_verbose,
        "quiet": settings.is_quiet,
        "tune": settings.may_tune,
        "read_only": settings.is_read_only,
        "confirm": settings.confirm,
        "job_timeout": f"{settings.job_timeout_s}s",
        "max_jobs": settings.max_jobs,
        "fanout": settings.fanout,
        "editing": settings.editing,
        "index": settings.has_index,
        "background": settings.background,
        "init": list(settings.init),
    }
    lines = [f"{name} = {_write(value)}" for name, value in values.items() if value is not None]
    if connection.credentials:
        lines.append(f"password = {_HIDDEN}")
    lines += [f"commands.{name} = {_write(options)}" for name, options in config.commands.items()]
    lines += [f"# target {one.name}: {one.url.removesuffix('/api')}" for one in many]
    for name, found in config.profiles.items():
        where = found.get("url") or found.get("host") or "127.0.0.1"
        lines.append(f"# profile {name}: {where}")
    lines += [f"# group {name}: {', '.join(members)}" for name, members in config.groups.items()]
    return lines


def describe_config(config: Config) -> str:
    """Return one line that says that the file is right, and what is in it."""
    if not (config.defaults or config.profiles or config.groups or config.commands):
        return f"{config.path}: nothing is configured"
    groups = f", {count(len(config.groups), 'group')}" if config.groups else ""
    return f"{config.path}: no errors, {count(len(config.profiles), 'profile')}{groups}"


def check_config(config: Config) -> None:
    """Check what is read only where it is used.

    Raises:
        ConfigError: the member of a group is no target.
    """
    for group in config.groups:
        read_targets([group], config)


def _write(value: object) -> str:
    """Write a value as TOML has it; all of ours look the same in JSON."""
    return json.dumps(value, ensure_ascii=False)
