"""check of datasets that somebody made: no study, no specs; and of a study over two cuts."""

import json
import shutil

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sdtm2adam.errors import InputErrors, UsageError
from sdtm2adam.model import State
from sdtm2adam.pipeline.check import check
from sdtm2adam.pipeline.package import is_package, read_package
from sdtm2adam.validate.life import read_findings

DM = {
    "STUDYID": ["S"] * 2, "DOMAIN": ["DM"] * 2, "USUBJID": ["S-1", "S-2"], "SUBJID": ["1", "2"], "SITEID": ["10", "11"],
    "SEX": ["F", "male"], "DTHFL": ["Y", None], "DTHDTC": ["2014-03-05", None],
}  # fmt: skip
AE = {
    "STUDYID": ["S"] * 2, "DOMAIN": ["AE"] * 2, "USUBJID": ["S-1", "S-3"], "AESEQ": [1.0, 1.0],
    "AETERM": ["Pain", "Rash"],
    "AESTDTC": ["2014-03-02", "2014-02"], "AEENDTC": ["2014-03-01", "2014-03"],
}  # fmt: skip


def package(folder, **datasets):
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in datasets.items():
        pq.write_table(pa.table(columns), folder / f"{name.lower()}.parquet")
    return folder


def found(result):
    return {(issue.dataset, issue.variable, issue.rule) for issue in result.report.issues}


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    folder = package(tmp_path_factory.mktemp("package"), DM=DM, AE=AE)
    out = tmp_path_factory.mktemp("out")
    return folder, out, check(folder, part=True, out=out)


def test_what_is_wrong_is_told_with_its_record(checked):
    _, _, result = checked
    told = found(result)
    assert ("DM", "SEX", "codelist") in told
    assert ("AE", "AEENDTC", "AE-END-BEFORE-START") in told
    assert ("AE", "USUBJID", "subject-known") in told
    assert result.exit_code == 1
    end = next(issue for issue in result.report.issues if issue.rule == "AE-END-BEFORE-START")
    assert end.keys == ("USUBJID=S-1, AESEQ=1",)


def test_a_rule_that_says_the_same_is_told_once_with_its_ids(checked):
    _, _, result = checked
    dates = [one for one in result.report.issues if one.variable in ("AESTDTC", "AEENDTC") and one.records]
    (issue,) = dates
    assert "EVENT-START-AFTER-END" in issue.source
    assert "AE.start-end.AESTDTC+AEENDTC" in issue.source


def test_it_is_said_how_much_ran(checked):
    _, _, result = checked
    assert result.summary.startswith("looked at 2 datasets, 4 records, ")
    assert " rules: " in result.summary
    assert " 0 could not run" in result.summary


def test_all_reports_are_written_and_read_back(checked):
    _, out, result = checked
    assert {path.name for path in out.iterdir()} == {
        "issues.json", "issues.parquet", "findings.json", "findings.parquet", "issues.xlsx", "issues.html",
        "queries.csv", "checks.json", "suites.yaml",
    }  # fmt: skip
    told = json.loads((out / "checks.json").read_text(encoding="utf-8"))
    states = {one["state"] for one in told["checks"]["rules"]}
    assert states <= {"ran", "not applicable", "could not run"}
    assert len(told["checks"]["rules"]) >= 200
    assert "EVENT-START-AFTER-END" in (out / "issues.html").read_text(encoding="utf-8") or result.report.issues


def test_the_next_cut_is_compared_with_this_one(checked, tmp_path):
    _, out, first = checked
    ae = {**AE, "AESTDTC": ["2014-02-28", "2014-02"], "USUBJID": ["S-1", "S-4"]}
    later = package(tmp_path / "later", DM=DM, AE=ae)
    second = check(later, part=True, previous=out, out=tmp_path / "out")
    states = {(one.rule, one.state) for one in second.life.findings}
    assert ("AE-END-BEFORE-START", State.RESOLVED) in states
    assert ("codelist", State.OPEN) in states
    assert ("subject-known", State.NEW) in states
    assert ("subject-known", State.RESOLVED) in states
    assert {one.state for one in first.life.findings} == {State.NEW}


