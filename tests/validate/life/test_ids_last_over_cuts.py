"""The id of a finding is the same in every cut: new records, other numbers and corrected values do not change it."""

import shutil

import pyarrow as pa
import pytest
from drawn_datasets import draw
from drawn_findings import ae, edges_of, issue, one_of, raw_keys, with_lineage

from sdtm2adam.build.study import build
from sdtm2adam.model import Severity
from sdtm2adam.model.finding import State
from sdtm2adam.pipeline.folder import data_folders, inputs_of
from sdtm2adam.pipeline.new import new_study
from sdtm2adam.spec.library import read_specs
from sdtm2adam.validate.life import Ran, compare_findings, finding_id, findings_of
from sdtm2adam.validate.run import check_datasets

HEADACHE = "101-001,21,Headache after breakfast,Headache,Nervous system disorders,20 JAN 2025,21 JAN 2025"
SICK = "101-001,23,Felt sick,Nausea,Gastrointestinal disorders,12 FEB 2025,13 FEB 2025"
BAD_SICK = SICK.replace("13 FEB", "11 FEB")
EARLIER = (
    "101-001,98,Cough,Cough,Respiratory disorders,15 JAN 2025,16 JAN 2025,1,No,Related,Recovered,0,STARTER,2025-06-30"
)


def findings_of_study(folder):
    specs = read_specs(folder)
    built = build(specs, inputs_of(specs, data_folders(specs, {})))
    report = check_datasets(built.datasets, suites=())
    return findings_of((*built.issues, *report.issues), built.datasets, built.raw_keys)


@pytest.fixture(scope="module")
def cuts(tmp_path_factory):
    """The findings of a starter study with two faults, and of its next cut."""
    place = tmp_path_factory.mktemp("cuts")
    first, second = place / "first", place / "second"
    new_study(first)
    events = first / "raw" / "EVENTS.csv"
    text = events.read_text(encoding="utf-8").replace(SICK, BAD_SICK)
    text = text.replace(HEADACHE, HEADACHE.replace("20 JAN", "22 JAN"))
    assert text.count("11 FEB 2025") >= 1
    events.write_text(text, encoding="utf-8")
    shutil.copytree(first, second)
    text = text.replace("Felt sick", "Felt very sick").replace("11 FEB 2025,1,No", "10 FEB 2025,1,No")
    (second / "raw" / "EVENTS.csv").write_text(text.rstrip("\n") + f"\n{EARLIER}\n", encoding="utf-8")
    return findings_of_study(first), findings_of_study(second)


def test_a_record_added_in_the_next_cut_leaves_all_other_ids_the_same(cuts):
    first, second = ({one.id: one for one in cut} for cut in cuts)
    assert set(first) == set(second)
    renumbered = [name for name in first if first[name].key != second[name].key and "SEQ=" in first[name].key]
    assert {first[name].dataset for name in renumbered} >= {"AE", "ADAE"}


def test_a_corrected_date_and_term_change_the_finding_and_not_its_id(cuts):
    first, second = cuts
    life = compare_findings(second, first, ran=Ran.of({("*", "*")}))
    changed = [one for one in life.findings if one.state is State.CHANGED]
    assert [
        (one.rule, one.before, one.value) for one in changed if one.dataset == "AE" and one.variable == "AESTDTC"
    ] == [("start-end", "2025-02-12 / 2025-02-11", "2025-02-12 / 2025-02-10")]
    assert not [one for one in life.findings if one.state in (State.NEW, State.RESOLVED)]


def test_every_finding_of_a_record_names_its_subject_and_its_raw_record(cuts):
    named = [one for one in cuts[0] if one.dataset in ("AE", "ADAE") and one.key]
    assert named
    assert all(one.subject.endswith("101-001") and one.raw[0].startswith("EVENTS RECORDID=2") for one in named)


def test_the_id_is_of_rule_dataset_variable_and_record_alone():
    dataset = with_lineage(ae("S U-1 1 2015-01-01 pain Y"), "raw.AE:0")
    expected = finding_id("AE-RULE", "AE", "AESER", "raw.AE RECORDID=12")
    for said in (
        issue("USUBJID=U-1, AESEQ=1", variable="AESER"),
        issue("USUBJID=U-1, AESEQ=1", variable="AESER", text="Said in other words.", severity=Severity.NOTE),
        issue("USUBJID=U-1, AESEQ=1", variable="AESER", values=("N",), queries=("Why?",), source="elsewhere"),
        issue("USUBJID=U-1, AESTDTC=2015-01-01, AETERM=pain, raw.AE RECORDID=12", variable="AESER"),
        issue("USUBJID=U-1, raw.AE RECORDID=12", variable="AESER"),
    ):
        assert one_of(said, [dataset], raw_keys(AE=[12])).id == expected


def test_records_made_of_one_raw_record_are_told_apart_by_what_was_asked():
    lb = draw("LB", "USUBJID LBSEQ:integer LBTESTCD LBDTC\nU-1 1 ALT 2015-01-01\nU-1 2 AST 2015-01-01",
              keys=("USUBJID", "LBTESTCD", "LBDTC"))  # fmt: skip
    lb = with_lineage(lb, "raw.CHEM:0 raw.CHEM:0")
    found = findings_of(
        [issue("USUBJID=U-1, LBSEQ=1", "USUBJID=U-1, LBSEQ=2", dataset="LB", rule="R")], {"LB": lb}, raw_keys(CHEM=[5])
    )
    assert [one.id for one in found] == [
        finding_id("R", "LB", "", f"raw.CHEM RECORDID=5 | LBTESTCD={test}") for test in ("ALT", "AST")
    ]


