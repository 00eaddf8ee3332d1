"""SDTM: produced values become values of their variable's domain: terms, dates, numbers, trimmed texts."""

import pytest
from demography_study import MAPS, dm
from harness import is_drawn, origins, told, trial


def test_a_raw_record_knows_its_study_domain_and_subject(tmp_path):
    built = dm(tmp_path, "{SUBJID: SUBJECT}", "SUBJECT X\n11 .\n12 .")
    is_drawn(built.datasets["DM"], "STUDYID DOMAIN USUBJID SUBJID\nS1 DM S1-11 11\nS1 DM S1-12 12")
    assert origins(built.datasets["DM"]) == ["raw.D 0", "raw.D 1"]


@pytest.mark.bad_input("B032")
def test_a_term_is_mapped_by_the_study_then_by_terms_synonyms_and_preferred_terms_of_ct(tmp_path):
    built = dm(
        tmp_path,
        "{SEX: S}",
        """
    SUBJECT S
    11      Mann
    12      mann
    13      Male
    14      F
    15      _f_
    16      .
    17      Unknown
    """,
    )
    is_drawn(
        built.datasets["DM"],
        """
    USUBJID SEX
    S1-11   M
    S1-12   M
    S1-13   M
    S1-14   F
    S1-15   F
    S1-16   .
    S1-17   U
    """,
    )
    assert told(built) == []


@pytest.mark.bad_input("B064")
def test_a_value_outside_a_closed_list_stays_as_it_came_and_is_an_error(tmp_path):
    built = dm(tmp_path, "{SEX: S}", "SUBJECT S\n11 Foo\n12 M\n13 Foo")
    is_drawn(built.datasets["DM"], "USUBJID SEX\nS1-11 Foo\nS1-12 M\nS1-13 Foo")
    assert told(built, "rule", "severity", "variable", "value", "records") == [
        ("codelist-unmapped", "error", "SEX", "Foo", 2)
    ]


AE = """dataset: AE
keys: [AESPID]
records:
  - from: raw.A
    set: {AESPID: RECORDID, AETERM: T, AESEV: S, AETOXGR: G, AELOC: L}
"""


def test_a_new_value_of_an_extensible_list_stays_and_a_list_of_the_study_is_closed(tmp_path):
    built = trial(tmp_path, AE, raw={"A": """
    RECORDID SUBJECT T    S    G       L
    1        11      Pain bad  Grade_1 Elbow_pit
    2        11      Pain Mild grade_2 arm
    3        11      Pain mild 2       .
    4        11      Pain mild Gr_3    .
    """}, study=MAPS).build()  # fmt: skip
    is_drawn(
        built.datasets["AE"],
        """
    AESPID AESEV  AETOXGR AELOC
    1      SEVERE 1       Elbow_pit
    2      MILD   2       ARM
    3      MILD   2       .
    4      MILD   Gr_3    .
    """,
    )
    assert told(built, "rule", "severity", "variable", "value") == [
        ("codelist-not-held", "note", "AELOC", "Elbow pit"),  # the bundled excerpt has few of the locations
        ("codelist-unmapped", "error", "AETOXGR", "Gr 3"),
    ]


def test_a_codelist_may_be_named_or_switched_off(tmp_path):
    spec = AE.replace("AESEV: S", "AESEV: {sql: S, codelist: none}").replace(
        "AELOC: L", "AELOC: {sql: L, codelist: NY}"
    )
    built = trial(tmp_path, spec, raw={"A": "RECORDID SUBJECT T S G L\n1 11 Pain bad . Yes"}, study=MAPS).build()
    is_drawn(built.datasets["AE"], "AESEV AELOC\nbad Y")


def test_texts_are_trimmed_and_a_blank_text_is_missing(tmp_path):
    made = trial(tmp_path, AE, raw={"A": "RECORDID SUBJECT T S G L\n1 11 Pain . . .\n2 11 x . . ."}, study=MAPS)
    path = made.raw["A"]
    path.write_text(
        path.read_text(encoding="utf-8").replace("Pain", " \xa0Pain  here\xa0 ").replace("x", " \xa0 "),
        encoding="utf-8",
    )
    assert made.build().datasets["AE"].frame["AETERM"].to_pylist() == ["Pain  here", None]


@pytest.mark.bad_input("B027")
def test_numbers_become_numbers_and_what_is_none_is_told(tmp_path):
    built = dm(tmp_path, "{AGE: A}", "SUBJECT A\n11 50\n12 fifty\n13 .\n14 50.5")
    is_drawn(built.datasets["DM"], "USUBJID AGE\nS1-11 50\nS1-12 .\nS1-13 .\nS1-14 50.5")
    assert told(built, "rule", "variable", "value", "records") == [("not-a-number", "AGE", "fifty", 1)]


def test_a_number_column_counts_in_expressions_and_is_copied_as_it_was_collected(tmp_path):
    built = trial(tmp_path, """dataset: LB
keys: [LBSPID]
records:
  - from: raw.L
    set: {LBSPID: RECORDID, LBORRES: R, LBSTRESN: R * 2}
""", raw={"L": "RECORDID SUBJECT R:number\n1 11 7.10\n2 11 007\n3 11 37\n4 11 x"}).build()  # fmt: skip
    is_drawn(built.datasets["LB"], "LBSPID LBORRES LBSTRESN\n1 7.10 14.2\n2 007 14\n3 37 74\n4 x .")


