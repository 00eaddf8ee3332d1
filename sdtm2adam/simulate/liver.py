"""What moves liver tests beyond treatment: adverse events, VOD, and a bilirubin too high to enter the trial."""

import numpy as np

from sdtm2adam.simulate.ending import highest_bilirubin, seen
from sdtm2adam.simulate.entry import criterion_not_met
from sdtm2adam.simulate.events import Events, catalogue
from sdtm2adam.simulate.laboratory import read_tests
from sdtm2adam.simulate.panels import Samples
from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Columns, Floats, Ints
from sdtm2adam.simulate.terms import read_terms
from sdtm2adam.simulate.visits import Visits

_EVENT_DAYS = 60
_VOD_DAYS, _VOD_HALF_LIFE = 42, 10
_WITH_VOD = {"AST": 5.0, "ALT": 4.0, "GGT": 3.0, "ALP": 1.5, "LDH": 1.2, "CREAT": 0.3}
_HIGHEST_LIMIT = 1.06
"""No laboratory's upper limit is higher than this share of the usual one."""
_BILIRUBIN = "E11"


def rank_by_events(cohort: Cohort, events: Events, test: str, u: Floats) -> Floats:
    """Where the highest value of each subject stands among all: with an adverse event of the test above the others.

    The share of subjects with the event is that of the law of events, so the ranks stay uniform.
    """
    names = [name for name, tests in read_tests("events").items() if test in tests]
    if not names:
        return u
    terms = [name for name, _, _ in catalogue()]
    has = np.zeros(len(cohort), dtype=bool)
    has[events.who[np.isin(events.term, [terms.index(name) for name in names])]] = True
    share = np.array([_share(names, arm) for arm in (0, 1)])[np.maximum(cohort.truth["arm"], 0)]
    return np.asarray(np.where(has, 1 - share * (1 - u), u * (1 - share)))


def _share(names: list[str], arm: int) -> float:
    """The share of subjects of an arm with an adverse event of these terms."""
    found = 0.0
    for group in read_terms()["adverse_events"]:
        weights = {name: weight for name, _, weight in group["terms"]}
        found += group["rates"][2 * arm] / 100 * sum(weights.get(n, 0) for n in names) / sum(weights.values())
    return found


def follow_events(samples: Samples, events: Events, values: Columns) -> None:
    """While an adverse event of the liver lasts its test is at least as high as its grade says."""
    names = [name for name, _, _ in catalogue()]
    limits, panel = read_tests("grade_limits"), read_tests("chemistry")
    u = samples.uniform("liver events", len(limits))
    for term, tests in read_tests("events").items():
        row, event = _during(samples.at, events, names.index(term))
        grade = np.minimum(events.grade[event], 4) - 1
        for test in tests:
            upper = panel[test]["men"][1] * _HIGHEST_LIMIT * np.array(limits[test])[grade]
            np.maximum.at(values[test], row, upper * (1.02 + 0.3 * u[list(limits).index(test)][row]))


def _during(at: Visits, events: Events, term: int) -> tuple[Ints, Ints]:
    """Pairs of a sample and an event of a term that lasted when the sample was taken."""
    chosen = np.flatnonzero(events.term == term)
    begin = np.searchsorted(at.who, events.who[chosen], "left")
    count = np.searchsorted(at.who, events.who[chosen], "right") - begin
    row = np.repeat(begin - (np.cumsum(count) - count), count) + np.arange(count.sum())
    event = np.repeat(chosen, count)
    end = np.minimum(events.end, events.start + _EVENT_DAYS)[event]
    lasts = (at.day[row] >= events.start[event]) & (at.day[row] <= end)
    return row[lasts], event[lasts]


def follow_vod(samples: Samples, values: Columns) -> None:
    """Bilirubin is highest when a VOD is diagnosed, as its form says, and falls by half in ten days; enzymes follow."""
    cohort, at = samples.cohort, samples.at
    had = seen(cohort, "vod_day")[at.who]
    since = at.day - np.where(had, samples.subject("vod_day"), 0)
    ill = had & (since >= 0) & (since <= _VOD_DAYS)
    left = np.where(ill, 0.5 ** (np.clip(since, 0, _VOD_DAYS) / _VOD_HALF_LIFE), 0.0)
    peak = highest_bilirubin(cohort)[at.who]
    values["BILI"] = np.where(ill, np.maximum(peak * left, 9.0), values["BILI"])
    for test, higher in _WITH_VOD.items():
        values[test] = values[test] * (1 + higher * left)


def follow_exclusion(samples: Samples, values: Columns) -> None:
    """Who failed screening for bilirubin has one above 1.5 times the upper limit."""
    excluded = (criterion_not_met(samples.cohort) == _BILIRUBIN)[samples.at.who]
    upper = 1.5 * _HIGHEST_LIMIT * read_tests("chemistry")["BILI"]["men"][1]
    high = upper * (1.03 + 0.9 * samples.uniform("excluded bilirubin")[0])
    values["BILI"] = np.where(excluded, high, values["BILI"])
