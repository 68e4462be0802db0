"""Which file of the server's output folder a command has just written, offered to be fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.errors import NotRun
from arthas_cli.line.tokens import quote_word
from arthas_cli.transport.folder import FOLDER, normalise_name
from arthas_cli.written import find_path

if TYPE_CHECKING:
    from arthas_cli.protocol import Result
    from arthas_cli.shell.jobs.task import Task
    from arthas_cli.written import FileNotes


def find_written_file(result: Result, given: str = "") -> str:
    """Return the name in the output folder of the file that a command has just written.

    `given`: as of `written.find_path`. Empty where it wrote none, or one elsewhere on the server.
    """
    path = find_path(result, given)
    if f"/{FOLDER}/" not in "/" + path.replace("\\", "/"):
        return ""
    try:
        return normalise_name(path)
    except NotRun:
        return ""


def format_offer(name: str) -> str:
    """Return the line that offers the file to the user."""
    return f"run :get {quote_word(name)} to fetch the file"


def list_file_notes(task: Task, files: FileNotes) -> tuple[str, str]:
    """Return what is to be known of the file of a command that went well, and how to fetch it.

    Both are empty where there is none.
    """
    named, given = task.progress.named, task.plan.file
    if named is None:
        return "", ""
    name = find_written_file(named, given)
    return files.read(named, given), format_offer(name) if name else ""
