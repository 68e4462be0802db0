"""`k8s://` as people write it."""

from __future__ import annotations

import pytest
from support.table import each_row

from arthas_cli.config.target import name_place, name_target, parse_target
from arthas_cli.errors import NotRun

SECRET = "planted-secret"


@each_row(
    ("given", "url", "name"),
    [
        ("k8s://shop/web-1", "k8s://shop/web-1:8563", "shop/web-1"),
        ("K8S://shop/web-1:80", "k8s://shop/web-1:80", "shop/web-1"),
        ("k8s://shop/pod/web-1", "k8s://shop/web-1:8563", "shop/web-1"),
        ("k8s://shop/deploy/web", "k8s://shop/deployment/web:8563", "shop/web"),
        ("k8s://shop/statefulset/db:80", "k8s://shop/statefulset/db:80", "shop/db"),
        ("k8s://prod@shop/web-1", "k8s://prod@shop/web-1:8563", "prod@shop/web-1"),
        (
            "k8s://kubernetes-admin%40prod@shop/web-1",
            "k8s://kubernetes-admin%40prod@shop/web-1:8563",
            "kubernetes-admin@prod@shop/web-1",
        ),
        (
            "k8s://arn%3Aaws%3Aeks%3Aeu-west-1%3A123456789012%3Acluster%2Fshop@shop/web-1",
            "k8s://arn%3Aaws%3Aeks%3Aeu-west-1%3A123456789012%3Acluster%2Fshop@shop/web-1:8563",
            "…3456789012:cluster/shop@shop/web-1",
        ),
        ("k8s://shop/?app=web", "k8s://shop:8563/?app=web", "shop/app=web"),
        (
            "k8s://prod@shop:80/?app=web&tier=front",
            "k8s://prod@shop:80/?app=web&tier=front",
            "prod@shop/app=web,tier=front",
        ),
        (
            "k8s://shop/web-1?container=app",
            "k8s://shop/web-1:8563?container=app",
            "shop/web-1",
        ),
        (
            "k8s://shop/deploy/web:80?jvm=com.shop.Main&container=app",
            "k8s://shop/deployment/web:80?container=app&jvm=com.shop.Main",
            "shop/web",
        ),
        (
            "k8s://shop/?container=app&app=web&jvm=17",
            "k8s://shop:8563/?app=web&jvm=17&container=app",
            "shop/app=web,jvm=17",
        ),
    ],
)
def test_an_address_of_a_pod_is_read_into_one_form_and_named(
    given: str, url: str, name: str
) -> None:
    assert parse_target(given) == url
    assert parse_target(url) == url
    assert (name_place(url), name_target(url)) == (name, f"k8s {name}")


@each_row(
    ("given", "message"),
    [
        ("k8s://shop", "'k8s://shop' is not a k8s:// address"),
        ("k8s://shop/", "'k8s://shop/' is not a k8s:// address"),
        ("k8s://shop/?", "'k8s://shop/?' is not a k8s:// address"),
        ("k8s://shop/a/b/c", "'k8s://shop/a/b/c' is not a k8s:// address"),
        ("k8s://shop/web-1?app=web", "'k8s://shop/web-1?app=web' is not a k8s:// address"),
        ("k8s://shop/?container=app", "'k8s://shop/?container=app' is not a k8s:// address"),
        (
            "k8s://shop/web-1?container=a;b",
            "'k8s://shop/web-1?container=a;b' is not a k8s:// address: 'a;b' is not a name",
        ),
        ("k8s://shop/service/web", "'service' is not a kind that has pods"),
        ("k8s://shop/web-1:http", "'http' is not a port"),
        (
            "k8s://shop:80/web-1",
            "'k8s://shop:80/web-1' is not a k8s:// address: the port is behind the name",
        ),
        (
            "k8s://shop/--help",
            "'k8s://shop/--help' is not a k8s:// address: '--help' is not a name",
        ),
        ("k8s://shop/Web", "'k8s://shop/Web' is not a k8s:// address: 'Web' is not a name"),
        ("k8s://shop/a%20b", "'k8s://shop/a%20b' is not a k8s:// address: 'a b' is not a name"),
        (
            "k8s://$(id)@shop/a",
            "'k8s://$(id)@shop/a' is not a k8s:// address: '$(id)' is not a name",
        ),
        (
            "k8s://shop/?app=web;id",
            "'k8s://shop/?app=web;id' is not a k8s:// address: 'web;id' is not a name",
        ),
    ],
)
def test_what_is_no_address_of_a_pod_is_refused_by_name(given: str, message: str) -> None:
    with pytest.raises(NotRun) as error:
        parse_target(given)
    assert error.value.message == message
    assert error.value.hint


def test_a_password_in_an_address_of_a_pod_is_refused_and_not_repeated() -> None:
    with pytest.raises(NotRun) as error:
        parse_target(f"k8s://dev:{SECRET}@shop/web-1")
    assert SECRET not in error.value.message + error.value.hint
