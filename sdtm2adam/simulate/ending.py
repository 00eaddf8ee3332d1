"""New therapy, transplant, VOD, contacts, death, end of treatment and of study."""

from typing import Any

import numpy as np
import pyarrow as pa

from sdtm2adam.simulate.baseline import count_before
from sdtm2adam.simulate.rows import LOG, absolute, assemble
from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Bools, Floats, Ints, whole
from sdtm2adam.simulate.terms import read_terms, weighted
from sdtm2adam.simulate.text import dates, join, labels, numbers, ticks, yes_no

CAUSES = ["Disease under study", "Study treatment toxicity", "VOD", "Infection", "GVHD", "Other", "Unknown"]
_DISEASE, _TOXIC, _VOD, _INFECTION, _GVHD, _OTHER, _UNKNOWN = range(len(CAUSES))
_CONTACT_DAYS, _MOST_CONTACTS = 84, 16
_GIVEN_UP_DAY = 14  # after randomisation: who has had no dose by then will not be treated


def seen(cohort: Cohort, name: str) -> Bools:
    """Whose event, a day of the truth, falls into what can be seen."""
    return np.asarray(cohort.truth[name] <= cohort.truth["until"])


def cause_of_death(cohort: Cohort) -> Ints:
    """The cause of each death seen; -1 of subjects who live."""
    truth = cohort.truth
    u = cohort.uniform("cause of death", 1)[:, 0]
    death = truth["death_day"]
    after_hsct = np.select([u < 0.4, u < 0.7, u < 0.85], [_INFECTION, _GVHD, _TOXIC], _OTHER)
    early = np.select([u < 0.55, u < 0.9], [_DISEASE, _INFECTION], _OTHER)
    late = np.select([u < 0.86, u < 0.95], [_DISEASE, _INFECTION], _UNKNOWN)
    by_vod = death == truth["hsct_vod_death_day"]
    unfailed = ~np.isfinite(truth["failure_day"]) & ~truth["responder"] & truth["treated"]
    cause = np.select([by_vod, death == truth["nonrelapse_death_day"], unfailed], [_VOD, after_hsct, early], late)
    return np.where(truth["died"], cause, -1)


def new_therapy(cohort: Cohort) -> pa.Table:
    """FUTX: the first new therapy after failure or relapse; induction where it ended progression-free survival.

    Of the others the gate answered No.
    """
    truth = cohort.truth
    who = np.flatnonzero(seen(cohort, "new_therapy_day"))
    u = cohort.uniform("new therapy", 3)[who].T
    drugs = read_terms()["new_therapies"]
    which = weighted([row[2] for row in drugs], u[0])
    induction = truth["new_therapy_is_failure"][who] | (u[1] < 0.8)
    start = truth["new_therapy_day"][who]
    end = start + whole(u[2], 5, 60)
    day = absolute(cohort, who, start)
    ended = end <= np.minimum(truth["until"], truth["hsct_day"] - 1)[who]
    fields = {
        "FTYN": "Yes",
        "FTTRT": labels([row[0] for row in drugs], which),
        "FTREG": labels([row[1] for row in drugs], which),
        "FTSTDAT": dates(day),
        "FTENDAT": dates(np.where(ended, absolute(cohort, who, end), np.inf)),
        "FTINTENT": labels(["Palliative", "Induction"], induction),
    }
    return pa.concat_tables(
        [assemble(cohort, "FUTX", who, start, LOG, fields), unanswered(cohort, "FUTX", "FTYN", who)]
    )


def unanswered(cohort: Cohort, form: str, gate: str, who: Ints) -> pa.Table:
    """A log form of the subjects who have nothing to tell: the gate answered No, and no details."""
    none = np.setdiff1d(np.arange(len(cohort)), who)
    return assemble(cohort, form, none, cohort.truth["until"][none], LOG, {gate: "No"})


