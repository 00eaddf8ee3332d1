"""Samples for the local laboratory, and the wide forms with a column, a unit and a not-done box for each test."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from sdtm2adam.simulate.blood import Counts, draw_time
from sdtm2adam.simulate.ending import seen
from sdtm2adam.simulate.laboratory import laboratory_of, printed, read_tests, site_styles
from sdtm2adam.simulate.rows import absolute, assemble
from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Bools, Columns, Floats, Ints, normal
from sdtm2adam.simulate.text import Text, choose, dates, labels, ticks, times
from sdtm2adam.simulate.visits import FOLDERS, SLOTS, UNSCHEDULED, Visits

VOD = SLOTS
"""The slot of the sample taken when a VOD is diagnosed, beyond those of the visits."""
_GRID = SLOTS + 1
_NOT_DONE = 0.004
_REASONS = ["Hemolyzed", "Insufficient sample", "Sample lost"]


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples of a cohort by subject and day, with the blasts in blood (10^9/L) and marrow (percent) of the day."""

    cohort: Cohort
    at: Visits
    blasts: Floats
    marrow: Floats

    def __len__(self) -> int:
        return len(self.at.who)

    def where(self, kept: Bools | Ints) -> "Samples":
        """Some of the samples."""
        return Samples(self.cohort, self.at.where(kept), self.blasts[kept], self.marrow[kept])

    def subject(self, name: str) -> Any:
        """A variable of the truth, at each sample."""
        return self.cohort.truth[name][self.at.who]

    def uniform(self, stage: str, draws: int = 1) -> Floats:
        """Uniform numbers of a stage that belong to the sample: draws x samples."""
        grid = self.cohort.uniform(stage, draws * _GRID).reshape(len(self.cohort), _GRID, draws)
        return np.asarray(grid[self.at.who, self.at.slot].T, dtype=np.float64)

    def noise(self, panel: str) -> dict[str, tuple[Floats, Floats]]:
        """Two standard normal numbers for each test of a panel: that of the subject, that of the sample."""
        tests = list(read_tests(panel))
        own = normal(self.cohort.uniform(f"{panel} by subject", len(tests)))[self.at.who].T
        return dict(zip(tests, zip(own, normal(self.uniform(panel, len(tests))), strict=True), strict=True))


def take_samples(cohort: Cohort, counts: Counts) -> Samples:
    """A sample with each blood count, and one on the day a VOD is diagnosed if there is none on that day."""
    at, blasts, marrow = counts.visits, counts.values["BLAST"], np.nan_to_num(counts.values["MARROW"], nan=0.0)
    if "vod_day" not in cohort.truth:  # screen failures
        return Samples(cohort, at, blasts, marrow)
    day = cohort.truth["vod_day"]
    there = np.zeros(len(cohort), dtype=bool)
    there[at.who[at.day == day[at.who]]] = True
    extra = np.flatnonzero(seen(cohort, "vod_day") & ~there)
    who, when, none = np.r_[at.who, extra], np.r_[at.day, day[extra]], np.zeros(len(extra))
    order = np.lexsort((when, who))
    all_ = Visits(who[order], np.r_[at.slot, np.full(len(extra), VOD)][order], when[order])
    return Samples(cohort, all_, np.r_[blasts, none][order], np.r_[marrow, none][order])


def usual(samples: Samples, noise: dict[str, tuple[Floats, Floats]]) -> Columns:
    """Levels before treatment moves them, of the tests of a panel that have a law of their own."""
    values: Columns = {}
    for test, (own, now) in noise.items():
        if test in read_tests("levels"):
            law = read_tests("levels")[test]
            level = np.where(samples.subject("male"), *map(float, law["level"]))
            values[test] = level * np.exp(law["spread"][0] * own + law["spread"][1] * now)
        elif test in read_tests("narrow"):
            middle, between, within = read_tests("narrow")[test]
            values[test] = middle + between * own + within * now
    return values


def draw_missing(samples: Samples, panel: str) -> dict[str, Bools]:
    """Which tests of which samples the laboratory did not do."""
    tests = list(read_tests(panel))
    return dict(zip(tests, samples.uniform(f"{panel} not done", len(tests)) < _NOT_DONE, strict=True))


def panel_form(samples: Samples, form: str, panel: str, values: Columns, specimen: str) -> pa.Table:
    """A wide form: sample, laboratory, and each result and its unit as printed, or its not-done box."""
    cohort, at = samples.cohort, samples.at
    style, missing = site_styles()[cohort.site[at.who]], draw_missing(samples, panel)
    fields: dict[str, Text | str] = sample_fields(samples) | {"SPECTM": specimen}
    blank = pa.nulls(len(samples), pa.string())
    for test, law in read_tests(panel).items():
        text, unit = printed(law, values[test], style)
        gone = missing[test]
        fields |= {test: choose(gone, blank, text), f"{test}_U": choose(gone, blank, unit), f"{test}_ND": ticks(gone)}
    reason = (samples.uniform(f"{panel} reason")[0] * len(_REASONS)).astype(np.int64)
    fields["LBNDR"] = labels(_REASONS, reason, np.any(list(missing.values()), axis=0))
    return assemble(cohort, form, at.who, at.day, folders(at), fields)


def sample_fields(samples: Samples) -> dict[str, Text | str]:
    """Date, time and laboratory of samples."""
    cohort, at = samples.cohort, samples.at
    return {
        "LBDAT": dates(absolute(cohort, at.who, at.day)),
        "LBTIM": times(draw_time(cohort, at)),
        "LABID": laboratory_of(cohort, at.who),
    }


def folders(at: Visits) -> Text:
    """The labels of the visits of samples; one taken for a VOD is unscheduled."""
    return labels(list(FOLDERS), np.where(at.slot == VOD, UNSCHEDULED, at.slot))
