"""The structure of a CSV file: every record, field and quote counted before a value is believed.

Libraries pad short rows, join rows after a lost quote, and read a cut file without a word. This pass looks at each
byte that has a meaning (delimiter, quote, line break, NUL), in numpy, and stops at what cannot be right.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sdtm2adam.errors import InputError
from sdtm2adam.files.faults import damaged, empty

CHUNK_BYTES = 1 << 18  # a piece and what is made of it stay in the processor's cache
MOST_TOLD = 10
_LF, _CR, _QUOTE = b'\n\r"'
_QUOTE_MEND = "double a quote inside a field and put the whole field in quotes; or an earlier quote was never closed"

Places = npt.NDArray[np.int64]


@dataclass(slots=True)
class Structure:
    """What was counted: `columns` in the header, `records` below it, the longest record in bytes.

    `uneven` holds line and number of fields of the first rows that do not have as many fields as the header;
    `uneven_rows` counts all of them. `breaks_inside` tells whether a quoted field holds a line break.
    """

    columns: int = 0
    records: int = 0
    longest: int = 0
    breaks_inside: bool = False
    uneven: list[tuple[int, int]] = field(default_factory=list)
    uneven_rows: int = 0


def read_structure(path: Path, encoding: str, delimiter: str) -> Structure:
    """Count the records and fields of a CSV file.

    Raises:
        InputError: bytes that are no text, a NUL, a quote out of place or never closed, a file that is cut or empty.
    """
    scan = _Scan(path, delimiter)
    try:
        for chunk in _utf8_chunks(path, encoding):
            scan.feed(chunk)
    except _Undecodable as error:
        raise InputError(
            f"the byte 0x{error.byte:02X} is no text in {encoding} ({error.reason})",
            where=f"{path}, line {scan.open_line}, column {error.column}",
            mend="declare the encoding of the file (cp1252 is common; utf-16 if every second byte is 00)",
        ) from error
    return scan.end()


class _Undecodable(Exception):  # noqa: N818 - a private word between two functions, not an error a user meets
    """A byte that is no text, and the column it stands in."""

    def __init__(self, byte: int, reason: str, column: int) -> None:
        super().__init__(reason)
        self.byte, self.reason, self.column = byte, reason, column


def _utf8_chunks(path: Path, encoding: str) -> Iterator[bytes]:
    """The file in pieces of UTF-8, without a byte-order mark; what comes before a byte that is no text comes first."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    open_line, first = "", True
    with path.open("rb") as file:
        while raw := file.read(CHUNK_BYTES):
            state = decoder.getstate()
            try:
                text = decoder.decode(raw)
            except UnicodeDecodeError as error:
                decoder.setstate(state)
                text = decoder.decode(raw[: max(0, error.start - len(state[0]))])
                yield (text.removeprefix("\ufeff") if first else text).encode("utf-8")
                column = len(_last_line(open_line + text)) + 1
                raise _Undecodable(error.object[error.start], error.reason, column) from error
            text, first = text.removeprefix("\ufeff") if first else text, first and not text
            yield text.encode("utf-8")
            open_line = _last_line(open_line + text)
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise _Undecodable(error.object[error.start], error.reason, len(open_line) + 1) from error


def _last_line(text: str) -> str:
    """What follows the last line break."""
    return text[max(text.rfind("\n"), text.rfind("\r")) + 1 :]


