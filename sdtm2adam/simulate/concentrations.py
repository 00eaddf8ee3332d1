"""Serum concentrations of inotuzumab ozogamicin: the feed of the laboratory that measures them.

One compartment; volume and half-life vary by subject. They are proposals, near what the label tells, and no claim.
"""

import numpy as np
import pyarrow as pa

from sdtm2adam.simulate.course import MOST_CYCLES
from sdtm2adam.simulate.dosing import Doses, Infusions, plan_infusions
from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.rows import absolute, table
from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Floats, Ints, lognormal
from sdtm2adam.simulate.text import choose, dates, join, labels, numbers, times
from sdtm2adam.simulate.visits import FOLDERS, SLOTS

_SAMPLED_IN = {1: (1, 2, 3), 2: (1,), 4: (1,)}  # cycle -> doses of the cycle
_TIMES = ["Pre-dose", "End of infusion", "3 h after infusion"]
_MINUTES = np.array([-30.0, 60.0, 240.0])
"""From the start of the infusion, as planned; the third one after the first dose only."""
_VOLUME, _HALF_LIFE, _NOISE = (12.0, 0.25), (6.0, 0.3), 0.12
_LIMIT = 1.0
_DAY = 24 * 60.0
_PER_CYCLE = 3


def serum(cohort: Cohort, doses: Doses) -> pa.Table:
    """PK: one row per sample; below the limit of quantitation the result is told as less than it."""
    infusions = plan_infusions(cohort, doses)
    given = infusions.doses
    slot_wanted = np.array([place in _SAMPLED_IN.get(cycle, ()) for cycle, place in _pairs()])
    wanted = given.given & slot_wanted[(given.cycle - 1) * _PER_CYCLE + given.place - 1]
    first = (given.cycle == 1) & (given.place == 1)
    row, point = np.nonzero(np.column_stack([wanted, wanted, wanted & first]))
    who, slot = given.who[row], given.slot[row]
    u = cohort.uniform("concentrations", 9 * SLOTS).reshape(len(cohort), SLOTS, 3, 3)[who, slot, point].T
    minute = infusions.start[row] + _MINUTES[point] + np.select([point == 0], [25 * u[0]], 10 * u[0])
    minute = np.floor(minute)
    level = _levels(cohort, infusions, who, given.day[row] * _DAY + minute) * lognormal(u[1], 1.0, _NOISE)
    kept = np.flatnonzero(u[2] < 0.94)  # the others were not drawn, or lost
    who, point, minute, level, row = who[kept], point[kept], minute[kept], level[kept], row[kept]
    low = level < _LIMIT
    fields = {
        "SUBJ": cohort.subject.take(pa.array(who)),
        "NOMTIME": join(labels(list(FOLDERS), given.slot[row]), " ", labels(_TIMES, point)),
        "ACTDTM": join(dates(absolute(cohort, who, given.day[row]), "YYYY-MM-DD"), " ", times(minute)),
        "CONC": choose(low, labels([f"<{_LIMIT:.2f}"], np.zeros(len(who))), numbers(level, 2)),
        "UNIT": "ng/mL",
        "LLOQ": f"{_LIMIT:.2f}",
        "FLAG": labels(["BLQ"], np.zeros(len(who)), low),
    }
    return table(FORMS["PK"], fields, len(who))


def _pairs() -> list[tuple[int, int]]:
    return [(cycle, place) for cycle in range(1, MOST_CYCLES + 1) for place in range(1, _PER_CYCLE + 1)]


def _levels(cohort: Cohort, infusions: Infusions, who: Ints, at: Floats) -> Floats:
    """ng/mL at minutes from randomisation: what is left of each dose given before."""
    given = infusions.doses
    place = (given.cycle - 1) * _PER_CYCLE + given.place - 1
    milligrams = np.zeros((len(cohort), MOST_CYCLES * _PER_CYCLE))
    ended = np.full(milligrams.shape, np.inf)
    milligrams[given.who, place] = np.where(given.given, infusions.dose, 0)
    ended[given.who, place] = given.day * _DAY + infusions.start + 60
    u = cohort.uniform("kinetics", 2)
    volume, half_life = lognormal(u[:, 0], *_VOLUME), lognormal(u[:, 1], *_HALF_LIFE)
    since = at[:, None] - ended[who]
    left = np.where(since >= 0, np.exp2(-np.maximum(since, 0) / _DAY / half_life[who][:, None]), 0)
    return np.asarray(np.sum(1000 * milligrams[who] / volume[who][:, None] * left, axis=1), dtype=np.float64)
