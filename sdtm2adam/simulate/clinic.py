"""Forms filled at visits: the visit itself, performance status, vital signs."""

from typing import Any

import numpy as np
import pyarrow as pa

from sdtm2adam.simulate.codes import LISTS
from sdtm2adam.simulate.rows import absolute, assemble
from sdtm2adam.simulate.screening import Cohort, is_in
from sdtm2adam.simulate.streams import Floats, Ints, normal
from sdtm2adam.simulate.text import choose, dates, labels, numbers, times, yes_no
from sdtm2adam.simulate.visits import (
    D1,
    END_OF_TREATMENT,
    FOLDERS,
    RANDOMISATION,
    SCREENING,
    SLOTS,
    UNSCHEDULED,
    Visits,
)

_IMPERIAL = {"USA"}
_NOT_MADE = ["Treatment stopped", "Subject too ill", "Subject refused"]


def visit_dates(cohort: Cohort, visits: Visits, missed: Visits) -> pa.Table:
    """VISIT: one row per visit made, then one for each that was due and not made."""
    who, slot = np.r_[visits.who, missed.who], np.r_[visits.slot, missed.slot]
    made = np.arange(len(who)) < len(visits.who)
    u = cohort.uniform("visit form", 2 * SLOTS).reshape(len(cohort), SLOTS, 2)[who, slot].T
    called = (slot == RANDOMISATION) & (u[0] < 0.3)
    day = np.r_[visits.day, missed.day]
    fields: dict[str, Any] = {
        "VISDAT": dates(np.where(made, absolute(cohort, who, day), np.inf)),
        "VISYN": yes_no(made),
        "VISREAS": labels(_NOT_MADE, np.searchsorted([0.7, 0.9], u[1]), ~made),
        "CONTMODE": labels(["In person", "Telephone"], called, made),
    }
    return assemble(cohort, "VISIT", who, day, labels(list(FOLDERS), slot), fields)


def performance(cohort: Cohort, visits: Visits) -> pa.Table:
    """ECOG at screening, on day 1 of each cycle, at the end of treatment and in follow-up; one worse at progression."""
    part = visits.part
    at = visits.where((visits.slot == SCREENING) | (part == D1) | (visits.slot >= END_OF_TREATMENT))
    fields = {
        "ECDAT": dates(absolute(cohort, at.who, at.day)),
        "ECOG": labels(list(LISTS["ECOG"]), performance_status(cohort, at)),
    }
    return assemble(cohort, "ECOG", at.who, at.day, at.folder, fields)


def performance_status(cohort: Cohort, at: Visits) -> Ints:
    """The ECOG performance status at visits: that of screening, or one better or worse."""
    u = at.among(cohort.uniform("performance", SLOTS))
    change = np.where(u < 0.12, -1, np.where(u > 0.85, 1, 0)) + (at.slot == UNSCHEDULED)
    now = cohort.truth["ecog"][at.who] + np.where(at.slot == SCREENING, 0, change)
    return np.asarray(np.clip(now, 0, 4), dtype=np.int64)


def vital_signs(cohort: Cohort, visits: Visits) -> pa.Table:
    """VS: wide; temperature, weight and height in the units of the country; height at screening only."""
    at = visits.where(visits.slot != RANDOMISATION)
    drift = normal(cohort.uniform("vital signs", 6 * SLOTS)).reshape(len(cohort), SLOTS, 6)[at.who, at.slot]
    minute = 8 * 60 + np.floor(240 * np.abs(drift[:, 5]) / 4)
    imperial = is_in(cohort, _IMPERIAL)[at.who]
    celsius = 36.7 + 0.35 * drift[:, 0]
    weight = weight_kg(cohort, at, drift[:, 4])
    height = np.where(at.slot == SCREENING, cohort.truth["height_cm"][at.who], np.nan)
    dosing = at.part == D1
    fields = {
        "VSDAT": dates(absolute(cohort, at.who, at.day)),
        "VSTIM": times(minute),
        "VSTPT": labels(["Pre-dose"], np.zeros(len(at.who)), dosing),
        "TEMP": choose(imperial, numbers(celsius * 1.8 + 32, 1), numbers(celsius, 1)),
        "TEMPU": labels(["C", "F"], imperial),
        "TEMPLOC": labels(["Oral", "Tympanic"], drift[:, 3] > 0.5),
        "SYSBP": numbers(np.clip(122 + 14 * drift[:, 1], 75, 200)),
        "DIABP": numbers(np.clip(74 + 9 * drift[:, 1] + 3 * drift[:, 2], 40, 74 + 45)),
        "PULSE": numbers(np.clip(84 + 13 * drift[:, 2], 45, 160)),
        "RESP": numbers(np.clip(17 + 2 * drift[:, 3], 10, 36)),
        "WEIGHT": choose(imperial, numbers(weight / 0.45359237, 1), numbers(weight, 1)),
        "WEIGHTU": labels(["kg", "lb"], imperial),
        "HEIGHT": choose(imperial, numbers(height / 2.54, 1), numbers(height)),
        "HEIGHTU": labels(["cm", "in"], imperial, np.isfinite(height)),
    }
    return assemble(cohort, "VS", at.who, at.day, at.folder, fields)


def weight_kg(cohort: Cohort, at: Visits, drift: Floats) -> Floats:
    """Weight: as at screening, then lower by a tenth of a percent a day for two months, with 1.5 percent of noise."""
    base = cohort.truth["weight_kg"][at.who]
    lost = 1 - 0.001 * np.clip(at.day, 0, 60)
    return np.asarray(np.where(at.slot == SCREENING, base, np.rint(10 * base * lost * np.exp(0.015 * drift)) / 10))
