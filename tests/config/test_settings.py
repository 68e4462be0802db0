"""Which server, how reached, with whose password: from the nearest place that says so."""

from __future__ import annotations

import pytest

from arthas_cli.config.address import parse_host, parse_url
from arthas_cli.config.credentials import Credentials
from arthas_cli.config.settings import Connection, Layer, resolve
from arthas_cli.config.variables import read_environment
from arthas_cli.errors import NotRun

SECRET = "planted-secret"


def resolve_connection(layers: list[Layer]) -> Connection:
    return resolve(layers).connection


def refuse(*layers: Layer) -> NotRun:
    with pytest.raises(NotRun) as error:
        resolve_connection(list(layers))
    return error.value


def test_nothing_given_is_this_machine_at_the_port_of_arthas() -> None:
    assert resolve_connection([]) == Connection(
        url="http://127.0.0.1:8563/api",
        credentials=None,
        ca_file=None,
        insecure=False,
        connect_timeout_s=5.0,
        user_id=None,
    )


def test_everything_given_is_taken() -> None:
    given: Layer = {
        "url": "https://arthas.example:1",
        "username": "ops",
        "password": SECRET,
        "ca_file": "ca.pem",
        "insecure": True,
        "connect_timeout": "2.5",
        "user_id": "me",
    }
    assert resolve_connection([given]) == Connection(
        url="https://arthas.example:1/api",
        credentials=Credentials("ops", SECRET),
        ca_file="ca.pem",
        insecure=True,
        connect_timeout_s=2.5,
        user_id="me",
    )


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        ("shop", None, "http://shop:8563/api"),
        ("Shop.Example", "1", "http://shop.example:1/api"),
        ("10.0.0.1:65535", None, "http://10.0.0.1:65535/api"),
        ("[::1]", None, "http://[::1]:8563/api"),
        ("[2001:db8::1]:80", None, "http://[2001:db8::1]:80/api"),
        ("[::1]", 9, "http://[::1]:9/api"),
        ("bücher.example", None, "http://bücher.example:8563/api"),
    ],
)
def test_a_host_is_a_name_or_number_with_a_port_or_without(
    host: str, port: object, url: str
) -> None:
    assert parse_host(host, port) == url


@pytest.mark.parametrize(
    ("host", "port", "message"),
    [
        ("http://shop:1", None, "'http://shop:1' is a URL"),
        ("ssh://ops@shop", None, "'ssh://ops@shop' is a URL"),
        ("k8s://prod@shop/web", None, "'k8s://prod@shop/web' is a URL"),
        ("::1", None, "'::1' is not of the form HOST[:PORT]"),
        ("[::1", None, "'[::1' is not an address: Invalid IPv6 URL"),
        ("shop/base", None, "'shop/base' is not of the form HOST[:PORT]"),
        ("shop?a", None, "'shop?a' is not of the form HOST[:PORT]"),
        (":1", None, "':1' is not of the form HOST[:PORT]"),
        ("", None, "'' is not of the form HOST[:PORT]"),
        ("shop 1", None, "'shop 1' is not an address: it contains spaces or control characters"),
        ("shop\n", None, "'shop\\n' is not an address: it contains spaces or control characters"),
        (
            "sh\x1b[2Jop",
            None,
            "'sh\\x1b[2Jop' is not an address: it contains spaces or control characters",
        ),
        ("shop:1", "2", "'shop:1' has a port and --port gives another"),
        ("shop:0", None, "'0' is not a port"),
        ("shop", "0", "'0' is not a port"),
        ("shop", "65536", "'65536' is not a port"),
        ("shop", "-1", "'-1' is not a port"),
        ("shop", "http", "'http' is not a port"),
        ("shop", "", "'' is not a port"),
        ("shop", "8_563", "'8_563' is not a port"),
        ("shop", "٨٥", "'٨٥' is not a port"),
    ],
)
def test_a_bad_host_or_port_is_refused_by_name(host: str, port: object, message: str) -> None:
    with pytest.raises(NotRun) as error:
        parse_host(host, port)
    assert error.value.message == message
    assert error.value.hint


