"""Maximum grade: a subject once per level, at its worst; grades that are missing are told, never filled in."""

import pytest
from adam_frames import adsl, drawn
from laws import check_all

from sdtm2adam.errors import InputError
from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

SUBJECTS = """
    USUBJID  N  CD22GR1N
    01       1  1
    02       1  1
    03       1  2
    04       2  1
    05       2  2
"""
EVENTS = """
    USUBJID  AEBODSYS  AEDECOD   ATOXGRN  TRTEMFL  AESEQ
    01       Gut       Nausea    1        Y        1
    01       Gut       Nausea    3        Y        2
    01       Gut       Nausea    3        Y        3
    01       Gut       Vomiting  2        Y        4
    01       Skin      Rash      5        .        5
    02       Gut       Nausea    .        Y        1
    02       Gut       Vomiting  2        Y        2
    03       Gut       Vomiting  .        Y        1
    04       Gut       Nausea    4        Y        1
    04       Gut       Nausea    .        Y        2
"""


@pytest.fixture(scope="module")
def spec(report, naming):
    folder = shelf("specs") / "inovate" / "tlf"
    paths = [folder / f"{name}.yaml" for name in ("T14_3_2_2", "T14_3_2_3")]
    return load_display_specs(paths, report, KINDS, naming)["T14_3_2_3"]


def made(spec, report, events: str = EVENTS):
    results = analyse(spec, report, {"ADSL": adsl(SUBJECTS), "ADAE": drawn(events)})
    display = lay_out(spec, report, results)
    check_all(results, display)
    return results, display


def all_subjects(display) -> list[tuple[str, str, str]]:
    """Label, InO and SC of all subjects, row by row; zero rows left out."""
    rows = [(row.label, row.cells[4].text, row.cells[5].text) for row in display.sections[0].rows]
    return [row for row in rows if row[1:] != ("0", "0")]


@pytest.mark.bad_input("B097")
def test_a_subject_is_counted_at_the_worst_grade_of_each_level(report, spec):
    assert all_subjects(made(spec, report)[1]) == [
        ("Any TEAE", "3 (100.0)", "1 (50.0)"),
        ("Grade 2", "1 (33.3)", "0"),  # 02 by Vomiting: the nausea without grade does not make it missing
        ("Grade 3", "1 (33.3)", "0"),
        ("Grade 4", "0", "1 (50.0)"),
        ("Grade missing", "1 (33.3)", "0"),
        ("Gut", "3 (100.0)", "1 (50.0)"),
        ("Grade 2", "1 (33.3)", "0"),
        ("Grade 3", "1 (33.3)", "0"),
        ("Grade 4", "0", "1 (50.0)"),
        ("Grade missing", "1 (33.3)", "0"),
        ("Vomiting", "3 (100.0)", "0"),
        ("Grade 2", "2 (66.7)", "0"),
        ("Grade missing", "1 (33.3)", "0"),
        ("Nausea", "2 (66.7)", "1 (50.0)"),
        ("Grade 3", "1 (33.3)", "0"),
        ("Grade 4", "0", "1 (50.0)"),
        ("Grade missing", "1 (33.3)", "0"),
    ]


@pytest.mark.bad_input("B097")
def test_grades_and_missing_sum_to_the_row_above(report, spec):
    rows = made(spec, report)[1].sections[0].rows

    def n(row) -> list[int]:
        return [int(cell.text.split()[0]) for cell in row.cells]

    for at, row in enumerate(rows):
        grades = [
            below for below in rows[at + 1 :] if below.parents == (*row.parents, row.label) and "Grade" in below.label
        ]
        if grades:
            assert n(row) == [sum(cells) for cells in zip(*map(n, grades), strict=True)], row.label


def test_a_row_of_missing_grades_is_printed_only_where_somebody_is_in_it(report, spec):
    _, display = made(
        spec, report, EVENTS.replace("03       Gut       Vomiting  . ", "03       Gut       Vomiting  1 ")
    )
    rows = display.sections[0].rows
    assert [row.parents[-1] for row in rows if row.label == "Grade missing"] == ["Nausea"]
    shell = lay_out(spec, report, None)
    assert [row.label for row in shell.sections[0].rows].count("Grade missing") == 3


def test_members_of_a_grade_are_the_records_at_it(report, spec):
    results, _ = made(spec, report)
    frame = results.frame
    cell = frame[
        (frame["g4_level"] == "Nausea")
        & (frame["params"] == "worst=ADAE.ATOXGRN;level=3")
        & (frame["g1_level"] == "InO")
        & (frame["g2_level"] == "")
        & (frame["op_id"] == "M_CNT.n")
    ]
    members = results.members[results.members["member_id"] == cell["member_id"].iloc[0]]
    assert list(zip(members["usubjid"], members["keyseq"], strict=True)) == [("01", "2"), ("01", "3")]
    assert cell[["stat", "n_subj", "n_rec"]].iloc[0].tolist() == [1, 1, 2]


def test_a_grade_that_the_table_does_not_list_stops(report, spec):
    with pytest.raises(InputError) as error:
        made(spec, report, EVENTS.replace("04       Gut       Nausea    4 ", "04       Gut       Nausea    6 "))
    assert error.value.what == ("1 subjects have a largest ADAE.ATOXGRN that the table does not list: 6 (first: 04)")
    assert error.value.where.startswith("T14_3_2_3.yaml:")


def test_no_event_has_no_missing_grade(report, spec):
    _, display = made(spec, report, "\n".join(EVENTS.splitlines()[:2]) + "\n    99 Gut Nausea 1 Y 1\n")
    assert [row.label for row in display.sections[0].rows] == ["Any TEAE", *(f"Grade {at}" for at in range(1, 6))]
