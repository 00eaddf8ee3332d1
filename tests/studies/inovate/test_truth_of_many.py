"""ADaM of ten thousand simulated subjects against what happened to each of them."""

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from messy_study import study_folder
from messy_trials import frames_of
from test_analysis_against_truth import (  # noqa: F401 - pytest runs them here, with the fixtures below
    adsl,
    cohort,
    parameter,
    test_censorings_of_survival_and_of_competing_deaths,
    test_deaths,
    test_disposition,
    test_duration_of_remission,
    test_events_of_progression_free_survival,
    test_fatal_events_durations_and_phases,
    test_first_and_worst_events,
    test_last_known_alive,
    test_remission_by_kind_cycle_and_mrd,
    test_times_to_one_event,
    test_transplants,
    truth,
)
from test_truth_against_data import (  # noqa: F401
    subjects,
    test_a_date_of_each_subject_is_the_true_one,
    test_adverse_events_are_the_true_ones,
    test_allocation_strata_and_cd22_are_the_true_ones,
    test_progression_free_survival_is_the_true_one,
    test_responses_are_the_true_ones,
    test_strata_are_those_typed_at_randomisation_and_those_of_the_forms,
    test_survival_is_the_true_one,
    test_transplants_and_vod_are_the_true_ones,
)

from sdtm2adam.build.study import build
from sdtm2adam.pipeline.folder import data_folders, inputs_of
from sdtm2adam.pipeline.simulate import simulate
from sdtm2adam.simulate import expect
from sdtm2adam.simulate.truth import Trial
from sdtm2adam.spec.library import read_specs

pytestmark = pytest.mark.long
Datasets = Callable[[str], pd.DataFrame]
SUBJECTS = int(os.environ.get("SDTM2ADAM_SUBJECTS", "10000"))


@pytest.fixture(scope="session")
def raw_and_trial(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Trial]:
    folder = tmp_path_factory.mktemp("many")
    trial, _ = simulate(folder / "raw", subjects=SUBJECTS, progress=lambda _: None)
    return folder, trial


@pytest.fixture(scope="session")
def trial(raw_and_trial: tuple[Path, Trial]) -> Trial:
    return raw_and_trial[1]


@pytest.fixture(scope="session")
def expected(trial: Trial) -> dict[str, pd.DataFrame]:
    return {name: rows.to_pandas() for name, rows in expect(trial).items()}


@pytest.fixture(scope="session")
def adam(raw_and_trial: tuple[Path, Trial]) -> Datasets:
    """The analysis datasets as they would be read from files: texts without missing values, dates as moments."""
    folder = raw_and_trial[0]
    specs = read_specs(study_folder(folder / "study"))
    inputs = inputs_of(specs, data_folders(specs, {"raw": str(folder / "raw")}))
    frame = frames_of(build(specs, inputs, only=("ADSL", "ADRS", "ADTTE", "ADAE"), memory="5GB"))
    kept: dict[str, pd.DataFrame] = {}

    def read(name: str) -> pd.DataFrame:
        if name not in kept:
            kept[name] = frame(name).copy()
            for column, values in kept[name].items():
                if str(column).endswith("DT"):
                    kept[name][column] = pd.to_datetime(values).astype("datetime64[s]")
                elif not pd.api.types.is_numeric_dtype(values):
                    kept[name][column] = values.astype("object").where(values.notna(), "")
        return kept[name].copy()

    return read


def test_there_are_as_many_as_wanted(adam: Datasets) -> None:
    assert len(adam("ADSL")) == SUBJECTS
