"""The records of an XPT file before the data: what they say and where each byte stands (SAS TS-140)."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sdtm2adam.files.xpt.formats import Format

RECORD = 80
NAMESTR = struct.Struct(">hhhh8s40s8shhh2x8shhi52x")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def head(kind: str, numbers: str = "0" * 30) -> bytes:
    """One of the five fixed header records."""
    return f"HEADER RECORD*******{kind:<8}HEADER RECORD!!!!!!!{numbers}  ".encode("ascii")


LIBRARY, MEMBER_START = head("LIBRARY"), head("MEMBER")[:48]
DESCRIPTOR, OBSERVATIONS = head("DSCRPTR"), head("OBS")
MOST_VARIABLES = 9999


@dataclass(frozen=True, slots=True)
class Field:
    """One variable as the file holds it: `start` and `width` are bytes within a record of data."""

    name: str
    label: str
    numeric: bool
    width: int
    start: int
    format: Format


@dataclass(frozen=True, slots=True)
class Layout:
    """A dataset as the file holds it; `data_start` is the byte where its records begin."""

    name: str
    label: str
    fields: tuple[Field, ...]
    data_start: int = 0

    @property
    def record_bytes(self) -> int:
        """Bytes of one record of data."""
        return sum(field.width for field in self.fields)


def pack(layout: Layout, created: datetime) -> bytes:
    """All records that come before the data."""
    stamp = timestamp(created)
    system = (
        b"9.4     " + b" " * 8
    )  # the level of SAS that reads it, and no operating system, so that bytes never differ
    return b"".join(
        (
            LIBRARY,
            b"SAS     SAS     SASLIB  " + system + b" " * 24 + stamp,
            stamp.ljust(RECORD),
            head("MEMBER", "0" * 17 + "1600000000140"),
            DESCRIPTOR,
            b"SAS     " + _text(layout.name, 8) + b"SASDATA " + system + b" " * 24 + stamp,
            stamp + b" " * 16 + _text(layout.label, 40) + b" " * 8,
            head("NAMESTR", f"000000{len(layout.fields):04d}" + "0" * 20),
            padded(b"".join(_namestr(number, field) for number, field in enumerate(layout.fields, start=1))),
            OBSERVATIONS,
        )
    )


def timestamp(created: datetime) -> bytes:
    """The time of making in the sixteen bytes of the format, in English whatever the locale.

    >>> timestamp(datetime(2026, 11, 2, 7, 5, 9))
    b'02NOV26:07:05:09'
    """
    return f"{created:%d}{MONTHS[created.month - 1]}{created:%y:%H:%M:%S}".encode("ascii")


def padded(block: bytes) -> bytes:
    """A block filled with blanks to whole records of eighty bytes."""
    return block + b" " * (-len(block) % RECORD)


def fields_of(namestrs: Sequence[bytes]) -> tuple[Field, ...]:
    """Read the descriptions of the variables, each 140 bytes (136 from VMS, where the last four do not matter)."""
    return tuple(_field(NAMESTR.unpack(namestr.ljust(NAMESTR.size, b"\0"))) for namestr in namestrs)


def _namestr(number: int, field: Field) -> bytes:
    form = field.format
    return NAMESTR.pack(
        1 if field.numeric else 2, 0, field.width, number,
        _text(field.name, 8), _text(field.label, 40), _text(form.name, 8), form.width, form.decimals, 0,
        b" " * 8, 0, 0, field.start,
    )  # fmt: skip


def _field(said: tuple[int, int, int, int, bytes, bytes, bytes, int, int, int, bytes, int, int, int]) -> Field:
    kind, _, width, _, name, label, form, form_width, form_decimals, *_, start = said
    shape = Format(_read(form).upper(), form_width, form_decimals)
    return Field(_read(name).upper(), _read(label), kind == 1, width, start, shape)


def _text(text: str, width: int) -> bytes:
    return text.encode("ascii").ljust(width)


def _read(raw: bytes) -> str:
    """Names and labels are ASCII by the format; files of old systems hold other bytes, which are shown as cp1252."""
    return raw.rstrip(b" \0").decode("cp1252", errors="replace")
