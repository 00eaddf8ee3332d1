"""`from` blocks: which rows of a source become records, and which of its columns they keep."""

import pyarrow.compute as pc
import pytest
from doses_study import DATA, DAYS, EX, adx
from harness import is_drawn, origins

from sdtm2adam.errors import InputError, SpecErrors


def test_each_record_of_the_source_becomes_a_record_and_remembers_it(tmp_path):
    made = adx(tmp_path, "keys: [EXSEQ]\nrecords:\n  - {from: EX, copy: [EXSEQ, EXTRT]}")
    is_drawn(made, "STUDYID USUBJID EXSEQ EXTRT\nS1 S1-1 1 A\nS1 S1-1 2 A\nS1 S1-2 1 A\nS1 S1-2 2 B")
    assert origins(made) == ["EX 0", "EX 1", "EX 2", "EX 3"]


def test_where_keeps_rows_for_which_it_is_true_and_missing_is_not_true(tmp_path):
    made = adx(tmp_path, "keys: [EXSEQ]\nrecords:\n  - {from: EX, where: EXDOSE < 15, copy: [EXSEQ, EXDOSE]}")
    is_drawn(made, "USUBJID EXSEQ EXDOSE\nS1-1 1 10\nS1-2 1 5")
    assert origins(made) == ["EX 0", "EX 2"]


def test_where_may_hold_a_number_with_a_decimal_point(tmp_path):
    made = adx(tmp_path, "keys: [EXSEQ]\nrecords:\n  - {from: EX, where: EXDOSE > 5.5, copy: [EXSEQ, EXDOSE]}")
    is_drawn(made, "USUBJID EXSEQ EXDOSE\nS1-1 1 10\nS1-1 2 20")


LOOKED_UP = """keys: [EXSEQ]
lookups: {D: {from: DM}}
records:
  - {from: EX, where: D.AGE > 55, copy: [EXSEQ]}
"""


def test_where_may_look_into_another_dataset(tmp_path):
    made = adx(tmp_path, LOOKED_UP)
    is_drawn(made, "USUBJID EXSEQ\nS1-2 1\nS1-2 2")
    assert origins(made) == ["EX 2", "EX 3"]


def test_where_with_a_lookup_works_beside_dedupe_and_expand(tmp_path):
    body = LOOKED_UP.replace("copy: [EXSEQ]", "dedupe: {by: [USUBJID, EXSTDTC], order: [EXSEQ]}, copy: [EXSEQ]")
    is_drawn(adx(tmp_path / "a", body), "USUBJID EXSEQ\nS1-2 1")
    body = LOOKED_UP.replace("copy: [EXSEQ]", "expand: {from: dt(EXSTDTC), to: dt(EXENDTC), as: ADT}, copy: [EXSEQ]")
    made = adx(tmp_path / "b", body.replace("keys: [EXSEQ]", "keys: [EXSEQ, ADT]"))
    is_drawn(made, "USUBJID EXSEQ ADT\nS1-2 1 2014-02-01\nS1-2 2 2014-02-01\nS1-2 2 2014-02-02")


def test_copy_all_carries_every_column_that_nothing_else_makes(tmp_path):
    made = adx(tmp_path, "keys: [USUBJID]\nrecords:\n  - {from: DM, copy: all}\nvariables:\n  SEX: {const: U}")
    is_drawn(made, "STUDYID USUBJID AGE SEX\nS1 S1-1 50 U\nS1 S1-2 61 U\nS1 S1-3 . U")


def test_copy_except_leaves_out_what_it_names(tmp_path):
    made = adx(tmp_path, "keys: [USUBJID]\nrecords:\n  - {from: DM, copy: {except: [AGE]}}")
    assert made.frame.column_names == ["STUDYID", "USUBJID", "SEX"]


def test_without_copy_only_the_subject_comes_along(tmp_path):
    made = adx(tmp_path, "keys: [USUBJID]\nrecords:\n  - {from: DM}")
    assert made.frame.column_names == ["STUDYID", "USUBJID"]


def test_a_name_in_set_is_the_column_of_the_source_before_the_variable_of_the_block(tmp_path):
    body = "keys: [USUBJID]\nrecords:\n  - {from: DM, set: {AGE: AGE + 1, NEXT: AGE + 1, TWICE: NEXT * 2}}"
    is_drawn(adx(tmp_path, body), "USUBJID AGE NEXT TWICE\nS1-1 51 51 102\nS1-2 62 62 124\nS1-3 . . .")


