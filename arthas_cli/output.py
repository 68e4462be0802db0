"""The only writer to stdout: results drawn for people, lines of JSON or CSV for programs.

Whatever a renderable holds, the text of each of its segments is made safe here, so that no text
of the target JVM reaches the terminal unseen. rich is loaded when something is drawn, not before.
"""

from __future__ import annotations

import errno
import re
from functools import cache
from typing import TYPE_CHECKING, Literal, TextIO, TypeAlias

from arthas_cli.errors import OutputClosed
from arthas_cli.text import list_lacking, sanitise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rich.console import Console, RenderableType
    from rich.segment import Segment
    from rich.style import Style

    from arthas_cli.views.lines import Block

ColorSystem: TypeAlias = Literal["standard", "256", "truecolor"]
Choice: TypeAlias = Literal["auto", "always", "never"]

# What a terminal obeys or hides though JSON lets it stand in a string: DEL, C1, bidi controls,
# line separators, halves of a surrogate pair.
_UNSAFE_IN_JSON = re.compile(
    "[\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff\ud800-\udfff]"
)
_MAX_PARTS = 256
# Piped text has no width; rich wants a number all the same.
_NO_WIDTH = 10_000
_BASIC_PLANE = 0xFFFF
# What Windows says of a closed pipe, beside the errors that have a class of their own.
_CLOSED = (errno.EPIPE, errno.EINVAL)


class Paper:
    r"""What results are drawn on.

    Args:
        stream: where to; its encoding may be any. What that cannot hold is written as `\uXXXX`,
            signs of our own in what is drawn as plain ones.
        width: columns of the terminal, None where there is none.
        color: what colours the terminal has, None for none.
    """

    def __init__(
        self, stream: TextIO, *, width: int | None = None, color: ColorSystem | None = None
    ) -> None:
        self.width = width
        self.color = color
        self._stream = stream
        self._lacking = list_lacking(getattr(stream, "encoding", None) or "utf-8")
        self._console: Console | None = None
        self._codes: dict[Style, tuple[str, str]] = {}
        self._parts: list[str] = []

    def draw(self, renderable: RenderableType) -> None:
        """Draw a rich renderable, segment by segment as it yields them; `flush` hands on the rest.

        Raises:
            OutputClosed: the output pipe was closed.
        """
        if isinstance(renderable, _load_block()):
            self._put_lines(renderable.lines)
        else:
            self._put_lines((self._render(renderable),), end="")

    def _put_lines(self, lines: Iterable[Iterable[Segment]], end: str = "\n") -> None:
        parts = self._parts
        for line in lines:
            for text, style, control in line:
                if control or not text:
                    continue
                safe = sanitise(text)
                if self._lacking:
                    safe = safe.translate(self._lacking)
                if style is not None and self.color is not None:
                    safe = self._dye(safe, style)
                parts.append(safe)
            parts.append(end)
            if len(parts) >= _MAX_PARTS:
                self._put()

    def write(self, text: str, end: str = "\n") -> None:
        """Write one line of text that is meant for programs, as it is; `flush` hands on the rest.

        Raises:
            OutputClosed: the output pipe was closed.
        """
        self._parts += (text, end)
        if len(self._parts) >= _MAX_PARTS:
            self._put()

    def flush(self) -> None:
        """Hand on what was drawn and written.

        Raises:
            OutputClosed: the output pipe was closed.
        """
        self._put()
        try:
            self._stream.flush()
        except (OSError, ValueError) as error:
            raise explain(error) from error

    def _render(self, renderable: RenderableType) -> Iterable[Segment]:
        if self._console is None:
            from rich.console import Console

            self._console = Console(
                file=self._stream,
                width=self.width or _NO_WIDTH,
                color_system=None,
                force_terminal=False,
                legacy_windows=False,
                markup=False,
                highlight=False,
                emoji=False,
            )
        return self._console.render(renderable)

    def _dye(self, text: str, style: Style) -> str:
        """Put a style's codes around each line of the text, so that pagers keep them apart."""
        codes = self._codes.get(style)
        if codes is None:
            codes = self._codes[style] = _codes_of(style, self.color)
        before, after = codes
        if not before:
            return text
        if "\n" not in text:
            return f"{before}{text}{after}"
        return "\n".join(f"{before}{line}{after}" if line else "" for line in text.split("\n"))

    def _put(self) -> None:
        text = "".join(self._parts)
        self._parts.clear()
        if not text:
            return
        try:
            try:
                self._stream.write(text)
            except UnicodeEncodeError:
                self._stream.write(_make_encodable(text, self._stream.encoding or "ascii"))
        except (OSError, ValueError) as error:
            raise explain(error) from error


