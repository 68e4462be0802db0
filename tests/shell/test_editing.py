"""Each key of the prompt, on the prompt alone: no server, no terminal."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.input.typeahead import get_typeahead
from prompt_toolkit.output import DummyOutput
from support.waiting import PATIENCE_S, wait_for

from arthas_cli.catalogue.model import load_commands
from arthas_cli.shell.prompt.session import Surroundings, make_prompt_session
from arthas_cli.shell.prompt.toolbar import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prompt_toolkit import PromptSession
    from prompt_toolkit.input import PipeInput

    from .conftest import User

ENTER, ALT_ENTER, CTRL_C, CTRL_L, CTRL_R, ESCAPE = "\r", "\x1b\r", "\x03", "\x0c", "\x12", "\x1b"
LEFT, UP = "\x1b[D", "\x1b[A"
F1, F2, F4, CTRL_X_CTRL_E = "\x1bOP", "\x1bOQ", "\x1bOS", "\x18\x05"


def paste(text: str) -> str:
    return f"\x1b[200~{text}\x1b[201~"


class Typist:
    """Types at one prompt; `line` is what it returned, None where it did not."""

    def __init__(self, keyboard: PipeInput, *, is_vi: bool, variables: dict[str, str]) -> None:
        self.told: list[str] = []
        self.turned = 0
        self.line: str | None = None
        self.error: BaseException | None = None
        self._keyboard = keyboard
        around = Surroundings(
            find_commands=load_commands,
            own_words={"quit": "leave"},
            find_status=lambda: Status("Arthas"),
            turn_format=self._enhance_lock,
            tell=self.told.append,
            variables=variables,
        )
        history = InMemoryHistory(["jvm", "sc demo.*"])
        self.session: PromptSession[str] = make_prompt_session(history, around, is_vi=is_vi)

    @property
    def text(self) -> str:
        return self.session.default_buffer.text

    @property
    def ahead(self) -> str:
        """What is typed ahead for the next prompt, its keys as they are sent."""
        return "".join(key.data for key in get_typeahead(self._keyboard))

    @property
    def bars(self) -> str:
        """The hint bar and the toolbar."""
        shown = self.session.bottom_toolbar
        assert callable(shown)
        fragments = shown()
        assert isinstance(fragments, list)
        return "".join(fragment[1] for fragment in fragments)

    def run(self) -> None:
        try:
            self.line = self.session.prompt("> ", handle_sigint=False)
        except (KeyboardInterrupt, EOFError) as error:
            self.error = error

    def type(self, text: str) -> None:
        self._keyboard.send_text(text)

    def wait_for(self, condition: Callable[[], object]) -> None:
        wait_for(condition, lambda: self.text)

    def see(self, text: str) -> None:
        """Waits until this is what stands behind the prompt, and the prompt is still there."""
        self.wait_for(lambda: self.text == text)
        assert self.line is None

    def get(self, line: str) -> None:
        """Waits until the prompt has returned this line."""
        self.wait_for(lambda: self.line is not None)
        assert self.line == line

    def _enhance_lock(self) -> None:
        self.turned += 1


@contextmanager
def sit_down(*, is_vi: bool = False, variables: dict[str, str] | None = None) -> Iterator[Typist]:
    """Runs a prompt in a thread of its own; what is still typed at the end is dropped."""
    with create_pipe_input() as keyboard:
        with create_app_session(keyboard, DummyOutput()):
            typist = Typist(keyboard, is_vi=is_vi, variables=variables or {})
        thread = threading.Thread(target=typist.run, name="prompt", daemon=True)
        thread.start()
        yield typist
        if thread.is_alive():
            typist.type(CTRL_C)
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


@pytest.fixture
def typist() -> Iterator[Typist]:
    with sit_down() as typist:
        yield typist


def test_enter_runs_the_line(typist: Typist) -> None:
    typist.type("version" + ENTER)
    typist.get("version")


def test_enter_within_an_open_quote_goes_on_in_the_next_line(typist: Typist) -> None:
    typist.type("ognl '1" + ENTER)
    typist.see("ognl '1\n")
    typist.type("+ 2'" + ENTER)
    typist.get("ognl '1\n+ 2'")
    assert typist.ahead == ""


def test_enter_before_a_quote_that_is_open_goes_on_at_the_end(typist: Typist) -> None:
    typist.type("ognl '1" + LEFT * 4 + ENTER)
    typist.see("ognl '1\n")


def test_alt_enter_breaks_the_line_and_enter_runs_one_after_the_other(typist: Typist) -> None:
    typist.type("version" + ALT_ENTER + "pwd")
    typist.see("version\npwd")
    typist.type(ENTER)
    typist.get("version")
    assert typist.ahead == "pwd\r"


def test_lines_that_are_pasted_are_shown_and_wait_for_enter(typist: Typist) -> None:
    typist.type(paste("version\r\nognl '1\n2'\npwd\n"))
    typist.see("version\nognl '1\n2'\npwd")
    typist.type(ENTER)
    typist.get("version")
    assert typist.ahead == "ognl '1\n2'\rpwd\r"
    assert typist.session.history.get_strings()[-1] == "version"


def test_a_line_pasted_with_its_end_is_not_run(typist: Typist) -> None:
    typist.type(paste("version\n"))
    typist.see("version")


def test_a_method_that_is_pasted_becomes_a_class_and_a_method(typist: Typist) -> None:
    typist.type("watch " + paste("at app//a.b.C.m(C.java:64)\n"))
    typist.see("watch a.b.C m")


TRACE = paste("\tat fx.Work.risky(Work.java:59)\n\tat fx.Main.main(Main.java:35)\n")


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("", "watch fx.Work risky"),
        ("\t", "trace fx.Work risky"),
        (UP, "watch fx.Work risky"),
        (UP + UP, "jad fx.Main main"),
    ],
)
def test_of_a_stack_trace_that_is_pasted_a_frame_is_chosen_and_nothing_is_run(
    typist: Typist, keys: str, line: str
) -> None:
    typist.type(TRACE)
    typist.wait_for(lambda: typist.session.default_buffer.complete_state is not None)
    typist.see("watch fx.Work risky")
    typist.type(keys)
    typist.see(line)
    assert typist.line is None
    typist.type(ENTER)
    if keys != UP:  # with which no choice of the list is marked
        typist.wait_for(lambda: typist.session.default_buffer.complete_state is None)
        assert typist.line is None
        typist.type(ENTER)
    typist.get(line)


def test_the_frame_of_a_stack_trace_is_kept_by_whatever_is_typed_behind_it(typist: Typist) -> None:
    typist.type("trace " + TRACE + " -n 3")
    typist.see("trace fx.Work risky -n 3")


def test_lines_of_a_session_that_are_pasted_lose_their_prompts(typist: Typist) -> None:
    typist.type(paste("[arthas@1]$ version\n4.1.5\n[arthas@1]$ pwd\n"))
    typist.see("version\npwd")


def test_controls_that_are_pasted_can_be_seen(typist: Typist) -> None:
    typist.type(paste("echo a\x1b[2Jb"))
    typist.see("echo a␛[2Jb")


def test_ctrl_c_drops_the_line(typist: Typist) -> None:
    typist.type("version" + CTRL_C)
    typist.wait_for(lambda: typist.error is not None)
    assert isinstance(typist.error, KeyboardInterrupt)
    assert typist.line is None


def test_ctrl_c_drops_a_line_with_an_open_quote(typist: Typist) -> None:
    typist.type("ognl '1" + ENTER + CTRL_C)
    typist.wait_for(lambda: typist.error is not None)
    assert typist.line is None


def test_ctrl_r_finds_a_line_and_enter_there_does_not_run_it(typist: Typist) -> None:
    typist.type(CTRL_R + "jv" + ENTER)
    typist.see("jvm")
    typist.type(ENTER)
    typist.get("jvm")


def test_up_brings_the_last_line_back(typist: Typist) -> None:
    typist.type(UP)
    typist.see("sc demo.*")


def test_ctrl_l_leaves_what_is_typed(typist: Typist) -> None:
    typist.type("vers" + CTRL_L + "ion" + ENTER)
    typist.get("version")


def test_ctrl_z_at_the_prompt_puts_nothing_into_the_line(typist: Typist) -> None:
    typist.type("vers\x1aion\x1a" + ENTER)
    typist.get("version")


def test_f1_shows_the_help_of_the_command_at_hand_and_keeps_what_is_typed(typist: Typist) -> None:
    typist.type("jvm ; watch a" + F1)
    typist.get("help watch")
    assert typist.ahead == "jvm ; watch a"
    assert typist.session.history.get_strings() == ["jvm", "sc demo.*"]


def test_f1_without_a_command_shows_the_help_of_all(typist: Typist) -> None:
    typist.type(F1)
    typist.get("help")


def test_a_question_mark_on_an_empty_line_shows_the_keys(typist: Typist) -> None:
    typist.type("?")
    typist.get(":keys")


def test_a_question_mark_in_a_line_is_one(typist: Typist) -> None:
    typist.type("a?" + ENTER)
    typist.get("a?")


def test_f1_twice_on_an_empty_line_shows_the_keys(user: User) -> None:
    user.type(F1)
    user.see("Shell commands")
    user.find_prompt()
    user.type(F1)
    user.see("Keys at the prompt:\n")
    user.enter("version")
    user.type(F1)
    user.wait_for(lambda: user.text.count("Shell commands") == 2)


def test_f2_turns_to_the_next_look_and_leaves_the_line(typist: Typist) -> None:
    typist.type("jv" + F2 + "m")
    typist.see("jvm")
    assert typist.turned == 1


@pytest.mark.parametrize("key", [F4, CTRL_X_CTRL_E])
def test_the_editor_edits_what_is_typed_and_does_not_run_it(key: str) -> None:
    with sit_down(variables={"EDITOR": "sed -i s/a/b/g"}) as typist:
        typist.type("sc a.a" + key)
        typist.see("sc b.b")
        typist.type("c" + ENTER)
        typist.get("sc b.bc")


def test_an_editor_that_is_not_there_is_told_and_the_line_stays() -> None:
    with sit_down(variables={"EDITOR": "/no/such/editor"}) as typist:
        typist.type("sc a" + F4)
        typist.wait_for(lambda: typist.told)
        assert typist.told == ["'/no/such/editor' cannot edit: No such file or directory"]
        typist.see("sc a")


def test_a_completion_that_is_chosen_is_taken_by_enter_and_not_run(typist: Typist) -> None:
    typist.session.completer = WordCompleter(["version"])
    typist.type("ver")
    typist.wait_for(lambda: typist.session.default_buffer.complete_state)
    typist.type("\t")
    typist.see("version")
    typist.type(ENTER)
    typist.wait_for(lambda: typist.session.default_buffer.complete_state is None)
    typist.see("version")
    typist.type(ENTER)
    typist.get("version")


def test_in_vi_mode_escape_leaves_inserting_and_the_toolbar_says_so() -> None:
    with sit_down(is_vi=True) as typist:
        typist.type("versionx")
        typist.see("versionx")
        assert typist.bars.splitlines()[1].startswith("insert · Arthas")
        typist.type(ESCAPE + "x")
        typist.see("version")
        assert typist.bars.splitlines()[1].startswith("navigation · Arthas")
        typist.type(ENTER)
        typist.get("version")


def test_in_vi_mode_alt_enter_breaks_the_line_too() -> None:
    with sit_down(is_vi=True) as typist:
        typist.type("version" + ALT_ENTER + "pwd")
        typist.see("version\npwd")


def test_the_bars_are_two_lines_about_what_is_typed(typist: Typist) -> None:
    typist.type("watch ")
    typist.see("watch ")
    hint, bar = typist.bars.splitlines()
    assert hint.startswith("watch class-pattern method-pattern [express] [condition] ")
    assert hint.endswith(" observes ")
    assert bar.endswith("F1 help  F2 format: text  F4 editor")


@pytest.mark.parametrize("key", ["\x03", "\x07"])
def test_a_search_that_is_left_gives_the_line_back_as_it_was(user: User, key: str) -> None:
    for line in ("version", "pwd ; version"):
        user.enter(line)
    user.type("abc")
    user.wait_for(lambda: user.line == "abc")
    user.type("\x12version\x12\x12")
    user.wait_for(lambda: user.shell and user.shell.entry.prompt.default_buffer.text == "version")
    user.type(key)
    user.wait_for(lambda: user.line == "abc")
