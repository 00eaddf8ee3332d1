"""Rules of the tables of safety: exact cut-offs, order by frequency, records counted, columns of one arm."""

import pytest
from adam_frames import adsl, drawn, subjects
from laws import check_all

from sdtm2adam.errors import SpecErrors
from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

FOLDER = shelf("specs") / "inovate" / "tlf"
HEAD = "USUBJID AEBODSYS AEDECOD ATOXGRN TRTEMFL AESEQ"
FLAGS = """\
id: T1
number: Table 1
kind: flags
title: Events
population: AS_SAF
columns: C6
data: {dataset: ADAE, where: "ADAE.TRTEMFL = 'Y'"}
rows:
  - {label: Subjects, where: "ADAE.ATOXGRN >= 1", method: M_CNT, show: n_pct}
  - {label: Events, where: "ADAE.ATOXGRN >= 1", method: M_CNT, show: events}
  - label: InO alone
    where: "ADAE.ATOXGRN >= 3"
    only: [INO]
    method: M_CNT
    show: n_pct
    rows: [{var: ADSL.AGE, label: Age, block: cont_s}]
"""


def listed(report, tmp_path, events: str, population, filters: str = "{min_pct: 5, in: [ALL]}") -> list[str]:
    """The terms of T14.3.2.2 with a cut-off, in their order."""
    text = (FOLDER / "T14_3_2_2.yaml").read_text(encoding="utf-8").replace("{min_pct: 0}", filters)
    (tmp_path / "T14_3_2_2.yaml").write_text(text, encoding="utf-8")
    spec = load_display_specs([tmp_path / "T14_3_2_2.yaml"], report, KINDS)["T14_3_2_2"]
    results = analyse(spec, report, {"ADSL": population, "ADAE": drawn(f"{HEAD}\n{events}")})
    display = lay_out(spec, report, results)
    check_all(results, display)
    return [row.label for row in display.sections[0].rows if row.indent == 1 and not row.label.startswith("Grade")]


def had(term: str, count: int, first: int = 1000) -> str:
    return "\n".join(f"{first + at} Gut {term} 1 Y {sum(map(ord, term))}" for at in range(count))


def test_a_cut_off_is_tested_before_rounding(report, tmp_path):
    """6 of 121 prints 5.0 and is less than 5 percent; 7 is more."""
    population = subjects((1, 1, 121), (2, 1, 121))
    events = "\n".join([had("Rash", 6), had("Nausea", 7)])
    assert listed(report, tmp_path, events, population) == ["Nausea"]
    assert listed(report, tmp_path, events, population, "{min_pct: 0}") == ["Nausea", "Rash"]


def test_one_arm_is_enough_for_a_cut_off(report, tmp_path):
    population = subjects((1, 1, 100), (2, 2, 40))
    assert listed(report, tmp_path, had("Rash", 2, 1100), population) == ["Rash"]  # 2 of 40 on SC, nobody on InO
    assert listed(report, tmp_path, had("Rash", 4), population) == []  # 4 of 100


def test_a_cut_off_looks_at_the_columns_it_names(report, tmp_path):
    population = subjects((1, 1, 20), (1, 2, 180), (2, 1, 20))
    events = had("Rash", 1)
    assert listed(report, tmp_path, events, population) == []  # 1 of 200
    assert listed(report, tmp_path, events, population, "{min_pct: 5, in: [GE90]}") == ["Rash"]  # 1 of 20


def test_frequency_orders_by_inotuzumab_then_standard_then_alphabet(report, tmp_path):
    population = subjects((1, 1, 5), (2, 1, 5))
    events = "\n".join(
        [
            had("zoster", 2),
            had("Abscess", 2),
            had("Cough", 2),
            had("Cough", 1, 1005),
            had("Fall", 1),
            had("Rash", 5, 1005),
        ]
    )
    assert listed(report, tmp_path, events, population, "{min_pct: 0}") == [
        "Cough",
        "Abscess",
        "zoster",
        "Fall",
        "Rash",
    ]


def test_who_has_no_cd22_counts_in_all_subjects(report, tmp_path):
    assert listed(report, tmp_path, had("Rash", 1), subjects((1, 9, 1), (2, 1, 1)), "{min_pct: 0}") == ["Rash"]


@pytest.fixture
def flags(report, naming, tmp_path):
    def read(text: str = FLAGS):
        (tmp_path / "T1.yaml").write_text(text, encoding="utf-8")
        return load_display_specs([tmp_path / "T1.yaml"], report, KINDS, naming)["T1"]

    return read


def test_events_are_records_and_columns_of_another_arm_are_empty(report, flags, seen):
    data = {
        "ADSL": adsl("USUBJID N CD22GR1N AGE\n01 1 1 40\n02 1 1 50\n03 2 1 60"),
        "ADAE": drawn(f"{HEAD}\n01 Gut Nausea 1 Y 1\n01 Gut Nausea 3 Y 2\n03 Gut Nausea 4 Y 1\n03 Gut Nausea 4 . 2"),
    }
    results = analyse(flags(), report, data)
    display = lay_out(flags(), report, results)
    check_all(results, display)
    assert seen(display, "", "Median").split("\n") == [
        "Subjects | 1 (50.0) | 1 (100.0) | 0 | 0 | 1 (50.0) | 1 (100.0)",
        "Events | 2 | 1 | 0 | 0 | 2 | 1",
        "InO alone | 1 (50.0) |  | 0 |  | 1 (50.0) |",
        "  Age",
        "    n | 1 |  | 0 |  | 1 |",
    ]
    assert set(results.frame.loc[results.frame["analysis_id"] == "A_T1_030", "g1_level"]) == {"InO"}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("only: [INO]", "only: [INOO]", "unknown level of the columns 'INOO' -> did you mean INO?"),
        (
            "    only: [INO]\n    method: M_CNT",
            "    worst: {of: ADRS.ATOXGRN, take: [1]}\n    method: M_CNT",
            "unknown variable 'ADRS.ATOXGRN'",
        ),
        (
            "only: [INO]",
            "worst: {of: ADAE.ATOXGRN, take: []}",
            "",
        ),
    ],
    ids=["level", "variable", "nothing to take"],
)
def test_a_wrong_word_is_told_with_its_line(flags, old, new, fault):
    assert old in FLAGS
    with pytest.raises(SpecErrors) as errors:
        flags(FLAGS.replace(old, new))
    told = [f"{error.what} -> {error.mend}" for error in errors.value.errors]
    assert any(line.startswith(fault) for line in told), told
    assert all(error.where.startswith("T1.yaml") for error in errors.value.errors)
