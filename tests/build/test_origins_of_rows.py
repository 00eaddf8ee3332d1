"""The origin of each row, through blocks of blocks, picks, filters, and datasets that were made in another order."""

import pytest
from harness import origins, picked, shown, shuffled, trial

VS = """
USUBJID VSSEQ:integer V:integer X:float
S1-1    1             2         7
S1-1    2             1         5
S1-2    1             1         4
S1-2    2             3         9
"""
ADSL = """
dataset: ADSL
class: ADSL
keys: [AGE, USUBJID]
records: [{from: DM, copy: all}]
"""
DM = """
USUBJID AGE:integer
S1-1    50
S1-2    40
S1-3    60
"""
ADVS = """
dataset: ADVS
class: BDS
keys: [PARAMCD, V, USUBJID]
work:
  - {id: VAL, from: VS, set: {AVAL: X, V: V}}
  - {id: HIGH, from: VAL, where: AVAL > 4.5}
records:
  - {from: VAL, copy: all}
  - id: BEST
    pick: {from: HIGH, order: [AVAL], take: last, else: {const: {CAT: none}}}
  - id: TOP
    pick: {among: [{from: BEST, where: AVAL > 8}, {from: HIGH}], order: [_nr, V]}
variables:
  AGE: ADSL.AGE
"""
EXPECTED = {
    "S1-1 BEST 2": ("VS 0", "ADSL 1"),
    "S1-2 BEST 3": ("VS 3", "ADSL 0"),
    "S1-3 BEST None": ("None None", "ADSL 2"),
    "S1-1 TOP 1": ("VS 1", "ADSL 1"),
    "S1-2 TOP 3": ("VS 3", "ADSL 0"),
    "S1-2 VAL 1": ("VS 2", "ADSL 0"),
    "S1-1 VAL 1": ("VS 1", "ADSL 1"),
    "S1-1 VAL 2": ("VS 0", "ADSL 1"),
    "S1-2 VAL 3": ("VS 3", "ADSL 0"),
}
BLOCKS = {"VAL": 0, "BEST": 1, "TOP": 2}


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("seed", range(3))
def test_each_row_leads_to_the_record_of_a_file(tmp_path, seed, threads):
    data = {"VS": shuffled(VS, seed), "DM": shuffled(DM, seed)}
    made = trial(tmp_path, ADSL, ADVS, sdtm=data).build(threads=threads).datasets
    assert shown(made["ADSL"], "USUBJID") == ["USUBJID", "S1-2", "S1-1", "S1-3"]
    advs = made["ADVS"]
    rows = [f"{row['USUBJID']} {row['PARAMCD']} {row['V']}" for row in advs.frame.to_pylist()]
    assert dict(zip(rows, zip(origins(advs), picked(advs, "ADSL"), strict=True), strict=True)) == EXPECTED
    assert advs.lineage["block"].to_pylist() == [BLOCKS[row.split()[1]] for row in rows]
    assert advs.lineage["row"].to_pylist() == list(range(len(rows)))
    assert {str(kind) for kind in advs.lineage.schema.types} == {"int64", "string", "int16"}


def test_a_dataset_without_rows_has_its_columns_of_lineage(tmp_path):
    made = trial(tmp_path, ADSL, ADVS, sdtm={"VS": VS.splitlines()[1], "DM": DM.splitlines()[1]}).build().datasets
    assert made["ADVS"].lineage.column_names == ["row", "source", "source_row", "ADSL.source", "ADSL.row", "block"]
    assert made["ADVS"].lineage.num_rows == 0


def test_rows_that_are_all_made_of_many_come_from_no_single_one(tmp_path):
    spec = """
dataset: ADX
keys: [V]
records: [{id: SUM, agg: {from: VS, by: [USUBJID, V], value: {AVAL: sum(X)}}}]
"""
    made = trial(tmp_path, spec, sdtm={"VS": VS}).build().datasets["ADX"]
    assert origins(made) == ["None None"] * 4
    assert [str(kind) for kind in made.lineage.schema.types] == ["int64", "string", "int64"]
