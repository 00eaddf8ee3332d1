"""Small random trials with all kinds of mess, each with its own choices where the study leaves one."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from messy_study import study_folder
from second_subject import Settings, settings_of

from sdtm2adam.build.study import Built, build
from sdtm2adam.pipeline.folder import data_folders, inputs_of
from sdtm2adam.simulate import KINDS, observe, plant, simulate_trial
from sdtm2adam.simulate.write import write_messy
from sdtm2adam.spec.library import read_specs

BUILT = ("ADSL", "ADRS", "ADTTE", "DM", "DS", "EX", "RS", "CM", "PR", "SS", "AE", "CP", "LB", "VS")
"""The datasets that are built: those compared, and what the second derivation reads."""

CHOICES: dict[str, list[str]] = {
    "VOD_DAYS": ["730", "180", "60"],
    "MRD_UNKNOWN": ["N", "Y"],
    "NOT_VALID": ["[NE]", "[NE, INDETERMINATE RESPONSE]"],
    "PFS_EVENTS": ["[RELAPSE, PD, DETER, NEWIND, HSCTNOCR, DEATH]", "[DEATH, HSCTNOCR, NEWIND, DETER, PD, RELAPSE]"],
    "PFSSTD_EVENTS": ["[RELAPSE, PD, DETER, DEATH]", "[DEATH]"],
    "DOR_EVENTS": ["[RELAPSE, PD, DETER, DEATH]", "[DEATH, RELAPSE]"],
}
"""Settings that are no fact: a trial draws one of the values."""


@dataclass(frozen=True)
class MessyTrial:
    """A trial drawn by its number: size, seeds and settings."""

    subjects: int
    seed: int
    mess_seed: int
    chosen: dict[str, str]

    @classmethod
    def draw(cls, number: int) -> "MessyTrial":
        """30 to 60 subjects, of whom the committee reads some."""
        rng = np.random.default_rng([20160308, number])
        size, seed, mess_seed = rng.integers((30, 1, 1), (61, 10**6, 10**6)).tolist()
        chosen = {name: values[rng.integers(len(values))] for name, values in CHOICES.items()}
        return cls(size, seed, mess_seed, chosen | {"FIRST_RANDOMIZED": str(rng.integers(1, size + 1))})

    def build(self, place: Path) -> tuple[Built, Settings]:
        """The datasets from the messy export, and the settings they were built by."""
        study = study_folder(place / "study")
        change_settings(study / "study.yaml", self.chosen)
        forms, _ = plant(observe(simulate_trial(self.subjects, self.seed)), KINDS, self.mess_seed)
        write_messy(forms, place / "raw")
        specs = read_specs(study)
        inputs = inputs_of(specs, data_folders(specs, {"raw": str(place / "raw")}))
        return build(specs, inputs, only=BUILT, threads=1), settings_of(study / "study.yaml")


def change_settings(study: Path, chosen: dict[str, str]) -> None:
    """Other values of settings in a study.yaml, each a line of its own."""
    text = study.read_text(encoding="utf-8")
    for name, value in chosen.items():
        text, count = re.subn(rf"(?m)^(  {name}: {{value: )(\[[^\]]*\]|[^,]*)", rf"\g<1>{value}", text)
        assert count == 1, name
    study.write_text(text, encoding="utf-8")


def frames_of(built: Built) -> Any:
    """The datasets of a build as frames, by name."""
    kept: dict[str, pd.DataFrame] = {}

    def read(name: str) -> pd.DataFrame:
        if name not in kept:
            kept[name] = built.datasets[name].frame.to_pandas()
        return kept[name]

    return read
