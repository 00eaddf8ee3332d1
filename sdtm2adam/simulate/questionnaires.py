"""Questionnaires: EORTC QLQ-C30 and EQ-5D-3L, as numbers; the wording of the items belongs to their owners.

One burden of disease per subject and visit moves all answers: performance status, frailty and the arm once treatment
has begun. Its size is a proposal; the mean global health at screening is near the published one (56 of 100).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from sdtm2adam.simulate.clinic import performance_status
from sdtm2adam.simulate.rows import absolute, assemble
from sdtm2adam.simulate.screening import Cohort, site_countries
from sdtm2adam.simulate.streams import Bools, Floats, normal
from sdtm2adam.simulate.text import Text, dates, labels, numbers, ticks
from sdtm2adam.simulate.visits import D1, END_OF_TREATMENT, SCREENING, SLOTS, Visits

_ITEMS, _OVERALL = 30, (29, 30)
"""Items of QLQ-C30; the two overall ones go from 1 to 7, where 7 is best, the others from 1 to 4, where 1 is."""
_HARD = {12: 0.6, 18: 0.6, 10: 0.5, 5: -1.6, 14: -0.5, 15: -0.9, 16: -0.5, 17: -0.6, 25: -0.6, 28: -0.4}
"""Items answered worse or better than the others, by number."""
_STEPS = np.array([0.35, 1.35, 2.25])
_DIMENSIONS = {"MOBILITY": 0.0, "SELFCARE": -0.8, "ACTIVITY": 0.4, "PAIN": 0.3, "ANXIETY": 0.2}
_LEVELS = np.array([0.75, 2.6])
_FILLED_IN = (0.85, 0.65)  # by arm, once treatment has begun (completion of QLQ-C30, published)
_BENEFIT = 0.35
_REASONS = ["Subject too ill", "Subject refused", "Not handed out by the site"]
_LANGUAGES = {
    "FRA": "French", "ESP": "Spanish", "DEU": "German", "ITA": "Italian", "JPN": "Japanese", "POL": "Polish",
    "CZE": "Czech", "HUN": "Hungarian", "KOR": "Korean", "CHN": "Chinese", "TWN": "Chinese", "NLD": "Dutch",
    "SWE": "Swedish", "FIN": "Finnish", "HRV": "Croatian",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """Questionnaires handed out, one row each: the visit, whether it was filled in, why not, and the burden."""

    visits: Visits
    done: Bools
    reason: Floats
    burden: Floats


def asked(cohort: Cohort, visits: Visits) -> Asked:
    """At screening, on day 1 of each cycle from the second on, and at the end of treatment."""
    later = ((visits.part == D1) & (visits.cycle > 1)) | (visits.slot == END_OF_TREATMENT)
    at = visits.where((visits.slot == SCREENING) | later)
    truth, who = cohort.truth, at.who
    u = cohort.uniform("questionnaires", 4 * SLOTS).reshape(len(cohort), SLOTS, 4)[who, at.slot].T
    begun, arm = at.slot != SCREENING, truth["arm"][who]
    likely = np.where(begun, np.array(_FILLED_IN)[arm], 0.93)
    own = normal(cohort.uniform("burden", 1)[:, 0])[who]
    burden = 0.35 + 0.55 * performance_status(cohort, at) + 0.2 * truth["frailty"][who] + 0.45 * own
    burden = burden + 0.35 * normal(u[0]) - np.where(begun & (arm == 0), _BENEFIT, 0)
    return Asked(at, u[1] < likely, u[2], burden)


def core_30(cohort: Cohort, visits: Visits) -> pa.Table:
    """QLQC30: 30 items; one is skipped now and then."""
    given = asked(cohort, visits)
    at = given.visits
    u = cohort.uniform("qlq-c30", 2 * _ITEMS * SLOTS).reshape(len(cohort), SLOTS, _ITEMS, 2)[at.who, at.slot]
    fields = _head(cohort, given)
    for item in range(1, _ITEMS + 1):
        felt = given.burden + _HARD.get(item, 0.0) + 0.6 * normal(u[:, item - 1, 0])
        answer = 1 + np.searchsorted(_STEPS, felt)
        if item in _OVERALL:
            answer = np.clip(np.rint(5.1 - given.burden + 0.5 * normal(u[:, item - 1, 0])), 1, 7).astype(np.int64)
        fields[f"Q{item}"] = numbers(answer, 0, given.done & (u[:, item - 1, 1] < 0.995))
    return assemble(cohort, "QLQC30", at.who, at.day, at.folder, fields)


def five_dimensions(cohort: Cohort, visits: Visits) -> pa.Table:
    """EQ5D: five dimensions from 1 to 3, and the scale from 0 to 100."""
    given = asked(cohort, visits)
    at = given.visits
    u = cohort.uniform("eq-5d", 6 * SLOTS).reshape(len(cohort), SLOTS, 6)[at.who, at.slot].T
    fields = _head(cohort, given)
    for number, (dimension, hard) in enumerate(_DIMENSIONS.items()):
        felt = given.burden + hard + 0.5 * normal(u[number])
        fields[dimension] = numbers(1 + np.searchsorted(_LEVELS, felt), 0, given.done)
    scale = np.clip(np.rint(78 - 16 * given.burden + 9 * normal(u[5])), 0, 100)
    fields["VAS"] = numbers(scale, 0, given.done)
    return assemble(cohort, "EQ5D", at.who, at.day, at.folder, fields)


def _head(cohort: Cohort, given: Asked) -> dict[str, Any]:
    at, missed = given.visits, ~given.done
    return {
        "QSDAT": dates(absolute(cohort, at.who, at.day)),
        "QSND": ticks(missed),
        "QSNDR": labels(_REASONS, np.searchsorted([0.5, 0.8], given.reason), missed),
        "QSLANG": _language(cohort, given),
    }


def _language(cohort: Cohort, given: Asked) -> Text:
    """The language of the copy handed out, by the country of the site."""
    spoken = [_LANGUAGES.get(country, "English") for country in site_countries()]
    return labels(spoken, cohort.site[given.visits.who], given.done)
