"""Lookups, `include` and qualifiers: columns of other datasets beside the own."""

import pytest
from harness import build_one, is_drawn, picked, trial
from other_rows import DATA, EX, values

from sdtm2adam.errors import InputError, SpecErrors


def test_a_lookup_binds_one_row_for_any_number_of_expressions(tmp_path):
    made = values(tmp_path, """
D: F.EXDOSE
T: lower(F.EXTRT)
L: case when F.EXDOSE > 5 then 'high' when F.EXDOSE is not null then 'low' end
""", head="lookups: {F: {from: EX, order: [EXDT, EXSEQ]}}")  # fmt: skip
    is_drawn(made, "USUBJID D T L\nS1-1 10 a high\nS1-2 5 a low\nS1-3 . . .")
    assert picked(made, "F") == ["EX 0", "EX 3", "-"]


def test_a_lookup_among_sources_sees_what_each_candidate_makes(tmp_path):
    made = values(tmp_path, """
K: F.KIND
D: F.D
T: F.EXTRT
""", head="""lookups:
  F:
    among:
      - {from: EX, where: EXTRT = 'B', const: {KIND: second}, set: {D: EXDOSE * 2}}
      - {from: EX, where: EXTRT = 'A', const: {KIND: first}, set: {D: EXDOSE}}
    order: [_nr, EXSEQ]
""")  # fmt: skip
    is_drawn(made, "USUBJID K D T\nS1-1 first 10 A\nS1-2 second 12 B\nS1-3 . . .")


def test_ties_of_a_lookup_stop_the_build(tmp_path):
    with pytest.raises(InputError, match="ties"):
        values(tmp_path, "T: F.EXTRT", head="lookups: {F: {from: EX, where: EXDT is not null, order: [EXDT]}}")


def test_a_lookup_of_its_own_rows_gives_the_baseline(tmp_path):
    lb = """
    USUBJID LBSEQ:integer P X:float
    S1-1    1             a 5
    S1-1    2             a 7
    S1-1    3             b 1
    S1-2    1             a .
    """
    made = build_one(tmp_path, """dataset: ADLB
keys: [LBSEQ]
lookups: {BL: {from: SELF, by: [USUBJID, P], where: ABLFL = 'Y'}}
records:
  - {from: LB, copy: all}
variables:
  ABLFL: {flag: {by: [USUBJID, P], where: X is not null, order: [LBSEQ]}}
  BASE: BL.X
  CHG: X - BASE
""", sdtm={"LB": lb})  # fmt: skip
    is_drawn(
        made,
        """
    USUBJID LBSEQ ABLFL BASE CHG
    S1-1    1     Y     5    0
    S1-1    2     .     5    2
    S1-1    3     Y     1    0
    S1-2    1     .     .    .
    """,
    )


ADSL = (
    "dataset: ADSL\nkeys: [USUBJID]\nrecords:\n  - {from: DM, copy: [AGE, SEX]}\nvariables:\n"
    "  AGEGR1: {sql: \"case when AGE < 55 then '<55' when AGE >= 55 then '>=55' end\", label: Age "
    "Group}"
)


def test_adsl_is_a_lookup_of_every_other_analysis_dataset(tmp_path):
    ade = (
        "dataset: ADE\nkeys: [EXSEQ]\nrecords:\n  - {from: EX, where: EXSEQ = 1, copy: [EXSEQ]}\n"
        "variables:\n  A: ADSL.AGE + 1"
    )
    built = trial(tmp_path, ADSL, ade, sdtm=DATA).build()
    is_drawn(built.datasets["ADE"], "USUBJID A\nS1-1 51\nS1-2 62")
    assert picked(built.datasets["ADE"], "ADSL") == ["ADSL 0", "ADSL 1"]


