"""Files that results name, and whether the command has written them.

The name in a `profiler` result says where a file would be: only "OK" beside it says that there is
one (tried on 3.6.4 and 4.1.5). On 4.1.5 the name at the end of a run can be that of another run,
the file of an earlier `start`. A recording (JFR) is written as it runs, and its end says nothing.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.errors import CommandFailed
from arthas_cli.jsontext import as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from arthas_cli.jsontext import Json
    from arthas_cli.protocol import Result

_WRITTEN = "OK"
# The folder of which the server hands out files; it stands in the working folder of the JVM.
_REACHED = "arthas-output/"
_RECORDING = ".jfr"
# The server's own name: two within a second are the same.
_GENERATED = re.compile(r"\d{8}-\d{6}\.\w+$")
# async-profiler fills in the time, the pid and the like (`%t`), and the server does not know it.
_FILLED_IN = "%"


# The results that may name one.
_NAMING = frozenset({"heapdump", "profiler", "jfr"})
# The results that may stand for one that was not written.
FAILING = _NAMING | {"dump"}


class State(Enum):
    """What is known of a file that a result names."""

    WRITTEN = auto()
    COMING = auto()
    UNSURE = auto()
    MISSING = auto()


class NamedFile(NamedTuple):
    """A file by its name on the server, and what is known of it."""

    path: str
    state: State


def read_file(kind: str, data: Mapping[str, Json]) -> NamedFile | None:
    """Return the file that a result of this type names, None where it names none."""
    if kind not in _NAMING:
        return None
    texts = {name: as_text(value) or "" for name, value in data.items()}
    match kind:
        case "heapdump" if texts.get("dumpFile"):
            return NamedFile(texts["dumpFile"], State.WRITTEN)
        case "profiler" if texts.get("outputFile"):
            return NamedFile(texts["outputFile"], _judge_profile(texts))
        case "jfr":
            first, _, last = texts.get("jfrOutput", "").strip().rpartition("\n")
            if first.startswith(("Dump recording", "Stop recording")):
                return NamedFile(last, State.WRITTEN)
    return None


def _judge_profile(texts: Mapping[str, str]) -> State:
    if texts.get("action") not in ("stop", "dump"):
        return State.COMING
    said, path = texts.get("executeResult", "").strip(), texts["outputFile"]
    if said == _WRITTEN:
        return State.WRITTEN
    is_recording = path.endswith(_RECORDING) and (said or not _GENERATED.search(path))
    return State.UNSURE if is_recording else State.MISSING


def find_path(result: Result, given: str = "") -> str:
    """Return where the file is that the command has just written, empty where there is none.

    `given`: the name that the line itself gives it; the server may name another.
    """
    file = read_file(result.type, result.data)
    if file is None or file.state is not State.WRITTEN:
        return ""
    path = given or file.path
    return "" if _FILLED_IN in path else path


def find_failure(result: Result) -> CommandFailed | None:
    """Return what to say of a result that stands for a file which was not written."""
    if result.type == "dump" and result.data.get("dumpedClasses") == []:
        return CommandFailed(
            "no class file was written",
            hint="check that the target's user can write to that folder; see its"
            " logs/arthas/arthas.log",
        )
    file = read_file(result.type, result.data)
    if file is None or file.state is not State.MISSING:
        return None
    if file.path.endswith(_RECORDING):
        hint = (
            "use 'profiler dumpCollapsed' to see what was sampled; a recording begins with"
            " 'profiler start --file arthas-output/NAME.jfr'"
        )
    else:
        hint = (
            "use 'profiler dump' to write what was sampled; after a start with '--file' or"
            " '--timeout', end the run with 'profiler stop --file NAME'"
        )
    action = as_text(result.data.get("action"))
    return CommandFailed(f"'profiler {action}' has not written '{file.path}'", hint=hint)


def concerns_file(result: Result) -> bool:
    """Return whether the result names a file, or is a profile with nothing in it."""
    return read_file(result.type, result.data) is not None or _is_empty_profile(result)


class FileNotes:
    """What is to be known of the profiles and files of one front end's results, one by one."""

    def __init__(self) -> None:
        self._generated = ""

    def read(self, result: Result, given: str = "") -> str:
        """Return what the result does not say itself, empty where there is nothing to say.

        `given`: as of `find_path`.
        """
        if result.type not in _NAMING:
            return ""
        if _is_empty_profile(result):
            return "the profile is empty: no sample was taken"
        file = read_file(result.type, result.data)
        if file is None or file.state in (State.COMING, State.MISSING):
            return ""
        if file.state is State.UNSURE:
            return f"'{file.path}' is there only if this run was started with it as its '--file'"
        if result.type == "heapdump" and _REACHED not in file.path.replace("\\", "/"):
            return (
                f"'{file.path}' is on the server, where 'get' cannot fetch it; it can fetch what"
                f" 'heapdump {_REACHED}NAME.hprof' writes"
            )
        return self._read_written(file.path, given)

    def _read_written(self, path: str, given: str) -> str:
        if given and given != path:
            return f"it is written to '{given}': the name that Arthas gives is of an earlier start"
        if _FILLED_IN in path:
            return "the name is a pattern: 'get' lists the files with what was put in for '%'"
        before, self._generated = self._generated, path
        if path == before and _GENERATED.search(path):
            return (
                "the file of the command before had the same name and is overwritten: within a"
                " second only '--file' tells them apart"
            )
        return ""


def _is_empty_profile(result: Result) -> bool:
    """Return whether it is a profile as text without a stack in it."""
    if result.type != "profiler":
        return False
    texts = {name: as_text(value) for name, value in result.data.items()}
    words = (texts.get("actionArg") or "").split(",")
    is_asked = texts.get("action") == "execute" and words[1:] == ["collapsed"]
    is_text = is_asked or texts.get("action") == "dumpCollapsed"
    return is_text and not (texts.get("executeResult") or "").strip()
