"""What becomes of the subjects: response, MRD, relapse, transplant, VOD and death follow one from another.

Days count from randomisation (day 0), whole; `inf` is never. Overall survival, progression-free survival and the rates
of transplant and VOD are consequences: none is drawn from a law of its own.
"""

import numpy as np

from sdtm2adam.simulate.parameters import read_parameters
from sdtm2adam.simulate.streams import (
    Bools,
    Columns,
    Floats,
    Streams,
    category,
    chance,
    exponential,
    lognormal,
    normal,
    whole,
)

MONTH = 30.4375
NEVER = np.inf
MOST_CYCLES = 6


def _by_arm(arm: np.ndarray, pair: list[float]) -> Floats:
    return np.asarray(np.asarray(pair, dtype=np.float64)[arm])


def draw_response(streams: Streams, subject: Columns) -> Columns:
    """Days of disease assessment in each cycle, response (CR or CRi), its cycle and day, and MRD at response."""
    law, arm = read_parameters("course"), subject["arm"]
    u = streams.uniform("response", len(arm), 5).T
    z, frailty = subject["z_cd22"], subject["frailty"]
    logit = _by_arm(arm, law["response"]) + _by_arm(arm, law["response_cd22"]) * z
    logit += _by_arm(arm, law["response_blasts"]) * subject["z_blasts"]
    logit += _by_arm(arm, law["response_frailty"]) * frailty
    responder = subject["treated"] & (u[0] < chance(logit))
    complete_logit = _by_arm(arm, law["complete"]) + law["complete_platelets"] * (subject["log_platelets"] - 4)
    complete = responder & (u[1] < chance(complete_logit))
    mrd_logit = _by_arm(arm, law["mrd_negative"]) + _by_arm(arm, law["mrd_complete"]) * complete
    mrd_logit += _by_arm(arm, law["mrd_cd22"]) * z
    cycles = [category(u[2], shares) for shares in law["cycle_of_response"]]
    cycle = np.where(arm == 0, cycles[0], cycles[1])
    mean, spread, later = (np.array([each[k] for each in law["assessment_d"]])[arm] for k in range(3))
    first = np.maximum(np.rint(mean + spread * normal(u[3])), subject["first_dose_day"] + 15)
    assessed = first[:, None] + later[:, None] * np.arange(MOST_CYCLES)
    response_day = np.where(responder, assessed[np.arange(len(arm)), cycle], NEVER)
    return {
        "responder": responder,
        "complete": complete,
        "mrd_negative": responder & (u[4] < chance(mrd_logit)),
        "response_cycle": np.where(responder, cycle + 1, 0),
        "assessment_days": assessed,
        "response_day": response_day,
    }


def draw_remission(streams: Streams, subject: Columns) -> Columns:
    """From response on, three clocks: relapse, death in remission, transplant; the first one counts."""
    law, arm = read_parameters("course"), subject["arm"]
    u = streams.uniform("remission", len(arm), 4).T
    slope = _by_arm(arm, law["relapse_mrd"]) * ~subject["mrd_negative"]
    slope = slope + law["relapse_incomplete"] * ~subject["complete"] + law["relapse_frailty"] * subject["frailty"]
    slope += _by_arm(arm, law["relapse_cd22"]) * subject["z_cd22"]
    relapse = exponential(u[0], MONTH * _by_arm(arm, law["relapse"]) * np.exp(-slope))
    death = exponential(u[1], MONTH * law["death_in_remission"])
    intended = u[2] < chance(_by_arm(arm, law["transplant"]) + law["transplant_age_55"] * subject["older"])
    transplant = np.where(intended, lognormal(u[3], *law["transplant_delay_d"]), NEVER)
    start, first = subject["response_day"], np.minimum(np.minimum(relapse, death), transplant)
    return {
        "relapse_day": np.where(first == relapse, start + np.ceil(relapse) + 1, NEVER),
        "remission_death_day": np.where(first == death, start + np.ceil(death) + 1, NEVER),
        "direct_hsct_day": np.where(first == transplant, start + np.ceil(transplant) + 1, NEVER),
    }


