"""What the parts of the prompt mean; underlined is what is wrong, also without colours."""

from __future__ import annotations

from prompt_toolkit.styles import Style

from arthas_cli.palette import LOOKS, name_for_prompt

_MEANINGS = {
    "place": "place",
    "gone": "failure",
    "arrow": "title",
    "live": "live",
    "continuation": "faint",
    "line.command": "title",
    "line.own": "label",
    "line.option": "label",
    "line.string": "string",
    "line.quote": "string",
    "line.number": "number",
    "line.class": "class",
    "line.method": "method",
    "line.operator": "operator",
    "line.program": "label",
    "line.file": "string",
    "line.wrong": "wrong",
    "ognl.string": "string",
    "ognl.number": "number",
    "ognl.variable": "variable",
    "ognl.root": "type",
    "ognl.keyword": "word",
    "ognl.call": "method",
    "ognl.static": "error",
    "ognl.assign": "failure",
    "ognl.operator": "operator",
    "hint.command": "title",
    "hint.part": "faint",
    "hint.now": "now",
    "hint.detail": "faint",
    "hint.wrong": "error",
    "hint.risk": "live",
    "risk.reads": "reads",
    "risk.observes": "observes",
    "risk.changes": "changes",
    "risk.dangerous": "dangerous",
    "bar": "faint",
    "bar.key": "title",
    "bar.gone": "failure",
}
STYLE = Style.from_dict(
    {
        **{part: name_for_prompt(LOOKS[meaning]) for part, meaning in _MEANINGS.items()},
        "bottom-toolbar": "noreverse",  # what prompt_toolkit draws reversed by itself
    }
)
