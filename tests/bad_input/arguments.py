"""Command lines of ours, environment variables and stdin that cannot be."""

from __future__ import annotations

from dataclasses import dataclass, field

from .rows import Ends, Row, config, syntax, usage


@dataclass(frozen=True, slots=True)
class Given:
    """What the program is started with."""

    arguments: tuple[str, ...]
    stdin: str | bytes = ""
    variables: dict[str, str] = field(default_factory=dict)


def words(*arguments: str) -> Given:
    return Given(arguments)


def version(*options: str) -> Given:
    """Returns an `exec version` with these options."""
    return Given(("exec", *options, "version"))


def no_option(name: str) -> Ends:
    return usage(f"there is no option '{name}'")


def no_deadline(text: str) -> Ends:
    what = f"'{text}' is not a number of seconds above 0, up to 86400"
    return usage(f"invalid value for '-t' / '--timeout': {what}")


def no_time(text: str) -> Ends:
    return usage(f"'{text}' is not a time in seconds")


def no_port(text: str) -> Ends:
    return usage(f"'{text}' is not a port")


def no_switch(text: str) -> Ends:
    return usage(f"'{text}' is neither true nor false")


def no_command(name: str) -> Ends:
    return Ends(2, "unknown-command", f"there is no command '{name}'")


BOTH = usage("--password-stdin and the lines both read stdin")
NO_SESSION = usage("--join is for the shell")
NO_PLACE = usage("an address must not contain a password")


def two_targets(one: str, other: str) -> Ends:
    return usage(f"{one} and {other} each name a target")


NO_UTF_8 = usage("the user or the password is not UTF-8 text")
NO_TEXT = usage("stdin is not utf-8 text")
NO_COMMAND = syntax("there is no command")
OPEN_QUOTE = syntax("the quote is not closed")
BREAKS = syntax("the line breaks outside quotes")