def transplant(cohort: Cohort) -> pa.Table:
    """HSCT: donor, graft, conditioning, engraftment; reduced intensity more often from 55 years."""
    truth = cohort.truth
    who = np.flatnonzero(seen(cohort, "hsct_day"))
    u = cohort.uniform("transplant form", 8)[who].T
    day, until = truth["hsct_day"][who], truth["until"][who]
    full = u[2] < np.where(truth["older"][who], 0.3, 0.75)
    neutrophils, platelets = day + whole(u[3], 12, 24), day + whole(u[4], 16, 40)
    with_tbi = full & (u[5] < 0.45)
    fields = {
        "HSDAT": dates(absolute(cohort, who, day)),
        "HSTYPE": "Allo",
        "DONOR": labels(["MRD-sib", "MUD", "mMUD", "Haplo", "Cord"], np.searchsorted([0.3, 0.72, 0.82, 0.94], u[0])),
        "GRAFT": labels(["BM", "PBSC"], u[1] < 0.8),
        "COND": labels(["RIC", "MAC"], full),
        "CONDAG1": ticks(full & ~with_tbi),
        "CONDAG2": ticks(full),
        "CONDAG3": ticks(with_tbi),
        "CONDAG4": ticks(~full),
        "CONDAG5": ticks(~full),
        "CONDAG6": ticks(~full & (u[6] < 0.15)),
        "HSPRIOR": yes_no(truth["new_therapy_day"][who] < day),
        "ENGANC": dates(np.where(neutrophils <= until, absolute(cohort, who, neutrophils), np.inf)),
        "ENGPLT": dates(np.where(platelets <= until, absolute(cohort, who, platelets), np.inf)),
        "GVHDPRO": labels(["Tacrolimus/methotrexate", "Cyclosporine/mycophenolate"], u[7] < 0.4),
    }
    return assemble(cohort, "HSCT", who, day, LOG, fields)


def highest_bilirubin(cohort: Cohort) -> Floats:
    """The bilirubin at the diagnosis of a VOD, in umol/L to one decimal; drawn for all subjects."""
    u = cohort.uniform("vod form", 9)[:, 0]
    return np.asarray(np.rint(10 * (34 + 120 * u**2)) / 10)


def vod_episode(cohort: Cohort, numbers_of_events: Ints) -> pa.Table:
    """VOD: the signs on which the diagnosis rests; `numbers_of_events` is AENO of the event of each subject."""
    truth = cohort.truth
    who = np.flatnonzero(seen(cohort, "vod_day"))
    u = cohort.uniform("vod form", 9)[who].T
    day = truth["vod_day"][who]
    fatal = (truth["death_day"][who] == truth["hsct_vod_death_day"][who]) & truth["died"][who]
    treated = u[7] < 0.55
    fields: dict[str, Any] = {
        "VDAENO": numbers(numbers_of_events[who].astype(float)),
        "VDDAT": dates(absolute(cohort, who, day)),
        "VDBILI": numbers(highest_bilirubin(cohort)[who], 1),
        "VDWTGAIN": numbers(2 + 12 * u[1], 1),
        "VDASC": yes_no(u[2] < 0.7),
        "VDHEPMEG": yes_no(u[3] < 0.75),
        "VDRUQ": yes_no(u[4] < 0.6),
        "VDDOP": labels(["Normal", "Reversal", "ND"], np.searchsorted([0.35, 0.6], u[5])),
        "VDBX": yes_no(u[6] < 0.1),
        "VDDEFIB": yes_no(treated),
        "VDDEFSTD": dates(np.where(treated, absolute(cohort, who, day), np.inf)),
        "VDOUT": labels(["Resolved", "Not resolved", "Fatal"], np.where(fatal, 2, u[8] < 0.2)),
        "VDCRIT": labels(["Seattle", "Baltimore", "Other"], np.searchsorted([0.5, 0.9], u[8])),
    }
    return assemble(cohort, "VOD", who, day, LOG, fields)


def contacts(cohort: Cohort) -> pa.Table:
    """SURV: every 12 weeks, once more before the cut-off; a death or a loss is a contact too."""
    truth = cohort.truth
    start = np.where(truth["treated"], truth["eot_day"], 0)[:, None]
    until, died = truth["until"], truth["died"]
    lost = ~died & (truth["lost_day"] <= until)
    planned = start + _CONTACT_DAYS * np.arange(1, _MOST_CONTACTS + 1)
    planned = np.where(planned < until[:, None] - 14, planned, np.inf)
    missed = until + _CONTACT_DAYS
    tried = lost & (missed <= truth["cut_day"])
    days = np.column_stack([planned, until, np.where(tried, missed, np.inf)])
    who, place = np.nonzero(np.isfinite(days))
    day = days[who, place]
    last = place == _MOST_CONTACTS
    status = np.select([place > _MOST_CONTACTS, last & died[who]], [2, 1], 0)
    alive = np.where(status == 0, day, np.where(status == 2, until[who], np.inf))
    number = count_before(who) + 1
    fields = {
        "SVDAT": dates(absolute(cohort, who, day)),
        "SVSTAT": labels(["Alive", "Dead", "Lost"], status),
        "SVLASTAL": dates(absolute(cohort, who, alive)),
        "SVSRC": labels(["Telephone", "Clinic visit", "Public record"], (place + cohort.rows[who]) % 3),
    }
    return assemble(cohort, "SURV", who, day, join("Survival ", numbers(number.astype(float))), fields)


