"""A pick from the rows that codes leave over is the pick from all rows: values, origins, issues and errors."""

import random

import pytest
from harness import picked, shown, told, trial

from sdtm2adam.build import contenders
from sdtm2adam.errors import InputError

SUBJECTS = [f"S{n:02d}" for n in range(12)]
DAYS = ["2014-01-01", "2014-01-02T10:00", "2014-01", "2014-02-03", "not_a_date", "2014", "."]
SPEC = """dataset: ADSL
keys: [USUBJID]
lookups:
  LATEST: {from: LB, order: [LBDTC, LBSEQ], take: last}
  EARLY: {from: LB, where: LBCAT = 'A', order: [LBDTC, LBSEQ]}
  EACH: {from: LB, by: [USUBJID, {ARMCD: LBCAT}], order: [LBDTC, LBSEQ], take: last}
  SOME1: {from: LB, order: [LBDTC], ties: any}
records:
  - from: DM
    copy: [ARMCD]
variables:
  LASTDT:
    type: date
    label: Last
    pick:
      among:
        - {from: LB, set: {D: "dt(LBDTC, impute := 'first')"}}
        - {from: CM, set: {D: dt(CMDTC)}}
      order: [D]
      take: last
      value: D
  BEFORE:
    type: date
    label: First of a kind
    pick: {from: LB, where: LBCAT <> 'B', set: {D: dt(LBDTC)}, order: [D], value: D}
  OWN:
    type: text
    label: Reads the own row
    pick: {from: LB, where: LBCAT = THIS.ARMCD, order: [LBDTC, LBSEQ], take: last, value: LBCAT}
  LATECAT: {label: Category, sql: LATEST.LBCAT}
  EARLYDTC: {label: First, sql: EARLY.LBDTC}
  EACHDTC: {label: Last of the arm, sql: EACH.LBDTC}
  ANYDTC: {label: Any, sql: SOME1.LBDTC}
"""
TIED = """dataset: ADSL
keys: [USUBJID]
records: [{from: DM}]
variables:
  LASTDT: {type: text, label: Last, pick: {from: LB, order: [LBDTC], take: last, value: LBCAT}}
"""


def data(seed: int, rows: int = 200) -> dict[str, str]:
    draw = random.Random(seed)
    of_subject = dict.fromkeys(SUBJECTS, 0)
    lines = []
    for _ in range(rows):
        subject = draw.choice(SUBJECTS[:-2])
        of_subject[subject] += 1
        lines.append(f"S {subject} {of_subject[subject]} {draw.choice('AB.')} {draw.choice(DAYS)}")
    lines += [f"S {subject} {n} {cat} ." for subject in SUBJECTS[-2:] for n, cat in enumerate("A.B.", start=1)]
    cm = [f"S {subject} 1 {draw.choice(DAYS[:3])}" for subject in draw.sample(SUBJECTS, 5)]
    return {
        "DM": "\n".join(["STUDYID USUBJID ARMCD", *(f"S {subject} {draw.choice('AB.')}" for subject in SUBJECTS)]),
        "LB": "\n".join(["STUDYID USUBJID LBSEQ:integer LBCAT LBDTC", *lines]),
        "CM": "\n".join(["STUDYID USUBJID CMSEQ:integer CMDTC", *cm]),
    }


@pytest.fixture(params=[0, 1, 2, 3])
def sdtm(request):
    return data(request.param)


def both_ways(monkeypatch, make):
    monkeypatch.setattr(contenders, "MANY", 10**9)
    whole = make("whole")
    asked = []
    found = contenders.contenders
    monkeypatch.setattr(contenders, "MANY", 1)
    monkeypatch.setattr("sdtm2adam.build.picks.contenders", lambda *args: asked.append(found(*args)) or asked[-1])
    return whole, make("reduced"), asked


def test_picks_from_all_rows_and_from_contenders_are_the_same(tmp_path, monkeypatch, sdtm):
    def make(name):
        built = trial(tmp_path / name, SPEC, sdtm=sdtm).build()
        dataset = built.datasets["ADSL"]
        links = [picked(dataset, lookup) for lookup in ("LATEST", "EARLY", "EACH", "SOME1")]
        return shown(dataset), links, told(built, "rule", "variable", "value", "records", "keys")

    whole, reduced, asked = both_ways(monkeypatch, make)
    assert reduced == whole
    assert sum(found is not None for found in asked) >= 6, "most picks are made from contenders"
    assert sum(found is None for found in asked) >= 1, "a condition on the own row needs all rows"


@pytest.mark.parametrize("seed", range(3))
def test_ties_that_leave_values_undecided_are_refused_both_ways(tmp_path, monkeypatch, seed):
    def make(name):
        with pytest.raises(InputError) as caught:
            trial(tmp_path / name, TIED, sdtm=data(seed)).build()
        return str(caught.value).replace(name, "")

    whole, reduced, asked = both_ways(monkeypatch, make)
    assert reduced == whole
    assert "leaves" in whole
    assert all(asked)
