"""Dates of listings: as collected, whole or in part, and days from a reference date."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pandas as pd

from sdtm2adam.tlf.frame import date_text

_ISO = re.compile(r"(\d{4}|-)(?:-(\d{2}|-)(?:-(\d{2}|-))?)?(?:T.*)?", re.ASCII)
_UNKNOWN_YEAR, _UNKNOWN_MONTH, _UNKNOWN_DAY = "----", "---", "--"


def collected_date(value: Any) -> str:
    """A date, or an ISO 8601 text of one, as listings print it; parts that were not collected are hyphens.

    A text that is no date is printed as it stands. A time of day is left out.

    >>> collected_date("2013-02"), collected_date("2013---05"), collected_date("2013")
    ('--FEB2013', '05---2013', '-----2013')
    >>> collected_date("2013-02-05T10:30"), collected_date(date(2013, 2, 5))
    ('05FEB2013', '05FEB2013')
    >>> collected_date("--02-05"), collected_date("2013-02-30"), collected_date("unknown")
    ('05FEB----', '2013-02-30', 'unknown')
    """
    if not isinstance(value, str):
        return date_text(pd.Timestamp(value).date())
    match = _ISO.fullmatch(value)
    if match is None:
        return value
    year, month, day = (None if part in (None, "-") else int(part) for part in match.groups())
    try:
        shown = date_text(date(year or 2000, month or 1, day or 1))  # 2000 has a 29th of February
    except ValueError:
        return value
    return "".join(
        (
            shown[:2] if day is not None else _UNKNOWN_DAY,
            shown[2:5] if month is not None else _UNKNOWN_MONTH,
            shown[5:] if year is not None else _UNKNOWN_YEAR,
        )
    )


def whole_date(value: Any) -> pd.Timestamp:
    """The day of a date, or of an ISO 8601 text of a whole one; NaT for a date in part and for what is none.

    >>> whole_date("2013-02-05T10:30"), whole_date("2013-02")
    (Timestamp('2013-02-05 00:00:00'), NaT)
    """
    if not isinstance(value, str):
        return pd.Timestamp(value)
    match = _ISO.fullmatch(value)
    if match is None or None in match.groups() or "-" in match.groups():
        return pd.NaT
    return pd.to_datetime(value[:10], errors="coerce")
