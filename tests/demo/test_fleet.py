from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.terminal import open_terminal

PATIENCE_S = 20


def list_processes(word: str) -> list[str]:
    done = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in done.stdout.splitlines() if word in line]


@pytest.mark.jvm
def test_without_a_terminal_the_demo_of_three_is_a_tour_that_finds_the_slow_one_and_why() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "arthas_cli", "demo", "--fleet"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    starting, _, elsewhere, *_, end = done.stderr.splitlines()
    assert starting == "starting web-1, web-2 and web-3, three JVMs with Arthas 4.1.5 in them …"
    assert end == "end of the tour; run it in a terminal to get an interactive shell"
    version, monitor, trace, compared = done.stdout.split("\n\n# ")
    assert version.endswith('exec --on shop "version"\nweb-[1-3] (3 of 3)\n  4.1.5')
    costs = re.findall(r"^(web-\d) .* order +\d+ +\d+ +0 +([\d.]+) ", monitor, re.MULTILINE)
    assert sorted(name for name, _ in costs) == ["web-1", "web-2", "web-3"]
    assert max(costs, key=lambda pair: float(pair[1]))[0] == "web-3"
    assert re.search(r"web-3 │ .*ms\] shop.Prices:find\(\) #21", trace)
    assert compared.endswith(
        '$ arthas-shell exec --on shop --compare "sysprop"\n'
        "            web-1  web-2  web-3\n"
        "shop.cache  on     on     off\n"
    )
    assert re.search("\n1 differs · \\d+ equal · always differ: user.dir\n", done.stderr)
    assert elsewhere.startswith("export ARTHAS_SHELL_CONFIG=/")
    folder = Path(elsewhere.partition("=")[2]).parent
    assert folder.is_absolute()
    until = time.monotonic() + PATIENCE_S
    while folder.exists() or list_processes(str(folder)):
        assert time.monotonic() < until, f"{folder} is still there, or a JVM of it"


@pytest.mark.jvm
@pytest.mark.terminal
def test_in_a_terminal_the_demo_of_three_is_the_shell_on_them(tmp_path: Path) -> None:
    with open_terminal("demo", "--fleet", home=tmp_path) as terminal:
        terminal.see("[shop ×3] ❯")
        terminal.enter("version")
        terminal.see("3 JVMs: 3 succeeded")
        terminal.enter("quit")
        assert terminal.end() == 0
