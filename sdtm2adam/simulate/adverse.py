"""The adverse event log: events as a site writes them down, and a row with No for subjects without any."""

from typing import Any

import numpy as np
import pyarrow as pa

from sdtm2adam.simulate.ending import left_for_event
from sdtm2adam.simulate.events import Events, catalogue, last_of_each
from sdtm2adam.simulate.rows import LOG, absolute, assemble
from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Bools, Ints
from sdtm2adam.simulate.text import Text, choose, dates, labels, numbers, yes_no


def adverse_events(cohort: Cohort, events: Events) -> pa.Table:
    """AE: one row per event; the gate answered No for treated subjects without any."""
    none = np.setdiff1d(np.flatnonzero(cohort.truth["treated"]), events.who)
    gates = assemble(cohort, "AE", none, cohort.truth["until"][none], LOG, {"AEYN": "No"})
    return pa.concat_tables([_event_rows(cohort, events), gates])


def _event_rows(cohort: Cohort, events: Events) -> pa.Table:
    names, who, draws = catalogue(), events.who, events.draws.T
    vod, fatal = events.term == len(names) - 1, events.grade == 5
    ongoing = ~np.isfinite(events.end)
    ino = cohort.truth["arm"][who] == 0
    related = labels(["Not related", "Related"], (draws[6] < 0.6) | vod)
    blank = pa.nulls(len(who), pa.string())
    outcome = np.select([fatal, ~ongoing, events.resolving], [2, 0, 1], 3)
    fields: dict[str, Any] = {
        "AEYN": "Yes",
        "AENO": numbers(events.number),
        "AETERM": labels([verbatim for _, verbatim, _ in names], events.term),
        "AESTDAT": dates(absolute(cohort, who, events.start)),
        "AEENDAT": dates(absolute(cohort, who, events.end)),
        "AEONGO": yes_no(ongoing),
        "GRADE": labels([f"Grade {grade}" for grade in range(6)], events.grade),
        "AESER": yes_no(events.serious),
        **_serious_criteria(events),
        "AERELINO": choose(ino, related, blank),
        "AERELSC": choose(~ino, related, blank),
        "AEACN": _action(cohort, events),
        "AEOUT": labels(["Resolved", "Resolving", "Fatal", "Not resolved"], outcome),
        "AEDLT": "No",
        "AESIVOD": yes_no(vod),
    }
    return assemble(cohort, "AE", who, events.start, LOG, fields)


def _serious_criteria(events: Events) -> dict[str, Text]:
    """Why an event is serious; asked of serious events only."""
    fatal, never = events.grade == 5, np.zeros(len(events.who), dtype=bool)
    answers: dict[str, Bools] = {"SDTH": fatal, "SLIFE": events.grade == 4, "SHOSP": ~fatal}
    answers |= dict.fromkeys(("SDISAB", "SCONG", "SMIE"), never)
    return {name: yes_no(answer, events.serious) for name, answer in answers.items()}


def _action(cohort: Cohort, events: Events) -> Text:
    """Severe events delay treatment; of who left for an event, the worst one ended it; later there is no action."""
    truth, who = cohort.truth, events.who
    on = events.start <= np.minimum(truth["eot_day"], truth["until"])[who]
    ended = last_of_each(who, on & left_for_event(cohort)[who], events.grade, events.start)
    severe, u = events.grade >= 3, events.draws[:, 2]
    action = np.select([ended, ~on, severe & (u < 0.18), severe & (u < 0.2)], [3, 4, 1, 2], 0)
    return labels(["None", "Dose delayed", "Dose reduced", "Drug withdrawn", "NA"], action)


def fatal_event(cohort: Cohort, events: Events) -> Ints:
    """AENO of the fatal event of each subject, 0 where there is none."""
    return _number_where(cohort, events, events.grade == 5)


def vod_event(cohort: Cohort, events: Events) -> Ints:
    """AENO of the VOD of each subject, 0 where there is none."""
    return _number_where(cohort, events, events.term == len(catalogue()) - 1)


def _number_where(cohort: Cohort, events: Events, which: Bools) -> Ints:
    numbers_ = np.zeros(len(cohort), dtype=np.int64)
    numbers_[events.who[which]] = events.number[which]
    return numbers_
