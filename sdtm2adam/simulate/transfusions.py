"""Transfusions: red cells for a low haemoglobin, platelets for a low count, plasma now and then; a log form."""

import numpy as np
import pyarrow as pa

from sdtm2adam.simulate.blood import Counts
from sdtm2adam.simulate.rows import LOG, absolute, assemble, first_of_each
from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Ints, whole
from sdtm2adam.simulate.text import dates, labels, numbers
from sdtm2adam.simulate.visits import SLOTS

PRODUCTS = ["PRBC", "Platelets", "FFP"]
_ANAEMIC, _ALWAYS, _MOSTLY = 80, 10, 20
"""Haemoglobin in g/L, platelets in 10^9/L: below them red cells, and platelets always or mostly, are given."""


def transfusions(cohort: Cohort, counts: Counts) -> pa.Table:
    """TRANSF: one row per product and day, on the day of the count or the next; nothing after observation ends.

    Low counts of two days running may lead to the same day: the form has no time, so what was given then is one row.
    """
    at, hgb, plat = counts.visits, counts.values["HGB"], counts.values["PLAT"]
    u = cohort.uniform("transfusions", 12 * SLOTS).reshape(len(cohort), SLOTS, 3, 4)[at.who, at.slot]
    red = (hgb < _ANAEMIC) & (u[:, 0, 0] < 0.9)
    platelets = (plat < _ALWAYS) | ((plat < _MOSTLY) & (u[:, 1, 0] < 0.6))
    plasma = (red | platelets) & (u[:, 2, 0] < 0.04)
    row, product = np.nonzero(np.column_stack([red, platelets, plasma]))
    draws = u[row, product].T
    who, day = at.who[row], at.day[row] + (draws[1] < 0.35)
    kept = (day <= cohort.truth["until"][who]) & first_of_each(who, day, product)
    who, day, product, draws = who[kept], day[kept], product[kept], draws[:, kept]
    fields = {
        "TFDAT": dates(absolute(cohort, who, day)),
        "TFPROD": labels(PRODUCTS, product),
        "TFUNITS": numbers(_units(product, draws[2])),
    }
    return assemble(cohort, "TRANSF", who, day, LOG, fields)


def _units(product: Ints, u: np.ndarray) -> np.ndarray:
    """Two units of red cells mostly, one or two of platelets, two to four of plasma."""
    return np.select([product == 0, product == 1], [1.0 + (u < 0.85), 1.0 + (u < 0.25)], whole(u, 2, 4))
