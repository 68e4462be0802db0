"""The styles of the prompt by what they mean; underlined is what is wrong, also without colours."""

from __future__ import annotations

from prompt_toolkit.styles import Style

STYLE = Style.from_dict(
    {
        "place": "ansicyan bold",
        "gone": "ansired bold",
        "arrow": "bold",
        "live": "reverse",
        "continuation": "ansibrightblack",
        "line.command": "bold",
        "line.own": "ansicyan",
        "line.option": "ansicyan",
        "line.string": "ansigreen",
        "line.quote": "ansigreen",
        "line.number": "ansimagenta",
        "line.class": "ansibrightblue",
        "line.method": "ansiyellow",
        "line.operator": "bold",
        "line.program": "ansicyan",
        "line.file": "ansigreen",
        "line.wrong": "ansired underline",
        "ognl.string": "ansigreen",
        "ognl.number": "ansimagenta",
        "ognl.variable": "ansimagenta",
        "ognl.root": "ansicyan",
        "ognl.keyword": "ansiyellow",
        "ognl.call": "ansiyellow",
        "ognl.static": "ansired",
        "ognl.assign": "ansired bold",
        "ognl.operator": "bold",
        "bottom-toolbar": "noreverse",
        "hint.command": "bold",
        "hint.part": "ansibrightblack",
        "hint.now": "bold underline",
        "hint.detail": "ansibrightblack",
        "hint.wrong": "ansired",
        "hint.risk": "reverse",
        "risk.reads": "ansigreen",
        "risk.observes": "ansicyan",
        "risk.changes": "ansiyellow",
        "risk.dangerous": "ansired bold",
        "bar": "ansibrightblack",
        "bar.key": "bold",
        "bar.gone": "ansired bold",
    }
)
