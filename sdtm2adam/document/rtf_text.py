"""Text as RTF: every character of it literal, whatever it is."""

import re

_SPECIAL = re.compile(r"[\\{}\x00-\x1f\x7f-\U0010ffff]")


class Rtf(str):
    """A piece of RTF that is already RTF; every other text is escaped before it is written."""

    __slots__ = ()


def escape_rtf(text: str) -> Rtf:
    r"""A text as RTF that shows it to the letter.

    `\`, `{` and `}` are escaped, a line break becomes `\line`, characters beyond ASCII become `\uN?` with N the signed
    16-bit code, in two halves beyond the basic plane. Other control characters, which pages do not hold, are shown as
    their code.

    >>> str(escape_rtf("{≥90%}"))
    '\\{\\u8805?90%\\}'
    """
    return Rtf(_SPECIAL.sub(_escaped, text))


def literal(value: object) -> object:
    """What a template prints: RTF as it is, a number as it is, a text escaped."""
    return value if isinstance(value, Rtf | int) else escape_rtf(str(value))


def _escaped(match: re.Match[str]) -> str:
    char = match.group()
    if char in "\\{}":
        return "\\" + char
    if char == "\n":
        return "\\line "
    code = ord(char)
    if code < 0x20:
        return f"\\\\x{code:02X}"
    units = char.encode("utf-16-le", "surrogatepass")
    halves = (int.from_bytes(units[at : at + 2], "little", signed=True) for at in range(0, len(units), 2))
    return "".join(f"\\u{half}?" for half in halves)