OPTIONS: list[Row[Given]] = [
    Row("an unknown option", version("--xyzzy"), no_option("--xyzzy")),
    Row("an unknown option with a value", version("--xyzzy=1"), no_option("--xyzzy")),
    Row("an unknown letter", version("-Z"), no_option("-Z")),
    Row("an unknown letter with a control in it", version("-\x1b[2J"), no_option("-␛")),
    Row("an option with a slip", version("--usernam", "x"), no_option("--usernam")),
    Row(
        "an option of 10,000 characters",
        version("--" + "x" * 10_000),
        no_option("--" + "x" * 418 + "…" + "x" * 59),
    ),
    Row(
        "an option without its value",
        words("exec", "version", "--host"),
        usage("option '--host' requires an argument"),
    ),
    Row(
        "a switch with a value",
        version("--insecure=yes"),
        usage("option '--insecure' does not take a value"),
    ),
    Row(
        "an option of Arthas outside the quotes",
        words("exec", "thread", "-n", "3"),
        no_option("-n"),
    ),
    Row("a password in an option", version("--password", "secret"), no_option("--password")),
    Row(
        "an unknown format",
        version("-o", "xml"),
        usage(
            "invalid value for '-o' / '--output': 'xml' is not one of 'text', "
            "'json', 'jsonl', 'csv'"
        ),
    ),
    Row("no line", words("exec"), usage("missing argument 'LINE | - | -- WORD...'")),
    Row("two lines", words("exec", "thread", "jvm"), usage("the command must be one argument")),
    Row(
        "two lines, one with a line break",
        words("exec", "thread", "a\nb"),
        usage("the command must be one argument"),
    ),
    Row(
        "an operator as a word",
        words("exec", "--", "thread", "|"),
        usage("the server would treat '|' as an operator, even in quotes"),
    ),
    Row(
        "a redirect as a word",
        words("exec", "--", "thread", ">", "x"),
        usage("the server would treat '>' as an operator, even in quotes"),
    ),
    Row(
        "a background mark as a word",
        words("exec", "--", "thread", "&"),
        usage("the server would treat '&' as an operator, even in quotes"),
    ),
    Row("csv of many lines", words("run", "-o", "csv", "-"), Ends(2, "format", "'run' has no csv")),
    Row("no file of lines", words("run"), usage("missing argument 'FILE | -'")),
    Row("two files of lines", words("run", "a", "b"), usage("got unexpected extra argument (b)")),
    Row(
        "a file of lines that is not there",
        words("run", "/no/such"),
        usage("cannot read '/no/such': No such file or directory"),
    ),
    Row(
        "a file of lines that is a folder",
        words("run", "/"),
        usage("cannot read '/': Is a directory"),
    ),
    Row(
        "a file of lines without a name", words("run", ""), usage("cannot read '': Is a directory")
    ),
    Row(
        "a file below a file",
        words("run", "/dev/null/x"),
        usage("cannot read '/dev/null/x': Not a directory"),
    ),
    Row(
        "a name of a file that is too long",
        words("run", "x" * 5000),
        usage(
            "cannot read '"
            + "x" * 427
            + "…xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx': File name too long"
        ),
    ),
    Row(
        "a name of a file with controls",
        words("run", "/no/\x1b[2J\u202e\udcff"),
        usage("cannot read '/no/␛[2J<U+202E><U+DCFF>': No such file or directory"),
    ),
    Row("a session to share for one command", version("--join", "x"), NO_SESSION),
    Row(
        "a configuration that is not there",
        version("--config", "/no/such"),
        config("there is no file '/no/such'"),
    ),
    Row(
        "a configuration without a name",
        version("--config", ""),
        config("cannot read '.': Is a directory"),
    ),
    Row(
        "the home of a user that does not exist",
        version("--config", "~nobody-at-all/x"),
        config("'~nobody-at-all/x': there is no such user"),
    ),
    Row("a profile that is not there", version("-P", "shop"), config("there is no profile 'shop'")),
    Row("a profile without a name", version("-P", ""), config("there is no profile ''")),
    Row(
        "an unknown colour",
        version("--color", "blue"),
        usage("invalid value for '--color': 'blue' is not one of 'auto', 'always', 'never'"),
    ),
    Row("the password and the line from stdin", words("exec", "--password-stdin", "-"), BOTH),
    Row("the password and the lines from stdin", words("run", "--password-stdin", "-"), BOTH),
]

# Without a form of JSON of their own.
COMMANDS: list[Row[Given]] = [
    Row("an unknown subcommand", words("thread"), usage("no such command 'thread'")),
    Row(
        "an unknown subcommand with controls",
        words("\x1b[2J\n"),
        usage("no such command '\\x1b[2J\\n'"),
    ),
    Row("an unknown option before it", words("--xyzzy"), no_option("--xyzzy")),
    Row("an option before its subcommand", words("-t", "3", "exec", "version"), no_option("-t")),
    Row(
        "an unknown question to config",
        words("config", "edit"),
        usage(
            "invalid value for '{path|show|check}': 'edit' is not one of 'path', 'show', 'check'"
        ),
    ),
    Row(
        "no question to config",
        words("config"),
        usage("missing argument '{path|show|check}'. Choose from: path, show, check"),
    ),
    Row(
        "an unknown shell",
        words("completion", "cmd"),
        usage("invalid value for '{bash|zsh|fish}': 'cmd' is not one of 'bash', 'zsh', 'fish'"),
    ),
    Row("a word too many", words("demo", "now"), usage("got unexpected extra argument (now)")),
    Row("a get of two files", words("get", "a", "b"), usage("got unexpected extra argument (b)")),
    Row("lines and the password from stdin", words("--password-stdin"), BOTH),
]

