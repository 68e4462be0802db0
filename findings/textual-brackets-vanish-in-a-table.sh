#!/usr/bin/env bash
# Textual: a text in a `DataTable` loses what stands in its square brackets, or keeps it, by what
# that is.
#
# One would guess: `add_row` shows a `str` as it is; markup has to be asked for.
# What happens: a `str` is read as markup. What looks like a style name vanishes without a word:
# `list[int]` shows as `list`. What does not, as `items[0]`, stays, so the loss is noticed late.
# Seen with Textual 8.2.8 on CPython 3.11, Linux.
# Source: textual/widgets/_data_table.py, `default_cell_formatter`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'textual==8.2.8'
cat >"$folder/try.py" <<'PYTHON'
import asyncio

import textual
from textual.app import App
from textual.widgets import DataTable

TEXTS = ("list[int]", "@ArrayList[isEmpty=false]", "items[0]", "[RUNNABLE] main")


class Table(App):
    def compose(self):
        yield DataTable(show_header=False)

    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_column("value", width=40)
        for text in TEXTS:
            table.add_row(text)


async def main():
    app = Table()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        table = app.query_one(DataTable)
        for row, text in enumerate(TEXTS):
            shown = "".join(segment.text for segment in table.render_line(row)).strip()
            print(f"{text} is shown as {shown}")


print("Textual", textual.__version__)
asyncio.run(main())
PYTHON
"$folder/venv/bin/python" "$folder/try.py" | tee "$folder/said"
grep -qxF 'list[int] is shown as list' "$folder/said"
grep -qxF '@ArrayList[isEmpty=false] is shown as @ArrayList' "$folder/said"
grep -qxF 'items[0] is shown as items[0]' "$folder/said"
grep -qxF '[RUNNABLE] main is shown as [RUNNABLE] main' "$folder/said"
