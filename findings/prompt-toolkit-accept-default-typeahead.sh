#!/usr/bin/env bash
# prompt_toolkit: a prompt that accepts its default by itself fails where Enter was typed ahead.
#
# One would guess: `prompt(default=TEXT, accept_default=True)` returns TEXT, whatever else was typed;
# keys that are left over wait for the next prompt, as they do after any other one.
# What happens: the prompt first reads the keys left over by the application before it. An Enter
# among them accepts the line; then the default is accepted as well, and the exit of an application
# that has ended raises "Return value already set. Application.exit() failed.": the user sees a
# traceback ("Unhandled exception in event loop") in the middle of the screen.
# Seen with prompt_toolkit 3.0.53 on CPython 3.11, Linux.
# Source: prompt_toolkit/shortcuts/prompt.py, PromptSession.prompt, `pre_run2`;
# prompt_toolkit/application/application.py, `run_async`, which feeds `get_typeahead`.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'prompt_toolkit==3.0.53'
cat >"$folder/try.py" <<'PYTHON'
import prompt_toolkit
from prompt_toolkit import PromptSession
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

print("prompt_toolkit", prompt_toolkit.__version__)
with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
    session = PromptSession()
    keyboard.send_text("first\r\r")  # the second Enter is typed ahead
    print("first prompt:", repr(session.prompt()))
    print("second prompt:", repr(session.prompt(default="second", accept_default=True)))
PYTHON
"$folder/venv/bin/python" "$folder/try.py" 2>&1 | sed "s#$folder#…#" | tee "$folder/said"
grep -q "^Unhandled exception in event loop" "$folder/said"
grep -q "^Exception Return value already set" "$folder/said"
