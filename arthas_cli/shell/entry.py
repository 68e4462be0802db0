"""Where lines are typed: the prompt of one shell with its history, completion and bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from platformdirs import user_state_path

from arthas_cli.completion.suggest import Word
from arthas_cli.shell.commands import COMMANDS, HARMLESS
from arthas_cli.shell.jobs.display import DISPLAY_FORMATS
from arthas_cli.shell.place import GONE, READ_ONLY, format_prompt, format_server
from arthas_cli.shell.prompt.autosuggest import HistorySuggest
from arthas_cli.shell.prompt.completer import ShellCompleter, make_completer
from arthas_cli.shell.prompt.history import open_history
from arthas_cli.shell.prompt.session import Surroundings, make_prompt_session
from arthas_cli.shell.prompt.toolbar import Status, format_index
from arthas_cli.shell.terminal.keyboard import take_stop

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.formatted_text import FormattedText

    from arthas_cli.invocation import Invocation
    from arthas_cli.shell.jobs.runner import Runner


class Entry:
    """Reads the lines for one runner, and shows what is known of where they go."""

    def __init__(self, invocation: Invocation, runner: Runner) -> None:
        self._invocation = invocation
        self._runner = runner
        credentials = invocation.connection.credentials
        self.history = open_history(
            user_state_path("arthas-shell", appauthor=False) / "history",
            [credentials.password] if credentials else [],
        )
        self.completer: ShellCompleter = make_completer(
            runner.link.server,
            runner.preflight.lookup.catalogue.commands,
            lambda: runner.link.welcome.version_numbers,
            {name: Word(one.summary, one.values) for name, one in COMMANDS.items()},
            is_asking=invocation.environment.stdout.isatty() and invocation.settings.has_index,
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
        link, server = self._runner.link, self._runner.link.server
        encoding = getattr(self._invocation.environment.stdout, "encoding", None) or ""
        return format_prompt(
            link.welcome,
            server.url,
            encoding,
            profile=self._invocation.settings.profile,
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
        runner = self._runner
        return Status(
            format_server(runner.link.welcome, runner.link.server.url),
            jobs=[job.news for job in runner.jobs.list_all()],
            index=format_index(self.completer.knowledge),
            display_format=runner.display_format,
            silent_since=runner.link.server.silence.since,
        )

    def _turn_format(self) -> None:
        formats = list(DISPLAY_FORMATS)
        at = formats.index(self._runner.display_format) + 1
        self._runner.display_format = formats[at % len(formats)]
