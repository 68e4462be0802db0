"""What the server says of a failure gets a hint."""

from __future__ import annotations

import pytest

from arthas_cli.session.advice import find_advice


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        (
            "No class found for: no.such.Shop$Cart",
            "use 'sc *Cart*' to find its name: only classes that are loaded can be found",
        ),
        ("No class found for: a.*", "use 'sc PATTERN' to find its name"),
        ("There is no property with the key a", "use 'sysprop' to list them all"),
        (
            'Error during setting vm option: VM option "X" does not exist',
            "use 'vmoption' to list those that it knows",
        ),
        (
            "getstatic: no matched static field was found",
            "use 'getstatic CLASS *' to list the static fields",
        ),
        ("Time fragment[9999] does not exist.", "use 'tt -l' to list the records"),
        ("heap dump error: File exists", "give another name: no file is overwritten"),
        ("anything else", ""),
    ],
)
def test_a_failure_has_the_hint_that_helps(said: str, hint: str) -> None:
    assert find_advice(said) == hint
