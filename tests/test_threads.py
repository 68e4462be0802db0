"""What two threads share is named with its lock (docs/decisions/threads.md)."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

from support.table import each_row

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent / "arthas_cli"
LOCKS = {"Lock", "RLock", "Condition"}
SIGNS = LOCKS | {"Event", "Thread", "SimpleQueue"}


def find_shared() -> Iterator[tuple[str, str, set[str]]]:
    """Yield the classes that threads share, their docstrings, and the names of their locks."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                kept = list(list_kept(node))
                if kept:
                    locks = {name for name, kind in kept if kind in LOCKS}
                    yield node.name, ast.get_docstring(node) or "", locks


def list_kept(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a class that hold what threads are made and kept apart with."""
    for each in ast.walk(node):
        if isinstance(each, ast.AnnAssign | ast.Assign) and each.value is not None:
            target = each.target if isinstance(each, ast.AnnAssign) else each.targets[0]
            name = getattr(target, "attr", getattr(target, "id", ""))
            value = ast.unparse(each.value)
            for kind in SIGNS:
                if f"threading.{kind}" in value or f"queue.{kind}" in value:
                    yield name, kind


SHARED = list(find_shared())


@each_row(("text", "locks"), [row[1:] for row in SHARED], ids=[row[0] for row in SHARED])
def test_a_class_that_threads_share_says_which_come_and_what_each_lock_guards(
    text: str, locks: set[str]
) -> None:
    threads = text.partition("\nThreads: ")[2]
    assert threads
    assert {name for name in locks if f"`{name}`" in threads} == locks


def test_the_classes_that_threads_share_are_found() -> None:
    assert {"JobState", "Interrupt", "PullLoop", "Jobs", "Task", "Knowledge"} <= {
        name for name, _, _ in SHARED
    }
