"""Numbers as a table prints them: rounded half away from zero, once, from the unrounded value."""

import math
from decimal import ROUND_HALF_UP, Decimal


def fixed(value: float | None, digits: int) -> str:
    """A number with so many decimals; NE where there is none."""
    if value is None or math.isnan(value):
        return "NE"
    step = Decimal(1).scaleb(-digits)
    text = str(Decimal(f"{value:.15g}").quantize(step, rounding=ROUND_HALF_UP))
    return text[1:] if text.startswith("-") and not text.strip("-0.") else text


def count(n: int, total: int) -> str:
    """n (%): nothing in brackets for zero; the percentage by whole numbers."""
    if not n or not total:
        return "0"
    tenths = (2000 * n + total) // (2 * total)
    if n == total:
        return f"{n} (100.0)"
    if tenths == 0:
        return f"{n} (<0.1)"
    return f"{n} (>99.9)" if tenths == 1000 else f"{n} ({tenths // 10}.{tenths % 10})"


def interval(lower: float | None, upper: float | None, digits: int) -> str:
    """(lower, upper); a side that cannot be estimated is NE."""
    return f"({_ratio(lower, digits)}, {_ratio(upper, digits)})"


def ratio(value: float | None) -> str:
    """A hazard ratio with two decimals."""
    return _ratio(value, 2)


def _ratio(value: float | None, digits: int) -> str:
    if digits == 2 and value is not None and value >= 100:
        return ">99.99"
    if digits == 2 and value is not None and 0 < value < 0.005:
        return "<0.01"
    return fixed(value, digits)


def p_value(p: float | None, fisher: bool = False) -> str:
    """p with four decimals; F after it where it is Fisher's."""
    if p is None or math.isnan(p):
        return "NE"
    text = "<0.0001" if p < 0.0001 else ">0.9999" if p > 0.9999 else fixed(p, 4)
    return f"{text} F" if fisher else text


def fitted(cells: list[str], width: int) -> list[str]:
    """The cells of a row; where one is too wide the blank after the comma goes in the whole row."""
    return [cell.replace(", ", ",") for cell in cells] if any(len(cell) > width for cell in cells) else cells
