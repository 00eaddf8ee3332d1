"""Characters: what can be printed, how wide it is, and what is shown in place of what cannot.

One bad character in a verbatim term must not lose an output, nor vanish from it, nor make it read as what it is not.
Shown as their code (`\\x0B`, `\\uFFFE`, `\\u202E`) are control characters, broken halves of surrogate pairs, characters
that are not assigned, are private or no characters at all, and the invisible ones that turn the reading direction or
carry hidden text. All else is printed as it is, joiners and direction marks of scripts among it.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache

from sdtm2adam.model.display import Display, Row
from sdtm2adam.model.issue import Issue, Severity

_LINE_BREAK = "\n"
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_HIDDEN = frozenset(map(chr, (*range(0x206A, 0x2070), *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080))))
_FITS_NO_PAGE = ("Cc", "Cs", "Co", "Cn", "Zl", "Zp")


def visible(text: str) -> str:
    """Text as it is printed: what has no glyph is shown as its code; `\\n` stays a line break.

    >>> visible("rash\\x0bmild")
    'rash\\\\x0Bmild'
    """
    if text.isprintable():
        return text
    return "".join(map(_shown, text.replace("\r\n", _LINE_BREAK)))


def text_width(text: str) -> int:
    """The characters of the grid a text takes: two for East Asian wide ones, none for combining ones.

    >>> text_width("≥90%"), text_width("白血病")
    (4, 6)
    """
    if text.isascii():
        return len(text)
    return sum(map(_char_width, text))


def check_characters(display: Display) -> tuple[Issue, ...]:
    """Issues for texts with characters that are shown as their code.

    Every text of the display is looked at. One issue per kind, with the number of
    texts that have it; the first few are quoted.
    """
    odd = [(text, frozenset(filter(_is_coded, text))) for text in _texts(display) if not text.isprintable()]
    found = (
        ("CHAR01", [text for text, chars in odd if chars - _TURNING], "characters that cannot be printed"),
        ("CHAR02", [text for text, chars in odd if chars & _TURNING], "characters that turn the reading direction"),
    )
    issues = []
    for rule, hits, text in found:
        if hits:
            issues.append(
                Issue(
                    dataset=display.id,
                    rule=rule,
                    severity=Severity.WARNING,
                    text=f"{text} are shown as their code",
                    value=ascii(hits[0]),
                    records=len(hits),
                    keys=tuple(ascii(hit) for hit in hits[:5]),
                    source="display",
                )
            )
    return tuple(issues)


@cache
def _is_coded(char: str) -> bool:
    if char.isprintable() or char == _LINE_BREAK:
        return False
    return char in _TURNING or char in _HIDDEN or unicodedata.category(char) in _FITS_NO_PAGE


@cache
def _shown(char: str) -> str:
    if not _is_coded(char):
        return char
    code = ord(char)
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
        for column in section.columns:
            yield from column.heads
        for row in section.rows:
            yield from _row_texts(row)
    for figure in display.figures:
        yield from (figure.title, figure.alt)


def _row_texts(row: Row) -> Iterator[str]:
    yield row.label
    yield from (cell.text for cell in row.cells)
