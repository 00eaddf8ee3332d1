"""2,000 random histories for each bundled criteria set, judged by the library and by a second reading of the set."""

import random
from datetime import date, timedelta

import pandas as pd
import plain_response as plain
import pytest

from sdtm2adam.build.response import derive_response
from sdtm2adam.spec.criteria_sets import bundled_criteria, bundled_names

START = date(2013, 4, 1)
GRID = {
    "marrow": [0, 3, 4.9, 5, 6, 10, 12.5, 20, 25, 26, 30, 45, 50, 60, 75, 95],
    "blood": [0, 0, 0, 0.1, 1, 10, 12.5, 30],
    "anc": [0.4, 0.5, 0.9, 1, 1.2, 1.5, 3],
    "platelets": [20, 49, 50, 99, 100, 101, 150, 200],
    "emd": ["ABSENT", "ABSENT", "RESOLVED", "PRESENT"],
    "cellularity": [5, 9, 10, 40],
    "mrd": [0.001, 0.0099, 0.01, 0.05, 0.1, 1],
    "nodes": [0, 0.5, 1, 1.4, 1.5, 2, 3, 4, 6],
    "spleen": [10, 12, 13, 15, 20, 26],
    "lymphocytes": [1, 3.9, 4, 6, 8, 30, 60],
    "hemoglobin": [70, 80, 90, 110, 115, 130],
    "symptoms": ["ABSENT", "ABSENT", "PRESENT"],
    "transfusion": [None],
}
CELLS = ["ABSENT", "ABSENT", "PRESENT"]
BLOOD = {"blood": (7, 7), "anc": (7, 7), "platelets": (7, 7), "emd": (None, 7)}
NODES = dict.fromkeys(("spleen", "lymphocytes", "platelets", "hemoglobin", "anc"), (14, 14))
SECOND = {
    "INO-VATE": (BLOOD, ["marrow", "cellularity"], lambda h: plain.leukemia(h, plain.inovate)),
    "NCCN-ALL": (BLOOD, ["marrow"], lambda h: plain.leukemia(h, plain.nccn)),
    "ELN-AML": (BLOOD, ["marrow"], lambda h: plain.leukemia(h, plain.eln)),
    "iwCLL": ({"nodes": (0, 0), **NODES, "symptoms": (28, 28), "marrow": (None, 28)}, ["nodes"], plain.iwcll),
}
MRD_LIMIT = {"INO-VATE": 0.01, "NCCN-ALL": 0.01, "ELN-AML": 0.1}


def best(measure, grid):
    """The value that any set takes for recovery."""
    return max(grid) if measure in plain.WORSE_LOW and measure != "cellularity" else grid[0]


def histories(name, count, seed):
    """Random records of the measures of a set around a few visits: some good, some missing, some twice a day."""
    chance, made = random.Random(seed), []
    for _ in range(count):
        visits = [chance.randint(-20, 0), *sorted(chance.randint(1, 120) for _ in range(chance.randint(0, 5)))]
        good = {visit for visit in visits[1:] if chance.random() < 0.4}
        records = {}
        for measure in bundled_criteria(name).measures:
            grid = CELLS if (name, measure) == ("iwCLL", "marrow") else GRID[measure]
            rows = []
            for visit in visits:
                for _ in range(chance.choice([0, 1, 1, 1, 1, 1, 2])):
                    day = visit + chance.choice([0, 0, 0, 0, -7, 7, 8, -8, 3, -3])
                    some = chance.choice(grid)
                    value = None if chance.random() < 0.05 else best(measure, grid) if visit in good else some
                    rows.append((day, value))
            records[measure] = rows if measure != "transfusion" else [r for r in rows if chance.random() < 0.3]
        made.append(records)
    return made


def frames(name, made):
    """The histories as the frames of the library."""
    subjects = pd.DataFrame({"USUBJID": [f"S{i:05}" for i in range(len(made))]}).assign(START=START)
    tables = {}
    for measure, one in bundled_criteria(name).measures.items():
        rows = [
            (f"S{i:05}", START + timedelta(days=day), value)
            for i, records in enumerate(made)
            for day, value in records[measure]
        ]
        tables[measure] = pd.DataFrame(rows, columns=["USUBJID", "DATE", "VALUE"]).assign(UNIT=one.unit)
    return subjects, tables


@pytest.mark.parametrize("name", bundled_names())
def test_two_readings_of_a_set_agree(name):
    made = histories(name, 2000, seed=20130401)
    responses, _ = derive_response(*frames(name, made), name, accept_unverified=True)
    windows, anchors, judge = SECOND[name]
    kinds = {"marrow": "clear"} if name == "iwCLL" else {}
    expected = []
    for i, records in enumerate(made):
        history = plain.History(records, windows, anchors, kinds)
        for day, code, remission in judge(history):
            flag = {True: "Y", False: "N", None: None}[remission]
            expected.append((f"S{i:05}", START + timedelta(days=day), code, flag))
    columns = ["USUBJID", "ADT", "AVALC", *(["REMFL"] if "REMFL" in responses else [])]
    found = responses[columns].astype(object).where(responses[columns].notna(), None)
    wanted = pd.DataFrame(expected, columns=["USUBJID", "ADT", "AVALC", "REMFL"])[columns].astype(object)
    assert len(found) > 4000
    assert found["AVALC"].nunique() == len(bundled_criteria(name).responses) + 1
    assert found.values.tolist() == wanted.where(wanted.notna(), None).values.tolist()


@pytest.mark.parametrize("name", MRD_LIMIT)
def test_two_readings_of_mrd_agree(name):
    made = histories(name, 300, seed=7)
    responses, _ = derive_response(*frames(name, made), name, accept_unverified=True)
    windows, anchors, judge = SECOND[name]
    expected = []
    for records in made:
        history = plain.History(records, {**windows, "mrd": (28, 28)}, anchors)
        for day, _, remission in judge(plain.History(records, windows, anchors)):
            below = plain.holds(history.at("mrd", day)[1], lambda v: v < MRD_LIMIT[name])
            negative, positive = plain.yes(remission, below), plain.yes(remission, plain.no(below))
            unknown = "NE" if None in (negative, positive) else None
            expected.append("NEGATIVE" if negative else "POSITIVE" if positive else unknown)
    assert [one if isinstance(one, str) else None for one in responses["MRDSTAT"]] == expected
