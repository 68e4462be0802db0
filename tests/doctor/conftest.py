"""No proxy of this machine, and a way to examine one address."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Protocol

import pytest

from arthas_cli.doctor import examine
from arthas_cli.doctor.model import Case
from arthas_cli.environment import Environment
from arthas_cli.invocation import Invocation

if TYPE_CHECKING:
    from arthas_cli.doctor.model import Finding

_PROXY_NAMES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in _PROXY_NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


class MakeCase(Protocol):
    """Makes a case of an address, with further settings by their names."""

    def __call__(self, url: str, **settings: object) -> Case: ...


class Examine(Protocol):
    """Takes all steps on an address; returns what each found, by its name."""

    def __call__(self, url: str, **settings: object) -> dict[str, Finding]: ...


@pytest.fixture
def make_case() -> MakeCase:
    def make(url: str, **settings: object) -> Case:
        environment = Environment(io.StringIO(), io.StringIO(), io.StringIO(), {})
        return Case(Invocation(environment, [{"url": url, "connect_timeout": 2, **settings}]))

    return make


@pytest.fixture
def take_steps(make_case: MakeCase) -> Examine:
    def take(url: str, **settings: object) -> dict[str, Finding]:
        return dict(examine(make_case(url, **settings)))

    return take
