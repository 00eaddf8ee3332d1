"""The headline numbers of a trial: what the publications report, from the truth as seen at the data cut-off."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from sdtm2adam.simulate.course import MONTH
from sdtm2adam.simulate.quick import hazard_ratio, median_days, survival_at
from sdtm2adam.simulate.streams import Bools, Columns, Floats, Ints
from sdtm2adam.simulate.truth import Trial

ARMS = ("InO", "SC")
_FOLLOW_UP_DAYS = 84
_STATUS_DAYS = 730  # disease status is followed for two years
_EOT_DAYS = 28


@cache
def read_targets() -> pd.DataFrame:
    """The published numbers: measure, arm, published, spread (SD of one simulated trial), status, source."""
    rows: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("targets.yaml").read_text(encoding="utf-8"))
    return pd.DataFrame(rows)


def observed_until(subject: Columns) -> Floats:
    """The last day on which anything can be seen: death, the last contact before the cut-off, or the day of loss."""
    died = subject["death_day"] <= np.minimum(subject["cut_day"], subject["lost_day"])
    alive = np.minimum(subject["sweep_day"], subject["lost_day"])
    return np.asarray(np.where(died, subject["death_day"], alive))


def last_assessment_day(subject: Columns) -> Floats:
    """The last valid disease assessment that can be seen: in a treatment cycle, at its end, or in follow-up.

    Follow-up is every 12 weeks from the end of treatment, up to two years from randomisation.
    """
    until = observed_until(subject)
    cycle_days = np.where(in_treatment(subject), subject["assessment_days"], 0)
    on_treatment = np.where(cycle_days <= until[:, None], cycle_days, 0).max(axis=1)
    eot = end_of_treatment_day(subject)
    followed = np.minimum(until, _STATUS_DAYS)
    visits = np.floor((followed - eot) / _FOLLOW_UP_DAYS)
    follow_up = np.where(followed >= eot, eot + np.maximum(visits, 0) * _FOLLOW_UP_DAYS, 0)
    return np.where(subject["treated"], np.maximum(on_treatment, follow_up), 0)


def in_treatment(subject: Columns) -> Bools:
    """Which planned cycle assessments take place: in a cycle that began, before progression, transplant and death."""
    number = np.arange(subject["assessment_days"].shape[1])
    began = number < subject["cycles"][:, None]
    return np.asarray(began & (subject["assessment_days"] < _leaves_day(subject)[:, None]))


def end_of_treatment_day(subject: Columns) -> Floats:
    """The end-of-treatment visit: four weeks after the last cycle began, or what ended the treatment, if sooner."""
    rows = np.arange(len(subject["arm"]))
    last = np.maximum(subject["cycles"] - 1, 0)
    start = subject["cycle_days"][rows, last]
    visit = np.maximum(
        start + _EOT_DAYS, np.where(in_treatment(subject), subject["assessment_days"], 0).max(axis=1) + 2
    )
    return np.asarray(np.maximum(np.minimum(visit, _leaves_day(subject) - 1), subject["first_dose_day"]))


def _leaves_day(subject: Columns) -> Floats:
    ends = [subject[name] for name in ("pfs_event_day", "hsct_day", "new_therapy_day", "death_day")]
    return np.asarray(np.minimum.reduce(ends))


def see_survival(subject: Columns) -> Columns:
    """Time and event of overall survival, progression-free survival and remission, as seen at the cut-off."""
    until = observed_until(subject)
    died = subject["death_day"] <= until
    failed = subject["pfs_event_day"] <= until
    return {
        "died": died,
        "os_days": np.where(died, subject["death_day"], until) + 1,
        "failed": failed,
        "pfs_days": np.where(failed, subject["pfs_event_day"], last_assessment_day(subject)) + 1,
        "hsct": subject["hsct_day"] <= until,
        "vod": subject["vod_day"] <= until,
    }


def count_headline(subject: Columns, seen: Columns) -> dict[tuple[str, str], float]:
    """The counts and rates, by measure and arm."""
    out: dict[tuple[str, str], float] = {}
    known, high = ~subject["cd22_missing"], subject["cd22"] >= 90
    for number, arm in enumerate(ARMS):
        here = subject["arm"] == number
        responder, hsct = here & subject["responder"], here & seen["hsct"]
        out |= {
            ("CR/CRi, n", arm): _n(responder),
            ("Deaths, n", arm): _n(here & seen["died"]),
            ("HSCT, n", arm): _n(hsct),
            ("HSCT directly after CR/CRi, n", arm): _n(hsct & subject["hsct_direct"]),
            ("VOD in treated, n", arm): _n(here & seen["vod"] & subject["treated"]),
            ("Not treated, n", arm): _n(here & ~subject["treated"]),
            ("CD22 missing, n", arm): _n(here & ~known),
            ("CD22 >=90%, n", arm): _n(here & known & high),
            ("CR/CRi in CD22 >=90%, %", arm): _percent(responder, here & known & high),
            ("CR/CRi in CD22 <90%, %", arm): _percent(responder, here & known & ~high),
            ("MRD negative in CR/CRi, %", arm): _percent(subject["mrd_negative"], responder),
            ("CR in CR/CRi, %", arm): _percent(subject["complete"], responder),
        }
    return out


def time_headline(subject: Columns, seen: Columns) -> dict[tuple[str, str], float]:
    """The medians, rates at two years and hazard ratios."""
    out: dict[tuple[str, str], float] = {}
    arm_number, stratum = subject["arm"], subject["stratum"]
    os, died, pfs, failed = seen["os_days"], seen["died"], seen["pfs_days"], seen["failed"]
    remission = pfs - subject["response_day"]
    for number, arm in enumerate(ARMS):
        here = arm_number == number
        responder = here & subject["responder"]
        out |= {
            ("PFS median, months", arm): _months(pfs, failed, here),
            ("OS median, months", arm): _months(os, died, here),
            ("OS at 24 months, %", arm): 100 * survival_at(os[here], died[here], 24 * MONTH),
            ("DoR median in CR, months", arm): _months(remission, failed, responder & subject["complete"]),
            ("DoR median in CRi, months", arm): _months(remission, failed, responder & ~subject["complete"]),
        }
    ino = arm_number == 0
    known, high = ~subject["cd22_missing"], subject["cd22"] >= 90
    return out | {
        ("OS median age <55, months", "InO"): _months(os, died, ino & ~subject["older"]),
        ("OS median age >=55, months", "InO"): _months(os, died, ino & subject["older"]),
        ("PFS hazard ratio", "InO"): hazard_ratio(pfs, failed, arm_number, stratum),
        ("OS hazard ratio", "InO"): hazard_ratio(os, died, arm_number, stratum),
        ("OS hazard ratio CD22 >=90%", "InO"): _ratio(os, died, arm_number, known & high),
        ("OS hazard ratio CD22 <90%", "InO"): _ratio(os, died, arm_number, known & ~high),
    }


def headline(trial: Trial) -> pd.DataFrame:
    """The headline numbers of a trial beside the published ones.

    Returns:
        One row per measure and arm: `measure, arm, simulated, published, status, source`. Counts are of 164 and 162
        randomised subjects in the publication, so they compare only in a trial of 326.
    """
    subject = trial.truth
    seen = see_survival(subject)
    simulated = count_headline(subject, seen) | time_headline(subject, seen)
    targets = read_targets()
    values = [simulated[measure, arm] for measure, arm in zip(targets["measure"], targets["arm"], strict=True)]
    side_by_side = targets.assign(simulated=values)
    return side_by_side[["measure", "arm", "simulated", "published", "status", "source"]]


def _n(which: Bools) -> float:
    return float(np.count_nonzero(which))


def _percent(which: Bools, among: Bools) -> float:
    below = np.count_nonzero(among)
    return 100 * np.count_nonzero(which & among) / below if below else float("nan")


def _months(days: Floats, event: Bools, which: Bools) -> float:
    return median_days(days[which], event[which]) / MONTH


def _ratio(days: Floats, event: Bools, arm: Ints, which: Bools) -> float:
    return hazard_ratio(days[which], event[which], arm[which])
