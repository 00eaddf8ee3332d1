"""`pick`, `exists` and `agg`: values that come from rows of other datasets."""

import pytest
from harness import build_one, is_drawn, picked, trial
from other_rows import DATA, DM, EX, values

from sdtm2adam.errors import InputError, SpecErrors

# --- pick -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "take", "values_by_subject", "rows"),
    [
        ("[EXDT, EXSEQ]", "first", "10 5 .", ["EX 0", "EX 3", "-"]),
        ("[EXDT, EXSEQ]", "last", "20 6 .", ["EX 1", "EX 4", "-"]),
        ("[EXSEQ desc]", "first", ". 6 .", ["EX 2", "EX 4", "-"]),
        ("[EXDOSE desc]", "first", "20 6 .", ["EX 1", "EX 4", "-"]),
        ("[EXDOSE desc]", "last", "10 5 .", ["EX 0", "EX 3", "-"]),
        ("[EXDOSE]", "first", "10 5 .", ["EX 0", "EX 3", "-"]),
        ("[EXDOSE]", "last", "20 6 .", ["EX 1", "EX 4", "-"]),
    ],
)
def test_pick_takes_the_first_or_last_row_and_a_missing_order_never_wins(
    tmp_path, order, take, values_by_subject, rows
):
    made = values(tmp_path, f"D: {{pick: {{from: EX, order: {order}, take: {take}, value: EXDOSE}}}}")
    is_drawn(made, "USUBJID D\n" + "\n".join(f"S1-{i} {v}" for i, v in enumerate(values_by_subject.split(), 1)))
    assert picked(made, "D") == rows


def test_pick_takes_else_only_where_no_row_was_found(tmp_path):
    made = values(tmp_path, "D: {pick: {from: EX, where: EXTRT = 'C', value: EXDOSE, else: AGE * 10}}")
    is_drawn(made, "USUBJID D\nS1-1 .\nS1-2 610\nS1-3 .")
    assert picked(made, "D") == ["EX 2", "-", "-"]


def test_pick_compares_with_the_row_being_made(tmp_path):
    made = values(
        tmp_path, "T: {pick: {from: EX, where: EXDT <= THIS.START + 1, order: [EXDT], take: last, value: EXDOSE}}"
    )
    is_drawn(made, "USUBJID T\nS1-1 20\nS1-2 .\nS1-3 .")


def test_pick_by_nothing_joins_a_row_to_a_table_of_windows(tmp_path):
    made = values(
        tmp_path,
        (
            "W: {pick: {from: table.W, by: [], where: THIS.AGE between cast(LO as integer) and cast(HI as "
            "integer), value: NAME}}"
        ),
        head="tables: {W: [{LO: 18, HI: 54, NAME: young}, {LO: 55, HI: 99, NAME: old}]}",
    )
    is_drawn(made, "USUBJID W\nS1-1 young\nS1-2 old\nS1-3 .")
    assert picked(made, "W") == ["table.ADX.W 0", "table.ADX.W 1", "-"]


def test_pick_matches_columns_with_other_names_and_missing_matches_nothing(tmp_path):
    dm = "USUBJID STUDYID AGE:integer START:date SITE\nS1-1 S1 1 . a\nS1-2 S1 2 . .\nS1-3 S1 3 . c"
    made = build_one(tmp_path, """dataset: ADX
keys: [USUBJID]
records:
  - {from: DM, copy: [SITE]}
variables:
  N: {pick: {from: SITES, by: {SITE: CODE}, value: NAME}}
""", sdtm={"DM": dm, "SITES": "CODE NAME\na Alpha\n. Nowhere\nc Gamma"})  # fmt: skip
    is_drawn(made, "USUBJID N\nS1-1 Alpha\nS1-2 .\nS1-3 Gamma")


def test_pick_among_takes_the_first_source_that_has_a_row(tmp_path):
    made = values(tmp_path, """
D:
    pick:
      among: [{from: EX, where: EXTRT = 'B'}, {from: VS, as: {EXDOSE: [VSDOSE]}}]
      order: [_nr]
      ties: any
      value: EXDOSE
""", DATA | {"VS": "USUBJID VSDOSE:float\nS1-1 99\nS1-2 98"})  # fmt: skip
    is_drawn(made, "USUBJID D\nS1-1 99\nS1-2 6\nS1-3 .")
    assert picked(made, "D") == ["VS 0", "EX 4", "-"]


