"""How far a transfer is, and how much that is, in words."""

from __future__ import annotations

from arthas_cli.text import one_line

_BAR = 24
_LABEL = 20
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_STEP = 1024


def format_size(size: int) -> str:
    """Return a size in bytes as people read it."""
    number, unit = float(size), _UNITS[0]
    for unit in _UNITS:
        if number < _STEP or unit == _UNITS[-1]:
            break
        number /= _STEP
    return f"{size} B" if unit == "B" else f"{number:.1f} {unit}"


def format_progress(name: str, done: int, size: int | None, elapsed_s: float) -> str:
    """Return the line that shows how far a download is, in fewer columns than a terminal has."""
    label = one_line(name)
    if len(label) > _LABEL:
        label = f"..{label[-_LABEL + 2 :]}"
    rate = f"{format_size(int(done / elapsed_s))}/s" if elapsed_s > 0 else ""
    if not size:
        return f"{label}  {format_size(done)}  {rate}"
    filled = min(_BAR, done * _BAR // size)
    bar = "#" * filled + "." * (_BAR - filled)
    share = min(100, done * 100 // size)
    return f"{label}  [{bar}] {share:3} %  {format_size(size)}  {rate}"
