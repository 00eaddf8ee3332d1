"""`agg` and `pick` blocks: one row per group, one per subject found."""

import pytest
from harness import is_drawn, origins
from response_study import DATA, RS, SUBJECTS, made_of

from sdtm2adam.errors import InputError, SpecErrors

# --- agg --------------------------------------------------------------------------------------------------------------

GROUPS = """keys: [V]
records:
  - agg: {from: RS, by: [USUBJID, V], where: V <> 'SD', value: {N: count(*), ADT: max(ADT)}}
    const: {PARAMCD: N}
"""


def test_agg_makes_one_row_for_each_group_with_its_values(tmp_path):
    made = made_of(tmp_path, GROUPS)
    is_drawn(made, """
    STUDYID USUBJID V  N ADT        PARAMCD
    S1      S1-1    CR 1 2014-02-01 N
    S1      S1-1    PD 1 2014-03-01 N
    S1      S1-2    PD 1 2014-03-05 N
    """)  # fmt: skip


def test_agg_takes_missing_values_as_a_group_of_their_own_and_sums_what_is_there(tmp_path):
    lb = "USUBJID VISIT X:float\nS1-1 . 1\nS1-1 . .\nS1-1 V1 .\nS1-2 V1 2.5\nS1-2 V1 0.5"
    made = made_of(tmp_path, """keys: [VISIT]
records:
  - agg:
      from: LB
      by: [USUBJID, VISIT]
      value: {S: sum(X), N: count(X), ALL: count(*), MID: median(X), Q: "pctl5(X, 0.25)"}
    const: {PARAMCD: N}
""", {"LB": lb})  # fmt: skip
    is_drawn(
        made,
        """
    USUBJID VISIT S N ALL MID Q
    S1-1    V1    . 0 1   .   .
    S1-1    .     1 1 2   1   1
    S1-2    V1    3 2 2   1.5 0.5
    """,
    )


def test_agg_over_nothing_makes_nothing(tmp_path):
    made = made_of(tmp_path, GROUPS, DATA | {"RS": RS.strip().splitlines()[0]})
    assert made.frame.num_rows == 0


def test_agg_may_be_filtered_by_what_it_found_and_its_own_rows_be_counted_again(tmp_path):
    made = made_of(tmp_path, """keys: [USUBJID]
work:
  - {id: EACH, agg: {from: RS, by: [USUBJID, V], value: {N: count(*)}}}
records:
  - agg: {from: EACH, by: [USUBJID], value: {KINDS: count(*), ALL: sum(N)}}
    const: {PARAMCD: N}
    having: KINDS >= 2
""")  # fmt: skip
    is_drawn(made, "USUBJID KINDS ALL\nS1-1 2 2\nS1-2 2 2")


# --- pick -------------------------------------------------------------------------------------------------------------

BEST = """keys: [PARAMCD]
records:
  - id: BOR
    per: SUBJ
    pick:
      among:
        - {from: RS, where: V = 'CR'}
        - {from: RS, where: V = 'SD' and ADT >= THIS.START + 5, const: {AVALC: STABLE}, set: {D: ADT - THIS.START}}
      order: [_nr, ADT]
      const: {FOUND: Y}
      else: {const: {AVALC: MISSING, FOUND: N}, set: {ADT: START}}
    set: {AVAL: "case when V = 'CR' then 1 else 2 end", ARM: THIS.ARM}
    copy: [V, ADT]
    const: {PARAM: Best Response}
"""


def test_pick_makes_a_row_per_subject_from_the_first_source_that_has_one_or_from_else(tmp_path):
    made = made_of(tmp_path, BEST)
    is_drawn(
        made,
        """
    USUBJID PARAMCD V  ADT        AVALC   FOUND AVAL ARM PARAM
    S1-1    BOR     CR 2014-02-01 .       Y     1    A   Best_Response
    S1-2    BOR     SD 2014-02-01 STABLE  Y     2    A   Best_Response
    S1-3    BOR     .  2014-01-10 MISSING N     2    A   Best_Response
    S1-4    BOR     .  .          MISSING N     2    A   Best_Response
    S1-5    BOR     .  2014-01-10 MISSING N     2    B   Best_Response
    """,
    )


def test_pick_remembers_the_row_it_picked_and_from_which_source(tmp_path):
    assert origins(made_of(tmp_path, BEST)) == ["RS 0", "RS 3", "None None", "None None", "None None"]


def test_pick_without_else_makes_no_row_for_those_without_any(tmp_path):
    made = made_of(tmp_path, "keys: [PARAMCD]\nrecords:\n  - {id: P, per: SUBJ, pick: {from: RS, order: [ADT]}}")
    is_drawn(made, "USUBJID PARAMCD ADT V RSSEQ\nS1-1 P 2014-02-01 CR 1\nS1-2 P 2014-02-01 SD 2")


