"""The example data of checks, good and bad, and the test that each check tells them apart on this machine.

A rule has its examples beside it, one CSV file for each dataset: `passes/AE.csv`, `fails/AE.csv`; an edit check has
them in its entry. In bad data the column `!` has an x at each record that the check must find, and at no other.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Any

import pyarrow as pa

from sdtm2adam.errors import InputError, Sdtm2adamError
from sdtm2adam.model import Dataset, Variable
from sdtm2adam.spec.yaml import Map
from sdtm2adam.validate.records import Records
from sdtm2adam.validate.sql.check import Check, entries_of
from sdtm2adam.validate.sql.grammar import DATASET, META, RAW
from sdtm2adam.validate.sql.meta import COLUMNS, fact_of
from sdtm2adam.validate.sql.raw_names import raw_keys
from sdtm2adam.validate.sql.run import RAN, Findings, run_checks
from sdtm2adam.validate.sql.store import Database, Store

MARK = "!"
_ARROW = {
    "text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "float": pa.float64(), "date": pa.date32(),
    "datetime": pa.timestamp("us"), "time": pa.time64("us"),
}  # fmt: skip


@dataclass(frozen=True)
class Examples:
    """The example data of one check: CSV text by dataset (`AE`, `meta.variables`, `raw.EOT`)."""

    passes: Mapping[str, str]
    fails: Mapping[str, str]


@dataclass(frozen=True)
class SelfTest:
    """What came of trying checks on their examples: how many were tried, and what is wrong, by check."""

    tried: int
    faults: tuple[tuple[str, str], ...]

    @property
    def summary(self) -> str:
        """In words."""
        wrong = len({check for check, _ in self.faults})
        lines = [f"{check}: {fault}" for check, fault in self.faults]
        return "\n".join([f"{self.tried:,} checks tried on their examples, {wrong:,} do not tell them apart", *lines])


def rule_examples(*folders: Path) -> dict[str, Examples]:
    """The examples of the rules of these folders, by id."""
    found: dict[str, Examples] = {}
    for folder in folders:
        for path in sorted(folder.glob("*/rule.yaml")):
            found[path.parent.name] = Examples(_files(path.parent / "passes"), _files(path.parent / "fails"))
    return found


def _files(folder: Path) -> dict[str, str]:
    return {path.name.removesuffix(".csv"): path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.csv"))}


def edit_check_examples(*folders: Path) -> dict[str, Examples]:
    """The examples of the edit checks of these folders, by id."""
    found: dict[str, Examples] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            for entry, _ in entries_of(path, path.name):
                if isinstance(entry, Map) and "id" in entry:
                    found[str(entry["id"])] = Examples(_texts(entry.get("passes")), _texts(entry.get("fails")))
    return found


def _texts(tree: Any) -> dict[str, str]:
    return {str(name): str(text) for name, text in tree.items()} if isinstance(tree, Map) else {}


def self_test(checks: Sequence[Check], examples: Mapping[str, Examples]) -> SelfTest:
    """Tries each check on its examples: it must run, find nothing in the good data, and what is marked in the bad."""
    with Database() as database:
        return _all_tried(checks, examples, database)


def _all_tried(checks: Sequence[Check], examples: Mapping[str, Examples], database: Database) -> SelfTest:
    faults: list[tuple[str, str]] = []
    for check in checks:
        own = examples.get(check.id, Examples({}, {}))
        faults += [(check.id, f"types: no example has a column {name}") for name in _types_of_nothing(check, own)]
        for name, data in (("passes", own.passes), ("fails", own.fails)):
            if not data:
                faults.append((check.id, f"has no data under {name}"))
                continue
            try:
                faults += [
                    (check.id, f"{name}: {fault}") for fault in _tried(check, data, database, bad=name == "fails")
                ]
            except Sdtm2adamError as error:
                faults.append((check.id, f"{name}: {error}"))
    return SelfTest(len(checks), tuple(faults))


def _types_of_nothing(check: Check, own: Examples) -> list[str]:
    """The names under `types` that are no column of an example."""
    lines = [text.strip("\n").split("\n", 1)[0] for text in (*own.passes.values(), *own.fails.values())]
    columns = {column.strip() for line in lines for column in next(csv.reader([line]), [])}
    return [name for name in check.types if name not in columns]


def _tried(check: Check, data: Mapping[str, str], database: Database, *, bad: bool) -> list[str]:
    tables = {name: _table(check, name, text) for name, text in data.items()}
    found = run_checks(
        [check],
        {name: _dataset(name, frame) for name, (frame, _) in tables.items() if "." not in name},
        raw={name[4:]: frame for name, (frame, _) in tables.items() if name.startswith(f"{RAW}.")},
        meta={name[5:]: _given(frame) for name, (frame, _) in tables.items() if name.startswith(f"{META}.")},
        alike=[check.id],
        database=database,
    )
    ran = found.ran[0]
    if ran.state != RAN:
        return [f"{ran.state}: {ran.why}"]
    marks = {name: marked for name, (_, marked) in tables.items() if marked is not None}
    if not bad:
        told = "; ".join(f"{issue.dataset}: {', '.join(issue.values or (issue.text,))}" for issue in found.issues)
        return ["marks stand in good data"] * bool(marks) + [f"finds {told}"] * bool(told)
    return _missed(check, found, marks, {name: frame for name, (frame, _) in tables.items()})


def _missed(check: Check, found: Findings, marks: Mapping[str, set[int]], tables: Mapping[str, pa.Table]) -> list[str]:
    """What is marked and not found, or found and not marked; without marks something must be found."""
    base = check.query.base
    if base.schema == META and f"{META}.{base.name}" in marks:
        marked = len(marks[f"{META}.{base.name}"])
        return [] if len(found.issues) == marked else [f"{marked} rows are marked, {len(found.issues)} found"]
    if not marks:
        if base.schema != META:
            return [f"no record is marked: write the column {MARK}, with x at each record that must be found"]
        return [] if found.issues else ["finds nothing"]

    def keys_of(name: str, rows: list[int]) -> tuple[str, ...]:
        return (
            raw_keys(tables[name], rows) if name.startswith(f"{RAW}.") else _records(name, tables[name]).keys_of(rows)
        )

    named = {issue.dataset for issue in found.issues} | set(marks)
    faults = []
    for name in sorted(named):
        told = {key for issue in found.issues if issue.dataset == name for key in issue.keys}
        wanted = set(keys_of(name, sorted(marks.get(name, ()))))
        faults += [f"{name}: does not find {key}" for key in sorted(wanted - told)]
        faults += [f"{name}: finds {key}, which is not marked" for key in sorted(told - wanted)]
    return faults


def _given(frame: pa.Table) -> Callable[[Store], pa.Table]:
    return lambda _: frame


def _table(check: Check, name: str, text: str) -> tuple[pa.Table, set[int] | None]:
    """The table of a CSV text, its types by the standard; the rows that are marked, None where no column marks."""
    lines = list(csv.reader(io.StringIO(text.strip("\n"), newline="")))
    if len(lines) < 2 or any(len(line) != len(lines[0]) for line in lines):
        raise InputError("is no table", where=f"{check.id} {name}", mend="write a line of names and lines as long")
    head = [column.strip() for column in lines[0]]
    rows = [[cell.strip() if name.startswith(META) else cell for cell in line] for line in lines[1:]]
    columns = {column: [row[i] for row in rows] for i, column in enumerate(head)}
    marked = columns.pop(MARK, None)
    arrays = {column: _typed(check, name, column, values) for column, values in columns.items()}
    if name.startswith(f"{META}."):
        kinds = COLUMNS.get(name[5:], {})
        arrays |= {one: pa.nulls(len(rows), _ARROW[kind]) for one, kind in kinds.items() if one not in arrays}
    return pa.table(arrays), None if marked is None else {i for i, mark in enumerate(marked) if mark.strip()}


def _typed(check: Check, name: str, column: str, values: list[str]) -> pa.Array:
    kind = check.types.get(column) or _kind(name, column)
    texts = pa.array([value or None for value in values], pa.string())
    try:
        if kind == "time":  # Arrow casts no text to a time of day
            return pa.array([time.fromisoformat(value) if value else None for value in values], _ARROW[kind])
        return texts.cast(_ARROW[kind])
    except (pa.ArrowInvalid, ValueError, KeyError) as error:
        where = f"{check.id} {name}.{column}"
        raise InputError(f"is no {kind}: {error}", where=where, mend="mend the example, or say types:") from error


def _kind(name: str, column: str) -> str:
    """The type of a column: of metadata as declared, of raw forms text, of datasets as the standard says."""
    if name.startswith(f"{META}."):
        return COLUMNS.get(name[5:], {}).get(column, "text")
    if name.startswith(f"{RAW}."):
        return "text"
    if name.startswith("AD"):
        for ending, kind in (("DTM", "datetime"), ("DT", "date"), ("TM", "time")):
            if column.endswith(ending):
                return kind
    fact = fact_of(_dataset(name, pa.table({column: pa.array([], pa.string())})), column)
    return "number" if fact is not None and fact.numeric else "text"


def _dataset(name: str, frame: pa.Table) -> Dataset:
    """A dataset of an example, with what its name and its variables say of it."""
    stage = "adam" if name.startswith("AD") else "sdtm"
    kinds = {pa.float64(): "float", pa.int64(): "integer", pa.date32(): "date", pa.timestamp("us"): "datetime"}
    variables = tuple(Variable(field.name, "", kinds.get(field.type, "text")) for field in frame.schema)
    return Dataset(name, "", stage, "", "", _keys(name, frame), variables, frame, pa.table({}))


def _records(name: str, frame: pa.Table) -> Records:
    return Records(_dataset(name, frame))


def _keys(name: str, frame: pa.Table) -> tuple[str, ...]:
    wanted = ("USUBJID", f"{name[:2]}SEQ", "ASEQ", "PARAMCD", "QNAM")
    return tuple(key for key in wanted if key in frame.column_names) or (DATASET,)
