"""T14.3.2.2: counted once, sorted by frequency, uncoded last."""

import pytest
from adam_frames import adsl, drawn, trial
from laws import check_all

from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.spec.subsets import subset_id
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

SUBJECTS = """
    USUBJID  N  CD22GR1N
    01       1  1
    02       1  1
    03       1  2
    04       1  9
    05       2  1
    06       2  2
"""


@pytest.fixture(scope="module")
def events():
    return drawn("""
        USUBJID  AEBODSYS  AEDECOD    ATOXGRN  TRTEMFL  AESEQ
        01       Gut       Nausea     1        Y        1
        01       Gut       Nausea     3        Y        2
        01       Gut       Vomiting   1        Y        3
        02       Gut       Nausea     2        Y        1
        02       Skin      Rash       4        .        2
        03       Blood     anaemia    3        Y        1
        03       Blood     Bruise     2        Y        2
        04       Blood     Bleeding   2        Y        1
        05       Blood     Bruise     5        Y        1
        05       .         .          1        Y        2
        06       .         .          .        Y        1
        99       Gut       Nausea     1        Y        1
    """)


@pytest.mark.bad_input("B074", "B097")
def test_subjects_are_counted_once_and_sorted_by_frequency(report, specs, seen, events):
    results = analyse(specs["T14_3_2_2"], report, {"ADSL": adsl(SUBJECTS), "ADAE": events})
    display = lay_out(specs["T14_3_2_2"], report, results)
    check_all(results, display)
    assert seen(display) == "\n".join(
        [
            "Any TEAE | 2 (100.0) | 1 (100.0) | 1 (100.0) | 1 (100.0) | 4 (100.0) | 2 (100.0)",
            "  Grade ≥3 | 1 (50.0) | 1 (100.0) | 1 (100.0) | 0 | 2 (50.0) | 1 (50.0)",
            "Blood | 0 | 1 (100.0) | 1 (100.0) | 0 | 2 (50.0) | 1 (50.0)",
            "  Grade ≥3 | 0 | 1 (100.0) | 1 (100.0) | 0 | 1 (25.0) | 1 (50.0)",
            "  Bruise | 0 | 1 (100.0) | 1 (100.0) | 0 | 1 (25.0) | 1 (50.0)",
            "    Grade ≥3 | 0 | 1 (100.0) | 0 | 0 | 0 | 1 (50.0)",
            "  anaemia | 0 | 0 | 1 (100.0) | 0 | 1 (25.0) | 0",
            "    Grade ≥3 | 0 | 0 | 1 (100.0) | 0 | 1 (25.0) | 0",
            "  Bleeding | 0 | 0 | 0 | 0 | 1 (25.0) | 0",
            "    Grade ≥3 | 0 | 0 | 0 | 0 | 0 | 0",
            "Gut | 2 (100.0) | 0 | 0 | 0 | 2 (50.0) | 0",
            "  Grade ≥3 | 1 (50.0) | 0 | 0 | 0 | 1 (25.0) | 0",
            "  Nausea | 2 (100.0) | 0 | 0 | 0 | 2 (50.0) | 0",
            "    Grade ≥3 | 1 (50.0) | 0 | 0 | 0 | 1 (25.0) | 0",
            "  Vomiting | 1 (50.0) | 0 | 0 | 0 | 1 (25.0) | 0",
            "    Grade ≥3 | 0 | 0 | 0 | 0 | 0 | 0",
            "Uncoded | 0 | 1 (100.0) | 0 | 1 (100.0) | 0 | 2 (100.0)",
            "  Grade ≥3 | 0 | 0 | 0 | 0 | 0 | 0",
            "  Uncoded | 0 | 1 (100.0) | 0 | 1 (100.0) | 0 | 2 (100.0)",
            "    Grade ≥3 | 0 | 0 | 0 | 0 | 0 | 0",
        ]
    )


