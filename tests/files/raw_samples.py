"""Small raw files to read: their rows, what is told of them, or how they are refused."""

import zipfile
from pathlib import Path

import openpyxl
import pytest

from sdtm2adam.errors import InputError, InputErrors
from sdtm2adam.files.raw_table import read_raw
from sdtm2adam.spec.reading import ReadOptions


def rows(path: Path, names: dict[str, str] | None = None, wanted: tuple[str, ...] = (), **options) -> list[dict]:
    """The rows of a raw file."""
    return read_raw(path, ReadOptions(**options), names or {}, wanted).frame.to_pylist()


def column(path: Path, name: str, **options) -> list[str | None]:
    """One column of a raw file."""
    return read_raw(path, ReadOptions(**options)).frame[name].to_pylist()


def told(path: Path, **options) -> list[tuple[str, str, str]]:
    """Rule, severity and text of each notice of a raw file."""
    return [(found.rule, str(found.severity), found.text) for found in read_raw(path, ReadOptions(**options)).notices]


def refusal(path: Path, names: dict[str, str] | None = None, **options) -> list[tuple[str, str, str]]:
    """Where, what and how to mend of each error of a raw file, `where` without its folder."""
    with pytest.raises(InputError) as caught:
        read_raw(path, ReadOptions(**options), names or {})
    errors = caught.value.errors if isinstance(caught.value, InputErrors) else (caught.value,)
    return [(error.where.removeprefix(str(path.parent)).lstrip("/\\"), error.what, error.mend) for error in errors]


def workbook(folder: Path, *cells: dict[str, object], formats: dict[str, str] | None = None, change=None) -> Path:
    """A workbook made by openpyxl: for each sheet, cells by address; `change` does the rest with the workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, values in enumerate(cells, start=1):
        sheet = book.create_sheet(f"Sheet{number}")
        for address, value in values.items():
            sheet[address] = value
        for address, code in (formats or {}).items() if number == 1 else ():
            sheet[address].number_format = code
    if change is not None:
        change(book)
    path = folder / "FORM.xlsx"
    book.save(path)
    return path


def changed(path: Path, part: str, old: str, new: str) -> Path:
    """A workbook with a text of one of its parts replaced."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path
