"""Adverse events: who has which, when and how bad, so that the published rates of any grade and grade 3 or more hold.

For each term and arm two thresholds of one normal number per subject and term give the rates of any grade and of
grade 3 or more exactly; a frailty shared within a subject makes the terms go together. Onset is between the first dose
and 42 days after the last, before new therapy, transplant, death and the end of observation.
"""

from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.special import ndtri

from sdtm2adam.simulate.baseline import count_before
from sdtm2adam.simulate.ending import CAUSES, cause_of_death, seen
from sdtm2adam.simulate.rows import first_of_each
from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Bools, Floats, Ints, kumaraswamy, lognormal, normal
from sdtm2adam.simulate.terms import read_terms

_SHARED = 0.6  # of the frailty, against 1 for what belongs to the term alone
_EPISODES = np.cumsum(np.exp(-0.35) * np.array([1, 0.35, 0.35**2 / 2]))  # 1 + Poisson(.35), at most 4
_MOST_EPISODES = 4
_RISK_DAYS = 42
_DRAWS = 8
_RESOLVING = 0.3


@dataclass(frozen=True, slots=True)
class Events:
    """Adverse events, one row each, by subject, onset and term; `end` is infinite where the event goes on.

    `term` counts all preferred terms of `catalogue()`. `number` is AENO. Grade 5 is fatal.
    """

    who: Ints
    group: Ints
    term: Ints
    start: Floats
    end: Floats
    grade: Ints
    serious: Bools
    draws: Floats
    number: Ints

    @property
    def resolving(self) -> Bools:
        """Which of those that go on get better."""
        return np.asarray(~np.isfinite(self.end) & (self.draws[:, 7] < _RESOLVING))


def catalogue() -> list[tuple[str, str, str]]:
    """All terms: preferred term, verbatim, class; VOD is the last one."""
    terms = read_terms()
    listed = [(pt, verbatim, group["soc"]) for group in terms["adverse_events"] for pt, verbatim, _ in group["terms"]]
    return [*listed, (terms["vod"]["term"], terms["vod"]["verbatim"], terms["vod"]["soc"])]


def risk_end(cohort: Cohort, last_dose: Floats) -> Floats:
    """The last day on which an event is treatment-emergent: 42 days after the last dose, before new therapy or HSCT."""
    truth = cohort.truth
    before = np.minimum(truth["new_therapy_day"], truth["hsct_day"]) - 1
    return np.asarray(np.minimum(np.minimum(last_dose + _RISK_DAYS, before), truth["until"]))


def draw_events(cohort: Cohort, last_dose: Floats) -> Events:
    """All adverse events of the treated: by rate, the VOD of the disease course, and the infections that killed."""
    rated = _rated_events(cohort, last_dose)
    parts = [rated, _unrated_infections(cohort, last_dose, rated), _vod_events(cohort)]
    who, group, term, start, end, grade, serious, draws = (np.concatenate(each) for each in zip(*parts, strict=True))
    by = np.lexsort((term, start, who))
    number = np.zeros(len(by), dtype=np.int64)
    drawn = Events(who[by], group[by], term[by], start[by], end[by], grade[by], serious[by], draws[by], number)
    return _numbered(_tie_to_death(cohort, last_dose, drawn))


def _numbered(events: Events) -> Events:
    """Events with their numbers; two episodes of a term with the same days, grade and outcome are one event."""
    same = (events.who, events.term, events.grade, events.start, events.end)
    kept = first_of_each(*same, events.resolving)
    left = {field.name: getattr(events, field.name)[kept] for field in fields(Events)}
    return Events(**left | {"number": count_before(left["who"]) + 1})


_Columns = tuple[Ints, Ints, Ints, Floats, Floats, Ints, Bools, Floats]


def _rated_events(cohort: Cohort, last_dose: Floats) -> _Columns:
    groups = read_terms()["adverse_events"]
    n, m = len(cohort), len(groups)
    any_grade, severe = _severity(cohort)
    u = cohort.uniform("events", m * _MOST_EPISODES * _DRAWS).reshape(n, m, _MOST_EPISODES, _DRAWS)
    extra = np.searchsorted(_EPISODES, cohort.uniform("episodes", m))
    wanted = np.where(any_grade, 1 + extra, 0)
    who, group, episode = np.nonzero(np.arange(_MOST_EPISODES) < wanted[:, :, None])
    draws = u[who, group, episode]
    first, last = cohort.truth["first_dose_day"][who], risk_end(cohort, last_dose)[who]
    start = np.floor(first + kumaraswamy(draws[:, 0], 1.1, 1.6) * np.maximum(last - first + 1, 1) * 0.9999)
    worst = severe[who, group] & (episode == 0)
    mild = np.where(draws[:, 1] < 0.55, 1, 2)
    grade = np.where(worst, np.where(draws[:, 1] < 0.25, 4, 3), mild)
    again = severe[who, group] & (episode > 0) & (draws[:, 2] < 0.4)
    grade = np.where(again, 3, grade)
    length = np.ceil(lognormal(draws[:, 3], 8, 0.8))
    share = np.array([entry["serious"] for entry in groups])[group] / 100
    serious = (grade >= 3) & (draws[:, 4] < share)
    return who, group, _choose_term(group, draws[:, 5]), start, start + length, grade, serious, draws


