"""Which checks ran on which datasets: only what was looked at again can be resolved."""

from dataclasses import replace

from sdtm2adam.model import Finding, Severity
from sdtm2adam.spec.yaml import loads
from sdtm2adam.validate.examine import Examined
from sdtm2adam.validate.ran import what_ran
from sdtm2adam.validate.run import LookedAt, Report
from sdtm2adam.validate.sql.check import check_of
from sdtm2adam.validate.sql.run import Findings, Ran

TEXT = "id: {}\nseverity: error\ntext: It is so.\n{}select: select {} from {}"
OF_EVENTS = check_of(loads(TEXT.format("OF-EVENTS", "for: [EVENTS]\n", "USUBJID", "DATASET"), "r"), "r")
OF_TEXTS = check_of(loads(TEXT.format("OF-TEXTS", "", "dataset", "meta.texts"), "r"), "r")
REPORT = Report((), (LookedAt("AE", 9, 5, 20), LookedAt("CM", 9, 5, 19, 0, 1), LookedAt("MH", 9, 5, 20)))
BEFORE = [Finding("1", "CORE-000001", Severity.WARNING, "AE", "", "", "", "")]


def covered(*ran, datasets=None, rule="any"):
    found = what_ran(Examined(REPORT, Findings((), ran)), REPORT, BEFORE, datasets, None)
    return {name for name in ("AE", "CM", "MH", "raw.AE") if found.covers(rule, name)}


def test_a_dataset_with_an_expectation_that_could_not_run_was_not_looked_at():
    assert covered() == {"AE", "MH", "raw.AE"}


def test_only_the_stage_that_is_told_was_looked_at():
    assert covered(datasets=frozenset({"AE"})) == {"AE"}


def test_a_check_covers_the_datasets_it_ran_on():
    assert covered(Ran(OF_EVENTS, "ran", ("AE",)), rule="OF-EVENTS") == {"AE", "raw.AE"}
    assert covered(Ran(OF_EVENTS, "not applicable"), rule="OF-EVENTS") == set()
    assert covered(Ran(OF_EVENTS, "could not run", ("AE",), "why"), rule="OF-EVENTS") == set()


def test_a_check_of_metadata_covers_all_datasets():
    assert covered(Ran(OF_TEXTS, "ran", ("meta.texts",)), rule="OF-TEXTS") == {"AE", "MH", "raw.AE"}


def test_rules_of_an_engine_that_was_not_asked_did_not_run():
    assert covered(rule="CORE-000001") == set()


def test_a_dataset_of_the_cut_before_that_is_gone_or_empty_of_columns_was_not_looked_at():
    report = Report((), (LookedAt("AE", 9, 5, 20), LookedAt("LB", 0, 0, 0)))
    before = [replace(BEFORE[0], rule="key", dataset=name) for name in ("AE", "CM", "LB", "STUDY", "raw.AE")]
    found = what_ran(Examined(report), report, before, None, None)
    assert {one.dataset for one in before if not found.why_not(one)} == {"AE", "STUDY", "raw.AE"}
    assert "not there now" in found.why_not(before[1])


def test_of_a_variable_that_is_gone_no_record_was_looked_at():
    of_record = replace(BEFORE[0], rule="codelist", variable="AESEV", key="AESEQ=1")
    of_all = replace(of_record, rule="columns", key="")
    found = what_ran(Examined(REPORT), REPORT, [of_record, of_all], None, None, {"AE": ["USUBJID", "AESEQ"]})
    assert "its dataset or variable is not there now" in found.why_not(of_record)
    assert not found.why_not(of_all)
    of_build = replace(of_record, rule="cast-lost", variable="_WORK")
    assert not what_ran(Examined(REPORT), REPORT, [of_build], None, None, {"AE": ["AESEQ"]}).why_not(of_build)
    there = what_ran(Examined(REPORT), REPORT, [of_record], None, None, {"AE": ["USUBJID", "AESEQ", "AESEV"]})
    assert not there.why_not(of_record)


def test_what_is_of_another_stage_says_so():
    columns = {"AE": ["AETERM"], "ADSL": ["AGE"]}
    before = [replace(BEFORE[0], rule="codelist", dataset=name, key="X=1") for name in ("AE", "ADSL", "ADTTE")]
    report = Report((), (LookedAt("AE", 9, 5, 20),))
    found = what_ran(Examined(report), report, before, frozenset({"AE"}), None, columns)
    assert [found.why_not(one).strip(" ()").rpartition("; ")[2] for one in before] == [
        "", "its stage was not checked now", "its dataset or variable is not there now",
    ]  # fmt: skip
