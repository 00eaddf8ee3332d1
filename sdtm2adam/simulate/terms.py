"""The words of the simulated records, read from `terms.yaml`: preferred terms, classes, drugs."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sdtm2adam.simulate.streams import Floats, Ints, category

_FILE = Path(__file__).with_name("terms.yaml")


@cache
def read_terms(file: Path = _FILE) -> dict[str, Any]:
    """The term lists by name."""
    terms: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return terms


def weighted(weights: list[float], u: Floats) -> Ints:
    """The number of the item each uniform number falls on, by weight.

    >>> weighted([1, 3], np.array([0.2, 0.3])).tolist()
    [0, 1]
    """
    total = float(np.sum(weights))
    return category(u, [weight / total for weight in weights])
