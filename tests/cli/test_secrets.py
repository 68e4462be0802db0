"""A password comes out nowhere, whichever way it went in."""

from __future__ import annotations

import base64
import json
import sys
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import pytest
from support.fake import FakeArthas
from support.program import shell
from support.raw_server import http, serve
from support.table import each_row

import arthas_cli.session.execute
from arthas_cli.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.raw_server import Script

SECRET = "planted-secret"
FORMS = (SECRET, base64.b64encode(f"ops:{SECRET}".encode()).decode(), SECRET[::-1])

# How a password gets in: arguments, stdin, variables; and what a configuration says.
WAYS = {
    "variable": (["-u", "ops"], "", {"ARTHAS_SHELL_PASSWORD": SECRET}, ""),
    "stdin": (["-u", "ops", "--password-stdin"], f"{SECRET}\n", {}, ""),
    "profile": (["-P", "p"], "", {}, f"password = {json.dumps(SECRET)}"),
    "command": (
        ["-P", "p"],
        "",
        {},
        f"password_command = {json.dumps([sys.executable, '-c', f'print({SECRET!r})'])}",
    ),
}
# What is run with it, and how it ends where the password is right, and where it is wrong.
RUNS: dict[str, tuple[list[str], int, int]] = {
    "exec": (["exec", "-v", "version"], 0, 4),
    "json": (["exec", "-v", "--json", "version"], 0, 4),
    "lines": (["exec", "-v", "-o", "jsonl", "watch a b -n 1"], 1, 4),
    "unknown": (["exec", "-v", "nosuch"], 2, 4),
    "doctor": (["doctor"], 0, 4),
    "document": (["doctor", "--json"], 0, 4),
    "show": (["config", "show"], 0, 0),
    "check": (["config", "check"], 0, 0),
    "get": (["get", "nosuch"], 1, 4),
}


@pytest.fixture(params=[SECRET, "another-one"], ids=["right", "wrong"])
def fake(request: pytest.FixtureRequest) -> Iterator[FakeArthas]:
    with FakeArthas(user="ops", password=request.param) as fake:
        yield fake


@each_row("way", WAYS)
@each_row("run", RUNS)
def test_no_password_is_told(fake: FakeArthas, tmp_path: Path, way: str, run: str) -> None:
    given, stdin, variables, keys = WAYS[way]
    config = tmp_path / "config.toml"
    config.write_text(f"[profiles.p]\nurl = '{fake.url}'\nusername = 'ops'\n{keys}\n", "utf-8")
    config.chmod(0o600)
    [command, *words] = RUNS[run][0]
    target = [] if "-P" in given else ["--url", fake.url]
    arguments = [command, *given, *target, "--config", str(config), *words]
    ended = shell(*arguments, stdin=stdin, **variables)
    assert ended.exit_code in RUNS[run][1:]
    for form in FORMS:
        assert form not in ended.stdout + ended.stderr


def test_not_even_a_bug_of_ours_tells_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(arthas_cli.session.execute, "_find_status", fail)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    with FakeArthas(password=SECRET) as fake:
        ended = shell("exec", "--url", fake.url, "version", ARTHAS_SHELL_PASSWORD=SECRET)
    assert ended.exit_code == ExitCode.BUG
    [written] = [path for path in tmp_path.rglob("bug-*") if path.is_file()]
    said = ended.stdout + ended.stderr + written.read_text("utf-8")
    assert [form for form in FORMS if form in said] == []


ECHO = f"user ops with {SECRET} sent Basic {FORMS[1]}"
ECHOES = {
    "HTTP 500": http(ECHO.encode(), status="500 Internal Server Error"),
    "HTTP 500, cut in the middle of it": http(
        b"x" * 190 + ECHO[14:].encode(), status="500 Internal Server Error"
    ),
    "redirect": http(status="302 Found", headers=(f"location: /{ECHO}",)),
    "gateway": http(ECHO.encode(), status="502 Bad Gateway"),
    "refusal": http(json.dumps({"state": "REFUSED", "message": ECHO}).encode()),
    "failure": http(json.dumps({"state": "FAILED", "message": ECHO}).encode()),
}


@each_row("script", ECHOES.values(), ids=ECHOES)
@each_row("run", RUNS)
def test_a_password_that_a_server_echoes_is_not_told(
    script: Script, run: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(mkdtemp(dir=tmp_path))  # an answer that is no error is a file to `get`
    [command, *words] = RUNS[run][0]
    with serve(script) as server:
        url = server.url
        ended = shell(command, "-u", "ops", "--url", url, *words, ARTHAS_SHELL_PASSWORD=SECRET)
    for form in FORMS:
        assert form not in ended.stdout + ended.stderr


def test_in_the_place_of_an_echoed_password_stand_stars() -> None:
    with serve(ECHOES["failure"]) as server:
        ended = shell(
            *("exec", "-u", "ops", "--url", server.url, "version"), ARTHAS_SHELL_PASSWORD=SECRET
        )
    assert ended.stderr.splitlines()[0] == "arthas-shell: user ops with *** sent Basic ***"
