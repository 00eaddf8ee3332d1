"""Blood and marrow: counts that fall with treatment and recover with remission, and the local haematology form.

At an assessment that shows a CR the platelets are at least 100 and the neutrophils at least 1.0 x 10^9/L; at a CRi one
of them is not. That is the definition of these responses, so the counts obey it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from scipy.special import ndtri

from sdtm2adam.simulate.forms import LB_HEM_TESTS
from sdtm2adam.simulate.response import APLASIA, PR, PROGRESSION, RELAPSE, in_remission, investigator_response
from sdtm2adam.simulate.rows import absolute, assemble
from sdtm2adam.simulate.screening import Cohort, site_countries
from sdtm2adam.simulate.streams import Bools, Columns, Floats, Ints, lognormal
from sdtm2adam.simulate.text import Text, choose, dates, join, labels, numbers, times
from sdtm2adam.simulate.visits import (
    ASSESSMENT,
    D1,
    D8,
    D15,
    END_OF_TREATMENT,
    FIRST_FOLLOW_UP,
    RANDOMISATION,
    SLOTS,
    UNSCHEDULED,
    Visits,
)

_WORST = {
    # test: limit of normal, limit of grade 3, percent worse than each (InO, SC), label groupings, unverified
    "PLAT": (150, 50, (98, 76), (99.5, 99)),
    "NEUT": (2.0, 1.0, (94, 86), (93, 88)),
    "LYM": (1.0, 0.5, (93, 71), (97, 91)),
    "HGB": (120, 80, (94, 40), (99.5, 70)),
}
_AS_SI, _AS_CONVENTIONAL, _AS_CUBIC = range(3)
_CONVENTIONAL, _CUBIC = {"USA", "JPN", "KOR", "TWN"}, {"ESP", "FRA"}


@dataclass(frozen=True, slots=True)
class Counts:
    """Blood counts and blasts at visits, in SI units: 10^9/L, haemoglobin g/L; marrow blasts in percent.

    `response` is the investigator's, -1 where the disease is not assessed. A marrow too empty to count is missing.
    """

    visits: Visits
    values: Columns
    remission: Bools
    response: Ints


def draw_counts(cohort: Cohort, visits: Visits) -> Counts:
    """The counts at each visit with a blood sample."""
    at = visits.where(visits.slot != RANDOMISATION)
    truth, who = cohort.truth, at.who
    draws = cohort.uniform("blood", 10 * SLOTS).reshape(len(cohort), SLOTS, 10)[who, at.slot].T
    remission, response = in_remission(cohort, at), investigator_response(cohort, at)
    progression = at.slot == UNSCHEDULED
    base = _baseline_counts(cohort)
    worst = _worst_counts(cohort, base)
    values: Columns = {}
    for number, test in enumerate(_WORST):
        nadir = worst[test][who]
        start = np.maximum(base[test][who], nadir)
        poor = nadir + (start - nadir) * 0.6 * draws[number]
        values[test] = _course(at, start, nadir, poor)
    _recover(cohort, at, values, remission, draws)
    blasts = np.where(
        at.day < 1, truth["peripheral_blasts"][who] / 1000, truth["peripheral_blasts"][who] / 1000 * draws[4]
    )
    blasts = np.where(progression, np.maximum(blasts, lognormal(draws[4], 0.4, 1.0)), blasts)
    values["BLAST"] = np.rint(100 * np.where(remission, 0, np.minimum(blasts, 9.9))) / 100
    _complete(values, draws)
    values["MARROW"] = _marrow(cohort, at, remission, response, draws[9])
    return Counts(at, values, remission, response)


def _baseline_counts(cohort: Cohort) -> Columns:
    truth, u = cohort.truth, cohort.uniform("blood at baseline", 3).T
    normal_cells = np.maximum(truth["wbc"] - truth["peripheral_blasts"] / 1000, 0.4)
    share = 0.35 + 0.35 * u[0]
    return {
        "PLAT": np.clip(np.exp(truth["log_platelets"]), 4, 600),
        "NEUT": normal_cells * share,
        "LYM": normal_cells * (0.88 - share),
        "HGB": np.clip(lognormal(u[1], 97, 0.16), 60, 165),
    }


def _worst_counts(cohort: Cohort, base: Columns) -> Columns:
    """The worst value on treatment: lognormal through two published quantiles."""
    u = cohort.uniform("worst counts", len(_WORST)).T
    arm = np.maximum(cohort.truth["arm"], 0)
    worst: Columns = {}
    for number, (test, (limit, severe, *shares)) in enumerate(_WORST.items()):
        z = ndtri(np.array(shares) / 100)
        spread = np.log(limit / severe) / (z[:, 0] - z[:, 1])
        middle = np.log(limit) - spread * z[:, 0]
        drawn = np.exp(middle[arm] + spread[arm] * ndtri(u[number]))
        worst[test] = np.minimum(drawn, base[test] * 1.0) if test != "HGB" else np.clip(drawn, 45, base[test])
    return worst


def _course(at: Visits, start: Floats, nadir: Floats, poor: Floats) -> Floats:
    """Baseline before treatment, half-way on day 8, lowest on day 15, poor recovery at assessments and later."""
    part, first = at.part, (at.cycle == 1)
    later = at.slot >= END_OF_TREATMENT
    middle = np.sqrt(start * nadir)
    return np.select(
        [at.day < 1, (part == D1) & first, part == D8, part == D15, (part == ASSESSMENT) | (part == D1) | later],
        [start, start, middle, nadir, poor],
        poor,
    )


def _recover(cohort: Cohort, at: Visits, values: Columns, remission: Bools, draws: Floats) -> None:
    """In remission counts are as the response says on assessment days, at the end of treatment and in follow-up."""
    truth, who = cohort.truth, at.who
    calm = remission & ((at.part == ASSESSMENT) | (at.part == D1) | (at.slot >= END_OF_TREATMENT))
    complete = truth["complete"][who] if "complete" in truth else np.zeros(len(who), dtype=bool)
    full = 100 + np.minimum(lognormal(draws[5], 55, 0.6), 350), 1.0 + np.minimum(lognormal(draws[6], 1.3, 0.6), 7)
    low_platelets = cohort.uniform("incomplete recovery", 1)[who, 0] < 0.75
    some = np.where(low_platelets, 20 + 75 * draws[5], full[0]), np.where(low_platelets, full[1], 0.25 + 0.7 * draws[6])
    values["PLAT"] = np.where(calm, np.where(complete, full[0], some[0]), values["PLAT"])
    values["NEUT"] = np.where(calm, np.where(complete, full[1], some[1]), values["NEUT"])
    values["HGB"] = np.where(calm, np.maximum(values["HGB"], 92 + 35 * draws[7]), values["HGB"])
    values["LYM"] = np.where(calm, np.maximum(values["LYM"], 0.5 + draws[8]), values["LYM"])


def _complete(values: Columns, draws: Floats) -> None:
    """The other counts, so that the differential adds up to the white cells, all rounded as printed."""
    values["PLAT"] = np.maximum(np.rint(values["PLAT"]), 2)
    for test, digits in (("NEUT", 2), ("LYM", 2), ("HGB", 0)):
        values[test] = np.rint(values[test] * 10**digits) / 10**digits
    cells = values["NEUT"] + values["LYM"]
    values["MONO"] = np.rint(100 * cells * 0.12 * draws[7]) / 100
    values["EOS"] = np.rint(100 * cells * 0.04 * draws[8]) / 100
    values["BASO"] = np.rint(100 * cells * 0.01 * draws[8]) / 100
    parts = ("NEUT", "LYM", "MONO", "EOS", "BASO", "BLAST")
    values["WBC"] = np.rint(100 * np.sum([values[test] for test in parts], axis=0)) / 100
    white = np.maximum(values["WBC"], 0.01)
    for test, share in (("NEUT", "NEUTP"), ("LYM", "LYMP"), ("BLAST", "BLASTP")):
        values[share] = np.minimum(np.rint(1000 * values[test] / white) / 10, 100)
    values["RBC"] = np.rint(100 * values["HGB"] / 31) / 100
    values["HCT"] = np.rint(1000 * values["HGB"] * 0.003) / 1000


def _marrow(cohort: Cohort, at: Visits, remission: Bools, response: Ints, u: Floats) -> Floats:
    """Marrow blasts in percent: below 5 in remission, 5 to 25 in partial response, not countable in aplasia."""
    base = cohort.truth["marrow_blasts"][at.who]
    resistant = np.clip(np.rint(base * (0.6 + 0.6 * u)), 6, 99)
    progressed = np.clip(np.rint(base * (1.25 + 0.4 * u)), 10, 99)
    low = np.rint(10 * np.minimum(-np.log1p(-u) * 1.3, 4.4)) / 10
    partial = np.rint(np.minimum(5 + 20 * u, np.maximum(base / 2, 5)))
    known = [at.day < 1, remission, response == PR, response == APLASIA, response == PROGRESSION, response == RELAPSE]
    return np.asarray(np.select(known, [base, low, partial, np.nan, progressed, 5 + np.floor(86 * u)], resistant))


def haematology(cohort: Cohort, counts: Counts) -> pa.Table:
    """LB_HEM: wide, in the units of the site's laboratory."""
    at, values = counts.visits, counts.values
    style = site_styles()[cohort.site[at.who]]
    fields: dict[str, Any] = {
        "LBDAT": dates(absolute(cohort, at.who, at.day)),
        "LBTIM": times(draw_time(cohort, at)),
        "LABID": join("LAB", labels([str(1001 + k) for k in range(200)], cohort.site[at.who])),
        "SPECTM": "Whole blood",
    }
    for test in LB_HEM_TESTS:
        fields[test], fields[f"{test}_U"] = printed(test, values[test], style)
    return assemble(cohort, "LB_HEM", at.who, at.day, at.folder, fields)


