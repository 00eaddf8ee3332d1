"""Verbs on random records with ties and missing values, against the same questions answered in plain Python."""

import datetime as dt
import random

import pyarrow as pa
import pytest
from harness import Trial, trial, write_parquet

START = dt.date(2014, 1, 1)
SPEC = """dataset: ADX
keys: [USUBJID]
lookups:
  L: {from: EX, where: DAY >= THIS.REF, order: [DAY, N]}
records:
  - {from: DM, copy: [REF, SITE]}
variables:
  FIRST: {pick: {from: EX, order: [DAY, N], value: N}}
  LAST: {pick: {from: EX, order: [DAY, N], take: last, value: N}}
  DOWN: {pick: {from: EX, where: KIND = 'a', order: [DOSE desc, N], value: N}}
  AFTER: {pick: {from: EX, where: DAY > THIS.REF, order: [DAY desc, N desc], value: N, else: 0}}
  BEFORE:
    pick: {among: [{from: EX, where: KIND = 'b'}, {from: EX, where: DAY < THIS.REF}], order: [_nr, DAY, N], value: N}
  HAS: {exists: {from: EX, where: DOSE > 5 and DAY <= THIS.REF + 3}}
  SUM: {agg: {from: EX, where: KIND = 'a', value: sum(DOSE)}}
  COUNT: {agg: {from: EX, where: DAY > THIS.REF, value: count(*), else: 0}}
  MAXDAY: {agg: {from: EX, value: max(DAY)}}
  KINDS: {agg: {from: EX, value: count(distinct KIND)}}
  SITEN: {agg: {from: SELF, by: [SITE], value: count(*)}}
  LOOK: L.N
  TURN: {seq: {by: [SITE], order: [REF, USUBJID]}}
  LATEFL: {flag: {by: [SITE], order: [REF, USUBJID], take: last}}
"""


def subjects(chance):
    """Random subjects, some without a date or site."""
    return [
        {
            "USUBJID": f"S-{i:02d}",
            "STUDYID": "S1",
            "REF": maybe(chance, day(chance)),
            "SITE": maybe(chance, chance.choice("xyz")),
        }
        for i in range(25)
    ]


def doses(chance):
    """Random records, several a day, some without date, dose or kind."""
    return [
        {
            "USUBJID": f"S-{chance.randrange(28):02d}",
            "N": n,
            "DAY": maybe(chance, day(chance)),
            "DOSE": maybe(chance, chance.randrange(10)),
            "KIND": maybe(chance, chance.choice("abc")),
        }
        for n in range(1, 161)
    ]


def day(chance):
    """A day of two weeks."""
    return START + dt.timedelta(days=chance.randrange(14))


def maybe(chance, value):
    """The value, or missing one time in six."""
    return None if chance.randrange(6) == 0 else value


def less(a, b):
    """Whether a < b; missing is not."""
    return a is not None and b is not None and a < b


def first(rows, *order, down=()):
    """N of the first row by an order in which missing never wins."""

    def place(row):
        return [(row[o] is None, 0 if row[o] is None else number(row[o]) * (-1 if o in down else 1)) for o in order]

    return min(rows, key=place)["N"] if rows else None


def number(value):
    """A value as a number."""
    return value.toordinal() if isinstance(value, dt.date) else value


