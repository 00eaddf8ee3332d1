"""ADRS and ADTTE of random trials with mess against a second derivation: each record, date, code, word and source.

The mess is that of raw data; SDTM is made of it by our specs, and both derivations start there. No kind is left out.
"""

from pathlib import Path

import pytest
from messy_trials import MessyTrial, frames_of
from second_comparison import ADRS, ADTTE, cells_of, derived_again, differences

TRIALS, AT_ONCE = 50, 3


def compare(number: int, place: Path) -> None:
    trial = MessyTrial.draw(number)
    built, settings = trial.build(place)
    frame = frames_of(built)
    again = derived_again(frame, frame("ADRS"), settings)
    for name, columns in (("ADRS", ADRS), ("ADTTE", ADTTE)):
        ours = cells_of(frame(name), columns)
        assert len(ours) > trial.subjects
        assert not (found := differences(ours, again[name])), f"{name} of {trial}\n{found}"


@pytest.mark.parametrize("number", range(AT_ONCE))
def test_a_messy_trial_is_as_derived_again(number: int, tmp_path: Path) -> None:
    compare(number, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("number", range(AT_ONCE, TRIALS))
def test_another_messy_trial_is_as_derived_again(number: int, tmp_path: Path) -> None:
    compare(number, tmp_path)
