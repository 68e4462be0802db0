"""The shell checks a line by what it knows of the server it is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from support.fake import Command, FakeArthas, faults

from .conftest import open_shell

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import User

HELLO = {
    "name": "hello",
    "summary": "Say hello",
    "arguments": [],
    "options": [{"longName": "loud", "acceptValue": False, "description": "Shout"}],
}


def list_questions(fake: FakeArthas) -> list[str]:
    return [seen.body["command"] for seen in fake.requests if seen.action == "exec"]


def test_the_commands_of_the_server_are_learnt_before_they_are_asked_for() -> None:
    with FakeArthas() as fake:
        fake.register(Command("hello", lambda _call: [], detail=HELLO))
        with open_shell(fake) as user:
            user.find_prompt()
            assert user.shell
            catalogue = user.shell.runner.preflight.lookup.catalogue
            user.wait_for(lambda: catalogue.is_settled and "hello" in catalogue.commands())
            asked = list_questions(fake)
            user.begin("hello --loud")
            user.see("it is not known what 'hello' does")
            user.enter("y")
            assert list_questions(fake) == asked
            assert "did you mean '--loud'?" in user.enter("hello --lod")


def test_a_help_that_never_comes_holds_up_nothing() -> None:
    with FakeArthas() as fake:
        fake.faults.next(faults.slow(60), action="exec")
        with open_shell(fake, options={"no_tune": True}) as user:
            user.find_prompt()
            user.wait_for(lambda: list_questions(fake) == ["help"])
            assert user.enter("version").endswith("4.1.5\n")
            assert user.shell
            assert not user.shell.runner.preflight.lookup.catalogue.is_settled


def test_what_the_version_lacks_is_refused_without_asking_for_the_version(user: User) -> None:
    assert user.enter("watch a b -x 0") == (
        "arthas-shell: '-x 0' shows no value on Arthas 4.1.5\n"
        "hint: use 1\n"
        "  watch a b -x 0\n"
        "               ^\n"
    )
    assert "version" not in list_questions(user.fake)


def test_what_was_learnt_is_kept_in_the_users_cache(user: User, home: Path) -> None:
    assert user.shell
    catalogue = user.shell.runner.preflight.lookup.catalogue
    catalogue.want("watch")
    user.wait_for(lambda: catalogue.is_settled)
    assert [path.name for path in home.rglob("help-*.json")] == ["help-4.1.5.json"]
