"""A small reader of RTF that shares nothing with the writer: text with its page, region, row and column."""

import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r"\\([a-z]+)(-?\d+)? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n])")
_SKIPPED = {"fonttbl", "colortbl", "stylesheet", "info", "pict"}
Place = tuple[int, str, int, int, str]
"""Page, region, row, column, text."""


@dataclass
class _Reader:
    found: list[Place] = field(default_factory=list)
    page: int = 1
    region: str = "body"
    rows: dict[tuple[int, str], int] = field(default_factory=dict)
    column: int = 0
    head: bool = False
    table_seen: bool = False
    units: bytearray = field(default_factory=bytearray)

    def add(self, text: str) -> None:
        self.units += text.encode("utf-16-le", "surrogatepass")

    def take(self) -> str:
        text = self.units.decode("utf-16-le", "surrogatepass")
        self.units.clear()
        return text

    def put(self, region: str, text: str, column: int = 0, *, end: bool = True) -> None:
        row = self.rows.get((self.page, region), 0)
        self.found.append((self.page, region, row, column, text))
        if end:
            self.rows[self.page, region] = row + 1

    def paragraph(self) -> None:
        text = self.take()
        if self.region != "body":
            for column, part in enumerate(text.split("\t")):
                self.put(self.region, part, column, end=column == text.count("\t"))
        elif text:
            self.put("footnote" if self.table_seen else "title", text)

    def word(self, name: str, number: int) -> None:
        match name:
            case "par":
                self.paragraph()
            case "pagebb":
                self.page, self.table_seen = self.page + 1, False
            case "sect":
                self.paragraph()
                self.page, self.table_seen = self.page + 1, False
            case "trowd":
                self.head, self.column, self.table_seen = False, 0, True
            case "trhdr":
                self.head = True
            case "cell":
                self.put("head" if self.head else "row", self.take(), self.column, end=False)
                self.column += 1
            case "row":
                key = (self.page, "head" if self.head else "row")
                self.rows[key] = self.rows.get(key, 0) + 1
            case "line":
                self.add("\n")
            case "tab":
                self.add("\t")
            case "u":
                self.units += (number % 0x10000).to_bytes(2, "little")
            case "header" | "footer":
                self.region = name


def read_rtf(rtf: bytes) -> list[Place]:
    """All texts of an RTF document with where they stand."""
    reader, stack, skipped, fallback = _Reader(), [], False, 0
    for match in _TOKEN.finditer(rtf.decode("ascii")):
        word, number, byte, symbol, brace, char = match.groups()
        if brace == "{":
            stack.append((skipped, reader.region))
        elif brace == "}":
            skipped, reader.region = stack.pop()
        elif word in _SKIPPED or symbol == "*":
            skipped = True
            reader.table_seen |= word == "pict" or reader.table_seen
        elif skipped:
            reader.table_seen |= word == "pict"
        elif word:
            reader.word(word, int(number or 0))
            fallback = 1 if word == "u" else 0
        elif fallback:
            fallback = 0
        elif char or symbol or byte:
            reader.add(char or symbol or bytes.fromhex(byte).decode("cp1252"))
    assert not stack, "braces are not balanced"
    reader.paragraph()
    return reader.found
