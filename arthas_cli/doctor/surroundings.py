"""The steps on this side: the configuration and the terminal."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from arthas_cli.config.describe import describe_config
from arthas_cli.doctor.model import passed, warned
from arthas_cli.output import detect_color

if TYPE_CHECKING:
    from arthas_cli.doctor.model import Case, Finding

_NARROW = 60


def check_configuration(case: Case) -> Finding:
    """Read all settings, the password included."""
    run = case.invocation
    config, settings, connection = run.config, run.settings, run.connection
    notes = [f"target: {connection.url}"]
    if settings.profile is not None:
        notes.append(f"profile: {settings.profile.name}")
    if connection.credentials is not None:
        notes.append(f"user: {connection.credentials.username}, with a password")
    return passed(describe_config(config), *notes)


def check_terminal(case: Case) -> Finding:
    """Return what the terminal on stdout can show."""
    environment = case.environment
    stream, variables = environment.stdout, environment.variables
    encoding = getattr(stream, "encoding", None) or "utf-8"
    if not stream.isatty():
        return passed(f"stdout is not a terminal; text is written as {encoding}, without colour")
    width, term = environment.output_width or 0, variables.get("TERM", "")
    color = detect_color(stream, variables) or "none"
    found = f"{encoding}, {width} columns, colours: {color}, TERM={term or 'not set'}"
    cures = []
    if not is_unicode(encoding):
        cures.append("a UTF-8 locale (LANG=C.UTF-8, PYTHONUTF8=1) shows all characters")
    if width < _NARROW:
        cures.append(f"make the terminal at least {_NARROW} columns wide for tables")
    if term.lower() in ("dumb", "unknown"):
        cures.append("set TERM=xterm-256color if the terminal supports it: 'dumb' has no live line")
    return warned(found, "; ".join(cures)) if cures else passed(found)


def is_unicode(encoding: str) -> bool:
    """Return whether the encoding has all characters."""
    try:
        return codecs.lookup(encoding).name.startswith("utf")
    except LookupError:
        return False
