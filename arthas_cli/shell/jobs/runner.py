"""Runs lines of the shell: in the foreground looked on at, in the background above the prompt."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from arthas_cli.client.client import Client
from arthas_cli.diagnostics import clean
from arthas_cli.errors import ArthasShellError, NoServer, ServerError
from arthas_cli.fleet.job import FleetJob
from arthas_cli.formats import Report
from arthas_cli.line.secrets import hide_secret
from arthas_cli.protocol import State
from arthas_cli.session.enhanced import forget
from arthas_cli.session.outcome import Outcome
from arthas_cli.session.session import Session
from arthas_cli.session.stream import Stream
from arthas_cli.shell.jobs import many
from arthas_cli.shell.jobs.answer import Answer, KeepingWriter
from arthas_cli.shell.jobs.background import Jobs, find_meeting
from arthas_cli.shell.jobs.consent import Declined
from arthas_cli.shell.jobs.display import make_screen
from arthas_cli.shell.jobs.drawing import Drawing
from arthas_cli.shell.jobs.live import LiveView
from arthas_cli.shell.jobs.offer import list_file_notes
from arthas_cli.shell.jobs.piped import PipedTask
from arthas_cli.shell.jobs.preflight import Preflight
from arthas_cli.shell.jobs.summary import (
    advise,
    advise_behind,
    format_end,
    format_let_go,
    may_run_again,
    name_ending,
    never_began,
)
from arthas_cli.shell.jobs.task import Task
from arthas_cli.shell.terminal.output import JobOutput, Terminal
from arthas_cli.text import count, one_line
from arthas_cli.written import FileNotes

if TYPE_CHECKING:
    from collections.abc import Callable

    from arthas_cli.diagnostics import Diagnostics
    from arthas_cli.formats import ResultWriter
    from arthas_cli.interrupts import HangupWatch
    from arthas_cli.invocation import Invocation
    from arthas_cli.line.plan import Plan
    from arthas_cli.output import Paper
    from arthas_cli.protocol import Result
    from arthas_cli.session.outcome import Job
    from arthas_cli.shell.jobs.link import Link
    from arthas_cli.shell.jobs.links import Links
    from arthas_cli.shell.jobs.many import Held
    from arthas_cli.shell.jobs.onlooker import Sharing
    from arthas_cli.shell.jobs.piped import Piping


_COME_BACK = "run ':reconnect' once a JVM with Arthas is back"


class Runner:
    """Runs commands on one JVM, or on many.

    `display_format`: how results are shown, one of `display.DISPLAY_FORMATS`. `answer`: the last
    one, None before the first. `enhancing`: the last line that was to enhance something. `ending`:
    how the last line ended, as in `Entry.outcome`. `learn` is told each result. `say` writes a line
    of the shell's own. `files`: what is known of files that results name. `sharing`: shows what
    others do in the session. `was_stopped_by_q`: the last command, by the first letter of `quit`.
    """

    def __init__(
        self,
        invocation: Invocation,
        links: Links,
        diagnostics: Diagnostics,
        say: Callable[[str], None],
        hangup: HangupWatch | None = None,
    ) -> None:
        self.links = links
        self.sharing: Sharing | None = None
        self.jobs: Jobs = Jobs(
            invocation.settings.max_jobs,
            is_quiet=invocation.settings.background == "collect",
            remark=self._list_remarks,
        )
        self.terminal = Terminal(hangup, lambda: invocation.environment.output_width)
        self.preflight = Preflight(links, self.terminal, invocation, say)
        self.preflight.consent.find_own = self.jobs.list_running
        self.display_format: str = "text"
        self.answer: Answer | None = None
        self.enhancing = ""
        self.ending = "ok"
        self.learn: Callable[[Result], object] = lambda _: None
        self.was_stopped_by_q = False
        self._seen: Task | None = None
        self.invocation = invocation
        self.diagnostics = diagnostics
        self.say = say
        self.files = FileNotes()

    @property
    def link(self) -> Link:
        """The link to the one JVM; of many, to the first that answers."""
        return self.links.lead

    def run(self, line: str, *, is_raw: bool = False) -> bool:
        """Run a line and show what comes; return whether what follows it may run too.

        Errors are reported, not raised. With `is_raw` the line goes unchecked.
        """
        try:
            plan, piping = self.preflight.check(line, self.display_format, is_raw=is_raw)
            self.enhancing = plan.line if plan.enhances else self.enhancing
            if self.links.is_many:
                return self.run_on_all(plan, piping)
            outcome = self._run_plan(plan, piping)
            if may_run_again(plan, outcome) and self.sharing is None:
                self.link.drop()
                outcome = self._run_plan(plan, piping)
            advise(self.link.server, plan, outcome, self.preflight.consent.find_names())
            if plan.resets and outcome.error is None:
                forget(self.link.server, plan.line)
            self.ending = name_ending(outcome)
            if outcome.error is not None:
                raise outcome.error
        except ArthasShellError as error:
            self.report(error)
            self.ending = name_ending(Outcome(error=error))
            if isinstance(error, NoServer | ServerError):
                self.link.drop()  # what its queue still holds is not to be trusted
            return False
        return outcome.state not in (None, State.INTERRUPTED)

    def report(self, error: ArthasShellError) -> None:
        """Print what went wrong, or that nothing was sent if the user declined."""
        if isinstance(error, Declined):
            self.say(error.message)
            return
        if error.kind == NoServer.kind and self.link.welcome.pid:  # it was there
            error.hint = _COME_BACK
        self.diagnostics.report(error)

    def list_sessions(self) -> list[str]:
        """Return the ids of the sessions of this shell."""
        return [*self.link.list_sessions(), *(job.session.id for job in self.jobs.list_running())]

    def close(self) -> None:
        """End what runs and close the sessions, in any state; say what may still be running."""
        self.link.drop()  # beside the others: a server that does not answer takes its time
        self.end_jobs()
        if not self.links.close() and self._seen is not None:
            self._warn_of([self._seen.line])

    def end_jobs(self) -> bool:
        """Stop the background jobs; return which may still be running, and whether all ended."""
        lines = self.jobs.close()
        self._warn_of(lines)
        return not lines

    def _warn_of(self, lines: list[str]) -> None:
        for line in lines:
            with suppress(OSError):  # the terminal may be gone
                self.diagnostics.warn(
                    f"the server does not answer, '{one_line(hide_secret(line))}' may still be"
                    " running"
                )

    def _list_remarks(self, task: Task) -> list[str]:
        if task.outcome.error is None:
            return [clean(text) for text in list_file_notes(task, self.files) if text]
        names = self.preflight.consent.find_names()
        return [text for text in [advise_behind(self.link.server, task, names)] if text]

    def _run_plan(self, plan: Plan, piping: Piping) -> Outcome:
        self.answer = answer = Answer(plan, self.link.server.url)
        if plan.stops_server:
            self.link.confirm()
        session = None if plan.stops_server else self.link.open()
        job = Client(self.link.server).start(plan, session=session)
        return self.look_on(self.make_task(job, plan, piping, answer), session)

    def run_on_all(
        self,
        plan: Plan,
        piping: Piping,
        make_own: Callable[[Paper], ResultWriter] | None = None,
    ) -> bool:
        """Run a plan on all of many; return whether what follows it may run too.

        `make_own`: as of `many.make_task`.

        Raises:
            ArthasShellError: it ran on none, or a program here went wrong.
        """
        job = self.links.start(plan)
        screen = make_screen(self.invocation)
        self.answer = answer = Answer(plan, self.links.client.url, many.document_of(job))

        def learn(result: Result) -> None:
            answer.add(result)
            self.learn(result)

        task = many.make_task(job, plan, piping, self.terminal, screen, learn, make_own)
        outcome = self.look_on(task, many.Held(job))
        self.ending = name_ending(outcome)
        if outcome.error is not None:
            raise outcome.error
        answer.report = Report(plan.line, None, job.outcome, job.outcome.error)
        return not any(end.outcome.error for end in outcome.ends) and outcome.state not in (
            None,
            State.INTERRUPTED,
        )

    def make_task(self, job: Job, plan: Plan, piping: Piping, answer: Answer | None = None) -> Task:
        """Return the task of a line, which `answer` is to keep, its programs started.

        Raises:
            NotRun: a program cannot be started, or the file cannot be written.
        """
        if caution := find_meeting(plan.line, self.jobs.list_running()):
            self.diagnostics.warn(caution)
        if isinstance(job, FleetJob):
            screen = make_screen(self.invocation)
            return many.make_task(job, plan, piping, self.terminal, screen, self.learn)
        job_output = JobOutput(self.terminal)
        if piping.is_local:
            return piping.make_task(job, plan, job_output, self.terminal)
        screen = make_screen(self.invocation)
        writer = screen.make_writer(self.display_format, plan, job_output, self.terminal)
        if answer is None:
            return Task(job, plan, Drawing(job_output, writer), self.learn)

        def keep(result: Result) -> None:
            answer.add(result)
            self.learn(result)

        return Task(job, plan, Drawing(job_output, KeepingWriter(writer, answer)), keep)

    def look_on(self, task: Task, session: Session | Held | None) -> Outcome:
        """Show a task to the user to its end, or as far as they want; return how it ended.

        The error in it is still to be told. `session`: the one it runs in, None where in none.
        """
        is_shared = self.sharing is not None and self.sharing.session is session
        is_held = isinstance(task, PipedTask) and task.wants_screen
        can_be_left = not (is_shared or is_held)
        view = LiveView(task, self.terminal, can_be_left=can_be_left)
        self._seen = task
        try:
            view.run()
        except BaseException:
            if is_shared or not isinstance(session, Session):  # no session of ours ends it
                task.job.close()
            raise
        self._seen = None
        self.was_stopped_by_q = view.is_stopped_by_q
        if dropped := view.typed.dropped:
            self.diagnostics.note(f"{count(dropped, 'line')} typed ahead dropped")
        if view.is_left_running and session is not None:
            if isinstance(session, Session):
                self.link.give_away(session)
            self.say(f"{self.jobs.add(task, session).title} · still running; 'fg' brings it back")
            return Outcome()
        return self._conclude(task)

    def _conclude(self, task: Task) -> Outcome:
        """Announce how the command ended; return that, with the error that is still to be told."""
        plan, job, progress = task.plan, task.job, task.progress
        if isinstance(job, FleetJob):
            self.links.note(job.outcome.ends)
            names = self.preflight.consent.find_names()
            many.advise(self.links, plan, job.outcome, names)
            return many.conclude(task, job, self.diagnostics, self.say)
        if isinstance(task, PipedTask):
            task.show_screen()
        outcome = job.outcome
        if progress.is_let_go:
            tell = self.diagnostics.note if plan.is_interruptible else self.diagnostics.warn
            tell(format_let_go(plan, progress))
            if isinstance(job, Stream):  # nothing else is in the session
                self.link.drop(job)
            return Outcome()
        end = format_end(plan, progress, outcome, task.drawing.unshown)
        if end:  # a loss is told even where --quiet was asked for
            is_whole = outcome.lost == 0 and not task.drawing.unshown
            (self.diagnostics.note if is_whole else self.say)(end)
        if outcome.error is None and outcome.status is not None:
            said, offer = list_file_notes(task, self.files)
            if said:
                self.diagnostics.warn(said)
            if offer:
                self.diagnostics.note(offer)
        if progress.is_stopping and outcome.status is None:
            self.link.drop()  # its job may still be running
        is_told = never_began(outcome) or (plan.is_stream and outcome.status == 0)
        return outcome._replace(error=None) if progress.is_stopping and is_told else task.outcome
