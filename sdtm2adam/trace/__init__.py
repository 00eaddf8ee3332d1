"""From a value, or a printed cell, back to the records that made it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sdtm2adam.trace.cell import FinishedRun, trace
    from sdtm2adam.trace.cell_story import CellTrace
    from sdtm2adam.trace.cell_text import cell_as_json, cell_as_text
    from sdtm2adam.trace.story import Explanation, Fact, Step
    from sdtm2adam.trace.text import as_text
    from sdtm2adam.trace.why import explain

__all__ = [
    "CellTrace",
    "Explanation",
    "Fact",
    "FinishedRun",
    "Step",
    "as_text",
    "cell_as_json",
    "cell_as_text",
    "explain",
    "trace",
]

_HOMES = {
    **dict.fromkeys(("FinishedRun", "trace"), "cell"),
    **dict.fromkeys(("cell_as_json", "cell_as_text"), "cell_text"),
    **dict.fromkeys(("Explanation", "Fact", "Step"), "story"),
    "CellTrace": "cell_story",
    "as_text": "text",
    "explain": "why",
}


def __getattr__(name: str) -> object:
    """Loaded when it is asked for: a cell is traced without the engine that an explanation needs."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