@pytest.mark.parametrize("host", ["shop:http", "shop:99999", "shop:-1"])
def test_a_bad_port_behind_a_host_is_refused(host: str) -> None:
    with pytest.raises(NotRun) as error:
        parse_host(host)
    assert error.value.message.startswith(f"'{host}' is not an address: Port ")


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("http://shop", "http://shop/api"),
        ("http://shop:8563", "http://shop:8563/api"),
        ("https://shop:8563/", "https://shop:8563/api"),
        ("https://shop/tools/arthas", "https://shop/tools/arthas/api"),
        ("https://shop/tools/arthas//", "https://shop/tools/arthas/api"),
        ("http://shop:8563/api", "http://shop:8563/api"),
        ("http://shop:8563/api/", "http://shop:8563/api"),
        ("http://shop/proxy/api", "http://shop/proxy/api"),
        ("http://shop/myapi", "http://shop/myapi/api"),
        ("HTTPS://[::1]:1/base", "https://[::1]:1/base/api"),
    ],
)
def test_a_url_keeps_its_path_and_ends_in_api(given: str, url: str) -> None:
    assert parse_url(given) == url


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("shop:8563", "'shop:8563' is not an http:// or https:// URL"),
        ("ftp://shop", "'ftp://shop' is not an http:// or https:// URL"),
        ("http://", "'http://' is not an http:// or https:// URL"),
        ("http://:8563", "'http://:8563' is not an http:// or https:// URL"),
        ("", "'' is not an http:// or https:// URL"),
        ("http://shop?a=b", "'http://shop?a=b' has a query or fragment"),
        ("http://shop/#a", "'http://shop/#a' has a query or fragment"),
        ("http://shop:0", "'0' is not a port"),
        (
            "http://sh op",
            "'http://sh op' is not an address: it contains spaces or control characters",
        ),
        (
            "http://shop/\r\nHost: a",
            (
                "'http://shop/\\r\\nHost: a' is not an address: it contains spaces or control"
                " characters"
            ),
        ),
    ],
)
def test_a_bad_url_is_refused_by_name(url: str, message: str) -> None:
    with pytest.raises(NotRun) as error:
        parse_url(url)
    assert error.value.message == message
    assert error.value.hint