def draw_time(cohort: Cohort, at: Visits) -> Floats:
    """Minutes after midnight of the blood draw of each visit; a slot beyond those of the visits has the last one's."""
    clock = cohort.uniform("blood draw time", SLOTS)[at.who, np.minimum(at.slot, SLOTS - 1)]
    return np.asarray(np.floor(7 * 60 + 180 * clock))


def site_styles() -> Ints:
    """How the laboratory of each site prints counts: in SI units, conventional units, or per cubic millimetre."""
    places = site_countries()
    return np.array([_AS_CONVENTIONAL if c in _CONVENTIONAL else _AS_CUBIC if c in _CUBIC else _AS_SI for c in places])


def printed(test: str, value: Floats, style: Ints) -> tuple[Text, Text]:
    """A value and its unit as the laboratory prints them."""
    conventional, cubic = style == _AS_CONVENTIONAL, style == _AS_CUBIC
    if test in ("NEUTP", "LYMP", "BLASTP"):
        return numbers(value, 1), labels(["%"], np.zeros(len(value)))
    if test == "HGB":
        return choose(conventional, numbers(value / 10, 1), numbers(value)), labels(["g/L", "g/dL"], conventional)
    if test == "HCT":
        return choose(conventional, numbers(100 * value, 1), numbers(value, 3)), labels(["L/L", "%"], conventional)
    if test == "RBC":
        return numbers(value, 2), labels(["10^12/L", "10^6/uL"], conventional)
    plain = numbers(value, 0 if test == "PLAT" else 2)
    units = labels(["10^9/L", "10^3/uL", "/mm3"], np.where(cubic, 2, conventional.astype(np.int64)))
    return choose(cubic, numbers(1000 * value), plain), units