def test_records_still_called_the_same_are_counted_in_the_order_of_their_blocks():
    mh = draw(
        "MH", "USUBJID MHSEQ:integer MHTERM MHSTDTC\nU-1 1 late 2014\nU-1 2 early 2015", keys=("USUBJID", "MHTERM")
    )
    mh = with_lineage(mh, "raw.HX:0 raw.HX:0", block=pa.array([1, 0], pa.int16()))
    keys = ("USUBJID=U-1, MHSEQ=1", "USUBJID=U-1, MHSEQ=2")
    found = findings_of([issue(*keys, dataset="MH", rule="R")], {"MH": mh}, raw_keys(HX=[5]))
    of_key = {one.key: one.id for one in found}
    assert of_key[keys[1]] == finding_id("R", "MH", "", "raw.HX RECORDID=5")
    assert of_key[keys[0]] == finding_id("R", "MH", "", "raw.HX RECORDID=5 #2")


def test_a_parameter_of_a_subject_keeps_its_id_when_another_record_decides_it():
    adtte = draw("ADTTE", "USUBJID PARAMCD ADT:date\nU-1 PFS 2015-01-01", stage="adam", keys=("USUBJID", "PARAMCD"))
    said = issue("USUBJID=U-1, PARAMCD=PFS", dataset="ADTTE")
    before = one_of(said, [with_lineage(adtte, "raw.EOS:0")], raw_keys(EOS=[1], RESP=[2]))
    after = one_of(said, [with_lineage(adtte, "raw.RESP:0")], raw_keys(EOS=[1], RESP=[2]))
    assert before.id == after.id == finding_id("AE-RULE", "ADTTE", "", "USUBJID=U-1, PARAMCD=PFS")
    assert (before.raw, after.raw) == (("EOS RECORDID=1",), ("RESP RECORDID=2",))


def test_data_that_were_not_built_here_have_ids_without_sequence_numbers():
    rows = "S U-1 1 2015-01-01 pain Y\nS U-1 2 2015-02-01 rash Y"
    moved = "S U-1 1 2014-12-01 cough N\nS U-1 2 2015-01-01 pain Y\nS U-1 3 2015-02-01 rash Y"
    for keys in (("STUDYID", "USUBJID", "AESTDTC", "AETERM"), ("STUDYID", "USUBJID", "AESEQ"), ()):
        head = "STUDYID USUBJID AESEQ:integer AESTDTC AETERM AESER\n"
        first, second = (draw("AE", head + text, keys=keys) for text in (rows, moved))
        before, after = one_of(issue("USUBJID=U-1, AESEQ=2"), [first]), one_of(issue("USUBJID=U-1, AESEQ=3"), [second])
        assert before.id == after.id, keys
        assert before.key != after.key


def test_a_record_that_no_dataset_has_is_called_by_its_key():
    assert one_of(issue("raw.CM RECORDID=7", dataset="CM")).id == finding_id("AE-RULE", "CM", "", "raw.CM RECORDID=7")
    assert one_of(issue("line 12", dataset="raw.CM")).id == finding_id("AE-RULE", "raw.CM", "", "line 12")


def test_a_key_that_does_not_tell_records_apart_leads_to_none_even_if_there_is_just_one():
    dataset = with_lineage(ae("S U-1 1 2015-01-01 pain Y"), "raw.AE:0")
    found = one_of(issue("USUBJID=U-1", variable="AESER"), [dataset], raw_keys(AE=[12]))
    assert (found.value, found.raw) == ("", ())
    assert found.id == finding_id("AE-RULE", "AE", "AESER", "USUBJID=U-1")


def test_a_record_made_of_many_names_them_all():
    sv = draw("SV", "USUBJID VISITNUM:float\nU-1 1", keys=("USUBJID", "VISITNUM"))
    sv = with_lineage(sv, ".", edges_of((0, "AE", 0), (0, "raw.VS", 1)))
    datasets = [sv, with_lineage(ae("S U-1 1 2015-01-01 pain Y"), "raw.AE:0")]
    found = one_of(issue("USUBJID=U-1, VISITNUM=1.0", dataset="SV"), datasets, raw_keys(AE=[12], VS=[3, 4]))
    assert found.raw == ("AE RECORDID=12", "VS RECORDID=4")


def test_the_order_of_issues_and_of_records_changes_nothing():
    rows = ["S U-1 1 2015-01-01 pain Y", "S U-2 1 2015-02-01 rash Y", "S U-2 2 2015-03-01 rash N"]
    keys = [f"USUBJID=U-{subject}, AESEQ={number}" for subject, number in ((1, 1), (2, 1), (2, 2))]
    origins, ids = ["raw.AE:0", "raw.AE:1", "raw.AE:2"], raw_keys(AE=[12, 13, 14])
    issues = [issue(*keys), issue(*keys[1:], rule="OTHER", variable="AESER")]
    forwards = findings_of(issues, {"AE": with_lineage(ae("\n".join(rows)), " ".join(origins))}, ids)
    turned = with_lineage(ae("\n".join(rows[::-1])), " ".join(origins[::-1]))
    backwards = [issue(*keys[::-1]), issue(*keys[:0:-1], rule="OTHER", variable="AESER")][::-1]
    assert findings_of(backwards, {"AE": turned}, ids) == forwards
