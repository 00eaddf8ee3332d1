"""From a record of a finished run to the records it was made of, by the lineage that the run wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.errors import InputError
from sdtm2adam.trace.run_record import RunRecord, sha256
from sdtm2adam.trace.stored import Stored

RAW = "raw."
TABLE = "table."
MADE_FROM = "made from"
_KEYS = ("PARAMCD", "IDVAR", "IDVARVAL", "QNAM", "TSPARMCD", "TSSEQ", "RELID")


@dataclass(frozen=True)
class Origin:
    """A record and what it was made of.

    `how` is `made from`, or the name of the lookup that found it. `key` names it, `file` is that of a raw record.
    `more` counts the records of `origins` that are left out.
    """

    how: str
    source: str
    row: int
    key: tuple[tuple[str, object], ...]
    file: str = ""
    origins: tuple[Origin, ...] = ()
    more: int = 0

    def walk(self) -> Iterator[Origin]:
        """The record and all below it."""
        yield self
        for one in self.origins:
            yield from one.walk()


@dataclass
class Files:
    """What a run wrote, table by table; each file must be the one the run wrote.

    Args:
        record: of the run.
        folder: the study folder, where raw data are looked for that were moved with it.
    """

    record: RunRecord
    folder: Path
    _stored: dict[str, Stored] = field(default_factory=dict)
    _edges: dict[str, tuple[Any, Any] | None] = field(default_factory=dict)
    _files: dict[str, str] = field(default_factory=dict)
    _places: dict[str, Any] = field(default_factory=dict)

    def table(self, name: str) -> Stored:
        """A Parquet file of the output folder.

        Raises:
            InputError: it is not there any more, or has changed since the run.
        """
        if name not in self._stored:
            self._stored[name] = Stored(self.record.output(f"{name}.parquet"))
        return self._stored[name]

    def has(self, name: str) -> bool:
        """Whether the run wrote such a Parquet file."""
        return f"{name}.parquet" in self.record.said["outputs"]

    def value(self, dataset: str, row: int, variable: str) -> object:
        """A variable of a record."""
        value: object = self.table(f"data/{dataset}")[variable][row].as_py()
        return value

    def rows_of(self, dataset: str, keys: list[tuple[str, str]]) -> list[int]:
        """The places of records, by subject and sequence number (`""` in ADSL).

        Raises:
            InputError: a record is not there.
        """
        if dataset not in self._places:
            self._places[dataset] = self._named(dataset)
        wanted = pa.array([f"{subject}\t{sequence}" for subject, sequence in keys], pa.string())
        found = pc.index_in(wanted, value_set=self._places[dataset]).to_pylist()
        if None in found:
            subject, sequence = keys[found.index(None)]
            what = f"there is no record of {subject} {sequence}".rstrip()
            raise InputError(what, where=f"data/{dataset}.parquet", mend="run again: the results are of other data")
        return [int(one) for one in found]

    def _named(self, dataset: str) -> pa.Array:
        """Subject and sequence number of every record as one text."""
        frame = self.table(f"data/{dataset}")
        number = next((name for name in sequence_names(dataset) if name in frame.column_names), None)
        subjects = frame["USUBJID"].cast(pa.string())
        if number is None:
            numbers = pa.chunked_array([pa.array([""] * frame.num_rows, pa.string())])
        else:
            numbers = pc.fill_null(frame[number].cast(pa.int64()).cast(pa.string()), "")
        return pc.binary_join_element_wise(subjects, numbers, "\t").combine_chunks()

    def edges(self, dataset: str, row: int) -> list[tuple[str, int]]:
        """The records that a record was made from where they are many."""
        name = f"lineage/{dataset}.edges"
        if name not in self._edges:
            stored = self.table(name) if self.has(name) else None
            self._edges[name] = None if stored is None else (stored, stored["row"].to_numpy())
        held = self._edges[name]
        if held is None:
            return []
        stored, rows = held
        return [(stored["source"][at].as_py(), stored["source_row"][at].as_py()) for at in (rows == row).nonzero()[0]]

    def lookups(self, dataset: str, row: int) -> Iterator[tuple[str, str, int]]:
        """Name, source and place of each record that a lookup found for a record."""
        lineage = self.table(f"lineage/{dataset}")
        for column in lineage.column_names:
            name, _, part = column.rpartition(".")
            if part == "source" and name and (source := lineage[column][row].as_py()) is not None:
                yield name, source, lineage[f"{name}.row"][row].as_py()

    def main(self, dataset: str, row: int) -> tuple[str, int] | None:
        """The record that a record was made from; None where it comes from none, or from many."""
        lineage = self.table(f"lineage/{dataset}")
        source, place = lineage["source"][row].as_py(), lineage["source_row"][row].as_py()
        return None if source is None or place is None else (source, place)

    def raw_file(self, form: str) -> str:
        """The name of the file that a raw form, or a dataset that was not made here, was read from.

        Raises:
            InputError: it is not there any more, or has changed since the run.
        """
        kind, _, name = form.partition(".") if form.startswith(RAW) else ("sdtm", "", form)
        said = self.record.said["inputs"].get(f"{kind}/{name}")
        if said is None:
            return ""
        if form not in self._files:
            self._files[form] = self._checked(kind, PurePath(said["path"]), said["sha256"])
        return self._files[form]

    def _checked(self, kind: str, said: PurePath, digest: str) -> str:
        """The name of an input whose content is that of the run, where it was or beside the study."""
        path = next((one for one in (Path(said), self.folder / kind / said.name) if one.is_file()), None)
        if path is None:
            raise InputError("is not there any more", where=str(said), mend="put it back, or run again")
        if sha256(path) != digest:
            raise InputError(f"{path.name} has changed since the run", where=str(path), mend="run again, then ask")
        return path.name

    def key(self, source: str, row: int) -> tuple[tuple[str, object], ...]:
        """What names a record: of a raw form its key, of a dataset its subject and numbers."""
        if source.startswith(RAW):
            held = self.table(f"lineage/{source}")
            names = [name for name in held.column_names if name != "row"]
        elif self.has(f"data/{source}"):
            held = self.table(f"data/{source}")
            numbers = sequence_names(source)[:2] if source.startswith("AD") else (f"{source[:2]}SEQ",)
            numbers = tuple(name for name in numbers if name in held.column_names)[:1]
            names = [name for name in ("USUBJID", *numbers, *_KEYS) if name in held.column_names]
        else:
            return ()
        return tuple((name, held[name][row].as_py()) for name in names)


def sequence_names(dataset: str) -> tuple[str, ...]:
    """The variables that may number a subject's records, first found first taken."""
    return () if dataset == "ADSL" else ("ASEQ", "AESEQ", f"{dataset[:2]}SEQ")