def test_pick_among_orders_all_sources_together_by_date_where_nr_is_not_named(tmp_path):
    vs = "USUBJID EXDT:date EXDOSE:float\nS1-1 2014-01-01 99\nS1-2 2014-03-01 98"
    made = values(
        tmp_path,
        "D: {pick: {among: [{from: EX, where: EXSEQ = 1}, {from: VS}], order: [EXDT], value: EXDOSE}}",
        DATA | {"VS": vs},
    )
    is_drawn(made, "USUBJID D\nS1-1 99\nS1-2 5\nS1-3 .")


def test_pick_of_the_earliest_partial_date_prefers_the_complete_one(tmp_path):
    ex = """
    USUBJID EXSTDTC
    S1-1    2012-10
    S1-1    2012-10-05
    S1-2    2012-10
    S1-2    2012-11-05
    S1-3    2012---20
    S1-3    2012-03-04
    """
    made = values(tmp_path, """
FIRST: {pick: {from: EX, order: [EXSTDTC], value: EXSTDTC}}
LAST: {pick: {from: EX, order: [EXSTDTC], take: last, value: EXSTDTC}}
LOW: {agg: {from: EX, value: min(EXSTDTC)}}
HIGH: {agg: {from: EX, value: max(EXSTDTC)}}
""", {"DM": DM, "EX": ex})  # fmt: skip
    is_drawn(
        made,
        """
    USUBJID FIRST      LAST       LOW        HIGH
    S1-1    2012-10-05 2012-10-05 2012-10-05 2012-10-05
    S1-2    2012-10    2012-11-05 2012-10    2012-11-05
    S1-3    2012-03-04 2012-03-04 2012-03-04 2012-03-04
    """,
    )


def test_pick_without_an_order_wants_at_most_one_row(tmp_path):
    values(tmp_path / "one", "D: {pick: {from: EX, where: EXSEQ = 1, value: EXDOSE}}")
    with pytest.raises(
        InputError, match=r"ADX\.D: pick without order must match at most one row, but 2 rows have more"
    ):
        values(tmp_path / "many", "D: {pick: {from: EX, value: EXDOSE}}")


def test_ties_with_different_values_stop_and_ties_with_equal_values_do_not(tmp_path):
    values(tmp_path / "equal", "D: {pick: {from: EX, where: EXDT is not null, order: [EXDT], take: last, value: EXDT}}")
    with pytest.raises(InputError, match=r"ADX\.D: order \[EXDT\] leaves 1 tie with different values"):
        values(tmp_path / "error", "D: {pick: {from: EX, where: EXDT is not null, order: [EXDT], value: EXDOSE}}")
    made = values(
        tmp_path / "any", "D: {pick: {from: EX, where: EXDT is not null, order: [EXDT], ties: any, value: EXDOSE}}"
    )
    is_drawn(made, "USUBJID D\nS1-1 10\nS1-2 5\nS1-3 .")


def test_when_guards_every_verb(tmp_path):
    made = values(tmp_path, """
A: {pick: {from: EX, order: [EXSEQ], value: EXDOSE}, when: AGE > 55}
B: {exists: {from: EX}, when: AGE > 55}
C: {agg: {from: EX, value: sum(EXDOSE)}, when: AGE > 55}
D: {seq: {by: []}, when: AGE > 55}
E: {flag: {}, when: AGE > 55}
F: {sql: AGE + 1, when: AGE > 55}
G: {const: X, when: AGE > 55}
""")  # fmt: skip
    is_drawn(made, "USUBJID A B C D E F G\nS1-1 . . . . . . .\nS1-2 5 Y 11 2 Y 62 X\nS1-3 . . . . . . .")


# --- exists and agg ---------------------------------------------------------------------------------------------------


