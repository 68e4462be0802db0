"""The phases of a command that the shell runs, as its user sees it.

    NEW ──start──→ RUNNING ──stop──→ STOPPING ──detach──→ DETACHED
    RUNNING ──end──→ ENDED ──stop──→ STOPPED
    STOPPING ──end──→ STOPPED

What is not drawn changes nothing, or cannot be (`session.phases`).
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class TaskPhase(Enum):
    """Where a command is. `DETACHED`: its user waits for its end no more, whatever becomes of it.

    `STOPPED`: it has ended, and somebody asked to stop it, which may not be why.
    """

    NEW = auto()
    RUNNING = auto()
    STOPPING = auto()
    DETACHED = auto()
    ENDED = auto()
    STOPPED = auto()


class TaskEvent(Enum):
    """What may happen to it."""

    START = auto()
    STOP = auto()
    DETACH = auto()
    END = auto()


TASK_PHASES: Mapping[TaskPhase, Mapping[TaskEvent, TaskPhase]] = {
    TaskPhase.NEW: {
        TaskEvent.START: TaskPhase.RUNNING,
    },
    TaskPhase.RUNNING: {
        TaskEvent.START: TaskPhase.RUNNING,
        TaskEvent.STOP: TaskPhase.STOPPING,
        TaskEvent.END: TaskPhase.ENDED,
    },
    TaskPhase.STOPPING: {
        TaskEvent.START: TaskPhase.STOPPING,
        TaskEvent.STOP: TaskPhase.STOPPING,
        TaskEvent.DETACH: TaskPhase.DETACHED,
        TaskEvent.END: TaskPhase.STOPPED,
    },
    TaskPhase.DETACHED: {
        TaskEvent.STOP: TaskPhase.DETACHED,
        TaskEvent.DETACH: TaskPhase.DETACHED,
        TaskEvent.END: TaskPhase.DETACHED,
    },
    TaskPhase.ENDED: {
        TaskEvent.START: TaskPhase.ENDED,
        TaskEvent.STOP: TaskPhase.STOPPED,
        TaskEvent.DETACH: TaskPhase.ENDED,
    },
    TaskPhase.STOPPED: {
        TaskEvent.START: TaskPhase.STOPPED,
        TaskEvent.STOP: TaskPhase.STOPPED,
        TaskEvent.DETACH: TaskPhase.STOPPED,
    },
}
