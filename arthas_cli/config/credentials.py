"""A user and a password, as Basic authentication has them."""

from __future__ import annotations

from dataclasses import dataclass, field

from arthas_cli.errors import NotRun

_MIN_HIDDEN = 4


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user and a password for Basic authentication; the password never shows in a repr."""

    username: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse bytes that are no text, of which Python makes halves of surrogate pairs."""
        try:
            f"{self.username}{self.password}".encode()
        except UnicodeEncodeError:
            what = "the user or the password is not UTF-8 text"
            raise NotRun(what, hint="") from None  # what it is from holds the password

    def encode(self) -> str:
        """Return the two as a header of Basic authentication has them."""
        from base64 import b64encode  # most servers want no password

        return b64encode(f"{self.username}:{self.password}".encode()).decode("ascii")

    def hide(self, text: str) -> str:
        """Return the text without the password, which a server or gateway may echo.

        One of fewer than four characters is left: it stands in every other word.
        """
        for secret in (self.encode(), self.password):
            if len(secret) >= _MIN_HIDDEN:
                text = text.replace(secret, "***")
        return text
