"""demo: the INO-VATE trial simulated into a study folder, and the folder brought all the way to Word."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sdtm2adam.errors import UsageError
from sdtm2adam.pipeline.run import RunResult, run
from sdtm2adam.resources import shelf
from sdtm2adam.simulate import REFERENCE_SEED, STUDYID, export_trial, headline, simulate_trial
from sdtm2adam.simulate.record import write_simulation
from sdtm2adam.spec.yaml import load

CSV_UP_TO = 5_000
"""Larger trials are written as Parquet: text would cost more than all else."""


@dataclass(frozen=True)
class Demo:
    """What a demo made: the run, and the simulated trial beside the published one."""

    result: RunResult
    comparison: pd.DataFrame


def demo(
    folder: Path,
    *,
    subjects: int = 326,
    seed: int = REFERENCE_SEED,
    progress: Callable[[str], None] = lambda _: None,
) -> Demo:
    """Makes the study folder of the simulated trial and runs it.

    Args:
        folder: the study folder to make; one made by an earlier demo is made anew.
        subjects: how many are randomised.
        seed: of the simulation.
        progress: told what is being done.

    Raises:
        UsageError: the folder holds something else.
    """
    _prepare(folder)
    progress(f"simulating {subjects:,} subjects (synthetic, seed {seed})")
    trial = simulate_trial(subjects, seed)
    export_trial(trial, folder / "raw", format="csv" if subjects <= CSV_UP_TO else "parquet")
    write_simulation(folder / "raw", subjects, seed)
    return Demo(run(folder, progress=progress), headline(trial))


def _prepare(folder: Path) -> None:
    """Copies study.yaml and specs of the bundled study; raw data of an earlier demo go."""
    declared = folder / "study.yaml"
    if folder.exists() and any(folder.iterdir()) and not _is_demo(declared):
        raise UsageError(
            "holds something else than an earlier demo", where=str(folder), mend="name an empty folder with --out"
        )
    source = shelf("specs") / "inovate"
    for old in (folder / "specs", folder / "raw"):
        shutil.rmtree(old, ignore_errors=True)
    shutil.copytree(source, folder / "specs", ignore=shutil.ignore_patterns("study.yaml"))
    shutil.copyfile(source / "study.yaml", declared)


def _is_demo(declared: Path) -> bool:
    return declared.is_file() and str((load(declared) or {}).get("study")) == STUDYID
