"""Urine by dipstick; and LB_URIN."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.simulate.codes import LISTS
from sdtm2adam.simulate.panels import Samples, folders, sample_fields
from sdtm2adam.simulate.rows import assemble
from sdtm2adam.simulate.streams import Ints
from sdtm2adam.simulate.text import Text, labels, numbers
from sdtm2adam.simulate.visits import D1, END_OF_TREATMENT, SCREENING

_ACIDITY, _GRAVITY, _PROTEIN, _GLUCOSE, _KETONES, _BLOOD, _LEUKOCYTES, _NITRITE = range(8)
_STEPS = ["Negative", "Trace", "1+", "2+", "3+"]
_NITRITES = ["Negative", "Positive"]
_SHARES = {
    # of the steps up to each, negative first [P]
    _PROTEIN: (0.78, 0.90, 0.96, 0.99),
    _GLUCOSE: (0.94, 0.96, 0.98, 0.99),
    _KETONES: (0.92, 0.96, 0.99, 0.995),
    _BLOOD: (0.85, 0.92, 0.96, 0.985),
    _LEUKOCYTES: (0.90, 0.94, 0.97, 0.99),
}


def urine(samples: Samples) -> pa.Table:
    """LB_URIN: long, one row per test of a dipstick at screening, on day 1 of cycle 1 and at the end of treatment."""
    at = samples.at
    asked = (at.slot == SCREENING) | ((at.part == D1) & (at.cycle == 1)) | (at.slot == END_OF_TREATMENT)
    tests = list(LISTS["UTEST"])
    tested = samples.where(asked)
    u = tested.uniform("urine", len(tests)).T.ravel()
    long = tested.where(np.repeat(np.arange(len(tested)), len(tests)))
    test = np.tile(np.arange(len(tests)), len(tested))
    fields = sample_fields(long) | {"UTEST": labels(tests, test), "URES": dipstick(test, u)}
    return assemble(long.cohort, "LB_URIN", long.at.who, long.at.day, folders(long.at), fields)


def dipstick(test: Ints, u: Any) -> Text:
    """What a dipstick shows: pH in halves, specific gravity in thousandths, the others in steps."""
    step = np.zeros(len(test), dtype=np.int64)
    for each, shares in _SHARES.items():
        step = np.where(test == each, np.searchsorted(shares, u), step)
    told = labels(_STEPS, step)
    acidity, gravity = np.floor(10 + 7 * u) / 2, 1.005 + np.floor(26 * u) / 1000
    told = pc.if_else(pa.array(test == _ACIDITY), numbers(acidity, 1), told)
    told = pc.if_else(pa.array(test == _GRAVITY), numbers(gravity, 3), told)
    return pc.if_else(pa.array(test == _NITRITE), labels(_NITRITES, u > 0.96), told)
