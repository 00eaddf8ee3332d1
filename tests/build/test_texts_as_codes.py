"""What is computed once per distinct text is what SQL makes of each row, and issues are the same by both ways."""

import itertools

import numpy as np
import pyarrow as pa
import pytest
from harness import trial
from hypothesis import given, settings
from hypothesis import strategies as st

from sdtm2adam.build import by_codes, coded, engine, mapped
from sdtm2adam.build.numbering import row_numbers
from sdtm2adam.build.warehouse import Warehouse

TEXTS = st.lists(st.sampled_from(["a", "B ", " ", "", "7", "07", "1,5", "é", "\u00a0x", None]), min_size=1, max_size=30)
EXPRESSIONS = [
    "upper(f.A)", "nullif(trim(f.A), '')", "try_cast(f.A AS DOUBLE)", "coalesce(f.A, 'none')", "f.A IS NULL",
    "CASE WHEN f.A = 'a' THEN 'x' END", "length(f.A)", "CAST(NULL AS VARCHAR)", "'constant'",
]  # fmt: skip


@settings(max_examples=10, deadline=None)
@given(texts=TEXTS)
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_by_texts_is_that_by_rows(tmp_path_factory, texts, expression):
    warehouse = Warehouse(tmp_path_factory.mktemp("spill"), threads=1)
    frame = pa.table({"_row": range(len(texts)), "A": pa.array(texts, pa.string())})
    table = warehouse.lend(frame)
    by_rows = warehouse.arrow(f"SELECT {expression} AS x FROM {table} f ORDER BY f._row")["x"].to_pylist()
    chunk = coded.codes_of(coded.coded(frame.select(["A"]))["A"])
    assert coded.by_value(warehouse, "A", chunk, expression).to_pylist() == by_rows
    warehouse.close()


@given(texts=TEXTS)
def test_blanks_are_missing_and_other_texts_stay(texts):
    frame = coded.coded(pa.table({"A": pa.array(texts, pa.string())}))
    kept = coded.without_blanks(coded.codes_of(frame["A"])).to_pylist()
    assert kept == [text if text is not None and text.strip() else None for text in texts]


@given(rows=st.lists(st.tuples(*[st.sampled_from(["a", "b", None])] * 2), min_size=1, max_size=20))
def test_the_distinct_rows_of_several_columns(rows):
    frame = coded.coded(pa.table({"A": pa.array([r[0] for r in rows], pa.string()), "B": [r[1] or "z" for r in rows]}))
    values, places = coded.distinct([coded.codes_of(frame["A"]), coded.codes_of(frame["B"])])
    assert [values[place] for place in places] == [(a, b or "z") for a, b in rows]
    assert len(values) == len(set(values))


@given(rows=st.lists(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=50, max_size=50), max_size=12))
@settings(max_examples=15, deadline=None)
def test_rows_are_numbered_by_more_columns_than_fit_into_one_number(rows):
    columns = list(zip(*rows, strict=True)) or [()] * 50
    keys = [pa.chunked_array([pa.array(list(column), pa.string()).dictionary_encode()]) for column in columns]
    places = row_numbers(keys, len(rows), lambda tied, _: tied)
    ordered = [rows[i] for i in np.argsort(places)]
    assert ordered == sorted(rows, key=lambda row: [(text is not None, text or "") for text in row])


RAW = "\n".join(
    ["RECORDID:integer SUBJECT TERM GRADE SERIOUS STDAT STTIM DOSE:number"]
    + [
        f"{n} {100 + n % 7} {['Head_ache', 'Nausea', '_Rash', '.'][n % 4]} {['1', '2', 'odd'][n % 3]} "
        f"{['Yes', 'no', '.'][n % 3]} {['01_JAN_2014', 'UN_FEB_2014', '.', '31_FEB_2014'][n % 4]} "
        f"{['10:00', '.', '24:00'][n % 3]} {n % 5}"
        for n in range(60)
    ]
)
SPECS = (
    """dataset: AE
keys: [AESPID]
records:
  - from: raw.E
    where: DOSE < 4
    set:
      AESPID: RECORDID
      AETERM: upper(TERM)
      AETOXGR: GRADE
      AESER: SERIOUS
      AESTDTC: [STDAT, STTIM]
      AELOC: {sql: TERM, when: SERIOUS = 'Yes'}
variables: {AESEQ: auto}
supp:
  TERMLEN: {sql: cast(length(AETERM) as varchar), label: Length of Term}
  LOST: {sql: cast(cast(AETOXGR as integer) as varchar), label: Cast that Loses}
""",
    """dataset: ADAE
class: OCCDS
keys: [AESEQ]
records:
  - {from: AE, copy: {except: [DOMAIN]}}
variables:
  ASTDT: "dt(AESTDTC, impute := 'first')"
  AGRD: {label: Grade, sql: "coalesce(AETOXGR, 'none')"}
  ATERM: {label: Term, pick: {from: SELF, where: AESEQ = 1, value: AETERM}}
""",
)


def test_both_ways_give_the_same_datasets_lineage_and_issues(tmp_path, monkeypatch):
    study = trial(tmp_path, *SPECS, raw={"E": RAW})
    once = study.build()
    assert _used_codes(monkeypatch, study)
    monkeypatch.setattr(engine, "compute_by_codes", lambda *given: (given[2], []))
    monkeypatch.setattr(mapped, "codes_of_all", lambda *_: None)
    by_rows = study.build()
    assert sorted(once.issues) == sorted(by_rows.issues)
    assert {issue.rule for issue in once.issues} >= {"date-unreadable", "cast-lost"}
    for name, made in once.datasets.items():
        assert made.frame.equals(by_rows.datasets[name].frame), name
        assert made.lineage.equals(by_rows.datasets[name].lineage), name


def _used_codes(monkeypatch, study):
    """How many columns went by codes."""
    counter = itertools.count()
    lent = by_codes.lend_columns

    def counted(plan, relation, made):
        for _ in made:
            next(counter)
        lent(plan, relation, made)

    with monkeypatch.context() as patch:
        patch.setattr(by_codes, "lend_columns", counted)
        study.build()
    return next(counter)
