"""Format strings of displays: `{n:xxx} ({pct:xx.x})`.

A field names a statistic and its pattern. `xx.x` is a number with one decimal, `-xx.x` one that may be negative, `+k` a
number with k decimals more than the variable was collected with (at most 4), `+` a mark. Without results a field prints
its pattern.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sdtm2adam.errors import SpecError

MOST_DECIMALS = 4
_FIELD = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}")
_PATTERN = re.compile(r"-?x+(\.x+)?|\+\d?")


@dataclass(frozen=True, slots=True)
class Field:
    """One statistic in a format, and how it is printed."""

    name: str
    pattern: str


Format = tuple[str | Field, ...]


def parse_format(text: str, where: str = "format") -> Format:
    """The fixed texts and fields of a format string, in order.

    Raises:
        SpecError: a brace does not match, or a pattern is none.

    >>> parse_format("({lower:xx.x}, NE)")
    ('(', Field(name='lower', pattern='xx.x'), ', NE)')
    """
    parts = split_fields(text, where)
    for part in parts:
        if isinstance(part, Field) and not _PATTERN.fullmatch(part.pattern):
            raise SpecError(
                f"{part.pattern!r} is no pattern of {part.name}",
                where=where,
                mend="write it like xxx, xx.x, -xx.x or +1",
            )
    return parts


def split_fields(text: str, where: str) -> Format:
    """As `parse_format`, with anything for a pattern (listings print dates and decoded values).

    Raises:
        SpecError: a brace does not match.
    """
    parts: list[str | Field] = []
    end = 0
    for match in _FIELD.finditer(text):
        parts += [text[end : match.start()], Field(match[1], match[2] or "")]
        end = match.end()
    parts.append(text[end:])
    if any("{" in part or "}" in part for part in parts if isinstance(part, str)):
        raise SpecError(f"{text!r} has a brace that does not match", where=where, mend="write fields as {name:pattern}")
    return tuple(part for part in parts if part != "")


def fields(form: Format) -> tuple[Field, ...]:
    """The fields of a format, in order."""
    return tuple(part for part in form if isinstance(part, Field))


def settle(form: Format, decimals: int, digits: int) -> Format:
    """The format with patterns `+k` written out for a variable.

    Args:
        form: the format.
        decimals: decimals the variable was collected with.
        digits: digits before the point, for the shell.

    >>> settle(parse_format("{mean:+1} ({sd:+2})"), 0, 2)[0]
    Field(name='mean', pattern='xx.x')
    """
    return tuple(
        Field(part.name, number_pattern(decimals + int(part.pattern[1:]), digits))
        if isinstance(part, Field) and re.fullmatch(r"\+\d", part.pattern)
        else part
        for part in form
    )


def number_pattern(decimals: int, digits: int) -> str:
    """The pattern of a number.

    >>> number_pattern(1, 2), number_pattern(0, 3), number_pattern(9, 1)
    ('xx.x', 'xxx', 'x.xxxx')
    """
    fraction = "x" * min(decimals, MOST_DECIMALS)
    return "x" * digits + ("." + fraction if fraction else "")


def decimals_of(pattern: str) -> int:
    """Digits after the point of a pattern.

    >>> decimals_of("-xx.xx"), decimals_of("xxx")
    (2, 0)
    """
    return len(pattern.partition(".")[2])
