"""Files of the program itself, also where all of it lies in one zip file (`make pyz`)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

_RUN_IN_ZIP = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1));"
    " runpy.run_module(sys.argv.pop(1), run_name='__main__')"
)


def read_own_text(module: str, name: str) -> str:
    """Return the text of the file `name` that lies beside a module that is loaded."""
    return read_own_bytes(module, name).decode("utf-8")


def read_own_bytes(module: str, name: str) -> bytes:
    """Return the content of the file `name` that lies beside a module that is loaded, or below."""
    spec = sys.modules[module].__spec__
    # `importlib.resources` would take longer to load than all that is read here.
    path = str(Path(spec.origin or "").parent / name)  # type: ignore[union-attr]
    content: bytes = spec.loader.get_data(path)  # type: ignore[union-attr]
    return content


def run_alone(module: ModuleType) -> tuple[str, ...]:
    """Return the command that runs a module of ours in a Python of its own.

    That is isolated: what lies in the working directory is not imported.
    """
    path = Path(module.__file__ or "")
    if path.is_file():
        return (sys.executable, "-I", str(path))
    return (
        sys.executable,
        "-I",
        "-c",
        _RUN_IN_ZIP,
        str(Path(sys.path[0]).resolve()),
        module.__name__,
    )
