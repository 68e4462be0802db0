"""The real Arthas of the tests: one for the whole run, ended with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from arthas_cli.demo.target import Target, start_target

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def arthas() -> Iterator[Target]:
    """A JVM that runs demo.MathGame, with a real Arthas 4.1.5 in it."""
    with start_target() as target:
        yield target


@pytest.fixture(scope="session")
def fixture_jvm() -> Iterator[Target]:
    """A JVM that runs `tests/fixture/fx`: odd values, a deadlock, a method called at any rate."""
    with start_target(("-cp", str(Path(__file__).parent / "fixture"), "fx.Fixture")) as target:
        yield target


@pytest.fixture(scope="session")
def guarded_arthas() -> Iterator[Target]:
    """The same behind a password: user `ops`, password `sesame`."""
    with start_target(settings=("--username", "ops", "--password", "sesame")) as target:
        yield target