def test_members_of_a_cell_are_its_records(report, specs, events):
    results = analyse(specs["T14_3_2_2"], report, {"ADSL": adsl(SUBJECTS), "ADAE": events})
    frame = results.frame
    cell = frame[
        (frame["g4_level"] == "Nausea")
        & (frame["g2_level"] == "CD22 ≥90%")
        & (frame["op_id"] == "M_CNT.n")
        & (frame["subset_id"] == subset_id(specs["T14_3_2_2"].condition))  # of all grades
    ].set_index("g1_level")
    members = results.members[results.members["member_id"] == cell.loc["InO", "member_id"]]
    assert list(zip(members["usubjid"], members["keyseq"], members["role"], strict=True)) == [
        ("01", "1", "NUM"),
        ("01", "2", "NUM"),
        ("02", "1", "NUM"),
    ]
    assert cell.loc["InO", ["n_subj", "n_rec"]].tolist() == [2, 3]


def test_a_term_stays_with_its_grades(report, specs, events):
    results = analyse(specs["T14_3_2_2"], report, {"ADSL": adsl(SUBJECTS), "ADAE": events})
    rows = lay_out(specs["T14_3_2_2"], report, results).sections[0].rows
    nausea = next(at for at, row in enumerate(rows) if row.label == "Nausea")
    assert rows[nausea].keep_with_next
    assert not rows[nausea + 1].keep_with_next
    assert rows[nausea].parents == ("Gut",)
    assert rows[nausea].continued
    assert rows[nausea + 1].parents == ("Gut", "Nausea")


def test_a_class_may_break_but_not_before_its_first_term(report, specs, events):
    results = analyse(specs["T14_3_2_2"], report, {"ADSL": adsl(SUBJECTS), "ADAE": events})
    rows = lay_out(specs["T14_3_2_2"], report, results).sections[0].rows
    gut = next(at for at, row in enumerate(rows) if row.label == "Gut")
    assert [(row.label, row.keep_with_next) for row in rows[gut : gut + 4]] == [
        ("Gut", True),
        ("Grade ≥3", True),
        ("Nausea", True),
        ("Grade ≥3", False),
    ]
    assert rows[gut].gap
    assert not rows[gut].block


def test_cut_off_is_tested_on_the_exact_fraction(report, tmp_path):
    text = (shelf("specs") / "inovate" / "tlf" / "T14_3_2_2.yaml").read_text(encoding="utf-8")
    path = tmp_path / "T14_3_2_2.yaml"
    path.write_text(text.replace("{min_pct: 0}", "{min_pct: 5, in: [ALL]}"), encoding="utf-8")
    spec = load_display_specs([path], report, KINDS)["T14_3_2_2"]
    subjects = adsl("USUBJID N CD22GR1N\n" + "\n".join(f"{at:02d} {1 + at // 40} 1" for at in range(79)))
    lines = [f"{at:02d} Gut Nausea 1 Y 1" for at in range(2)] + ["40 Gut Vomiting 1 Y 1", "07 Skin Rash 1 Y 1"]
    events = drawn("USUBJID AEBODSYS AEDECOD ATOXGRN TRTEMFL AESEQ\n" + "\n".join(lines))
    results = analyse(spec, report, {"ADSL": subjects, "ADAE": events})
    display = lay_out(spec, report, results)
    check_all(results, display)
    labels = [row.label for row in display.sections[0].rows]
    assert "Nausea" in labels  # 2 of 40 is exactly 5 %
    assert "Vomiting" not in labels  # 1 of 39 is 2.6 %
    assert "Skin" not in labels


def test_no_event_at_all(report, specs, events, seen):
    display = lay_out(
        specs["T14_3_2_2"],
        report,
        analyse(specs["T14_3_2_2"], report, {"ADSL": adsl(SUBJECTS), "ADAE": events.iloc[:0]}),
    )
    assert seen(display) == "Any TEAE | 0 | 0 | 0 | 0 | 0 | 0\n  Grade ≥3 | 0 | 0 | 0 | 0 | 0 | 0"


def test_every_listed_term_has_a_subject(report, specs):
    frame = analyse(specs["T14_3_2_2"], report, trial()).frame
    of_all_grades = frame["subset_id"] == subset_id(specs["T14_3_2_2"].condition)
    terms = frame[(frame["g4_level"] != "") & (frame["op_id"] == "M_CNT.n") & of_all_grades]
    assert (terms.groupby("g4_level")["stat"].sum() > 0).all()