def test_exists_flags_those_with_a_matching_row_and_names_the_first(tmp_path):
    made = values(tmp_path, """
E: {exists: {from: EX, where: EXDOSE > 5}}
T: {exists: {from: EX, where: EXDT > THIS.START, then: later, else: never}}
N: {exists: {from: EX, where: EXDOSE > 100, else: null}}
""")  # fmt: skip
    is_drawn(made, "USUBJID E T N\nS1-1 Y later .\nS1-2 Y later .\nS1-3 . never .")
    assert picked(made, "E") == ["EX 0", "EX 4", "-"]
    assert picked(made, "T") == ["EX 1", "EX 3", "-"]


def test_agg_computes_over_the_matching_rows_and_else_stands_where_there_is_none(tmp_path):
    made = values(tmp_path, """
S: {agg: {from: EX, value: sum(EXDOSE)}}
N: {agg: {from: EX, where: EXDOSE is not null, value: count(*), else: 0}}
L: {agg: {from: EX, where: EXDT > THIS.START, value: "sum(EXDOSE * THIS.AGE)"}}
M: {agg: {from: EX, by: [], value: max(EXDOSE)}}
F: {agg: {from: EX, value: min(EXDT)}}
A: {agg: {from: SELF, by: [STUDYID], value: avg(AGE)}}
""")  # fmt: skip
    is_drawn(
        made,
        """
    USUBJID S  N L    M  F          A
    S1-1    30 2 1000 20 2014-01-02 55.5
    S1-2    11 2 671  20 2014-02-01 55.5
    S1-3    .  0 .    20 .          55.5
    """,
    )


def test_else_of_an_agg_does_not_stand_for_rows_without_a_value(tmp_path):
    made = values(tmp_path, """
S: {agg: {from: EX, where: EXDOSE is null, value: sum(EXDOSE), else: 0}}
N: {agg: {from: EX, by: [], where: EXDOSE > 100, value: max(EXDOSE), else: -1}}
C: {agg: {from: EX, by: [], where: EXDOSE > 100, value: count(*), else: -1}}
""")  # fmt: skip
    is_drawn(made, "USUBJID S N C\nS1-1 . -1 -1\nS1-2 0 -1 -1\nS1-3 0 -1 -1")


def test_exists_among_all_rows_is_not_met_by_none(tmp_path):
    made = values(tmp_path, """
E: {exists: {from: EX, by: [], where: EXDOSE > 5, else: N}}
N: {exists: {from: EX, by: [], where: EXDOSE > 100, else: N}}
""")  # fmt: skip
    is_drawn(made, "USUBJID E N\nS1-1 Y N\nS1-2 Y N\nS1-3 Y N")
    assert picked(made, "N") == ["-", "-", "-"]


@pytest.mark.parametrize("ex", [EX.strip().splitlines()[0]])
def test_verbs_over_a_dataset_without_records_find_nothing(tmp_path, ex):
    made = values(tmp_path, """
P: {pick: {from: EX, order: [EXSEQ], value: EXDOSE, else: AGE}}
E: {exists: {from: EX, else: N}}
S: {agg: {from: EX, value: sum(EXDOSE), else: 0}}
L: X.EXDOSE
""", DATA | {"EX": ex}, head="lookups: {X: {from: EX, order: [EXSEQ]}}")  # fmt: skip
    is_drawn(made, "USUBJID P E S L\nS1-1 50 N 0 .\nS1-2 61 N 0 .\nS1-3 . N 0 .")


def test_verbs_for_a_dataset_without_records_make_its_columns(tmp_path):
    made = values(tmp_path, """
P: {pick: {from: EX, order: [EXSEQ], value: EXDOSE}}
E: {exists: {from: EX}}
S: {agg: {from: EX, value: sum(EXDOSE)}}
L: X.EXDOSE
""", DATA | {"DM": DM.strip().splitlines()[0]}, head="lookups: {X: {from: EX, order: [EXSEQ]}}")  # fmt: skip
    assert made.frame.num_rows == 0
    assert made.frame.column_names == ["STUDYID", "USUBJID", "AGE", "START", "P", "E", "S", "L"]


