"""The truth of a trial: what happened to each subject, before any form is filled in."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from sdtm2adam.errors import UsageError
from sdtm2adam.simulate import baseline, course
from sdtm2adam.simulate.streams import Columns, Streams

STUDYID = "INO-SIM-1022"
REFERENCE_SEED = 321187
"""The seed nearest to the published trial: the best of seeds 1 to 800,000 (loss 10.68 over 32 numbers, `search.py`).

A change of the truth's laws, stages or layout moves it; then `python -m sdtm2adam.simulate.search` finds a new one.
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """A simulated trial: its seed and the truth, one array per variable over the randomised subjects."""

    seed: int
    truth: Columns = field(repr=False)

    @property
    def subjects(self) -> int:
        """The number of randomised subjects."""
        return len(self.truth["arm"])

    @property
    def streams(self) -> Streams:
        """The random streams of the trial."""
        return Streams(self.seed)

    @property
    def frame(self) -> pd.DataFrame:
        """The truth as a frame: one row per subject; variables with a value per cycle are spread with a number."""
        flat: Columns = {}
        for name, values in self.truth.items():
            wide = (
                {f"{name}_{k + 1}": values[:, k] for k in range(values.shape[1])}
                if values.ndim == 2
                else {name: values}
            )
            flat |= wide
        return pd.DataFrame(flat)


def draw_entry(streams: Streams, subjects: int) -> Columns:
    """Baseline and allocation: enough to know how many subjects are in each arm."""
    subject = baseline.draw_baseline(streams, subjects)
    return subject | baseline.draw_allocation(streams, subject)


def draw_truth(streams: Streams, subject: Columns) -> Columns:
    """The rest of the truth, each stage from what is before it."""
    subject = subject | baseline.draw_calendar(streams, len(subject["age"]))
    subject |= baseline.draw_untreated(streams, subject)
    subject |= baseline.draw_cd22(streams, subject)
    subject |= course.draw_response(streams, subject)
    subject |= course.draw_remission(streams, subject)
    subject |= course.draw_failure(streams, subject)
    subject |= course.draw_transplant(streams, subject)
    subject |= course.settle_death(subject)
    subject |= course.draw_exposure(streams, subject)
    subject |= course.draw_early_vod(streams, subject)
    subject |= course.draw_lost(streams, subject)
    return subject | course.settle_events(subject)


def simulate_trial(subjects: int = 326, seed: int = REFERENCE_SEED) -> Trial:
    """Simulate the truth of a trial of `subjects` randomised subjects.

    Each subject's course is a chain of causes: disease and CD22 at baseline, arm, response, MRD, relapse, transplant,
    VOD and death. The first subjects of a larger trial are the subjects of a smaller one with the same seed.

    Args:
        subjects: how many are randomised; screen failures come on top when the trial is observed.
        seed: names the draw; the reference seed resembles the published trial.

    Raises:
        UsageError: fewer than one subject, or a seed that is not a whole number from 0 to 2**63 - 1.
    """
    if subjects < 1 or not 0 <= seed < 2**63:
        raise UsageError(
            f"a trial of {subjects} subjects with seed {seed} cannot be drawn",
            where="simulate_trial",
            mend="ask for at least one subject and a seed from 0 to 2**63 - 1",
        )
    streams = Streams(seed)
    subject = draw_truth(streams, draw_entry(streams, subjects))
    return Trial(seed, subject | baseline.draw_features(streams, subject))


def count_arms(subject: Columns) -> tuple[int, int]:
    """Subjects on inotuzumab ozogamicin, and on standard of care."""
    return int(np.sum(subject["arm"] == 0)), int(np.sum(subject["arm"] == 1))
