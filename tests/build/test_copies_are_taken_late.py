"""Columns of ADSL beside the own are taken once, when the dataset is put together, or when something reads them."""

import numpy as np
import pyarrow as pa
import pytest
from harness import is_drawn, shuffled, trial
from hypothesis import given
from hypothesis import strategies as st

from sdtm2adam.build import by_codes
from sdtm2adam.build.at_rest import gathered
from sdtm2adam.build.coded import Codes
from sdtm2adam.build.relation import Relation

DM = """
USUBJID AGE:integer SEX BRTHDT:date DOSE:float
S1-2    40          F   2024-02-29   1.5
S1-1    .           M   .            .
S1-4    61          F   2023-12-31   0
"""
AE = """
USUBJID AESEQ:integer AETERM
S1-2    2             Cough
S1-1    1             Cough
S1-3    1             Rash
S1-2    1             Fever
"""
ADSL = """
dataset: ADSL
class: ADSL
keys: [USUBJID]
records: [{from: DM, copy: all}]
variables: {GROUP: "case when AGE > 50 then 'old' end"}
"""
ADAE = """
dataset: ADAE
class: OCCDS
keys: [AETERM, AESEQ, USUBJID]
include: {ADSL: {all: true}}
records: [{from: AE, copy: all}]
variables:
  OLDER: AGE + 1
"""
DRAWN = """
USUBJID AETERM AESEQ AGE SEX BRTHDT    DOSE GROUP OLDER
S1-1    Cough  1     .   M   .          .    .     .
S1-2    Cough  2     40  F   2024-02-29 1.5  .     41
S1-2    Fever  1     40  F   2024-02-29 1.5  .     41
S1-3    Rash   1     .   .   .          .    .     .
"""


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("seed", range(3))
def test_columns_of_subjects_stand_beside_their_records(tmp_path, seed, threads):
    data = {"AE": shuffled(AE, seed), "DM": shuffled(DM, seed)}
    is_drawn(trial(tmp_path, ADSL, ADAE, sdtm=data).build(threads=threads).datasets["ADAE"], DRAWN)


@pytest.mark.parametrize("dm", [DM, DM.splitlines()[1], DM.splitlines()[1] + "\nS1-9 1 M 2024-01-01 1"])
@pytest.mark.parametrize("ae", [AE, AE.splitlines()[1]])
def test_late_and_at_once_are_the_same(tmp_path, monkeypatch, dm, ae):
    study = trial(tmp_path, ADSL, ADAE, sdtm={"AE": ae, "DM": dm})
    late = study.build().datasets["ADAE"]
    monkeypatch.setattr(by_codes, "_copied_late", lambda *_: set())
    at_once = study.build().datasets["ADAE"]
    assert late.frame.equals(at_once.frame)
    assert late.frame.schema.equals(at_once.frame.schema, check_metadata=True)
    assert late.lineage.equals(at_once.lineage)


VALUES = st.lists(st.sampled_from(["a", "b", "", None]), min_size=1, max_size=6)


@given(data=st.data(), values=VALUES, coded=st.booleans(), as_texts=st.booleans())
def test_a_copy_is_taken_in_any_order_of_the_rows(data, values, coded, as_texts):
    places = data.draw(st.lists(st.none() | st.integers(0, len(values) - 1), max_size=9))
    order = data.draw(st.permutations(range(len(places))))
    theirs = pa.array(values, pa.string())
    relation = Relation("ADX", count=len(places))
    relation.codes.put_copy("X", theirs.dictionary_encode() if coded else theirs, pa.array(places, pa.int32()))
    expected = [None if places[row] is None else values[places[row]] for row in order]
    found = gathered(None, relation, ["X"], np.array(order, dtype=np.int64), as_texts=as_texts)["X"]
    assert found.to_pylist() == expected
    assert not (as_texts and pa.types.is_dictionary(found.type))


def test_a_copy_that_is_read_is_there_and_one_that_is_replaced_is_gone():
    codes = Codes()
    codes.put_copy("X", pa.array([1.5, 2.5]), pa.array([1, None, 1], pa.int32()))
    assert codes.get("X").to_pylist() == [2.5, None, 2.5]
    assert codes.copied("X") is not None
    codes.put_copy("X", pa.array([7]), pa.array([0, 0, 0], pa.int32()))
    assert codes.get("X").to_pylist() == [7, 7, 7]
    codes.put_copy("X", pa.array([8]), pa.array([0, 0, 0], pa.int32()))
    codes.put("X", pa.array([9, 9, 9]))
    assert (codes.get("X").to_pylist(), codes.copied("X")) == ([9, 9, 9], None)
    codes.drop("X")
    assert codes.get("X") is None