NUMBERS: list[Row[Given]] = [
    Row("a deadline that is a word", version("-t", "soon"), no_deadline("soon")),
    Row("a deadline that is not a number", version("-t", "nan"), no_deadline("nan")),
    Row("an endless deadline", version("-t", "inf"), no_deadline("inf")),
    Row("a deadline of 0", version("-t", "0"), no_deadline("0")),
    Row("a deadline before now", version("-t", "-1"), no_deadline("-1")),
    Row("a deadline over a day", version("-t", "86401"), no_deadline("86401")),
    Row("a deadline that overflows", version("-t", "1e999"), no_deadline("1e999")),
    Row("a deadline of no text", version("-t", ""), no_deadline("")),
    Row("a deadline with a unit", version("-t", "5s"), no_deadline("5s")),
    Row(
        "a deadline of 5,000 digits",
        version("-t", "9" * 5000),
        no_deadline("9" * 401 + "…" + "9" * 11),
    ),
    Row("a time to connect that is a word", version("--connect-timeout", "soon"), no_time("soon")),
    Row(
        "a time to connect that is not a number",
        version("--connect-timeout", "nan"),
        no_time("nan"),
    ),
    Row("an endless time to connect", version("--connect-timeout", "inf"), no_time("inf")),
    Row("no time to connect", version("--connect-timeout", "0"), no_time("0")),
    Row("port 0", version("-p", "0"), no_port("0")),
    Row("port -1", version("-p", "-1"), no_port("-1")),
    Row("port 65536", version("-p", "65536"), no_port("65536")),
    Row("a port of 5,000 digits", version("-p", "9" * 5000), no_port("9" * 439 + "…" + "9" * 45)),
    Row("a port in digits of another script", version("-p", "٨٥"), no_port("٨٥")),
    Row("a port with a line break", version("-p", "85\n63"), no_port("85␊63")),
    Row("a port with a fraction", version("-p", "8563.0"), no_port("8563.0")),
    Row("a port of no text", version("-p", ""), no_port("")),
]

