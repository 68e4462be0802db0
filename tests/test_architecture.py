"""What docs/architecture.md says of the rooms is what the import contracts hold."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from support.table import each_row

ROOT = Path(__file__).parent.parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
LAYERS = {
    contract["containers"][0]: contract["layers"]
    for contract in CONTRACTS["contracts"]
    if contract["type"] == "layers"
}
PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
RULED = re.compile(r"^\| room \|.*\n\|---\|---\|\n((?:\|.*\n)+)", re.MULTILINE)


def read_rooms(table: str) -> list[set[str]]:
    """Return the rooms of each row, the uppermost first."""
    return [set(re.findall(r"`(\w+)`", row.split("|")[1])) for row in table.splitlines()]


@pytest.mark.parametrize(
    ("container", "number"), [("arthas_cli", 0), ("arthas_cli.shell", 1)], ids=["all", "shell"]
)
def test_the_table_of_rooms_is_the_import_contract(container: str, number: int) -> None:
    table = RULED.findall(PAGE)[number]
    assert read_rooms(table) == [set(layer.split(" | ")) for layer in LAYERS[container]]


@each_row(
    "named",
    sorted(set(re.findall(r"`([a-z_]+/[a-z_/]*(?:\.py|\.json)?)`", PAGE))),
)
def test_each_file_that_the_page_names_is_there(named: str) -> None:
    assert (ROOT / "arthas_cli" / named).exists()
