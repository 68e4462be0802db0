"""What is done in a container, by the `sh` of this machine, and what is made of its words."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, NamedTuple

import pytest

from arthas_cli.config.credentials import Credentials
from arthas_cli.errors import ArthasShellError, AttachFailed, NotPermitted
from arthas_cli.ways.pod_script import LOOK, Look, PodJvm, read_look
from arthas_cli.ways.pod_site import PodSite
from arthas_cli.ways.pod_words import explain_start

if TYPE_CHECKING:
    from pathlib import Path

    from arthas_cli.ways.tunnel import TunnelWay

CREDENTIALS = Credentials("arthas", "planted-secret")
JVM = PodJvm(7, 1000, 1000, 4000, has_arthas=False, exe="/opt/java/bin/java")
LOOKED = (
    "uid 1000\n"
    "jvm 7 1000 1000 4000 1 /opt/java/bin/java\n"
    "words 7 /opt/java/bin/java\x1f-cp\x1f/a b.jar\x1fcom.shop.Main\x1f--token=x\x1f\n"
    "fd 7 lrwx------ 1 app app 64 Nov 28 14:00 5 -> socket:[31]\n"
    "net   sl  local_address rem_address   st\n"
    "net    0: 0100007F:2173 00000000:0000 0A 0:0 0:0 0 1000 0 31 1\n"
    "net    1: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 1000 0 32 1\n"
    "place 900 /tmp\n"
    "place - /dev/shm\n"
    "tmp\n"
    "java /usr/bin/java\n"
    "memory 1000\n"
    "memory 800\n"
    "cache 50\n"
    "end\n"
)


class HereContainer(NamedTuple):
    """Stands in for a container: its programs run on this machine, and their words are kept."""

    ran: list[list[str]]

    def __str__(self) -> str:
        return "pod 'web-1'"

    def run(
        self, script: str, words: list[str], within_s: float, stdin: bytes | None = None
    ) -> tuple[int, str]:
        """Runs the script here."""
        command = ["sh", "-c", script, "sh", *words]
        self.ran.append(command)
        done = subprocess.run(
            command, input=stdin or b"", capture_output=True, timeout=within_s, check=False
        )
        return done.returncode, done.stdout.decode()


def make_site(look: Look, jvm: PodJvm = JVM) -> tuple[PodSite, HereContainer]:
    def forward(_: int) -> TunnelWay:
        raise AssertionError

    container = HereContainer([])
    return PodSite(container, look, jvm, "", forward), container


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "arthas"
    (folder / "lib").mkdir(parents=True)
    for name in ("arthas-agent.jar", "arthas-core.jar", "lib/a.so"):
        (folder / name).write_bytes(os.urandom(3000) + name.encode())
    return folder


@pytest.mark.parametrize("has_tar", [True, False])
def test_the_files_come_whole_for_their_owner_alone_and_the_password_by_stdin(
    home: Path, tmp_path: Path, *, has_tar: bool
) -> None:
    place = tmp_path / "pod"
    place.mkdir()
    full = (str(tmp_path / "full"), 1)
    site, container = make_site(Look(1000, places=(full, (str(place), None)), has_tar=has_tar))
    told: list[str] = []
    folder = tmp_path / site.place(home, CREDENTIALS, told.append)
    assert told == [str(folder)]
    assert folder.parent == place
    for name in ("arthas-agent.jar", "arthas-core.jar", "lib/a.so"):
        assert (folder / name).read_bytes() == (home / name).read_bytes()
    assert {path.stat().st_mode & 0o077 for path in [folder, *folder.rglob("*")]} == {0}
    assert (folder / "arthas.properties").read_text().splitlines() == [
        "arthas.config.overrideAll=true",
        "arthas.ip=127.0.0.1",
        "arthas.telnetPort=-1",
        "arthas.username=arthas",
        "arthas.password=planted-secret",
        "arthas.localConnectionNonAuth=false",
    ]
    assert "planted-secret" not in str(container.ran)
    site.remove_copy(str(folder))
    assert list(place.iterdir()) == []


def test_where_no_place_has_room_it_is_said_how_much_it_takes(home: Path, tmp_path: Path) -> None:
    site, _ = make_site(Look(1000, places=((str(tmp_path), 1),)))
    with pytest.raises(AttachFailed, match="there is no place for Arthas in pod 'web-1': it takes"):
        site.place(home, CREDENTIALS, print)


def test_what_there_is_in_a_container_is_read() -> None:
    assert read_look(LOOKED) == Look(
        uid=1000,
        jvms=(
            PodJvm(7, 1000, 1000, 4000, True, "/opt/java/bin/java", "com.shop.Main", (8563,)),  # noqa: FBT003 - as read
        ),
        places=(("/tmp", 900), ("/dev/shm", None)),  # noqa: S108 - of a container
        has_tmp=True,
        javas=("/usr/bin/java",),
        used_ports=frozenset({8563, 8080}),
        left_bytes=250,
    )
    assert read_look(LOOKED.removesuffix("end\n")) is None


@pytest.mark.parametrize("shell", [path for path in ("dash", "bash") if shutil.which(path)])
def test_every_shell_looks_to_the_end(shell: str) -> None:
    done = subprocess.run(
        [shell, "-c", LOOK, "sh", ".arthas-shell"], capture_output=True, text=True, check=True
    )
    look = read_look(done.stdout)
    assert look is not None
    assert look.uid == os.getuid()
    assert look.has_tmp
    assert look.places


@pytest.mark.parametrize(
    ("look", "error", "message"),
    [
        (
            Look(1001, has_tmp=True),
            NotPermitted,
            "JVM 7 in pod 'web-1' is of user 1000, and kubectl exec runs programs there as 1001",
        ),
        (
            Look(1000),
            AttachFailed,
            "pod 'web-1' cannot write to its /tmp, where a JVM lets others attach",
        ),
        (
            Look(1000, has_tmp=True, left_bytes=40 << 20),
            AttachFailed,
            (
                "pod 'web-1' has only 40 MiB of its memory left: Arthas takes 96, and the pod might"
                " be killed for it"
            ),
        ),
    ],
)
def test_what_cannot_be_attached_to_is_refused_before_anything_is_done(
    look: Look, error: type[ArthasShellError], message: str
) -> None:
    site, container = make_site(look)
    with pytest.raises(error) as raised:
        site.check()
    assert raised.value.message == message
    assert raised.value.hint
    assert container.ran == []


def test_a_container_without_java_is_named() -> None:
    site, _ = make_site(Look(0, has_tmp=True), JVM._replace(exe="/opt/app/launcher"))
    with pytest.raises(AttachFailed, match="there is no program 'java' in pod 'web-1'"):
        site.check()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (
            (
                "Error: Unable to initialize main class com.taobao.arthas.core.Arthas\n"
                "Caused by: java.lang.NoClassDefFoundError: com/sun/tools/attach/AgentLoadException"
            ),
            (
                "the Java of pod 'web-1' is a JRE without the module jdk.attach, so it cannot start"
                " Arthas"
            ),
        ),
        (
            (
                "[ERROR] Start arthas failed, exception stack trace: \n"
                "com.sun.tools.attach.AttachNotSupportedException: The VM does not support the"
                " attach mechanism\n\tat jdk.attach/sun.tools.attach.HotSpotAttachProvider"
            ),
            "JVM 7 in pod 'web-1' runs with -XX:+DisableAttachMechanism",
        ),
        (
            (
                "[ERROR] Start arthas failed, exception stack trace: \n"
                "java.io.IOException: Permission\x1b[31m denied\n\tat a.B.c(B.java:1)"
            ),
            (
                "the Java of pod 'web-1' could not start Arthas: java.io.IOException:"
                " Permission␛[31m denied"
            ),
        ),
    ],
)
def test_what_the_java_of_the_pod_says_is_read(said: str, message: str) -> None:
    assert explain_start(said, "pod 'web-1'", 7).message == message
