"""One statistic to its text, and the texts of a cell put together."""

from __future__ import annotations

from dataclasses import dataclass

from sdtm2adam.compute.rounding import format_fixed, format_hazard_ratio, format_p, percent_text
from sdtm2adam.spec.display_plan import DisplayRow
from sdtm2adam.spec.methods import DIFFERENCES, RATIOS
from sdtm2adam.spec.patterns import Field, decimals_of

NE, NC = "NE", "NC"
FISHER = "FISHER"
RATES = ("M_CP", "M_KMT", *DIFFERENCES)
"""Methods that give proportions; their results are kept in percent."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic as it is stored: its value or text, and its status."""

    value: float | None = None
    text: str = ""
    status: str = "OK"
    reason: str = ""


def statistic_text(method: str, part: Field, statistic: Statistic, total: int | None = None) -> str:
    """The text of one statistic, rounded once, here.

    Args:
        method: the method that made it.
        part: the field it is printed in.
        statistic: the value, unrounded.
        total: the denominator of a percentage.

    >>> statistic_text("M_COX", Field("est", "x.xx"), Statistic(0.7749))
    '0.77'
    >>> statistic_text("M_PROP_P", Field("p", "x.xxxx"), Statistic(0.00761, "FISHER"))
    '0.0076 F'
    """
    if statistic.status != "OK":
        return statistic.status
    if part.pattern == "+":
        return statistic.text
    value = statistic.value
    if part.name == "p":
        return format_p(value) + (" F" if method == "M_PROP_P" and statistic.text == FISHER else "")
    if method in RATIOS:
        return format_hazard_ratio(value)
    if part.name == "pct" and value is not None and total is not None:
        return percent_text(round(value * total / 100), total)
    return format_fixed(value, decimals_of(part.pattern))


def cell_text(row: DisplayRow, texts: dict[str, str] | None) -> str:
    """The text of a cell: the format filled with its statistics, or its patterns where there are none yet.

    A zero count stands alone. `NC` stands alone. Where nothing of a cell is estimable it is `NE`, but an interval
    keeps its brackets. A field after two blanks is a column of its own in the cell: it ends where its pattern ends.

    Args:
        row: the row.
        texts: the text of each field; None for the shell.
    """
    if texts is None:
        return "".join(part if isinstance(part, str) else part.pattern for part in row.format)
    values = list(texts.values())
    if NC in values:
        return NC
    if texts.get("n") == "0" and "pct" in texts:
        return "0"
    marks = {part.name for part in row.format if isinstance(part, Field) and part.pattern == "+"}
    if all(text == NE for name, text in texts.items() if name not in marks) and not str(row.format[0]).startswith("("):
        return NE
    return "".join(
        part if isinstance(part, str) else texts[part.name].rjust(len(part.pattern) if after.endswith("  ") else 0)
        for part, after in zip(row.format, ("", *map(str, row.format)), strict=False)
    )