class _Scan:
    """Goes through the file once; remembers between pieces what is still open."""

    def __init__(self, path: Path, delimiter: str) -> None:
        self.path = path
        self.delimiter = ord(delimiter)
        self.neighbours = np.zeros(256, dtype=np.bool_)  # what may stand beside a quote
        self.neighbours[[self.delimiter, _LF, _CR, _QUOTE]] = True
        self.found = Structure()
        self.held = b""
        self.base = 0
        """Bytes before the piece at hand."""
        self.line = 1
        self.inside = False
        self.quote_line = 0
        self.before = _LF
        """The byte before the piece at hand."""
        self.record_start, self.record_line, self.delimiters = 0, 1, 0
        """Where the open record began, and how many fields of it have ended."""

    def feed(self, chunk: bytes) -> None:
        """Take the next piece; a quote or carriage return at its end waits for what follows it."""
        whole = self.held + chunk
        ready = whole.rstrip(b'"\r')
        self.held = whole[len(ready) :]
        self._take(ready)

    def end(self) -> Structure:
        """Say what was counted, or that the file does not end as a whole file does."""
        self._take(self.held)
        if self.base == 0:
            raise empty(self.path)
        if self.inside:
            raise InputError("a quoted field is never closed", where=self._at(self.quote_line), mend=_QUOTE_MEND)
        if self.record_start < self.base:
            what = "the last line does not end with a line break: the file may have been cut"
            mend = "get the file again from its source; if it is whole, end its last line with a line break"
            raise InputError(what, where=self._at(self.record_line), mend=mend)
        return self.found

    @property
    def open_line(self) -> int:
        """The line that was being read when no more could be read."""
        return self.line + self.held.count(b"\r")

    def _at(self, line: int) -> str:
        return f"{self.path}, line {line}"

    def _take(self, ready: bytes) -> None:
        if not ready:
            return
        piece = np.frombuffer(ready, dtype=np.uint8)
        breaks = np.flatnonzero((piece == _LF) | (piece == _CR))
        before = np.where(breaks > 0, piece[breaks - 1], self.before)
        breaks = breaks[(piece[breaks] == _CR) | (before != _CR)]  # of CR LF, the CR
        if (nul := ready.find(b"\0")) >= 0:
            where = self._at(self._line_of(nul, breaks))
            raise InputError("the file holds a NUL byte", where=where, mend="write it again as text from its source")
        is_quote = piece == _QUOTE
        quotes = np.flatnonzero(is_quote)
        delimits = piece == self.delimiter
        if self.inside or len(quotes):
            delimits &= (np.cumsum(is_quote.view(np.uint8), dtype=np.uint8) & 1) == self.inside
        self._check_quotes(piece, quotes, breaks)
        self._records(piece, breaks, np.flatnonzero(delimits), quotes)
        self.inside ^= bool(len(quotes) % 2)
        self.line += len(breaks)
        self.base += len(piece)
        self.before = int(piece[-1])

    def _line_of(self, place: int, breaks: Places) -> int:
        return self.line + int(np.searchsorted(breaks, place))

    def _check_quotes(self, piece: npt.NDArray[np.uint8], quotes: Places, breaks: Places) -> None:
        """Quotes open and close in turn: one that opens begins a field, one that closes ends it (or is doubled)."""
        opens, closes = quotes[int(self.inside) :: 2], quotes[1 - int(self.inside) :: 2]
        framed = np.concatenate(([np.uint8(self.before)], piece, [np.uint8(_LF)]))
        stray = opens[~self.neighbours[framed[opens]]]
        loose = closes[~self.neighbours[framed[closes + 2]]]
        if len(stray) or len(loose):
            first = min(int(places[0]) for places in (stray, loose) if len(places))
            what = "text follows a closing quote"
            if len(stray) and stray[0] == first:
                what = "a quote stands inside a field that is not quoted"
            raise InputError(what, where=self._at(self._line_of(first, breaks)), mend=_QUOTE_MEND)
        if len(opens):
            self.quote_line = self._line_of(int(opens[-1]), breaks)

    def _records(self, piece: npt.NDArray[np.uint8], breaks: Places, delimiters: Places, quotes: Places) -> None:
        """Count the fields of each record that ends in this piece; `delimiters` are those outside quotes."""
        outside = (np.searchsorted(quotes, breaks) + self.inside) % 2 == 0
        self.found.breaks_inside |= not outside.all()
        end = breaks[outside]
        if not len(end):
            self.delimiters += len(delimiters)
            return
        passed = np.searchsorted(delimiters, end)
        fields = np.diff(passed, prepend=-self.delimiters) + 1
        after = end + 1 + ((piece[end] == _CR) & (np.append(piece, np.uint8(0))[end + 1] == _LF))
        start = np.concatenate(([self.record_start], after[:-1] + self.base))
        next_line = self.line + 1 + np.flatnonzero(outside)
        lines = np.concatenate(([self.record_line], next_line[:-1]))
        self._count(end + self.base - start, fields, lines)
        self.record_start, self.record_line = int(after[-1]) + self.base, int(next_line[-1])
        self.delimiters = len(delimiters) - int(passed[-1])

    def _count(self, size: Places, fields: Places, lines: Places) -> None:
        found = self.found
        if found.columns == 0:
            if size[0] == 0:
                raise damaged(self.path, "the first line is blank; the names of the columns must stand there")
            found.columns, found.records = int(fields[0]), -1
        is_record = (size > 0) | (found.columns == 1)  # a line without a byte is no record, unless it is its one field
        uneven = is_record & (fields != found.columns)
        rows = np.flatnonzero(uneven)
        found.uneven += [(int(lines[row]), int(fields[row])) for row in rows[: MOST_TOLD - len(found.uneven)]]
        found.uneven_rows += len(rows)
        found.records += int(is_record.sum())
        found.longest = max(found.longest, int(size.max()))