ADDRESSES: list[Row[Given]] = [
    Row("no host", version("-H", ""), usage("'' is not of the form HOST[:PORT]")),
    Row("a host that is a URL", version("-H", "http://shop:1"), usage("'http://shop:1' is a URL")),
    Row(
        "a host with a path",
        version("-H", "shop/base"),
        usage("'shop/base' is not of the form HOST[:PORT]"),
    ),
    Row(
        "a host with a blank",
        version("-H", "a b"),
        usage("'a b' is not an address: it contains spaces or control characters"),
    ),
    Row(
        "a host with controls",
        version("-H", "sh\x1b[2Jop\n"),
        usage("'sh\\x1b[2Jop\\n' is not an address: it contains spaces or control characters"),
    ),
    Row(
        "a host that is no UTF-8",
        version("-H", "sh\udcffop"),
        usage("'sh\\udcffop' is not an address: it contains spaces or control characters"),
    ),
    Row("a host with a user", version("-H", "ops:secret@shop"), NO_PLACE),
    Row(
        "a host that nobody can be called",
        version("-H", "a" * 64),
        Ends(3, "unreachable", "cannot find the host '" + "a" * 64 + "'"),
    ),
    Row(
        "a host of empty labels",
        version("-H", "a..ä"),
        Ends(3, "unreachable", "cannot find the host 'a..ä'"),
    ),
    Row("a port alone", version("-H", ":1"), usage("':1' is not of the form HOST[:PORT]")),
    Row(
        "a port twice",
        version("-H", "shop:1", "-p", "2"),
        usage("'shop:1' has a port and --port gives another"),
    ),
    Row(
        "a port of a host that is a word",
        version("-H", "shop:http"),
        usage("'shop:http' is not an address: Port could not be cast to integer value as 'http'"),
    ),
    Row(
        "a port of a host out of range",
        version("-H", "shop:99999"),
        usage("'shop:99999' is not an address: Port out of range 0-65535"),
    ),
    Row("a bare IPv6 address", version("-H", "::1"), usage("'::1' is not of the form HOST[:PORT]")),
    Row(
        "an IPv6 address with one bracket",
        version("-H", "[::1"),
        usage("'[::1' is not an address: Invalid IPv6 URL"),
    ),
    Row(
        "an IPv6 address that is none",
        version("-H", "[zz::1]"),
        usage("'[zz::1]' is not an address: 'zz::1' does not appear to be an IPv4 or IPv6 address"),
    ),
    Row(
        "a URL of another scheme",
        version("--url", "ftp://shop"),
        usage("'ftp://shop' is not an http:// or https:// URL"),
    ),
    Row(
        "a URL without a host",
        version("--url", "http:///api"),
        usage("'http:///api' is not an http:// or https:// URL"),
    ),
    Row(
        "a URL with a query",
        version("--url", "http://shop/?a=b"),
        usage("'http://shop/?a=b' has a query or fragment"),
    ),
    Row("a URL with a password", version("--url", "http://ops:secret@shop"), NO_PLACE),
    Row("a URL with a password in its query", version("--url", "http://h/?password=x"), NO_PLACE),
    Row(
        "a URL with a line break",
        version("--url", "http://shop\r\nx: y"),
        usage(
            "'http://shop\\r\\nx: y' is not an address: it contains spaces or control characters"
        ),
    ),
    Row(
        "a URL with a bad port",
        version("--url", "http://shop:-1"),
        usage(
            "'http://shop:-1' is not an address: Port could not be cast to integer value as '-1'"
        ),
    ),
    Row("no URL", version("--url", ""), usage("'' is not an http:// or https:// URL")),
    Row(
        "a host and a URL", version("-H", "a", "--url", "http://b"), two_targets("--host", "--url")
    ),
    Row(
        "a URL and a port", version("--url", "http://b", "-p", "1"), two_targets("--url", "--port")
    ),
    Row("a profile and a host", version("-P", "a", "-H", "b"), two_targets("--host", "--profile")),
    Row("no target", version("--on", ""), usage("there is no profile or group ''")),
    Row("a target by no name", version("--on", "x"), usage("there is no profile or group 'x'")),
    Row(
        "a range that goes back",
        version("--on", "x[3-1]:1"),
        usage("'x[3-1]:1': '[3-1]' is not a range"),
    ),
    Row("half a range", version("--on", "x[1-"), usage("'x[1-' is not a range")),
    Row("a range of letters", version("--on", "x[a-b]:1"), usage("'x[a-b]:1' is not a range")),
    Row(
        "a range without an end",
        version("--on", "x[1-999999999999]:1"),
        usage("'x[1-999999999999]:1' stands for more than 10,000 targets"),
    ),
    Row("a target with a password", version("--on", "http://ops:secret@shop[1-2]"), NO_PLACE),
    Row("targets and a host", version("--on", "x:1", "-H", "b"), two_targets("--host", "--on")),
    Row("targets and a port", version("--on", "x:1", "-p", "1"), two_targets("--on", "--port")),
    Row(
        "all of no profiles",
        version("--on", "all"),
        usage("'all' stands for every profile, and there is none"),
    ),
    Row("a fan-out of none", version("--fanout", "0"), usage("'0' is not a number of 1 or more")),
    Row(
        "a fan-out of words",
        version("--fanout", "many"),
        usage("'many' is not a number of 1 or more"),
    ),
    Row("a user without a password", version("-u", "ops"), usage("'ops' has no password")),
    Row(
        "a CA file that is not there",
        version("--url", "https://127.0.0.1:1", "--ca-file", "/no/such"),
        config("cannot read the CA file '/no/such': No such file or directory"),
    ),
    Row(
        "a CA file that is a folder",
        version("--url", "https://127.0.0.1:1", "--ca-file", "/"),
        config("cannot read the CA file '/': Is a directory"),
    ),
    Row(
        "a CA file with nothing in it",
        version("--url", "https://127.0.0.1:1", "--ca-file", "/dev/null"),
        config("'/dev/null' holds no certificate"),
    ),
]
