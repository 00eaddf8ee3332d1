"""Electrocardiograms: the reading of the site (EG) and the central reading in triplicate (feed ECG).

QT follows the heart rate: QT = QTcF x RR^(1/3), RR in seconds; QTcF on an export is computed from the QT and the rate
printed beside it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from sdtm2adam.simulate.blood import draw_time
from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.rows import absolute, assemble, table
from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Bools, Columns, Floats, Ints, normal
from sdtm2adam.simulate.text import dates, join, labels, numbers, ticks, times
from sdtm2adam.simulate.truth import STUDYID
from sdtm2adam.simulate.visits import D1, END_OF_TREATMENT, SCREENING, SLOTS, Visits

REPLICATES = 3
_MEN, _WOMEN, _ON_TREATMENT = 406.0, 417.0, 4.0  # QTcF in ms [P]
_PROLONGED, _VERY_LONG, _FAST, _SLOW = 470, 500, 100, 50
_FINDINGS = ["Sinus tachycardia", "Sinus bradycardia", "Prolonged QTc"]
_NOT_DONE, _NOT_SENT = 0.012, 0.04
_LOCAL_LATE = 12
"""Minutes from the central recording to that of the site."""


@dataclass(frozen=True, slots=True)
class Heart:
    """The heart of subjects at visits: rate per minute, PR, QRS and QTcF in ms, before any recording's own error."""

    visits: Visits
    rate: Floats
    pr: Floats
    qrs: Floats
    qtcf: Floats
    minute: Floats


def draw_heart(cohort: Cohort, visits: Visits) -> Heart:
    """At screening, on day 1 of each cycle and at the end of treatment."""
    part = visits.part
    at = visits.where((visits.slot == SCREENING) | (part == D1) | (visits.slot == END_OF_TREATMENT))
    own = normal(cohort.uniform("heart", 4))[at.who].T
    now = normal(cohort.uniform("heart at visits", 4 * SLOTS)).reshape(len(cohort), SLOTS, 4)[at.who, at.slot].T
    usual = np.where(cohort.truth["male"][at.who], _MEN, _WOMEN)
    return Heart(
        at,
        np.clip(79 + 8 * own[0] + 6 * now[0] + 2 * cohort.truth["frailty"][at.who], 42, 150),
        np.clip(156 + 15 * own[1] + 4 * now[1], 100, 280),
        np.clip(92 + 8 * own[2] + 2 * now[2], 60, 160),
        usual + 13 * own[3] + 6 * now[3] + np.where(at.slot > SCREENING, _ON_TREATMENT, 0),
        draw_time(cohort, at) + 30,
    )


def record(heart: Heart, error: Floats) -> Columns:
    """One recording of each visit, as printed: rate, RR, PR, QRS, QT, QTcF; `error` has four rows of normal numbers."""
    rr = np.rint(60_000 / (heart.rate + 1.5 * error[0]))
    qt = np.rint((heart.qtcf + 3 * error[3]) * np.cbrt(rr / 1000))
    rate = np.rint(60_000 / rr)
    return {
        "HR": rate,
        "RR": rr,
        "PR": np.rint(heart.pr + 2 * error[1]),
        "QRS": np.rint(heart.qrs + 1.5 * error[2]),
        "QT": qt,
        "QTCF": np.rint(qt / np.cbrt(rr / 1000)),
    }


def local_reading(cohort: Cohort, heart: Heart) -> pa.Table:
    """EG: wide; QTcF from the rate, as the form has no RR; the interpretation follows the numbers."""
    at = heart.visits
    u = cohort.uniform("local ecg", 6 * SLOTS).reshape(len(cohort), SLOTS, 6)[at.who, at.slot].T
    values = record(heart, normal(u[:4]))
    values["QTCF"] = np.rint(values["QT"] / np.cbrt(60 / values["HR"]))
    done = u[4] >= _NOT_DONE
    finding = _finding(values)
    significant = (values["QTCF"] > _VERY_LONG) | (values["HR"] > 125)
    fields: dict[str, Any] = {
        "EGDAT": dates(absolute(cohort, at.who, at.day)),
        "EGTIM": times(heart.minute + _LOCAL_LATE, done),
        "EGND": ticks(~done),
        "EGNDR": labels(["Equipment failure", "Subject refused"], u[5] < 0.3, ~done),
        "EGINTP": labels(["Normal", "Abnormal NCS", "Abnormal CS"], (finding > 0) * (1 + significant), done),
        "EGFIND": labels(_FINDINGS, finding - 1, done & (finding > 0)),
    }
    for test in ("HR", "PR", "QRS", "QT", "QTCF"):
        fields[f"EG{test}"] = numbers(values[test], 0, done)
    return assemble(cohort, "EG", at.who, at.day, at.folder, fields)


def _finding(values: Columns) -> Ints:
    """What is abnormal first: a long QTcF, a fast or a slow rate; 0 for nothing."""
    known = [values["QTCF"] > _PROLONGED, values["HR"] > _FAST, values["HR"] < _SLOW]
    return np.select(known, [3, 1, 2], 0)


def central_reading(cohort: Cohort, heart: Heart) -> pa.Table:
    """ECG: three recordings a minute apart for each visit whose recordings were sent; subjects named by USUBJID."""
    sent = _sent(cohort, heart.visits)
    place = np.repeat(np.flatnonzero(sent), REPLICATES)
    repeat = np.tile(np.arange(REPLICATES), int(sent.sum()))
    who, slot = heart.visits.who[place], heart.visits.slot[place]
    draws = cohort.uniform("central ecg", 4 * REPLICATES * SLOTS).reshape(len(cohort), SLOTS, REPLICATES, 4)
    three = Heart(
        heart.visits.where(place),
        *(each[place] for each in (heart.rate, heart.pr, heart.qrs, heart.qtcf, heart.minute)),
    )
    values = record(three, normal(draws[who, slot, repeat].T))
    fields = {
        "SUBJID": join(f"{STUDYID}-", cohort.subject.take(pa.array(who))),
        "VISIT": three.visits.folder,
        "ECGDTM": join(dates(absolute(cohort, who, three.visits.day), "MM/DD/YYYY"), " ", times(three.minute + repeat)),
        "REP": numbers(repeat + 1.0),
        **{name: numbers(values[name]) for name in ("HR", "PR", "QRS", "QT", "QTCF", "RR")},
        "INTERP": labels(["Normal", "Abnormal"], _finding(values) > 0),
    }
    return table(FORMS["ECG"], fields, len(who))


def _sent(cohort: Cohort, at: Visits) -> Bools:
    return np.asarray(at.among(cohort.uniform("central ecg sent", SLOTS)) >= _NOT_SENT)
