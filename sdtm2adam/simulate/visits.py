"""The visits of each subject: a grid of planned visits, and the rows of those that took place."""

from dataclasses import dataclass

import numpy as np

from sdtm2adam.simulate.course import MOST_CYCLES
from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Bools, Floats, Ints, whole
from sdtm2adam.simulate.text import Text, labels

FOLLOW_UPS = 9
_FOLLOW_UP_DAYS, _STATUS_DAYS = 84, 730
_IN_CYCLE = ("D1", "D8", "D15", " Disease Assessment")

FOLDERS: tuple[str, ...] = (
    "Screening",
    "Randomization",
    *(f"C{cycle}{part}" for cycle in range(1, MOST_CYCLES + 1) for part in _IN_CYCLE),
    "End of Treatment",
    *(f"Follow-up {number}" for number in range(1, FOLLOW_UPS + 1)),
    "Unscheduled",
)
SLOTS = len(FOLDERS)
SCREENING, RANDOMISATION, FIRST_CYCLE = 0, 1, 2
END_OF_TREATMENT = FIRST_CYCLE + 4 * MOST_CYCLES
FIRST_FOLLOW_UP = END_OF_TREATMENT + 1
UNSCHEDULED = SLOTS - 1
D1, D8, D15, ASSESSMENT = range(4)


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits that took place, sorted by subject and day: the subject's place in the cohort, the slot and the day."""

    who: Ints
    slot: Ints
    day: Floats

    @property
    def folder(self) -> Text:
        """The label of the visit."""
        return labels(list(FOLDERS), self.slot)

    @property
    def cycle(self) -> Ints:
        """The cycle, from 1; 0 outside the cycles."""
        inside = (self.slot >= FIRST_CYCLE) & (self.slot < END_OF_TREATMENT)
        return np.where(inside, (self.slot - FIRST_CYCLE) // 4 + 1, 0)

    @property
    def part(self) -> Ints:
        """The part of the cycle: D1, D8, D15 or ASSESSMENT; -1 outside the cycles."""
        return np.where(self.cycle > 0, (self.slot - FIRST_CYCLE) % 4, -1)

    def measured(self) -> "Visits":
        """One visit a day for measurements: the disease assessment, else the end of treatment, else the first."""
        assessed = (self.part == ASSESSMENT) | (self.slot == UNSCHEDULED)
        rank = np.select([assessed, self.slot == END_OF_TREATMENT], [0, 1], 2)
        order = np.lexsort((self.slot, rank, self.day, self.who))
        who, day = self.who[order], self.day[order]
        first = np.r_[True, (who[1:] != who[:-1]) | (day[1:] != day[:-1])][: len(who)]
        return self.where(np.sort(order[first]))

    def where(self, kept: Bools | Ints) -> "Visits":
        """Some of the visits."""
        return Visits(self.who[kept], self.slot[kept], self.day[kept])

    def among(self, grid: np.ndarray) -> np.ndarray:
        """The values of a grid (subjects x slots) at the visits."""
        return np.asarray(grid[self.who, self.slot])


def plan_visits(cohort: Cohort) -> Visits:
    """The visits of randomised subjects: none after death, loss or the cut-off; assessments stop at the PFS event."""
    truth = cohort.truth
    n = len(cohort)
    grid = np.full((n, SLOTS), np.inf)
    jitter = whole(cohort.uniform("visits", 2 + 2 * MOST_CYCLES), -1, 1)
    grid[:, SCREENING] = np.minimum(truth["consent_day"] + 2, -1)
    grid[:, RANDOMISATION] = 0
    began = np.arange(MOST_CYCLES) < truth["cycles"][:, None]
    starts = np.where(began, truth["cycle_days"], np.inf)
    leaves = np.minimum(truth["eot_day"], truth["pfs_event_day"] - 1)[:, None]
    eighth = starts + 7 + jitter[:, :MOST_CYCLES]
    fifteenth = np.minimum(starts + 14 + jitter[:, MOST_CYCLES : 2 * MOST_CYCLES], truth["assessment_days"] - 1)
    fifteenth = np.where(began, fifteenth, np.inf)
    grid[:, FIRST_CYCLE + D1 : END_OF_TREATMENT : 4] = starts
    grid[:, FIRST_CYCLE + D8 : END_OF_TREATMENT : 4] = np.where(eighth <= leaves, eighth, np.inf)
    grid[:, FIRST_CYCLE + D15 : END_OF_TREATMENT : 4] = np.where(fifteenth <= leaves, fifteenth, np.inf)
    grid[:, FIRST_CYCLE + ASSESSMENT : END_OF_TREATMENT : 4] = np.where(
        truth["assessed_in"], truth["assessment_days"], np.inf
    )
    grid[:, END_OF_TREATMENT] = np.where(truth["treated"], truth["eot_day"], np.inf)
    follow_up = truth["eot_day"][:, None] + _FOLLOW_UP_DAYS * np.arange(1, FOLLOW_UPS + 1)
    seen = (follow_up <= _STATUS_DAYS) & (follow_up < truth["pfs_event_day"][:, None]) & truth["treated"][:, None]
    grid[:, FIRST_FOLLOW_UP:UNSCHEDULED] = np.where(seen, follow_up, np.inf)
    grid[:, UNSCHEDULED] = documented_progression_day(cohort)
    grid = np.where(grid <= truth["until"][:, None], grid, np.inf)
    return _rows(grid)


def plan_missed(cohort: Cohort, made: Visits) -> Visits:
    """Days 8 and 15 of begun InO cycles that fell due after the subject had left treatment: visits not made."""
    truth = cohort.truth
    due = np.full((len(cohort), SLOTS), np.inf)
    began = (np.arange(MOST_CYCLES) < truth["cycles"][:, None]) & (truth["arm"] == 0)[:, None]
    for part, after in ((D8, 7), (D15, 14)):
        due[:, FIRST_CYCLE + part : END_OF_TREATMENT : 4] = np.where(began, truth["cycle_days"] + after, np.inf)
    due[made.who, made.slot] = np.inf
    return _rows(np.where(due < truth["until"][:, None], due, np.inf))


def documented_progression_day(cohort: Cohort) -> Floats:
    """The day on which relapse, or progression without new therapy, is assessed."""
    truth = cohort.truth
    progressed = np.where(truth["new_therapy_is_failure"], np.inf, truth["failure_day"])
    return np.asarray(np.minimum(progressed, truth["remission_end_day"]))


def plan_screening(cohort: Cohort) -> Visits:
    """The only visit of screen failures."""
    who = np.arange(len(cohort))
    day = np.minimum(cohort.truth["consent_day"] + 2, -1)
    return Visits(who, np.zeros(len(cohort), dtype=np.int64), day)


def _rows(grid: Floats) -> Visits:
    who, slot = np.nonzero(np.isfinite(grid))
    day = grid[who, slot]
    order = np.lexsort((slot, day, who))
    return Visits(who[order], slot[order], day[order])
