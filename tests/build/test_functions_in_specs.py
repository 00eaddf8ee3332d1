"""Imputation flags, recode and cast in specs: what they give, and what they tell."""

import pyarrow as pa
import pytest
from harness import build_one, is_drawn, told, trial, write_parquet

AE = """
USUBJID N:integer DTC              G
S1-1    1         2014-02-03T10:15 1
S1-1    2         2014-02          2
S1-1    3         2014             9
S1-1    4         .                .
"""


def test_the_imputation_flag_is_that_of_the_rule_that_made_the_date(tmp_path):
    made = build_one(tmp_path, """dataset: ADX
keys: [N]
records:
  - {from: AE, copy: [N, DTC]}
variables:
  ADT: "dt(DTC, impute := 'first')"
  ADTF: {imputed: ADT}
  BDT: "dt(DTC, impute := 'first', upto := 'D')"
  BDTF: {imputed: BDT}
  CDTM: "dtm(DTC, impute := 'last')"
  CDTF: {imputed: CDTM}
  CTMF: {imputed: CDTM}
""", sdtm={"AE": AE})  # fmt: skip
    is_drawn(
        made,
        """
    N ADT        ADTF BDT        BDTF CDTM                CDTF CTMF
    1 2014-02-03 .    2014-02-03 .    2014-02-03T10:15:59 .    S
    2 2014-02-01 D    2014-02-01 D    2014-02-28T23:59:59 D    H
    3 2014-01-01 M    .          .    2014-12-31T23:59:59 M    H
    4 .          .    .          .    .                   .    .
    """,
    )


def test_the_imputation_flag_of_a_block_is_that_of_its_own_rule(tmp_path):
    ex = "USUBJID N:integer STDTC ENDTC\nS1-1 1 2014-01 2014-02-03"
    made = build_one(tmp_path, """dataset: ADX
keys: [K]
records:
  - {from: EX, const: {K: A}, set: {ADT: "dt(STDTC, impute := 'first')", ADTF: {imputed: ADT}}}
  - {from: EX, const: {K: B}, set: {ADT: "dt(ENDTC, impute := 'first')", ADTF: {imputed: ADT}}}
""", sdtm={"EX": ex})  # fmt: skip
    is_drawn(made, "K ADT ADTF\nA 2014-01-01 D\nB 2014-02-03 .")


def test_recode_maps_values_and_tells_those_it_does_not_know(tmp_path):
    built = trial(tmp_path, """dataset: ADX
keys: [N]
maps:
  NAMED: {1: one, 2: two, _missing: none}
  RANK: {1: 10, 2: 20, _else: 99}
records:
  - {from: AE, copy: [N]}
variables:
  B: recode(G, 'NAMED')
  C: recode(G, 'RANK') + 1
  G: {pick: {from: AE, by: [USUBJID, N], value: G}}
""", sdtm={"AE": AE}).build()  # fmt: skip
    is_drawn(built.datasets["ADX"], "N B C\n1 one 11\n2 two 21\n3 . 100\n4 none .")
    assert told(built, "rule", "variable", "value", "records") == [("recode-unmapped", "B", "9", 1)]


def test_cast_never_stops_a_run_and_tells_what_it_lost(tmp_path):
    built = trial(tmp_path, """dataset: ADX
keys: [N]
records:
  - {from: AE, copy: [N, DTC]}
variables:
  X: cast(DTC as integer)
""", sdtm={"AE": AE}).build()  # fmt: skip
    is_drawn(built.datasets["ADX"], "N X\n1 .\n2 .\n3 2014\n4 .")
    assert sorted(told(built, "rule", "variable", "value", "records")) == [
        ("cast-lost", "X", "2014-02", 1), ("cast-lost", "X", "2014-02-03T10:15", 1),
    ]  # fmt: skip


def test_dates_and_times_that_cannot_be_read_are_told(tmp_path):
    built = trial(tmp_path, """dataset: ADX
keys: [N]
records:
  - {from: XX, copy: [N, DTC]}
variables:
  D: dt(DTC)
  T: dtm(DTC)
""", sdtm={"XX": "USUBJID N:float DTC\n"
           "1 1 2014-02-30\n1 2 2014-02-03T10:15Z\n1 3 2014-02-03T10:15:30+02:00\n1 4 2014-02-03T25:00\n"
           "1 5 2014-02-03T10:15:30.5\n1 6 2014-02-03T10\n1 7 2014-02\n1 8 2014-02-03\n1 9 ."}).build()  # fmt: skip
    assert sorted(told(built, "rule", "variable", "value", "records")) == [
        ("date-lost", "D", "2014-02-30", 1), ("date-lost", "T", "2014-02-30", 1),
        ("time-unclear", "T", "2014-02-03T10:15:30+02:00", 1), ("time-unclear", "T", "2014-02-03T10:15Z", 1),
        ("time-unclear", "T", "2014-02-03T25:00", 1),
    ]  # fmt: skip