@pytest.mark.parametrize(
    "layer",
    [
        {"url": f"http://ops:{SECRET}@shop"},
        {"url": f"http://ops:{SECRET}@shop:http"},
        {"url": f"ftp://ops:{SECRET}@shop"},
        {"url": f"http://ops:{SECRET}@[shop"},
        {"url": f"http://ops:{SECRET} @shop"},
        {"url": f"http://shop?password={SECRET}"},
        {"host": f"ops:{SECRET}@shop"},
        {"host": f"http://ops:{SECRET}@shop"},
        {"host": f"ssh://ops:{SECRET}@shop"},
        {"host": f"k8s://ops:{SECRET}@shop"},
        {"host": f"ops:{SECRET}@[shop"},
    ],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(layer: Layer) -> None:
    error = refuse(layer)
    assert SECRET not in error.message + error.hint + repr(error)


def test_a_setting_comes_from_the_nearest_place() -> None:
    near: Layer = {"connect_timeout": "1"}
    middle: Layer = {"connect_timeout": "2", "user_id": "middle"}
    far: Layer = {"connect_timeout": "3", "user_id": "far", "insecure": "1"}
    connection = resolve_connection([near, middle, far])
    assert connection.connect_timeout_s == 1
    assert (connection.user_id, connection.insecure) == ("middle", True)


def test_what_is_not_given_hides_nothing() -> None:
    assert resolve_connection([{"host": None}, {"host": "shop"}]).url == "http://shop:8563/api"


@pytest.mark.parametrize("near", [{"host": "near"}, {"url": "http://near:8563"}])
@pytest.mark.parametrize(
    "far",
    [
        {"host": "far", "port": "1", "username": "ops", "password": SECRET, "ca_file": "ca.pem"},
        {"url": "https://far", "username": "ops", "password": SECRET, "insecure": "1"},
    ],
)
def test_the_nearest_server_wins_whole_and_credentials_stay_with_theirs(
    near: Layer, far: Layer
) -> None:
    assert resolve_connection([near, far]) == Connection("http://near:8563/api")


def test_credentials_given_nearer_than_the_server_are_for_it() -> None:
    connection = resolve_connection([{"username": "ops", "password": SECRET}, {"host": "shop"}])
    assert connection.credentials == Credentials("ops", SECRET)


def test_a_password_without_a_server_is_for_the_server_named_nearer_only_if_none_is_named() -> None:
    far: Layer = {"username": "ops", "password": SECRET}
    assert resolve_connection([{"user_id": "me"}, far]).credentials == Credentials("ops", SECRET)


def test_a_port_goes_with_the_host_of_a_farther_place() -> None:
    assert resolve_connection([{"port": "1"}, {"host": "shop"}]).url == "http://shop:1/api"


@pytest.mark.parametrize(
    "layer",
    [{"host": "a", "url": "http://b"}, {"url": "http://b", "port": "1"}],
)
def test_two_servers_at_one_place_are_an_error(layer: Layer) -> None:
    error = refuse(layer)
    first, second = (f"--{name}" for name in layer)
    assert error.message == f"{first} and {second} each name a target"
    assert error.hint == "leave out all but one of them"


@pytest.mark.parametrize("near", [{"host": "near"}, {"url": "http://near:8563"}])
@pytest.mark.parametrize("port", ["1", "tcp://10.0.0.1:8563"])
def test_a_port_of_the_environment_is_not_for_a_server_named_nearer(near: Layer, port: str) -> None:
    far = read_environment({"ARTHAS_SHELL_PORT": port})
    assert resolve_connection([near, far]) == Connection("http://near:8563/api")


def test_a_port_as_kubernetes_sets_it_is_told_from_one_that_somebody_mistyped() -> None:
    range_ = "use a number from 1 to 65535"
    hints = [
        refuse(read_environment({"ARTHAS_SHELL_PORT": port})).hint for port in ("tcp://a:1", "x")
    ]
    assert hints == [
        f"{range_}; unset ARTHAS_SHELL_PORT: Kubernetes sets it for a service named arthas-shell",
        f"{range_}; correct ARTHAS_SHELL_PORT, or unset it",
    ]


def test_a_nearer_port_does_not_silently_vanish_beside_a_url() -> None:
    assert refuse({"port": "1"}, {"url": "http://shop:2"}).message == (
        "--port cannot be combined with the URL 'http://shop:2'"
    )


def test_a_password_alone_is_for_the_user_that_arthas_has() -> None:
    assert resolve_connection([{"password": SECRET}]).credentials == Credentials("arthas", SECRET)


def test_a_user_without_a_password_is_refused() -> None:
    error = refuse({"username": "ops"})
    assert error.message == "'ops' has no password"
    assert error.hint == (
        "give it with --password-stdin or ARTHAS_SHELL_PASSWORD, or in a profile with"
        " password_command; at a terminal it is asked for"
    )


def test_the_password_of_a_user_is_asked_for_where_nothing_gives_one() -> None:
    asked: list[str] = []

    def ask(whom: str) -> str:
        asked.append(whom)
        return SECRET

    connection = resolve([{"username": "ops"}], ask_password=ask).connection
    assert (asked, connection.credentials) == (["'ops'"], Credentials("ops", SECRET))
    resolve([{"username": "ops", "password": "x"}], ask_password=ask)
    resolve([{"user_id": "ops"}], ask_password=ask)
    assert asked == ["'ops'"]


def test_a_user_name_with_a_colon_is_refused_for_the_server_would_split_there() -> None:
    error = refuse({"username": "a:b", "password": SECRET})
    assert (
        error.message == "the user 'a:b' contains a colon, which Basic authentication does not"
        " allow"
    )


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon", ""])
def test_a_bad_time_is_refused(seconds: str) -> None:
    error = refuse({"connect_timeout": seconds})
    assert error.message == f"'{seconds}' is not a time in seconds"


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), ("off", False)])
def test_a_switch_of_the_environment_is_read_as_people_write_it(text: str, *, value: bool) -> None:
    assert resolve_connection([{"insecure": text}]).insecure is value


def test_a_bad_switch_is_refused() -> None:
    assert refuse({"insecure": "maybe"}).message == "'maybe' is neither true nor false"


def test_the_environment_gives_what_it_has_and_nothing_that_is_empty() -> None:
    names = {"host": "A_HOST", "port": "A_PORT", "url": "A_URL"}
    assert read_environment({"A_HOST": "shop", "A_URL": "", "HOST": "x"}, names) == {"host": "shop"}


def test_no_repr_shows_a_password() -> None:
    connection = resolve_connection([{"username": "ops", "password": SECRET}])
    assert SECRET not in repr(connection) + str(connection) + repr(connection.credentials)
    assert "ops" in repr(connection)
