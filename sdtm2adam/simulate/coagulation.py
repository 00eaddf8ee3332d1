"""Coagulation: clotting times that a VOD makes longer, fibrinogen, D-dimer with the blasts; and LB_COAG."""

import numpy as np
import pyarrow as pa

from sdtm2adam.simulate.panels import VOD, Samples, panel_form, usual
from sdtm2adam.simulate.streams import Columns
from sdtm2adam.simulate.visits import D1, END_OF_TREATMENT, SCREENING

_SECONDS_AT_1 = 12.3
"""The prothrombin time of an INR of 1; its power is 1 here, as for a thromboplastin of ISI 1."""


def clotting_samples(samples: Samples) -> Samples:
    """The samples that are tested: at screening, on day 1 of cycles, at the end of treatment and at a VOD."""
    at = samples.at
    return samples.where((at.slot == SCREENING) | (at.part == D1) | (at.slot == END_OF_TREATMENT) | (at.slot == VOD))


def draw_coagulation(tested: Samples) -> Columns:
    """The results of each sample in SI units, unrounded."""
    values = usual(tested, tested.noise("coagulation"))
    vod = tested.at.slot == VOD
    values["INR"] = np.maximum(values["INR"], 0.8) * np.where(vod, 1.45, 1.0)
    values["APTT"] = values["APTT"] * np.where(vod, 1.25, 1.0)
    values["PT"] = _SECONDS_AT_1 * values["INR"]
    values["FIBRINO"] = values["FIBRINO"] * np.where(vod, 0.75, 1.0)
    values["DDIMER"] = values["DDIMER"] * (1 + 0.02 * tested.marrow) * np.where(vod, 6.0, 1.0)
    return values


def coagulation(samples: Samples) -> pa.Table:
    """LB_COAG: wide, in the units of the site's laboratory."""
    tested = clotting_samples(samples)
    return panel_form(tested, "LB_COAG", "coagulation", draw_coagulation(tested), "Plasma")