def test_a_package_bears_the_name_of_its_study_and_its_cuts_those_of_their_folders(checked, tmp_path):
    folder, out, _ = checked
    later = package(tmp_path / "later", DM=DM, AE=AE)
    check(later, part=True, previous=out, out=tmp_path / "out")
    cut = read_findings(tmp_path / "out")
    assert (cut.study, [one.cut for one in cut.trend]) == (DM["STUDYID"][0], [folder.name, "later"])
    others = {**DM, "STUDYID": ["OTHER"] * len(DM["STUDYID"])}
    with pytest.raises(UsageError, match="has the findings of study"):
        check(package(tmp_path / "other", DM=others), part=True, previous=out)


def test_what_is_accepted_does_not_count(checked, tmp_path):
    folder, _, result = checked
    mine = tmp_path / "mine"
    shutil.copytree(folder, mine)
    weighs = {(one.rule, one.dataset, one.variable) for one in result.life.findings if one.severity.value == "error"}
    entries = [
        f"  - {{rule: {rule}, dataset: {dataset}, {f'variable: {variable}, ' if variable else ''}who: J. Doe, "
        "when: 2014-10-10, why: seen}"
        for rule, dataset, variable in sorted(weighs)
    ]
    (mine / "accepted.yaml").write_text("\n".join(["accepted:", *entries, ""]), encoding="utf-8")
    again = check(mine, part=True)
    kept = {one.rule for one in again.life.open if one.severity.value == "error"}
    assert kept <= {"subject-known"}  # a gate is never accepted


def test_the_whole_package_is_missed_where_it_is_not_declared_a_part(checked):
    folder, _, _ = checked
    told = {issue.rule for issue in check(folder).report.issues}
    assert "TRIAL-SUMMARY-ABSENT" in told or "FILE-TS-ABSENT" in told


def test_a_damaged_file_is_told_and_the_others_are_judged(tmp_path):
    folder = package(tmp_path / "p", DM=DM)
    (folder / "ae.xpt").write_bytes(b"")
    result = check(folder, part=True)
    assert ("AE", "", "file-unreadable") in found(result)
    assert ("DM", "SEX", "codelist") in found(result)


def test_the_same_dataset_twice_stops(tmp_path):
    folder = package(tmp_path / "p", DM=DM)
    package(folder / "sdtm", DM=DM)
    with pytest.raises(InputErrors, match="DM is there twice"):
        check(folder)


def test_a_folder_without_datasets_is_no_package(tmp_path):
    assert not is_package(tmp_path)
    with pytest.raises(InputErrors, match=r"no \.xpt or \.parquet"):
        read_package({"": tmp_path})


def test_data_of_another_kind_needs_a_study(tmp_path):
    folder = package(tmp_path / "p", DM=DM)
    with pytest.raises(UsageError, match="there is no study"):
        check(folder, data={"raw": str(folder)})


def test_stages_are_known_by_folder_and_by_name(tmp_path):
    folder = tmp_path / "p"
    package(folder / "sdtm", DM=DM)
    package(
        folder / "adam",
        ADSL={"USUBJID": ["S-1"], "SAFFL": ["Y"]},
        XYZ={"USUBJID": ["S-1"], "PARAMCD": ["A"], "AVAL": [1.0]},
    )
    datasets = read_package({"": folder}).datasets
    assert {name: (one.stage, one.klass) for name, one in datasets.items()} == {
        "DM": ("sdtm", "SPECIAL-PURPOSE"),
        "ADSL": ("adam", "SUBJECT LEVEL ANALYSIS DATASET"),
        "XYZ": ("adam", "BASIC DATA STRUCTURE"),
    }
    assert datasets["DM"].keys == ("USUBJID",)


def test_the_order_of_records_changes_no_report(checked, tmp_path):
    folder, out, _ = checked
    turned = tmp_path / folder.name
    turned.mkdir()
    for path in folder.glob("*.parquet"):
        frame = pq.read_table(path).to_pandas().iloc[::-1]
        pq.write_table(pa.Table.from_pandas(pd.DataFrame(frame), preserve_index=False), turned / path.name)
    check(turned, part=True, out=tmp_path / "out")
    one, two = (json.loads((place / "findings.json").read_text(encoding="utf-8")) for place in (out, tmp_path / "out"))
    ids = [{row["id"] for row in cut["findings"] if not row["rule"].startswith("SORTED-")} for cut in (one, two)]
    assert ids[0] == ids[1]


