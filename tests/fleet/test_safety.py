"""What is allowed holds for each of many, and the strictest for what goes to all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.program import shell

if TYPE_CHECKING:
    from .conftest import Shop

OGNL = "ognl '@java.lang.System@gc()'"
DOUBT = "'ognl' is dangerous"


def make_production(shop: Shop, *names: str) -> None:
    text = shop.config.read_text()
    for name in names:
        text = text.replace(f"[profiles.{name}]\n", f"[profiles.{name}]\nproduction = true\n")
    shop.config.write_text(text)


def list_lines(shop: Shop) -> list[str]:
    return [line for fake in shop.fakes.values() for line in fake.lines]


def test_every_production_profile_is_named_before_anything_is_sent(shop: Shop) -> None:
    make_production(shop, "web-1", "web-3")
    ended = shop.run("exec", "--json", OGNL)
    assert (ended.exit_code, list_lines(shop)) == (2, [])
    first, hint = ended.stderr.splitlines()
    assert first.startswith(f"arthas-shell: 'web-1' and 'web-3' are production, and {DOUBT}: ")
    assert hint == "hint: run it with --yes web-1 --yes web-3"
    assert [each["error"]["kind"] for each in ended.document["targets"]] == ["unconfirmed"] * 3


def test_with_one_of_them_confirmed_the_other_is_asked_for(shop: Shop) -> None:
    make_production(shop, "web-1", "web-3")
    ended = shop.run("exec", "--yes", "web-1", OGNL)
    assert (ended.exit_code, list_lines(shop)) == (2, [])
    assert ended.stderr.startswith(f"arthas-shell: 'web-3' is production, and {DOUBT}: ")


def test_with_all_confirmed_it_goes_to_all(shop: Shop) -> None:
    make_production(shop, "web-1", "web-3")
    shop.run("exec", "--yes", "web-1", "--yes", "web-3", OGNL)
    assert len(list_lines(shop)) == 3


def test_one_that_is_read_only_makes_all_of_them_so(shop: Shop) -> None:
    text = shop.config.read_text()
    shop.config.write_text(
        text.replace("[profiles.web-2]\n", "[profiles.web-2]\nread_only = true\n")
    )
    ended = shop.run("exec", OGNL)
    assert (ended.exit_code, list_lines(shop)) == (2, [])
    assert ended.stderr.startswith("arthas-shell: 'ognl' is refused by --read-only: ")
    assert shop.run("exec", "version").exit_code == 0


def test_a_line_of_a_file_that_may_not_run_stops_those_before_it(shop: Shop) -> None:
    make_production(shop, "web-1")
    lines = shop.config.with_name("lines")
    lines.write_text(f"version\n{OGNL}\n")
    ended = shop.run("run", str(lines))
    assert (ended.exit_code, ended.stdout, list_lines(shop)) == (2, "", [])


def test_a_command_for_one_jvm_is_refused_for_many(shop: Shop) -> None:
    ended = shop.run("get")
    assert (ended.exit_code, ended.stderr) == (
        2,
        (
            "arthas-shell: this command is for one JVM, and --on names shop\n"
            "hint: give --on once, with one profile or address\n"
        ),
    )


def test_what_a_reset_may_do_is_said_once_for_all(shop: Shop) -> None:
    for fake in shop.fakes.values():
        fake.target.is_closed = True
    first, last = shop.run("exec", "reset").stderr.splitlines()
    assert first.startswith("warning: web-[1-3]: ")
    assert last == "3 JVMs: 3 succeeded"


def test_first_is_refused_for_one_jvm() -> None:
    ended = shell("exec", "--first", "version")
    assert (ended.exit_code, ended.stderr) == (
        2,
        ("arthas-shell: --first is for many JVMs\nhint: name them with --on\n"),
    )