def test_percentiles_are_those_of_definition_5_and_quantile_cont_is_refused(tmp_path):
    made = values(tmp_path / "a", 'Q: {agg: {from: EX, by: [], value: "pctl5(EXDOSE, 0.5)"}}')
    is_drawn(made, "USUBJID Q\nS1-1 8\nS1-2 8\nS1-3 8")
    with pytest.raises(SpecErrors, match=r"quantile_cont|percentile"):
        values(tmp_path / "b", 'Q: {agg: {from: EX, by: [], value: "quantile_cont(EXDOSE, 0.5)"}}')


def test_columns_of_the_data_are_never_mistaken_for_names_of_the_engine(tmp_path):
    names = "B0 O0 K0 V0 G0 T S R J0 E C NUMBER LABEL DAY PLACE CODE"
    rows = [f"S1-1 {n} " + " ".join(str(10 * n + i) for i in range(1, 16)) for n in (1, 2)]
    table = "USUBJID " + " ".join(f"{name}:integer" for name in names.split()) + "\n" + "\n".join(rows)
    made = build_one(
        tmp_path,
        """dataset: ADX
keys: [B0]
records:
  - {from: XX, copy: all}
lookups: {T1: {from: XX, where: B0 <> THIS.B0, order: [B0]}}
variables:
  P1: {pick: {from: XX, order: [K0, B0], value: V0}}
  P2: {pick: {from: XX, where: O0 > THIS.O0 + THIS.B0 - 5, order: [B0], value: O0}}
  P3: {agg: {from: XX, where: B0 > THIS.B0 - 5, value: sum(O0 + THIS.B0 + THIS.O0)}}
  P4: {agg: {from: XX, by: [K0], value: sum(B0)}}
  P5: {flag: {by: [G0], order: [B0, V0]}}
  P6: {seq: {by: [USUBJID], order: [E desc, B0]}}
  P7: T1.S + T1.CODE
""",
        sdtm={"XX": table},
    )
    is_drawn(made, "B0 O0 P1 P2 P3 P4 P5 P6 P7\n1 11 13 11 56 1 Y 2 61\n2 21 13 21 78 2 Y 1 41")


# --- values that an expression inside a verb cannot read -----------------------------------------------------------

LOST = DATA | {
    "EX": """
USUBJID EXSEQ:integer EXDOSE:float EXTRT EXSTDTC
S1-1    1             10           7     2014-01-01
S1-1    2             20           x     2014-02-30
S1-2    1             5            8     2014-01
"""
}


@pytest.mark.parametrize(
    ("verb", "issues"),
    [
        ("pick: {from: EX, order: [EXSEQ], take: last, value: dt(EXSTDTC)}", [("date-lost", "2014-02-30", 1)]),
        ("pick: {from: EX, order: [cast(EXTRT as integer)], value: EXSEQ}", [("cast-lost", "x", 1)]),
        ("pick: {from: EX, where: cast(EXTRT as integer) = 8, value: EXSEQ}", [("cast-lost", "x", 1)]),
        ("pick: {from: EX, where: EXSEQ = 1, value: dt(EXSTDTC)}", []),
        (
            "pick: {from: EX, where: cast(EXTRT as integer) < THIS.AGE, order: [EXSEQ], value: EXSEQ}",
            [("cast-lost", "x", 1)],
        ),
        ("exists: {from: EX, where: dt(EXSTDTC) > THIS.START}", [("date-lost", "2014-02-30", 1)]),
        ("exists: {from: EX, where: EXTRT = 'x'}", []),
        ("agg: {from: EX, value: sum(cast(EXTRT as integer))}", [("cast-lost", "x", 1)]),
        ("agg: {from: EX, value: count(*) filter (where dt(EXSTDTC) is not null)}", [("date-lost", "2014-02-30", 1)]),
    ],
)
def test_what_a_verb_cannot_read_is_told_as_in_any_expression(tmp_path, verb, issues):
    spec = (
        f"dataset: ADX\nkeys: [USUBJID]\nrecords:\n  - {{from: DM, copy: [AGE, START]}}\nvariables:\n  X:\n    {verb}\n"
    )
    built = trial(tmp_path, spec, sdtm=LOST).build()
    lost = [issue for issue in built.issues if issue.rule != "where-matches-nothing"]
    assert [(issue.rule, issue.value, issue.records) for issue in lost] == issues
    assert all(issue.text.startswith("ADX.X: ") and issue.keys for issue in lost)
