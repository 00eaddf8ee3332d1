"""What a simulated export says of itself: the seed and the size it was made with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from sdtm2adam.files.atomic import write_text
from sdtm2adam.simulate.truth import STUDYID

FILE = "simulation.json"


@dataclass(frozen=True, slots=True)
class Mess:
    """Which kinds of errors were planted, by name, and with which seed."""

    kinds: tuple[str, ...]
    seed: int


def write_simulation(folder: Path, subjects: int, seed: int, mess: Mess | None = None, transfer: int = 0) -> Path:
    """Writes simulation.json beside the raw data; run.json repeats it."""
    said: dict[str, object] = {
        "synthetic": True,
        "study": STUDYID,
        "seed": seed,
        "randomised": subjects,
        "mess": ", ".join(mess.kinds) if mess and mess.kinds else "none",
        **({"mess_seed": mess.seed} if mess and mess.kinds else {}),
        **({"transfer": transfer} if transfer else {}),
        "sdtm2adam": version("sdtm2adam"),
    }
    path = folder / FILE
    write_text(path, json.dumps(said, indent=2) + "\n")
    return path
