"""One question that only reads: what it leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from arthas_cli.session.ask import ask

from .conftest import connect

if TYPE_CHECKING:
    from support.fake import FakeArthas


def test_an_answer_that_comes_as_a_stream_leaves_no_session_behind(fake: FakeArthas) -> None:
    methods = ask(connect(fake.url), "sm java.util.HashMap *", may_stream=True, may_fail=True)
    assert methods
    assert fake.sessions == []
