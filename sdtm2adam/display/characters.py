"""Characters: what can be printed, how wide it is, and what is shown in place of what cannot.

One bad character in a verbatim term must not lose an output, nor vanish from it: control characters, noncharacters and
broken halves of surrogate pairs are shown as their code (`\\x0B`, `\\uFFFE`). All else is printed as it is.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from sdtm2adam.model.display import Display, Row
from sdtm2adam.model.issue import Issue, Severity

_PLANE_ENDS = "".join(chr(plane * 0x10000 + low) for plane in range(17) for low in (0xFFFE, 0xFFFF))
_UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef" + _PLANE_ENDS + "]")
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")  # they turn the reading direction of what follows


def visible(text: str) -> str:
    """Text as it is printed: what has no glyph is shown as its code; `\\n` stays a line break.

    >>> visible("rash\\x0bmild")
    'rash\\\\x0Bmild'
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNPRINTABLE.sub(_code, text.replace("\r\n", "\n"))


def text_width(text: str) -> int:
    """The characters of the grid a text takes: two for East Asian wide ones, none for combining ones.

    >>> text_width("≥90%"), text_width("白血病")
    (4, 6)
    """
    if text.isascii():
        return len(text)
    return sum(map(_char_width, text))


def check_characters(display: Display) -> tuple[Issue, ...]:
    """Issues for texts with characters that are shown as their code, or that turn the reading direction.

    Every text of the display is looked at. One issue per kind, with the number of
    texts that have it; the first few are quoted.
    """
    texts = list(_texts(display))
    found = (
        ("CHAR01", _UNPRINTABLE, "characters that cannot be printed are shown as their code"),
        ("CHAR02", _TURNING, "characters that turn the reading direction: the text may not read as it is stored"),
    )
    issues = []
    for rule, pattern, text in found:
        hits = [hit for hit in texts if pattern.search(hit)]
        if hits:
            issues.append(
                Issue(
                    dataset=display.id,
                    rule=rule,
                    severity=Severity.WARNING,
                    text=text,
                    value=ascii(hits[0]),
                    records=len(hits),
                    keys=tuple(ascii(hit) for hit in hits[:5]),
                    source="display",
                )
            )
    return tuple(issues)


def _code(match: re.Match[str]) -> str:
    code = ord(match.group())
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


@cache
def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _texts(display: Display) -> Iterator[str]:
    yield from display.titles
    yield from display.footnotes
    for left, right in (*display.header, display.footer):
        yield from (left, right)
    for column in display.columns:
        yield from column.heads
    for section in display.sections:
        yield section.title
        for row in section.rows:
            yield from _row_texts(row)
    for figure in display.figures:
        yield from (figure.title, figure.alt)


def _row_texts(row: Row) -> Iterator[str]:
    yield row.label
    yield from (cell.text for cell in row.cells)
