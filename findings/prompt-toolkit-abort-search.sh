#!/usr/bin/env bash
# prompt_toolkit: Ctrl+G gives the line back only where Ctrl+R was pressed once.
#
# One would guess: Ctrl+G ends an incremental search and the line is again what it was before, as in
# readline and as the docstring of `abort_search` has it, however often Ctrl+R was pressed.
# What happens: the second Ctrl+R takes the match found so far into the buffer for good. Ctrl+G then
# leaves that match in the line; with one Ctrl+R the line comes back.
# Seen with prompt_toolkit 3.0.53 on CPython 3.11, Linux.
# Source: prompt_toolkit/search.py, `do_incremental_search` (it calls `Buffer.apply_search`) and
# `stop_search`; prompt_toolkit/key_binding/bindings/search.py, `abort_search`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'prompt_toolkit==3.0.53'
cat >"$folder/try.py" <<'PYTHON'
import prompt_toolkit
from prompt_toolkit import PromptSession
from prompt_toolkit.application import create_app_session
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

CTRL_R, CTRL_G = "\x12", "\x07"
print("prompt_toolkit", prompt_toolkit.__version__)
for presses in (1, 2):
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        session = PromptSession(history=InMemoryHistory(["sort a", "sort b", "list"]))
        keyboard.send_text("typed" + CTRL_R + "sort" + CTRL_R * (presses - 1) + CTRL_G + "\r")
        print(f"Ctrl+R {presses} times:", repr(session.prompt()))
PYTHON
"$folder/venv/bin/python" "$folder/try.py" | tee "$folder/said"
grep -q "^Ctrl+R 1 times: 'typed'" "$folder/said"
grep -q "^Ctrl+R 2 times: 'sort [ab]'" "$folder/said"
