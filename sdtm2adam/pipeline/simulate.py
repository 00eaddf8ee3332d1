"""simulate: the raw exports of the simulated INO-VATE trial in a folder of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from sdtm2adam.errors import UsageError
from sdtm2adam.files.atomic import write_text
from sdtm2adam.simulate import FORMS, REFERENCE_SEED, Trial, export_trial, simulate_trial
from sdtm2adam.simulate.record import FILE, write_simulation
from sdtm2adam.simulate.snapshot import CONTRACTS, SNAPSHOT
from sdtm2adam.simulate.vendor_files import FILES

CSV_UP_TO = 5_000
"""Larger trials are written as Parquet: text would cost more than all else."""

_MARK = "SYNTHETIC.txt"


def simulate(
    folder: Path,
    *,
    subjects: int = 326,
    seed: int = REFERENCE_SEED,
    format: Literal["csv", "parquet", "odm"] | None = None,  # noqa: A002 - the word users know
    truth: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Trial, list[Path]]:
    """Simulates the trial and writes its raw exports; the trial and the files made.

    Args:
        folder: new, empty, or of an earlier simulation, whose files are replaced.
        subjects: how many are randomised.
        seed: of the simulation.
        format: of the files; by default CSV up to 5,000 subjects. `odm` puts some forms into one ODM-XML snapshot.
        truth: write what SDTM and ADaM should say beside the forms.
        progress: told what is being done.

    Raises:
        UsageError: the folder holds something else, or cannot be written to.
    """
    _check(folder)
    chosen = format or ("csv" if subjects <= CSV_UP_TO else "parquet")
    progress(f"simulating {subjects:,} subjects (synthetic, seed {seed})")
    trial = simulate_trial(subjects, seed)
    progress("writing forms")
    _clear(folder)
    return trial, [*export_trial(trial, folder, format=chosen, truth=truth), write_simulation(folder, subjects, seed)]


def _check(folder: Path) -> None:
    """Forms are named as those of real studies are: only an earlier simulation is written over."""
    if folder.exists() and any(folder.iterdir()) and not (folder / _MARK).is_file():
        what = "holds something else than an earlier simulation"
        raise UsageError(what, where=str(folder), mend="name an empty folder; nothing real is overwritten")


def _clear(folder: Path) -> None:
    """Marks the folder as synthetic and removes the forms of an earlier simulation.

    One that is stopped on the way then leaves forms missing, which a run tells, and never those of two simulations.
    """
    write_text(folder / _MARK, "SYNTHETIC DATA, being written\n")
    shutil.rmtree(folder / CONTRACTS, ignore_errors=True)
    for name in (
        FILE,
        SNAPSHOT,
        *FILES.values(),
        *(f"{form}.{suffix}" for form in FORMS for suffix in ("csv", "parquet")),
    ):
        (folder / name).unlink(missing_ok=True)