def marrow(cohort: Cohort, counts: Counts) -> pa.Table:
    """BM: marrow at screening, at disease assessments and progression, and at half of the follow-up visits."""
    at = counts.visits
    asked = (at.slot < RANDOMISATION) | (at.part == ASSESSMENT) | (at.slot == UNSCHEDULED)
    half = cohort.uniform("marrow in follow-up", SLOTS)[at.who, at.slot] < 0.5
    kept = asked | ((at.slot >= FIRST_FOLLOW_UP) & half)
    some, blasts = at.where(kept), counts.values["MARROW"][kept]
    u = cohort.uniform("marrow", 2 * SLOTS).reshape(len(cohort), SLOTS, 2)[some.who, some.slot].T
    fields = {
        "BMDAT": dates(absolute(cohort, some.who, some.day)),
        "BMTYPE": labels(["Aspirate", "Both"], u[0] < 0.4),
        "BMQUAL": labels(["Adequate", "Dry tap"], ~np.isfinite(blasts)),
        "BMBLAST": numbers(blasts, 1),
        "BMCELL": numbers(np.where(np.isfinite(blasts), np.rint(15 + 80 * u[1]), 5)),
        "BMLOC": labels(["Left iliac crest", "Right iliac crest"], u[1] > 0.5),
    }
    return assemble(cohort, "BM", some.who, some.day, some.folder, fields)