def test_a_number_of_another_record_is_copied_as_it_was_collected_too(tmp_path):
    spec = """
dataset: CE
keys: [CETERM]
lookups: {MORE: {from: raw.G}}
records: [{from: raw.F, set: {CETERM: T}}]
variables:
  CESPID: {pick: {from: raw.G, value: N}}
  CEREFID: MORE.N
  CEDY: MORE.N
  CEGRPID: {pick: {from: raw.G, value: N + 1}}
"""
    built = trial(tmp_path, spec, raw={"F": "SUBJECT T\n1 A", "G": "SUBJECT N:number\n1 007"}).build()
    is_drawn(built.datasets["CE"], "CESPID CEREFID CEDY CEGRPID\n007 007 7 8")


def test_helpers_are_never_written_and_may_be_coerced_like_a_variable(tmp_path):
    built = trial(tmp_path, """dataset: DM
keys: [USUBJID]
records:
  - {from: raw.D, set: {_S: {sql: S, like: SEX}, _D: {sql: D, like: DTHDTC}}}
variables:
  SEX: _S
  DTHDTC: _D
  DTHFL: {const: Y, when: _D is not null}
""", raw={"D": "SUBJECT S D\n11 Male 05_JAN_2014\n12 F ."}, study=MAPS).build()  # fmt: skip
    is_drawn(built.datasets["DM"], "USUBJID SEX DTHDTC DTHFL\nS1-11 M 2014-01-05 Y\nS1-12 F . .")
    assert not [name for name in built.datasets["DM"].frame.column_names if name.startswith("_")]


def test_datasets_may_need_each_other_as_long_as_variables_do_not(tmp_path):
    built = trial(
        tmp_path,
        """dataset: DM
keys: [USUBJID]
records:
  - {from: raw.D, set: {SUBJID: SUBJECT}}
variables:
  RFSTDTC: {agg: {from: EX, value: min(EXSTDTC)}}
""",
        """dataset: EX
keys: [EXSTDTC]
records:
  - {from: raw.X, set: {EXSTDTC: D}}
variables: {EXSTDY: "study_day(dt(EXSTDTC), dt(DM.RFSTDTC))"}
lookups: {DM: {from: DM}}
""",
        raw={"D": "SUBJECT Z\n11 .\n12 .", "X": "RECORDID SUBJECT D\n1 11 07_JAN_2014\n2 11 05_JAN_2014"},
    ).build()
    is_drawn(built.datasets["DM"], "USUBJID RFSTDTC\nS1-11 2014-01-05\nS1-12 .")
    is_drawn(built.datasets["EX"], "EXSTDTC EXSTDY\n2014-01-05 1\n2014-01-07 3")


def test_supplemental_qualifiers_become_a_dataset_of_their_own(tmp_path):
    built = trial(tmp_path, """dataset: CM
keys: [CMTRT]
records:
  - from: raw.D
    set: {CMTRT: T}
    supp: {BATCH: {sql: B, label: Batch Number}}
variables: {CMSEQ: auto}
supp:
  UPPER: {sql: upper(CMTRT), label: Upper Case}
""", raw={"D": "RECORDID SUBJECT T B\n1 11 b x1\n2 11 a .\n3 12 c x2"}).build()  # fmt: skip
    assert "BATCH" not in built.datasets["CM"].frame.column_names
    is_drawn(
        built.datasets["SUPPCM"],
        """
    RDOMAIN USUBJID IDVAR IDVARVAL QNAM  QLABEL       QVAL
    CM      S1-11   CMSEQ 1        UPPER Upper_Case   A
    CM      S1-11   CMSEQ 2        BATCH Batch_Number x1
    CM      S1-11   CMSEQ 2        UPPER Upper_Case   B
    CM      S1-12   CMSEQ 1        BATCH Batch_Number x2
    CM      S1-12   CMSEQ 1        UPPER Upper_Case   C
    """,
    )


def test_a_qualifier_says_its_origin_and_who_judged(tmp_path):
    built = trial(tmp_path, """dataset: CM
keys: [CMTRT]
maps: {QORIG: {Collected: CRF}}
records:
  - from: raw.D
    set: {CMTRT: T}
    supp:
      BATCH: {sql: B, label: Batch Number}
      HIT: {const: Y, when: CMTRT = 'a', label: Hit, eval: ADJUDICATOR}
      ALL: {const: Y, label: All}
variables: {CMSEQ: auto}
""", raw={"D": "RECORDID SUBJECT T B\n1 11 a x1\n2 12 b x2"}).build()  # fmt: skip
    is_drawn(
        built.datasets["SUPPCM"],
        """
    USUBJID QNAM  QVAL QORIG    QEVAL
    S1-11   ALL   Y    Assigned .
    S1-11   BATCH x1   CRF      .
    S1-11   HIT   Y    Derived  ADJUDICATOR
    S1-12   ALL   Y    Assigned .
    S1-12   BATCH x2   CRF      .
    """,
    )
