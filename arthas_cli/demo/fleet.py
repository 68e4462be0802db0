"""`arthas-shell demo --fleet`: three sample JVMs, of which one is slow, to try many with.

They are the profiles and the group of a configuration of their own, so that another terminal gets
to them too. The folder with it and with their program ends with us, as they do.
"""

from __future__ import annotations

import json
import shlex
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from arthas_cli.attach.distribution import VERSION
from arthas_cli.demo.target import keep_folder, start_target
from arthas_cli.demo.tour import Stop, choose_credentials, show_tour
from arthas_cli.own_files import read_own_bytes
from arthas_cli.private_files import write_new

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from arthas_cli.config.credentials import Credentials
    from arthas_cli.invocation import Invocation

GROUP = "shop"
# The options that each gets; the third one's are why it is slow.
MEMBERS = {
    "web-1": ("-Dshop.cache=on",),
    "web-2": ("-Dshop.cache=on",),
    "web-3": ("-Dshop.cache=off",),
}
_ON = f"--on {GROUP} "
TOUR = (
    Stop("equal answers stand once under the names that gave them", "version", words=_ON),
    Stop("who is slow: tables are put together", "monitor shop.Shop order -c 3 -n 1", words=_ON),
    Stop(
        "where the time of a slow call goes, wherever there is one",
        "trace shop.Shop order '#cost > 200' -n 1 --timeout 6",
        words=_ON,
    ),
    Stop(
        "and why: what differs between them, and how much is equal",
        "sysprop",
        {"compare": True},
        words=f"{_ON}--compare ",
    ),
)
_MEMORY = "-Xmx64m"
_CLASSES = ("shop/Shop.class", "shop/Prices.class")


class Fleet(NamedTuple):
    """The JVMs that run, by name, and the configuration that names them."""

    urls: dict[str, str]
    config: Path


@contextmanager
def start_fleet(credentials: Credentials) -> Iterator[Fleet]:
    """Start the JVMs, each with an Arthas that wants the credentials; end them on the way out.

    Raises:
        NotRun: there is no Java.
        NoServer: Arthas cannot be fetched, or does not attach.
    """
    with ExitStack() as stack:
        folder = stack.enter_context(keep_folder())
        (folder / "shop").mkdir()
        for name in _CLASSES:
            (folder / name).write_bytes(read_own_bytes(__name__, name))
        urls = {}
        for name, options in MEMBERS.items():
            program = (_MEMORY, *options, "-cp", str(folder), "shop.Shop")
            target = start_target(program, credentials=credentials, home=folder)
            urls[name] = stack.enter_context(target).url
        config = folder / f"{GROUP}.toml"
        write_new(config, _format_config(urls, credentials).encode())
        yield Fleet(urls, config)


def _format_config(urls: dict[str, str], credentials: Credentials) -> str:
    secret = f"username = {json.dumps(credentials.username)}\n"
    secret += f"password = {json.dumps(credentials.password)}\n"
    profiles = (f'[profiles.{name}]\nurl = "{url}"\n{secret}' for name, url in urls.items())
    return "\n".join([*profiles, f"[groups]\n{GROUP} = {json.dumps(list(urls))}\n"])


def run_fleet_demo(invocation: Invocation) -> int:
    """Run the demo; the JVMs end with it, whichever way it ends.

    Raises:
        NotRun: there is no Java.
        NoServer: Arthas cannot be fetched, or does not attach.
    """
    diagnostics = invocation.make_diagnostics()
    *others, last = MEMBERS
    diagnostics.note(
        f"starting {', '.join(others)} and {last}, three JVMs with Arthas {VERSION} in them …"
    )
    with start_fleet(choose_credentials(invocation)) as fleet:
        diagnostics.note(
            f"to run 'arthas-shell exec --on {GROUP} …' in another terminal, first run there"
        )
        diagnostics.note(f"export ARTHAS_SHELL_CONFIG={shlex.quote(str(fleet.config))}")
        place: dict[str, object] = {"config": str(fleet.config), "on": (GROUP,)}
        return _show(replace(invocation, layers=[place, *invocation.layers]))


def _show(invocation: Invocation) -> int:
    """Open the shell on them; without a terminal show what it would."""
    if not invocation.environment.has_terminal_input:
        return show_tour(invocation, TOUR)
    from arthas_cli.shell.app import run_shell

    return run_shell(invocation)
