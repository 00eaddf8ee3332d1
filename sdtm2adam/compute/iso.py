"""Raw dates and times to ISO 8601 at the precision collected. Nothing is imputed.

`UN UNK 2011` is `2011`, `20 UNK 2019` is `2019---20`. What is no date of the calendar, what no declared form reads, and
what two forms read differently is unreadable.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache

_TOKENS = ("YYYY", "YY", "MON", "MM", "DD", "HH", "MI", "SS")
_PIECES = re.compile("|".join(_TOKENS) + "|.")
_SHORT = ("MM", "DD", "HH")
"""Parts that may have one digit where no other digits stand beside them."""
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"], start=1
    )
}
_UNREADABLE = "?"
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_CLOCK_PART = r"\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_ISO = re.compile(rf"(\d{{4}})(?:-(\d{{2}})(?:-(\d{{2}})(?:T({_CLOCK_PART}))?)?)?$|(\d{{4}})---(\d{{2}})$", re.ASCII)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$|(24):(00)(?::(00))?$", re.ASCII)
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])(?::[0-5]\d(?::[0-5]\d(?:\.\d+)?)?)?$|24:00(?::00)?$", re.ASCII)


class Unreadable(ValueError):  # noqa: N818 - what a text is, not what a program did
    """A text that is no date."""


@dataclass(frozen=True)
class DateForms:
    """The forms of a study's raw dates.

    `formats` are tried all (`DD MON YYYY`, tokens YYYY YY MON MM DD HH MI SS); ISO 8601 is always read. `missing` are
    the words for an unknown part. Two-digit years count from `century` (1950: 50 to 49 are 1950 to 2049).
    """

    formats: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    century: int = 1950

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], list[str]]]:
        return [self._pattern(form) for form in dict.fromkeys(self.formats)]

    def _pattern(self, form: str) -> tuple[re.Pattern[str], list[str]]:
        unknown = "".join("|" + re.escape(word.upper()) for word in self.missing)
        pieces = _PIECES.findall(form)
        pattern = ""
        for before, piece, after in zip(["", *pieces], pieces, [*pieces[1:], ""], strict=False):
            if piece not in _TOKENS:
                pattern += re.escape(piece)
                continue
            digits = r"\d{1,2}" if piece in _SHORT and not _numeric(before) and not _numeric(after) else r"\d{2}"
            shape = {"YYYY": r"\d{4}", "MON": "[A-Z]{3}"}.get(piece, digits)
            pattern += f"({shape})" if piece in ("HH", "MI", "SS") else f"({shape}{unknown})"
        return re.compile(pattern + "$", re.ASCII), [piece for piece in pieces if piece in _TOKENS]

    @cached_property
    def _unknown(self) -> re.Pattern[str]:
        words = "|".join(re.escape(word.upper()) for word in self.missing) or r"(?!)"
        return re.compile(rf"(?:(?:{words})[ /.-]*)+$")

    def iso(self, text: str) -> str | None:
        """The ISO 8601 text of a raw date; None if every part is unknown.

        >>> DateForms(("DD MON YYYY",), ("UN", "UNK")).iso("UN FEB 2013")
        '2013-02'

        Raises:
            Unreadable: it is no date, or two forms read it differently.
        """
        known = _known(self, text)
        if known == _UNREADABLE:
            raise Unreadable(text)
        return known

    def _iso(self, text: str) -> str | None:
        clean = " ".join(text.replace("\xa0", " ").split()).upper()
        if self._unknown.match(clean):
            return None
        readings = {reading for reading in self._readings(clean) if reading is not None}
        if len(readings) != 1:
            return _UNREADABLE
        return readings.pop()

    def _readings(self, text: str) -> list[str | None]:
        found = [_valid(text) if _ISO.match(text) else None]
        for pattern, tokens in self._patterns:
            if match := pattern.match(text):
                found.append(self._assembled(dict(zip(tokens, match.groups(), strict=True))))
        return found

    def _assembled(self, part: dict[str, str]) -> str | None:
        year = part.get("YYYY", "") or self._long_year(part.get("YY", ""))
        if not year.isdigit():
            return None
        month = f"{_MONTHS.get(part['MON'], 0):02d}" if part.get("MON", "") in _MONTHS else part.get("MM", "").zfill(2)
        if "MON" in part and part["MON"] not in _MONTHS and part["MON"] not in map(str.upper, self.missing):
            return None
        zeros = (part.get(token, "") for token in ("MM", "DD"))
        if any(zero and not zero.strip("0") and zero not in self.missing for zero in zeros):
            return None  # a day 00 is unknown where the study says so, and else no date
        day = part.get("DD", "").zfill(2)
        has_month, has_day = month.isdigit() and month != "00", day.isdigit() and day != "00"
        if not has_month:
            return _valid(f"{year}---{day}" if has_day else year)
        if not has_day:
            return _valid(f"{year}-{month}")
        clock = ":".join(part[token].zfill(2) for token in ("HH", "MI", "SS") if token in part)
        return _valid(f"{year}-{month}-{day}" + (f"T{clock}" if clock else ""))

    def _long_year(self, short: str) -> str:
        if not short.isdigit():
            return ""
        base = self.century - self.century % 100
        return str(base + int(short) + (0 if int(short) >= self.century % 100 else 100))


@lru_cache(maxsize=1 << 17)
def _known(forms: DateForms, text: str) -> str | None:
    """What forms make of a text; the same dates stand in many records."""
    return forms._iso(text)


def fault_of(form: str) -> str:
    """What is wrong with a form of dates, in words; empty if nothing is.

    >>> fault_of("DD-MON-YYYY"), fault_of("DD-MMM-YYYY"), fault_of("MON DD")
    ('', "has 'M', which is no part of a date", 'has no year')
    """
    pieces = _PIECES.findall(form)
    tokens = ["MM" if piece == "MON" else "YYYY" if piece == "YY" else piece for piece in pieces if piece in _TOKENS]
    strange = [piece for piece in pieces if piece not in _TOKENS and (piece.isalnum() or piece == "%") and piece != "T"]
    if strange:
        return f"has {strange[0]!r}, which is no part of a date"
    twice = [token for token in tokens if tokens.count(token) > 1]
    return f"has {twice[0]} twice" if twice else "" if "YYYY" in tokens else "has no year"


def _numeric(piece: str) -> bool:
    """Whether a part of a form is written in digits."""
    return piece in _TOKENS and piece != "MON"


def _valid(iso: str) -> str | None:
    """The text, if it is a date of the calendar in a plausible year."""
    match = _ISO.match(iso)
    if not match:
        return None
    year, month, day, clock, partial_year, partial_day = match.groups()
    if not _FIRST_YEAR <= int(year or partial_year) <= _LAST_YEAR:
        return None
    if partial_day:
        return iso if 1 <= int(partial_day) <= 31 else None
    if month and not 1 <= int(month) <= 12:
        return None
    if day and not 1 <= int(day) <= monthrange(int(year), int(month))[1]:
        return None
    return iso if clock is None or _CLOCK.match(clock) else None


def iso_time(text: str) -> str:
    """A raw time of the 24 hours as HH:MM or HH:MM:SS; 24:00 is the end of a day.

    >>> iso_time("9:05"), iso_time("24:00")
    ('09:05', '24:00')

    Raises:
        Unreadable: it is none.
    """
    match = _TIME.match(text.strip())
    if not match:
        raise Unreadable(text)
    hour, minute, second = match.groups()[:3] if match[1] else match.groups()[3:]
    return f"{int(hour):02d}:{minute}" + (f":{second}" if second else "")


def is_readable(text: str, readers: Iterable[DateForms], *, is_time: bool = False) -> bool:
    """Whether one of the forms reads a text; `is_time`: whether it is a time of day, whatever the forms."""
    if is_time:
        try:
            return bool(iso_time(text))
        except Unreadable:
            return False
    for reader in readers:
        try:
            reader.iso(text)
        except Unreadable:
            continue
        return True
    return False


def joined(day: str | None, time: str | None) -> str | None:
    """A date with its time; without a complete date there is no time.

    A date that has a time already keeps it, to the precision of the finer one, if the other is the same; of two that
    differ neither is kept.

    >>> joined("2014-01-05", "09:30"), joined("2014-01", "09:30"), joined("2014-01-05T09:30", "09:30:15")
    ('2014-01-05T09:30', '2014-01', '2014-01-05T09:30:15')
    >>> joined("2014-01-05T00:00", "09:30")
    '2014-01-05'
    """
    if not day or not time or len(day) == 10:
        return f"{day}T{time}" if day and time else day
    if has_other_time(day, time):
        return day[:10]
    return f"{day[:10]}T{max(day[11:], time, key=len)}" if "T" in day else day


def has_other_time(day: str | None, time: str | None) -> bool:
    """Whether a date has a time of its own, and that is not the time beside it."""
    own = (day or "").partition("T")[2]
    return bool(own and time) and not (own.startswith(time or "") or (time or "").startswith(own))


def without_midnight_twice(moment: str) -> str:
    """The end of a day (24:00) as the start of the next, which is the same moment; any other text as it is.

    >>> without_midnight_twice("2013-12-31T24:00"), without_midnight_twice("2013-12-31T23:59")
    ('2014-01-01T00:00', '2013-12-31T23:59')
    """
    day, _, clock = moment.partition("T")
    if not clock.startswith("24"):
        return moment
    return f"{date.fromisoformat(day) + timedelta(days=1)}T{clock.replace('24', '00', 1)}"