def test_texts_that_are_no_partial_date_are_told_and_never_imputed(tmp_path):
    built = trial(tmp_path, """dataset: ADX
keys: [N]
records:
  - {from: XX, copy: [N, DTC]}
variables:
  D: "dt(DTC, impute := 'first', upto := 'Y', min := cast('2014-01-15' as date))"
  T: "dtm(DTC, time := 'last')"
""", sdtm={"XX": "USUBJID N:float DTC\n1 1 29FEB2012\n1 2 NA\n1 3 2014-1-5\n1 4 2014-13\n1 5 20140105\n"
           "1 6 --02-29\n1 7 2014---20\n1 8 2014-01-20T24:00\n1 9 ."}).build()  # fmt: skip
    is_drawn(built.datasets["ADX"], """
    N D          T
    1 .          .
    2 .          .
    3 .          .
    4 .          .
    5 .          .
    6 .          .
    7 2014-01-20 .
    8 2014-01-20 .
    9 2014-01-15 .
    """)  # fmt: skip
    lost = ["2014-1-5", "2014-13", "20140105", "29FEB2012", "NA"]
    expected = [("date-lost", name, text, 1) for name in "DT" for text in lost]
    assert sorted(told(built, "rule", "variable", "value", "records")) == [
        *expected,
        ("time-unclear", "T", "2014-01-20T24:00", 1),
    ]


def test_recode_takes_a_whole_number_for_what_it_is(tmp_path):
    made = build_one(
        tmp_path,
        """dataset: ADX
keys: [N]
maps: {M: {1: one, 2.5: half, _else: other}}
records:
  - {from: XX, copy: [N]}
variables:
  X: recode(N, 'M')
""",
        sdtm={"XX": "USUBJID N:float\n1 1\n1 2.5\n1 3\n1 ."},
    )
    is_drawn(made, "N X\n1 one\n2.5 half\n3 other\n. .")


@pytest.mark.parametrize(
    ("text", "whole", "number", "day"),
    [
        ("5", "5", "5", "."),
        ("-3", "-3", "-3", "."),
        ("2.5", ".", "2.5", "."),
        ("nan", ".", ".", "."),
        ("inf", ".", ".", "."),
        ("-Infinity", ".", ".", "."),
        ("1_000", ".", ".", "."),
        ("1,5", ".", ".", "."),
        ("infinity", ".", ".", "."),
        ("2014-01-05", ".", ".", "2014-01-05"),
        ("2014-1-5", ".", ".", "."),
    ],
)
def test_a_cast_gives_the_same_value_or_none(tmp_path, text, whole, number, day):
    made = trial(
        tmp_path,
        """dataset: ADX
keys: [USUBJID]
records:
  - {from: XX}
lookups: {L: {from: XX}}
variables:
  A: cast(L.T as integer)
  B: cast(L.T as double)
  C: cast(L.T as date)
""",
        sdtm={"XX": f"USUBJID T\n1 {text}"},
    )
    if "_" in text:  # a drawn `_` is a blank
        made.sdtm["XX"] = write_parquet(tmp_path / "data" / "XX.parquet", pa.table({"USUBJID": ["1"], "T": [text]}))
    built = made.build()
    is_drawn(built.datasets["ADX"], f"USUBJID A B C\n1 {whole} {number} {day}")
    assert len(told(built)) == [whole, number, day].count(".")


def test_a_text_is_never_empty(tmp_path):
    made = build_one(
        tmp_path,
        """dataset: ADX
keys: [USUBJID]
records:
  - from: XX
    copy: [T]
    set:
      A: replace(T, 'M', '')
      B: left(T, 0)
      C: trim(' ')
      D: split_part(T, '-', 2)
variables:
  E: {pick: {from: XX, value: "replace(T, 'M', '')", else: "'none'"}}
  F: case when A is null then 'missing' end
  G: {agg: {from: XX, value: "max(replace(T, 'M', ''))"}}
""",
        sdtm={"XX": "USUBJID T\n1 M"},
    )
    is_drawn(made, "T A B C D E F G\nM . . . . . missing .")


