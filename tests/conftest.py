"""The real Arthas of the tests: one for the whole run, ended with it."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import races
from support.inside import hasten_game
from support.program import shell
from support.soak import pick

from arthas_cli.config.credentials import Credentials
from arthas_cli.demo.target import Target, start_target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


# The fixtures that start a JVM.
_JVMS = {"arthas", "bare_jvm", "busy_arthas", "fixture_jvm", "guarded_arthas", "kept", "live"}
# A JVM that lives for minutes gains nothing by the second compiler and a collector of many threads.
_LEAN = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def pytest_configure(config: pytest.Config) -> None:
    """Have every JVM that the tests start live on little, and hypothesis look for little."""
    os.environ["JAVA_TOOL_OPTIONS"] = _LEAN
    leads = config.getoption("numprocesses", default=None) and not hasattr(config, "workerinput")
    if not leads:
        from hypothesis import settings

        # A time for each example would be that of a busy machine.
        settings.register_profile("ours", deadline=None, max_examples=pick(30, 100))
        settings.load_profile("ours")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that need a JVM, and begin with their files: those take longest."""
    for item in items:
        if isinstance(item, pytest.Function):
            if "sshd" in item.fixturenames:
                item.add_marker("sshd")
            parameters = item.callspec.params if hasattr(item, "callspec") else {}
            if _JVMS.intersection(item.fixturenames) or parameters.get("server") == "real":
                item.add_marker("jvm")
    _leave_out(config, items)
    items.sort(key=lambda item: item.get_closest_marker("jvm") is None)


def _leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out, counted, what this machine does not let anybody test."""
    for marker, is_there in _NEEDS.items():
        barred = [item for item in items if item.get_closest_marker(marker)]
        if barred and not is_there():
            config.hook.pytest_deselected(items=barred)
            items[:] = [item for item in items if item not in barred]


def _has_namespaces() -> bool:
    """Return whether a process can have mounts and a network of its own."""
    inside = "mount -t tmpfs -o size=1m tmpfs /tmp && ip link set lo up"
    command = ("unshare", "-mnp", "--fork", "sh", "-c", inside)
    with suppress(OSError):
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    return False


_NEEDS: dict[str, Callable[[], bool]] = {
    "root": lambda: os.geteuid() == 0,
    "namespaces": _has_namespaces,
    "sshd": Path("/usr/sbin/sshd").exists,
}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Note which races the test has met, so that the summary can count them."""
    item.user_properties += [(races.NAME, race) for race in races.met]
    races.met.clear()
    return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how often a real server tripped over itself."""
    reports = [each for some in terminalreporter.stats.values() for each in some]
    calls = [each for each in reports if getattr(each, "when", "") == "call"]
    names = [name for each in calls for name, _ in each.user_properties]
    if count := names.count(races.NAME):
        terminalreporter.write_line(f"asked again after a race in the server: {count}")


@pytest.fixture(scope="session")
def arthas() -> Iterator[Target]:
    """A JVM that runs demo.MathGame, with a real Arthas 4.1.5 in it.

    When it is started a password stands in our environment, which it must not get.
    """
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("ARTHAS_SHELL_PASSWORD", "sesame")
            target = stack.enter_context(start_target())
        yield target


@pytest.fixture(scope="module")
def busy_arthas(arthas: Target) -> Iterator[Target]:
    """The same, and its method is called ten times a second more while a module is tested."""
    with hasten_game(arthas.url):
        yield arthas


@pytest.fixture(scope="session")
def fixture_jvm() -> Iterator[Target]:
    """A JVM that runs `tests/fixture/fx`: odd values, a deadlock, a method called at any rate."""
    with start_target(("-cp", str(Path(__file__).parent / "fixture"), "fx.Fixture")) as target:
        yield target


@pytest.fixture(scope="session")
def twins(fixture_jvm: Target) -> None:
    """Has two more class loaders of `fixture_jvm` load `twin.Twin`, which is on no class path."""
    apart = (Path(__file__).parent / "fixture" / "apart").as_uri()
    load = (
        f'#urls = new java.net.URL[] {{new java.net.URL("{apart}/")}}, '
        "#own = new java.net.URLClassLoader(#urls, null), @fx.Fixture@KEPT.add(#own), "
        '@java.lang.Class@forName("twin.Twin", true, #own)'
    )
    for _ in range(2):
        assert shell("exec", "--url", fixture_jvm.url, f"ognl '{load}'").exit_code == 0


@pytest.fixture(scope="session")
def guarded_arthas() -> Iterator[Target]:
    """The same behind a password: user `ops`, password `sesame`."""
    with start_target(credentials=Credentials("ops", "sesame")) as target:
        yield target


@pytest.fixture(autouse=True)
def _no_configuration(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """What the person at this machine has configured is no business of a test."""
    nowhere = tmp_path_factory.getbasetemp() / "nowhere"  # a folder for each would cost seconds
    monkeypatch.setenv("XDG_CONFIG_HOME", str(nowhere))
    yield
    assert not nowhere.exists()


@pytest.fixture
def quick_pulls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the fake say that there is nothing after 0.2 s, where a server waits for two seconds."""
    monkeypatch.setattr("support.fake.queues.PULL_WAIT_S", 0.2)


@pytest.fixture(autouse=True)
def _signals_as_in_a_terminal() -> Iterator[None]:
    """Signals that the tests themselves were started to ignore would stay ignored (nohup, `&`)."""
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, signal.default_int_handler),
        signal.SIGTERM: signal.signal(signal.SIGTERM, signal.SIG_DFL),
        signal.SIGHUP: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    }
    yield
    for number, handler in before.items():
        signal.signal(number, handler)
