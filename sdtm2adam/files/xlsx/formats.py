"""Number formats of Excel: which show a number as a date, a time or a percentage, and which parts of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_BUILT_IN = {
    9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    **dict.fromkeys((27, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((28, 29), "m-d"), **dict.fromkeys((32, 34), "h:mm"), **dict.fromkeys((33, 35), "h:mm:ss"),
    **dict.fromkeys((55, 56), "yyyy-mm"),
}  # fmt: skip
"""Formats a workbook need not spell out (ISO/IEC 29500-1, 18.8.30; 27 to 58 are those of East Asia)."""

_PASSED_OVER = re.compile(
    r'"[^"]*"'  # a literal text
    r"|\\."  # a literal character
    r"|_."  # a space as wide as a character
    r"|\*."  # a character that fills the cell
    r"|\[(?!h+\]|m+\]|s+\])[^\]]*\]",  # a color, a condition, a language; [h] counts hours beyond a day
    re.IGNORECASE,
)
_PARTS = re.compile(r"\[h+\]|\[m+\]|\[s+\]|am/pm|a/p|y+|m+|d+|h+|s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a format shows of a number: `parts` are letters among Y M D h m s; `elapsed` counts hours beyond a day."""

    parts: frozenset[str] = frozenset()
    elapsed: bool = False
    percent: bool = False

    @property
    def dated(self) -> bool:
        """It shows a date or a time."""
        return bool(self.parts)


@cache
def shown_by(code: str) -> Shown:
    """What a format code shows of a positive number.

    >>> sorted(shown_by("dd/mm/yyyy hh:mm").parts)
    ['D', 'M', 'Y', 'h', 'm']
    >>> shown_by("0.00%").percent, shown_by('0 "days"').dated
    (True, False)
    """
    plain = _PASSED_OVER.sub("", code)
    section = plain.split(";")[0]
    if section.strip().lower() in ("", "general", "@"):
        return Shown()
    found = [part.lower() for part in _PARTS.findall(section)]
    elapsed = any(part.startswith("[") for part in found)
    letters = [part.strip("[]")[:1] for part in found]
    parts = set()
    for place, letter in enumerate(letters):
        if letter == "m":
            near = letters[max(0, place - 1) : place] + letters[place + 1 : place + 2]
            parts.add("m" if ("h" in letters[:place][-1:] or "s" in near) else "M")
        elif letter in "hs":
            parts.add(letter)
        elif letter in "yd":
            parts.add(letter.upper())
    return Shown(frozenset(parts), elapsed, "%" in section and not parts)


def code_of(number: int, own: dict[int, str]) -> str:
    """The code of a format by its number; `own` are those the workbook spells out."""
    return own.get(number) or _BUILT_IN.get(number, "General")
