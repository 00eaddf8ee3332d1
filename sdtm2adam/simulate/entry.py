"""Forms filled at entry: enrolment, eligibility, histories, prior therapy, cytogenetics, local CD22, randomisation."""

import numpy as np
import pyarrow as pa

from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.rows import LOG, absolute, assemble, table
from sdtm2adam.simulate.screening import Cohort, is_in
from sdtm2adam.simulate.streams import Bools, Ints, whole
from sdtm2adam.simulate.text import Text, choose, dates, join, labels, numbers, ticks, times, yes_no
from sdtm2adam.simulate.visits import FOLDERS

_SCREENING = FOLDERS[0]
_YEAR = 365.25
DAY_UNKNOWN, MONTH_UNKNOWN = 0.35, 0.10
_RACE_LAWS = {"FRA"}


def everyone(cohort: Cohort) -> Ints:
    """One row per subject."""
    return np.arange(len(cohort))


def can_bear_children(cohort: Cohort) -> Bools:
    """Women younger than 50."""
    return np.asarray(~cohort.truth["male"] & (cohort.truth["age"] < 50))


def enrol(cohort: Cohort) -> pa.Table:
    """ENROL: consent and demography; race is not asked for where the law forbids it."""
    truth, who = cohort.truth, everyone(cohort)
    u = cohort.uniform("enrol", 2).T
    consent = absolute(cohort, who, truth["consent_day"])
    year = 1970 + np.floor(consent / _YEAR)
    told, race = ~is_in(cohort, _RACE_LAWS), truth["race"]
    male = truth["male"]
    fields = {
        "ICFDAT": dates(consent),
        "ICFVER": "2.0",
        "BRTHYR": numbers(year - truth["age"] - (u[0] < 0.5)),
        "AGE": numbers(truth["age"]),
        "SEX": labels(["Female", "Male"], male),
        "ETHNIC": labels(["Hispanic or Latino", "Not Hispanic or Latino"], u[1] > 0.08, told),
        "CHILDPOT": yes_no(can_bear_children(cohort), ~male),
        "ENROLDAT": dates(consent),
        "RACE1": ticks(told & (race == 0)),
        "RACE2": ticks(told & (race == 2)),
        "RACE3": ticks(told & (race == 1)),
        "RACE6": ticks(told & (race == 3)),
    }
    return assemble(cohort, "ENROL", who, truth["consent_day"], _SCREENING, fields)


_NOT_MET = (
    ("Exclusion", "E04", "Peripheral blasts 10,000 per mm3 or more"),
    ("Exclusion", "E07", "Active central nervous system leukemia"),
    ("Inclusion", "I05", "CD22 expression not shown"),
    ("Exclusion", "E11", "Bilirubin above 1.5 x ULN"),
    ("Inclusion", "I09", "Withdrew consent before randomization"),
)


def _which_not_met(cohort: Cohort) -> Ints:
    return np.asarray((cohort.uniform("eligibility", 1)[:, 0] * len(_NOT_MET)).astype(np.int64))


def criterion_not_met(cohort: Cohort) -> np.ndarray:
    """The code of the criterion that each screen failure does not meet."""
    return np.array([code for _, code, _ in _NOT_MET])[_which_not_met(cohort)]


def eligibility(cohort: Cohort, failed: bool) -> pa.Table:
    """IE: one row per subject; of a screen failure, the criterion not met."""
    who = everyone(cohort)
    which = _which_not_met(cohort)
    day = np.minimum(cohort.truth["consent_day"] + 3, -1)
    fields: dict[str, Text | str] = {"IEDAT": dates(absolute(cohort, who, day)), "ELIG": "No" if failed else "Yes"}
    if failed:
        kinds, codes, reasons = (list(part) for part in zip(*_NOT_MET, strict=True))
        inclusion = labels(["No" if kind == "Inclusion" else "Yes" for kind in kinds], which)
        fields |= {"IETYPE": labels(kinds, which), "IECODE": labels(codes, which), "SFREAS": labels(reasons, which)}
        fields["IERES"] = inclusion
    return assemble(cohort, "IE", who, day, _SCREENING, fields)


