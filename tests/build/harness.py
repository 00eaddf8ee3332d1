"""Small studies for the tests: specs as YAML texts and data as drawn tables in, built datasets out.

A drawn table has a line of names, each with its type unless it is text (`AESEQ:integer`), and a line per record. In it
`.` is a missing value, `_` in a value a blank.
"""

import csv
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sdtm2adam.build.study import Built, Inputs, build, lint
from sdtm2adam.errors import Sdtm2adamError
from sdtm2adam.spec.library import Specs, read_specs

STUDY = """
study: S1
subject: {column: SUBJECT, usubjid: "'S1-' || SUBJECT", siteid: "left(SUBJECT, 1)"}
dates: {formats: [DD MON YYYY, DD/MM/YYYY], missing: [UN, UNK]}
"""
_ARROW = {
    "text": pa.string(),
    "integer": pa.int64(),
    "float": pa.float64(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us"),
}


@dataclass
class Trial:
    """A study folder with its data."""

    folder: Path
    raw: dict[str, Path] = field(default_factory=dict)
    sdtm: dict[str, Path] = field(default_factory=dict)

    @property
    def specs(self) -> Specs:
        """The specs, read anew."""
        return read_specs(self.folder)

    @property
    def inputs(self) -> Inputs:
        """Where the data are."""
        return Inputs(self.raw, self.sdtm)

    def build(self, **options) -> Built:
        """All datasets."""
        return build(self.specs, self.inputs, **options)

    def lint(self) -> int:
        """The number of columns looked at."""
        return lint(self.specs, self.inputs)

    def fault(self, *, lint_only: bool = False) -> str:
        """The whole message that stops the study; empty if nothing does. Specs are checked before data, as in a run."""
        try:
            self.lint()
            if not lint_only:
                self.build()
        except Sdtm2adamError as error:
            return error.message
        return ""


def trial(folder, *specs, sdtm=None, raw=None, contracts=None, study=STUDY, tables=None) -> Trial:
    """A study of spec texts (`dataset: ADX ...`) and drawn tables.

    Args:
        folder: an empty folder.
        specs: YAML of datasets; names that begin with AD are ADaM.
        sdtm: drawn tables of SDTM datasets by name, written as Parquet.
        raw: drawn tables of raw forms by name, written as CSV, with a contract made from the head of the table.
        contracts: YAML of contracts by form, instead of those made.
        study: study.yaml.
        tables: CSV texts by file name, for tables/.
    """
    _write(folder / "study.yaml", study)
    for text in specs:
        name = re.search(r"^dataset: *(\w+)", text, re.MULTILINE).group(1)
        _write(folder / "specs" / ("adam" if name.startswith("AD") else "sdtm") / f"{name}.yaml", text)
    for name, text in (tables or {}).items():
        _write(folder / "specs" / "tables" / name, text)
    (folder / "specs").mkdir(exist_ok=True)
    made = Trial(folder)
    for form, table in (raw or {}).items():
        _write(folder / "specs" / "raw" / f"{form}.yaml", (contracts or {}).get(form) or contract_of(form, table))
        made.raw[form] = write_csv(folder / "raw" / f"{form}.csv", table)
    for name, table in (sdtm or {}).items():
        made.sdtm[name] = write_parquet(folder / "data" / f"{name}.parquet", draw(table))
    return made


def build_one(folder, spec, **data):
    """The only dataset of a study."""
    return next(iter(trial(folder, spec, **data).build().datasets.values()))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.strip("\n") + "\n", encoding="utf-8")


def contract_of(form: str, table: str) -> str:
    """The contract of a drawn form: key RECORDID if it has one, types from the head."""
    columns = [part.partition(":")[::2] for part in table.split("\n")[_first(table)].split()]
    lines = [f"  {name}: {{type: {kind or 'text'}}}" for name, kind in columns]
    key = "key: [RECORDID]\n" if any(name == "RECORDID" for name, _ in columns) else ""
    return f"file: {form}.csv\n{key}columns:\n" + "\n".join(lines)


def _first(table: str) -> int:
    return next(i for i, line in enumerate(table.split("\n")) if line.strip())


def cells(table: str) -> tuple[list[str], list[list[str | None]]]:
    """Heads and rows of a drawn table as texts."""
    head, *rows = [line.split() for line in table.strip().splitlines()]
    assert all(len(row) == len(head) for row in rows), f"a row of another length in\n{table}"
    return head, [[None if cell == "." else cell.replace("_", " ") for cell in row] for row in rows]


def draw(table: str) -> pa.Table:
    """The Arrow table of a drawn one."""
    head, rows = cells(table)
    columns = {}
    for i, part in enumerate(head):
        name, _, kind = part.partition(":")
        columns[name] = pa.array([row[i] for row in rows], pa.string()).cast(_ARROW[kind or "text"])
    return pa.table(columns)


def write_parquet(path: Path, frame: pa.Table) -> Path:
    """A Parquet file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(frame, path)
    return path


def write_csv(path: Path, table: str) -> Path:
    """A CSV file as an EDC system exports it."""
    head, rows = cells(table)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([part.partition(":")[0] for part in head])
        writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return path


def shuffled(table: str, seed: int) -> str:
    """A drawn table with its records in another order."""
    head, *rows = table.strip().splitlines()
    random.Random(seed).shuffle(rows)
    return "\n".join([head, *rows])


def shown(dataset, columns: str = "") -> list[str]:
    """The records of a dataset as a drawn table: heads, then a line per record."""
    frame = getattr(dataset, "frame", dataset)
    names = columns.split() or frame.column_names
    lines = [" ".join(names)]
    lines += [" ".join(_cell(row[name]) for name in names) for row in frame.select(names).to_pylist()]
    return lines


def _cell(value) -> str:
    if value is None:
        return "."
    if isinstance(value, float):
        return f"{value:.10g}"
    if hasattr(value, "isoformat"):
        return value.isoformat()
    assert value != "", "an empty text is not missing"
    return str(value).replace(" ", "_")


def is_drawn(dataset, table: str) -> None:
    """Asserts that the columns drawn in a table are as drawn, record by record."""
    expected = [" ".join(line.split()) for line in table.strip().splitlines()]
    assert shown(dataset, expected[0]) == expected


def origins(dataset) -> list[str]:
    """Where each record came from: `AE 3`."""
    return [f"{row['source']} {row['source_row']}" for row in dataset.lineage.to_pylist()]


def picked(dataset, name: str) -> list[str]:
    """The row that a pick or a lookup chose for each record: `EX 0`, or `-` for none."""
    rows = dataset.lineage.to_pylist()
    return [f"{r[name + '.source']} {r[name + '.row']}" if r[name + ".row"] is not None else "-" for r in rows]


def told(built, *fields: str) -> list[tuple]:
    """The issues of a build, each as the fields asked for."""
    return [tuple(getattr(issue, name) for name in fields or ("rule", "records")) for issue in built.issues]
