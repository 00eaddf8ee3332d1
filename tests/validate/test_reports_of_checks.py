"""Reports: what was looked at, what was found, and files with the same bytes for the same issues."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from drawn_datasets import dataset_of, draw

from sdtm2adam.model import Issue, Severity
from sdtm2adam.validate.report import read_issues, summarise_report, write_issues
from sdtm2adam.validate.run import Report, check_dataset, check_datasets
from sdtm2adam.validate.suite import cross_suite, suite_of

GOOD_DM = draw("DM", "STUDYID DOMAIN USUBJID\nS DM S-1\nS DM S-2", keys=("USUBJID",))
BAD_AE = draw("AE", "STUDYID DOMAIN USUBJID AESEQ:integer AESTDTC\nS AE S-1 1 2024-13\nS AE S-3 1 .")


def issue(dataset="AE", rule="date", **more):
    return Issue(dataset, rule, more.pop("severity", Severity.ERROR), "It is so.", **more)


def test_nothing_wrong_is_said_with_how_much_was_looked_at():
    report = check_datasets({"DM": GOOD_DM}, suites=())
    expectations = report.looked_at[0].expectations
    assert summarise_report(report) == f"looked at 1 dataset, 2 records, {expectations} expectations; no issues"


def test_a_summary_names_what_is_held_back_and_the_first_records():
    text = summarise_report(check_datasets({"DM": GOOD_DM, "AE": BAD_AE}, suites=()))
    assert text.splitlines()[0].endswith("; 2 errors; 1 dataset held back")
    assert "  error   AE.USUBJID [subject-known] Every subject is in DM. 1 of 2 records does not meet this." in text
    assert "          USUBJID=S-3, AESEQ=1" in text


def test_a_summary_shows_the_first_issues_of_a_rule_and_counts_the_rest():
    report = Report(tuple(issue(value=str(i)) for i in range(9)), ())
    lines = summarise_report(report, most=2).splitlines()
    assert len(lines) == 4
    assert lines[-1] == "  AE date: 7 more issues of this rule"


def test_a_summary_says_how_many_records_are_not_named():
    lines = summarise_report(Report((issue(records=1200, keys=("USUBJID=S-1",)),), ())).splitlines()
    assert lines[-1] == "          USUBJID=S-1; and 1,199 more"


def test_every_record_is_named_and_a_summary_shows_the_first_five():
    lines = "\n".join(f"S-{i} {i} 2024-13" for i in range(1, 9))
    (found,) = check_dataset(draw("AE", f"USUBJID AESEQ:integer AESTDTC\n{lines}")).issues
    assert (found.records, len(found.keys), found.keys[0]) == (8, 8, "USUBJID=S-1, AESEQ=1")
    shown = summarise_report(Report((found,), ())).splitlines()[-1]
    assert (shown.count("USUBJID"), shown.endswith("; and 3 more")) == (5, True)


def test_records_of_an_analysis_dataset_are_named_by_its_keys():
    table = "USUBJID PARAMCD ADT:date ADY:integer\nS-1 HGB 2024-01-02 0"
    (found,) = check_dataset(draw("ADLB", table, stage="adam", keys=("USUBJID", "PARAMCD", "ADT"))).issues
    assert found.keys == ("USUBJID=S-1, PARAMCD=HGB, ADT=2024-01-02",)


def test_files_have_the_same_bytes_whatever_the_order_of_issues(tmp_path):
    issues = [issue(value="µ"), issue("DM"), issue(severity=Severity.NOTE), issue(rule="a", keys=("USUBJID=1", "X"))]
    first = [path.read_bytes() for path in write_issues(issues, tmp_path / "a")]
    second = [path.read_bytes() for path in write_issues([*reversed(issues), issues[0]], tmp_path / "b")]
    assert first == second


def test_issues_are_written_read_and_the_same(tmp_path):
    issues = (issue(rule="a", keys=("USUBJID=1",), records=7, variable="V", value="é", source="s"), issue("DM"))
    as_json, as_parquet = write_issues(issues, tmp_path)
    assert read_issues(as_json) == issues
    assert pq.read_table(as_parquet).column("records").to_pylist() == [7, 1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["issues.json", "issues.parquet"]


def test_no_issues_are_written_as_an_empty_table(tmp_path):
    as_json, as_parquet = write_issues((), tmp_path)
    assert read_issues(as_json) == ()
    assert pq.read_table(as_parquet).num_rows == 0


def test_the_same_data_give_the_same_report_however_they_are_held():
    study = {"DM": GOOD_DM, "AE": BAD_AE}
    encoded = BAD_AE.frame.set_column(4, "AESTDTC", BAD_AE.frame.column("AESTDTC").dictionary_encode())
    again = dataset_of("AE", pa.concat_tables([encoded.slice(0, 1), encoded.slice(1)]),
                       [variable.type for variable in BAD_AE.variables])  # fmt: skip
    assert check_datasets(study) == check_datasets({"AE": again, "DM": GOOD_DM})


EMPTY = (
    "USUBJID PARAMCD AVAL:float CNSR:integer STARTDT:date ADT:date LBSTDTC LBENDTC LBDY:integer VISIT VISITNUM:float"
)


@pytest.mark.parametrize(("name", "stage"), [("DM", "sdtm"), ("LB", "sdtm"), ("ADTTE", "adam")])
def test_a_dataset_without_records_is_checked_and_has_no_issues(name, stage):
    dataset = draw(name, EMPTY, stage=stage, keys=("USUBJID",), VISIT={"core": "Exp", "terms": ("DAY 1",)})
    beside = {"DM": draw("DM", "USUBJID DTHFL DTHDTC", keys=("USUBJID",))}
    report = check_dataset(dataset, beside=beside)
    assert report.issues == ()
    assert (report.looked_at[0].records, report.looked_at[0].could_not_run) == (0, 0)


def test_a_dataset_without_variables_is_told():
    dataset = dataset_of("AE", pa.table({}), [])
    assert check_dataset(dataset).issues == ()


def test_a_column_that_stands_twice_is_told_and_what_needs_it_could_not_run():
    frame = pa.table([["S-1"], ["2024"], ["2024"]], names=["USUBJID", "AESTDTC", "AESTDTC"])
    dataset = draw("AE", "USUBJID AESTDTC\nS-1 2024")
    twice = type(dataset)(**{**{f: getattr(dataset, f) for f in dataset.__slots__}, "frame": frame})
    found = {one.rule: one.text for one in check_dataset(twice).issues}
    assert found["columns"].endswith("AESTDTC stands 2 times.")
    assert "AESTDTC stands twice in the data" in found["could-not-run"]


def test_suites_are_made_from_metadata_alone_and_have_unique_ids():
    empty = draw("AE", "STUDYID DOMAIN USUBJID AESEQ:integer AESTDTC")
    assert suite_of(empty) == suite_of(BAD_AE)
    ids = [one.id for one in (*suite_of(BAD_AE), *cross_suite({"AE": BAD_AE, "DM": GOOD_DM}))]
    assert len(ids) == len(set(ids))
    assert "AE.subject-known.USUBJID.DM" in ids