def deaths(cohort: Cohort, fatal_event: Ints) -> pa.Table:
    """DEATH: date and cause; `fatal_event` is AENO of the fatal event, 0 where there is none."""
    truth = cohort.truth
    who = np.flatnonzero(truth["died"])
    u = cohort.uniform("death form", 2)[who].T
    cause = cause_of_death(cohort)[who]
    fields = {
        "DTHDAT": dates(absolute(cohort, who, truth["death_day"][who])),
        "DCAUSE": labels(CAUSES, cause),
        "DCAUSESP": labels(["Multi-organ failure"], np.zeros(len(who)), cause == _OTHER),
        "AUTOPSY": labels(["No", "Yes", "Unknown"], np.searchsorted([0.9, 0.96], u[0])),
        "DTHAENO": numbers(fatal_event[who].astype(float), 0, fatal_event[who] > 0),
    }
    return assemble(cohort, "DEATH", who, truth["death_day"][who], LOG, fields)


_EOT_REASONS = [
    "Completed 6 cycles", "CR/CRi - proceeding to HSCT", "Adverse event", "Relapse or PD", "Resistant disease",
    "Subject refusal", "Death", "Physician decision",
]  # fmt: skip


_COMPLETED, _TO_HSCT, _ADVERSE, _PROGRESSION, _RESISTANT, _REFUSAL, _DEATH, _PHYSICIAN = range(len(_EOT_REASONS))


def treatment_end_reason(cohort: Cohort) -> Ints:
    """Why each treated subject left treatment, by a table of what happened near the visit, in order."""
    truth = cohort.truth
    u = cohort.uniform("end of treatment", 1)[:, 0]
    day = np.minimum(truth["eot_day"], truth["until"])
    responder = truth["responder"]
    unfailed = np.select([u < 0.6, u < 0.8], [_ADVERSE, _PHYSICIAN], _REFUSAL)
    resistant = np.select([u < 0.8, u < 0.92, u < 0.97], [_RESISTANT, _ADVERSE, _PHYSICIAN], _REFUSAL)
    reasons = [
        (truth["early_vod_day"] <= day, _ADVERSE),
        (truth["lost_day"] <= truth["eot_day"], _REFUSAL),
        (truth["cycles"] == 6, _COMPLETED),
        (truth["hsct_direct"] & (truth["hsct_day"] <= day + 90), _TO_HSCT),
        (truth["death_day"] <= day + 7, _DEATH),
        (responder & (truth["remission_end_day"] <= day + 35), _PROGRESSION),
        (~responder & ~truth["new_therapy_is_failure"] & (truth["failure_day"] <= day + 7), _PROGRESSION),
    ]
    known = np.select([when for when, _ in reasons], [reason for _, reason in reasons], -1)
    return np.where(known >= 0, known, np.where(responder, unfailed, resistant))


def left_for_event(cohort: Cohort) -> Bools:
    """Who left treatment for an adverse event."""
    return np.asarray(cohort.truth["treated"] & (treatment_end_reason(cohort) == _ADVERSE))


def end_of_treatment(cohort: Cohort, last_dose: Floats, cycles: Ints) -> pa.Table:
    """EOT: the date is that of the visit, or of the last contact before it; of who was never dosed only the date."""
    truth, treated = cohort.truth, cohort.truth["treated"]
    who = np.arange(len(cohort))
    day = np.minimum(np.where(treated, truth["eot_day"], _GIVEN_UP_DAY), truth["until"])
    fields = {
        "EOTDAT": dates(absolute(cohort, who, day)),
        "LASTDOSE": dates(absolute(cohort, who, last_dose)),
        "EOTRSN": labels(_EOT_REASONS, treatment_end_reason(cohort), treated),
        "NCYC": numbers(cycles.astype(float), 0, treated),
    }
    return assemble(cohort, "EOT", who, day, "End of Treatment", fields)


def end_of_study(cohort: Cohort) -> pa.Table:
    """EOS: of those who died, withdrew consent or were lost; the others are in follow-up at the cut-off."""
    truth = cohort.truth
    died, until = truth["died"], truth["until"]
    gone = died | (truth["lost_day"] <= until)
    who = np.flatnonzero(gone)
    reason = np.where(died[who], 0, np.where(truth["withdrew"][who], 2, 1))
    fields = {
        "EOSDAT": dates(absolute(cohort, who, until[who])),
        "EOSRSN": labels(["Death", "Lost to follow-up", "Withdrew consent"], reason),
    }
    return assemble(cohort, "EOS", who, until[who], LOG, fields)
