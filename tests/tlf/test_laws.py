"""The laws of results and displays, on every output of the bundled study."""

import pandas as pd
import pytest
from adam_frames import subjects, trial
from laws import check_all, law_1

from sdtm2adam.model import Results
from sdtm2adam.tlf import analyse, lay_out

OUTPUTS = ("T14_1_2", "T14_2_1", "T14_2_6", "T14_3_2_2", "L16_2_6_1", "F14_2_3")


@pytest.fixture(scope="module")
def analysed(report, specs) -> dict[str, Results]:
    data, done = trial(), {}
    for name in OUTPUTS:
        done[name] = analyse(specs[name], report, data, done)
    return done


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_output_keeps_the_laws(name, report, specs, analysed):
    check_all(analysed[name], lay_out(specs[name], report, analysed[name]))


@pytest.mark.parametrize("name", OUTPUTS)
def test_order_of_records_changes_nothing(name, report, specs, analysed):
    shuffled = {key: frame.sample(frac=1, random_state=3).reset_index(drop=True) for key, frame in trial().items()}
    again = analyse(specs[name], report, shuffled, analysed)
    pd.testing.assert_frame_equal(again.frame, analysed[name].frame)
    assert lay_out(specs[name], report, again) == lay_out(specs[name], report, analysed[name])


@pytest.mark.parametrize("name", OUTPUTS)
def test_inputs_are_not_changed(name, report, specs, analysed):
    data = trial()
    before = {key: frame.copy(deep=True) for key, frame in data.items()}
    analyse(specs[name], report, data, analysed)
    for key, frame in before.items():
        pd.testing.assert_frame_equal(data[key], frame)


def test_ids_are_stable_over_data_cuts(report, specs, analysed):
    other = analyse(specs["T14_2_1"], report, trial(size=60, seed=2))
    assert list(other.frame["result_id"]) == list(analysed["T14_2_1"].frame["result_id"])
    assert other.frame["data_hash"].iloc[0] != analysed["T14_2_1"].frame["data_hash"].iloc[0]


def test_equal_member_sets_are_stored_once(analysed):
    members = analysed["T14_1_2"].members
    sets = members.groupby("member_id")[["dataset", "usubjid", "keyseq", "role"]].agg(tuple)
    assert not sets.duplicated().any()


def test_numbers_read_by_the_figure_are_rows_of_the_table(analysed):
    figure, table = analysed["F14_2_3"].frame, analysed["T14_2_6"].frame
    read = figure[figure["output_id"] == "T14_2_6"].set_index("result_id")
    assert len(read) > 20
    pd.testing.assert_frame_equal(read, table.set_index("result_id").loc[read.index])


def test_a_law_finds_a_cell_without_its_result(report, specs):
    data = {"ADSL": subjects((1, 1, 6), (2, 1, 6))}
    data["ADRS"] = pd.DataFrame({"USUBJID": ["1000"], "PARAMCD": ["CRCRIINV"], "AVALC": ["Y"], "ASEQ": [1]}).astype(
        {"USUBJID": "str", "PARAMCD": "str", "AVALC": "str"}
    )
    results = analyse(specs["T14_2_1"], report, data)
    display = lay_out(specs["T14_2_1"], report, results)
    lost = Results(results.output_id, results.frame.assign(formatted="7"), results.members)
    with pytest.raises(AssertionError):
        law_1(lost, display)
