"""Results: what every statistic must be, what those of a cell must be together, and who stands behind them."""

import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from drawn_datasets import LINEAGE

from sdtm2adam.model import MEMBER_COLUMNS, RESULT_COLUMNS, Dataset, Variable
from sdtm2adam.validate.results import check_results

sys.path += [str(Path(__file__).parents[1] / name) for name in ("submit", "tlf")]

from adam_frames import trial
from drawn_reports import drawn_report

OUTPUTS = ("T14_1_2", "T14_2_1", "T14_2_6", "T14_3_2_2", "F14_2_3", "L16_2_6_1")


def analysis_dataset(name, frame):
    table = pa.Table.from_pandas(frame, preserve_index=False)
    variables = tuple(Variable(column, column, "text") for column in table.column_names)
    return Dataset(name, name, "adam", "", "", (), variables, table, LINEAGE)


@pytest.fixture(scope="module")
def whole():
    return drawn_report(OUTPUTS)


@pytest.fixture(scope="module")
def adam():
    return {name: analysis_dataset(name, frame) for name, frame in trial().items()}


@pytest.fixture(scope="module")
def tables(whole):
    """All statistics and members, as a run writes them together."""
    frames = [one.frame[one.frame["output_id"] == name] for name, one in whole.results.items()]
    members = pd.concat([one.members for one in whole.results.values()]).drop_duplicates(ignore_index=True)
    return pd.concat(frames, ignore_index=True), members


def checked(statistics, members, adam, whole):
    as_tables = (pa.Table.from_pandas(one, preserve_index=False) for one in (statistics, members))
    return check_results(*as_tables, adam, whole.report)


def test_what_the_program_makes_has_no_issues_and_everything_was_looked_at(tables, adam, whole):
    report = checked(*tables, adam, whole)
    assert [(one.rule, one.text) for one in report.issues] == []
    looked = {one.dataset: one for one in report.looked_at}
    assert looked["ARD"].records == len(tables[0])
    assert looked["ARDMEM"].records == len(tables[1])
    assert (looked["ARD"].could_not_run, looked["ARDMEM"].could_not_run) == (0, 0)
    assert looked["ARD"].expectations > 30


def first(frame, **values):
    """The first result that has these values, which are texts or numbers from which on it is enough."""
    mask = pd.Series(data=True, index=frame.index)
    for name, value in values.items():
        mask &= (frame[name] == value) if isinstance(value, str) else (frame[name] >= value)
    return int(frame.index[mask][0])


def total(frame):
    """A count in a column of all levels, whose levels all have cells."""
    return first(frame[(frame["g2_level"] == "") & ~frame["analysis_id"].str.endswith("_000")],
                 op_id="M_CNT.n", output_id="T14_1_2", g2_id="G_CD22")  # fmt: skip


PLANTED = {
    "an id stands twice": (lambda f: (1, {"result_id": f["result_id"][0]}),
                            {"key-unique", "found-in", "result-percent"}),
    "no status": (lambda f: (first(f, op_id="M_CNT.n"), {"status": ""}), {"required-null"}),
    "a status nobody knows": (lambda f: (first(f, op_id="M_CNT.n"), {"status": "NA"}), {"result-status"}),
    "OK without a value": (lambda f: (first(f, op_id="M_LR.p"), {"stat": float("nan")}), {"result-value"}),
    "NE with a value": (lambda f: (first(f, op_id="M_LR.p"), {"status": "NE"}), {"result-value"}),
    "NE without a reason": (lambda f: (first(f, op_id="M_LR.p"), {"status": "NE", "stat": float("nan")}),
                            {"result-value"}),
    "an infinite number": (lambda f: (first(f, op_id="M_COX.upper"), {"stat": float("inf")}), {"finite"}),
    "half a subject at risk": (lambda f: (first(f, op_id="M_KM.n_risk"), {"stat": 10.5}), {"whole-number"}),
    "minus one event": (lambda f: (first(f, op_id="M_KM.n_event"), {"stat": -1.0}), {"range"}),
    "a p-value above one": (lambda f: (first(f, op_id="M_LR.p"), {"stat": 1.02}), {"range"}),
    "survival above 100 %": (lambda f: (first(f, op_id="M_KM.estimate"), {"stat": 100.5}), {"range"}),
    "a percentage that is off by a billionth of itself": (
        lambda f: (i := first(f, op_id="M_CNT.pct", stat=20.0), {"stat": f["stat"][i] * (1 + 1e-8)}),
        {"result-percent"},
    ),
    "an estimate outside its limits": (
        lambda f: (i := first(f, op_id="M_COX.est"), {"stat": f["stat"][i] + 100}), {"result-order"},
    ),
    "limits that do not enclose the proportion": (
        lambda f: (first(f, op_id="M_CP.lower"), {"stat": 99.9}), {"result-order", "result-proportion"},
    ),
    "a median above the third quartile": (
        lambda f: (i := first(f, op_id="M_CONT.median"), {"stat": f["stat"][i] + 1e6}), {"result-order"},
    ),
    "a count that is not that of its members": (
        lambda f: (i := first(f[f["num_id"] == ""], op_id="M_CNT.n", output_id="T14_2_6"), {"stat": f["stat"][i] + 1}),
        {"result-count", "result-population", "result-percent", "result-sum"},
    ),
    "an N that is not that of ADSL": (
        lambda f: (i := first(f, analysis_id="A_T14_2_1_000"),
                   {"stat": f["stat"][i] - 1, "n_subj": f["n_subj"][i] - 1, "n_rec": f["n_rec"][i] - 1}),
        {"result-population", "result-members", "result-percent", "result-sum"},
    ),
    "a numerator that is no result": (
        lambda f: (first(f, op_id="M_CNT.pct", stat=20.0), {"num_id": "0123456789abcdef"}),
        {"found-in", "result-percent"},
    ),
    "more subjects than records": (
        lambda f: (i := first(f, op_id="M_LR.p"), {"n_subj": f["n_rec"][i] + 1}), {"result-not-more", "result-members"},
    ),
    "members that are not there": (
        lambda f: (first(f, op_id="M_LR.p"), {"member_id": "0123456789abcdef"}), {"result-members"},
    ),
    "a total that is not the sum of its levels": (
        lambda f: (i := total(f), {"stat": f["stat"][i] - 1, "n_subj": f["n_subj"][i] - 1}),
        {"result-sum", "result-percent", "result-members"},
    ),
}  # fmt: skip
"""Faults planted into true results: the row, what is changed there, and the rules that must tell it."""


