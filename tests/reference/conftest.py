"""R's answers, where they lie beside the repository."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ORACLES = Path(__file__).resolve().parents[3] / "shared" / "oracles"


@pytest.fixture
def oracle() -> Callable[[str], Any]:
    """Read one JSON file of R's answers."""
    if not ORACLES.is_dir():
        pytest.skip("R's answers are not beside the repository (../shared/oracles)")
    return lambda name: json.loads((ORACLES / name).read_text(encoding="utf-8"))


@pytest.fixture
def survival_case(oracle: Callable[[str], Any]) -> Callable[[str], tuple[dict[str, np.ndarray], Any]]:
    """Read one survival data set (time, event; arm and strata as text; age, karno) and R's answers to it."""

    def read(name: str) -> tuple[dict[str, np.ndarray], Any]:
        with (ORACLES / "survival_inputs" / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        trial = {
            "time": np.array([float(row["time"]) for row in rows]),
            "event": np.array([int(row["status"]) for row in rows]),
            "grp": np.array([row["grp"] for row in rows]),
            "strata": np.array([row.get("strata", "") for row in rows]),
        }
        for covariate in sorted({"age", "karno"} & set(rows[0])):
            trial[covariate] = np.array([float(row[covariate]) for row in rows])
        return trial, oracle(f"survival_results/{name}.json")

    return read
