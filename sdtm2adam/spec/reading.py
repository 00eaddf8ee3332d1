"""How the contract of a raw form says that its file is read."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.yaml import Text

FileKind = Literal["text", "xlsx", "xpt", "sas7bdat", "odm", "parquet"]

ENDINGS: dict[str, FileKind] = {
    **dict.fromkeys((".csv", ".tsv", ".txt", ".dat", ".asc"), "text"),
    **dict.fromkeys((".xlsx", ".xlsm"), "xlsx"),
    ".xpt": "xpt",
    ".sas7bdat": "sas7bdat",
    **dict.fromkeys((".xml", ".odm"), "odm"),
    ".parquet": "parquet",
}
"""The endings of the files that can be read, and the reader of each."""

_KEYS: dict[FileKind, set[str]] = {
    "text": {"encoding", "delimiter", "decimal", "decimal_where"},
    "xlsx": {"sheet", "header"},
    "xpt": {"encoding"},
    "sas7bdat": {"encoding"},
    "odm": {"oid", "decimal", "decimal_where"},
    "parquet": {"decimal", "decimal_where"},
}


def _as_rows(value: Any) -> Any:
    """`header: 4` or `header: [3, 4]`: rows as Excel numbers them, one below the other."""
    rows = [value] if isinstance(value, str) else list(value)
    if not all(str(row).isdigit() and int(row) for row in rows) or not rows:
        raise PydanticCustomError("header", "no row number", {"mend": "write header: 4, or [3, 4] for two rows"})
    numbers = [int(row) for row in rows]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        mend = "write them from top to bottom, none left out: [3, 4]"
        raise PydanticCustomError("header", "the header rows do not follow each other", {"mend": mend})
    return tuple(numbers)


class ReadOptions(Closed):
    """How the file is to be read."""

    encoding: Text | None = None
    delimiter: Text = Text(",")
    decimal: Text = Text(".")
    decimal_where: Text | None = None
    sheet: Text | None = None
    header: Annotated[tuple[int, ...], BeforeValidator(_as_rows)] = (1,)
    oid: Text | None = None

    @property
    def part(self) -> str:
        """The sheet or group of the file; empty where the file is one table."""
        return str(self.sheet or self.oid or "")


def file_kind(name: str) -> FileKind | None:
    """The kind of a file by its ending, whatever its case; None if there is no reader.

    >>> file_kind("labs/MRD.XPT"), file_kind("notes.docx")
    ('xpt', None)
    """
    return ENDINGS.get(PurePosixPath(name.replace("\\", "/")).suffix.lower())


def can_say(file: str, key: str) -> bool:
    """Whether `read:` of the contract of a file may say this.

    >>> can_say("LAB.csv", "decimal"), can_say("LAB.xlsx", "decimal")
    (True, False)
    """
    kind = file_kind(file)
    return kind is not None and key in _KEYS[kind]


def check_reading(file: str, read: ReadOptions) -> None:
    """Refuse an ending without a reader, and a key that the reader of the file does not know.

    Raises:
        PydanticCustomError: with the way out.
    """
    kind = file_kind(file)
    place = PurePosixPath(file.replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts:
        return  # it leads out of the folder, which is told where folders are known
    if kind is None:
        context = {"file": repr(file), "mend": f"readers are there for {', '.join(ENDINGS)}"}
        raise PydanticCustomError("file", "there is no reader for {file}, by its ending", context)
    if read.decimal not in (".", ","):
        context = {"mark": repr(str(read.decimal)), "mend": "write decimal: '.' or ','"}
        raise PydanticCustomError("decimal", "read: {mark} is no decimal mark", context)
    strange = sorted(read.model_fields_set - _KEYS[kind])
    if strange:
        mend = f"for this file read: knows {', '.join(sorted(_KEYS[kind]))}"
        context = {"keys": ", ".join(strange), "file": repr(file), "mend": mend}
        raise PydanticCustomError("read", "read: {keys} means nothing for {file}", context)


def check_names(names: dict[str, Text]) -> None:
    """Refuse two columns of the contract that stand for one column of the file.

    Raises:
        PydanticCustomError: with the way out.
    """
    seen: dict[str, str] = {}
    for column, original in names.items():
        if (first := seen.setdefault(str(original), column)) != column:
            context = {"a": first, "b": column, "name": repr(str(original)), "mend": "keep one of them"}
            raise PydanticCustomError("names", "names: {a} and {b} both stand for {name}", context)