@pytest.mark.parametrize("fault", sorted(PLANTED))
def test_each_fault_is_told_by_its_rules_and_no_other(fault, tables, adam, whole):
    plant, expected = PLANTED[fault]
    statistics = tables[0].copy()
    row, changes = plant(statistics)
    for name, value in changes.items():
        statistics.loc[row, name] = value
    found = {issue.rule for issue in checked(statistics, tables[1], adam, whole).issues}
    assert found == expected


GRID = """group       level_1 level_2 stat
          STRATUM     .       .       10
          STRATUM     .       A       4
          STRATUM     .       B       6
          STRATUM     A       .       5
          STRATUM     B       .       5
          STRATUM     A       A       3
          STRATUM     A       B       2
          STRATUM     B       A       1
          STRATUM     B       B       4"""


def grid(text):
    """Results of one grid of an arm: counts by two factors, with the sums of each."""
    _, *lines = [line.split() for line in text.splitlines()]
    return pd.DataFrame(
        [
            dict.fromkeys(RESULT_COLUMNS, "")
            | {"op_id": "M_SHIFT.n", "method_id": "M_SHIFT", "stat_name": "n", "status": "OK", "result_id": f"R{n}"}
            | {"g1_id": "ARM", "g1_level": "InO", "g2_id": name, "g2_level": first.strip("."), "g3_id": "LATER"}
            | {"g3_level": second.strip("."), "stat": float(number), "n_subj": 0.0, "n_rec": 0.0}
            for n, (name, first, second, number) in enumerate(lines)
        ]
    )


@pytest.mark.parametrize("row", range(9))
def test_each_number_of_a_grid_is_held_against_the_sums_beside_it(row, whole):
    members = pd.DataFrame({name: pd.array([], "str") for name in MEMBER_COLUMNS})

    def rules(frame):
        return {one.rule for one in checked(frame, members, {}, whole).issues}

    true = grid(GRID)
    assert "result-sum" not in rules(true)
    assert "result-sum" in rules(true.assign(stat=true["stat"] + (true.index == row)))


def test_a_member_that_is_no_record_of_its_dataset_is_told(tables, adam, whole):
    members = tables[1].copy()
    at = int(members.index[members["dataset"] == "ADTTE"][0])
    members.loc[at, "keyseq"] = "99999"
    assert [(one.dataset, one.rule, one.records) for one in checked(tables[0], members, adam, whole).issues] == [
        ("ARDMEM", "result-record", 1)
    ]


def test_a_member_that_is_gone_is_missed_by_every_result_it_stood_behind(tables, adam, whole):
    gone = tables[1].index[tables[1]["role"] == "NUM"][0]
    behind = (tables[0]["member_id"] == tables[1]["member_id"][gone]).sum()
    issues = checked(tables[0], tables[1].drop(index=gone), adam, whole).issues
    assert {one.rule for one in issues} == {"result-members"}
    assert max(one.records for one in issues) == behind


def test_a_table_without_a_column_could_not_be_judged_and_has_not_passed(tables, adam, whole):
    report = checked(tables[0].drop(columns="stat"), tables[1], adam, whole)
    assert {one.rule for one in report.issues} == {"could-not-run"}
    assert report.looked_at[0].could_not_run > 10
