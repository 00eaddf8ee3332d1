"""Laboratories: each site has its own, which prints its results in its own units.

Laws of the tests, units and limits of normal are in `lab_tests.yaml`. Values are kept in SI units, unrounded; what a
laboratory prints is rounded once, in its own unit.
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sdtm2adam.simulate.screening import Cohort, site_countries, site_numbers
from sdtm2adam.simulate.streams import Floats, Ints
from sdtm2adam.simulate.text import Text, choose, labels, numbers

SI, CONVENTIONAL, KATAL = range(3)
_CONVENTIONAL, _KATAL = {"USA", "JPN", "KOR", "TWN"}, {"SWE", "CZE"}
_UNITS_PER_MICROKATAL = 60
_MG_PER_DL = {"µmol/L": 10_000.0, "mmol/L": 10.0}
_FILE = Path(__file__).with_name("lab_tests.yaml")


@cache
def read_tests(section: str, file: Path = _FILE) -> dict[str, Any]:
    """A section of the list of tests: a panel (`chemistry`, `coagulation`, `hematology`) or a law of their values."""
    tests: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))[section]
    return tests


def site_styles() -> Ints:
    """How the laboratory of each site prints: SI, CONVENTIONAL, or SI with enzymes in KATAL."""
    places = site_countries()
    return np.array([CONVENTIONAL if c in _CONVENTIONAL else KATAL if c in _KATAL else SI for c in places])


def laboratory_ids() -> list[str]:
    """The laboratory of each site."""
    return [f"LAB{number}" for number in site_numbers()]


def laboratory_of(cohort: Cohort, who: Ints) -> Text:
    """LABID of subjects: the laboratory of their site."""
    return labels(laboratory_ids(), cohort.site[who])


def printed(test: dict[str, Any], values: Floats, style: Ints) -> tuple[Text, Text]:
    """Values in SI units and their units as laboratories print them; a test without unit has blank units.

    >>> texts, units = printed(read_tests("chemistry")["BILI"], np.array([20.0, 20.0]), np.array([SI, CONVENTIONAL]))
    >>> texts.to_pylist(), units.to_pylist()
    (['20.0', '1.2'], ['µmol/L', 'mg/dL'])
    """
    kinds = _kinds(test)
    which = np.where(np.isin(style, list(kinds)), style, SI)
    told = numbers(values, kinds[SI][2])
    for number, (_, factor, digits) in kinds.items():
        told = choose(which == number, numbers(values * factor, digits), told)
    has_unit = np.full(len(values), bool(test["unit"]))
    return told, labels([kinds.get(number, kinds[SI])[0] for number in (SI, CONVENTIONAL, KATAL)], which, has_unit)


def _kinds(test: dict[str, Any]) -> dict[int, tuple[str, float, int]]:
    """The styles that differ for a test: unit, what an SI value is multiplied by, decimals."""
    kinds = {SI: (str(test["unit"]), 1.0, int(test["digits"]))}
    if test.get("katal"):
        kinds[KATAL] = ("µkat/L", 1 / _UNITS_PER_MICROKATAL, int(test["digits"]) + 2)
    if "us_unit" in test:
        times = test["times"] if "times" in test else test["molar_mass"] / _MG_PER_DL[test["unit"]]
        kinds[CONVENTIONAL] = (str(test["us_unit"]), float(times), int(test["us_digits"]))
    return kinds
