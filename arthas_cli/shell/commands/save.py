"""`:save FILE`: the last answer in a file, as text or for programs, by the file's ending."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from arthas_cli.environment import advise
from arthas_cli.errors import LineError, NotRun
from arthas_cli.formats import CsvWriter, JsonLinesWriter, make_text_writer
from arthas_cli.line.tokens import tokenize
from arthas_cli.private_files import replacing, write_new
from arthas_cli.shell.context import Output, ShellCommand
from arthas_cli.shell.jobs.answer import format_document, require_answer
from arthas_cli.text import count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from arthas_cli.formats import ResultWriter
    from arthas_cli.output import Paper
    from arthas_cli.shell.context import ShellContext
    from arthas_cli.shell.jobs.answer import Answer

# What an ending of a file means; JSON has a document of its own.
_FORMS: Mapping[str, Callable[[Paper], ResultWriter]] = {
    ".txt": make_text_writer,
    ".log": make_text_writer,
    ".jsonl": JsonLinesWriter,
    ".csv": CsvWriter,
}
_DOCUMENT = ".json"


def run_save(context: ShellContext, line: str) -> None:
    """Save the last answer; raises as `save_answer`, and NotRun where there is none."""
    answer = require_answer(context.runner.answer)
    context.note(save_answer(line, answer))
    context.note(answer.describe())


def save_answer(line: str, answer: Answer) -> str:
    """Write the answer to the file that the line names; return what to say of it.

    `:save! FILE` replaces a file that is there. Only the user can read the file: results may hold
    secrets of the target.

    Raises:
        LineError: no file, or more than one, or an ending of no meaning.
        FormatError: the results are no table.
        NotRun: the file is there, or cannot be written.
    """
    path = read_path(line)
    content = _draw(line, path, answer).encode("utf-8", "backslashreplace")
    try:
        if line.startswith(":save!"):
            with replacing(path) as file:
                file.write(content)
        else:
            write_new(path, content)
    except FileExistsError:
        hint = "use ':save! FILE' to replace it"
        raise NotRun(f"'{path}' already exists", hint=hint) from None
    except OSError as error:
        what = f"'{path}' cannot be written: {error.strerror}"
        raise NotRun(what, hint=advise(error)) from None
    return f"{count(len(answer.results), 'result')} in {path}, which only you can read"


def read_path(line: str) -> Path:
    """Return the file that the line names, quotes removed, `~` expanded.

    Raises:
        LineError: there is none, or more than one.
    """
    name, *given = tokenize(line)
    if not given:
        raise LineError("missing the file name", line=line, span=name.span, hint=_list_endings())
    if len(given) > 1:
        hint = "quote a file name that contains spaces"
        raise LineError("more than one file name", line=line, span=given[1].span, hint=hint)
    path = Path(given[0].text)
    with suppress(RuntimeError):  # no home is known
        path = path.expanduser()
    return path


def _draw(line: str, path: Path, answer: Answer) -> str:
    ending = path.suffix.lower() or ".txt"
    if ending == _DOCUMENT:
        return format_document(answer) + "\n"
    if ending not in _FORMS:
        span = tokenize(line)[1].span
        what = f"unknown file extension '{ending}'"
        raise LineError(what, line=line, span=span, hint=_list_endings())
    return answer.draw(_FORMS[ending])


def _list_endings() -> str:
    return f"use one of {', '.join([_DOCUMENT, *_FORMS])}"


SAVE = ShellCommand(
    "save the last answer to a file",
    run_save,
    ":save FILE",
    (
        "the extension sets the format: .txt .log (text), .json .jsonl, .csv",
        "an existing file is kept; use :save! FILE to replace it",
        "only you can read the file: results may hold secrets",
    ),
    output=Output.NOTHING,
)
REPLACE = ShellCommand(
    "save the last answer, replacing an existing file",
    run_save,
    ":save! FILE",
    ("the old content is lost; :save never overwrites",),
    output=Output.NOTHING,
)
