"""Which of many JVMs get what is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import NotRun
from arthas_cli.text import count, suggest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


class Choice:
    """The names of those that get what is typed, of the names of all, in that order.

    `word`: what the user calls all of them, empty where there is no one word.
    """

    def __init__(self, names: Iterable[str], word: str = "") -> None:
        self.word = word
        self._all = tuple(names)
        self.active = self._all

    @property
    def label(self) -> str:
        """What stands for the active ones: `shop ×12`, `3 of 4 JVMs`."""
        active, most = len(self.active), len(self._all)
        if self.word:
            some = f"{self.word} ×{active}"
            return some if active == most else f"{some} of {most}"
        return count(most, "JVM") if active == most else f"{active} of {count(most, 'JVM')}"

    def narrow(self, names: Collection[str]) -> None:
        """Have these get what is typed.

        Raises:
            NotRun: there is none of that name.
        """
        self._require(names)
        self.active = tuple(name for name in self._all if name in names)

    def leave_out(self, names: Collection[str]) -> None:
        """Have these get nothing any more.

        Raises:
            NotRun: there is none of that name, or none would be left.
        """
        self._require(names)
        left = tuple(name for name in self.active if name not in names)
        if not left:
            raise NotRun("no JVM would be left", hint="run ':on all' to have all of them again")
        self.active = left

    def widen(self) -> None:
        """Have all get what is typed."""
        self.active = self._all

    def _require(self, names: Iterable[str]) -> None:
        for name in names:
            if name not in self._all:
                hint = suggest(name, self._all) or "run ':targets' to list them"
                raise NotRun(f"there is no target '{name}'", hint=hint)
