"""trace: from a printed cell to the raw records it was made from."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from walked import raw_records, walk

from sdtm2adam.cli import commands
from sdtm2adam.errors import InputError, UsageError
from sdtm2adam.trace import FinishedRun, cell_as_json, cell_as_text, trace

PAGE = Path(__file__).parents[2] / "docs" / "results.md"
OUTPUT = "T14_3_1"


@pytest.fixture(scope="module")
def run(starter):
    return FinishedRun(starter, starter / "output")


def test_every_cell_of_a_study_leads_to_raw_records(run):
    assert run.outputs == [OUTPUT]
    assert walk(run, OUTPUT, most=100) == 30


def test_the_members_of_a_count_are_the_subjects_that_the_data_have(run, starter):
    adae, adsl = (pd.read_parquet(starter / f"output/data/{name}.parquet") for name in ("ADAE", "ADSL"))
    adae = adae.merge(adsl[["USUBJID", "TRT01A"]], on="USUBJID")
    grid = run.printed(OUTPUT)
    counted = 0
    for row, cell in grid.cells():
        if len(row.path) == 2 and row.number and "Grade" not in row.path[1]:
            arm = grid.columns[cell.first][0]
            there = adae[(adae["TRT01A"] == arm) & (adae["AEDECOD"] == row.path[1]) & (adae["TRTEMFL"] == "Y")]
            told = run.trace(grid, row, cell, None)
            found = {m.subject for made in told.members for g in made.groups if g.role == "NUM" for m in g.shown}
            assert found == set(there["USUBJID"])
            assert cell.text.split(" ")[0] == str(len(found))
            counted += len(found)
    assert counted > 8


def test_the_raw_record_behind_a_member_is_one_of_its_subject_with_its_term(starter):
    told = trace(starter, OUTPUT, "Headache", "Test Drug")
    members = [m for made in told.members for g in made.groups if g.role == "NUM" for m in g.shown]
    assert len({member.subject for member in members}) == 2
    for member in members:
        event = next(one for one in member.origin.walk() if one.source == "raw.EVENTS")
        (record,) = raw_records(starter, event.file, event.key)
        assert member.subject.endswith(record["SUBJECT"])
        assert "head" in " ".join(record.values()).lower()


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("r4", "c1"),
        ("R4", "1"),
        ("4", "C1"),
        ("Nausea", "Test Drug"),
        ("nausea", "test  drug"),
        ("Gastrointestinal disorders|Nausea", "c1"),
    ],
)
def test_a_cell_is_named_by_numbers_or_by_labels(starter, row, column):
    told = trace(starter, OUTPUT, row, column, most=0)
    assert (told.row.path, told.head, told.cell.text) == (
        ("Gastrointestinal disorders", "Nausea"), "Test Drug", "3 (60.0)",
    )  # fmt: skip


def test_signs_may_be_written_in_ascii(starter):
    assert trace(starter, "t14.3.1", "Any event|Grade >=3", "Placebo", most=0).row.number == 2


def test_the_column_n_is_the_row_n(starter):
    told = trace(starter, OUTPUT, "N", "Placebo", most=None)
    assert told.row.number == 0
    assert [(g.role, g.dataset, g.subjects) for made in told.members for g in made.groups] == [("DEN", "ADSL", 5)]


@pytest.mark.parametrize(
    ("output", "row", "column", "what", "mend"),
    [
        ("T14_3_2", "r1", "c1", "there is no output T14_3_2", "did you mean T14_3_1?"),
        (OUTPUT, "r15", "c1", "there is no row r15", "rows are r0 to r14 (headings and blank rows do not count)"),
        (OUTPUT, "Nausa", "c1", "no row is called 'Nausa'", "rows: r4 Gastrointestinal disorders|Nausea"),
        (OUTPUT, "Nausea", "c3", "there is no column 'c3'", "columns: c1 Test Drug; c2 Placebo"),
        (OUTPUT, "Nausea", "Drug", "there is no column 'Drug'", "columns: c1 Test Drug; c2 Placebo"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(starter, output, row, column, what, mend):
    with pytest.raises(UsageError) as told:
        trace(starter, output, row, column)
    assert (told.value.what, told.value.mend) == (what, mend)


def copied(starter, tmp_path):
    return Path(shutil.copytree(starter, tmp_path / "again"))


@pytest.mark.parametrize("name", [
    "results/T14_3_1.parquet", "results/T14_3_1.members.parquet", "results/T14_3_1.display.json", "data/ADAE.parquet",
    "lineage/AE.parquet",
])  # fmt: skip
def test_outputs_that_changed_since_the_run_are_refused(starter, tmp_path, name):
    folder = copied(starter, tmp_path)
    path = folder / "output" / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(InputError, match="has changed since the run"):
        trace(folder, OUTPUT, "Nausea", "c1")


def test_raw_data_that_changed_or_went_since_the_run_are_refused(starter, tmp_path):
    folder = copied(starter, tmp_path)
    record = folder / "output/run.json"
    said = json.loads(record.read_text(encoding="utf-8"))
    for name, one in said["inputs"].items():
        said["inputs"][name]["path"] = one["path"].replace(str(starter), "/gone")
    record.write_text(json.dumps(said), encoding="utf-8")  # the study was moved, and its data with it
    assert trace(folder, OUTPUT, "Nausea", "c1").cell.text == "3 (60.0)"
    events = folder / "raw/EVENTS.csv"
    events.write_bytes(events.read_bytes() + b"\n")
    with pytest.raises(InputError, match=r"EVENTS\.csv has changed since the run"):
        trace(folder, OUTPUT, "Nausea", "c1")
    events.unlink()
    with pytest.raises(InputError, match="is not there any more"):
        trace(folder, OUTPUT, "Nausea", "c1")


def test_results_that_do_not_fit_their_cell_are_told(run):
    grid = run.printed(OUTPUT)
    row, cell = next((row, cell) for row, cell in grid.cells() if row.number == 4)
    known = {one["result_id"]: one for one in run.results(OUTPUT)}
    one = known[cell.result_ids[0]]
    before = dict(one)
    try:
        one |= {"formatted": "7", "n_rec": 99.0}
        told = run.trace(grid, row, cell, 0)
    finally:
        one.update(before)
    assert len(told.disagreements) == 2
    assert cell_as_text(told).startswith("!! DISAGREES: 7 of M_CNT.n is not in the cell\n!! DISAGREES: M_CNT.n")


def test_the_json_says_what_the_text_says(starter):
    told = trace(starter, OUTPUT, "Nausea", "c1", most=1)
    whole = json.loads(cell_as_json(told))
    assert whole["cell"]["text"] == "3 (60.0)"
    assert [(one["op_id"], one["stat"]) for one in whole["results"]] == [("M_CNT.n", 3.0), ("M_CNT.pct", 60.0)]
    shown = whole["members"][0]["groups"][0]["shown"]
    assert [one["source"] for one in shown] == ["ADAE"]
    assert shown[0]["origins"][0]["origins"][0]["file"] == "EVENTS.csv"
    assert re.findall(r"EVENTS\.csv", cell_as_text(told))


def test_the_command_line_prints_the_chain(starter):
    done = CliRunner().invoke(
        commands, ["trace", str(starter), OUTPUT, "Nausea", "c1", "--json"], standalone_mode=False
    )
    assert json.loads(done.output)["cell"]["column"] == 1
    done = CliRunner().invoke(commands, ["trace", str(starter), OUTPUT, "Nausea", "c1", "--all"], standalone_mode=False)
    assert done.return_value == 0
    assert "; the first" not in done.output
    done = CliRunner().invoke(commands, ["trace", OUTPUT, "Nausea"], standalone_mode=False)
    assert isinstance(done.exception, UsageError)


def fences():
    """The examples of the page: the words of the command, and what it prints."""
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(r"^```text trace ([^\n]+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_examples_of_the_page_are_what_is_printed(starter):
    found = fences()
    assert found
    for words, body in found:
        output, row, column, *rest = re.findall(r'"[^"]*"|\S+', words)
        most = int(rest[1]) if rest else 3
        told = trace(starter, output, row.strip('"'), column.strip('"'), most=most)
        assert cell_as_text(told) == body


def test_a_number_of_another_output_is_followed_there(starter, tmp_path):
    """An output that prints results of another one holds their ids alone."""
    folder = copied(starter, tmp_path)
    results, record = folder / "output/results", folder / "output/run.json"
    said = json.loads(record.read_text(encoding="utf-8"))
    for kind in ("parquet", "members.parquet", "display.json"):
        path = results / f"T14_3_9.{kind}"
        if kind == "display.json":
            shutil.copy(results / f"{OUTPUT}.{kind}", path)
        else:
            pd.read_parquet(results / f"{OUTPUT}.{kind}").iloc[:0].to_parquet(path)
        said["outputs"][f"results/{path.name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
    record.write_text(json.dumps(said), encoding="utf-8")
    told, own = (trace(folder, output, "Nausea", "c1") for output in ("T14_3_9", OUTPUT))
    assert told.disagreements == ()
    assert (told.results, told.related) == (own.results, own.related)
    assert told.members == own.members
