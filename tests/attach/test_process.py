from __future__ import annotations

from pathlib import Path

import pytest
from support.proc_trees import MAPS, make_process

from arthas_cli.attach.process import (
    Ids,
    find_library,
    is_shared,
    list_pids,
    parse_process,
    parse_start,
    read_process,
)
from arthas_cli.errors import AttachFailed

STATUS = """\
Name:\tjava
State:\tS (sleeping)
Uid:\t1000\t1001\t1000\t1000
Gid:\t100\t101\t100\t100
NSpid:\t4711\t17\t1
SigCgt:\t{caught}
"""


def test_a_process_is_read_from_its_status() -> None:
    process = parse_process(Path("/proc/4711"), 4711, STATUS.format(caught="0000000000000004"), 9)
    assert (process.pid, process.inner_pid, process.ids) == (4711, 1, Ids(1001, 101))
    assert (process.state, process.start, process.catches_quit) == ("S", 9, True)


def test_one_that_sigquit_would_end_is_known() -> None:
    text = STATUS.format(caught="fffffffffffffffb")
    assert not parse_process(Path("/proc/4711"), 4711, text, 9).catches_quit


def test_the_start_stands_behind_a_name_that_may_hold_anything() -> None:
    numbers = " ".join(str(number) for number in range(4, 52))
    assert parse_start(f"4711 (a) (b 1 2) S {numbers}") == 22


def test_a_process_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AttachFailed, match=r"^there is no process 4711$") as caught:
        read_process(4711, tmp_path)
    assert caught.value.hint == "run 'arthas-shell attach' to list the JVMs"


def test_one_that_has_ended_but_was_not_waited_for_is_not_there(tmp_path: Path) -> None:
    make_process(tmp_path, 4711, ["java"], state="Z (zombie)")
    with pytest.raises(AttachFailed, match=r"^there is no process 4711$"):
        read_process(4711, tmp_path)


def test_a_process_is_another_when_its_number_was_given_again(tmp_path: Path) -> None:
    folder = make_process(tmp_path, 4711, ["java"], start=100)
    process = read_process(4711, tmp_path)
    assert not process.has_ended
    (folder / "stat").write_text((folder / "stat").read_text().replace(" 100 ", " 101 "))
    assert process.has_ended


@pytest.mark.parametrize(
    ("maps", "found"),
    [
        (MAPS, "/usr/lib/jvm/java-17/lib/server/libjvm.so"),
        ("55d0-55d1 r-xp 0 08:01 1 /usr/bin/python3.11\n", None),
        (MAPS + "7f-8f r-xp 0 08:01 2 /opt/openj9/lib/default/libj9vm29.so\n", None),
    ],
    ids=["HotSpot", "no JVM", "OpenJ9"],
)
def test_a_hotspot_is_known_by_its_library(tmp_path: Path, maps: str, found: str | None) -> None:
    make_process(tmp_path, 4711, ["java"], maps=maps)
    assert find_library(read_process(4711, tmp_path)) == found


def test_pids_are_listed_in_order(tmp_path: Path) -> None:
    for name in ("12", "9", "self", "uptime"):
        (tmp_path / name).mkdir()
    assert list(list_pids(tmp_path)) == [9, 12]


def test_namespaces_are_compared_with_our_own(tmp_path: Path) -> None:
    make_process(tmp_path, 4711, ["java"])
    process = read_process(4711, tmp_path)
    for owner, kinds in (("4711", ("net", "mnt")), ("self", ("mnt",))):
        (tmp_path / owner / "ns").mkdir(parents=True)
        for kind in kinds:
            (tmp_path / owner / "ns" / kind).touch()
    (tmp_path / "self" / "ns" / "net").hardlink_to(tmp_path / "4711" / "ns" / "net")
    assert (is_shared(process, "net"), is_shared(process, "mnt")) == (True, False)