@pytest.mark.parametrize(
    ("table", "what"),
    [
        (pa.table({}), "has no columns"),
        (pa.table([pa.array(["1"]), pa.array(["1"])], names=["USUBJID", "USUBJID"]), "two columns are called USUBJID"),
        (pa.table({"AETERM": ["1"], "aeterm": ["2"]}), "columns AETERM and aeterm differ in capitals only"),
        (pa.table({"USUBJID": [["1"]]}), "column USUBJID holds list"),
        (pa.table({"USUBJID": [b"\xff"]}), "column USUBJID holds binary"),
        (pa.table({"USUBJID": pa.array([b"1", b"\xff"]).view(pa.string())}), "column USUBJID holds what is no value"),
    ],
)
def test_columns_that_are_no_variables_are_told_with_their_file(tmp_path, table, what):
    folder = package(tmp_path / "p", DM=DM)
    pq.write_table(table, folder / "ae.parquet")
    (issue,) = read_package({"": folder}).issues
    assert (issue.dataset, issue.rule) == ("AE", "file-unreadable")
    assert what in issue.text


def test_a_dataset_in_a_format_that_is_not_read_is_told(tmp_path):
    folder = package(tmp_path / "p", DM=DM)
    for name in ("ae.sas7bdat", "dm.csv", "notes.csv", "administration.csv", "adae.csv.gz"):
        (folder / name).write_bytes(b"x")
    issues = read_package({"": folder}).issues
    assert {(one.dataset, one.rule) for one in issues} == {("ADAE", "file-not-read"), ("AE", "file-not-read")}


def test_a_column_without_any_value_is_text(tmp_path):
    folder = package(tmp_path / "p", AE={**AE, "AESER": pa.nulls(2)})
    dataset = read_package({"": folder}).datasets["AE"]
    assert dataset.frame.schema.field("AESER").type == pa.string()


def test_a_folder_with_neither_study_nor_datasets_is_told(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing here")
    with pytest.raises(UsageError, match="has neither study"):
        check(tmp_path)


def test_a_dataset_whose_file_cannot_be_read_is_not_missed_as_well(tmp_path):
    folder = package(tmp_path / "p", DM=DM)
    for name in ("ae", "ts"):
        (folder / f"{name}.xpt").write_bytes(b"")
    told = {issue.rule for issue in check(folder).report.issues}
    assert told >= {"file-unreadable", "DATASET-EX-ABSENT"}
    assert not told & {"DATASET-AE-ABSENT", "TRIAL-SUMMARY-ABSENT", "STUDY-START-ABSENT"}


def test_the_exit_code_is_that_of_the_stage_that_is_told(checked):
    folder, out, result = checked
    assert result.exit_code == 1
    later = check(folder, stage="adam", part=True, previous=out)
    assert (later.report.issues, later.exit_code) == ((), 0)
    assert check(folder, stage="sdtm", part=True, previous=out).exit_code == 1


def test_findings_of_a_dataset_that_is_gone_or_damaged_are_not_resolved(checked, tmp_path):
    _, out, _ = checked
    for name, content in (("gone", None), ("damaged", b"PAR1 broken")):
        folder = package(tmp_path / name, DM=DM)
        if content:
            (folder / "ae.parquet").write_bytes(content)
        states = {one.state for one in check(folder, part=True, previous=out).life.findings if one.dataset == "AE"}
        assert State.RESOLVED not in states
        assert State.OPEN in states


def test_a_column_without_values_has_the_type_of_the_standard(tmp_path):
    nothing = pa.nulls(2)
    folder = package(tmp_path / "package", DM=DM, AE={**AE, "AEDY": nothing, "AESOC": nothing, "OWN": nothing})
    types = {one.name: one.type for one in read_package({"": folder}).datasets["AE"].variables}
    assert (types["AEDY"], types["AESOC"], types["OWN"]) == ("float", "text", "text")
    result = check(folder, part=True)
    assert not [one for one in result.report.issues if one.variable in ("AEDY", "AESOC") and "TYPE" in one.rule]
    assert not [one for one in result.report.issues if one.rule == "could-not-run"]
