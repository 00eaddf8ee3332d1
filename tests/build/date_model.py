"""The rules of dates in plain Python, written from docs/spec-grammar.md: days are listed one by one, nothing is clever.

A text leaves days open. A rule takes one of them, within its bounds where some of these days keep them.
"""

import datetime as dt
import re
from calendar import monthrange

DAY, MICRO = dt.timedelta(days=1), dt.timedelta(microseconds=1)
CLOCK = re.compile(r"[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?", re.ASCII)
ANY_CLOCK = re.compile(r"[T ][0-9:.,Z+-]*", re.ASCII)


def open_days(text):
    """The days that a text leaves open; none if it is no date."""
    if match := re.fullmatch(r"(\d{4})", text, re.ASCII):
        first = _date(match[1], "01", "01")
        return [first + n * DAY for n in range(366) if (first + n * DAY).year == first.year] if first else []
    if match := re.fullmatch(r"(\d{4})-(\d\d)", text, re.ASCII):
        first = _date(match[1], match[2], "01")
        return [first + n * DAY for n in range(monthrange(first.year, first.month)[1])] if first else []
    if match := re.fullmatch(r"(\d{4})---(\d\d)", text, re.ASCII):
        return [d for m in range(1, 13) if (d := _date(match[1], f"{m:02d}", match[2]))]
    day = _date(*match.groups()) if (match := re.match(r"(\d{4})-(\d\d)-(\d\d)", text, re.ASCII)) else None
    return [day] if day and (len(text) == 10 or ANY_CLOCK.fullmatch(text[10:])) else []


def _date(year, month, day):
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def level(text):
    """What is to be imputed of a text: nothing, D, M, Y; None if it is no date."""
    if text is None:
        return "Y"
    if not open_days(text):
        return None
    return {7: "D", 4: "M", 9: "M"}.get(len(text), "")


def has_no_year(text):
    """Whether a text is a date of ISO 8601 without its year."""
    return bool(re.fullmatch(r"--(\d\d(-\d\d)?|---\d\d)(T.*)?", text, re.ASCII | re.DOTALL))


def day_of(text, impute, upto, low, high):
    """dt(text, impute, upto, min := low, max := high), bounds as dates."""
    found = level(text)
    if found in ("", None):
        return open_days(text)[0] if found == "" else None
    if not impute or "DMY".index(found) > "DMY".index(upto):
        return None
    if found == "Y":
        near, far = (low, high) if impute == "first" else (high, low)
        return near and (min if impute == "first" else max)(near, far or near)
    days = open_days(text)
    low = low if low and low <= days[-1] else None
    high = high if high and high >= days[0] else None
    kept = [d for d in days if (not low or d >= low) and (not high or d <= high)]
    if not kept:  # each bound could be kept, both cannot
        return min(d for d in days if d >= low) if impute == "last" else max(d for d in days if d <= high)
    if impute != "mid":
        return kept[0] if impute == "first" else kept[-1]
    middle = next(d for d in days if (d.day == 15 if found == "D" else d.month == 7))
    return min(kept, key=lambda d: abs(d - middle))


def clock_of(text):
    """The known parts of the time of the day, of a text of a complete date; None if it is not clear."""
    if text is None or len(text) <= 10:
        return []
    match = CLOCK.fullmatch(text[10:])
    parts = [part for part in match.groups() if part is not None] if match else None
    if parts is None or int(parts[0]) > 23 or any(int(part) > 59 for part in parts[1:3]):
        return None
    return parts


def moment_of(text, impute, upto, low, high, time):
    """dtm(...): bounds are dates or datetimes; a date as `high` is the end of that day."""
    day = day_of(text, impute, upto, _day(low), _day(high))
    parts = clock_of(text)
    if day is None or parts is None:
        return None
    known = [int(part) for part in parts[:3]]
    fraction = int(parts[3][:6].ljust(6, "0")) if len(parts) == 4 else 0
    first = dt.datetime.combine(day, dt.time(*known, *[0, 0, 0][len(known) :], fraction))
    last = dt.datetime.combine(day, dt.time(*known, *[23, 59, 59][len(known) :], fraction))
    end = last if len(known) == 3 else last + DAY / 86400 - MICRO
    low, high = _start(low), _end(high)
    low = low if low and low <= end else None
    high = high if high and high >= first else None
    near = [m for m in (first, last, low, high) if m and first <= m <= end]
    kept = [m for m in near if (not low or m >= low) and (not high or m <= high)]
    if time == "first":
        return min(kept) if kept else high
    return max(m for m in kept if m <= max(last, low or last)) if kept else low


def _day(bound):
    return bound.date() if isinstance(bound, dt.datetime) else bound


def _start(bound):
    return dt.datetime.combine(bound, dt.time()) if bound and not isinstance(bound, dt.datetime) else bound


def _end(bound):
    is_day = bound and not isinstance(bound, dt.datetime)
    return dt.datetime.combine(bound, dt.time()) + DAY - MICRO if is_day else bound


def time_level(text):
    """What is to be imputed of the time: nothing, S, M, H."""
    return [*"HMS", None, None][len(clock_of(text) or [])]
