"""trace: a cell of a finished run, down to the raw records; nothing is read but what the run wrote."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from sdtm2adam.errors import UsageError, nearest
from sdtm2adam.trace.beside_body import with_notes, with_totals
from sdtm2adam.trace.cell_story import CellTrace, MemberGroup, MemberRecord, MemberSet
from sdtm2adam.trace.cell_words import find_cell, head_of
from sdtm2adam.trace.origins import Files, Origins
from sdtm2adam.trace.printed import Printed, PrintedCell, PrintedRow, printed_pages, printed_results
from sdtm2adam.trace.run_record import RunRecord

_DISPLAY = ".display.json"
ALL_RESULTS, ALL_MEMBERS = "ard_all", "ard_member"
_VALUES = ("AVAL", "AVALC")


def trace(
    folder: Path, output: str, row: str, column: str, *, out: Path | None = None, most: int | None = 3
) -> CellTrace:
    """The chain of one cell of the last run: results, members, analysis records, SDTM records, raw records.

    Args:
        folder: the study folder.
        output: the id of an output, as `T14_2_1`.
        row: `r1`, or the labels of the row, those above first: `Best response, n (%)|CR/CRi`; `N` for the column N;
            `Footnotes|MESFBL, Median` for a number in a footnote.
        column: `c1`, or its heads: `CD22 ≥90%|InO`.
        out: the output folder, by default `output/` of the study.
        most: how many members of each role are followed; None for all.

    Raises:
        UsageError: there is no run, output, row or column of that name, or there are several.
        InputError: what the run wrote, or the data it read, have changed since.
    """
    run = FinishedRun(folder, out or folder / "output")
    grid = run.printed(output)
    found, cell = find_cell(grid, row, column)
    return run.trace(grid, found, cell, most)


@dataclass
class FinishedRun:
    """The outputs of a finished run; what is read stays in memory for the next cell.

    Args:
        folder: the study folder.
        out: its output folder.
    """

    folder: Path
    out: Path
    files: Files = field(init=False)
    _results: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _index: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    _members: dict[str, Any] = field(default_factory=dict)
    _followed: dict[tuple[Any, ...], tuple[MemberGroup, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Reads the record of the run."""
        self.files = Files(RunRecord.read(self.out), self.folder)

    @property
    def outputs(self) -> list[str]:
        """The ids of the outputs."""
        names = (Path(name).name for name in self.files.record.said["outputs"] if name.startswith("results/"))
        return sorted(name.removesuffix(_DISPLAY) for name in names if name.endswith(_DISPLAY))

    def printed(self, output: str) -> Printed:
        """The cells of an output.

        Raises:
            UsageError: there is no such output.
            InputError: its files have changed since the run.
        """
        name = next((one for one in self.outputs if one.upper() == output.upper().replace(".", "_")), None)
        if name is None:
            raise UsageError(f"there is no output {output}", where=str(self.out), mend=nearest(output, self.outputs))
        path = self.files.record.output(f"results/{name}{_DISPLAY}")
        pages = json.loads(path.read_text(encoding="utf-8"))
        grid = printed_pages(name, pages)
        if not grid.rows and any("figure" in page for page in pages):
            return printed_results(name, pages, self.results(name))
        return with_notes(with_totals(grid, self.results(name)), pages, self.results(name))

    def results(self, output: str) -> list[dict[str, Any]]:
        """The results of an output, in their order."""
        if output not in self._results:
            table = pq.read_table(self.files.record.output(f"results/{output}.parquet"))
            self._results[output] = table.to_pylist()
        return self._results[output]

    def _named(self, output: str, names: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Results by id: those of an output, and those that it prints of another one."""
        found = {one["result_id"]: one for one in self._by_id(output, names)}
        rest = [name for name in names if name not in found]
        if rest and self.files.has(f"results/{ALL_RESULTS}"):
            found |= {one["result_id"]: one for one in self._by_id(ALL_RESULTS, rest)}
        return {name: found[name] for name in names if name in found}

    def _by_id(self, output: str, names: Sequence[str]) -> list[dict[str, Any]]:
        if output not in self._index:
            self._index[output] = {one["result_id"]: one for one in self.results(output)}
        return [self._index[output][name] for name in names if name in self._index[output]]

    def trace(self, grid: Printed, row: PrintedRow, cell: PrintedCell, most: int | None = 3) -> CellTrace:
        """The chain of one cell.

        Args:
            grid: the output.
            row: the row of the cell.
            cell: one of its cells.
            most: how many members of each role are followed; None for all.

        Raises:
            InputError: what the run wrote, or the data it read, have changed since.
        """
        known = self._named(grid.output, cell.result_ids)
        results = tuple(known[name] for name in cell.result_ids if name in known)
        named = {one[which] for one in results for which in ("num_id", "den_id")} - {"", *cell.result_ids}
        related = self._named(grid.output, sorted(named))
        wrong = [f"result {name} is not among the results" for name in cell.result_ids if name not in known]
        wrong += [f"{one['formatted']} of {one['op_id']} is not in the cell" for one in results if not _in(one, cell)]
        sets = self._sets(grid.output, results, related, most)
        wrong += [text for made in sets for text in _miscounted(made, (*results, *related.values()))]
        return CellTrace(
            grid.output, grid.titles, grid.status, row, head_of(grid, cell), cell, results, related, tuple(sets),
            tuple(wrong),
        )  # fmt: skip

    def _sets(
        self, output: str, results: tuple[dict[str, Any], ...], related: dict[str, dict[str, Any]], most: int | None
    ) -> list[MemberSet]:
        """The member sets of the results of a cell, then those of their numerators and denominators, each once."""
        of: dict[str, list[str]] = {}
        for one in (*results, *related.values()):
            of.setdefault(one["member_id"], []).append(one["result_id"])
        values = tuple(dict.fromkeys(name for one in results for name in _variables(one)))
        return [
            MemberSet(name, tuple(ids), self._groups(output, name, values, most)) for name, ids in of.items() if name
        ]

    def _rows(self, file: str, name: str) -> list[dict[str, str]]:
        """The members of a set in a file of members."""
        if file not in self._members:
            self._members[file] = pq.read_table(self.files.record.output(f"results/{file}.parquet"))
        members = self._members[file]
        rows: list[dict[str, str]] = members.filter(pc.equal(members["member_id"], name)).to_pylist()
        return rows

    def _groups(self, output: str, name: str, values: tuple[str, ...], most: int | None) -> tuple[MemberGroup, ...]:
        """The members of a set; many cells have one set, so it is followed once."""
        asked = (output, name, values, most)
        if asked not in self._followed:
            self._followed[asked] = self._follow(*asked)
        return self._followed[asked]

    def _follow(self, output: str, name: str, values: tuple[str, ...], most: int | None) -> tuple[MemberGroup, ...]:
        rows = self._rows(f"{output}.members", name)
        if not rows and self.files.has(f"results/{ALL_MEMBERS}"):
            rows = self._rows(ALL_MEMBERS, name)
        parts: dict[tuple[str, str], list[dict[str, str]]] = {}
        for row in rows:
            parts.setdefault((row["role"], row["dataset"]), []).append(row)
        return tuple(
            MemberGroup(
                role, dataset, len({row["usubjid"] for row in part}), len(part),
                self._records(dataset, part if most is None else part[:most], values, most),
            )
            for (role, dataset), part in parts.items()
        )  # fmt: skip

    def _records(
        self, dataset: str, part: list[dict[str, str]], values: tuple[str, ...], most: int | None
    ) -> tuple[MemberRecord, ...]:
        origins = Origins(self.files, None if most is None else 8)
        places = self.files.rows_of(dataset, [(row["usubjid"], row["keyseq"]) for row in part])
        there = [name for name in values if name in self.files.table(f"data/{dataset}").column_names]
        return tuple(
            MemberRecord(
                row["usubjid"],
                tuple((name, self.files.value(dataset, place, name)) for name in there),
                origins.of(dataset, place),
            )
            for row, place in zip(part, places, strict=True)
        )


def _variables(result: dict[str, Any]) -> list[str]:
    """The variables of a record that tell why it counts: the one analysed, and those that make the groups."""
    groups = [result[f"g{at}_var"] for at in range(1, 5) if result[f"g{at}_var"]]
    return [name for name in (result["variable"], *_VALUES, *groups) if name not in ("", "USUBJID")]


def _in(result: dict[str, Any], cell: PrintedCell) -> bool:
    if not cell.text and result["method_id"] == "M_LIST":
        return True  # a grouped cell of a listing that says the same as the one above stays blank
    return " ".join(result["formatted"].split()) in cell.text


def _miscounted(made: MemberSet, results: tuple[dict[str, Any], ...]) -> list[str]:
    """Results whose number of member records is not that of the members."""
    records = sum(group.records for group in made.groups)
    return [
        f"{one['op_id']} {one['result_id']} says {one['n_rec']:.0f} member records, there are {records}"
        for one in results
        if one["member_id"] == made.id and one["n_rec"] != records
    ]
