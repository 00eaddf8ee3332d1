"""One small trial, observed once, for all tests of the simulator."""

from typing import Any

import pandas as pd
import pytest

from sdtm2adam.simulate import REFERENCE_SEED, expect, observe, simulate_trial
from sdtm2adam.simulate.truth import Trial


@pytest.fixture(scope="session")
def trial() -> Trial:
    return simulate_trial(326, REFERENCE_SEED)


@pytest.fixture(scope="session")
def forms(trial: Trial) -> dict[str, Any]:
    return observe(trial)


@pytest.fixture(scope="session")
def raw(forms: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """The forms as frames of text."""
    return {name: form.to_pandas() for name, form in forms.items()}


@pytest.fixture(scope="session")
def expected(trial: Trial) -> dict[str, pd.DataFrame]:
    return {name: rows.to_pandas() for name, rows in expect(trial).items()}
