from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


@pytest.mark.jvm
def test_without_a_terminal_the_demo_is_a_tour_even_without_java_on_the_path() -> None:
    environ = {name: value for name, value in os.environ.items() if name != "JAVA_HOME"}
    done = subprocess.run(
        [sys.executable, "-m", "arthas_cli", "demo"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        env=environ | {"PATH": ""},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == (
        "starting a sample JVM with Arthas 4.1.5 in it …\n"
        "enhanced: 1 class, 1 method\n"
        "enhanced: 1 class, 1 method\n"
        "end of the tour; run it in a terminal to get an interactive shell\n"
    )
    version, watch, trace, document = done.stdout.split("\n\n# ")
    assert version.endswith('$ arthas-shell exec "version"\n4.1.5')
    assert watch.count("method=demo.MathGame.primeFactors") == 3
    assert "demo.MathGame:run()" in trace
    assert json.loads(document.split("\n")[2])["results"][0]["version"] == "4.1.5"
