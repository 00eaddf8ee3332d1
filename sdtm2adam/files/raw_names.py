"""Names of the columns of raw files: made plain, kept unique, and renamed by the contract."""

import re
from collections.abc import Mapping, Sequence

import pyarrow as pa

from sdtm2adam.errors import InputError, InputErrors, nearest

ORIGINAL = b"original"
"""The key of a field's metadata that holds the name as it stands in the file."""


def plain_name(name: str) -> str:
    """A name without blanks around it; each character but ASCII letters, digits and `_` becomes `_`.

    >>> plain_name(" IT.AETERM ")
    'IT_AETERM'
    """
    return re.sub(r"[^A-Za-z0-9_]", "_", name.strip())


def named(names: Sequence[str]) -> pa.Schema:
    """Text columns with plain names; the names of the file are kept in the metadata of the fields."""
    return pa.schema([pa.field(plain_name(name), pa.string(), metadata={ORIGINAL: name.encode()}) for name in names])


def name_errors(names: Sequence[str], places: Sequence[str], where: str, mend: str) -> list[InputError]:
    """One error for each column without a name, and for each whose plain name another has, whatever the case.

    Args:
        names: as they stand in the file.
        places: what each column is called where it has no name (`column 3`).
        where: the line of names.
        mend: what to do about a column without a name.
    """
    errors = []
    seen: dict[str, str] = {}
    for name, place in zip(names, places, strict=True):
        column = plain_name(name)
        if not column:
            errors.append(InputError(f"{place} has no name", where=where, mend=mend))
        elif column.upper() in seen:
            what = f"the columns {seen[column.upper()]!r} and {name!r} are both {column}, whatever the case"
            errors.append(InputError(what, where=where, mend="rename one of them where the file is made"))
        seen.setdefault(column.upper(), name)
    return errors


def rename_columns(frame: pa.Table, names: Mapping[str, str], where: str) -> pa.Table:
    """The table with the names of the contract for those of the file.

    Args:
        frame: as the file was read.
        names: the name in the contract -> the name in the file, as it stands there or plain.
        where: the file.

    Raises:
        InputErrors: the file has no such column, or another column already bears the name.
    """
    originals = original_names(frame)
    errors: list[InputError] = []
    renamed: dict[int, str] = {}
    for column, wanted in names.items():
        place = _place(wanted, originals, frame.column_names)
        if place is None:
            mend = f"correct it in names: of the contract; {nearest(wanted, originals)}"
            errors.append(InputError(f"there is no column {wanted}, which is to be {column}", where=where, mend=mend))
        else:
            renamed[place] = column
    result = [renamed.get(number, column) for number, column in enumerate(frame.column_names)]
    by_upper: dict[str, int] = {}
    for number, column in enumerate(result):
        if (first := by_upper.setdefault(column.upper(), number)) != number:
            what = f"{originals[first]!r} and {originals[number]!r} would both be {column}"
            errors.append(InputError(what, where=where, mend="give one of them another name in names: of the contract"))
    if errors:
        raise InputErrors(errors)
    return frame.rename_columns(result)


def original_names(frame: pa.Table) -> list[str]:
    """The names of the columns as they stand in the file, before they were made plain."""
    return [str((field.metadata or {}).get(ORIGINAL, field.name.encode()).decode()) for field in frame.schema]


def _place(wanted: str, originals: Sequence[str], plain: Sequence[str]) -> int | None:
    """The column with this name: as it stands in the file, else plain."""
    for names in (originals, plain):
        if wanted in names:
            return names.index(wanted)
    return None
