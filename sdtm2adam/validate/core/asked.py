"""What CORE is asked: the transport files of a folder, how many records each has, and bytes that CORE stumbles over."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from sdtm2adam.errors import InputError
from sdtm2adam.files.xpt.read import Source, open_xpt
from sdtm2adam.model import Issue, Severity

NOT_ASCII = "core-not-ascii"
_LAST_ASCII = 0x7F


@dataclass(frozen=True, slots=True)
class AskedFile:
    """One transport file. `not_ascii` counts, by variable, the records with a byte outside ASCII."""

    dataset: str
    path: Path
    records: int
    not_ascii: tuple[tuple[str, int], ...] = ()


def read_asked(folder: Path) -> tuple[AskedFile, ...]:
    """The transport files of a folder (not of folders in it), by name of the dataset, which stands in the file.

    Raises:
        InputError: a file is damaged, or is no transport file of version 5, or two hold the same dataset.
    """
    paths = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix.lower() == ".xpt")
    files = sorted((_read(path) for path in paths), key=lambda one: one.dataset)
    for one, two in pairwise(files):
        if one.dataset == two.dataset:
            what = f"{one.path.name} and {two.path.name} both hold the dataset {one.dataset}"
            raise InputError(what, where=str(folder), mend="leave one of them in the folder")
    return tuple(files)


def _read(path: Path) -> AskedFile:
    with open_xpt(path) as source:
        return AskedFile(source.layout.name or path.stem.upper(), path, source.rows, _not_ascii(source))


def _not_ascii(source: Source) -> tuple[tuple[str, int], ...]:
    texts = [field for field in source.layout.fields if not field.numeric]
    found = dict.fromkeys((field.name for field in texts), 0)
    for _, records in source.records():
        for field in texts:
            cells = records[:, field.start : field.start + field.width]
            found[field.name] += int(np.count_nonzero((cells > _LAST_ASCII).any(axis=1)))
    return tuple((name, count) for name, count in found.items() if count)


def not_ascii_issues(files: tuple[AskedFile, ...]) -> list[Issue]:
    """A warning for each variable with bytes outside ASCII: one such byte can switch off many rules of CORE."""
    return [
        Issue(
            file.dataset,
            NOT_ASCII,
            Severity.WARNING,
            f"{count:,} of {file.records:,} records of {file.path.name} hold characters outside ASCII in {variable}. "
            "One such byte can keep CORE from reading the dataset and from running rules, without a word of it. "
            "To mend: write the text in ASCII, then run CORE again.",
            variable,
            records=count,
            source="SD1029",
        )
        for file in files
        for variable, count in file.not_ascii
    ]