@pytest.mark.parametrize(
    ("said", "columns"),
    [
        ("[AGEGR1, SEX]", ["AGEGR1", "SEX"]),
        ("all", ["AGE", "SEX", "AGEGR1"]),
        ("{except: [AGE]}", ["SEX", "AGEGR1"]),
    ],
)
def test_include_brings_columns_of_a_dataset_by_subject_with_their_labels(tmp_path, said, columns):
    ade = (
        f"dataset: ADE\nkeys: [EXSEQ]\ninclude: {{ADSL: {said}}}\nrecords:\n"
        f"  - {{from: EX, where: EXSEQ = 1, copy: [EXSEQ]}}"
    )
    made = trial(tmp_path, ADSL, ade, sdtm=DATA).build().datasets["ADE"]
    included = [name for name in made.frame.column_names if name not in ("STUDYID", "USUBJID", "EXSEQ")]
    assert included == columns
    is_drawn(made, "USUBJID AGEGR1\nS1-1 <55\nS1-2 >=55")
    assert {v.name: v.label for v in made.variables}["AGEGR1"] == "Age Group"


def test_a_variable_that_include_and_a_block_both_make_is_refused(tmp_path):
    ade = (
        "dataset: ADE\nkeys: [EXSEQ]\ninclude: {ADSL: [SEX]}\nrecords:\n"
        "  - {from: EX, copy: [EXSEQ], set: {SEX: EXTRT}}"
    )
    with pytest.raises(SpecErrors, match="two producers"):
        trial(tmp_path, ADSL, ade, sdtm=DATA).build()


def test_the_lineage_of_a_built_source_counts_the_rows_of_its_file(tmp_path):
    ada = "dataset: ADA\nkeys: [EXDOSE]\nrecords:\n  - {from: EX, where: EXDOSE is not null, copy: [EXSEQ, EXDOSE]}"
    adb = (
        "dataset: ADB\nkeys: [EXSEQ, EXDOSE]\nrecords:\n  - {from: ADA, copy: all}\nvariables:\n"
        "  F: {pick: {from: ADA, order: [EXSEQ desc], value: EXDOSE}}"
    )
    ex = "USUBJID EXSEQ:integer EXDOSE:float\nS1-1 1 30\nS1-1 2 20\nS1-1 3 10"
    built = trial(tmp_path, ada, adb, sdtm={"EX": ex}).build()
    source = built.datasets["ADA"].frame["EXSEQ"].to_pylist()
    made = built.datasets["ADB"]
    assert [source[row] for row in made.lineage["source_row"].to_pylist()] == made.frame["EXSEQ"].to_pylist()
    assert [source[row] for row in made.lineage["F.row"].to_pylist()] == [3, 3, 3]


def test_supplemental_qualifiers_are_columns_of_their_dataset(tmp_path):
    supp = """
    USUBJID IDVAR IDVARVAL QNAM  QVAL
    S1-1    EXSEQ 2        BATCH b2
    S1-2    EXSEQ 1        BATCH b1
    S1-2    .     .        NOTE  seen
    """
    made = build_one(
        tmp_path,
        "dataset: ADE\nkeys: [EXSEQ]\nrecords:\n  - {from: EX, copy: [EXSEQ, BATCH, NOTE]}",
        sdtm={"EX": EX, "SUPPEX": supp},
    )
    is_drawn(
        made,
        """
    USUBJID EXSEQ BATCH NOTE
    S1-1    1     .     .
    S1-1    2     b2    .
    S1-1    3     .     .
    S1-2    1     b1    seen
    S1-2    2     .     seen
    """,
    )


def test_a_qualifier_that_stands_twice_for_a_record_is_never_chosen_in_silence(tmp_path):
    supp = "USUBJID IDVAR IDVARVAL QNAM QVAL\nS1-1 EXSEQ 1 Q a\nS1-1 EXSEQ 1 Q b"
    spec = "dataset: ADE\nkeys: [EXSEQ]\nrecords:\n  - {from: EX, copy: [EXSEQ, Q]}"
    with pytest.raises(InputError, match="Q"):
        build_one(tmp_path, spec, sdtm={"EX": EX, "SUPPEX": supp})
