"""Environment variables and stdin that cannot be."""

from __future__ import annotations

from .arguments import (
    BREAKS,
    NO_COMMAND,
    NO_TEXT,
    NO_UTF_8,
    OPEN_QUOTE,
    Given,
    no_command,
    no_port,
    no_switch,
    no_time,
)
from .rows import Ends, Row, config, syntax, usage


def variable(name: str, value: str, **more: str) -> Given:
    return Given(("exec", "version"), variables={f"ARTHAS_SHELL_{name}": value, **more})


def fed(*arguments: str, stdin: str | bytes) -> Given:
    return Given(arguments, stdin)


def bad(name: str, variable_name: str, value: str, ends: Ends, **more: str) -> Row[Given]:
    """Returns the row of a variable that is named in front of what is wrong with its value."""
    message = f"ARTHAS_SHELL_{variable_name}: {ends.message}"
    return Row(name, variable(variable_name, value, **more), ends._replace(message=message))


SHOP = {"ARTHAS_SHELL_URL": "https://127.0.0.1:1"}
OF_A_SERVICE = "tcp://10.0.0.1:8563"
VARIABLES: list[Row[Given]] = [
    bad("a port that is a word", "PORT", "http", no_port("http")),
    bad("a port as Kubernetes sets it", "PORT", OF_A_SERVICE, no_port(OF_A_SERVICE)),
    bad("a colour that is none", "COLOR", "blue", usage("'blue' is not a colour setting")),
    bad("a switch that is none", "INSECURE", "perhaps", no_switch("perhaps")),
    bad("read-only, perhaps", "READ_ONLY", "perhaps", no_switch("perhaps")),
    bad("quiet, perhaps", "QUIET", "2", no_switch("2")),
    bad("talkative, perhaps", "VERBOSE", "y", no_switch("y")),
    bad("no tuning, perhaps", "NO_TUNE", "\n", no_switch("␊")),
    bad("no time to connect", "CONNECT_TIMEOUT", "0", no_time("0")),
    bad("a time to connect that is not a number", "CONNECT_TIMEOUT", "nan", no_time("nan")),
    bad(
        "a URL that is none",
        "URL",
        "ftp://shop",
        usage("'ftp://shop' is not an http:// or https:// URL"),
    ),
    bad(
        "a host that is none",
        "HOST",
        "a b",
        usage("'a b' is not an address: it contains spaces or control characters"),
    ),
    bad(
        "a host with a port beside a port",
        "HOST",
        "a:1",
        usage("'a:1' has a port and ARTHAS_SHELL_PORT gives another"),
        ARTHAS_SHELL_PORT="2",
    ),
    Row("a session to share", variable("JOIN", "x"), usage("ARTHAS_SHELL_JOIN is for the shell")),
    bad("a profile that is not there", "PROFILE", "x", config("there is no profile 'x'")),
    bad(
        "a target by no name",
        "ON",
        "a:1 x",
        usage("there is no profile or group 'x'"),
    ),
    bad("a fan-out of none", "FANOUT", "0", usage("'0' is not a number of 1 or more")),
    bad(
        "a configuration that is a folder", "CONFIG", "/", config("cannot read '/': Is a directory")
    ),
    bad(
        "a configuration that is not there",
        "CONFIG",
        "/no/such",
        config("there is no file '/no/such'"),
    ),
    bad(
        "a configuration in the home of a user that does not exist",
        "CONFIG",
        "~nobody-of-this-name/a",
        config("'~nobody-of-this-name/a': there is no such user"),
    ),
    bad("a user without a password", "USERNAME", "ops", usage("'ops' has no password")),
    bad(
        "a user with a colon",
        "USERNAME",
        "a:b",
        usage("the user 'a:b' contains a colon, which Basic authentication does not allow"),
        ARTHAS_SHELL_PASSWORD="x",
    ),
    bad("a user that is no UTF-8", "USERNAME", "\udcff", NO_UTF_8, ARTHAS_SHELL_PASSWORD="x"),
    bad("a password that is no UTF-8", "PASSWORD", "sesame\udcff", NO_UTF_8),
    bad(
        "a CA file that is not there",
        "CA_FILE",
        "/no/such",
        config("cannot read the CA file '/no/such': No such file or directory"),
        **SHOP,
    ),
    bad(
        "a CA file that holds none",
        "CA_FILE",
        "/dev/null",
        config("'/dev/null' holds no certificate"),
        **SHOP,
    ),
    Row(
        "two targets",
        variable("HOST", "a", ARTHAS_SHELL_URL="http://b"),
        usage("ARTHAS_SHELL_HOST and ARTHAS_SHELL_URL each name a target"),
    ),
]

STDIN: list[Row[Given]] = [
    Row("no line", fed("exec", "-", stdin=""), NO_COMMAND),
    Row("an empty line", fed("exec", "-", stdin="\n"), NO_COMMAND),
    Row("two lines for one", fed("exec", "-", stdin="version\nthread\n"), BREAKS),
    Row("a line that is no UTF-8", fed("exec", "-", stdin=b"echo \xff\n"), NO_TEXT),
    Row("lines that are no UTF-8", fed("run", "-", stdin=b"\xff\n"), NO_TEXT),
    Row("lines in UTF-16", fed("run", "-", stdin="echo ä".encode("utf-16")), NO_TEXT),
    Row("a line with NUL in quotes that are open", fed("run", "-", stdin="echo '\0\n"), OPEN_QUOTE),
    Row("lines with an open quote", fed("run", "-", stdin="echo 'a\n"), OPEN_QUOTE),
    Row("a byte order mark and no line", fed("exec", "-", stdin="\ufeff"), NO_COMMAND),
    Row(
        "a line that is to run behind",
        fed("run", "-", stdin="thread &\n"),
        syntax("only the shell runs commands in the background"),
    ),
    Row(
        "a word of the shell among the lines", fed("run", "-", stdin=":info\n"), no_command(":info")
    ),
    Row("a comment for the one line", fed("exec", "-", stdin="# nothing\n"), no_command("#")),
    Row(
        "a password that is no UTF-8",
        fed("exec", "--password-stdin", "version", stdin=b"\xff\n"),
        NO_TEXT,
    ),
]
