"""Text cut into lines of the grid."""

import re

from sdtm2adam.display.characters import text_width, visible

_WORDS = re.compile("( *)([^ ]+)")


class WordTooLong(ValueError):  # noqa: N818 - said in the field's words
    """A word longer than the line; the text of the error is the word."""


def wrap(text: str, width: int, *, hang: int = 0, cut: bool = False) -> list[str]:
    """Text cut at blanks into lines of at most `width` characters; later lines are indented by `hang`.

    A word longer than the line is cut after a hyphen or a slash where that helps, anywhere when `cut` is set.
    Blanks inside a line are kept, a line break in the text too.

    Raises:
        WordTooLong: a word does not fit into a line, and may not be cut.

    >>> wrap("Not evaluable or missing", 14, hang=2)
    ['Not evaluable', '  or missing']
    """
    lines: list[str] = []
    for part in visible(text).split("\n"):
        if text_width(part) <= width - (hang if lines else 0):
            lines.append(" " * (hang if lines else 0) + part)
        else:
            _wrap_part(part, width, hang, cut, lines)
    return lines


def _wrap_part(part: str, width: int, hang: int, cut: bool, lines: list[str]) -> None:
    line, started = " " * (hang if lines else 0), False
    for blanks, word in _WORDS.findall(part):
        if started and text_width(line + blanks + word) <= width:
            line += blanks + word
            continue
        if started:
            lines.append(line)
        line = " " * hang if started else line + blanks
        *whole, last = _pieces(word, width - text_width(line), width - hang, cut)
        for piece in whole:
            lines.append(line + piece)
            line = " " * hang
        line, started = line + last, True
    lines.append(line)


def _pieces(word: str, first: int, rest: int, cut: bool) -> list[str]:
    """A word in pieces: the first at most `first` wide, the others at most `rest`."""
    pieces, room = [], first
    while text_width(word) > room:
        most = 0
        while most < len(word) and text_width(word[: most + 1]) <= room:
            most += 1
        at = max(word.rfind("-", 0, most), word.rfind("/", 0, most)) + 1
        if at <= 0:
            if not cut:
                raise WordTooLong(word)
            at = max(most, 1)
        pieces.append(word[:at])
        word, room = word[at:], rest
    return [*pieces, word]
