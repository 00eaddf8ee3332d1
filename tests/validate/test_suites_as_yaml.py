"""Generated suites as YAML: all that is expected, for a person to read, the same whatever the data are."""

import sys
from dataclasses import replace
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "build"))

from drawn_datasets import draw
from harness import trial

from sdtm2adam.resources import shelf
from sdtm2adam.spec.library import read_specs
from sdtm2adam.spec.report import load_report
from sdtm2adam.spec.settings import Naming
from sdtm2adam.spec.yaml import load
from sdtm2adam.validate.as_yaml import suites_as_yaml
from sdtm2adam.validate.raw import raw_suite
from sdtm2adam.validate.results import results_suites
from sdtm2adam.validate.suite import cross_suite, suite_of

DATASETS = {
    one.name: one
    for one in (
        draw("DM", "USUBJID RFSTDTC\nS-1 2024-03-01", keys=("USUBJID",)),
        draw("AE", "USUBJID AESEQ:integer AESER AESTDTC AESTDY:integer\nS-1 1 Y 2024-03-02 2", keys=("AESEQ",),
             AESER={"terms": tuple(f"TERM {n}" for n in range(400)), "extensible": False}),
        draw("ADSL", "USUBJID SAFFL\nS-1 Y", stage="adam", keys=("USUBJID",)),
    )
}  # fmt: skip


def read(tmp_path, text):
    """The text as the strict reader of specs reads YAML."""
    path = tmp_path / "suites.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_each_expectation_stands_there_once_under_its_stage_and_dataset(tmp_path):
    tree = read(tmp_path, suites_as_yaml(DATASETS))
    assert list(tree) == ["sdtm", "adam"]
    shared = tuple(cross_suite(DATASETS))
    for name, dataset in DATASETS.items():
        expected = [one.id for one in (*suite_of(dataset), *(one for one in shared if one.dataset == name))]
        assert [one["id"] for one in tree[dataset.stage][name]] == expected


def test_an_entry_says_what_is_expected_and_a_long_list_says_how_long_it_is(tmp_path):
    entries = {one["id"]: one for one in read(tmp_path, suites_as_yaml(DATASETS))["sdtm"]["AE"]}
    day, terms = entries["AE.study-day.AESTDY+AESTDTC"], entries["AE.codelist.AESER"]
    assert day["text"] == "AESTDY counts the days of AESTDTC from DM.RFSTDTC, which is day 1."
    assert (day["severity"], day["reference"], day["other"]) == ("error", "RFSTDTC", "DM")
    assert (len(terms["terms"]), terms["terms_in_all"]) == (20, "400")
    assert entries["AE.key-unique.USUBJID+AESEQ"]["gate"] == "true"


def test_the_data_change_nothing():
    empty = {name: replace(one, frame=one.frame.slice(0, 0)) for name, one in DATASETS.items()}
    assert suites_as_yaml(empty) == suites_as_yaml(DATASETS)


def test_raw_forms_and_results_are_written_where_their_specs_are_given(tmp_path):
    made = trial(tmp_path / "study", "dataset: DM\nkeys: [USUBJID]\nrecords:\n  - {from: raw.D, set: {AGE: AGE}}",
                 raw={"D": "SUBJECT AGE:integer\n11 50"})  # fmt: skip
    bundled = shelf("specs") / "inovate"
    report = load_report(bundled / "report.yaml", Naming(read_specs(bundled).study.settings))
    tree = read(tmp_path, suites_as_yaml(DATASETS, made.specs, report))
    assert list(tree) == ["raw", "sdtm", "adam", "results"]
    assert [one["id"] for one in tree["raw"]["raw.D"]] == [one.id for one in raw_suite(made.specs, "D")]
    suites = results_suites(report, datasets={"ADSL": DATASETS["ADSL"]})
    assert [one["id"] for one in tree["results"]["ARD"]] == [one.id for one in suites[0]]
