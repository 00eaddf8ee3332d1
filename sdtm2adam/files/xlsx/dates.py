"""Serial numbers of Excel as ISO 8601."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from sdtm2adam.files.xlsx.formats import Shown

_MILLISECONDS = 86_400_000
_LAST = 2_958_465
"""9999-12-31, the last day Excel knows."""
_NO_DAY = 60
"""1900-02-29, a day that Excel counts and that never was."""


@lru_cache(maxsize=1 << 16)
def serial_text(serial: float, shown: Shown, since_1904: bool) -> str | None:
    """The ISO 8601 text of a serial number; None if it is no date or time.

    Parts that the format does not show are left out if they are nothing (midnight, second 0, the first of the month
    under `mmm-yy`), and given if they are something.

    Args:
        serial: days since the start of the date system, with the time as a fraction.
        shown: the parts its format shows.
        since_1904: the workbook counts from 1904-01-01, as old ones of the Mac do.
    """
    milliseconds = round(serial * _MILLISECONDS)
    days, rest = divmod(milliseconds, _MILLISECONDS)
    if shown.elapsed:
        return _clock(milliseconds, shown) if milliseconds >= 0 else None
    if not shown.parts & set("YMD") and days == 0:
        return _clock(rest, shown)
    day = _day(days, since_1904)
    if day is None:
        return None
    if rest or shown.parts & set("hms"):
        return f"{day.isoformat()}T{_clock(rest, shown)}"
    if "D" not in shown.parts and day.day == 1 and "Y" in shown.parts:
        return day.isoformat()[:7] if "M" in shown.parts or day.month > 1 else day.isoformat()[:4]
    return day.isoformat()


def iso_text(text: str, shown: Shown) -> str | None:
    """A date that a workbook keeps as ISO 8601 (cell type `d`), with the parts its format shows; None if it is none."""
    try:
        if len(text) == 10:
            date.fromisoformat(text)
            return text
        if text[:1].isdigit() and "T" not in text and ":" in text:
            at = time.fromisoformat(text.removesuffix("Z"))
            return _clock(_since_midnight(at), shown)
        moment = datetime.fromisoformat(text.removesuffix("Z"))
    except ValueError:
        return None
    rest = _since_midnight(moment.time())
    if rest or shown.parts & set("hms") or not shown.parts:
        return f"{moment.date().isoformat()}T{_clock(rest, shown)}"
    return moment.date().isoformat()


def is_coarse(shown: Shown) -> bool:
    """The format shows a year or month and no day: what was typed as `Oct 2014` Excel keeps as the first of October."""
    return bool(shown.parts & set("YM")) and "D" not in shown.parts


def _day(days: int, since_1904: bool) -> date | None:
    if days < 0 or days > _LAST:
        return None
    if since_1904:
        moved = days + 1462
        return date(1899, 12, 30) + timedelta(days=moved) if moved <= _LAST else None
    if days in (0, _NO_DAY):
        return None
    return date(1899, 12, 30 if days > _NO_DAY else 31) + timedelta(days=days)


def _clock(milliseconds: int, shown: Shown) -> str:
    seconds, fraction = divmod(milliseconds, 1000)
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    if fraction:
        return f"{text}:{seconds % 60:02d}.{fraction:03d}".rstrip("0")
    return f"{text}:{seconds % 60:02d}" if seconds % 60 or "s" in shown.parts else text


def _since_midnight(at: time) -> int:
    return ((at.hour * 60 + at.minute) * 60 + at.second) * 1000 + at.microsecond // 1000
