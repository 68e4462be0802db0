"""A class that its name alone does not find: the class loaders that have it are named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from support.fake import Call, Command, FakeArthas, status
from support.program import shell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from arthas_cli.demo.target import Target

    from .conftest import Run

NOT_FOUND = "Could not get static field x from class a.Twin [java.lang.ClassNotFoundException: "
NOT_FOUND += "Unable to resolve class: a.Twin]"
AMBIGUOUS = "Found more than one class for: a.Twin, Please use: getstatic -c <hashcode> a.Twin x"
ASKED = "sc -d -n 1000 a.Twin"


def fail(fake: FakeArthas, name: str, message: str) -> None:
    fake.register(Command(name, lambda _call: [status(-1, message)]))


def load(fake: FakeArthas, *loaders: tuple[str, str], source: str = "") -> None:
    """Has the fake say that these have loaded `a.Twin`, each a name and a hash."""

    def make(name: str, hash_code: str, *chain: str) -> dict[str, Any]:
        about = {"name": name, "classLoaderHash": hash_code, "classloader": list(chain)}
        return {"type": "sc", "classInfo": about | {"codeSource": source}}

    def run(_call: Call) -> Iterable[dict[str, Any]]:
        yield make("a.Heir", "5", "Other@5")
        yield from (make("a.Twin", code, f"{name}@{code}", "App@2") for name, code in loaders)

    fake.register(Command("sc", run))


def list_lines(fake: FakeArthas) -> list[object]:
    return [request.body.get("command") for request in fake.requests]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ognl '@a.Twin@x'", NOT_FOUND),
        ("ognl 'new a.Twin()'", NOT_FOUND),
        ("ognl -c 99 '@a.Twin@x'", "Can not find classloader with hashCode: 99."),
        ("getstatic a.Twin x", AMBIGUOUS),
        ("getstatic a/Twin x", AMBIGUOUS),
        ("jad -c 5 a.Twin", "No class found for: a.Twin"),
        ("jad --classLoaderClass Web a.Twin", "Found more than one classloader by class name"),
        (
            "vmtool --action getInstances --className a.Twin",
            "Found more than one class: [class a.Twin, class a.Twin], please specify classloader",
        ),
        (
            "vmtool --action getInstances --className a.B --express '@a.Twin@x'",
            NOT_FOUND,
        ),
        ("classloader -c 5 --load a.Twin", "java.lang.ClassNotFoundException: a.Twin"),
        ("jad --classLoaderClass x.Y a.Twin", "Can not find classloader by class name: x.Y."),
    ],
)
def test_the_loaders_of_a_class_that_was_not_found_are_named(
    run: Run, fake: FakeArthas, line: str, message: str
) -> None:
    fail(fake, line.split(maxsplit=1)[0], message)
    load(fake, ("Web", "3f"), ("Web", "4a"))
    ended = run("exec", line)
    assert ended.exit_code == 1
    assert ended.stderr.splitlines()[-1] == "hint: use -c 3f (Web) or -c 4a (Web)"
    assert list_lines(fake) == [line, ASKED]


def test_where_the_loader_has_the_class_from_is_said(run: Run, fake: FakeArthas) -> None:
    fail(fake, "jad", "No class found for: a.Twin")
    load(fake, ("Web", "3f"), source="/srv/shop.war")
    assert "hint: use -c 3f (Web, /srv/shop.war)\n" in run("exec", "jad -c 5 a.Twin").stderr


def test_a_few_of_many_loaders_are_named(run: Run, fake: FakeArthas) -> None:
    fail(fake, "getstatic", AMBIGUOUS)
    load(fake, *(("Web", f"{number}") for number in range(1, 7)))
    assert run("exec", "getstatic a.Twin x").stderr.splitlines()[-1] == (
        "hint: use -c 1 (Web) or -c 2 (Web) or -c 3 (Web) or -c 4 (Web)"
        " or another of 6: 'sc -d a.Twin'"
    )


def test_a_name_of_no_loaded_class_is_said_to_be_one(run: Run, fake: FakeArthas) -> None:
    fail(fake, "jad", "No class found for: a.b.Twin")
    load(fake)
    assert run("exec", "jad a.b.Twin").stderr.splitlines()[-1] == (
        "hint: no class of that name is loaded; run \"sc '*Twin*'\" to look for it"
    )


def test_json_has_the_loaders_in_its_hint(run: Run, fake: FakeArthas) -> None:
    fail(fake, "ognl", NOT_FOUND)
    load(fake, ("Web", "3f"))
    document = run("exec", "--json", "ognl '@a.Twin@x'").document
    assert document["error"]["hint"] == "use -c 3f (Web)"


def test_the_name_of_a_loader_is_shown_with_marks_and_never_obeyed(
    run: Run, fake: FakeArthas
) -> None:
    fail(fake, "ognl", NOT_FOUND)
    load(fake, ("Web\x1b[2J\n context", "3f"))
    assert "-c 3f (Web␛[2J␊ context)" in run("exec", "ognl '@a.Twin@x'").stderr


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ognl '@a.B@start()'", "java.lang.ClassNotFoundException: oracle.Driver"),
        ("ognl '@a.Twin@x'", "java.lang.NullPointerException"),
        ("getstatic a.* x", "Found more than one class for: a.*"),
    ],
)
def test_nothing_is_asked_about_another_failure(
    run: Run, fake: FakeArthas, line: str, message: str
) -> None:
    fail(fake, line.split(maxsplit=1)[0], message)
    assert "hint" not in run("exec", line).stderr
    assert list_lines(fake) == [line]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ognl -c 99 1+1", "Can not find classloader with hashCode: 99."),
        ("logger -c 99 --name a --level info", "Can not find classloader by hashCode: 99."),
    ],
)
def test_a_loader_that_is_none_is_told_with_how_to_list_them(
    run: Run, fake: FakeArthas, line: str, message: str
) -> None:
    fail(fake, line.split(maxsplit=1)[0], message)
    hint = "hint: run 'classloader -l' to list the class loaders"
    assert run("exec", line).stderr.splitlines()[-1] == hint
    assert list_lines(fake) == [line]


def test_a_question_that_fails_hides_no_failure(run: Run, fake: FakeArthas) -> None:
    fail(fake, "ognl", NOT_FOUND)
    fail(fake, "sc", "no")
    ended = run("exec", "ognl '@a.Twin@x'")
    assert (ended.exit_code, ended.stderr) == (1, f"arthas-shell: {NOT_FOUND}\n")


def test_a_class_that_two_real_loaders_have_is_found_by_the_hint(
    fixture_jvm: Target, twins: None
) -> None:
    del twins
    url = ("exec", "--url", fixture_jvm.url)
    hint = shell(*url, "ognl '@twin.Twin@count'").stderr.splitlines()[-1]
    hashes = re.findall(r"-c ([0-9a-f]+) \(java\.net\.URLClassLoader, \S*/apart/\)", hint)
    assert len(hashes) == 2
    for line in (
        "getstatic twin.Twin count",
        "jad twin.Twin",
        "vmtool --action getInstances --className twin.Twin",
    ):
        assert shell(*url, line).stderr.splitlines()[-1] == hint
    for one in hashes:
        assert shell(*url, f"ognl -c {one} '@twin.Twin@count'").stdout == "@Integer[2]\n"