def test_const_writes_a_text_as_it_stands(tmp_path):
    body = 'keys: [USUBJID]\nrecords:\n  - {from: DM, const: {PARAM: Overall Survival, CODE: "O\'Neil", SEVEN: 007}}'
    is_drawn(adx(tmp_path, body), "USUBJID PARAM CODE SEVEN\n" + "\n".join(
        f"S1-{i} Overall_Survival O'Neil 007" for i in (1, 2, 3)))  # fmt: skip


def test_several_blocks_stand_below_each_other_with_the_columns_of_both(tmp_path):
    made = adx(tmp_path, """keys: [SRC, N]
records:
  - {from: EX, const: {SRC: B}, set: {N: EXSEQ}, copy: [EXTRT]}
  - {from: DM, const: {SRC: A}, set: {N: AGE}, where: AGE is not null}
""")  # fmt: skip
    is_drawn(
        made,
        """
    USUBJID SRC N  EXTRT
    S1-1    A   50 .
    S1-1    B   1  A
    S1-1    B   2  A
    S1-2    A   61 .
    S1-2    B   1  A
    S1-2    B   2  B
    """,
    )
    assert origins(made) == ["DM 0", "EX 0", "EX 1", "DM 1", "EX 2", "EX 3"]


def test_a_block_reads_a_list_of_sources_with_common_names(tmp_path):
    made = adx(tmp_path, """keys: [D, SRC]
records:
  - {from: [AE, EX], as: {D: [--DTC, --STDTC], N: --SEQ}, set: {D: D, SRC: "coalesce(AETERM, EXTRT)"}, where: N = 1}
""", sdtm=DATA | {"AE": "USUBJID AESEQ:integer AEDTC AETERM\nS1-1 1 2014-03 PAIN\nS1-1 2 . COUGH"})  # fmt: skip
    is_drawn(made, "USUBJID D SRC\nS1-1 2014-01-02 A\nS1-1 2014-03 PAIN\nS1-2 2014-02-01 A")
    assert origins(made) == ["EX 0", "AE 0", "EX 2"]


def test_a_block_reads_another_block_and_remembers_the_first_source(tmp_path):
    made = adx(tmp_path, """keys: [SRC, EXSEQ]
records:
  - {id: ALL, from: EX, copy: [EXSEQ, EXTRT], const: {SRC: A}}
  - {id: BS, from: ALL, where: EXTRT = 'B', copy: [EXSEQ, EXTRT], const: {SRC: B}}
""")  # fmt: skip
    assert origins(made) == ["EX 0", "EX 1", "EX 2", "EX 3", "EX 3"]
    is_drawn(made, "SRC EXSEQ EXTRT\nA 1 A\nA 2 A\nA 1 A\nA 2 B\nB 2 B")


WORK = """keys: [EXSEQ]
work:
  - {id: BIG, from: EX, where: EXDOSE > 1, set: {TWICE: EXDOSE * 2}}
records:
  - {from: BIG, where: TWICE > 15, copy: [EXSEQ, TWICE]}
"""


def test_a_work_block_is_read_by_records_and_never_written(tmp_path):
    made = adx(tmp_path, WORK)
    is_drawn(made, "STUDYID USUBJID EXSEQ TWICE\nS1 S1-1 1 20\nS1 S1-1 2 40")
    assert made.frame.column_names == ["STUDYID", "USUBJID", "EXSEQ", "TWICE"]
    assert origins(made) == ["EX 0", "EX 1"]


def test_having_filters_on_what_was_produced(tmp_path):
    body = "keys: [EXSEQ]\nrecords:\n  - {from: EX, set: {TWICE: EXDOSE * 2}, copy: [EXSEQ], having: TWICE >= 20}"
    is_drawn(adx(tmp_path, body), "USUBJID EXSEQ TWICE\nS1-1 1 20\nS1-1 2 40")


def test_having_of_a_work_block_counts_for_its_readers(tmp_path):
    body = WORK.replace("where: EXDOSE > 1, set: {TWICE: EXDOSE * 2}", "set: {TWICE: EXDOSE * 2}, having: TWICE > 30")
    made = adx(tmp_path, body.replace("where: TWICE > 15, ", ""))
    is_drawn(made, "USUBJID EXSEQ TWICE\nS1-1 2 40")


