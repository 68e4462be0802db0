"""Three fakes as the profiles web-1, web-2 and web-3 of the group shop; web-3 is an older one."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas
from support.program import shell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.program import Ended

NAMES = ("web-1", "web-2", "web-3")


class Shop:
    """The fakes by their names, and the program on them."""

    def __init__(self, fakes: dict[str, FakeArthas], config: Path) -> None:
        self.fakes = fakes
        self.config = config

    def run(self, command: str, *arguments: str, stdin: str = "") -> Ended:
        """Runs the program on all three."""
        place = ("--config", str(self.config), "--on", "shop")
        return shell(command, *place, *arguments, stdin=stdin)

    def add(self, text: str) -> None:
        """Adds to the configuration."""
        self.config.write_text(self.config.read_text() + text)

    @property
    def left(self) -> list[object]:
        """What runs or is open on any of them."""
        return [one for fake in self.fakes.values() for one in (*fake.jobs, *fake.sessions)]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    with ExitStack() as stack:
        fakes = {
            name: stack.enter_context(FakeArthas(version="3.6.4" if name == "web-3" else "4.1.5"))
            for name in NAMES
        }
        config = tmp_path / "config.toml"
        profiles = (f'[profiles.{name}]\nurl = "{fake.url}"\n' for name, fake in fakes.items())
        config.write_text(f'[groups]\nshop = ["web-1", "web-2", "web-3"]\n{"".join(profiles)}')
        yield Shop(fakes, config)


@pytest.fixture
def process(shop: Shop) -> Iterator[subprocess.Popen[str]]:
    """The program, a process of its own, with a `watch` that runs on all three."""
    command = ("exec", "--config", str(shop.config), "--on", "shop", "watch demo.MathGame run")
    with subprocess.Popen(
        [sys.executable, "-m", "arthas_cli", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    ) as started:
        yield started
        started.kill()