def answers(subject, own, everyone):
    """What each variable of the spec should be for one subject."""
    ref = subject["REF"]
    kind_a = [row for row in own if row["KIND"] == "a"]
    sums = [row["DOSE"] for row in kind_a if row["DOSE"] is not None]
    after = [row for row in own if less(ref, row["DAY"])]
    kind_b = [row for row in own if row["KIND"] == "b"]
    before = [row for row in own if less(row["DAY"], ref)]
    days = [row["DAY"] for row in own if row["DAY"] is not None]
    site = sorted(
        (s for s in everyone if s["SITE"] == subject["SITE"]),
        key=lambda s: (s["REF"] is None, s["REF"] or START, s["USUBJID"]),
    )
    late = [s for s in site if s["REF"] is not None] or site
    most = max(late, key=lambda s: (s["REF"] or START, s["USUBJID"]))
    within = [
        r
        for r in own
        if less(5, r["DOSE"]) and ref is not None and r["DAY"] is not None and r["DAY"] <= ref + dt.timedelta(days=3)
    ]
    return {
        "FIRST": first(own, "DAY", "N"),
        "LAST": first(own, "DAY", "N", down=("DAY", "N")),
        "DOWN": first(kind_a, "DOSE", "N", down=("DOSE",)),
        "AFTER": first(after, "DAY", "N", down=("DAY", "N")) or 0,
        "BEFORE": first(kind_b, "DAY", "N") or first(before, "DAY", "N"),
        "HAS": "Y" if within else None,
        "SUM": float(sum(sums)) if sums else None,
        "COUNT": len(after),
        "MAXDAY": max(days, default=None),
        "KINDS": len({row["KIND"] for row in own} - {None}) if own else None,
        "SITEN": None if subject["SITE"] is None else len(site),
        "LOOK": first([r for r in own if ref is not None and r["DAY"] is not None and r["DAY"] >= ref], "DAY", "N"),
        "TURN": 1 + site.index(subject),
        "LATEFL": "Y" if most is subject else None,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_each_verb_answers_as_plain_python_does(tmp_path, seed):
    chance = random.Random(seed)
    people, records = subjects(chance), doses(chance)
    made: Trial = trial(tmp_path, SPEC)
    for name, rows in (("DM", people), ("EX", records)):
        schema = None if name == "DM" else pa.schema([("USUBJID", pa.string()), ("N", pa.int64()), ("DAY", pa.date32()),
                                                      ("DOSE", pa.float64()), ("KIND", pa.string())])  # fmt: skip
        made.sdtm[name] = write_parquet(
            tmp_path / "data" / f"{name}.parquet", pa.Table.from_pylist(rows, schema=schema)
        )
    frame = made.build(threads=1 + seed % 4).datasets["ADX"].frame.to_pylist()
    expected = [answers(s, [r for r in records if r["USUBJID"] == s["USUBJID"]], people) for s in people]
    for variable in expected[0]:
        assert [row[variable] for row in frame] == [row[variable] for row in expected], variable


TTE = """dataset: ADTTE
class: BDS
keys: [PARAMCD]
sources:
  A: {from: EX, where: KIND = 'a', date: DAY, desc: a}
  B: {from: EX, where: KIND = 'b' and DOSE > 3, date: DAY, desc: b}
  LAST: {from: EX, date: DAY, desc: Censored, censor: last}
  REFD: {from: DM, date: REF, desc: Censored, censor: start, cnsr: 2}
records:
  - {id: T, per: DM, tte: {start: REF, events: [A, B], censors: [LAST, REFD], until: REF + 5}}
"""


def time_of(subject, own):
    """ADT, CNSR and description of a subject, None without a start."""
    ref = subject["REF"]
    if ref is None:
        return None

    def counted(rows):
        return [r["DAY"] for r in rows if r["DAY"] is not None and ref <= r["DAY"] <= ref + dt.timedelta(days=5)]

    a = counted(r for r in own if r["KIND"] == "a")
    b = counted(r for r in own if r["KIND"] == "b" and less(3, r["DOSE"]))
    if a or b:
        earliest = min([*a, *b])
        return earliest, 0, "a" if earliest in a else "b", None
    last = max(counted(own), default=None)
    return (last, 1, "Censored", "last") if last is not None else (ref, 2, "Censored", "start")


@pytest.mark.parametrize("seed", range(6))
def test_times_to_event_are_those_of_plain_python(tmp_path, seed):
    chance = random.Random(100 + seed)
    people, records = subjects(chance), doses(chance)
    made = trial(tmp_path, TTE)
    for name, rows in (("DM", people), ("EX", records)):
        made.sdtm[name] = write_parquet(tmp_path / "data" / f"{name}.parquet", pa.Table.from_pylist(rows))
    frame = made.build(threads=2).datasets["ADTTE"].frame.to_pylist()
    found = [(r["USUBJID"], (r["ADT"], r["CNSR"], r["EVNTDESC"], r["CNSDTDSC"])) for r in frame]
    expected = [(s["USUBJID"], time_of(s, [r for r in records if r["USUBJID"] == s["USUBJID"]])) for s in people]
    assert found == [(subject, time) for subject, time in expected if time is not None]
