"""What stands for a JVM wherever a target is wanted."""

from __future__ import annotations

import pytest

from arthas_cli.config.settings import resolve
from arthas_cli.config.target import name_place, name_target, parse_target
from arthas_cli.errors import NotRun

SECRET = "planted-secret"


@pytest.mark.parametrize(
    ("given", "url", "place", "target"),
    [
        ("shop", "http://shop:8563/api", "shop", "shop:8563"),
        ("shop:80", "http://shop:80/api", "shop", "shop:80"),
        ("[::1]:80", "http://[::1]:80/api", "::1", "[::1]:80"),
        ("https://shop/base", "https://shop/base/api", "shop", "shop"),
        ("ssh://shop-3", "ssh://shop-3/8563", "shop-3", "ssh shop-3"),
        ("SSH://Shop-3/", "ssh://Shop-3/8563", "Shop-3", "ssh Shop-3"),
        ("ssh://ops@shop-3:2222/80", "ssh://ops@shop-3:2222/80", "shop-3", "ssh shop-3"),
        ("ssh://[fe80::1]:22", "ssh://[fe80::1]:22/8563", "fe80::1", "ssh fe80::1"),
        ("ssh://corp%40ops@shop-3", "ssh://corp%40ops@shop-3/8563", "shop-3", "ssh shop-3"),
    ],
)
def test_a_target_is_read_into_one_address_and_named(
    given: str, url: str, place: str, target: str
) -> None:
    assert parse_target(given) == url
    assert parse_target(url) == url
    assert (name_place(url), name_target(url)) == (place, target)
    assert resolve([{"url": given}]).connection.url == url


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("ssh://", "'ssh://' is not an ssh:// address"),
        ("ssh:///8563", "'ssh:///8563' is not an ssh:// address"),
        ("ssh://shop/8563/api", "'ssh://shop/8563/api' is not an ssh:// address"),
        ("ssh://shop?a=b", "'ssh://shop?a=b' is not an ssh:// address"),
        ("ssh://@shop", "'ssh://@shop' is not an ssh:// address"),
        ("ssh://shop/http", "'http' is not a port"),
        ("ssh://shop:0", "'0' is not a port"),
        ("ssh://shop:99999/1", "'99999' is not a port"),
        (
            "ssh://-oProxyCommand=id",
            "'ssh://-oProxyCommand=id' is not an ssh:// address: '-oProxyCommand=id' is not a name",
        ),
        ("ssh://-l@shop", "'ssh://-l@shop' is not an ssh:// address: '-l' is not a name"),
        ("ssh://sh%20op", "'ssh://sh%20op' is not an ssh:// address: 'sh op' is not a name"),
        ("ssh://\udcff", "'ssh://\udcff' is not an ssh:// address: '\udcff' is not a name"),
        ("k8s://\udcff@n/p", "'k8s://\udcff@n/p' is not a k8s:// address: '\udcff' is not a name"),
        ("ssh://$(id)", "'ssh://$(id)' is not an ssh:// address: '$(id)' is not a name"),
        ("telnet://shop", "'telnet://shop' is not an http:// or https:// URL"),
    ],
)
def test_what_is_no_target_is_refused_by_name(given: str, message: str) -> None:
    with pytest.raises(NotRun) as error:
        parse_target(given)
    assert error.value.message == message
    assert error.value.hint


@pytest.mark.parametrize(
    "given", [f"ssh://ops:{SECRET}@shop", f"ssh://ops:{SECRET}@shop?a", f"ssh://o@s:{SECRET}@shop"]
)
def test_a_password_in_an_ssh_address_is_refused_and_not_repeated(given: str) -> None:
    with pytest.raises(NotRun) as error:
        parse_target(given)
    assert SECRET not in error.value.message + error.value.hint
    assert error.value.message == "an address must not contain a password"
