"""Finds the programs of a line before anything is sent."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from arthas_cli.errors import LineError
from arthas_cli.own_files import run_alone
from arthas_cli.pipes import filters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from arthas_cli.line.pipeline import Pipeline

# They read keys and draw on the whole terminal, so they get it to themselves.
_SCREEN_PROGRAMS = frozenset(
    {"emacs", "fzf", "less", "more", "most", "nano", "nvim", "vi", "view", "vim"}
)


def find_programs(pipeline: Pipeline, variables: Mapping[str, str]) -> list[Sequence[str]]:
    """Return what is to be run, each program with its path in front.

    Raises:
        LineError: there is no such program here.
    """
    found: list[Sequence[str]] = []
    for program in pipeline.programs:
        name, *arguments = program.words
        path = shutil.which(name, path=variables.get("PATH"))
        if path is not None:
            found.append((path, *arguments))
        elif name in filters.FILTERS:
            found.append((*run_alone(filters), name, *arguments))
        else:
            raise LineError(
                f"there is no program '{name}' here",
                line=pipeline.line,
                span=program.span,
                hint="check the name: '|' runs a local program; quote a '|' that is meant"
                " literally",
            )
    return found


def wants_screen(pipeline: Pipeline) -> bool:
    """Return whether the last program wants the terminal to itself, as a pager does."""
    is_shown = pipeline.redirect is None and bool(pipeline.programs)
    return is_shown and pipeline.programs[-1].name in _SCREEN_PROGRAMS