def test_having_of_a_block_counts_for_the_blocks_that_read_it(tmp_path):
    made = adx(tmp_path, """keys: [K, EXSEQ]
records:
  - {id: W, from: EX, copy: [EXSEQ, EXDOSE], const: {K: A}, having: EXDOSE > 15}
  - {id: V, from: W, copy: [EXSEQ, EXDOSE], const: {K: B}}
""")  # fmt: skip
    is_drawn(made, "USUBJID K EXSEQ\nS1-1 A 2\nS1-1 B 2")


def test_foreach_makes_a_block_for_each_row_of_a_list(tmp_path):
    made = adx(tmp_path, """keys: [PARAM, EXSEQ]
records:
  - foreach: [{P: Dose A, T: A}, {P: Dose B, T: B}]
    id: D$T
    from: EX
    where: EXTRT = '$T'
    copy: [EXSEQ]
    const: {PARAM: $P}
""")  # fmt: skip
    is_drawn(made, "USUBJID PARAM EXSEQ\nS1-1 Dose_A 1\nS1-1 Dose_A 2\nS1-2 Dose_A 1\nS1-2 Dose_B 2")


def test_foreach_reads_a_table_and_longer_names_go_first(tmp_path):
    made = adx(tmp_path, """keys: [PARAM]
tables: {F: tables/f.csv}
records:
  - {foreach: table.F, from: DM, where: AGE = $AGE, const: {PARAM: $AGE2}}
""", tables={"f.csv": "AGE,AGE2\n50,fifty\n61,sixty-one\n"})  # fmt: skip
    is_drawn(made, "USUBJID PARAM\nS1-1 fifty\nS1-2 sixty-one")


def test_a_table_of_the_spec_is_a_source_in_the_order_it_was_written(tmp_path):
    made = adx(tmp_path, """keys: [CODE]
tables:
  T: [{CODE: b, N: 1}, {CODE: a, N: 02}]
records:
  - {from: table.T, copy: all}
""")  # fmt: skip
    is_drawn(made, "CODE N\na 02\nb 1")
    assert origins(made) == ["table.ADX.T 1", "table.ADX.T 0"]
    assert not made.per_subject


# --- edges ------------------------------------------------------------------------------------------------------------

EDGES = [
    "keys: [EXSEQ]\nrecords:\n  - {from: EX, where: EXDOSE > 1, copy: [EXSEQ]}",
    "keys: [EXSEQ]\nrecords:\n  - {from: EX, dedupe: {by: [USUBJID, EXSEQ], order: [EXDOSE]}, copy: [EXSEQ]}",
    DAYS,
    WORK,
]


@pytest.mark.parametrize("body", EDGES)
def test_a_source_without_records_gives_a_dataset_without_records(tmp_path, body):
    head = EX.strip().splitlines()[0]
    made = adx(tmp_path, body, sdtm={"EX": head})
    assert made.frame.num_rows == made.lineage.num_rows == 0
    assert "EXSEQ" in made.frame.column_names


@pytest.mark.parametrize("body", EDGES)
def test_one_subject_alone_gives_what_it_gives_among_others(tmp_path, body):
    head, *rows = EX.strip().splitlines()
    alone = adx(tmp_path / "one", body, sdtm={"EX": "\n".join([head, *rows[:2]])}).frame
    among = adx(tmp_path / "all", body).frame
    assert alone == among.filter(pc.equal(among["USUBJID"], "S1-1"))


def test_the_same_value_of_a_key_twice_stops_the_build(tmp_path):
    with pytest.raises(InputError, match=r"ADX: the keys \[STUDYID, USUBJID, EXTRT\] are not unique"):
        adx(tmp_path, "keys: [EXTRT]\nrecords:\n  - {from: EX, copy: [EXTRT]}")


def test_two_producers_of_a_variable_are_refused(tmp_path):
    with pytest.raises(SpecErrors, match=r"ADX.AGE has two producers: the records and variables"):
        adx(tmp_path, "keys: [USUBJID]\nrecords:\n  - {from: DM, copy: [AGE]}\nvariables:\n  AGE: {const: 1}")


@pytest.mark.parametrize("block", ["copy: [AGE], set: {AGE: AGE + 1}", "set: {SEX: SEX}, const: {SEX: X}"])
def test_two_producers_in_one_block_are_refused(tmp_path, block):
    with pytest.raises(SpecErrors, match="two producers"):
        adx(tmp_path, f"keys: [USUBJID]\nrecords:\n  - {{from: DM, {block}}}")
