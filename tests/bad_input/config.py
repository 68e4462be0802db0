"""Configurations that cannot be: what the file holds, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from .rows import Ends, Row, config, syntax, usage

if TYPE_CHECKING:
    from pathlib import Path

Content: TypeAlias = str | bytes | Callable[["Path"], object]
DEFAULTS = "[defaults]\n"
PROFILE = "[profiles.a]\nurl = 'http://127.0.0.1:1'\n"


def loop(path: Path) -> None:
    path.symlink_to(path)


def let_others_read(path: Path) -> None:
    path.write_text("[profiles.a]\npassword = 'x'\n")
    path.chmod(0o644)


def wrong(what: str) -> Ends:
    """Returns the end for what stands in the file, which is named."""
    return config(f"'FILE': {what}")


NO_FILE = config("there is no file 'FILE'")
TOO_LARGE = config("'FILE' is too large for a configuration file")
NO_UTF_8 = config("'FILE' is not UTF-8 text")
ENDLESS = config("'FILE' has a number or nesting that is too large")
NO_FORMAT = wrong("'output' in [defaults] is not one of text, json, jsonl, csv")
NO_COUNT = wrong("'max_jobs' in [defaults] is not a number of 1 or more")
NO_PORT = wrong("'port' in [defaults] is not a port from 1 to 65535")
NO_SECONDS = wrong("'connect_timeout' in [defaults] is not a number of seconds up to 86400")
NO_DURATION = wrong(
    '\'job_timeout\' in [defaults] is not a time up to 7 days, such as "90s", "15m", "1h"'
)

# What no content is right for: how the file is there.
FILES: list[Row[Content]] = [
    Row("no file", lambda path: path, NO_FILE),
    Row("a folder", lambda path: path.mkdir(), config("cannot read 'FILE': Is a directory")),
    Row("a link to itself", loop, config("cannot read 'FILE': Too many levels of symbolic links")),
    Row("a link to nothing", lambda path: path.symlink_to(path.with_name("nothing")), NO_FILE),
    Row("a device without end", lambda path: path.symlink_to("/dev/zero"), TOO_LARGE),
    Row(
        "a password that others may read",
        let_others_read,
        wrong("other users can read it, and [profiles.a] holds a password"),
    ),
]

SYNTAX: list[Row[Content]] = [
    Row("no value", "a = \n", wrong("invalid value (at line 1, column 5)")),
    Row("no TOML at all", "{'defaults': 1}", wrong("invalid statement (at line 1, column 1)")),
    Row(
        "a section that is not closed",
        "[defaults\n",
        wrong("expected ']' at the end of a table declaration (at line 1, column 10)"),
    ),
    Row(
        "a text that is not closed",
        DEFAULTS + "output = 'json\n",
        wrong('expected "\'" (at end of document)'),
    ),
    Row(
        "a key twice",
        DEFAULTS + "output = 'json'\noutput = 'text'\n",
        wrong("cannot overwrite a value (at line 3, column 16)"),
    ),
    Row(
        "a section twice",
        DEFAULTS + DEFAULTS,
        wrong("cannot declare ('defaults',) twice (at line 2, column 10)"),
    ),
    Row(
        "a NUL byte",
        b"[def\0aults]\n",
        wrong("expected ']' at the end of a table declaration (at line 1, column 5)"),
    ),
    Row(
        "an escape sequence",
        DEFAULTS + "output = \x1b[2J\n",
        wrong("invalid value (at line 2, column 10)"),
    ),
    Row("bytes that are no UTF-8", b"\xff\xfe[\x00", NO_UTF_8),
    Row(
        "half of a surrogate pair",
        DEFAULTS + 'output = "\\ud800"\n',
        wrong("escaped character is not a Unicode scalar value (at line 2, column 17)"),
    ),
    Row("UTF-16, as Notepad saves it", DEFAULTS.encode("utf-16"), NO_UTF_8),
    Row("a number of 5,000 digits", DEFAULTS + "port = " + "9" * 5000, ENDLESS),
    Row("100,000 brackets", DEFAULTS + "init = " + "[" * 100_000, ENDLESS),
    Row("5,000 tables in tables", DEFAULTS + "a = " + "{a = " * 5000, ENDLESS),
    Row("two megabytes", "#" * 2_000_000, TOO_LARGE),
    Row("a time of day for a number", DEFAULTS + "port = 08:30:00\n", NO_PORT),
]

KEYS: list[Row[Content]] = [
    Row("an unknown section", "[defualts]\n", wrong("unknown section 'defualts'")),
    Row("an unknown section far from any", "[zzz]\n", wrong("unknown section 'zzz'")),
    Row(
        "a section with a line break in its name",
        '["defa\\nults"]\n',
        wrong("unknown section 'defa␊ults'"),
    ),
    Row(
        "an unknown key",
        DEFAULTS + "outptu = 'json'\n",
        wrong("unknown key 'outptu' in [defaults]"),
    ),
    Row(
        "a key with an escape sequence",
        DEFAULTS + '"\\u001b[2J" = 1\n',
        wrong("unknown key '␛[2J' in [defaults]"),
    ),
    Row(
        "a key of 300 characters",
        DEFAULTS + "x" * 300 + " = 1\n",
        wrong(f"unknown key '{'x' * 300}' in [defaults]"),
    ),
    Row(
        "a key of profiles in the defaults",
        DEFAULTS + "production = true\n",
        wrong("unknown key 'production' in [defaults]"),
    ),
    Row(
        "a key of the defaults in a profile",
        "[profiles.a]\nediting = 'vi'\n",
        wrong("unknown key 'editing' in [profiles.a]"),
    ),
    Row(
        "a value in the place of a section", "profiles = 1\n", wrong("'profiles' is not a section")
    ),
    Row(
        "a list in the place of a section", "defaults = []\n", wrong("'defaults' is not a section")
    ),
    Row(
        "a value in the place of a profile",
        "[profiles]\na = 1\n",
        wrong("'profiles.a' is not a section"),
    ),
    Row(
        "an unknown profile in a group",
        "[profiles.shop]\n[groups]\ng = ['shpo']\n",
        wrong("group 'g' names the unknown profile 'shpo'"),
    ),
    Row(
        "a group that is no list",
        "[groups]\ng = 'a'\n",
        wrong('\'g\' in [groups] is not a list of strings, such as ["…", "…"]'),
    ),
    Row(
        "options that are no text", "[commands]\nwatch = 2\n", wrong("'commands.watch' is not text")
    ),
    Row(
        "two ways to a password",
        "[profiles.a]\npassword = 'x'\nkeyring = true\n",
        wrong("[profiles.a] has password and keyring"),
    ),
    Row(
        "a URL and a host",
        "[profiles.a]\nurl = 'http://x'\nhost = 'y'\n",
        wrong("[profiles.a] has a url and a host or port"),
    ),
    Row(
        "a URL and a port by default",
        DEFAULTS + "url = 'http://x'\nport = 1\n",
        wrong("[defaults] has a url and a host or port"),
    ),
    Row(
        "a port twice",
        DEFAULTS + "host = 'x:1'\nport = 2\n",
        wrong("'host' in [defaults]: 'x:1' has a port and --port gives another"),
    ),
]

VALUES: list[Row[Content]] = [
    Row("an unknown format", DEFAULTS + "output = 'xml'\n", NO_FORMAT),
    Row("a format that is a list", DEFAULTS + "output = ['json']\n", NO_FORMAT),
    Row(
        "an unknown colour",
        DEFAULTS + "color = 'blue'\n",
        wrong("'color' in [defaults] is not one of auto, always, never"),
    ),
    Row(
        "an unknown confirmation",
        DEFAULTS + "confirm = 'always'\n",
        wrong("'confirm' in [defaults] is not one of changes, dangerous, never"),
    ),
    Row(
        "an unknown way of editing",
        DEFAULTS + "editing = 'nano'\n",
        wrong("'editing' in [defaults] is not one of emacs, vi"),
    ),
    Row("no job at once", DEFAULTS + "max_jobs = 0\n", NO_COUNT),
    Row("minus one job at once", DEFAULTS + "max_jobs = -1\n", NO_COUNT),
    Row("true jobs at once", DEFAULTS + "max_jobs = true\n", NO_COUNT),
    Row("half a job at once", DEFAULTS + "max_jobs = 1.5\n", NO_COUNT),
    Row(
        "a switch that is a text",
        DEFAULTS + "tune = 'yes'\n",
        wrong("'tune' in [defaults] is not true or false"),
    ),
    Row(
        "a switch that is a number",
        DEFAULTS + "read_only = 1\n",
        wrong("'read_only' in [defaults] is not true or false"),
    ),
    Row("a time without a unit", DEFAULTS + "job_timeout = '90'\n", NO_DURATION),
    Row("a time of no length", DEFAULTS + "job_timeout = '0s'\n", NO_DURATION),
    Row("a time of eight days", DEFAULTS + "job_timeout = '8d'\n", NO_DURATION),
    Row("a time of 5,000 digits", DEFAULTS + f"job_timeout = '{'9' * 5000}s'\n", NO_DURATION),
    Row("a time that is a number", DEFAULTS + "job_timeout = 90\n", NO_DURATION),
    Row("seconds that are no number", DEFAULTS + "connect_timeout = nan\n", NO_SECONDS),
    Row("endless seconds", DEFAULTS + "connect_timeout = inf\n", NO_SECONDS),
    Row("seconds before now", DEFAULTS + "connect_timeout = -1\n", NO_SECONDS),
    Row("seconds of 400 digits", DEFAULTS + "connect_timeout = " + "9" * 400, NO_SECONDS),
    Row("seconds that are text", DEFAULTS + "connect_timeout = '5'\n", NO_SECONDS),
    Row("port 0", DEFAULTS + "port = 0\n", NO_PORT),
    Row("port 99999", DEFAULTS + "port = 99999\n", NO_PORT),
    Row("a port that is a text", DEFAULTS + "port = '8563'\n", NO_PORT),
    Row(
        "no host",
        DEFAULTS + "host = ''\n",
        wrong("'host' in [defaults] is not text: it is empty or holds a NUL"),
    ),
    Row(
        "a host with a blank",
        DEFAULTS + "host = 'a b'\n",
        wrong(
            "'host' in [defaults]: 'a b' is not an address: it contains spaces or control"
            " characters"
        ),
    ),
    Row(
        "a host with a NUL",
        DEFAULTS + 'host = "a\\u0000b"\n',
        wrong("'host' in [defaults] is not text: it is empty or holds a NUL"),
    ),
    Row(
        "a bare IPv6 address",
        DEFAULTS + "host = '::1'\n",
        wrong("'host' in [defaults]: '::1' is not of the form HOST[:PORT]"),
    ),
    Row(
        "a URL of another scheme",
        "[profiles.a]\nurl = 'ftp://x'\n",
        wrong("'url' in [profiles.a]: 'ftp://x' is not an http:// or https:// URL"),
    ),
    Row(
        "a URL with a password",
        "[profiles.a]\nurl = 'http://u:secret@h'\n",
        wrong("'url' in [profiles.a]: an address must not contain a password"),
    ),
    Row(
        "a URL with a query",
        "[profiles.a]\nurl = 'http://h/?a=b'\n",
        wrong("'url' in [profiles.a]: 'http://h/?a=b' has a query or fragment"),
    ),
    Row(
        "a URL that is a number",
        "[profiles.a]\nurl = 1\n",
        wrong("'url' in [profiles.a] is not text"),
    ),
    Row(
        "lines that are one text",
        "[profiles.a]\ninit = 'version'\n",
        wrong('\'init\' in [profiles.a] is not a list of strings, such as ["…", "…"]'),
    ),
    Row(
        "lines that are numbers",
        "[profiles.a]\ninit = [1]\n",
        wrong('\'init\' in [profiles.a] is not a list of strings, such as ["…", "…"]'),
    ),
    Row(
        "a colour that no terminal has",
        PROFILE + "color = 'pink'\n",
        wrong(
            "'color' in [profiles.a] is not one of red, green, yellow, blue, magenta, cyan, white"
        ),
    ),
    Row(
        "a password command that is one text",
        PROFILE + "password_command = 'pass a'\n",
        wrong('\'password_command\' in [profiles.a] is not a list of strings, such as ["…", "…"]'),
    ),
    Row(
        "a password command of no words",
        PROFILE + "password_command = []\n",
        wrong('\'password_command\' in [profiles.a] is not a command, such as ["pass", "arthas"]'),
    ),
    Row(
        "a password command with a NUL",
        PROFILE + 'password_command = ["a\\u0000"]\n',
        wrong('\'password_command\' in [profiles.a] is not a list of strings, such as ["…", "…"]'),
    ),
    Row(
        "a CA file with a NUL",
        DEFAULTS + 'ca_file = "a\\u0000"\n',
        wrong("'ca_file' in [defaults] is not text: it is empty or holds a NUL"),
    ),
]

# Right as a file; what is wrong shows when the profile `a` is used.
USED: list[Row[Content]] = [
    Row("a profile that is not there", "[profiles.b]\n", config("there is no profile 'a'")),
    Row(
        "a password command not there",
        PROFILE + "password_command = ['/no/such']\n",
        config("the password_command of the profile 'a', '/no/such', is not found"),
    ),
    Row(
        "a password command that fails",
        PROFILE + "password_command = ['false']\n",
        config("the password_command of the profile 'a' failed with code 1"),
    ),
    Row(
        "a password command that says nothing",
        PROFILE + "password_command = ['true']\n",
        config("the password_command of the profile 'a' printed nothing"),
    ),
    Row(
        "a user without a password", PROFILE + "username = 'ops'\n", usage("'ops' has no password")
    ),
    Row(
        "a user with a colon",
        PROFILE + "username = 'a:b'\npassword = 'x'\n",
        usage("the user 'a:b' contains a colon, which Basic authentication does not allow"),
    ),
    Row(
        "an https URL and no CA file",
        "[profiles.a]\nurl = 'https://127.0.0.1:1'\nca_file = '/no/such'\n",
        config("cannot read the CA file '/no/such': No such file or directory"),
    ),
    Row(
        "options with an open quote",
        PROFILE + '[commands]\nversion = "\'"\n',
        syntax("the quote is not closed"),
    ),
]
