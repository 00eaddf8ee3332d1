"""Which SAS display formats make a number a date, a datetime or a time; and how each counts."""

import re
from dataclasses import dataclass

import pyarrow as pa

from sdtm2adam.model import Variable

_DATE = """DATE DAY DDMMYY DDMMYYB DDMMYYC DDMMYYD DDMMYYN DDMMYYP DDMMYYS DOWNAME JULDAY JULIAN MMDDYY MMDDYYB MMDDYYC
MMDDYYD MMDDYYN MMDDYYP MMDDYYS MMYY MMYYC MMYYD MMYYN MMYYP MMYYS MONNAME MONTH MONYY NENGO QTR QTRR WEEKDATE WEEKDATX
WEEKDAY WORDDATE WORDDATX YEAR YYMM YYMMC YYMMD YYMMDD YYMMDDB YYMMDDC YYMMDDD YYMMDDN YYMMDDP YYMMDDS YYMMN YYMMP YYMMS
YYMON YYQ YYQC YYQD YYQN YYQP YYQR YYQS E8601DA B8601DA IS8601DA ND8601DA"""
_DATETIME = """DATETIME DATEAMPM MDYAMPM DTDATE DTMONYY DTWKDATX DTYEAR DTYYQC E8601DT B8601DT IS8601DT E8601DN B8601DN
IS8601DN"""
_TIME = "TIME TIMEAMPM TOD HHMM E8601TM B8601TM IS8601TM"
_KIND = {
    name: kind for kind, names in (("date", _DATE), ("datetime", _DATETIME), ("time", _TIME)) for name in names.split()
}
_DEFAULT = {"date": "DATE9.", "datetime": "DATETIME20.", "time": "TIME8."}
_PATTERN = re.compile(r"(?P<name>\$?(?:[A-Z_](?:[A-Z0-9_]*[A-Z_])?)?)(?P<width>\d{0,5})(?:\.(?P<decimals>\d{0,2}))?")

EPOCH_DAYS = 3653
"""Days from 1960-01-01, where SAS counts from, to 1970-01-01, where Arrow does."""
FIRST_DAY, LAST_DAY = -138061, 745094
"""In SAS days: 1582-01-01, the first SAS knows, and 3999-12-31; from 4000, no leap year to SAS, days differ."""

ARROW_TYPES = {
    "text": pa.string(),
    "integer": pa.float64(),
    "float": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
    "time": pa.time64("us"),
}
"""What a variable of each type is read as: XPT knows no integers."""


@dataclass(frozen=True, slots=True)
class Format:
    """A SAS format as an XPT header holds it."""

    name: str = ""
    width: int = 0
    decimals: int = 0

    @property
    def kind(self) -> str:
        """`date`, `datetime`, `time`, or empty for every other format.

        >>> [parse_format(text).kind for text in ("DATE9.", "E8601DT19.", "TIME5.", "8.2", "$20.")]
        ['date', 'datetime', 'time', '', '']
        """
        return _KIND.get(self.name, "")

    def __str__(self) -> str:
        if not (self.name or self.width):
            return ""
        return f"{self.name}{self.width or ''}.{self.decimals or ''}"


def parse_format(text: str) -> Format | None:
    """Read a SAS format; None if it is not one.

    >>> parse_format("E8601DA10.")
    Format(name='E8601DA', width=10, decimals=0)
    >>> parse_format("not one") is None
    True
    """
    match = _PATTERN.fullmatch(text.strip().upper())
    if match is None or len(match["name"]) > 8:
        return None
    return Format(match["name"], int(match["width"] or 0), int(match["decimals"] or 0))


def format_of(variable: Variable) -> Format | None:
    """The format of a variable; dates, datetimes and times have one even if their spec names none."""
    return parse_format(variable.format or _DEFAULT.get(variable.type, ""))
