"""Runs what a line that begins with `:every` says."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from arthas_cli.client.client import Client
from arthas_cli.line.plan import Plan
from arthas_cli.output import Paper
from arthas_cli.session.doubts import find_doubts
from arthas_cli.shell.jobs.display import make_screen
from arthas_cli.shell.jobs.drawing import Drawing
from arthas_cli.shell.jobs.many import draw as draw_all
from arthas_cli.shell.jobs.many import find_form
from arthas_cli.shell.jobs.repeat import Rounds, RoundWriter, check_ends, parse_every
from arthas_cli.shell.jobs.task import Task
from arthas_cli.shell.terminal.output import JobOutput

if TYPE_CHECKING:
    from arthas_cli.session.outcome import Job
    from arthas_cli.shell.jobs.runner import Runner


def repeat(runner: Runner, line: str) -> None:
    """Run the command in the line again and again, each round drawn over the last.

    Raises:
        ArthasShellError: the line, or the command in it, would not work.
    """
    every = parse_every(line)
    plan, piping = runner.preflight.check(every.line, runner.display_format)
    check_ends(plan)
    piping.refuse_screen("without ':every'")
    screen = make_screen(runner.invocation)
    links = runner.links
    members = [place.member for place in links.active]
    make = find_form(plan, members, replace(piping, display_format="text"))
    if not links.is_many:
        draw = piping.draw if piping.is_local else screen.draw
    elif piping.is_local:
        draw = partial(piping.draw, make_text=lambda stream: make(Paper(stream)))
    else:
        draw = partial(draw_all, screen, plan, make)

    def start() -> Job:
        if links.is_many:
            return links.start(plan)
        runner.link.confirm()
        find_doubts(runner.link.server, plan.line).require(())
        return Client(runner.link.server).start(plan)

    rounds = Rounds(every, start, draw, lambda result: runner.files.read(result, plan.file))
    job_output = JobOutput(runner.terminal)
    writer = RoundWriter(every, rounds, screen, job_output, runner.terminal)
    whole = Plan(line, ":every", is_stream=True, is_interruptible=True, noun="round")
    outcome = runner.look_on(Task(rounds, whole, Drawing(job_output, writer)), None)
    if outcome.error is not None:
        raise outcome.error
