"""What kind of file it is, what its header says, and how many records it holds."""

from mmap import mmap
from pathlib import Path

from sdtm2adam.errors import InputError, listed
from sdtm2adam.files.faults import damaged
from sdtm2adam.files.xpt.layout import (
    DESCRIPTOR,
    LIBRARY,
    MEMBER_START,
    NAMESTR,
    OBSERVATIONS,
    RECORD,
    Layout,
    fields_of,
    head,
)

_MARK = 48  # the fixed bytes of a header record; numbers follow
_SAS7BDAT = bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
_OTHER_KINDS = (
    (b"HEADER RECORD*******LIBV8", "a SAS transport file of version 8", "write version 5 with the XPORT engine of SAS"),
    (b"**COMPRESSED**", "a SAS CPORT file", "unpack it with PROC CIMPORT and write it with the XPORT engine"),
    (b"LIB CONTROL", "a SAS CPORT file", "unpack it with PROC CIMPORT and write it with the XPORT engine"),
    (b"PK\x03\x04", "a ZIP archive", "unpack it"),
    (b"\x1f\x8b", "a gzip archive", "unpack it"),
    (b"PAR1", "a Parquet file", "name it .parquet"),
)


def read_layout(memory: mmap, path: Path) -> Layout:
    """Read the header of an XPT file.

    Raises:
        InputError: it is a file of another kind, or the header is damaged.
    """
    _check_kind(memory, path)
    if len(memory) % RECORD:
        raise damaged(
            path, f"the file has {len(memory):,} bytes, which is not a multiple of {RECORD}: it is cut or changed"
        )
    if memory[240:288] != MEMBER_START or memory[320 : 320 + _MARK] != DESCRIPTOR[:_MARK]:
        raise damaged(path, "the file has no dataset header where it should stand")
    size, count = _number(memory[314:318], path), _number(memory[614:618], path)
    if memory[560 : 560 + _MARK] != head("NAMESTR")[:_MARK] or size not in {136, NAMESTR.size} or count < 1:
        raise damaged(path, "the descriptions of the variables are missing")
    end = 640 + size * count
    end += -end % RECORD
    if memory[end : end + _MARK] != OBSERVATIONS[:_MARK]:
        raise damaged(path, f"the descriptions of the {count} variables are cut or damaged")
    fields = fields_of([memory[start : start + size] for start in range(640, 640 + size * count, size)])
    name, label = _text(memory[408:416]).upper(), _text(memory[512:552])
    layout = Layout(name, label, fields, data_start=end + RECORD)
    _check_fields(layout, path)
    return layout


def count_records(memory: mmap, layout: Layout, path: Path) -> int:
    """Count the records from the size of the file.

    Fewer than eighty blanks fill the last piece of eighty bytes; no header counts the records. So a last record of
    blanks alone cannot be told from the filling if it is shorter than eighty bytes, and is taken for it. What cannot be
    filling and is no whole record shows a file that was cut.

    Raises:
        InputError: the file is cut, holds a second dataset, or ends in blanks that leave the count open.
    """
    _check_single(memory, layout, path)
    width, size = layout.record_bytes, len(memory) - layout.data_start
    rows, rest = divmod(size, width)
    tail = memory[len(memory) - rest :]
    if rest >= RECORD or tail.strip(b" "):
        raise damaged(path, f"after {rows:,} records of {width} bytes {rest} bytes are left over: the file is cut")
    blank = b" " * width
    start = layout.data_start
    while rows and size - (rows - 1) * width < RECORD and memory[start + (rows - 1) * width :][:width] == blank:
        rows -= 1
    if width < RECORD and rows and memory[start + (rows - 1) * width : start + rows * width] == blank:
        raise damaged(path, f"the file ends in records that are blank throughout, from record {rows:,} or before")
    return rows


def _check_kind(memory: mmap, path: Path) -> None:
    start = memory[:RECORD]
    if start[:_MARK] == LIBRARY[:_MARK]:
        return
    for mark, kind, mend in _OTHER_KINDS:
        if start.startswith(mark):
            raise InputError(f"this is {kind}, not a SAS transport file of version 5", where=str(path), mend=mend)
    if memory[12:32] == _SAS7BDAT:
        what = "this is a SAS dataset (sas7bdat), not a SAS transport file of version 5"
        raise InputError(what, where=str(path), mend="write it with the XPORT engine of SAS")
    if LIBRARY.startswith(start[: len(memory)]):
        raise damaged(path, f"the file ends after {len(memory)} bytes, within its first header record")
    raise damaged(path, "this is not a SAS transport file of version 5")


def _check_fields(layout: Layout, path: Path) -> None:
    places = [(field.start, field.width) for field in layout.fields]
    ends = [0, *(start + width for start, width in sorted(places))]
    whole = all(start == end for (start, _), end in zip(sorted(places), ends, strict=False))
    widths = all(2 <= field.width <= 8 if field.numeric else field.width >= 1 for field in layout.fields)
    if not whole or not widths:
        raise damaged(path, "the places and lengths of the variables do not make up a record")
    names = [field.name for field in layout.fields]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice or not all(names):
        raise damaged(path, f"the names of the variables are not unique: {listed(twice) or 'one is blank'}")


def _check_single(memory: mmap, layout: Layout, path: Path) -> None:
    place = memory.find(MEMBER_START, layout.data_start)
    while place >= 0:
        if place % RECORD == 0:
            what = "the file holds more than one dataset"
            raise InputError(what, where=str(path), mend="write one file for each dataset, as regulators want it")
        place = memory.find(MEMBER_START, place + 1)


def _number(digits: bytes, path: Path) -> int:
    if not digits.isdigit():
        raise damaged(path, "the header has letters where a number should stand")
    return int(digits)


def _text(raw: bytes) -> str:
    return raw.rstrip(b" \0").decode("cp1252", errors="replace")
