"""What is refused before a process is touched; what real JVMs answer is asked in `test_real`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from support.proc_trees import make_process

from arthas_cli.attach.acting import call_as
from arthas_cli.attach.hotspot import ask_jvm, check_process
from arthas_cli.attach.process import Ids, read_process
from arthas_cli.errors import AttachFailed, NotPermitted

if TYPE_CHECKING:
    from pathlib import Path

NONE = "run 'arthas-shell attach' to list the JVMs"


@pytest.mark.parametrize(
    ("facts", "what", "hint"),
    [
        ({"maps": "55-56 r-xp 0 08:01 1 /bin/sleep\n"}, "process 7 is not a HotSpot JVM", NONE),
        (
            {"state": "T (stopped)"},
            "JVM 7 is stopped (SIGSTOP or a debugger)",
            "let it go on with: kill -CONT 7",
        ),
        (
            {"command": ["java", "-XX:+DisableAttachMechanism", "a.Main"]},
            "JVM 7 runs with -XX:+DisableAttachMechanism",
            "restart it without that option",
        ),
        (
            {"caught": "fffffffffffffffb"},
            "JVM 7 does not catch SIGQUIT, which would end it (-Xrs)",
            "restart it without -Xrs",
        ),
    ],
    ids=["no JVM", "stopped", "disabled", "-Xrs"],
)
def test_what_cannot_be_attached_to_is_said_and_left_alone(
    tmp_path: Path, facts: dict[str, Any], what: str, hint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "pidfd_open", lambda _: os.open(os.devnull, os.O_RDONLY))
    folder = make_process(tmp_path, 7, facts.pop("command", ["java", "a.Main"]), **facts)
    before = sorted(folder.rglob("*"))
    with pytest.raises(AttachFailed) as caught:
        ask_jvm(read_process(7, tmp_path), "properties")
    assert (caught.value.message, caught.value.hint) == (what, hint)
    assert sorted(folder.rglob("*")) == before


def test_another_users_jvm_is_refused_to_who_is_not_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_process(tmp_path, 7, ["java", "a.Main"], uid=54321)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(NotPermitted) as caught:
        check_process(read_process(7, tmp_path))
    assert caught.value.message == "process 7 belongs to '54321'"
    assert caught.value.hint == "run it as '54321' or as root"


def test_a_temporary_folder_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    folder = make_process(tmp_path, 7, ["java", "a.Main"])
    (folder / "root" / "tmp").rmdir()
    (folder / "root" / "tmp").symlink_to(tmp_path)
    with pytest.raises(AttachFailed, match="the temporary folder of process 7 is a symbolic link"):
        ask_jvm(read_process(7, tmp_path), "properties")


def test_work_for_ourselves_is_done_here() -> None:
    assert call_as(Ids(os.geteuid(), os.getegid()), lambda: str(os.getpid())) == str(os.getpid())


@pytest.mark.root
def test_work_as_another_user_is_done_in_a_child_with_that_users_ids() -> None:
    def tell() -> str:
        return f"{os.getresuid()} {os.getresgid()} {os.getgroups()} {os.getpid() != parent}"

    parent = os.getpid()
    ids = (54321, 54322)
    assert call_as(Ids(*ids), tell) == ("(54321, 54321, 54321) (54322, 54322, 54322) [54322] True")


@pytest.mark.root
def test_what_fails_in_the_child_fails_here(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("")
    secret.chmod(0o600)

    def refuse() -> str:
        raise AttachFailed("no", hint="really")

    with pytest.raises(PermissionError):
        call_as(Ids(54321, 54321), secret.read_text)
    with pytest.raises(AttachFailed, match=r"^no$") as caught:
        call_as(Ids(54321, 54321), refuse)
    assert caught.value.hint == "really"
    with pytest.raises(AttachFailed, match="ended early"):
        call_as(Ids(54321, 54321), lambda: os._exit(3))
