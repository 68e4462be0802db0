"""Lines for Arthas that are refused before they are sent."""

from __future__ import annotations

from .rows import Ends, Row, syntax, usage

NO_COMMAND = syntax("there is no command")
OPEN_QUOTE = syntax("the quote is not closed")
BREAKS = syntax("the line breaks outside quotes")
NO_VALUE = syntax("'-n' needs a value")


def no_command(name: str) -> Ends:
    return Ends(2, "unknown-command", f"there is no command '{name}'")


def no_number(text: str) -> Ends:
    return syntax(f"'{text}' is not a whole number")


LINES: list[Row[str]] = [
    Row("nothing", "", NO_COMMAND),
    Row("blanks", " \t ", NO_COMMAND),
    Row("an unknown command", "tread -n 3", no_command("tread")),
    Row(
        "an unknown command of 10,000 letters", "x" * 10_000, no_command("x" * 419 + "…" + "x" * 59)
    ),
    Row("an unknown command with controls", "\x1b[2J\u202e", no_command("␛[2J<U+202E>")),
    Row("an unknown command after blanks", "   vresion", no_command("vresion")),
    Row("a command in capitals", "VERSION", no_command("VERSION")),
    Row("half of a surrogate pair", "echo \udcff", syntax("this is not UTF-8 text")),
    Row("a single quote that is open", "echo 'a", OPEN_QUOTE),
    Row("a double quote that is open", 'echo "a', OPEN_QUOTE),
    Row("a backslash at the end", "echo a\\", syntax("nothing follows the backslash")),
    Row("a line break", "version\nthread", BREAKS),
    Row("a carriage return", "version\r", BREAKS),
    Row(
        "a quote that is open behind 100,000 characters", "echo " + "a" * 100_000 + "'", OPEN_QUOTE
    ),
    Row(
        "an unknown option",
        "watch demo.MathGame run --limit-s 3",
        Ends(2, "unknown-option", "'watch' has no option '--limit-s'"),
    ),
    Row("an unknown letter", "thread -z", Ends(2, "unknown-option", "'thread' has no option '-z'")),
    Row(
        "an option of another case",
        "thread -N 3",
        Ends(2, "unknown-option", "'thread' has no option '-N'"),
    ),
    Row("an option twice", "thread -n 1 -n 2", syntax("'-n' is given twice")),
    Row("an option without its value", "thread -n", NO_VALUE),
    Row("an option in the place of a value", "thread -n -i", NO_VALUE),
    Row("a second option without its value", "thread -n 3 -i", syntax("'-i' needs a value")),
    Row("a flag with a value", "sc --details=true a", syntax("'--details' takes no value")),
    Row("a number that is a word", "thread -n abc", no_number("abc")),
    Row("a number with a fraction", "thread -n 1.5", no_number("1.5")),
    Row(
        "a number that overflows", "thread -n 99999999999", syntax("'99999999999' is out of range")
    ),
    Row(
        "a number of 5,000 digits",
        "thread -n " + "9" * 5000,
        syntax("'" + "9" * 439 + "…" + "9" * 43 + "' is out of range"),
    ),
    Row("a number that is NaN", "thread -n NaN", no_number("NaN")),
    Row("a number in digits of another script", "thread -n ٣", no_number("٣")),
    Row("a number with an underscore", "thread -n 1_0", no_number("1_0")),
    Row(
        "a state that is none",
        "thread --state RUNING",
        syntax("'RUNING' is not a value of '--state'"),
    ),
    Row("a depth of 0", "watch a b -x 0", syntax("'-x 0' shows no value on Arthas 4.1.5")),
    Row("a depth of 9", "watch a b -x 9", syntax("'9' is out of range")),
    Row(
        "a truth that is none",
        "trace a b --skipJDKMethod maybe",
        syntax("'maybe' is neither true nor false"),
    ),
    Row("a missing argument", "watch demo.MathGame", syntax("'watch' needs method-pattern")),
    Row("no argument at all", "sc", syntax("'sc' needs class-pattern")),
    Row("a surplus argument", "echo a b", syntax("'echo' has no further argument 'b'")),
    Row("a surplus thread", "thread 1 2", syntax("'thread' has no further argument '2'")),
    Row("an expression that is not closed", "watch a b '{params'", syntax("'{' is not closed")),
    Row(
        "an expression closed too often",
        "watch a b 'params}'",
        syntax("'}' closes nothing that is open"),
    ),
    Row(
        "an expression with an open text",
        'watch a b "\'x"',
        syntax("the ' of the expression is not closed"),
    ),
    Row(
        "an expression in quotes of their own",
        "watch a b {params,returnObj",
        syntax("'{' is not closed"),
    ),
    Row(
        "an index without its records",
        "tt -w params",
        syntax("'tt -w' without '-i' or '-s' never ends"),
    ),
    Row("two commands", "version ; thread", syntax("only one command can be run here")),
    Row(
        "a command in the background",
        "watch a b &",
        syntax("only the shell runs commands in the background"),
    ),
    Row("a pipe into nothing", "thread |", syntax("nothing follows '|'")),
    Row("a pipe out of nothing", "| grep a", NO_COMMAND),
    Row("a redirect into nothing", "thread >", syntax("nothing follows '>'")),
    Row(
        "a redirect in the middle",
        "thread > a | wc",
        syntax("a redirect must come last"),
    ),
    Row("a pipe in quotes", "thread '|' grep x", syntax("'|' does not work over HTTP")),
    Row("a redirect in quotes", "thread '>' file", syntax("'>' does not work over HTTP")),
    Row("a word of the shell", ":info", no_command(":info")),
]

# Without a form of JSON: what comes out of such a line is not ours.
PIPED: list[Row[str]] = [
    Row(
        "a program that is not there",
        "thread | no-such-program",
        usage("there is no program 'no-such-program' here"),
    ),
    Row(
        "a file that cannot be written",
        "thread > /no/such/file",
        usage("cannot write '/no/such/file': No such file or directory"),
    ),
]

# Under --read-only.
FORBIDDEN: list[Row[str]] = [
    Row(
        "what stops the server",
        "stop",
        Ends(
            2,
            "read-only",
            (
                "'stop' is refused by --read-only: it ends Arthas for everybody: "
                "all sessions and jobs, not only yours"
            ),
        ),
    ),
    Row(
        "what changes the server",
        "options save-result true",
        Ends(
            2,
            "read-only",
            ("'options' is refused by --read-only: 'true': server-wide, for every user"),
        ),
    ),
    Row(
        "what changes a variable",
        "sysprop a b",
        Ends(
            2,
            "read-only",
            ("'sysprop' is refused by --read-only: 'b': sets the property in the target"),
        ),
    ),
    Row(
        "what calls a method",
        "ognl '@System@exit(1)'",
        Ends(
            2,
            "read-only",
            (
                "'ognl' is refused by --read-only: the expression: it calls the "
                "static method System@exit()"
            ),
        ),
    ),
    Row(
        "a call within an expression",
        "watch demo.MathGame run '{@System@exit(1)}'",
        Ends(
            2,
            "read-only",
            (
                "'watch' is refused by --read-only: the expression: it calls the "
                "static method System@exit()"
            ),
        ),
    ),
    Row("an unknown command", "hello", no_command("hello")),
]
