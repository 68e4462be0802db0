"""arthas-shell as a library: what a program imports, and what it gets."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas

from arthas_cli import connect, connect_all
from arthas_cli.errors import CommandFailed, LineError, NoServer, NotRun, ReadOnly, Unconfirmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.demo.target import Target

PAGE = (Path(__file__).parent.parent / "docs" / "api.md").read_text("utf-8")
EXAMPLES = [
    textwrap.dedent(block)
    for block in re.findall(r"(?:^(?: {4}.*)?\n)+", PAGE, re.MULTILINE)
    if block.strip()
]
IMPORTED = """
import signal, sys, threading
before = sys.getswitchinterval(), [signal.getsignal(n) for n in signal.valid_signals()]
from arthas_cli import connect
heavy = {"click", "prompt_toolkit", "rich", "requests", "urllib3"} & set(sys.modules)
after = sys.getswitchinterval(), [signal.getsignal(n) for n in signal.valid_signals()]
print(sorted(heavy), before == after, threading.active_count())
"""


@pytest.fixture
def fake() -> Iterator[FakeArthas]:
    with FakeArthas() as server:
        yield server


def test_importing_it_loads_nothing_heavy_and_changes_nothing_of_the_interpreter() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, check=True)
    assert done.stdout == b"[] True 1\n"


def test_a_command_gives_its_results(fake: FakeArthas) -> None:
    with connect(fake.url) as arthas:
        answer = arthas.run("version")
    assert [(result.type, result.data["version"]) for result in answer.results] == [
        ("version", "4.1.5")
    ]
    assert answer.outcome.lost == 0


def test_host_and_port_are_a_target_as_well(fake: FakeArthas) -> None:
    place = fake.url.removeprefix("http://").removesuffix("/api")
    assert connect(place).url == fake.url


def test_leaving_a_stream_stops_it_on_the_server(fake: FakeArthas) -> None:
    with connect(fake.url) as arthas:
        with arthas.stream("watch demo.MathGame primeFactors") as hits:
            assert next(hits).type == "enhancer"
        assert fake.sessions == []


def test_leaving_the_server_stops_a_stream_that_still_runs(fake: FakeArthas) -> None:
    with connect(fake.url) as arthas:
        next(arthas.stream("watch demo.MathGame primeFactors"))
    assert fake.sessions == []


@pytest.mark.parametrize(
    ("line", "error"),
    [("wacth a.B c", LineError), ("reset", ReadOnly), ("ognl '@a.B@c()'", ReadOnly)],
)
def test_what_is_wrong_or_not_allowed_is_not_sent(
    fake: FakeArthas, line: str, error: type[Exception]
) -> None:
    with connect(fake.url, read_only=True) as arthas, pytest.raises(error):
        arthas.run(line)
    assert line not in [request.body.get("command") for request in fake.requests]


def test_what_is_dangerous_in_production_wants_its_name(fake: FakeArthas, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[profiles.shop]\nurl = "{fake.url}"\nproduction = true\n')
    with connect(profile="shop", config=str(config)) as arthas, pytest.raises(Unconfirmed):
        arthas.run("stop")
    assert fake.requests == []


def test_an_unknown_setting_is_an_error_that_names_it() -> None:
    with pytest.raises(TypeError, match=r"^connect\(\) takes no 'prot'; it takes port, "):
        connect(prot=8563)


def test_two_targets_are_an_error() -> None:
    with pytest.raises(NotRun, match="--url and --profile each name a target"):
        connect("http://127.0.0.1:1", profile="shop")


def test_a_password_that_others_can_read_on_its_way_is_warned_of() -> None:
    with pytest.warns(UserWarning, match="^the password is sent to http://192.0.2.1:1/"):
        connect("192.0.2.1:1", username="ops", password="sesame")


def test_a_server_that_is_not_there_is_told_at_the_first_command() -> None:
    with connect("127.0.0.1:1") as arthas, pytest.raises(NoServer):
        arthas.run("version")


@pytest.mark.parametrize("example", EXAMPLES, ids=["run", "settings", "stream", "many", "errors"])
def test_an_example_of_the_page_runs(arthas: Target, tmp_path: Path, example: str) -> None:
    config = tmp_path / "config.toml"
    other = arthas.url.replace("127.0.0.1", "localhost")
    config.write_text(
        f"[profiles.shop-1]\nurl = '{arthas.url}'\n[profiles.shop-2]\nurl = '{other}'\n", "utf-8"
    )
    variables = os.environ | {"ARTHAS_SHELL_URL": arthas.url, "ARTHAS_SHELL_CONFIG": str(config)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", example],
        capture_output=True,
        env=variables,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_it_runs_and_streams_on_a_real_server(arthas: Target) -> None:
    with connect(arthas.url) as server:
        assert server.run("version").results[0].data["version"] == "4.1.5"
        with pytest.raises(CommandFailed):
            server.run("watch no.such.Thing run -n 1")
        with server.stream("watch demo.MathGame run -n 2") as hits:
            assert sorted(hit.type for hit in hits) == ["enhancer", "watch", "watch"]
        assert hits.outcome.lost == 0


def test_it_runs_and_streams_on_a_real_server_and_another(arthas: Target, fake: FakeArthas) -> None:
    urls = [arthas.url, fake.url]
    with connect_all(urls) as fleet:
        answers = fleet.run("version")
        assert [one.results[0].data["version"] for one in answers.values()] == ["4.1.5", "4.1.5"]
        with fleet.stream("watch demo.MathGame primeFactors -n 2") as hits:
            seen = [hit.target for hit in hits if hit.type == "watch"]
        assert {url: seen.count(url) for url in urls} == dict.fromkeys(urls, 2)
        assert (hits.outcome.lost, hits.failed) == (0, {})
