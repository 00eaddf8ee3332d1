"""The response told at each visit: what the truth of the subject is at that day, in the investigator's words."""

import numpy as np

from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Bools, Ints
from sdtm2adam.simulate.visits import ASSESSMENT, END_OF_TREATMENT, SLOTS, UNSCHEDULED, Visits

RESPONSES = ["CR", "CRi", "PR", "Resistant disease", "Progressive disease", "Relapse", "Aplasia/indeterminate"]
CR, CRI, PR, RESISTANT, PROGRESSION, RELAPSE, APLASIA = range(len(RESPONSES))


def in_remission(cohort: Cohort, at: Visits) -> Bools:
    """Which visits fall into a remission: from the day of response to before relapse."""
    truth = cohort.truth
    if "response_day" not in truth:  # screen failures
        return np.zeros(len(at.who), dtype=bool)
    return np.asarray((at.day >= truth["response_day"][at.who]) & (at.day < truth["remission_end_day"][at.who]))


def investigator_response(cohort: Cohort, at: Visits) -> Ints:
    """The response by the investigator at each visit; -1 where the disease is not assessed.

    Remission is told as the truth has it; before a remission partial response or aplasia, without one mostly resistant
    disease; at an unscheduled visit relapse or progression.
    """
    truth, who = cohort.truth, at.who
    assessed = (at.part == ASSESSMENT) | (at.slot >= END_OF_TREATMENT)
    u = cohort.uniform("response by investigator", SLOTS)[who, at.slot]
    responder = truth["responder"][who]
    if "complete" not in truth:
        return np.full(len(who), -1)
    remission = np.where(truth["complete"][who], CR, CRI)
    before = np.where(u < 0.6, PR, APLASIA)
    resistant = np.select([u < 0.75, u < 0.9], [RESISTANT, PR], APLASIA)
    progressed = np.where(responder, RELAPSE, PROGRESSION)
    told = np.select(
        [at.slot == UNSCHEDULED, in_remission(cohort, at), responder], [progressed, remission, before], resistant
    )
    return np.where(assessed, told, -1)
