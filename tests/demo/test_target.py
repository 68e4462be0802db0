from __future__ import annotations

import os
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path

import pytest
from support.post import exchange, post

from arthas_cli.demo import keeper
from arthas_cli.demo.target import Target, keep_folder, start_target
from arthas_cli.errors import NoServer

PATIENCE_S = 20


def is_alive(pid: int) -> bool:
    """Says whether a process runs; one that has ended but was not waited for does not."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False)
    return done.stdout.strip()[:1] not in (b"", b"Z")


def await_end(pid: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while is_alive(pid):
        assert time.monotonic() < until, f"{pid} lives on"


def await_gone(path: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while path.exists():
        assert time.monotonic() < until, f"{path} is still there"


@pytest.mark.jvm
def test_the_jvm_and_its_folder_end_with_the_block() -> None:
    with start_target() as target:
        answer = post(target.url, {"action": "exec", "command": "version"})
        assert answer["body"]["results"][0]["version"] == "4.1.5"
        assert is_alive(target.pid)
    await_end(target.pid)
    assert not target.home.exists()


def test_the_welcome_names_the_sample_program(arthas: Target) -> None:
    opened = post(arthas.url, {"action": "init_session"})
    ids = {name: opened[name] for name in ("sessionId", "consumerId")}
    results = post(arthas.url, {"action": "pull_results", **ids})["body"]["results"]
    post(arthas.url, {"action": "close_session", **ids})
    [welcome] = [result for result in results if result["type"] == "welcome"]
    assert (welcome["pid"], welcome["mainClass"]) == (str(arthas.pid), "demo.MathGame")


@pytest.mark.parametrize("user", ["", "ops:another", "arthas:sesame"])
def test_who_has_no_password_is_not_let_in_from_this_machine_either(
    guarded_arthas: Target, user: str
) -> None:
    headers = {"Authorization": f"Basic {b64encode(user.encode()).decode()}"} if user else {}
    body = '{"action": "exec", "command": "version"}'
    assert exchange(guarded_arthas.url, "POST", body, headers)[0] == 401


@pytest.mark.jvm
def test_a_killed_program_takes_the_jvm_with_it() -> None:
    script = (
        "import os\n"
        "from arthas_cli.demo.target import start_target\n"
        "with start_target() as target:\n"
        "    print(target.pid, target.home, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    pid, home = done.stdout.decode().split()
    await_end(int(pid))
    await_gone(Path(home))


def test_a_folder_ends_with_the_block_and_with_a_killed_program() -> None:
    with keep_folder() as folder:
        (folder / "file").write_text("x")
    await_gone(folder)
    script = (
        "import os\n"
        "from arthas_cli.demo.target import keep_folder\n"
        "with keep_folder() as folder:\n"
        "    (folder / 'file').write_text('x')\n"
        "    print(folder, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    await_gone(Path(done.stdout.decode().strip()))


@pytest.mark.jvm
def test_a_program_that_ends_by_itself_ends_its_keeper() -> None:
    ends = (sys.executable, "-c", "raise SystemExit(7)")
    with subprocess.Popen(
        [sys.executable, "-I", keeper.__file__, *ends],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.wait(PATIENCE_S) == 7
        assert process.stdout
        home = process.stdout.readline().split()[1]
    assert not Path(home).exists()


@pytest.mark.jvm
def test_the_last_that_a_program_wrote_is_told_when_it_ends() -> None:
    writes = "import sys; print('x' * 5000, flush=True); sys.exit('no port is free')"
    with subprocess.Popen(
        [sys.executable, "-I", keeper.__file__, sys.executable, "-c", writes],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.wait(PATIENCE_S) == 1
        assert process.stdout
        said = process.stdout.read().partition(b"\n")[2]
    assert said == b"x" * 1983 + b"\nno port is free\n"


@pytest.mark.jvm
def test_a_program_that_ends_at_once_is_told_with_its_code_and_its_last_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("JAVA_TOOL_OPTIONS")  # else Java tells of it first
    with pytest.raises(NoServer) as error, start_target(("nosuch.Program",)):
        pass
    assert error.value.message == (
        "the sample JVM exited with code 1\n"
        "  Error: Could not find or load main class nosuch.Program\n"
        "  Caused by: java.lang.ClassNotFoundException: nosuch.Program"
    )


@pytest.mark.jvm
def test_a_relative_class_path_is_one_from_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[1])
    with start_target(("-cp", "nothing:fixture", "fx.Fixture")) as target:
        answer = post(target.url, {"action": "exec", "command": "sysprop java.class.path"})
        path = answer["body"]["results"][0]["props"]["java.class.path"]
        assert path == f"{Path.cwd()}/nothing:{Path.cwd()}/fixture"


def test_the_jvm_inherits_no_secret(arthas: Target) -> None:
    answer = post(arthas.url, {"action": "exec", "command": "sysenv"})
    [result] = [r for r in answer["body"]["results"] if r["type"] == "sysenv"]
    assert set(result["env"]) & set(os.environ)
    assert "ARTHAS_SHELL_PASSWORD" not in result["env"]