def leukemia_history(cohort: Cohort) -> pa.Table:
    """ALLHX: diagnosis, first remission and its length, salvage status; dates long past are often partial."""
    truth, who = cohort.truth, everyone(cohort)
    u = cohort.uniform("leukemia history", 10).T
    story = history_days(cohort)
    partial = u[0]
    fields = {
        "DXDAT": partial_dates(absolute(cohort, who, story["diagnosis"]), partial),
        "DXFAB": labels(["L1", "L2", "L3", "NA"], np.searchsorted([0.3, 0.75, 0.8], u[1])),
        "LINEAGE": labels(["Pro-B", "Common B", "Pre-B", "Mature B"], np.searchsorted([0.12, 0.75, 0.97], u[2])),
        "PHSTAT": labels(["Negative", "Positive"], truth["ph_positive"]),
        "CNSHX": yes_no(u[3] < 0.08),
        "EMDHX": yes_no(truth["emd"] | (u[4] < 0.08)),
        "DFRDAT": partial_dates(absolute(cohort, who, story["remission"]), u[5]),
        "REL1DAT": partial_dates(absolute(cohort, who, story["relapse"]), u[6]),
        "DFRCAT": labels([">=12 months", "<12 months"], truth["dfr_short"]),
        "SALV": labels(["Salvage 1", "Salvage 2"], truth["salvage_2"]),
        "REFRACT": yes_no(u[7] < 0.12),
    }
    return assemble(cohort, "ALLHX", who, truth["consent_day"], _SCREENING, fields)


def history_days(cohort: Cohort) -> dict[str, np.ndarray]:
    """Days of diagnosis, first remission, its end, and the second relapse before salvage 2."""
    truth = cohort.truth
    u = cohort.uniform("history days", 5).T
    last = truth["consent_day"] - whole(u[0], 5, 40)
    first_relapse = np.where(truth["salvage_2"], last - whole(u[1], 120, 420), last)
    length = np.where(truth["dfr_short"], whole(u[2], 45, 350), whole(u[2], 380, 1500))
    remission = first_relapse - length
    return {
        "diagnosis": remission - whole(u[3], 28, 60),
        "remission": remission,
        "relapse": first_relapse,
        "last_relapse": last,
    }


def partial_dates(days: np.ndarray, u: np.ndarray) -> Text:
    """Dates as remembered: a share without the month, a share without the day."""
    no_month = choose(u < MONTH_UNKNOWN, dates(days, partial="month"), dates(days))
    return choose((u >= MONTH_UNKNOWN) & (u < MONTH_UNKNOWN + DAY_UNKNOWN), dates(days, partial="day"), no_month)


def prior_transplant(cohort: Cohort) -> pa.Table:
    """PRHSCT: the gate, and an allogeneic transplant at least four months before."""
    truth, who = cohort.truth, everyone(cohort)
    u, has = cohort.uniform("prior transplant", 4).T, truth["prior_hsct"]
    story = history_days(cohort)
    day = np.minimum(story["remission"] + 40 + whole(u[0], 0, 60), np.minimum(story["relapse"] - 1, -150))
    fields = {
        "PHYN": yes_no(has),
        "PHDAT": dates(np.where(has, absolute(cohort, who, day), np.inf)),
        "PHTYPE": labels(["Allo"], np.zeros(len(who)), has),
        "DONOR": labels(
            ["MRD-sib", "MUD", "mMUD", "Haplo", "Cord"], np.searchsorted([0.4, 0.8, 0.88, 0.95], u[1]), has
        ),
        "GRAFT": labels(["BM", "PBSC"], u[2] < 0.8, has),
        "COND": labels(["RIC", "MAC"], u[3] < 0.7, has),
    }
    return assemble(cohort, "PRHSCT", who, truth["consent_day"], LOG, fields)


