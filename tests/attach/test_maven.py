from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from support.raw_server import http, serve
from support.table import each_row

from arthas_cli.attach.maven import (
    CENTRAL,
    Repository,
    fetch,
    find_repository,
    parse_settings,
    stands_for_central,
)
from arthas_cli.config.credentials import Credentials
from arthas_cli.errors import ConfigError, NoServer

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = """\
<?xml version="1.0"?>
<settings xmlns="http://maven.apache.org/SETTINGS/1.2.0">
  <mirrors>
    <mirror><id>other</id><mirrorOf>jboss</mirrorOf><url>https://jboss.corp/x</url></mirror>
    <mirror><id>corp</id><mirrorOf>external:*</mirrorOf><url>{url}</url></mirror>
  </mirrors>
  <servers>
    <server><id>other</id><username>no</username><password>no</password></server>
    {server}
  </servers>
</settings>
"""
SERVER = "<server><id>corp</id><username>me</username><password>${env.PW}</password></server>"


def test_without_settings_it_is_maven_central(tmp_path: Path) -> None:
    assert find_repository(tmp_path) == Repository(CENTRAL, None)


def test_the_mirror_and_its_credentials_are_those_of_the_users_settings(tmp_path: Path) -> None:
    (tmp_path / ".m2").mkdir()
    text = SETTINGS.format(url="https://nexus.corp/maven/", server=SERVER)
    (tmp_path / ".m2" / "settings.xml").write_text(text)
    found = find_repository(tmp_path, {"PW": "sesame"})
    assert found == Repository("https://nexus.corp/maven", Credentials("me", "sesame"))
    assert (found.name, "sesame" in repr(found)) == ("nexus.corp", False)


def test_credentials_in_an_address_are_taken_out_of_it() -> None:
    text = SETTINGS.format(url="https://me:se%40same@nexus.corp:8443/maven", server="")
    assert parse_settings(text, {}) == Repository(
        "https://nexus.corp:8443/maven", Credentials("me", "se@same")
    )


@each_row(
    ("pattern", "is_central"),
    [
        ("*", True),
        ("central", True),
        ("external:*", True),
        ("jboss, central", True),
        ("*,!central", False),
        ("jboss", False),
        ("", False),
    ],
)
def test_a_mirror_stands_for_central_or_not(pattern: str, *, is_central: bool) -> None:
    assert stands_for_central(pattern) is is_central


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<settings>", "no element found"),
        (
            SETTINGS.format(url="https://x", server=SERVER.replace("${env.PW}", "{abc=}")),
            "its password is encrypted, which only Maven can read",
        ),
    ],
    ids=["broken", "encrypted"],
)
def test_settings_that_cannot_be_used_are_named(tmp_path: Path, text: str, what: str) -> None:
    (tmp_path / ".m2").mkdir()
    path = tmp_path / ".m2" / "settings.xml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=what) as caught:
        find_repository(tmp_path)
    assert caught.value.message.startswith(f"cannot use '{path}': ")


def test_a_file_is_fetched_with_the_password() -> None:
    target = io.BytesIO()
    with serve(http(b"jar", content_type="application/java-archive")) as server:
        base = server.url.removesuffix("/api")
        fetch(Repository(base, Credentials("me", "sesame")), "com/a.jar", target)
    assert target.getvalue() == b"jar"
    [request] = server.requests
    assert request.startswith(b"GET /com/a.jar HTTP/1.1\r\n")
    assert b"Authorization: Basic bWU6c2VzYW1l\r\n" in request


def test_a_redirect_to_another_host_is_followed_without_the_password() -> None:
    with serve(http(b"jar")) as other:
        away = http(status="302 Found", headers=(f"location: {other.url}/b.jar",))
        target = io.BytesIO()
        with serve(away) as server:
            repository = Repository(server.url, Credentials("me", "sesame"))
            fetch(repository, "a.jar", target)
    assert target.getvalue() == b"jar"
    assert b"Authorization: Basic" in server.requests[0]
    assert b"Authorization" not in other.requests[0]


@pytest.mark.parametrize(
    ("status", "what"),
    [
        ("401 Unauthorized", "it wants another user name or password (HTTP 401)"),
        ("403 Forbidden", "it wants another user name or password (HTTP 403)"),
        ("404 Not Found", "it is not there (HTTP 404)"),
        ("500 Oops", "it is not there (HTTP 500)"),
    ],
)
def test_what_the_repository_refuses_is_said_without_the_password(status: str, what: str) -> None:
    with (
        serve(http(b"sesame", status=status)) as server,
        pytest.raises(NoServer) as caught,
    ):
        fetch(Repository(server.url, Credentials("me", "sesame")), "a.jar", io.BytesIO())
    assert caught.value.message == what


def test_a_download_that_breaks_is_an_error() -> None:
    with serve(http(b"half", length=100)) as server, pytest.raises(NoServer):
        fetch(Repository(server.url), "a.jar", io.BytesIO())


def test_redirects_without_an_end_are_an_error() -> None:
    away = http(status="302 Found", headers=("location: /again",))
    with serve(away) as server, pytest.raises(NoServer, match="redirected again and again"):
        fetch(Repository(server.url), "a.jar", io.BytesIO())
