"""Who is randomised: the subjects as they are before treatment, their randomised strata, arms and dates.

Truth only: one array per variable, one element per subject. Arm 0 is inotuzumab ozogamicin, arm 1 standard of care.
"""

from functools import cache

import numpy as np
from scipy.special import ndtr

from sdtm2adam.simulate.parameters import read_parameters
from sdtm2adam.simulate.streams import Columns, Ints, Streams, category, kumaraswamy, lognormal, normal, whole

_PERMUTED_BLOCKS = np.array([[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0], [1, 0, 0, 1], [1, 0, 1, 0], [1, 1, 0, 0]])
_BLOCK = 4
_STRATA = 8
REFERENCE_SUBJECTS = 326


def draw_baseline(streams: Streams, subjects: int) -> Columns:
    """Age, disease history, blasts, CD22 and frailty: the same law in both arms."""
    law = read_parameters("baseline")
    u = streams.uniform("baseline", subjects, 12).T
    z_blasts, z_cd22 = normal(u[0]), normal(u[1])
    subject: Columns = {
        "z_blasts": z_blasts,
        "z_cd22": z_cd22,
        "age": np.floor(18 + 62 * kumaraswamy(u[2], *law["age"])),
        "marrow_blasts": np.clip(np.rint(100 * kumaraswamy(u[0], *law["marrow_blasts"])), 5, 99),
        "dfr_short": u[3] < law["dfr_below_12"],
        "salvage_2": u[4] < law["salvage_2"],
        "prior_hsct": u[6] < law["prior_hsct"],
        "male": u[7] < law["male"],
        "emd": u[9] < law["extramedullary"],
        "liver_disease": u[10] < law["liver_disease"],
    }
    subject["older"] = subject["age"] >= 55
    subject["ph_positive"] = u[5] < np.where(subject["salvage_2"], law["ph_positive"][1], law["ph_positive"][0])
    median, spread, slope = law["platelets"]
    subject["log_platelets"] = np.log(median) + slope * z_blasts + spread * normal(u[8])
    dfr, salvage, older, blasts, residual, level = law["frailty"]
    risk = dfr * subject["dfr_short"] + salvage * subject["salvage_2"] + older * subject["older"]
    subject["frailty"] = risk + blasts * z_blasts + residual * normal(u[11]) + level
    return subject


def draw_cd22(streams: Streams, subject: Columns) -> Columns:
    """The central flow cytometry: percent of CD22-positive blasts (one decimal), intensity, and who has no result."""
    law = read_parameters("baseline")
    u = streams.uniform("cd22", len(subject["age"]), 2).T
    share = 100 * kumaraswamy(ndtr(subject["z_cd22"]), *law["cd22"])
    mean, slope, spread = law["mesf"]
    intensity = np.exp(mean + slope * subject["z_cd22"] + spread * normal(u[0]))
    ino, treated, untreated = law["cd22_missing"]
    missing = np.where(subject["arm"] == 0, ino, np.where(subject["treated"], treated, untreated))
    return {"cd22": np.floor(10 * share) / 10, "mesf": np.rint(intensity), "cd22_missing": u[1] < missing}


def draw_features(streams: Streams, subject: Columns) -> Columns:
    """What is recorded at screening and moves nothing later: race, performance status, blood counts, cytogenetics."""
    law = read_parameters("baseline")
    u = streams.uniform("features", len(subject["age"]), 8).T
    none, median, spread, limit = law["peripheral_blasts"]
    blasts = np.minimum(lognormal(np.clip((u[3] - none) / (1 - none), 1e-9, 1 - 1e-9), median, spread), limit)
    return {
        "race": category(u[0], law["race"]),
        "ecog": category(u[1], law["ecog"]),
        "wbc": lognormal(u[2], *law["wbc"]),
        "peripheral_blasts": np.where(u[3] < none, 0, np.rint(blasts)),
        "t411": (u[4] < law["t411"]) & ~subject["ph_positive"],
        "height_cm": np.rint(np.where(subject["male"], 175.5, 162.5) + 7 * normal(u[5])),
        "weight_kg": np.rint(10 * np.where(subject["male"], 80.0, 68.0) * np.exp(0.18 * normal(u[6]))) / 10,
        "sc_choice": category(u[7], law["sc_choice"]),
    }


def draw_allocation(streams: Streams, subject: Columns) -> Columns:
    """The strata typed into the randomisation system and the arm: permuted blocks of four within eight strata.

    Blocks are filled in the order of the subjects, so a longer trial keeps the arms of a shorter one.
    """
    u = streams.uniform("strata", len(subject["age"]), 3).T
    wrong = u < read_parameters("baseline")["stratum_error"]
    strata: Columns = {
        "ivrs_dfr_short": subject["dfr_short"] ^ wrong[0],
        "ivrs_salvage_2": subject["salvage_2"] ^ wrong[1],
        "ivrs_older": subject["older"] ^ wrong[2],
    }
    stratum = strata["ivrs_dfr_short"] * 4 + strata["ivrs_salvage_2"] * 2 + strata["ivrs_older"]
    place = count_before(stratum)
    blocks = streams.uniform("blocks", int(place.max()) // _BLOCK + 1, _STRATA)
    permutation = (blocks[place // _BLOCK, stratum] * len(_PERMUTED_BLOCKS)).astype(np.int64)
    return {**strata, "stratum": stratum, "arm": _PERMUTED_BLOCKS[permutation, place % _BLOCK]}


def count_before(group: Ints) -> Ints:
    """For each element, how many earlier elements are in the same group.

    >>> count_before(np.array([2, 5, 2, 2, 5])).tolist()
    [0, 0, 1, 2, 1]
    """
    order = np.argsort(group, kind="stable")
    of_group = np.asarray(group)[order]
    starts = np.flatnonzero(np.r_[True, of_group[1:] != of_group[:-1]])
    lengths = np.diff(np.r_[starts, len(order)])
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - np.repeat(starts, lengths)
    return place


def draw_calendar(streams: Streams, subjects: int) -> Columns:
    """The day of randomisation (counted from the first possible one), of consent and of the first dose after it.

    Accrual is even over the period, in the order of the subjects; each further 326 subjects fill the period again.
    Each subject alive is asked for once more in the four weeks before the cut-off (`sweep_day`).
    """
    u = streams.uniform("calendar", subjects, 4).T
    design = read_parameters("design")
    days = (design["last_randomised"] - design["first_randomised"]).days
    turn = np.arange(subjects) % REFERENCE_SUBJECTS
    accrual = np.floor((turn + u[0]) / REFERENCE_SUBJECTS * (days + 1))
    return {
        "accrual_day": accrual,
        "cut_day": cutoff_day() - accrual,
        "sweep_day": cutoff_day() - accrual - whole(u[3], 0, 27),
        "consent_day": -whole(u[1], 3, 28),
        "first_dose_day": whole(u[2], 0, design["start_delay_days"]),
    }


def draw_untreated(streams: Streams, subject: Columns) -> Columns:
    """Who takes the treatment: all on inotuzumab ozogamicin, not all on standard of care."""
    u = streams.uniform("untreated", len(subject["age"]), 1)[:, 0]
    return {"treated": ~((subject["arm"] == 1) & (u < read_parameters("baseline")["untreated_sc"]))}


@cache
def cutoff_day() -> int:
    """The data cut-off, counted from the first possible day of randomisation."""
    design = read_parameters("design")
    return int((design["cutoff"] - design["first_randomised"]).days)
