"""Where lines are typed: the prompt of one shell with its history, completion and bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platformdirs import user_state_path

from arthas_cli.completion.suggest import Word
from arthas_cli.config.settings import Profile
from arthas_cli.shell.commands import COMMANDS, HARMLESS
from arthas_cli.shell.jobs.display import DISPLAY_FORMATS
from arthas_cli.shell.place import (
    GONE,
    READ_ONLY,
    format_fleet_prompt,
    format_prompt,
    format_server,
)
from arthas_cli.shell.prompt.autosuggest import HistorySuggest
from arthas_cli.shell.prompt.completer import ShellCompleter, make_completer
from arthas_cli.shell.prompt.history import open_history
from arthas_cli.shell.prompt.session import Surroundings, make_prompt_session
from arthas_cli.shell.prompt.toolbar import Status, format_index
from arthas_cli.shell.terminal.keyboard import take_stop
from arthas_cli.text import count

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.formatted_text import FormattedText

    from arthas_cli.invocation import Invocation
    from arthas_cli.shell.jobs.links import Links
    from arthas_cli.shell.jobs.runner import Runner


class Entry:
    """Reads the lines for one runner, and shows what is known of where they go."""

    def __init__(self, invocation: Invocation, runner: Runner) -> None:
        self._invocation = invocation
        self._runner = runner
        self.history = open_history(
            user_state_path("arthas-shell", appauthor=False) / "history",
            invocation.list_passwords(),
        )
        self.completer: ShellCompleter = make_completer(
            lambda: runner.link.server,
            runner.preflight.lookup.catalogue.commands,
            lambda: runner.link.welcome.version_numbers,
            _make_words(runner.links),
            is_asking=invocation.environment.stdout.isatty() and invocation.settings.has_index,
            list_others=runner.links.list_others,
        )
        self.suggestions = HistorySuggest(self.history, HARMLESS)
        self.prompt: PromptSession[str] = make_prompt_session(
            self.history,
            self._describe(),
            is_vi=invocation.settings.editing == "vi",
            has_color=invocation.find_color() is not None,
        )
        self.completer.follow(self.prompt.app)

    def read(self) -> str:
        """Return the next line, empty for none; raises KeyboardInterrupt, EOFError, LeaveNow."""
        terminal = self._runner.terminal
        take_stop(self.prompt.input)
        with terminal.attached(self.prompt.app):
            line = self.prompt.prompt(self._format, pre_run=terminal.begin, handle_sigint=False)
        return "" if take_stop(self.prompt.input) else line.strip()

    def _format(self) -> FormattedText:
        links, link, server = self._runner.links, self._runner.link, self._runner.link.server
        encoding = getattr(self._invocation.environment.stdout, "encoding", None) or ""
        if links.is_many:
            gone = sum(place.is_gone for place in links.active)
            return format_fleet_prompt(
                links.choice.label,
                encoding,
                marks=[
                    *[READ_ONLY] * links.policy.is_read_only,
                    *[f"{gone} {GONE}"] * bool(gone),
                ],
            )
        profile = self._invocation.settings.profile
        if links.may_be_many:
            profile = Profile(links.active[0].name)
        return format_prompt(
            link.welcome,
            server.url,
            encoding,
            profile=profile,
            marks=[
                *[READ_ONLY] * server.policy.is_read_only,
                *[GONE] * (server.silence.is_gone or link.is_lost),
            ],
        )

    def _describe(self) -> Surroundings:
        """Return what the prompt has to know of this shell."""
        return Surroundings(
            find_commands=self._runner.preflight.lookup.catalogue.commands,
            own_words={name: command.summary for name, command in COMMANDS.items()},
            find_status=self._find_status,
            turn_format=self._turn_format,
            tell=self._runner.say,
            variables=self._invocation.environment.variables,
            suggest=self.suggestions,
            completer=self.completer,
        )

    def _find_status(self) -> Status:
        runner, links = self._runner, self._runner.links
        answering = sum(not place.is_gone for place in links.active)
        return Status(
            f"{answering} of {count(len(links.active), 'JVM')} answer"
            if links.is_many
            else format_server(runner.link.welcome, runner.link.server.url),
            jobs=[job.news for job in runner.jobs.list_all()],
            index=format_index(self.completer.knowledge),
            display_format=runner.display_format,
            silent_since=None if links.is_many else runner.link.server.silence.since,
        )

    def _turn_format(self) -> None:
        formats = list(DISPLAY_FORMATS)
        at = formats.index(self._runner.display_format) + 1
        self._runner.display_format = formats[at % len(formats)]


def _make_words(links: Links) -> dict[str, Word]:
    """Return the shell's own commands, with what completion is to know of them."""
    targets = {place.name: place.member.url for place in links.all if links.may_be_many}
    return {
        name: Word(
            one.summary,
            {**targets, **one.values} if one.takes_targets else one.values,
            takes_many=one.takes_targets,
        )
        for name, one in COMMANDS.items()
    }
