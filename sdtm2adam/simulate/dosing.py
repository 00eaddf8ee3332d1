"""Exposure: what was given on which day, by regimen, and the forms that record it.

Inotuzumab ozogamicin: 0.8, 0.5, 0.5 mg/m2 on days 1, 8, 15 of each cycle, 0.5 on day 1 once in remission (USPI).
FLAG, cytarabine with mitoxantrone and high-dose cytarabine: doses as commonly given, unverified for this trial.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sdtm2adam.simulate.course import MOST_CYCLES
from sdtm2adam.simulate.rows import absolute, assemble
from sdtm2adam.simulate.screening import Cohort, body_surface
from sdtm2adam.simulate.streams import Bools, Floats, Ints
from sdtm2adam.simulate.text import dates, labels, numbers, times, yes_no
from sdtm2adam.simulate.visits import D1, D8, D15, FOLDERS, RANDOMISATION, SLOTS, Visits

FLAG, MITOXANTRONE, HIGH_DOSE = range(3)
_DAYS = {FLAG: 6, MITOXANTRONE: 7, HIGH_DOSE: 12}
_MOST = max(_DAYS.values())
_OMITTED, _DELAYED, _REDUCED = 0.03, 0.08, 0.02


@dataclass(frozen=True, slots=True)
class Doses:
    """Doses planned, one row each, by subject and day; `given` tells which were given.

    `place` is the number of the dose in its cycle, from 1; `regimen` is -1 for inotuzumab ozogamicin.
    """

    who: Ints
    slot: Ints
    cycle: Ints
    place: Ints
    day: Floats
    regimen: Ints
    given: Bools

    def where(self, kept: Bools) -> "Doses":
        """Some of the doses."""
        return Doses(*(getattr(self, name)[kept] for name in self.__slots__))


def plan_doses(cohort: Cohort, visits: Visits) -> Doses:
    """All doses of all regimens up to the end of treatment."""
    ino, sc = _inotuzumab_doses(cohort, visits), _standard_doses(cohort)
    columns = [np.concatenate([getattr(part, name) for part in (ino, sc)]) for name in Doses.__slots__]
    order = np.lexsort((columns[3], columns[4], columns[0]))
    return Doses(*(column[order] for column in columns))


def _inotuzumab_doses(cohort: Cohort, visits: Visits) -> Doses:
    ino = cohort.truth["arm"][visits.who] == 0
    at = visits.where(np.isin(visits.part, (D1, D8, D15)) & ino)
    u = cohort.uniform("dose omitted", SLOTS)[at.who, at.slot]
    given = (at.part == D1) | (u >= _OMITTED)
    return Doses(at.who, at.slot, at.cycle, at.part + 1, at.day, np.full(len(at.who), -1), given)


def _standard_doses(cohort: Cohort) -> Doses:
    truth = cohort.truth
    regimen = truth["sc_choice"]
    place = np.arange(_MOST)
    # high-dose cytarabine is given twice a day, the others once
    offset = np.where((regimen == HIGH_DOSE)[:, None], place // 2, place)
    planned = place < np.array([_DAYS[key] for key in sorted(_DAYS)])[regimen][:, None]
    days = truth["cycle_days"][:, :, None] + offset[:, None, :]
    began = (np.arange(MOST_CYCLES) < truth["cycles"][:, None])[:, :, None]
    end = np.minimum(truth["eot_day"], truth["until"])[:, None, None]
    on = (truth["arm"] == 1)[:, None, None] & began & planned[:, None, :] & (days <= end)
    who, cycle, number = np.nonzero(on)
    slot = RANDOMISATION + 1 + 4 * cycle + D1
    day = days[who, cycle, number]
    return Doses(who, slot, cycle + 1, number + 1, day, regimen[who], np.ones(len(who), dtype=bool))


def last_dose_day(cohort: Cohort, doses: Doses) -> Floats:
    """The day on which the last dose given to each subject ended; nan where none was."""
    last = np.full(len(cohort), -np.inf)
    np.maximum.at(last, doses.who[doses.given], dose_end_day(cohort, doses)[doses.given])
    return np.asarray(np.where(np.isfinite(last), last, np.nan))


def cycles_dosed(cohort: Cohort, doses: Doses) -> Ints:
    """The last cycle in which each subject was dosed; 0 where none was."""
    last = np.zeros(len(cohort), dtype=np.int64)
    np.maximum.at(last, doses.who[doses.given], doses.cycle[doses.given])
    return last


def dose_end_day(cohort: Cohort, doses: Doses) -> Floats:
    """The day on which each dose ended: the next one for 24-hour infusions, but not after the end of treatment."""
    end = np.minimum(cohort.truth["eot_day"], cohort.truth["until"])[doses.who]
    return np.asarray(np.where(doses.regimen == MITOXANTRONE, np.minimum(doses.day + 1, end), doses.day))


@dataclass(frozen=True, slots=True)
class Infusions:
    """Inotuzumab ozogamicin as planned and given, one row per planned dose.

    `planned` is in mg/m2, `surface` in m2, `dose` in mg, `start` in minutes after midnight; an infusion takes an hour.
    """

    doses: Doses
    planned: Floats
    surface: Floats
    dose: Floats
    start: Floats
    reduced: Bools
    delayed: Bools
    draws: Floats


def plan_infusions(cohort: Cohort, doses: Doses) -> Infusions:
    """The infusions of the doses of inotuzumab ozogamicin."""
    some = doses.where(doses.regimen < 0)
    truth, who = cohort.truth, some.who
    u = cohort.uniform("infusion", 6 * SLOTS).reshape(len(cohort), SLOTS, 6)[who, some.slot].T
    surface = body_surface(truth["height_cm"], truth["weight_kg"])[who]
    remission = truth["response_day"][who] < some.day
    planned = np.where((some.place == 1) & ~remission, 0.8, 0.5)
    reduced = (u[0] < _REDUCED) & (some.cycle > 1)
    delayed = (u[1] < _DELAYED) & (some.cycle > 1) & (some.place == 1) & ~reduced
    dose = planned * np.where(reduced, 0.75, 1) * surface
    return Infusions(some, planned, surface, dose, np.floor(9 * 60 + 300 * u[2]), reduced, delayed, u)


def inotuzumab(cohort: Cohort, doses: Doses) -> pa.Table:
    """EX_INO: one row per planned dose, in mg, with the body surface area it was reckoned with."""
    infusions = plan_infusions(cohort, doses)
    some, u, start = infusions.doses, infusions.draws, infusions.start
    who, given = some.who, some.given
    why = labels(["Adverse event", "Cytopenia", "Bilirubin increased"], (3 * u[3]).astype(np.int64), ~given)
    adjusted = np.select([~given, infusions.reduced, infusions.delayed], [3, 2, 1], 0)
    cause = labels(["Neutropenia", "Thrombocytopenia", "Infection"], (3 * u[4]).astype(np.int64), adjusted > 0)
    fields = {
        "EXYN": yes_no(given),
        "EXREAS": why,
        "EXDAT": dates(np.where(given, absolute(cohort, who, some.day), np.inf)),
        "EXSTTIM": times(start, given),
        "EXENTIM": times(start + 60, given),
        "CYCLE": numbers(some.cycle.astype(float)),
        "DAY": labels(["", "1", "8", "15"], some.place),
        "BSA": numbers(infusions.surface, 2),
        "PLANDOSE": numbers(infusions.planned, 1),
        "EXDOSE": numbers(infusions.dose, 2, given),
        "EXVOL": numbers(np.full(len(who), 50.0), 0, given),
        "EXVOLU": labels(["mL"], np.zeros(len(who)), given),
        "EXINT": yes_no(u[5] < 0.02, given),
        "EXADJ": labels(["None", "Delayed", "Reduced", "Omitted"], adjusted),
        "EXADJR": cause,
        "EXLOT": labels([f"INO{k:03d}" for k in range(1, 13)], (12 * u[5]).astype(np.int64), given),
    }
    return assemble(cohort, "EX_INO", who, some.day, labels(list(FOLDERS), some.slot), fields)


def flag(cohort: Cohort, doses: Doses) -> pa.Table:
    """EX_FLAG: cytarabine 2 g/m2 on days 1-6, fludarabine 30 mg/m2 on days 2-6, filgrastim 5 ug/kg."""
    some = doses.where(doses.regimen == FLAG)
    later = some.place > 1
    fields = {
        "EXDAT": dates(absolute(cohort, some.who, some.day)),
        "DAY": numbers(some.place.astype(float)),
        "FLUDOSE": numbers(np.full(len(later), 30.0), 0, later),
        "FLUU": labels(["mg/m2"], np.zeros(len(later)), later),
        "ARADOSE": "2000",
        "ARAU": "mg/m2",
        "GCSF": "Yes",
        "GCSFDOSE": "5",
        "GCSFU": "ug/kg",
    }
    return assemble(cohort, "EX_FLAG", some.who, some.day, labels(list(FOLDERS), some.slot), fields)


def mitoxantrone(cohort: Cohort, doses: Doses) -> pa.Table:
    """EX_MXN: mitoxantrone 12 mg/m2 on days 1-3, cytarabine 200 mg/m2 over 24 hours on days 1-7, past midnight."""
    some = doses.where(doses.regimen == MITOXANTRONE)
    day, end = some.day, dose_end_day(cohort, some)
    early = some.place <= 3
    start = np.floor(9 * 60 + 300 * cohort.uniform("mitoxantrone start", MOST_CYCLES)[some.who, some.cycle - 1])
    fields = {
        "EXDAT": dates(absolute(cohort, some.who, day)),
        "DAY": numbers(some.place.astype(float)),
        "MXNDOSE": numbers(np.full(len(early), 12.0), 0, early),
        "MXNU": labels(["mg/m2"], np.zeros(len(early)), early),
        "ARADOSE": "200",
        "ARAU": "mg/m2",
        "ARASTDAT": dates(absolute(cohort, some.who, day)),
        "ARASTTIM": times(start),
        "ARAENDAT": dates(absolute(cohort, some.who, end)),
        "ARAENTIM": times(np.where(end > day, start, 23 * 60 + 59)),
    }
    return assemble(cohort, "EX_MXN", some.who, some.day, labels(list(FOLDERS), some.slot), fields)


def high_dose(cohort: Cohort, doses: Doses) -> pa.Table:
    """EX_HIDAC: cytarabine 3 g/m2 every 12 hours, 1.5 g/m2 from 55 years, at most 12 doses."""
    some = doses.where(doses.regimen == HIGH_DOSE)
    fields = {
        "EXDAT": dates(absolute(cohort, some.who, some.day)),
        "EXTIM": labels(["09:00", "21:00"], (some.place + 1) % 2),
        "DOSENO": numbers(some.place.astype(float)),
        "ARADOSE": labels(["3000", "1500"], cohort.truth["older"][some.who]),
        "ARAU": "mg/m2",
    }
    return assemble(cohort, "EX_HIDAC", some.who, some.day, labels(list(FOLDERS), some.slot), fields)
