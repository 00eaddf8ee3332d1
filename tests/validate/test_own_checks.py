"""Checks that a study wrote itself: each is read, and one that was put to no data is told."""

from pathlib import Path

import pyarrow as pa
import pytest

from sdtm2adam.errors import SpecErrors
from sdtm2adam.model import Dataset, Severity, Variable
from sdtm2adam.validate.examine import Checks, examine, read_checks
from sdtm2adam.validate.own_checks import refuse_unknown_like, refuse_unread

CHECK = """
  - id: {id}
    severity: error
    text: Good data are good.
    {more}
    select: {select}
"""


def written(study, *checks, name="mine.yaml"):
    place = study / "validation" / "edit_checks" / name
    place.parent.mkdir(parents=True)
    place.write_text("checks:" + "".join(CHECK.format(**{"more": "", **one}) for one in checks), encoding="utf-8")
    return study


def told(study, part=False):
    frame = pa.table({"USUBJID": ["1"], "AETERM": ["Pain"]})
    ae = Dataset(
        "AE", "", "sdtm", "", "", ("USUBJID",), tuple(Variable(one, "", "text") for one in frame.column_names),
        frame, pa.table({}),
    )  # fmt: skip
    read = read_checks(study)
    own = Checks((), tuple(one for one in read.edit_checks if one.id in read.own), read.own)
    return [one for one in examine({"AE": ae}, own, suites=(), part=part).report.issues if one.value in read.own]


@pytest.mark.parametrize(
    ("select", "dataset", "why"),
    [
        ("select AETRM from AE where AETRM is null", "AE", "AE has no AETRM"),
        ("select AETERM from AEE where AETERM is null", "AEE", "there is no AEE"),
        ("select TERM from raw.EVENT where TERM is null", "raw.EVENT", "there is no raw.EVENT"),
        ("select USUBJID from ae where AETERM is null", "ae", "there is no ae (names are in capitals: AE)"),
        ("select a.aeterm from AE as a", "AE", "AE has no aeterm (names are in capitals: AETERM)"),
        ('select AETERM from AE where AETERM = "Pain"', "AE", "a text stands between single quotes"),
    ],
)
def test_a_mistyped_name_is_told_and_is_no_silent_pass(tmp_path, select, dataset, why):
    (issue,) = told(written(tmp_path, {"id": "MINE", "select": select}))
    assert (issue.dataset, issue.rule, issue.severity) == (dataset, "check-not-applicable", Severity.WARNING)
    assert why in issue.text
    assert issue.source.startswith("mine.yaml:")


def test_what_runs_or_asks_for_the_whole_of_a_part_is_not_told(tmp_path):
    runs = {"id": "RUNS", "select": "select AETERM from AE where AETERM is null"}
    whole = {"id": "WHOLE", "more": "whole: yes", "select": "select AETRM from AE where AETRM is null"}
    assert told(written(tmp_path, runs, whole), part=True) == []


@pytest.mark.parametrize("word", ["codelist", "AGE-POSITIVE", "DM-AGE", "label-differs", "MINE"])
def test_what_a_check_is_like_may_be_a_check_an_expectation_or_a_kind(tmp_path, word):
    study = written(tmp_path, {"id": "MINE", "more": f"like: [{word}]", "select": "select AETERM from AE"})
    assert "MINE" in read_checks(study).own


def test_what_a_check_is_like_and_nobody_knows_is_refused(tmp_path):
    study = written(tmp_path, {"id": "MINE", "more": "like: [codelst]", "select": "select AETERM from AE"})
    with pytest.raises(SpecErrors, match=r"MINE: like: codelst is no check\n    to mend: did you mean codelist\?"):
        read_checks(study)


def test_bundled_checks_are_like_what_there_is():
    checks = read_checks()
    everyone = [*checks.rules, *checks.edit_checks]
    refuse_unknown_like(everyone, {check.id for check in everyone}, Path("nowhere"))


def test_bundled_checks_are_not_the_studys_own(tmp_path):
    assert read_checks(tmp_path).own == read_checks().own == frozenset()


@pytest.mark.parametrize(
    "name", ["edit_checks/mine.yml", "edit_check/mine.yaml", "rules/MINE.yaml", "edit_checks/A.YAML"]
)
def test_a_file_that_nobody_reads_is_refused(tmp_path, name):
    place = tmp_path / "validation" / name
    place.parent.mkdir(parents=True)
    place.write_text("checks: []\n", encoding="utf-8")
    with pytest.raises(SpecErrors, match=f"validation/{name}: nobody reads this file"):
        refuse_unread(tmp_path)


def test_a_rule_without_its_file_is_refused(tmp_path):
    (tmp_path / "validation" / "rules" / "MINE" / "passes").mkdir(parents=True)
    (tmp_path / "validation" / "rules" / "MINE" / "passes" / "AE.csv").write_text("USUBJID\n1\n", encoding="utf-8")
    with pytest.raises(SpecErrors, match=r"MINE: has no rule\.yaml"):
        read_checks(tmp_path)