def test_the_flag_is_missing_where_the_date_was_taken_away(tmp_path):
    made = build_one(tmp_path, """dataset: ADX
keys: [N]
records:
  - {from: AE, copy: [N]}
variables:
  _DTC: {pick: {from: AE, by: [USUBJID, N], value: DTC}}
  ADT: "case when N <> 2 then dt(_DTC, impute := 'first') end"
  ADTF: {imputed: ADT}
  BDTM: {sql: "dtm(_DTC, impute := 'mid')", when: N > 1}
  BDTF: {imputed: BDTM}
  BTMF: {imputed: BDTM}
""", sdtm={"AE": AE})  # fmt: skip
    is_drawn(
        made,
        """
    N ADT        ADTF BDTM                BDTF BTMF
    1 2014-02-03 .    .                   .    .
    2 .          .    2014-02-15T00:00:00 D    H
    3 2014-01-01 M    2014-07-01T00:00:00 M    H
    4 .          .    .                   .    .
    """,
    )


def test_bounds_that_contradict_each_other_are_told(tmp_path):
    built = trial(tmp_path, """dataset: ADX
keys: [N]
records:
  - {from: AE, copy: [N, DTC]}
variables:
  ADT: "dt(DTC, impute := 'first', min := '2014-02-20', max := date '2014-02-10')"
  BDT: "dt(DTC, impute := 'last', upto := 'D', min := '2014-03-20', max := '2014-02-10')"
""", sdtm={"AE": AE}).build()  # fmt: skip
    is_drawn(
        built.datasets["ADX"], "N ADT BDT\n1 2014-02-03 2014-02-03\n2 2014-02-10 2014-02-10\n3 2014-02-10 .\n4 . ."
    )
    assert sorted(told(built, "rule", "severity", "variable", "value")) == [
        ("date-bounds", "warning", "ADT", "2014"), ("date-bounds", "warning", "ADT", "2014-02"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("date", "says"),
    [
        ("{ADT: dt(DTC), ATMF: {imputed: ADT}}", "'dt(DTC)' makes a date, which has no time to flag"),
        ("{ADT: \"dt(DTC, impute := 'mid', upto := 'Y')\"}", "a date that is missing altogether has no middle"),
        ("{ADT: \"dt(DTC, impute := 'middle')\"}", "impute := 'middle'"),
        ("{ADT: \"dt(DTC, impute := 'first', min := '2014-02')\"}", "min := '2014-02' is no complete date"),
        ("{ADT: \"dt(DTC, impute := 'first', min := DTC)\"}", "ADX.ADT: the expression does not fit its columns"),
        ("{ADTM: \"dtm(DTC, impute := 'last', max := N)\"}", "ADX.ADTM: the expression does not fit its columns"),
    ],
)
def test_rules_of_dates_that_cannot_be_are_told_before_data_are_read(tmp_path, date, says):
    spec = f"dataset: ADX\nkeys: [N]\nrecords:\n  - {{from: AE, copy: [N, DTC]}}\nvariables: {date}\n"
    assert says in trial(tmp_path, spec, sdtm={"AE": AE}).fault(lint_only=True)


def test_of_partial_dates_the_more_complete_one_is_first_and_last(tmp_path):
    ae = "USUBJID K:integer AEDTC\n1 1 2014-02\n1 2 2014-02-03\n1 3 2014\n1 4 --01-01\n1 5 2014-02-03T08\n2 1 2013"
    made = build_one(tmp_path, """dataset: ADX
keys: [K]
records:
  - {from: AE, copy: [K]}
variables:
  AEDTC: {pick: {from: AE, by: [USUBJID, K], value: AEDTC}}
  F: {flag: {order: [AEDTC, K], take: first}}
  L: {flag: {order: [AEDTC, K], take: last}}
  D: {flag: {order: [AEDTC desc, K], take: last}}
  P: {pick: {from: AE, order: [AEDTC], value: AEDTC}}
  M: {agg: {from: AE, value: min(AEDTC)}}
""", sdtm={"AE": ae})  # fmt: skip
    is_drawn(
        made,
        """
    USUBJID K F L D P             M
    1       1 . . . 2014-02-03T08 2014-02-03T08
    1       2 . . . 2014-02-03T08 2014-02-03T08
    1       3 . . . 2014-02-03T08 2014-02-03T08
    1       4 . . . 2014-02-03T08 2014-02-03T08
    1       5 Y Y Y 2014-02-03T08 2014-02-03T08
    2       1 Y Y Y 2013          2013
    """,
    )
