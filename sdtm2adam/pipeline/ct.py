"""ct import: an official package of controlled terminology into a study folder, where study.yaml can choose it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from sdtm2adam.errors import SpecError, UsageError
from sdtm2adam.files.atomic import write_text
from sdtm2adam.files.ct import OfficialPackage, read_package
from sdtm2adam.spec.closed import read
from sdtm2adam.spec.packages import COLUMNS, STANDARDS, package_file
from sdtm2adam.spec.study import Study
from sdtm2adam.spec.yaml import load


@dataclass(frozen=True)
class Imported:
    """What an import read and wrote; `again`: the same was there already. `key` of study.yaml chooses it."""

    name: str
    path: Path
    lists: int
    terms: int
    without_terms: tuple[str, ...]
    again: bool
    key: str
    version: str
    chosen: bool


def import_package(
    file: Path, folder: Path, *, kind: str | None = None, version: str | None = None, encoding: str = "utf-8"
) -> Imported:
    """Reads an official package and writes its terms, without definitions, into `standards/` of the study's specs.

    Args:
        file: the tab-delimited text or the ODM-XML of the package.
        folder: the study folder.
        kind: `sdtm` or `adam`, where neither the file nor its name says it.
        version: the date of the package, likewise.
        encoding: of a text.

    Raises:
        InputError, InputErrors: the file cannot be trusted, or is no package of SDTM or ADaM.
        UsageError: the folder is no study, standard or date are not to be seen, or the package is there with other
            terms.
    """
    if not (folder / "study.yaml").is_file():
        mend = "name a study folder, or make one: sdtm2adam new DIR"
        raise UsageError("has no study.yaml", where=str(folder), mend=mend)
    package = read_package(file, kind=kind, version=version, encoding=encoding)
    shelf = folder / "specs" if (folder / "specs").is_dir() else folder
    path = package_file(shelf, package.kind, package.version)
    name = f"{STANDARDS[package.kind]} CT {package.version}"
    text = _as_csv(package)
    again = path.is_file()
    if again and path.read_bytes() != text.encode():
        mend = "remove it if the file named now is the right one, and import again"
        raise UsageError(f"{name} is there already, with other terms than {file} has", where=str(path), mend=mend)
    if not again:
        write_text(path, text)
    key = "ct" if package.kind == "sdtm" else "ct_adam"
    empty = tuple(row.code for row in package.without_terms)
    lists = len(package.lists) - len(empty)
    chosen = _chosen(folder, key) == package.version
    return Imported(name, path, lists, len(package.terms), empty, again, key, package.version, chosen)


def _as_csv(package: OfficialPackage) -> str:
    """The table of terms: one line per term, by list and submission value, whatever the form of the file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for term in package.terms:
        one = package.lists[term.codelist]
        head = (one.code, one.short, one.name, one.extensible)
        writer.writerow([*head, term.code, term.term, term.synonyms, term.preferred])
    return text.getvalue()


def _chosen(folder: Path, key: str) -> str:
    """The date that study.yaml says; nothing while study.yaml has errors, which lint tells."""
    try:
        standards = read(Study, load(folder / "study.yaml", "study.yaml"), "study", "study.yaml").standards
    except SpecError:
        return ""
    return str(getattr(standards, key) or "")
