"""Stack frames and threads, as `jstack` prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment

from arthas_cli import theme
from arthas_cli.jsontext import as_int
from arthas_cli.text import count
from arthas_cli.theme import DIM, ERROR, TITLE, WARNING
from arthas_cli.views.lines import Block, fold_line
from arthas_cli.views.read import get_number, get_row, get_rows, get_text, plain
from arthas_cli.views.units import format_minutes, format_percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from arthas_cli.views.lines import Line
    from arthas_cli.views.page import Page
    from arthas_cli.views.read import Row

_NATIVE = -2
_ARTHAS = "arthas-"  # how it names the threads that serve us


def format_place(frame: Row) -> str:
    """Return where a frame is: `Work.java:35`, `Native Method` or `Unknown Source`."""
    number = get_number(frame, "lineNumber")
    if number == _NATIVE or frame.get("nativeMethod") is True:
        return "Native Method"
    file = get_text(frame, "fileName")
    if number is None or number < 0:
        return file or "Unknown Source"
    return f"{file or 'Unknown Source'}:{plain(number)}"


def format_method(frame: Row) -> str:
    """Return `loader/module@version/class.method`, of what the frame has (servers to 3.7)."""
    module = get_text(frame, "moduleName")
    version = get_text(frame, "moduleVersion")
    module = f"{module}@{version}" if module and version else module
    loader = get_text(frame, "classLoaderName")
    origin = f"{loader}/{module}/" if loader else (f"{module}/" if module else "")
    return f"{origin}{get_text(frame, 'className')}.{get_text(frame, 'methodName')}"


def frame_lines(
    frames: list[Row], indent: str = "    ", locks: dict[int, list[str]] | None = None
) -> Iterator[Line]:
    """Yield a line for each frame, and after it what is locked there (by depth)."""
    for depth, frame in enumerate(frames):
        yield (
            Segment(f"{indent}at ", DIM),
            Segment(format_method(frame)),
            Segment(f"({format_place(frame)})", DIM),
        )
        for lock in (locks or {}).get(depth, ()):
            yield (Segment(f"{indent}    - locked {lock}", WARNING),)


def render_stack(data: Row, page: Page) -> Block:
    """Draw one hit of `stack`: where the method was called from."""
    return Block(_stack_lines(data, page.width))


def _stack_lines(data: Row, width: int | None) -> Iterator[Line]:
    yield from fold_line(origin_line(data, "ts"), width)
    frames = get_rows(data, "stackTrace")
    if frames:
        first = frames[0]
        yield (
            Segment("    @", DIM),
            Segment(f"{format_method(first)}()", TITLE),
            Segment(f" ({format_place(first)})", DIM),
        )
    yield from frame_lines(frames[1:], "        ")
    yield ()


def origin_line(data: Row, time_key: str) -> Line:
    """Return when and in which thread something was seen: the head of `stack` and `trace`."""
    facts = [
        ("ts", get_text(data, time_key)),
        ("thread", f"{get_text(data, 'threadName')}({get_text(data, 'threadId')})"),
        ("daemon", get_text(data, "daemon")),
        ("priority", get_text(data, "priority")),
        ("TCCL", get_text(data, "classloader")),
        ("trace_id", get_text(data, "traceId")),
        ("rpc_id", get_text(data, "rpcId")),
    ]
    return (Segment("; ".join(f"{name}={value}" for name, value in facts if value), DIM),)


def format_lock(lock: Row) -> str:
    """Return `java.lang.Object@10fa3d45`."""
    number = get_number(lock, "identityHashCode")
    mark = f"{number & 0xFFFFFFFF:x}" if isinstance(number, int) else "?"
    return f"{get_text(lock, 'className')}@{mark}"


def thread_lines(thread: Row) -> Iterator[Line]:
    """Yield one thread with its stack; `-n` names its fields otherwise than `thread ID`."""
    state = get_text(thread, "state") or get_text(thread, "threadState")
    name = get_text(thread, "name") if "name" in thread else get_text(thread, "threadName")
    number = get_text(thread, "id") if "id" in thread else get_text(thread, "threadId")
    yield (
        Segment(f'"{name}"', TITLE),
        Segment(f" Id={number}{_times(thread)} "),
        Segment(state, theme.THREAD_STATES.get(state)),
        *_waiting(thread),
    )
    whose = "Arthas' own, " if name.startswith(_ARTHAS) else ""
    yield (Segment(f"    {whose}"), Segment(_flags(thread), DIM))
    locks: dict[int, list[str]] = {}
    for monitor in get_rows(thread, "lockedMonitors"):
        depth = get_number(monitor, "lockedStackDepth")
        locks.setdefault(int(depth or 0), []).append(format_lock(monitor))
    frames = get_rows(thread, "stackTrace")
    yield from frame_lines(frames, locks=locks)
    for depth in sorted(locks):
        if not 0 <= depth < len(frames):
            for lock in locks[depth]:
                yield (Segment(f"    - locked {lock}", WARNING),)
    synchronizers = get_rows(thread, "lockedSynchronizers")
    if synchronizers:
        yield (Segment(f"    locked synchronizers: {len(synchronizers)}"),)
        for synchronizer in synchronizers:
            yield (Segment(f"    - {format_lock(synchronizer)}", WARNING),)


def _times(thread: Row) -> str:
    times = ""
    if "cpu" in thread:
        times += f" cpu={format_percent(thread.get('cpu'))}"
    if "deltaTime" in thread:
        times += f" delta={get_text(thread, 'deltaTime')}ms"
    if "time" in thread:
        times += f" time={format_minutes(thread.get('time'))}"
    return times


def _waiting(thread: Row) -> Iterator[Segment]:
    lock = get_text(thread, "lockName")
    if not lock and get_row(thread, "lockInfo"):
        lock = format_lock(get_row(thread, "lockInfo"))
    if lock:
        yield Segment(f" on {lock}", WARNING)
    owner = get_text(thread, "lockOwnerName")
    if owner:
        yield Segment(f' owned by "{owner}" Id={get_text(thread, "lockOwnerId")}', ERROR)


def _flags(thread: Row) -> str:
    flags = [
        f"{label}={get_text(thread, key)}"
        for key, label in (("group", "group"), ("priority", "priority"), ("daemon", "daemon"))
        if key in thread
    ]
    flags += [
        label
        for key, label in (
            ("interrupted", "interrupted"),
            ("inNative", "in native"),
            ("suspended", "suspended"),
        )
        if thread.get(key) is True
    ]
    for key in ("blocked", "waited"):
        count, time = get_number(thread, f"{key}Count"), get_number(thread, f"{key}Time")
        if count is not None:
            took = f" ({plain(time)}ms)" if time is not None and time >= 0 else ""
            flags.append(f"{key}={plain(count)}{took}")
    return ", ".join(flags)


def render_thread(data: Row, page: Page) -> Block:
    """Draw `thread ID`."""
    del page
    return Block(thread_lines(get_row(data, "threadInfo")))


def render_busy_threads(data: Row, page: Page) -> Block:
    """Draw `thread -n N`: the busiest threads, an empty line between them."""
    del page

    def lines() -> Iterator[Line]:
        for at, thread in enumerate(get_rows(data, "busyThreads")):
            if at:
                yield ()
            yield from thread_lines(thread)

    return Block(lines())


def render_blocking(data: Row, page: Page) -> Block:
    """Draw `thread -b`: the thread that blocks the most others."""
    del page
    info = get_row(data, "blockingLockInfo")

    def lines() -> Iterator[Line]:
        waiting, number = as_int(info.get("blockingThreadCount")), info.get("lockIdentityHashCode")
        others = "other threads" if waiting is None else count(waiting, "other thread")
        mark = f"{number & 0xFFFFFFFF:x}" if isinstance(number, int) else "?"
        yield from thread_lines(get_row(info, "threadInfo"))
        yield (Segment(f"    the lock @{mark} it holds blocks {others}", ERROR),)

    return Block(lines())