@dataclass
class Origins:
    """Follows records down to raw.

    An analysis record is followed through all that it was made from and all that its lookups found; a record of SDTM
    through what it was made from and the raw records that its lookups found. What a lookup found is followed by what
    it was made from alone.

    Args:
        files: of the run.
        most: how many of the records that one record was made from are shown; None for all.
    """

    files: Files
    most: int | None = 8

    def of(self, source: str, row: int, how: str = "", *, looked_up: bool = False) -> Origin:
        """A record with what it was made of."""
        key = self.files.key(source, row)
        if source.startswith(RAW) or not self.files.has(f"lineage/{source}"):
            file = "" if source.startswith(TABLE) else self.files.raw_file(source)
            return Origin(how, source, row, key, file)
        main = self.files.main(source, row)
        made = ([main] if main else []) + self.files.edges(source, row)
        shown = made if self.most is None else made[: self.most]
        below = [self.of(*one, MADE_FROM, looked_up=looked_up) for one in shown]
        analysis = source.startswith("AD")
        for name, found, place in self.files.lookups(source, row):
            if found.startswith(RAW) or (analysis and not looked_up and (found, place) != (source, row)):
                below.append(self.of(found, place, name, looked_up=True))
        return Origin(how, source, row, key, "", tuple(below), len(made) - len(shown))
