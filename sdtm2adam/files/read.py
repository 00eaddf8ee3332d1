"""Finding a dataset in a folder and reading it, whichever format it lies there in."""

import re
from pathlib import Path

import pyarrow as pa

from sdtm2adam.errors import InputError, UsageError, nearest
from sdtm2adam.files.faults import unreadable
from sdtm2adam.files.parquet import read_parquet
from sdtm2adam.files.xpt import read_xpt

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}")
_DEVICES = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}
_SUFFIXES = (".parquet", ".xpt")


def read_dataset(folder: Path, name: str, *, fallback: str | None = None) -> pa.Table:
    """Read the dataset NAME of a folder from `name.parquet` or `name.xpt`, upper and lower case alike.

    Exactly one file may bear the name. If there are two (`ae.parquet` and `ae.xpt`, or `AE.xpt` and `ae.xpt`) they may
    differ, and none is preferred.

    Args:
        folder: where the file lies; links may not lead out of it.
        name: the dataset, a letter and then letters, digits and underscores.
        fallback: the encoding of texts in an XPT file that are not UTF-8.

    Raises:
        UsageError: the name cannot be that of a dataset.
        InputError: there is no such file, there are two, it lies elsewhere, or it cannot be read.
    """
    path = find_dataset(folder, name)
    return read_parquet(path) if path.suffix.lower() == ".parquet" else read_xpt(path, fallback=fallback)


def find_dataset(folder: Path, name: str) -> Path:
    """The one file of a folder that holds the dataset NAME, as `read_dataset` finds it.

    Raises:
        UsageError: the name cannot be that of a dataset.
        InputError: there is no such file, there are two, or it lies outside the folder.
    """
    if not _NAME.fullmatch(name) or name.upper() in _DEVICES:
        mend = "use a letter and then letters, digits and underscores"
        raise UsageError(f"{name!r} cannot be the name of a dataset", where=str(folder), mend=mend)
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES and not path.is_dir())
    except OSError as error:
        raise unreadable(folder, error) from error
    found = [path for path in files if path.stem.upper() == name.upper()]
    if not found:
        mend = f"put {name.lower()}.parquet or {name.lower()}.xpt there; {nearest(name, (path.stem for path in files))}"
        raise InputError(f"there is no dataset {name}", where=str(folder), mend=mend)
    if len(found) > 1:
        what = f"{' and '.join(path.name for path in found)} are the same dataset"
        raise InputError(what, where=str(folder), mend="keep the one that is right; none is preferred")
    _check_inside(folder, found[0])
    return found[0]


def _check_inside(folder: Path, path: Path) -> None:
    """Refuse a link that leads out of the folder, so that no spec or archive can name files elsewhere."""
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputError("the file is a link to another folder", where=str(path), mend="put the file itself there")
