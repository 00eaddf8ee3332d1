"""Long texts in pieces that a variable of a transport file can hold."""

from __future__ import annotations

from sdtm2adam.compute.ascii import to_ascii

MOST_BYTES = 200
"""What a text variable of a version 5 transport file holds."""


def in_pieces(text: str, most: int = MOST_BYTES) -> list[str]:
    """A text in pieces of at most `most` bytes as the transport file writes them, cut between words where it can be.

    The blank at a cut is left out, so the pieces joined by blanks are the text again; a word that is longer than a
    piece is cut inside.

    >>> in_pieces("no cut"), in_pieces("first second third", 12), in_pieces("abcdef", 4)
    (['no cut'], ['first second', 'third'], ['abcd', 'ef'])
    """
    pieces = []
    rest = text
    while len(to_ascii(rest)) > most:
        end = _fitting(rest, most)
        blank = rest.rfind(" ", 1, end + 1)
        cut = blank if blank > 0 and rest[:blank].strip() else end
        pieces.append(rest[:cut].rstrip(" "))
        rest = rest[cut:].lstrip(" ")
    return [*pieces, rest] if rest else pieces


def _fitting(text: str, most: int) -> int:
    """How many characters of a text fit."""
    size = 0
    for place, character in enumerate(text):
        size += len(to_ascii(character))
        if size > most:
            return max(place, 1)
    return len(text)
