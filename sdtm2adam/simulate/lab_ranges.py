"""LABRANGES: the limits of normal of each laboratory, by test, sex and age, from the day they took effect.

A laboratory's limits lie within a few percent of the usual ones; a third of the laboratories changed theirs once while
the trial ran. Numbers have decimal commas, units the signs of Windows-1252.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.simulate import blood, laboratory
from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.laboratory import laboratory_ids, read_tests
from sdtm2adam.simulate.rows import table
from sdtm2adam.simulate.streams import Floats, Ints, Streams, whole
from sdtm2adam.simulate.text import Text, dates, epoch_day, labels, numbers

_FIRST_DAY, _CHANGES_FROM = "2012-01-01", "2013-03-01"
_CHANGED, _CHANGE_DAYS = 0.35, 600
_SPREAD, _HIGHER = 0.04, 1.03
_OLDER, _OLDEST, _YOUNGEST = 65, 120, 18
_OLDER_HIGHER = {"CREAT": 1.08, "UREA": 1.15}
"""Tests with an own upper limit from 65 years, times that of younger people."""


def lab_ranges(streams: Streams) -> pa.Table:
    """LABRANGES, by laboratory, test, sex, age and day; it does not depend on the subjects."""
    sites = len(laboratory_ids())
    u = streams.uniform("laboratory limits", sites, 3)
    parts = [
        _limits(panel, test, law, number, u)
        for number, (panel, test, law) in enumerate(
            (panel, test, law)
            for panel in ("hematology", "chemistry", "coagulation")
            for test, law in read_tests(panel).items()
        )
    ]
    return pa.concat_tables(parts)


def _limits(panel: str, test: str, law: dict[str, Any], number: int, u: Floats) -> pa.Table:
    """The rows of one test: laboratories x sexes x ages x days, less the days of laboratories that changed nothing."""
    sexes = ["B"] if law["men"] == law["women"] else ["M", "F"]
    ages = 2 if test in _OLDER_HIGHER else 1
    lab, sex, age, turn = (
        part.ravel() for part in np.meshgrid(range(len(u)), range(len(sexes)), range(ages), range(2), indexing="ij")
    )
    kept = (turn == 0) | (u[lab, 0] < _CHANGED)
    lab, sex, age, turn = lab[kept], sex[kept], age[kept], turn[kept]
    low, high = (np.array([_number(law[who][end]) for who in ("men", "women")])[sex] for end in (0, 1))
    own = 1 + _SPREAD * (2 * u[lab, 1] - 1)
    high = high * own * np.where(turn == 1, _HIGHER, 1) * np.where(age == 1, _OLDER_HIGHER.get(test, 1), 1)
    low, unit = _printed(panel, test, law, low * own, lab)
    high, _ = _printed(panel, test, law, high, lab)
    changed = epoch_day(_CHANGES_FROM) + whole(u[lab, 2], 0, _CHANGE_DAYS) + number % 3
    fields = {
        "LABID": labels(laboratory_ids(), lab),
        "TEST": pa.repeat(test, len(lab)),
        "SEX": labels(sexes, sex),
        "AGELO": numbers(np.where(age == 1, _OLDER, _YOUNGEST)),
        "AGEHI": numbers(np.where((ages == 1) | (age == 1), _OLDEST, _OLDER - 1)),
        "UNIT": unit,
        "LO": pc.replace_substring(low, ".", ","),
        "HI": pc.replace_substring(high, ".", ","),
        "EFFDT": dates(np.where(turn == 1, changed, epoch_day(_FIRST_DAY)).astype(float), "YYYY-MM-DD"),
    }
    return table(FORMS["LABRANGES"], fields, len(lab))


def _number(limit: Any) -> float:
    return np.nan if limit == "none" else float(limit)


def _printed(panel: str, test: str, law: dict[str, Any], value: Floats, lab: Ints) -> tuple[Text, Text]:
    """Limits as the laboratory prints results, so that they can be compared."""
    if panel == "hematology":
        return blood.printed(test, value, blood.site_styles()[lab])
    return laboratory.printed(law, value, laboratory.site_styles()[lab])
