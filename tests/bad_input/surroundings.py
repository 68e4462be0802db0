"""Environment variables and stdin that cannot be."""

from __future__ import annotations

from .arguments import (
    BREAKS,
    NO_COMMAND,
    NO_SESSION,
    NO_TEXT,
    NO_UTF_8,
    OPEN_QUOTE,
    TWO_TARGETS,
    Given,
    no_command,
    no_port,
    no_switch,
    no_time,
)
from .rows import Row, config, syntax, usage


def variable(name: str, value: str, **more: str) -> Given:
    return Given(("exec", "version"), variables={f"ARTHAS_SHELL_{name}": value, **more})


def fed(*arguments: str, stdin: str | bytes) -> Given:
    return Given(arguments, stdin)


VARIABLES: list[Row[Given]] = [
    Row("a port that is a word", variable("PORT", "http"), no_port("http")),
    Row("a colour that is none", variable("COLOR", "blue"), usage("'blue' is no choice of colour")),
    Row("a switch that is none", variable("INSECURE", "perhaps"), no_switch("perhaps")),
    Row("read-only, perhaps", variable("READ_ONLY", "perhaps"), no_switch("perhaps")),
    Row("quiet, perhaps", variable("QUIET", "2"), no_switch("2")),
    Row("no tuning, perhaps", variable("NO_TUNE", "\n"), no_switch("␊")),
    Row("no time to connect", variable("CONNECT_TIMEOUT", "0"), no_time("0")),
    Row("a time to connect that is no number", variable("CONNECT_TIMEOUT", "nan"), no_time("nan")),
    Row(
        "a URL that is none", variable("URL", "shop"), usage("'shop' is no http:// or https:// URL")
    ),
    Row(
        "a host that is none",
        variable("HOST", "a b"),
        usage("'a b' is no address: it has blanks or controls"),
    ),
    Row("a session to share", variable("JOIN", "x"), NO_SESSION),
    Row("a profile that is not there", variable("PROFILE", "x"), config("there is no profile 'x'")),
    Row(
        "a configuration that is a folder",
        variable("CONFIG", "/"),
        config("cannot read '/': Is a directory"),
    ),
    Row("a user without a password", variable("USERNAME", "ops"), usage("'ops' has no password")),
    Row(
        "a user with a colon",
        variable("USERNAME", "a:b", ARTHAS_SHELL_PASSWORD="x"),
        usage("the user 'a:b' has a colon, which Basic authentication has no way to say"),
    ),
    Row(
        "a user that is no UTF-8",
        variable("USERNAME", "\udcff", ARTHAS_SHELL_PASSWORD="x"),
        NO_UTF_8,
    ),
    Row("a password that is no UTF-8", variable("PASSWORD", "sesame\udcff"), NO_UTF_8),
    Row(
        "a CA file that is not there",
        variable("CA_FILE", "/no/such", ARTHAS_SHELL_URL="https://127.0.0.1:1"),
        config("cannot read the CA file '/no/such': No such file or directory"),
    ),
    Row("two targets", variable("HOST", "a", ARTHAS_SHELL_URL="http://b"), TWO_TARGETS),
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
