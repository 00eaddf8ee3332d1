"""The query file for the EDC and the report for machines."""

import csv
import io
import json
from dataclasses import replace

import pytest
from drawn_findings import finding
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.display.characters import visible
from sdtm2adam.model import Severity
from sdtm2adam.model.finding import Acceptance, State
from sdtm2adam.validate.life import Cut, as_json, write_queries
from sdtm2adam.validate.life.queries import COLUMNS, harmless
from sdtm2adam.validate.run import LookedAt


def lines(folder, *findings):
    path = folder / "queries.csv"
    count = write_queries(findings, path)
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert len(rows) == count
    return rows


def test_a_line_says_where_on_which_form_what_is_asked(tmp_path):
    one = finding("USUBJID=U-1, AESEQ=4", subject="U-1", site="101", raw=("AE RECORDID=12", "EOS RECORDID=3"),
                  variable="AESER", value="Y", query="Please check, “why” so?")  # fmt: skip
    (row,) = lines(tmp_path, one)
    assert tuple(row) == COLUMNS
    assert row == {
        "QUERYID": one.id, "SITE": "101", "SUBJECT": "U-1", "FORM": "AE", "RECORDID": "12", "FIELD": "AESER",
        "VALUE": "Y", "QUERY": "Please check, “why” so?", "RULE": "AE-RULE", "SEVERITY": "warning", "STATE": "new",
        "DATASET": "AE", "RECORD": "USUBJID=U-1, AESEQ=4", "ALSO": "EOS RECORDID=3",
    }  # fmt: skip


def test_only_what_a_site_can_answer_is_asked(tmp_path):
    raw = ("AE RECORDID=12",)
    found = [
        finding("no raw record, no query"),
        finding("raw", raw=raw),
        finding("note", raw=raw, severity=Severity.NOTE),
        finding("note that asks", query="Why?", severity=Severity.NOTE),
        finding("accepted", raw=raw, state=State.ACCEPTED),
        finding("resolved", raw=raw, state=State.RESOLVED, before="5"),
        finding(
            "accepted once", raw=raw, state=State.RESOLVED, before="5", accepted=Acceptance("J", "2015-03-01", "so")
        ),
    ]
    rows = lines(tmp_path, *found)
    assert [(row["RECORD"], row["STATE"], row["VALUE"], row["QUERY"]) for row in rows] == [
        ("raw", "new", "", "It is so. Please check."),
        ("resolved", "resolved", "5", "It is so. Please check."),
        ("note that asks", "new", "", "Why?"),
    ]


def test_a_record_that_is_asked_about_is_not_told_beside_it_and_an_analysis_dataset_is_no_question(tmp_path):
    one, other, third = ("AE RECORDID=12",), ("AE RECORDID=13",), ("AE RECORDID=14",)
    found = [
        finding("asks", raw=one, query="Which is right?"),
        finding("says the same", raw=one),
        finding("is said alone", raw=other, text="A is not after B. 1 of 1,504 records does not meet this."),
        finding(
            "is said of the page again", raw=other, text="A is not after B. 1 of 1,504 records does not meet this."
        ),
        replace(finding("of an analysis", raw=other), dataset="ADAE"),
        replace(finding("of an analysis that asks", raw=third, query="Why?"), dataset="ADAE"),
    ]
    assert {(row["RECORD"], row["QUERY"]) for row in lines(tmp_path, *found)} == {
        ("asks", "Which is right?"), ("is said alone", "A is not after B. Please check."),
        ("of an analysis that asks", "Why?"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "\\x09=1"),
        ("\r=1", "\\x0D=1"),
        ("\n=1", "'\n=1"),
        (" =1", "' =1"),
        ("＝1", "'＝1"),
        ("'quoted'", "''quoted'"),
        ("a\x0bb", "a\\x0Bb"),
        ("plain - text", "plain - text"),
        ('"=1', '"=1'),
        ("a,b\nc", "a,b\nc"),
    ],
)
def test_no_cell_is_taken_for_a_formula(tmp_path, value, cell):
    (row,) = lines(tmp_path, finding("a", raw=("AE RECORDID=1",), value=value, query=value or "x"))
    assert (row["VALUE"], row["QUERY"]) == (cell, cell)


@given(st.text(st.characters(), max_size=12) | st.sampled_from("=+-@'\t\r\n ").flatmap(lambda one: st.just(one + "1")))
def test_whatever_the_text_the_cell_is_harmless_and_can_be_taken_back(text):
    cell = harmless(text)
    assert cell.lstrip(" \xa0")[:1] not in set("=+-@\t\r\n")
    assert (cell[1:] if cell.startswith("'") else cell) == visible(text)


def test_every_field_is_quoted_and_lines_end_as_the_standard_says(tmp_path):
    write_queries([finding("a", raw=("AE RECORDID=1",), value='say "no"')], tmp_path / "q.csv")
    text = (tmp_path / "q.csv").read_bytes().decode("utf-8-sig")
    head, line, end = text.split("\r\n")
    assert head == ",".join(f'"{name}"' for name in COLUMNS)
    assert '"say ""no"""' in line
    assert end == ""


def test_nothing_to_ask_is_a_file_with_its_heading(tmp_path):
    assert lines(tmp_path) == []


def test_the_report_for_machines_says_what_was_looked_at_and_counts():
    found = (finding("a", severity=Severity.ERROR, site="101"), finding("b", state=State.ACCEPTED))
    report = json.loads(as_json(Cut(found, "S-1", "c1"), [LookedAt("AE", 10, 5, 20, 1, 2)], {"rules": {"ran": 200}}))
    assert report["looked_at"] == [
        {"dataset": "AE", "records": 10, "variables": 5, "expectations": 20, "not_applicable": 1, "could_not_run": 2}
    ]
    assert (report["study"], report["cut"], report["rules"]) == ("S-1", "c1", {"ran": 200})
    assert report["counts"]["states"]["error"]["new"] == 1
    assert report["counts"]["findings"] == 2
    by_site = {one["name"]: (one["errors"], one["open"], one["accepted"]) for one in report["counts"]["by"]["site"]}
    assert by_site == {"101": (1, 1, 0), "(no site)": (0, 0, 1)}
    assert as_json(Cut(found[::-1])) == as_json(Cut(found))
