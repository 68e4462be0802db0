#!/usr/bin/env bash
# Textual: after `App.run()` SIGTSTP and SIGCONT still belong to the application that has ended.
#
# One would guess: `run()` gives back what it took from the process, as it does with the terminal's
# modes and with SIGINT, so that a program that shows a view between two prompts goes on as before.
# What happens: both signals keep the handlers of the driver of the ended application; Ctrl+Z at the
# prompt that follows calls into it, where no event loop runs any more.
# Seen with Textual 8.2.8 on CPython 3.11, Linux.
# Source: textual/drivers/linux_driver.py, `LinuxDriver.__init__`, where both are set, and
# `stop_application_mode`, `close`, where neither is set back.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'textual==8.2.8'
cat >"$folder/view.py" <<'PYTHON'
import signal

import textual
from textual.app import App


class View(App):
    def on_mount(self):
        self.exit()


NAMES = ("SIGINT", "SIGTSTP", "SIGCONT")


def list_handlers():
    return [signal.getsignal(getattr(signal, name)) for name in NAMES]


before = list_handlers()
View().run()
print("Textual", textual.__version__)
for name, old, new in zip(NAMES, before, list_handlers()):
    print(name, "as before" if new == old else f"is {new.__qualname__}")
PYTHON
cat >"$folder/try.py" <<'PYTHON'
import os, pty, sys

os.environ["TERM"] = "xterm-256color"
status = pty.spawn([sys.executable, sys.argv[1]])
sys.exit(os.waitstatus_to_exitcode(status))
PYTHON
"$folder/venv/bin/python" "$folder/try.py" "$folder/view.py" </dev/null | tr -d '\r' >"$folder/raw"
grep -ao 'Textual 8.*$' "$folder/raw"
grep -a '^SIG' "$folder/raw" | tee "$folder/said"
grep -q '^SIGINT as before' "$folder/said"
grep -q '^SIGTSTP is LinuxDriver._sigtstp_application' "$folder/said"
grep -q '^SIGCONT is LinuxDriver._sigcont_application' "$folder/said"
