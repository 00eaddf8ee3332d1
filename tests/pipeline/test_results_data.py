"""The results of a report together: one row per statistic as Parquet and as XPT, read back by another reader."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyreadstat
import pytest
from drawn_reports import drawn_report

from sdtm2adam.compute.ascii import to_ascii
from sdtm2adam.errors import InternalError
from sdtm2adam.model import MEMBER_COLUMNS, RESULT_COLUMNS
from sdtm2adam.pipeline.report_data import write_report_data
from sdtm2adam.pipeline.results_data import as_transport, write_results_data
from sdtm2adam.pipeline.results_names import TRANSPORT_NAMES

TIME = datetime(2016, 3, 8, tzinfo=UTC)
NUMBERS = {"op_order", "stat", "n_subj", "n_rec", *(f"g{at}_leveln" for at in range(1, 5))}


@pytest.fixture(scope="module")
def whole():
    return drawn_report(("T14_2_1", "T14_2_6", "F14_2_3", "L16_2_6_1"))


@pytest.fixture(scope="module")
def written(whole, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("results")
    files, _ = write_report_data(whole, out, TIME)
    assert [path.name for path in files] == [
        "ard_all.parquet",
        "ard.xpt",
        "ard_member.parquet",
        "ardmem.xpt",
        "ars.json",
    ]
    return out / "results"


def test_all_results_are_there_once(written, whole):
    every = pd.read_parquet(written / "ard_all.parquet")
    assert tuple(every.columns) == RESULT_COLUMNS
    assert every["result_id"].is_unique
    frames = [one.frame[one.frame["output_id"] == name] for name, one in sorted(whole.results.items())]
    assert every["result_id"].tolist() == [name for frame in frames for name in frame["result_id"]]
    both = pd.concat(frames, ignore_index=True)
    for name in RESULT_COLUMNS:
        if name in NUMBERS:
            pd.testing.assert_series_equal(every[name].astype(float), both[name], check_exact=True)
        else:
            assert every[name].tolist() == both[name].tolist()


def test_the_members_of_every_result_are_there_once(written):
    every, members = (pd.read_parquet(written / f"{name}.parquet") for name in ("ard_all", "ard_member"))
    assert tuple(members.columns) == MEMBER_COLUMNS
    assert not members.duplicated().any()
    assert set(members["member_id"]) == set(every.loc[every["n_rec"] > 0, "member_id"])
    held = members.groupby("member_id").size()
    named = every[every["n_rec"] > 0]
    assert (held.reindex(named["member_id"]).to_numpy() == named["n_rec"]).all()


@pytest.mark.parametrize(("parquet", "xpt", "columns"), [
    ("ard_all", "ard", RESULT_COLUMNS), ("ard_member", "ardmem", MEMBER_COLUMNS),
])  # fmt: skip
def test_the_transport_files_say_the_same_under_short_names(written, parquet, xpt, columns):
    held = pd.read_parquet(written / f"{parquet}.parquet")
    read, about = pyreadstat.read_xport(written / f"{xpt}.xpt")
    assert about.table_name == xpt.upper()
    assert list(read.columns) == [TRANSPORT_NAMES[name][0] for name in columns]
    assert about.column_labels == [TRANSPORT_NAMES[name][1] for name in columns]
    assert all(about.column_labels)
    for name in columns:
        short = TRANSPORT_NAMES[name][0]
        if name in NUMBERS:
            pd.testing.assert_series_equal(read[short], held[name].astype(float), check_names=False, check_exact=True)
        else:
            assert read[short].tolist() == [to_ascii(text).rstrip(" ") for text in held[name]]


def test_names_are_those_of_eight_characters():
    shorts = [short for short, _ in TRANSPORT_NAMES.values()]
    assert len(set(shorts)) == len(shorts)
    assert all(len(short) <= 8 and len(label) <= 40 for short, label in TRANSPORT_NAMES.values())
    assert {*RESULT_COLUMNS, *MEMBER_COLUMNS} == set(TRANSPORT_NAMES)
    needed = {"NUMID", "DENID", "MEMBID", "MPARAM", "ENGINE", "SPECHASH", "DATAHASH", "RESID", "STATN", "STATUS"}
    assert needed <= set(shorts)


def test_every_result_says_what_made_it(written):
    every = pd.read_parquet(written / "ard_all.parquet")
    for name in ("engine", "spec_hash", "data_hash", "member_id", "method_id", "set_id", "status", "dataset"):
        assert (every[name] != "").all(), name
    assert set(every["status"]) <= {"OK", "NE", "NC"}
    assert every.loc[every["status"] != "OK", "stat"].isna().all()
    percentages = every[every["op_id"] == "M_CNT.pct"].set_index("result_id")
    counts = every.set_index("result_id")["stat"]
    numerators, denominators = counts[percentages["num_id"]].to_numpy(), counts[percentages["den_id"]].to_numpy()
    assert (percentages["stat"].to_numpy() == 100 * numerators / denominators).all()


def test_long_texts_go_on_in_further_variables_and_are_told():
    long = "Nausea µ " + "and so on " * 30
    table = pa.table({"result_id": ["a", "b"], "stat_c": [long.strip(), "short"], "stat": [None, 2.0]})
    dataset, issues = as_transport(table, "ARD", "Analysis Results Data", ("RESID",))
    pieces = dataset.frame.to_pylist()
    assert [one["STATC"] + " " + one["STATC1"] for one in pieces] == [long.strip().replace("µ", "u"), "short "]
    assert all(len(one[name]) <= 200 for one in pieces for name in ("STATC", "STATC1"))
    assert [variable.label for variable in dataset.variables] == [
        "Result Identifier", "Statistic, Character", "Statistic, Character 2", "Statistic, Numeric, Unrounded",
    ]  # fmt: skip
    assert [(one.rule, one.variable, one.records) for one in issues] == [
        ("xpt-not-ascii", "STATC", 1), ("xpt-text-long", "STATC", 1),
    ]  # fmt: skip
    assert "continued in STATC1" in issues[1].text


def test_two_results_of_one_id_are_refused(whole, tmp_path):
    one = whole.results["T14_2_1"]
    twice = type(one)(one.output_id, pd.concat([one.frame, one.frame.iloc[:1]]), one.members)
    with pytest.raises(InternalError, match="two results have one id"):
        write_results_data({"T14_2_1": twice}, tmp_path, TIME)


def test_a_report_without_outputs_writes_nothing(tmp_path):
    assert write_results_data({}, tmp_path, TIME) == ([], [])


def test_the_same_report_gives_the_same_bytes(written, tmp_path):
    other = drawn_report(("T14_2_6", "L16_2_6_1", "T14_2_1", "F14_2_3"))
    write_report_data(other, tmp_path, TIME)
    names = sorted(path.name for path in written.iterdir())
    assert all((written / name).read_bytes() == (tmp_path / "results" / name).read_bytes() for name in names)
    assert json.loads((written / "ars.json").read_text(encoding="utf-8"))["id"] == "RE_INO-SIM-1022"
