"""Hepatitis serology at screening, pregnancy tests of women who can bear children; and LB_SERO."""

import numpy as np
import pyarrow as pa

from sdtm2adam.simulate.entry import can_bear_children
from sdtm2adam.simulate.panels import Samples, folders, sample_fields
from sdtm2adam.simulate.rows import assemble
from sdtm2adam.simulate.text import labels
from sdtm2adam.simulate.visits import D1, SCREENING

_CORE_ANTIBODY = 0.05  # [P]; surface antigen and hepatitis C exclude from the trial


def serology(samples: Samples) -> pa.Table:
    """LB_SERO: hepatitis at screening; pregnancy at screening and on day 1 of each cycle, of whom it can concern."""
    screening = samples.at.slot == SCREENING
    fertile = can_bear_children(samples.cohort)[samples.at.who]
    tested = samples.where(screening | (fertile & (samples.at.part == D1)))
    first = tested.at.slot == SCREENING
    core = tested.uniform("hepatitis B core antibody")[0] < _CORE_ANTIBODY
    nobody = np.zeros(len(tested))
    fields = sample_fields(tested) | {
        "HBSAG": labels(["Negative"], nobody, first),
        "HBCAB": labels(["Negative", "Positive"], core, first),
        "HCAB": labels(["Negative"], nobody, first),
        "PREG": labels(["Negative"], nobody, can_bear_children(tested.cohort)[tested.at.who]),
    }
    return assemble(tested.cohort, "LB_SERO", tested.at.who, tested.at.day, folders(tested.at), fields)
