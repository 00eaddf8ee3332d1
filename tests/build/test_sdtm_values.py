"""SDTM: produced values become values of their variable's domain: terms, dates, numbers, trimmed texts."""

from harness import STUDY, is_drawn, origins, told, trial

MAPS = STUDY + "maps: {SEX: {Mann: M}, AESEV: {Bad: SEVERE}, AETOXGR: {Grade 1: 1, Grade 2: 2}}\n"


def dm(folder, set_, raw, study=MAPS, **more):
    """DM from the form D with what `set` says."""
    spec = f"dataset: DM\nkeys: [USUBJID]\nrecords:\n  - from: raw.D\n    set: {set_}\n"
    return trial(folder, spec, raw={"D": raw}, study=study, **more).build()


def test_a_raw_record_knows_its_study_domain_and_subject(tmp_path):
    built = dm(tmp_path, "{SUBJID: SUBJECT}", "SUBJECT X\n11 .\n12 .")
    is_drawn(built.datasets["DM"], "STUDYID DOMAIN USUBJID SUBJID\nS1 DM S1-11 11\nS1 DM S1-12 12")
    assert origins(built.datasets["DM"]) == ["raw.D 0", "raw.D 1"]


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


def test_dates_become_iso_8601_at_the_precision_collected(tmp_path):
    built = dm(
        tmp_path,
        "{RFSTDTC: D, BRTHDTC: [D, T]}",
        """
    SUBJECT D           T
    11      05_JAN_2014 9:05
    12      UN_FEB_2014 .
    13      UN_UNK_2014 .
    14      5_feb_2014  23:59:59
    15      13/04/2014  .
    16      .           .
    17      UN_UNK_UNK  .
    """,
    )
    is_drawn(
        built.datasets["DM"],
        """
    USUBJID RFSTDTC    BRTHDTC
    S1-11   2014-01-05 2014-01-05T09:05
    S1-12   2014-02    2014-02
    S1-13   2014       2014
    S1-14   2014-02-05 2014-02-05T23:59:59
    S1-15   2014-04-13 2014-04-13
    S1-16   .          .
    S1-17   .          .
    """,
    )
    assert told(built) == []


def test_what_is_no_date_or_time_is_missing_and_told(tmp_path):
    study = MAPS.replace("DD/MM/YYYY", "DD/MM/YYYY, MM/DD/YYYY")
    built = dm(tmp_path, "{RFSTDTC: D, BRTHDTC: [D, T]}", """
    SUBJECT D           T
    11      31_FEB_2014 .
    12      03/04/2014  .
    13      05_JAN_2014 25:00
    14      .           9:05
    15      tomorrow    .
    """, study=study)  # fmt: skip
    is_drawn(
        built.datasets["DM"],
        """
    USUBJID RFSTDTC    BRTHDTC
    S1-11   .          .
    S1-12   .          .
    S1-13   2014-01-05 2014-01-05
    S1-14   .          .
    S1-15   .          .
    """,
    )
    assert sorted(told(built, "rule", "variable", "value")) == [
        ("date-unreadable", "BRTHDTC", "03/04/2014"), ("date-unreadable", "BRTHDTC", "31 FEB 2014"),
        ("date-unreadable", "BRTHDTC", "tomorrow"), ("date-unreadable", "RFSTDTC", "03/04/2014"),
        ("date-unreadable", "RFSTDTC", "31 FEB 2014"), ("date-unreadable", "RFSTDTC", "tomorrow"),
        ("time-unreadable", "BRTHDTC", "05 JAN 2014 / 25:00"), ("time-without-date", "BRTHDTC", "9:05"),
    ]  # fmt: skip


def test_the_end_of_a_day_becomes_the_start_of_the_next_and_is_told(tmp_path):
    spec = """
dataset: CE
keys: [CETERM]
records: [{from: raw.F, set: {CETERM: T, CESTDTC: [D, H], CEENDTC: {sql: M, formats: [MM/DD/YYYY HH:MI]}}}]
"""
    rows = (
        "SUBJECT T D           H     M\n1 A 31_DEC_2013 24:00 02/28/2012_24:00\n1 B 31_DEC_2013 9:05 02/28/2012_09:05"
    )
    built = trial(tmp_path, spec, raw={"F": rows}).build()
    is_drawn(built.datasets["CE"], """
        CETERM CESTDTC          CEENDTC
        A      2014-01-01T00:00 2012-02-29T00:00
        B      2013-12-31T09:05 2012-02-28T09:05
    """)  # fmt: skip
    assert told(built, "rule", "severity", "variable", "value") == [
        ("time-end-of-day", "note", "CEENDTC", "02/28/2012 24:00"),
        ("time-end-of-day", "note", "CESTDTC", "31 DEC 2013 / 24:00"),
    ]


def test_a_variable_may_have_date_formats_of_its_own(tmp_path):
    built = dm(tmp_path, "{RFSTDTC: {sql: D, formats: [MM/DD/YYYY]}, RFENDTC: D}", "SUBJECT D\n11 03/04/2014")
    is_drawn(built.datasets["DM"], "RFSTDTC RFENDTC\n2014-03-04 2014-04-03")


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


def test_a_form_of_dates_that_cannot_be_is_told_before_data_are_read(tmp_path):
    spec = "dataset: DM\nkeys: [USUBJID]\nrecords:\n  - {from: raw.D, set: {RFICDTC: D}}\n"
    study = STUDY.replace("DD/MM/YYYY", "DD-MMM-YYYY")
    made = trial(tmp_path, spec, raw={"D": "SUBJECT D\n11 ."}, study=study)
    assert "the form of dates 'DD-MMM-YYYY' has 'M', which is no part of a date" in made.fault(lint_only=True)


def test_a_time_in_the_date_and_one_beside_it_are_never_chosen_from_in_silence(tmp_path):
    raw = """
    SUBJECT D                   T
    11      2014-01-05T10:00    08:15
    12      2014-01-05T10:00    10:00:30
    13      2014-01-05T10:00:30 10:00
    14      2014-01             08:15
    15      2014-01-05          08:15
    16      2014-01-05T00:00    8:15
    """
    built = dm(tmp_path, "{RFICDTC: [D, T]}", raw)
    is_drawn(built.datasets["DM"], """
        USUBJID RFICDTC
        S1-11   2014-01-05
        S1-12   2014-01-05T10:00:30
        S1-13   2014-01-05T10:00:30
        S1-14   2014-01
        S1-15   2014-01-05T08:15
        S1-16   2014-01-05
    """)  # fmt: skip
    found = [(i.rule, i.severity, i.value) for i in built.issues if i.rule.startswith("time-")]
    assert sorted(found) == [
        ("time-not-kept", "note", "2014-01 / 08:15"),
        ("time-twice", "error", "2014-01-05T00:00 / 8:15"),
        ("time-twice", "error", "2014-01-05T10:00 / 08:15"),
    ]