def draw_failure(streams: Streams, subject: Columns) -> Columns:
    """Without a response: early death, or the day of failure. With or without: what follows a failure or relapse."""
    law, arm = read_parameters("course"), subject["arm"]
    u = streams.uniform("failure", len(arm), 12).T
    none = ~subject["responder"]
    early = none & subject["treated"] & (u[0] < _by_arm(arm, law["early_death"]))
    early_day = np.maximum(whole(u[1], 4, 44), subject["first_dose_day"] + 1)
    spread, slope = law["failure_spread"]
    frailty = subject["frailty"]
    failure = np.ceil(lognormal(u[2], _by_arm(arm, law["failure_d"]), spread) * np.exp(slope * frailty))
    failed = np.where(none, np.maximum(failure, subject["first_dose_day"] + 10), subject["relapse_day"])
    mean = np.where(none, _by_arm(arm, law["survival_after_failure"]), _by_arm(arm, law["survival_after_relapse"]))
    after = np.ceil(exponential(u[3], MONTH * mean * np.exp(law["survival_frailty"] * frailty)))
    death = np.where(early, early_day, failed + after)
    # a failure is seen as progression, or as new therapy for resistant disease; untreated subjects have no assessments
    therapy = failed + np.where(none & ((u[5] < 0.6) | ~subject["treated"]), 0, whole(u[6], 5, 25))
    treated_again = (u[4] < law["new_therapy"]) & (therapy < death) & np.isfinite(failed)
    by_age = np.where(subject["older"], law["later_transplant_age"][1], law["later_transplant_age"][0])
    rate = np.where(none, _by_arm(arm, law["later_transplant"][:2]), law["later_transplant"][2]) * by_age
    later = failed + np.maximum(np.ceil(lognormal(u[8], *law["transplant_delay_d"])), 28)
    transplanted = (u[7] < rate) & (later < death) & np.isfinite(failed)
    return {
        "failure_day": np.where(none & (failed < death) & (subject["treated"] | treated_again), failed, NEVER),
        "failure_death_day": np.where(np.isfinite(death), death, NEVER),
        "new_therapy_day": np.where(treated_again, therapy, NEVER),
        "new_therapy_is_failure": none & (therapy == failed) & treated_again,
        "later_hsct_day": np.where(transplanted, later, NEVER),
        "relapse_survival": np.ceil(exponential(u[9], MONTH * _by_arm(arm, law["survival_after_relapse"]))),
    }


def draw_transplant(streams: Streams, subject: Columns) -> Columns:
    """After transplant: VOD, death without relapse, cure, or relapse and death."""
    law, arm = read_parameters("course"), subject["arm"]
    u = streams.uniform("transplant", len(arm), 8).T
    direct = np.isfinite(subject["direct_hsct_day"])
    hsct = np.minimum(subject["direct_hsct_day"], subject["later_hsct_day"])
    older, salvage, prior = law["vod_risk"]
    logit = _by_arm(arm, law["vod"]) + older * subject["older"]
    logit += salvage * subject["salvage_2"] + prior * subject["prior_hsct"]
    vod = u[0] < chance(logit)
    median, spread, low, high = law["vod_onset_d"]
    onset = hsct + np.clip(np.rint(lognormal(u[1], median, spread)), low, high)
    fatal = vod & (u[2] < law["vod_fatal"])
    vod_death = np.where(fatal, onset + whole(u[3], 5, 40), NEVER)
    lost_logit = _by_arm(arm, law["nonrelapse_death"]) + law["nonrelapse_age_55"] * subject["older"]
    nonrelapse = np.where(
        u[4] < chance(lost_logit), hsct + 1 + np.ceil(exponential(u[5], MONTH * law["nonrelapse_time"])), NEVER
    )
    level, mrd, frail = law["cure"]
    cure = np.where(
        direct, chance(level + mrd * subject["mrd_negative"] + frail * subject["frailty"]), law["cure_later"]
    )
    again = hsct + 1 + np.ceil(exponential(u[7], MONTH * law["relapse_after_transplant"]))
    relapse = np.where(direct & (u[6] >= cure), again, NEVER)
    death = np.minimum(np.minimum(vod_death, nonrelapse), relapse + subject["relapse_survival"])
    rest = np.where(direct, NEVER, np.where(u[6] < cure, NEVER, subject["failure_death_day"]))
    return {
        "hsct_day": hsct,
        "hsct_direct": direct,
        "hsct_vod_day": np.where(vod, onset, NEVER),
        "hsct_relapse_day": relapse,
        "hsct_vod_death_day": vod_death,
        "nonrelapse_death_day": nonrelapse,
        "hsct_death_day": np.where(np.isfinite(hsct), np.minimum(death, rest), NEVER),
    }


