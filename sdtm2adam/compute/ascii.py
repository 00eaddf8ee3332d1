"""Texts for transport files, which hold printable ASCII only.

A character is replaced by a reviewed table, else by the letter below its accents, else by `?`. The data themselves keep
the text as it came; each replacement is told.
"""

from __future__ import annotations

import unicodedata

REPLACEMENTS = {
    "µ": "u", "μ": "u", "°": " deg", "±": "+/-", "≥": ">=", "≤": "<=", "≠": "<>", "×": "x", "÷": "/", "²": "2",
    "³": "3", "½": "1/2", "¼": "1/4", "¾": "3/4", "ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE",
    "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "‘": "'", "’": "'", "‚": "'", "“": '"',
    "”": '"', "„": '"', "–": "-", "—": "-", "‐": "-", "…": "...", "•": "*", "·": ".", "™": "(TM)", "®": "(R)",
    "©": "(C)", "€": "EUR", "£": "GBP", "\xa0": " ", "\t": " ", "\n": " ", "\r": " ",
}  # fmt: skip
"""Character -> what stands for it in ASCII."""


def to_ascii(text: str) -> str:
    """The text in printable ASCII.

    >>> to_ascii("café 5 µg ≥ 3"), to_ascii("naïve\\x07"), to_ascii("熱")
    ('cafe 5 ug >= 3', 'naive?', '?')
    """
    return "".join(character if " " <= character <= "~" else _replaced(character) for character in text)


def _replaced(character: str) -> str:
    known = REPLACEMENTS.get(character)
    if known is not None:
        return known
    if unicodedata.combining(character):
        return ""
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if " " <= c <= "~")
    return plain or "?"
