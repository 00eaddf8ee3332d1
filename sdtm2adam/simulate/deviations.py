"""Protocol deviations: a few per subject, of what no other form can contradict; some are told at length."""

import numpy as np
import pyarrow as pa

from sdtm2adam.simulate.rows import LOG, absolute, assemble
from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import whole
from sdtm2adam.simulate.terms import read_terms
from sdtm2adam.simulate.text import dates, labels, yes_no

_MOST = 5
_SHARES = np.cumsum(np.exp(-1.3) * np.array([1, 1.3, 1.3**2 / 2, 1.3**3 / 6, 1.3**4 / 24]))  # Poisson(1.3), at most 5
_TOLD_AT_LENGTH = 0.12


def deviations(cohort: Cohort) -> pa.Table:
    """DV: one row per deviation, from consent to the end of observation; of treatment only for the treated."""
    rows, truth = read_terms()["deviations"], cohort.truth
    number = np.searchsorted(_SHARES, cohort.uniform("deviations", 1)[:, 0])
    who, place = np.nonzero(np.arange(_MOST) < number[:, None])
    u = cohort.uniform("deviation", 4 * _MOST).reshape(len(cohort), _MOST, 4)[who, place].T
    dosed = np.array([bool(row["dosed"]) for row in rows])
    anyone = np.flatnonzero(~dosed)
    which = np.where(
        truth["treated"][who],
        (u[0] * len(rows)).astype(np.int64),
        anyone[(u[0] * len(anyone)).astype(np.int64)],
    )
    first = np.where(dosed[which], truth["first_dose_day"][who], truth["consent_day"][who])
    last = np.where(dosed[which], np.minimum(truth["eot_day"], truth["until"])[who], truth["until"][who])
    day = whole(u[1], first, np.maximum(last, first))
    order = np.lexsort((which, day, who))
    who, day, which, u = who[order], day[order], which[order], u[:, order]
    at_length = u[2] < _TOLD_AT_LENGTH
    told = [row["term"] for row in rows] + [f"{row['term']}. {read_terms()['deviation_story']}" for row in rows]
    fields = {
        "DVTERM": labels(told, which + len(rows) * at_length),
        "DVCAT": labels([row["category"] for row in rows], which),
        "DVDAT": dates(absolute(cohort, who, day)),
        "DVMAJ": yes_no(u[3] < np.array([row["major"] for row in rows])[which]),
    }
    return assemble(cohort, "DV", who, day, LOG, fields)