def draw_exposure(streams: Streams, subject: Columns) -> Columns:
    """Cycles started and the day of each: planned by response and transplant, stopped by failure, death or chance."""
    law, arm = read_parameters("course"), subject["arm"]
    u = streams.uniform("exposure", len(arm), MOST_CYCLES + 2).T
    direct, responder = np.isfinite(subject["direct_hsct_day"]), subject["responder"]
    plan = np.where(responder, np.where(direct, 4, whole(u[0], 3, MOST_CYCLES)), 3)
    plan_sc = np.where(responder, whole(u[0], 1, 3), np.where(u[0] < 0.2, 2, 1))
    plan = np.where(arm == 0, plan, plan_sc)
    plan = np.maximum(plan, subject["response_cycle"])
    assessed, starts = subject["assessment_days"], np.empty((len(arm), MOST_CYCLES))
    starts[:, 0] = subject["first_dose_day"]
    for cycle in range(1, MOST_CYCLES):
        length = np.where((arm == 0) & (cycle == 1), 21, 28)
        starts[:, cycle] = np.maximum(starts[:, cycle - 1] + length, assessed[:, cycle - 1] + 1)
    end = np.minimum(np.minimum(subject["failure_day"], subject["relapse_day"]), subject["death_day"])
    end = np.minimum(end, np.minimum(subject["hsct_day"] - 14, subject["new_therapy_day"]))
    number = np.arange(MOST_CYCLES)
    kept = (starts < end[:, None]) & (number < plan[:, None])
    goes_on = (law["stop_per_cycle"] <= u[1 : MOST_CYCLES + 1].T) | (number < subject["response_cycle"][:, None] - 1)
    kept[:, 1:] &= np.logical_and.accumulate(goes_on, axis=1)[:, :-1]
    kept &= subject["treated"][:, None]
    kept[:, 0] = subject["treated"]
    cycles = np.logical_and.accumulate(kept, axis=1).sum(axis=1)
    return {"cycles": cycles, "cycle_days": starts, "treatment_stop_day": end}


def draw_early_vod(streams: Streams, subject: Columns) -> Columns:
    """VOD in subjects who get no transplant: within treatment or the 56 days after its last cycle began."""
    law, arm = read_parameters("course"), subject["arm"]
    u = streams.uniform("vod without transplant", len(arm), 2).T
    rows = np.arange(len(arm))
    last = subject["cycle_days"][rows, np.maximum(subject["cycles"] - 1, 0)]
    first = subject["first_dose_day"] + 12
    day = whole(u[1], first, np.maximum(np.minimum(last + 50, subject["death_day"] - 2), first))
    has = (u[0] < _by_arm(arm, law["vod_without_transplant"])) & ~np.isfinite(subject["hsct_day"])
    return {"early_vod_day": np.where(has & subject["treated"] & (day < subject["death_day"]), day, NEVER)}


def draw_lost(streams: Streams, subject: Columns) -> Columns:
    """Who is lost to follow-up, and when; nobody is lost before the first assessment that shows a response."""
    law, arm = read_parameters("course"), subject["arm"]
    u = streams.uniform("lost", len(arm), 3).T
    day = np.ceil(exponential(u[1], MONTH * law["lost_time"]))
    seen = np.where(subject["responder"], subject["response_day"] + 1, subject["first_dose_day"] + 21)
    day = np.where(subject["treated"], np.maximum(day, seen), day)
    lost = u[0] < _by_arm(arm, law["lost"])
    return {"lost_day": np.where(lost, day, NEVER), "withdrew": lost & (u[2] < np.where(subject["treated"], 0.3, 0.8))}


def settle_death(subject: Columns) -> Columns:
    """The day of death: after transplant by the transplant's course, else in remission or after failure."""
    no_hsct: Bools = ~np.isfinite(subject["hsct_day"])
    before = np.minimum(subject["remission_death_day"], subject["failure_death_day"])
    day = np.where(no_hsct, before, subject["hsct_death_day"])
    subject["hsct_relapse_day"] = np.where(subject["hsct_relapse_day"] < day, subject["hsct_relapse_day"], NEVER)
    return {"death_day": day}


def settle_events(subject: Columns) -> Columns:
    """The first VOD, the first PFS event and the relapse of a responder, with or without transplant."""
    vod = np.minimum(subject["hsct_vod_day"], subject["early_vod_day"])
    vod = np.where(vod <= subject["death_day"], vod, NEVER)
    relapse = np.minimum(subject["relapse_day"], subject["hsct_relapse_day"])
    event = np.minimum(np.minimum(subject["failure_day"], relapse), subject["death_day"])
    # a transplant without remission is an event; it matters to subjects who were never treated
    event = np.where(subject["responder"], event, np.minimum(event, subject["hsct_day"]))
    return {"vod_day": vod, "remission_end_day": relapse, "pfs_event_day": event}
