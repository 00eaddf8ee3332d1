"""The tables of safety keep the laws of results, whatever the order of the records and whoever is there."""

import pandas as pd
import pytest
from laws import check_all
from safety_frames import SAFETY, safety_trial

from sdtm2adam.display.paginate import paginate
from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS


@pytest.fixture(scope="module")
def safety(report, naming):
    folder = shelf("specs") / "inovate" / "tlf"
    return load_display_specs([folder / f"{name}.yaml" for name in SAFETY], report, KINDS, naming)


@pytest.mark.parametrize("name", SAFETY)
def test_a_table_of_safety_keeps_the_laws(name, report, safety):
    results = analyse(safety[name], report, safety_trial())
    display = lay_out(safety[name], report, results)
    check_all(results, display)
    assert paginate(display)


@pytest.mark.parametrize("name", SAFETY)
def test_order_of_records_changes_nothing(name, report, safety):
    data = safety_trial(60)
    shuffled = {key: frame.sample(frac=1, random_state=5).reset_index(drop=True) for key, frame in data.items()}
    first, again = (analyse(safety[name], report, frames) for frames in (data, shuffled))
    pd.testing.assert_frame_equal(first.frame, again.frame)
    pd.testing.assert_frame_equal(first.members, again.members)


@pytest.mark.parametrize("name", SAFETY)
@pytest.mark.parametrize("change", ["no subject", "one subject", "no record", "one arm"])
def test_a_table_of_safety_is_made_whoever_is_missing(name, change, report, safety):
    data = safety_trial(40)
    if change == "no record":
        data = {"ADSL": data["ADSL"], **{key: data[key].iloc[:0] for key in ("ADAE", "ADEX")}}
    else:
        kept = {"no subject": data["ADSL"]["AGE"] < 0, "one subject": data["ADSL"].index == 0}
        data["ADSL"] = data["ADSL"][kept.get(change, data["ADSL"]["TRT01AN"] == 1)].reset_index(drop=True)
    results = analyse(safety[name], report, data)
    display = lay_out(safety[name], report, results)
    check_all(results, display)
    assert paginate(display)


@pytest.mark.parametrize("name", SAFETY)
def test_shell_and_final_have_the_same_fixed_labels(name, report, safety):
    shell = lay_out(safety[name], report, None)
    final = lay_out(safety[name], report, analyse(safety[name], report, safety_trial()))
    assert [section.title for section in shell.sections] == [section.title for section in final.sections]
    assert shell.titles == final.titles
    assert shell.footnotes == final.footnotes
    fixed = {row.label for section in shell.sections for row in section.rows if "<" not in row.label}
    printed = {row.label for section in final.sections for row in section.rows}
    assert fixed - {"Grade missing"} <= printed
    assert paginate(shell)
