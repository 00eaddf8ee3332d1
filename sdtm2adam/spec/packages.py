"""Which packages of controlled terminology a study follows: those imported into its folder, then the bundled ones.

`standards: {ct: DATE}` of study.yaml names the SDTM package, `ct_adam: DATE` the ADaM package.
Source of the bundled facts: CDISC controlled terminology as published by NCI EVS.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from sdtm2adam.errors import SpecError
from sdtm2adam.resources import shelf
from sdtm2adam.spec.codelists import Head, Package, Term, Terminology
from sdtm2adam.spec.study import Standards
from sdtm2adam.spec.yaml import Text

COLUMNS = ("codelist", "short", "name", "extensible", "code", "term", "synonyms", "preferred")
"""The columns of a table of terms, bundled or imported: one row per term, synonyms parted by `; `."""

STANDARDS = {"sdtm": "SDTM", "adam": "ADaM"}
"""The packages that can be imported: word of the command line and of file names -> the standard's name."""

_LISTS = ("standard", "version", "codelist", "short", "name", "extensible", "terms")
_MEND = "import the package again: sdtm2adam ct import FILE"


def package_file(folder: Path, kind: str, version: str) -> Path:
    """Where the imported package of a study lies, below the folder of its specs."""
    return folder / "standards" / f"ct_{kind}_{version}.csv"


def is_version(text: str) -> bool:
    """Whether a text is the date of a package.

    >>> is_version("2025-03-28"), is_version("2025-02-30"), is_version("20250328")
    (True, False, False)
    """
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def read_terminology(standards: Standards, folder: Path) -> tuple[Terminology, tuple[Path, ...]]:
    """The packages of a study, and the files of its folder that were read for them.

    Args:
        standards: what study.yaml says.
        folder: of the specs; imported packages lie in its `standards/`.

    Raises:
        SpecError: a package is asked for that is not there, or several are there and none is chosen.
    """
    packages, files = [], []
    for kind, said in (("sdtm", standards.ct), ("adam", standards.ct_adam)):
        there = _imported(folder, kind)
        if kind == "adam" and said is None and standards.ct in there:
            said = standards.ct
        version = _chosen(kind, said, sorted(there), folder)
        if version is None:
            packages.append(_bundled(kind))
        else:
            packages.append(_full(kind, version, there[version]))
            files.append(there[version])
    return Terminology(tuple(packages)), tuple(files)


@lru_cache(maxsize=1)
def bundled_terminology() -> Terminology:
    """The bundled packages: for studies that choose no other."""
    return Terminology(tuple(map(_bundled, STANDARDS)))


def _imported(folder: Path, kind: str) -> dict[str, Path]:
    """The packages of a kind in the study folder, by date."""
    paths = sorted((folder / "standards").glob(f"ct_{kind}_*.csv"))
    versions = {path.stem.removeprefix(f"ct_{kind}_"): path for path in paths}
    return {version: path for version, path in versions.items() if is_version(version)}


def _chosen(kind: str, said: Text | None, there: list[str], folder: Path) -> str | None:
    """The date of the imported package to use; None for the bundled excerpt."""
    bundled, key = _bundled(kind), "ct" if kind == "sdtm" else "ct_adam"
    name, known = STANDARDS[kind], [f"{version} (imported)" for version in there]
    known += [f"{bundled.version} (bundled excerpt)"] if bundled.version not in there else []
    if said is None and there:
        what = f"{name} CT {' and '.join(there)} in {folder.name}/standards, and study.yaml chooses none"
        where = "study.yaml: standards"
        raise SpecError(what, where=where, mend=f"write standards: {{{key}: DATE}}; there are {', '.join(known)}")
    if said is None or (said == bundled.version and said not in there):
        return None
    if str(said) not in there:
        what = f"there is no {name} CT {said}" if is_version(said) else f"{str(said)!r} is no date of a package"
        mend = f"choose one that is there: {', '.join(known)}; or import it: sdtm2adam ct import FILE"
        raise SpecError(what, where=f"{said.where or 'study.yaml'}: standards: {key}", mend=mend)
    return str(said)


@lru_cache(maxsize=4)
def _bundled(kind: str) -> Package:
    """The excerpt of a package that is bundled; it knows all lists of the package, and the terms of some."""
    folder, name = shelf("specs") / "standards", STANDARDS[kind]
    lists = [row for row in _table(folder / "ct_lists.csv", _LISTS).to_pylist() if row["standard"] == name]
    heads = {
        row["codelist"]: Head(row["codelist"], row["short"], row["name"], row["extensible"] == "Yes", int(row["terms"]))
        for row in lists
    }
    files = [folder / f"ct_{kind}.csv", *sorted(folder.glob(f"ct_{kind}_*.csv"))]
    rows = _Rows(pa.concat_tables([_table(path, COLUMNS) for path in files]))
    return Package(name, lists[0]["version"], False, heads, rows.terms)


def _full(kind: str, version: str, path: Path) -> Package:
    """A package imported into a study folder."""
    rows = _Rows(_table(path, COLUMNS))
    heads = {
        row["codelist"]: Head(row["codelist"], row["short"], row["name"], row["extensible"] == "Yes", size)
        for row, size in rows.firsts()
    }
    return Package(STANDARDS[kind], version, True, heads, rows.terms)


class _Rows:
    """A table of terms; a list becomes Python values only when it is asked for."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table
        encoded = table["codelist"].combine_chunks().dictionary_encode()
        numbers = encoded.indices.to_numpy()
        self.order = np.argsort(numbers, kind="stable")
        ends = np.cumsum(np.bincount(numbers, minlength=len(encoded.dictionary)))
        codes, starts = encoded.dictionary.to_pylist(), [0, *ends[:-1]]
        self.places = {code: (int(start), int(end)) for code, start, end in zip(codes, starts, ends, strict=True)}

    def firsts(self) -> list[tuple[dict[str, str], int]]:
        """The first row of each list, and how many rows it has."""
        firsts = self.table.take(self.order[[start for start, _ in self.places.values()]]).to_pylist()
        return [(row, end - start) for row, (start, end) in zip(firsts, self.places.values(), strict=True)]

    def terms(self, code: str) -> dict[str, Term]:
        """The terms of a list, in the order of the file."""
        start, end = self.places.get(code, (0, 0))
        return {
            row["term"]: (row["code"], tuple(s.strip() for s in row["synonyms"].split(";") if s.strip()),
                          row["preferred"])
            for row in self.table.take(self.order[start:end]).to_pylist()
        }  # fmt: skip


def _table(path: Path, columns: tuple[str, ...]) -> pa.Table:
    """A CSV file of facts, all text; `NA` is a value, nothing is missing."""
    options = pacsv.ConvertOptions(
        column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False, check_utf8=True
    )
    try:
        table = pacsv.read_csv(path, convert_options=options)
    except (pa.ArrowInvalid, OSError) as error:
        raise SpecError(f"cannot be read ({error})", where=str(path), mend=_MEND) from error
    if tuple(table.column_names) != columns or not table.num_rows:
        what = f"is no table of terms: its first line is not {','.join(columns)}" if table.num_rows else "has no terms"
        raise SpecError(what, where=str(path), mend=_MEND)
    return table
