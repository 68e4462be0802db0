from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from support.proc_trees import make_perf_data, make_process
from support.table import each_row

from arthas_cli.attach.jvms import Jvm, find_main, find_matches, find_process, list_jvms
from arthas_cli.attach.listeners import Found
from arthas_cli.attach.process import name_user
from arthas_cli.errors import AttachFailed, NotRun

if TYPE_CHECKING:
    from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
ME = name_user(os.getuid())


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    (tmp_path / "uptime").write_text("1000.00 1900.00\n")
    return tmp_path


def tell(*_: object) -> Found:
    return Found("4.1.5", 8563)


def tell_none(*_: object) -> None:
    return None


def test_what_a_jvm_publishes_is_listed(proc: Path) -> None:
    folder = make_process(proc, 7, ["/opt/launcher", "x"], start=900 * TICKS)
    (folder / "root" / "tmp" / "hsperfdata_me").mkdir()
    (folder / "root" / "tmp" / "hsperfdata_me" / "7").write_bytes(
        make_perf_data(
            {
                "sun.rt.javaCommand": "com.shop.Main --token secret",
                "java.property.java.version": "21.0.4",
            }
        )
    )
    [jvm] = list_jvms(proc, tell)
    assert jvm[:5] == (7, ME, "com.shop.Main", "21.0.4", 100_000)
    assert (jvm.is_contained, jvm.arthas) == (False, Found("4.1.5", 8563))


def test_one_that_publishes_nothing_is_known_by_its_command_and_release(proc: Path) -> None:
    folder = make_process(proc, 7, ["/usr/bin/java", "-Xmx1g", "-jar", "/srv/shop.jar", "secret"])
    release = folder / "root/usr/lib/jvm/java-17/release"
    release.parent.mkdir(parents=True)
    release.write_text('IMPLEMENTOR="Debian"\nJAVA_VERSION="17.0.15"\nOS_NAME="Linux"\n')
    [jvm] = list_jvms(proc, tell_none)
    assert (jvm.main, jvm.java, jvm.arthas) == ("shop.jar", "17.0.15", None)


def test_a_jvm_in_a_container_is_marked(proc: Path) -> None:
    make_process(proc, 7, ["java", "a.Main"], inner="7\t1")
    [jvm] = list_jvms(proc, tell_none)
    assert jvm.is_contained


def test_another_users_jvm_is_listed_with_what_can_be_known(
    proc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_process(proc, 7, ["/usr/bin/java", "-cp", "a.jar:b.jar", "com.shop.Main"], uid=54321)
    make_process(proc, 8, ["/bin/sh", "java"], uid=54321)
    read = type(proc).read_text

    def refuse(path: Path, *arguments: str) -> str:
        if path.name == "maps":
            raise PermissionError
        return read(path, *arguments)

    monkeypatch.setattr(type(proc), "read_text", refuse)
    [jvm] = list_jvms(proc, tell_none)
    assert (jvm.pid, jvm.user, jvm.main, jvm.java) == (7, "54321", "com.shop.Main", None)


def test_what_is_no_jvm_is_not_listed(proc: Path) -> None:
    make_process(proc, 7, ["python3", "libjvm"], maps="55-56 r-xp 0 08:01 1 /usr/bin/python3\n")
    (proc / "8").mkdir()  # it has ended meanwhile
    assert list_jvms(proc, tell_none) == []


@each_row(
    ("words", "main"),
    [
        ("java com.shop.Main secret", "com.shop.Main"),
        ("java -Xmx1g -Da=b -cp x:y com.shop.Main", "com.shop.Main"),
        ("java --class-path x com.shop.Main", "com.shop.Main"),
        ("java --add-opens java.base/java.lang=ALL-UNNAMED a.B", "a.B"),
        ("java -jar /srv/shop.jar --password=x", "shop.jar"),
        ("java -p mods -m com.shop/com.shop.Main", "com.shop.Main"),
        ("java @arguments com.shop.Main", "com.shop.Main"),
        ("java -version", None),
    ],
)
def test_the_main_class_is_found_among_the_options(words: str, main: str | None) -> None:
    assert find_main(words.split()) == main


JVMS = [
    Jvm(pid, "me", main, None, 0, is_contained=False)
    for pid, main in [(1, "com.shop.Main"), (2, "com.shop.MainTwo"), (3, "shop.jar"), (4, None)]
]


@each_row(
    ("name", "pids"),
    [
        ("com.shop.Main", [1]),
        ("Main", [1]),
        ("main", [1, 2]),
        ("MainT", [2]),
        ("shop", [3]),
        ("shop.jar", [3]),
        ("COM", [1, 2]),
        ("nothing", []),
    ],
)
def test_a_name_means_the_class_its_last_part_or_a_part_of_it(name: str, pids: list[int]) -> None:
    assert [jvm.pid for jvm in find_matches(name, JVMS)] == pids


def test_a_name_of_two_is_refused_with_both(proc: Path) -> None:
    make_process(proc, 7, ["java", "com.shop.Main"])
    make_process(proc, 9, ["java", "com.shop.MainTwo"])
    assert find_process(None, "com.shop.Main", proc).pid == 7
    with pytest.raises(NotRun) as caught:
        find_process(None, "shop", proc)
    assert caught.value.message == (
        "'shop' may be any of 2 JVMs: 7 com.shop.Main, 9 com.shop.MainTwo"
    )
    assert caught.value.hint == "name one by its number, such as pid:7"


def test_a_name_of_none_is_said(proc: Path) -> None:
    with pytest.raises(AttachFailed, match=r"^there is no JVM 'shop' on this machine$"):
        find_process(None, "shop", proc)
