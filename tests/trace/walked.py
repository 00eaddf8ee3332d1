"""Every cell of an output, followed to raw records and held against what the files say."""

import csv
from functools import cache
from pathlib import Path

import pandas as pd

from sdtm2adam.trace import FinishedRun

CHECKED: set[tuple] = set()
"""The members whose records were looked at: the same subjects stand behind many cells."""


@cache
def data(path: Path) -> pd.DataFrame:
    """A dataset of a run, read by pandas."""
    return pd.read_parquet(path)


def walk(run: FinishedRun, output: str, most: int = 2) -> int:
    """Follows every cell of an output and asserts that it is whole; how many cells there were.

    Every result of the output that is shown is in one of them.
    """
    grid, cells = run.printed(output), 0
    there = {name for _, cell in grid.cells() for name in cell.result_ids}
    assert not [one for one in run.results(output) if one["shown"] == "Y" and one["result_id"] not in there]
    for row, cell in grid.cells():
        told = run.trace(grid, row, cell, most)
        assert told.disagreements == ()
        assert told.results, (output, row.said, cell.text)
        assert sum(group.records for made in told.members for group in made.groups) > 0 or _is_empty(told)
        for made in told.members:
            for group in made.groups:
                assert len(group.shown) == min(most, group.records)
                for member in group.shown:
                    check_member(run, member)
        cells += 1
    return cells


def _is_empty(told) -> bool:
    """A cell of nobody: a count of 0, or a statistic of no subjects."""
    return all(one["n_rec"] == 0 for one in told.results)


def check_member(run: FinishedRun, member) -> None:
    """The record of a member is that of its subject, and so is each record of a subject behind it, down to raw."""
    known = (str(run.out), member.subject, member.origin.source, member.origin.row)
    if known in CHECKED:
        return
    CHECKED.add(known)
    reached = list(member.origin.walk())
    assert any(one.source.startswith("raw.") for one in reached), member
    for one in reached:
        if one.source.startswith("raw."):
            assert one.file
        elif one.source.startswith("table."):
            continue
        else:
            record = data(run.out / "data" / f"{one.source}.parquet").iloc[one.row]
            assert record.get("USUBJID", member.subject) == member.subject
            for name, value in one.key:
                assert record[name] == value or (value is None and pd.isna(record[name]))


def raw_records(folder: Path, file: str, key: tuple) -> list[dict[str, str]]:
    """The records of a raw CSV file that have a key."""
    with (folder / "raw" / file).open(encoding="utf-8-sig", newline="") as handle:
        return [row for row in csv.DictReader(handle) if all(row[name] == str(value) for name, value in key)]
