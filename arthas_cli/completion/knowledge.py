"""What is known of the target for completion, asked for in the background and never waited for.

One thread asks, one question after another, each an `exec` without a session. Arthas runs the
commands of everybody on one thread, so there is a pause behind each question that is four times
as long as the question took: at most a fifth of that thread's time is ours. Only reads are asked.
`tt -l` and `retransform -l` are none of them, for they make the server write out the objects
recorded and the bytes of classes: records are asked for in another way, and entries of retransform
come from results that the user asked for. `sc -f` reads the static fields, by which the JVM
initialises a class that was not: so it is asked for at a wish of the user's (Tab) alone.

How class names are had: `classes.py`.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from arthas_cli.completion.classes import ClassesElsewhere, ClassNames, list_classes
from arthas_cli.completion.facts import LIST_RECORDS, Fact, Topic, read_facts
from arthas_cli.completion.index import ClassIndex, is_typeable
from arthas_cli.completion.loaders import Note, tell_apart
from arthas_cli.errors import ArthasShellError, ServerError
from arthas_cli.line.tokens import quote_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from arthas_cli.protocol import Result
    from arthas_cli.session.ask import Answer

# A user who has waited so long for an answer wants what there is without it.
_PATIENCE_S = 5.0
_PAUSE_RATIO, _MAX_PAUSE_S = 4, 10.0
_MAX_NAMES = 5_000  # of one topic; classes are in the index
# A name of these has a note for each overload, and for each class loader.
_OF_LOADERS = (Topic.METHOD, Topic.FIELD)


@dataclass(frozen=True, slots=True)
class Question:
    """A command that tells names; `{}` in it stands for what they belong to.

    `lasts_s`: for how long what it said holds; `changed_by`: unless that command was run.
    `since`: the version of Arthas that answers it well. `only_on_request`: it is not asked for
    while a user types.
    """

    line: str
    lasts_s: float
    changed_by: str = ""
    since: tuple[int, ...] = ()
    only_on_request: bool = False

    def fits(self, of: str) -> bool:
        """Return whether it can be asked of that: of a name, where it is of one, and no pattern."""
        is_name = bool(of) and of.isprintable() and _WILD.isdisjoint(of)
        return is_name if "{}" in self.line else not of


_WILD = frozenset("*?|")
_FOREVER_S = float("inf")
QUESTIONS: Mapping[Topic, Question] = {
    Topic.CLASS: Question("classloader -a", _FOREVER_S),
    Topic.METHOD: Question("sm -d {}", 300),  # another loader may have loaded the class by then
    # Older ones write out the objects in the fields, and cannot where these are circular.
    Topic.FIELD: Question("sc -d -f {}", 300, since=(3, 6, 9), only_on_request=True),
    Topic.LOADER: Question("classloader -l", 60),
    Topic.LOADER_CLASS: Question("classloader -l", 60),
    Topic.HOLDER: Question("sc -d {}", 60),
    Topic.THREAD: Question("thread --all -i 1", 10),
    Topic.SYSPROP: Question("sysprop", _FOREVER_S, "sysprop"),
    Topic.ENV: Question("sysenv", _FOREVER_S),
    Topic.VMOPTION: Question("vmoption", 60, "vmoption"),
    Topic.OPTION: Question("options", _FOREVER_S),
    Topic.LOGGER: Question("logger", 300),
    Topic.MBEAN: Question("mbean", 300),
    Topic.ATTRIBUTE: Question("mbean -m {}", _FOREVER_S),
    Topic.TT_INDEX: Question(LIST_RECORDS, 30, "tt"),
    Topic.RECORDING: Question("jfr status", 30, "jfr"),
}


class Knowledge:
    """Names by topic; what is missing or old is asked for, and is there with a later key.

    Args:
        ask: sends one command and returns what it said.
        find_version: returns the server's version, empty where it is not known.
        list_others: returns what asks other JVMs, which have classes too. Each is asked once, when
            there is nothing else to ask.
        pause: waits so many seconds between two questions.

    `is_on`: whether anything is asked. `on_news` is called in the asking thread when an answer
    has come. `index` holds the names of classes, `used` how often words were used. `is_lacking`:
    since it was last set to False, something was looked for that is only just being asked for.

    Threads: any asks; one of its own takes the answers, and alone sets `index` and `is_on`, each as
    a whole. `_wake` guards the questions: `_waiting`, `_asked`, `_thread` and `is_lacking`. `_lock`
    guards `_told`. `used` is of the thread that completes; what `_last_hit` misses is kept twice.
    """

    def __init__(
        self,
        ask: Callable[[str], Answer],
        *,
        is_on: bool = True,
        find_version: Callable[[], tuple[int, ...]] = lambda: (),
        list_others: Callable[[], Iterable[Callable[[str], Answer]]] = tuple,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self.index = ClassIndex()
        self.is_on = is_on
        self.is_lacking = False
        self.used: Counter[str] = Counter()
        self.on_news: Callable[[], object] = lambda: None
        self._ask = ask
        self._find_version = find_version
        self._list_others = list_others
        self._elsewhere = ClassesElsewhere(ClassNames(), ())
        self._pause = pause
        self._rest_until = 0.0
        self._told: dict[tuple[Topic, str], dict[str, tuple[Note, ...]]] = {}
        self._asked: dict[str, float] = {}
        self._last_hit: object = None
        self._waiting: deque[tuple[Topic, str, str]] = deque()
        self._wake = threading.Condition()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def find(
        self, topic: Topic, of: str = "", loader: str = "", *, on_request: bool = False
    ) -> Mapping[str, tuple[str, ...]]:
        """Return the names known now, each with its notes; what is missing is asked for.

        `loader`: as in `tell_apart`. `on_request`: as in `want`.
        """
        self.want(topic, of, on_request=on_request)
        with self._lock:
            return tell_apart(self._told.get((topic, of), {}), loader)

    def want(self, topic: Topic, of: str = "", *, on_request: bool = False) -> None:
        """Ask for the topic in the background, unless that was done; do not wait.

        `on_request`: the user has asked for completions, and did not just type on.
        """
        question = QUESTIONS.get(topic)
        if not self.is_on or question is None or not question.fits(of):
            return
        if question.since > self._find_version() or (question.only_on_request and not on_request):
            return
        line = question.line.format(quote_word(of)) if of else question.line
        now = time.monotonic()
        with self._wake:
            asked = self._asked.get(line, -_FOREVER_S)
            if now < asked + question.lasts_s:
                is_to_come = any(waiting[2] == line for waiting in self._waiting)
                self.is_lacking |= is_to_come and now < asked + _PATIENCE_S
                return
            self.is_lacking = True
            self._asked[line] = now
            self._waiting.append((topic, of, line))
            self._wake.notify()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="completion", daemon=True)
                self._thread.start()

    def expire(self, command: str | None = None) -> None:
        """Forget what the command may have changed; everything if it is None."""
        with self._wake:
            if command is None:
                self._asked.clear()
            for question in QUESTIONS.values():
                if question.changed_by == command:
                    self._asked.pop(question.line, None)

    def learn(self, result: Result) -> None:
        """Keep the names in a result that the user asked for."""
        hit = (result.data.get("className"), result.data.get("methodName"))
        if hit != (None, None) and hit == self._last_hit:
            return  # a hot stream tells the same name thousands of times a second
        self._last_hit = hit
        self._keep(read_facts(result))

    @property
    def waiting(self) -> int:
        """How many answers are still to come."""
        return len(self._waiting)

    def _run(self) -> None:
        while True:
            with self._wake:
                while not (self._waiting or self._elsewhere.has_more):
                    self._wake.wait()
                question = self._waiting[0] if self._waiting else None
            if question is None:
                self._ask_elsewhere()
                continue
            try:
                self._answer(*question)
            except ServerError:  # each one brings a server of 3.x nearer to its end
                self.is_on = False
            except ArthasShellError:
                pass  # what is not known is not offered; the line itself will say what is wrong
            with self._wake:
                self._waiting.popleft()
            self.on_news()

    def _answer(self, topic: Topic, of: str, line: str) -> None:
        if not self.is_on:
            return
        if topic is Topic.CLASS:
            names = list_classes(self._ask_gently)
            self.index = ClassIndex(names.own, names.jdk)
            self._elsewhere = ClassesElsewhere(names, self._list_others())
            return
        answer = self._ask_gently(line)
        facts = [fact for result in answer.results for fact in read_facts(result)]
        if answer.is_whole:  # what it does not tell is no more
            with self._lock:
                for key in {(topic, of), *((fact.topic, fact.of) for fact in facts)}:
                    if key[0] is not Topic.CLASS:
                        self._told.pop(key, None)
        self._keep(facts)

    def _ask_elsewhere(self) -> None:
        with suppress(ArthasShellError):  # its classes are not offered
            if self._elsewhere.ask_next():
                names = self._elsewhere.names
                self.index = ClassIndex(names.own, names.jdk)
                self.on_news()

    def _ask_gently(self, line: str) -> Answer:
        rest = self._rest_until - time.monotonic()
        if rest > 0:
            self._pause(rest)
        begun = time.monotonic()
        try:
            answer = self._ask(line)
        finally:
            now = time.monotonic()
            self._rest_until = now + min(_MAX_PAUSE_S, _PAUSE_RATIO * (now - begun))
        if answer.outcome.error is not None and answer.outcome.state is None:  # nothing came back
            raise answer.outcome.error
        return answer

    def _keep(self, facts: Iterable[Fact]) -> None:
        with self._lock:
            for fact in facts:
                is_class = fact.topic is Topic.CLASS
                if not (is_typeable(fact.text) if is_class else fact.text.isprintable()):
                    continue  # nobody can type it, and it is not to be inserted
                names = self._told.setdefault((fact.topic, fact.of), {})
                note = Note(fact.note, fact.loader)
                earlier = names.pop(fact.text, ()) if fact.topic in _OF_LOADERS else ()
                names[fact.text] = earlier if note in earlier else (*earlier, note)
                if len(names) > _MAX_NAMES:
                    names.pop(next(iter(names)))
