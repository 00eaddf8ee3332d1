"""Where texts stand in their columns: numbers one under the other, everything centred, nothing touching.

The last character of a column stays blank, so a column of 13 holds 12 characters.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from sdtm2adam.display.characters import text_width

_INTEGER = re.compile(r"[^0-9A-Za-z]*(?:[0-9]+|x+(?![A-Za-z])|N[ECA](?![A-Za-z]))")
_LIST_OF_NUMBERS = re.compile(r"(?<=[0-9xECA+]), (?=[-+<>]?[0-9xN])")


def centred(text: str, width: int) -> str:
    """Text in the middle of the column, one blank kept free on the right.

    >>> centred("InO", 13)
    '    InO'
    """
    return " " * _left_over(width - 1, text_width(text)) + text


def integer_end(text: str) -> int | None:
    """Where the integer part of the first number ends: the character that aligns. None for words.

    `NE` and `NC` stand where a number would, and the patterns of a shell (`xxx (xx.x)`) stand as their numbers.

    >>> integer_end("(-12.3, 4.5)"), integer_end("xx.x"), integer_end("(NE, NE)"), integer_end("Male")
    (4, 2, 3, None)
    """
    found = _INTEGER.match(text)
    return found.end() if found else None


def tightened(texts: Iterable[str]) -> list[str]:
    """The cells of a row with the blank after the comma dropped between numbers.

    Done for a whole row where one of its cells is too wide otherwise.

    >>> tightened(["(90.0, 100.0)", "(0.0, 10.0)", "Smith, J"])
    ['(90.0,100.0)', '(0.0,10.0)', 'Smith, J']
    """
    return [_LIST_OF_NUMBERS.sub(",", text) for text in texts]


class Alignment:
    """Decimal alignment: learn all texts of a display first, then place each.

    Texts align within one column, one width and one class of statistics: the integer parts of their first numbers
    end in the same character, and the block they form is centred. A text that would leave the column that way moves
    just as far as it must. Words are centred by themselves.
    """

    def __init__(self) -> None:
        self._before: defaultdict[tuple[object, ...], int] = defaultdict(int)
        self._after: defaultdict[tuple[object, ...], int] = defaultdict(int)

    def learn(self, key: tuple[object, ...], text: str) -> None:
        """Count a text into its block. The key is column, span and class of statistics."""
        end = integer_end(text)
        if end is not None:
            self._before[key] = max(self._before[key], end)
            self._after[key] = max(self._after[key], text_width(text) - end)

    def place(self, key: tuple[object, ...], text: str, width: int) -> str:
        """The text with its blanks in front, for a column `width` characters wide.

        >>> block = Alignment()
        >>> for text in ("121 (73.8)", "5 (4.7)", "0"):
        ...     block.learn(("InO", 1, "n_pct"), text)
        >>> [block.place(("InO", 1, "n_pct"), text, 13) for text in ("121 (73.8)", "5 (4.7)", "0")]
        [' 121 (73.8)', '   5 (4.7)', '   0']
        """
        end = integer_end(text)
        if end is None:
            return centred(text, width)
        before, after = self._before[key], self._after[key]
        left = max(_left_over(width - 1, before + after), 0) + before - end
        return " " * max(min(left, width - 1 - text_width(text)), 0) + text


def _left_over(width: int, used: int) -> int:
    pad = max(width - used, 0)
    return pad // 2 + (pad & width & 1)
