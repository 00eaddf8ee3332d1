"""ADaM as written to XPT against a second derivation of the further endpoints: each cell, each subject."""

from collections.abc import Callable

import pandas as pd
import pytest
from second_derivation import derive_adsl, derive_responses, derive_times
from second_endpoints import derive_failures, derive_more_of_subjects, derive_more_times, derive_remissions
from test_adam_derived_twice import KEPT, assert_same

Datasets = Callable[[str], pd.DataFrame]
Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def adsl(sdtm: Datasets) -> pd.DataFrame:
    return derive_adsl(sdtm)


@pytest.fixture(scope="module")
def found(sdtm: Datasets, adsl: pd.DataFrame) -> Frames:
    """The records of each parameter, by subject."""
    responses = derive_responses(sdtm, adsl)
    times = derive_times(sdtm, adsl, responses)
    return {
        **derive_failures(sdtm, adsl, responses),
        **derive_remissions(sdtm, adsl, responses),
        **derive_more_times(sdtm, adsl, responses, times),
    }


def compare(rows: pd.DataFrame, derived: pd.DataFrame, name: str) -> None:
    rows = rows[rows["PARAMCD"] == name].set_index("USUBJID")
    assert rows.index.is_unique
    assert set(rows.index) == set(derived.index)
    for column in derived.columns.intersection([*KEPT, "AVALC"]):
        assert_same(rows[column], derived[column], f"{name} {column}")


@pytest.mark.parametrize("name", ["PD", "PROG", "RELAPSE", "LSTA", "NEWIND", "HSCTNOCR"])
def test_a_failure_is_as_derived_again(adam: Datasets, found: Frames, name: str) -> None:
    compare(adam("ADRS"), found[name], name)


@pytest.mark.parametrize("evaluator", ["INV", "EAC"])
@pytest.mark.parametrize("name", ["CR", "CRI", "RCYC", "MRDS"])
def test_a_remission_is_as_derived_again(adam: Datasets, found: Frames, name: str, evaluator: str) -> None:
    compare(adam("ADRS"), found[f"{name}{evaluator}"], f"{name}{evaluator}")


@pytest.mark.parametrize("name", ["DORCR", "DORCRI", "OSHSCT", "TTR", "TTHSCT", "TTVOD"])
def test_a_further_time_is_as_derived_again(adam: Datasets, found: Frames, name: str) -> None:
    compare(adam("ADTTE"), found[name], name)


def test_further_variables_of_subjects_are_as_derived_again(adam: Datasets, sdtm: Datasets, adsl: pd.DataFrame) -> None:
    derived, ours = derive_more_of_subjects(sdtm, adsl), adam("ADSL").set_index("USUBJID")
    for name in derived:
        assert derived[name].nunique() > 1
        assert_same(ours[name], derived[name], name)