@cache
def _load_block() -> type[Block]:
    from arthas_cli.views.lines import Block

    return Block


def _codes_of(style: Style, color: ColorSystem | None) -> tuple[str, str]:
    from rich.color import ColorSystem as System
    from rich.style import Style

    systems = {
        "standard": System.STANDARD,
        "256": System.EIGHT_BIT,
        "truecolor": System.TRUECOLOR,
    }
    # A style remembers its codes for the first system it was asked for, so a new one is asked.
    fresh = Style(
        color=style.color,
        bgcolor=style.bgcolor,
        bold=style.bold,
        dim=style.dim,
        italic=style.italic,
        underline=style.underline,
        reverse=style.reverse,
        strike=style.strike,
    )
    before, _, after = fresh.render("\0", color_system=systems[color] if color else None).partition(
        "\0"
    )
    return before, after


def explain(error: OSError | ValueError) -> Exception:
    """Return OutputClosed where the error says so, else the error."""
    if isinstance(error, ValueError | ConnectionError) or error.errno in _CLOSED:
        return OutputClosed("the output pipe was closed")
    return error


def write_bytes(stream: TextIO, chunks: Iterable[bytes]) -> None:
    """Write bytes as they come to what lies beneath a stream of text.

    Raises:
        OutputClosed: the output pipe was closed.
    """
    beneath = getattr(stream, "buffer", None)
    if beneath is None:  # it was closed before we began
        raise OutputClosed("nobody reads the output")
    try:
        stream.flush()
        for chunk in chunks:
            beneath.write(chunk)
        beneath.flush()
    except (OSError, ValueError) as error:
        raise explain(error) from error


def _escape(character: str) -> str:
    code = ord(character)
    if code <= _BASIC_PLANE:
        return f"\\u{code:04x}"
    high, low = divmod(code - _BASIC_PLANE - 1, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"


def _make_encodable(text: str, encoding: str) -> str:
    def each() -> Iterator[str]:
        for character in text:
            try:
                character.encode(encoding)
            except UnicodeEncodeError:
                yield _escape(character)
            else:
                yield character

    return "".join(each())


def escape_json(text: str) -> str:
    r"""Return the same JSON with what a terminal would obey or hide as `\uXXXX`.

    Such characters stand only inside the strings of a JSON text, where the escape means the same.
    """
    return (
        text
        if text.isascii() and "\x7f" not in text
        else _UNSAFE_IN_JSON.sub(lambda match: _escape(match[0]), text)
    )


def detect_color(
    stream: TextIO, environ: Mapping[str, str], choice: Choice = "auto"
) -> ColorSystem | None:
    """Return which colours to use, None for none.

    `never` and `always` decide alone; otherwise NO_COLOR forbids, FORCE_COLOR demands, and else
    it takes a terminal that is not `dumb`.
    """
    if choice == "never":
        return None
    if choice == "auto":
        forced = environ.get("FORCE_COLOR", "")
        if environ.get("NO_COLOR") or forced in ("0", "false"):
            return None
        if not forced and not (_is_terminal(stream) and _is_able(environ)):
            return None
    if environ.get("COLORTERM", "").lower() in ("truecolor", "24bit") or "WT_SESSION" in environ:
        return "truecolor"
    return "256" if "256" in environ.get("TERM", "") else "standard"


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except ValueError:  # it is closed
        return False


def _is_able(environ: Mapping[str, str]) -> bool:
    return environ.get("TERM", "").lower() not in ("dumb", "unknown")
