"""All specs of a study: study.yaml, contracts, dataset specs and small tables, read together, all errors at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from sdtm2adam.errors import Sdtm2adamError, SpecError, SpecErrors, gathering, nearest
from sdtm2adam.spec.closed import Closed, read
from sdtm2adam.spec.codelists import Terminology
from sdtm2adam.spec.criteria import CriteriaSet
from sdtm2adam.spec.criteria_sets import as_criteria, bundled_names
from sdtm2adam.spec.dataset import DatasetSpec, formats_in
from sdtm2adam.spec.extended import extended
from sdtm2adam.spec.packages import bundled_terminology, read_terminology
from sdtm2adam.spec.settings import Naming
from sdtm2adam.spec.study import Contract, Study
from sdtm2adam.spec.yaml import Map, Seq, Text, load

Rows = tuple[dict[str, str | None], ...]
_Model = TypeVar("_Model", bound=Closed)


@dataclass(frozen=True)
class Specs:
    """What a study says of itself.

    `folder` is the study folder, `shelf` the folder that holds raw/, sdtm/, adam/, tlf/ and tables/. `tables` holds the
    small tables by dataset ('' for those of study.yaml) and name. `files` are all files that were read. `terminology`
    are the packages of controlled terminology that the study follows, `settings_used` the settings that datasets name,
    `criteria` its own criteria sets of response.
    """

    folder: Path
    shelf: Path
    study: Study
    contracts: dict[str, Contract]
    sdtm: dict[str, DatasetSpec]
    adam: dict[str, DatasetSpec]
    tables: dict[tuple[str, str], Rows]
    files: tuple[Path, ...] = field(default=())
    terminology: Terminology = field(default_factory=bundled_terminology)
    settings_used: frozenset[str] = frozenset()
    criteria: dict[str, CriteriaSet] = field(default_factory=dict)

    @property
    def datasets(self) -> dict[str, DatasetSpec]:
        """SDTM and ADaM specs by name."""
        return {**self.sdtm, **self.adam}

    @cached_property
    def date_forms(self) -> list[tuple[str, ...]]:
        """The forms of dates of the study, then those that single variables declare."""
        own = {tuple(map(str, formats)) for spec in self.datasets.values() for formats in formats_in(spec)}
        return [tuple(map(str, self.study.dates.formats)), *sorted(own)]


class _Reader:
    """Reads files and collects what is wrong with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shelf = folder / "specs" if (folder / "specs").is_dir() else folder
        self.errors: list[Sdtm2adamError] = []
        self.files: list[Path] = []
        self.tables: dict[tuple[str, str], Rows] = {}
        self.naming = Naming({})

    def attempt(self, make: Callable[[], _Model]) -> _Model | None:
        made: list[_Model] = []
        with gathering(self.errors):
            made.append(make())
        return made[0] if made else None

    def tree(self, path: Path) -> Any:
        self.files.append(path)
        return load(path, self.shown(path))

    def shown(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()

    def model(self, path: Path, model: type[_Model]) -> _Model | None:
        return self.attempt(lambda: read(model, self.tree(path), path.stem, self.shown(path)))

    def shelf_of(self, name: str) -> list[Path]:
        return sorted((self.shelf / name).glob("*.yaml"))

    def contracts(self) -> dict[str, Contract]:
        found = {path.stem: self.model(path, Contract) for path in self.shelf_of("raw")}
        return {name: contract for name, contract in found.items() if contract}

    def criteria(self) -> dict[str, CriteriaSet]:
        found: dict[str, CriteriaSet] = {}
        for path in self.shelf_of("criteria"):
            shown = self.shown(path)
            made = self.attempt(lambda path=path, shown=shown: as_criteria(self.tree(path), path.stem, shown))  # type: ignore[misc]
            if made is not None and made.criteria in bundled_names():
                mend = "give the set of the study a name of its own"
                self.errors.append(SpecError(f"a bundled set is called {path.stem} too", where=shown, mend=mend))
            elif made is not None:
                found[path.stem] = made
        return found

    def datasets(self, stage: str, study: Study) -> dict[str, DatasetSpec]:
        specs: dict[str, DatasetSpec] = {}
        for path in self.shelf_of(stage):
            spec = self.attempt(lambda path=path: self._dataset(path, study))  # type: ignore[misc]
            if spec is None:
                continue
            if spec.dataset != path.stem:
                self.errors.append(
                    SpecError(
                        f"the file is called {path.name}, the dataset {spec.dataset}",
                        where=spec.dataset.where,
                        mend=f"rename the file to {spec.dataset}.yaml",
                    )
                )
            specs[str(spec.dataset)] = spec
        return specs

    def _dataset(self, path: Path, study: Study) -> DatasetSpec:
        tree = self.tree(path)
        if isinstance(tree, Map):
            tree = extended(tree, path, self.shown(path))
            if tree.get("tables"):
                tree["tables"] = self.naming.replaced(tree["tables"])
            self.read_tables(tree.get("dataset") or path.stem, tree.get("tables") or {})
            for part in ("records", "work"):
                if isinstance(tree.get(part), Seq):
                    tree[part] = self._unfolded(tree[part], str(tree.get("dataset")))
            tree = self.naming.replaced(tree)
        spec = read(DatasetSpec, tree, path.stem, self.shown(path))
        shared_names: tuple[tuple[str, Collection[str], Collection[str]], ...] = (
            ("map", study.maps, spec.maps),
            ("table", study.tables, spec.tables),
            ("source", study.sources, spec.sources),
            ("input", study.inputs, spec.inputs),
        )
        for kind, shared, own in shared_names:
            for name in sorted(set(shared) & set(own)):
                raise SpecError(
                    f"the {kind} {name} is in study.yaml too", where=f"{self.shown(path)}", mend="keep one of them"
                )
        return spec

    def _unfolded(self, blocks: Seq, dataset: str) -> Seq:
        """Each block with `foreach`, once per row, `$NAME` replaced in every text."""
        result = Seq(blocks.where)
        for block in blocks:
            if not isinstance(block, Map) or block.get("foreach") is None:
                result.append(block)
                continue
            for row in self._foreach(block["foreach"], dataset):
                self.naming.refuse_taken(row, block.key_where["foreach"])
                copy = self.naming.with_row(block, row)
                del copy["foreach"]
                result.append(copy)
        return result

    def _foreach(self, said: Any, dataset: str) -> Rows:
        if isinstance(said, Seq):
            return self._drawn(said)
        name = str(said).removeprefix("table.")
        rows = self.tables.get((dataset, name)) or self.tables.get(("", name))
        if rows is None:
            known = [table for owner, table in self.tables if owner in ("", dataset)]
            raise SpecError(f"foreach: no table {said!r}", where=said.where, mend=nearest(name, known))
        return rows

    def _drawn(self, said: Seq) -> Rows:
        """A table drawn in the spec: each row a mapping of names to texts."""
        rows: list[dict[str, str | None]] = []
        for row in said:
            if not isinstance(row, Map) or not all(isinstance(value, Text) for value in row.values()):
                where = getattr(row, "where", said.where)
                raise SpecError(
                    "a row of a table is no mapping of texts", where=where, mend="write - {NAME: value, ...}"
                )
            rows.append({name: str(value) for name, value in row.items()})
        return tuple(rows)

    def terminology(self, study: Study) -> Terminology:
        try:
            found, files = read_terminology(study.standards, self.shelf)
        except SpecError as error:
            self.errors.append(error)
            return bundled_terminology()
        self.files += files
        return found

    def read_tables(self, owner: str, tables: Any) -> None:
        if not isinstance(tables, (Map, dict)):
            raise SpecError(
                "tables: is no mapping", where=_place(tables), mend="write NAME: file.csv, or NAME: and a list of rows"
            )
        for name, said in tables.items():
            self.tables[(str(owner), name)] = self._table(said)

    def _table(self, said: Any) -> Rows:
        if isinstance(said, Seq):
            return self._drawn(said)
        if isinstance(said, tuple):
            return tuple({str(name): str(value) for name, value in row.items()} for row in said)
        path = (self.shelf / str(said)).resolve()
        if not path.is_relative_to(self.shelf.resolve()):
            raise SpecError(
                f"the table {said!r} lies outside the study", where=_place(said), mend="keep tables beside specs"
            )
        if not path.is_file():
            near = nearest(path.name, [other.name for other in path.parent.glob("*.csv")])
            raise SpecError(f"no file {said!r} in {self.shelf.name}/", where=_place(said), mend=near)
        self.files.append(self.shelf / str(said))
        return _csv_rows(path, str(said))


def _place(said: Any) -> str:
    return str(getattr(said, "where", "")) or "study.yaml"


def _csv_rows(path: Path, shown: str) -> Rows:
    """A small table a person wrote: first line names, all text, blank is missing."""
    try:
        lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise SpecError(
            f"cannot be read as CSV ({error})", where=shown, mend="save it as UTF-8 CSV with commas"
        ) from error
    if not lines:
        raise SpecError("is empty", where=shown, mend="write a line with the column names")
    names = [name.strip() for name in lines[0]]
    for number, line in enumerate(lines[1:], start=2):
        if line and len(line) != len(names):
            raise SpecError(
                f"has {len(line)} fields where the first line has {len(names)}",
                where=f"{shown}:{number}",
                mend="put a field with a comma in quotes",
            )
    return tuple(
        {name: value.strip() or None for name, value in zip(names, line, strict=True)} for line in lines[1:] if line
    )


def read_specs(folder: Path) -> Specs:
    """All specs of a study folder.

    Args:
        folder: holds study.yaml, and beside it specs/{raw,sdtm,adam,tlf,tables} or these folders themselves.

    Raises:
        SpecErrors: all that is wrong in all files, each with file, line and the way out.
    """
    if not (folder / "study.yaml").is_file():
        raise SpecError(
            "has no study.yaml", where=str(folder), mend="name a study folder, or make one: sdtm2adam new DIR"
        )
    reader = _Reader(folder)
    study = reader.model(folder / "study.yaml", Study)
    if study is None:
        raise SpecErrors(reader.errors)
    reader.naming = Naming(study.settings)
    try:
        reader.read_tables("", study.tables)
    except SpecError as error:
        reader.errors.append(error)
    terminology = reader.terminology(study)
    contracts = reader.contracts()
    criteria = reader.criteria()
    sdtm = reader.datasets("sdtm", study)
    adam = reader.datasets("adam", study)
    for name in sorted(set(sdtm) & set(adam)):
        reader.errors.append(
            SpecError(f"{name} stands in sdtm/ and adam/", where=adam[name].dataset.where, mend="keep one")
        )
    if reader.errors:
        raise SpecErrors(reader.errors)
    return Specs(
        folder,
        reader.shelf,
        study,
        contracts,
        sdtm,
        adam,
        reader.tables,
        tuple(reader.files),
        terminology,
        frozenset(reader.naming.used),
        criteria,
    )
