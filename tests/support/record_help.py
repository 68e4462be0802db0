"""Records what real servers' `help` says: `python -m support.record_help 3.4.6 3.7.2 4.1.5`.

`tests/data/help/VERSION.json` holds the `detailCommand` of every command that the server lists, one
a line. What the newest says of the options goes into the catalogue as their help, and its examples.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support.post import post

from arthas_cli.catalogue.served import read_command
from arthas_cli.demo.target import start_target

if TYPE_CHECKING:
    from collections.abc import Mapping

CATALOGUE = Path(__file__).parents[2] / "arthas_cli" / "catalogue" / "commands.json"
FOLDER = Path(__file__).parents[1] / "data" / "help"
VERSIONS = ("3.4.6", "3.7.2", "4.1.5")


def load_help(version: str) -> dict[str, Any]:
    """Returns what was recorded of that version: `detailCommand` by name."""
    details: dict[str, Any] = json.loads((FOLDER / f"{version}.json").read_text("utf-8"))
    return details


def record(version: str) -> dict[str, Any]:
    """Asks a real server for the help of every command it lists."""
    with start_target(version=version) as target:
        listed = _ask(target.url, "help")["commands"]
        names = [command["name"] for command in listed]
        return {name: _ask(target.url, f"help {name}")["detailCommand"] for name in names}


def _ask(url: str, line: str) -> Any:  # noqa: ANN401 - JSON of any shape
    results = post(url, action="exec", command=line)["body"]["results"]
    return next(result for result in results if result["type"] == "help")


def fill_catalogue(details: Mapping[str, Any]) -> None:
    """Writes the help of the options, and the examples, into `commands.json`."""
    entries = json.loads(CATALOGUE.read_text("utf-8"))
    for entry in entries:
        served = read_command(details.get(entry["name"]))
        if served is None:
            continue
        entry["examples"] = list(served.examples)
        said = {option.short or option.long: option.summary for option in served.options}
        for option in entry["options"]:
            name = option.get("short") or option["long"]
            option["summary"] = said.get(name) or option.get("summary", "")
    write_lines(CATALOGUE, [json.dumps(entry, ensure_ascii=False) for entry in entries], ("[", "]"))


def write_lines(path: Path, lines: list[str], brackets: tuple[str, str]) -> None:
    """Writes JSON with each part on a line of its own."""
    first, last = brackets
    path.write_text(first + "\n" + ",\n".join(lines) + "\n" + last + "\n", encoding="utf-8")


if __name__ == "__main__":
    for version in sys.argv[1:] or VERSIONS:
        found = record(version)
        rows = [f"{json.dumps(name)}: {json.dumps(said)}" for name, said in found.items()]
        write_lines(FOLDER / f"{version}.json", rows, ("{", "}"))
    fill_catalogue(load_help(VERSIONS[-1]))
