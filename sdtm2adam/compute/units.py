"""Results in standard units: exact decimal arithmetic, rounded half away from zero."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation, localcontext

_LIMIT = re.compile(r"([<>\u2264\u2265]=?)\s*(\S+)")
_NUMBER = re.compile(r"[-+]?(?:\d{1,60}(?:\.\d{0,60})?|\.\d{1,60})(?:[eE][-+]?\d{1,2})?", re.ASCII)


@dataclass(frozen=True)
class Conversion:
    """From one unit to the standard unit: value x factor + offset, rounded to `digits` places (None: not rounded)."""

    to: str | None
    factor: Decimal
    offset: Decimal
    digits: int | None

    @property
    def changes(self) -> bool:
        """Whether a number of the one unit is another in the standard unit."""
        return self.factor != 1 or self.offset != 0

    def convert(self, value: Decimal) -> Decimal:
        """The value in the standard unit."""
        with localcontext() as context:
            context.prec = 120
            exact = value * self.factor + self.offset
            if self.digits is None:
                return exact
            return exact.quantize(Decimal(1).scaleb(-self.digits), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class UnitTable:
    """Conversions by test and unit; the test `*` stands for any."""

    conversions: Mapping[tuple[str, str | None], Conversion]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, str | None]]) -> UnitTable:
        """The table of a study: TESTCD, FROM, TO, FACTOR, OFFSET, DIGITS.

        Raises:
            ValueError: a test and unit stand twice, a test has two standard units, a number is none, or a column lacks.
        """
        found: dict[tuple[str, str | None], Conversion] = {}
        standard: dict[str, str | None] = {}
        lacking = [column for column in ("TESTCD", "FROM", "TO") if rows and column not in rows[0]]
        if lacking:
            head = "its first line must be TESTCD,FROM,TO,FACTOR,OFFSET,DIGITS"
            raise ValueError(f"it has no column {lacking[0]}; {head} and is {','.join(rows[0])}")
        for row in rows:
            key = (row.get("TESTCD") or "*", row.get("FROM"))
            if key in found:
                raise ValueError(f"{key[0]} from {key[1] or 'no unit'} stands twice")
            to = standard.setdefault(key[0], row.get("TO")) if key[0] != "*" else row.get("TO")
            if to != row.get("TO"):
                raise ValueError(f"{key[0]} has two standard units: {to} and {row.get('TO')}")
            found[key] = Conversion(
                row.get("TO"), _decimal(row.get("FACTOR") or "1"), _decimal(row.get("OFFSET") or "0"),
                int(_decimal(digits)) if (digits := row.get("DIGITS")) else None,
            )  # fmt: skip
        return cls(found)

    def has_units(self, test: str) -> bool:
        """Whether results of a test are told with a unit."""
        return any(key[0] == test and key[1] is not None for key in self.conversions)

    def units(self, test: str) -> list[str]:
        """The units from which a test's results are converted."""
        return [unit for known, unit in self.conversions if known in (test, "*") and unit is not None]

    def find(self, test: str, unit: str | None) -> Conversion | None:
        """The conversion of a test's unit."""
        return self.conversions.get((test, unit)) or self.conversions.get(("*", unit))


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text.strip())
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is no number") from error


def as_number(text: str) -> Decimal | None:
    """The number a result is, if it is one.

    >>> as_number("7.10"), as_number("<0.1")
    (Decimal('7.10'), None)
    """
    clean = text.strip()
    return Decimal(clean) if _NUMBER.fullmatch(clean) else None


def limit_of(text: str) -> tuple[str, Decimal] | None:
    """The sign and the number of a result that is the limit of a range, if it is one.

    >>> limit_of("<0.1"), limit_of(">= 5"), limit_of("1:40")
    (('<', Decimal('0.1')), ('>=', Decimal('5')), None)
    """
    match = _LIMIT.fullmatch(text.strip())
    number = as_number(match[2]) if match else None
    return (match[1], number) if match and number is not None else None


def text_in_standard_unit(text: str, conversion: Conversion | None) -> str | None:
    """A text result in the standard unit; None where it has digits that no rule converts.

    The number of a limit is converted and not rounded: `<0.04` is not to become `<0`.

    >>> text_in_standard_unit("<0.5", Conversion("g/L", Decimal(10), Decimal(0), 0))
    '<5'
    >>> text_in_standard_unit("1-2", Conversion("g/L", Decimal(10), Decimal(0), 0))
    """
    if conversion is None or not conversion.changes or not re.search(r"\d", text):
        return text
    limit = limit_of(text)
    if limit is None or conversion.factor <= 0:
        return None
    return limit[0] + shortest(replace(conversion, digits=None).convert(limit[1]))


def shortest(number: Decimal) -> str:
    """A number as text without trailing zeros.

    >>> shortest(Decimal("7.10")), shortest(Decimal("1E+2")), shortest(Decimal("0.00"))
    ('7.1', '100', '0')
    """
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text