def cytogenetics(cohort: Cohort) -> pa.Table:
    """CYTOG: karyotype and the translocations that define risk; the karyotype agrees with the boxes."""
    truth, who = cohort.truth, everyone(cohort)
    u = cohort.uniform("cytogenetics", 5).T
    ph, t411 = truth["ph_positive"], truth["t411"]
    other = ~ph & ~t411
    hypodiploid, complex_ = other & (u[0] < 0.08), other & (u[0] >= 0.08) & (u[0] < 0.25)
    which = np.select([ph, t411, hypodiploid, complex_], [1, 2, 3, 4], 0)
    karyotypes = [
        "46,{s}[20]",
        "46,{s},t(9;22)(q34;q11.2)[14]/46,{s}[6]",
        "46,{s},t(4;11)(q21;q23)[18]/46,{s}[2]",
        "36,{s},-3,-4,-7,-9,-13,-15,-16,-17,-20,-21[12]/46,{s}[8]",
        "47,{s},+8,del(9)(p21),add(12)(p13),-17,+mar[11]/46,{s}[9]",
    ]
    texts = [text.format(s=sex) for sex in ("XX", "XY") for text in karyotypes]
    day = np.minimum(truth["consent_day"] + 2, -1)
    fields = {
        "CYDAT": dates(absolute(cohort, who, day)),
        "CYDONE": "Yes",
        "KARYO": labels(texts, which + len(karyotypes) * truth["male"]),
        "T922": yes_no(ph),
        "T411": yes_no(t411),
        "HYPODIP": yes_no(hypodiploid),
        "COMPLEX": yes_no(complex_),
        "BCRABL1": labels(["None", "p190", "p210"], np.where(ph, np.where(u[1] < 0.7, 1, 2), 0)),
    }
    return assemble(cohort, "CYTOG", who, day, _SCREENING, fields)


def local_cd22(cohort: Cohort) -> pa.Table:
    """CD22LOC: the local laboratory's CD22, near the central result but not it."""
    truth, who = cohort.truth, everyone(cohort)
    u = cohort.uniform("local cd22", 3).T
    flow = u[0] < 0.9
    share = np.clip(np.rint(truth["cd22"] + whole(u[1], -6, 6)), 20, 100)
    day = np.minimum(truth["consent_day"] + 2, -1)
    fields = {
        "CDDAT": dates(absolute(cohort, who, day)),
        "CDMETH": labels(["IHC", "Flow"], flow),
        "CDRES": "Positive",
        "CDPCT": numbers(share, 0, flow),
    }
    return assemble(cohort, "CD22LOC", who, day, _SCREENING, fields)


def randomisation(cohort: Cohort) -> pa.Table:
    """IVRS: the feed of the randomisation system, with the strata as they were typed in there."""
    truth, who = cohort.truth, everyone(cohort)
    u = cohort.uniform("randomisation", 2).T
    choices = ["FLAG", "Ara-C+MXN", "HiDAC"]
    fields = {
        "SUBJ": cohort.subject,
        "RANDNO": numbers(10001.0 + cohort.rows),
        "RANDDT": dates(cohort.day_zero, "DDMONYYYY"),
        "RANDTM": times(whole(u[0], 8 * 60, 17 * 60)),
        "ARMTXT": labels(["Arm A - InO", "Arm B - SC"], truth["arm"]),
        "STRAT_DFR": labels([">=12 months", "<12 months"], truth["ivrs_dfr_short"]),
        "STRAT_SALV": labels(["Salvage 1", "Salvage 2"], truth["ivrs_salvage_2"]),
        "STRAT_AGE": labels(["<55", ">=55"], truth["ivrs_older"]),
        "SCCHOICE": labels(choices, truth["sc_choice"]),
        "KITNO": join("K", numbers(whole(u[1], 100000, 999999))),
    }
    return table(FORMS["IVRS"], fields, len(who))