def test_pick_with_an_empty_else_makes_a_row_of_missing_values(tmp_path):
    body = "keys: [PARAMCD]\nrecords:\n  - {id: P, per: SUBJ, pick: {from: RS, order: [ADT], take: last, else: {}}}"
    is_drawn(
        made_of(tmp_path, body),
        """
    USUBJID PARAMCD ADT        V
    S1-1    P       2014-03-01 PD
    S1-2    P       2014-03-05 PD
    S1-3    P       .          .
    S1-4    P       .          .
    S1-5    P       .          .
    """,
    )


def test_pick_with_an_empty_copy_carries_nothing(tmp_path):
    body = "keys: [PARAMCD]\nrecords:\n  - {id: P, per: SUBJ, pick: {from: RS, order: [ADT]}, copy: []}"
    assert made_of(tmp_path, body).frame.column_names == ["STUDYID", "USUBJID", "PARAMCD"]


@pytest.mark.parametrize("per", ["per: {from: SUBJ, where: ARM = 'B'}", "per: SUBJ, where: ARM = 'B'"])
def test_who_is_said_by_per_or_by_where(tmp_path, per):
    body = f"keys: [PARAMCD]\nrecords:\n  - {{id: P, {per}, pick: {{from: RS, order: [ADT], else: {{}}}}}}"
    is_drawn(made_of(tmp_path, body), "USUBJID V\nS1-5 .")


def test_a_where_beside_per_with_a_from_is_not_lost(tmp_path):
    body = (
        "keys: [PARAMCD]\nrecords:\n"
        "  - {id: P, per: {from: SUBJ}, where: ARM = 'B', pick: {from: RS, order: [ADT], else: {}}}"
    )
    try:
        made = made_of(tmp_path, body)
    except SpecErrors:
        return  # saying so is right too
    is_drawn(made, "USUBJID V\nS1-5 .")


def test_pick_starts_from_the_rows_of_a_block_if_per_says_so(tmp_path):
    made = made_of(tmp_path, """keys: [PARAMCD]
work:
  - {id: CR, from: RS, where: V = 'CR'}
records:
  - {id: P, per: CR, pick: {from: RS, where: ADT > THIS.ADT, order: [ADT]}, set: {DAYS: ADT - THIS.ADT}, copy: [V]}
""")  # fmt: skip
    is_drawn(made, "USUBJID PARAMCD V DAYS\nS1-1 P PD 28")


def test_pick_of_one_subject_alone_is_what_it_is_among_others(tmp_path):
    alone = "\n".join(SUBJECTS.strip().splitlines()[:2])
    made = made_of(tmp_path, BEST, {"SUBJ": alone, "RS": RS})
    is_drawn(made, "USUBJID PARAMCD V ADT AVAL\nS1-1 BOR CR 2014-02-01 1")


def test_pick_per_nobody_makes_nothing(tmp_path):
    assert made_of(tmp_path, BEST, DATA | {"SUBJ": SUBJECTS.strip().splitlines()[0]}).frame.num_rows == 0


def test_a_condition_of_a_pick_reads_the_source_and_not_what_the_pick_makes(tmp_path):
    made = made_of(tmp_path, """keys: [PARAMCD]
records:
  - id: P
    per: SUBJ
    pick: {from: RS, where: V = 'CR', order: [ADT], const: {V: Y}, else: {const: {V: N}}}
    copy: [ADT]
""")  # fmt: skip
    is_drawn(made, "USUBJID V ADT\nS1-1 Y 2014-02-01\nS1-2 N .\nS1-3 N .\nS1-4 N .\nS1-5 N .")


def test_many_rows_without_an_order_stop_the_build(tmp_path):
    with pytest.raises(InputError, match=r"ADX/P: pick without order must match at most one row, but 2 rows have more"):
        made_of(tmp_path, "keys: [PARAMCD]\nrecords:\n  - {id: P, per: SUBJ, pick: {from: RS}}")


def test_ties_of_a_pick_block_stop_the_build_unless_any_may_be_taken(tmp_path):
    body = "keys: [PARAMCD]\nrecords:\n  - {id: P, per: SUBJ, pick: {from: RS, order: [USUBJID]}}"
    made = made_of(tmp_path / "any", body.replace("[USUBJID]", "[USUBJID], ties: any"))
    is_drawn(made, "USUBJID V\nS1-1 CR\nS1-2 PD")
    with pytest.raises(InputError, match="ties"):
        made_of(tmp_path / "error", body)


@pytest.mark.parametrize(
    "block",
    [
        "{id: P, per: SUBJ, pick: {from: RS, order: [ADT]}, dedupe: {by: [USUBJID]}}",
        "{id: P, per: SUBJ, pick: {from: RS, order: [ADT]}, expand: {from: ADT, to: ADT, as: D}}",
        "{agg: {from: RS, by: [USUBJID], value: {N: count(*)}}, copy: [V]}",
        "{from: RS, copy: all, per: SUBJ}",
        "{from: RS, copy: all, into: V}",
    ],
)
def test_a_key_without_meaning_for_a_kind_of_block_is_refused(tmp_path, block):
    with pytest.raises(SpecErrors):
        made_of(tmp_path, f"keys: [USUBJID]\nrecords:\n  - {block}")
