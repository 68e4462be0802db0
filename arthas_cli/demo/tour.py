"""`arthas-shell demo`: the shell on a sample JVM, or a short tour where nobody types."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from arthas_cli.attach.distribution import VERSION
from arthas_cli.config.credentials import Credentials
from arthas_cli.demo.target import start_target
from arthas_cli.errors import ExitCode
from arthas_cli.invocation import NO_OUTPUT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arthas_cli.formats import Report, ResultWriter
    from arthas_cli.interrupts import Interrupts
    from arthas_cli.invocation import Invocation
    from arthas_cli.protocol import Result


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of the tour: what is shown, and after how many hits it is interrupted.

    `words`: the options that say so on the command line.
    """

    why: str
    line: str
    output: dict[str, object] = field(default_factory=dict)
    hits: int | None = None
    words: str = ""


TOUR = (
    Stop("the version of Arthas in the JVM", "version"),
    Stop(
        "each call of a method, with its arguments and result, until Ctrl+C interrupts it",
        "watch demo.MathGame primeFactors '{params,returnObj,throwExp}' -x 2",
        hits=3,
    ),
    Stop("where the time of a call goes", "trace demo.MathGame run -n 1"),
    Stop("the first again, for a program", "version", {"output": "json"}, words="-o json "),
)


@dataclass
class InterruptingWriter:
    """Shows results and, after `hits` of the type `counted`, does what Ctrl+C would do."""

    writer: ResultWriter
    interrupts: Interrupts
    counted: str
    hits: int

    def show(self, result: Result) -> None:
        """Show the result as `writer` does."""
        self.writer.show(result)
        self.hits -= result.type == self.counted
        if self.hits == 0 and self.interrupts.job is not None:
            self.interrupts.job.interrupt()

    def flush(self) -> None:
        """Hand on what was shown."""
        self.writer.flush()

    def end(self, report: Report) -> None:
        """End as `writer` does."""
        self.writer.end(report)


def run_demo(invocation: Invocation) -> int:
    """Run the demo; the sample JVM ends with it, whichever way it ends.

    Raises:
        NotRun: there is no Java.
        NoServer: Arthas cannot be fetched, or does not attach.
    """
    diagnostics = invocation.make_diagnostics()
    diagnostics.note(f"starting a sample JVM with Arthas {VERSION} in it …")
    credentials = choose_credentials(invocation)
    with start_target(credentials=credentials) as target:
        place: dict[str, object] = {
            "url": target.url,
            "username": credentials.username,
            "password": credentials.password,
        }
        invocation = replace(invocation, layers=[place, *invocation.layers])
        if invocation.environment.has_terminal_input:
            from arthas_cli.shell.app import run_shell

            left = run_shell(invocation)
            if not target.is_alive:
                diagnostics.note("the sample JVM has ended; 'arthas-shell demo' starts another one")
            return left
        return show_tour(invocation, TOUR)


def show_tour(invocation: Invocation, stops: Sequence[Stop]) -> int:
    """Run the lines of the stops up to the first that fails; return its code."""
    code = next((code for stop in stops if (code := _show(invocation, stop))), ExitCode.OK)
    invocation.make_diagnostics().note(
        "end of the tour; run it in a terminal to get an interactive shell"
    )
    return code


def choose_credentials(invocation: Invocation) -> Credentials:
    """Return what Arthas is to want, or everybody on this machine could run code in the JVM.

    The password is the one given here, by which another terminal comes in too, else a new one.
    """
    given = next(filter(None, (place.get("password") for place in invocation.places)), None)
    return Credentials("arthas", str(given or token_urlsafe()))


def _show(invocation: Invocation, stop: Stop) -> int:
    batch = invocation.make_batch(NO_OUTPUT | stop.output)
    if stop.hits is not None:
        writer = InterruptingWriter(batch.make_writer(), batch.interrupts, "watch", stop.hits)
        batch = replace(batch, make_writer=lambda: writer)
    out = invocation.environment.stdout
    out.write(f'\n# {stop.why}\n$ arthas-shell exec {stop.words}"{stop.line}"\n')
    out.flush()
    with batch.interrupts.watch():
        return batch.run_line(stop.line)