def _severity(cohort: Cohort) -> tuple[Bools, Bools]:
    """Who has a term at all, and at grade 3 or more: subjects x terms, nested by construction."""
    groups = read_terms()["adverse_events"]
    rates = np.array([entry["rates"] for entry in groups]) / 100
    arm = np.maximum(cohort.truth["arm"], 0)
    own = normal(cohort.uniform("event terms", len(groups)))
    shared = normal(cohort.uniform("event frailty", 1))
    x = (_SHARED * shared + own) / np.sqrt(1 + _SHARED**2)
    treated = cohort.truth["treated"][:, None]
    thresholds = ndtri(rates)  # InO any, InO 3+, SC any, SC 3+
    of_arm = np.where(arm[:, None, None] == 0, thresholds[None, :, :2], thresholds[None, :, 2:])
    return treated & (x < of_arm[:, :, 0]), treated & (x < of_arm[:, :, 1])


def _choose_term(group: Ints, u: Floats) -> Ints:
    """The preferred term within the group, by weight."""
    groups = read_terms()["adverse_events"]
    weights = [np.array([weight for _, _, weight in entry["terms"]], dtype=float) for entry in groups]
    most = max(len(each) for each in weights)
    shares = np.array(
        [np.pad(np.cumsum(each / each.sum()), (0, most - len(each)), constant_values=2) for each in weights]
    )
    first = np.cumsum([0, *(len(each) for each in weights[:-1])])
    inside = (u[:, None] >= shares[group] - 1e-12).sum(axis=1)
    sizes = np.array([len(each) for each in weights])[group]
    return np.asarray(first[group] + np.minimum(inside, sizes - 1))


def _vod_events(cohort: Cohort) -> _Columns:
    truth = cohort.truth
    who = np.flatnonzero(seen(cohort, "vod_day"))
    draws = cohort.uniform("vod event", _DRAWS)[who]
    start = truth["vod_day"][who]
    fatal = truth["died"][who] & (truth["death_day"][who] == truth["hsct_vod_death_day"][who])
    end = np.where(fatal, truth["death_day"][who], start + np.ceil(lognormal(draws[:, 3], 25, 0.5)))
    grade = np.where(fatal, 5, np.where(draws[:, 1] < 0.3, 4, 3)).astype(np.int64)
    group = np.full(len(who), len(read_terms()["adverse_events"]), dtype=np.int64)
    term = np.full(len(who), len(catalogue()) - 1, dtype=np.int64)
    return who, group, term, start, end, grade, np.ones(len(who), dtype=bool), draws


def _unrated_infections(cohort: Cohort, last_dose: Floats, rated: _Columns) -> _Columns:
    """A sepsis for who died of infection while events were collected and has no infection so far."""
    truth = cohort.truth
    infected = np.zeros(len(cohort), dtype=bool)
    infected[rated[0][rated[1] == 0]] = True
    who = np.flatnonzero(_died_of_infection(cohort, last_dose) & ~infected)
    draws = cohort.uniform("fatal infection", _DRAWS)[who]
    start = truth["death_day"][who] - np.ceil(lognormal(draws[:, 3], 5, 0.5))
    start = np.maximum(start, truth["first_dose_day"][who])
    nothing = np.zeros(len(who), dtype=np.int64)
    return who, nothing, nothing, start, start + 5, nothing + 4, nothing == 0, draws


def _died_of_infection(cohort: Cohort, last_dose: Floats) -> Bools:
    collected = cohort.truth["treated"] & (cohort.truth["death_day"] <= risk_end(cohort, last_dose))
    return np.asarray(collected & (cause_of_death(cohort) == CAUSES.index("Infection")))


def _tie_to_death(cohort: Cohort, last_dose: Floats, events: Events) -> Events:
    """An infection is fatal if it is the last one of a subject who died of infection while events were collected."""
    death, until = cohort.truth["death_day"][events.who], cohort.truth["until"][events.who]
    candidate = (events.group == 0) & _died_of_infection(cohort, last_dose)[events.who]
    fatal = last_of_each(events.who, candidate, events.start)
    grade = np.where(fatal, 5, events.grade)
    end = np.where(fatal, death, events.end)
    known = np.where((end <= until) & ((end < death) | (grade == 5)), end, np.inf)
    return replace(events, end=known, grade=grade, serious=events.serious | fatal)


def last_of_each(who: Ints, candidate: Bools, *by: Floats | Ints) -> Bools:
    """The last candidate of each subject in the order of `by`, the first of them before the others.

    >>> last_of_each(np.array([1, 1, 2]), np.array([True, True, False]), np.array([5.0, 4.0, 1.0])).tolist()
    [True, False, False]
    """
    order = np.lexsort((*reversed(by), who, candidate))
    is_last = np.r_[who[order][1:] != who[order][:-1], True][: len(who)]
    marked = np.zeros(len(who), dtype=bool)
    marked[order] = candidate[order] & is_last
    return marked
