"""The phases of a job, and of the interrupt of one; what leads from one to another is a table.

A job, as its results tell it:

    NEW ──begin──→ STARTED ──see──→ RUNNING ──enhance──→ ENHANCED
    STARTED ──enhance──→ ENHANCED
    STARTED, RUNNING, ENHANCED ──end──→ ENDED
    RUNNING, ENHANCED ──free──→ ENDED
    NEW, STARTED, RUNNING, ENHANCED ──give_up──→ ENDED
    STARTED, RUNNING, ENHANCED, ENDED ──trip──→ RACED ──end──→ ENDED
    ENDED, RACED ──forget──→ NEW

Its interrupt, which anybody may ask for and the server may not know what to do with:

    IDLE ──ask──→ WANTED ──stopped──→ STOPPED
    WANTED, UNMET ──no_job──→ DENIED ──ask──→ UNMET ──stopped──→ STOPPED
    WANTED ──other_job──→ UNMET
    DENIED ──stopped──→ STOPPED

What is not drawn changes nothing, or cannot be: then it is a bug of ours and raises. What the
server sends is never refused once it has started the job: it may send what it likes.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

P = TypeVar("P", bound=Enum)
E = TypeVar("E", bound=Enum)


class WrongEvent(RuntimeError):
    """Something is said to have happened that cannot in this phase."""


class JobPhase(Enum):
    """Where a job is.

    `NEW`: the server has not started it. `STARTED`: it has, and nothing of it was seen, so that
    what the queue says may be of the job before. `RUNNING`: its results come. `ENHANCED`: it has
    come through enhancing. `RACED`: it ended because the server tripped over itself while
    enhancing, and has enhanced nothing (docs/protocol.md, 3.5). `ENDED`: in any other way.
    """

    NEW = auto()
    STARTED = auto()
    RUNNING = auto()
    ENHANCED = auto()
    RACED = auto()
    ENDED = auto()


class JobEvent(Enum):
    """What may happen to a job.

    `BEGIN`: the server has started it; that may be told when it is waited for no more. `SEE`: a
    result of its own came, or is known to be lost. `ENHANCE`: it tells what it enhanced. `FREE`:
    the session would take another command. `END`: its `status` came. `TRIP`: a `status` that says
    so of a race. `GIVE_UP`: nobody waits for its end any more. `FORGET`: it is to be started again.
    """

    BEGIN = auto()
    SEE = auto()
    ENHANCE = auto()
    FREE = auto()
    END = auto()
    TRIP = auto()
    GIVE_UP = auto()
    FORGET = auto()


JOB_PHASES: Mapping[JobPhase, Mapping[JobEvent, JobPhase]] = {
    JobPhase.NEW: {
        JobEvent.BEGIN: JobPhase.STARTED,
        JobEvent.FREE: JobPhase.NEW,
        JobEvent.GIVE_UP: JobPhase.ENDED,
    },
    JobPhase.STARTED: {
        JobEvent.SEE: JobPhase.RUNNING,
        JobEvent.ENHANCE: JobPhase.ENHANCED,
        JobEvent.FREE: JobPhase.STARTED,
        JobEvent.END: JobPhase.ENDED,
        JobEvent.TRIP: JobPhase.RACED,
        JobEvent.GIVE_UP: JobPhase.ENDED,
    },
    JobPhase.RUNNING: {
        JobEvent.SEE: JobPhase.RUNNING,
        JobEvent.ENHANCE: JobPhase.ENHANCED,
        JobEvent.FREE: JobPhase.ENDED,
        JobEvent.END: JobPhase.ENDED,
        JobEvent.TRIP: JobPhase.RACED,
        JobEvent.GIVE_UP: JobPhase.ENDED,
    },
    JobPhase.ENHANCED: {
        JobEvent.SEE: JobPhase.ENHANCED,
        JobEvent.ENHANCE: JobPhase.ENHANCED,
        JobEvent.FREE: JobPhase.ENDED,
        JobEvent.END: JobPhase.ENDED,
        JobEvent.TRIP: JobPhase.RACED,
        JobEvent.GIVE_UP: JobPhase.ENDED,
    },
    JobPhase.RACED: {
        JobEvent.SEE: JobPhase.RACED,
        JobEvent.ENHANCE: JobPhase.RACED,
        JobEvent.FREE: JobPhase.RACED,
        JobEvent.END: JobPhase.ENDED,
        JobEvent.TRIP: JobPhase.RACED,
        JobEvent.GIVE_UP: JobPhase.RACED,
        JobEvent.FORGET: JobPhase.NEW,
    },
    JobPhase.ENDED: {
        JobEvent.BEGIN: JobPhase.ENDED,
        JobEvent.SEE: JobPhase.ENDED,
        JobEvent.ENHANCE: JobPhase.ENDED,
        JobEvent.FREE: JobPhase.ENDED,
        JobEvent.END: JobPhase.ENDED,
        JobEvent.TRIP: JobPhase.RACED,
        JobEvent.GIVE_UP: JobPhase.ENDED,
        JobEvent.FORGET: JobPhase.NEW,
    },
}


class InterruptPhase(Enum):
    """Where the interrupt of a job is.

    `WANTED`: the server has answered nothing yet. `STOPPED`: there was a job to stop. `DENIED`:
    there was none, it had ended before. `UNMET`: what was answered does not concern the job that
    is wanted to stop, which is started later.
    """

    IDLE = auto()
    WANTED = auto()
    UNMET = auto()
    DENIED = auto()
    STOPPED = auto()


class InterruptEvent(Enum):
    """What may happen to an interrupt: it is asked for, or answered."""

    ASK = auto()
    STOPPED = auto()
    NO_JOB = auto()
    OTHER_JOB = auto()


INTERRUPT_PHASES: Mapping[InterruptPhase, Mapping[InterruptEvent, InterruptPhase]] = {
    InterruptPhase.IDLE: {
        InterruptEvent.ASK: InterruptPhase.WANTED,
    },
    InterruptPhase.WANTED: {
        InterruptEvent.ASK: InterruptPhase.WANTED,
        InterruptEvent.STOPPED: InterruptPhase.STOPPED,
        InterruptEvent.NO_JOB: InterruptPhase.DENIED,
        InterruptEvent.OTHER_JOB: InterruptPhase.UNMET,
    },
    InterruptPhase.UNMET: {
        InterruptEvent.ASK: InterruptPhase.UNMET,
        InterruptEvent.STOPPED: InterruptPhase.STOPPED,
        InterruptEvent.NO_JOB: InterruptPhase.DENIED,
        InterruptEvent.OTHER_JOB: InterruptPhase.UNMET,
    },
    InterruptPhase.DENIED: {
        InterruptEvent.ASK: InterruptPhase.UNMET,
        InterruptEvent.STOPPED: InterruptPhase.STOPPED,
        InterruptEvent.NO_JOB: InterruptPhase.DENIED,
        InterruptEvent.OTHER_JOB: InterruptPhase.DENIED,
    },
    InterruptPhase.STOPPED: {
        InterruptEvent.ASK: InterruptPhase.STOPPED,
        InterruptEvent.STOPPED: InterruptPhase.STOPPED,
        InterruptEvent.NO_JOB: InterruptPhase.STOPPED,
        InterruptEvent.OTHER_JOB: InterruptPhase.STOPPED,
    },
}


def move(table: Mapping[P, Mapping[E, P]], phase: P, event: E) -> P:
    """Return the phase that the event leads to.

    Raises:
        WrongEvent: it cannot happen in this phase.
    """
    following = table[phase].get(event)
    if following is None:
        raise WrongEvent(f"{event.name} in the phase {phase.name}")
    return following
