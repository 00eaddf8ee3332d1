"""What a simulated export says of itself: the seed and the size it was made with."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

from sdtm2adam.files.atomic import write_text
from sdtm2adam.simulate.truth import STUDYID

FILE = "simulation.json"


def write_simulation(folder: Path, subjects: int, seed: int) -> Path:
    """Writes simulation.json beside the raw data; run.json repeats it."""
    said = {
        "synthetic": True,
        "study": STUDYID,
        "seed": seed,
        "randomised": subjects,
        "mess": "none",
        "sdtm2adam": version("sdtm2adam"),
    }
    path = folder / FILE
    write_text(path, json.dumps(said, indent=2) + "\n")
    return path
