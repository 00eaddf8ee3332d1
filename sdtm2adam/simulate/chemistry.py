"""Clinical chemistry: tests that rise with treatment and recover, LDH with the blasts, electrolytes; and LB_CHEM."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from scipy.special import ndtri

from sdtm2adam.simulate import liver
from sdtm2adam.simulate.events import Events
from sdtm2adam.simulate.laboratory import read_tests
from sdtm2adam.simulate.panels import VOD, Samples, panel_form, usual
from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Columns, Floats
from sdtm2adam.simulate.visits import D1, D8, D15, END_OF_TREATMENT

_Noise = dict[str, tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Chemistry:
    """Results in SI units at each sample, unrounded."""

    samples: Samples
    values: Columns


def draw_chemistry(samples: Samples, events: Events | None) -> Chemistry:
    """The results of each sample; `events` are None of screen failures."""
    noise = samples.noise("chemistry")
    values = usual(samples, noise)
    _load(samples, values)
    worst, phase = _worst(samples.cohort, events), _phase(samples)
    for test, highest in worst.items():
        top = np.maximum(highest[samples.at.who], values[test])
        values[test] = values[test] * (top / values[test]) ** phase
    if events is None:
        liver.follow_exclusion(samples, values)
    else:
        liver.follow_events(samples, events, values)
        liver.follow_vod(samples, values)
    _derive(samples, noise, values)
    return Chemistry(samples, values)


def _load(samples: Samples, values: Columns) -> None:
    """LDH and urate with the mass of blasts, creatinine with age, glucose with premedication."""
    at = samples.at
    values["LDH"] = values["LDH"] * (170 + 3.2 * samples.marrow + 60 * np.sqrt(samples.blasts))
    values["URATE"] = values["URATE"] * (1 + 0.002 * samples.marrow)
    values["CREAT"] = values["CREAT"] * (1 + 0.004 * (samples.subject("age") - 47))
    values["GLUC"] = values["GLUC"] * np.where((at.part == D1) | (at.part == D8), 1.15, 1.0)


def _worst(cohort: Cohort, events: Events | None) -> Columns:
    """The highest value on treatment: lognormal through two published shares of subjects."""
    laws = read_tests("worst")
    u = cohort.uniform("worst chemistry", len(laws)).T
    arm = np.maximum(cohort.truth["arm"], 0)
    worst: Columns = {}
    for number, (test, law) in enumerate(laws.items()):
        low, high = np.log(law["limits"])
        z = ndtri(1 - np.array(law["shares"]) / 100)
        spread = (high - low) / (z[:, 1] - z[:, 0])
        rank = liver.rank_by_events(cohort, events, test, u[number]) if events is not None else u[number]
        worst[test] = np.exp((low - spread * z[:, 0])[arm] + spread[arm] * ndtri(rank))
    return worst


def _phase(samples: Samples) -> Floats:
    """How far from usual to worst: not before treatment, wholly on day 15 of cycle 1, less far with recovery."""
    at = samples.at
    recovery = samples.uniform("chemistry recovery")[0] * np.where(samples.subject("responder"), 0.6, 1.0)
    first = at.cycle == 1
    before = (at.day < 1) | ((at.part == D1) & first)
    known = [before, (at.part == D8) & first, (at.part == D15) & first, at.part == D15]
    calm = np.where(at.slot >= END_OF_TREATMENT, 0.15, 0.3) * recovery
    return np.asarray(np.select(known, [0.0, 0.5, 1.0, 0.45], calm))


def _derive(samples: Samples, noise: _Noise, values: Columns) -> None:
    """Direct bilirubin and urea nitrogen from their whole, albumin lower in illness, protein and calcium with it."""
    at = samples.at
    ill = 2.5 * ((at.part == D8) | (at.part == D15)) + 6.0 * (at.slot == VOD)
    own, now = noise["ALB"]
    values["ALB"] = np.clip(39.5 + 3.0 * own + 1.5 * now - ill, 18, 52)
    own, now = noise["PROT"]
    values["PROT"] = values["ALB"] + np.clip(28 + 2.5 * own + now, 18, 40)
    own, now = noise["CA"]
    values["CA"] = 2.36 + 0.018 * (values["ALB"] - 40) + 0.05 * own + 0.03 * now
    conjugated = 0.22 + 0.4 * np.clip((values["BILI"] - 20) / 80, 0, 1)
    values["BILDIR"] = values["BILI"] * np.clip(conjugated * np.exp(0.1 * noise["BILDIR"][1]), 0.1, 0.9)
    own, now = noise["UREA"]
    values["UREA"] = 5.0 * (values["CREAT"] / 72) ** 0.8 * np.exp(0.16 * own + 0.1 * now)


def chemistry(drawn: Chemistry) -> pa.Table:
    """LB_CHEM: wide, in the units of the site's laboratory."""
    return panel_form(drawn.samples, "LB_CHEM", "chemistry", drawn.values, "Serum")
