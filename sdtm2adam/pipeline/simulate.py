"""simulate: the raw exports of the simulated INO-VATE trial in a folder of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sdtm2adam.errors import UsageError
from sdtm2adam.files.atomic import write_text
from sdtm2adam.simulate import (
    FORMS,
    REFERENCE_SEED,
    Kind,
    Trial,
    changes,
    export_trial,
    first_transfer,
    observe,
    plant,
    simulate_trial,
    write_log,
    write_messy,
    write_truth,
)
from sdtm2adam.simulate.mess.drift import NAME as DRIFT
from sdtm2adam.simulate.mess.drift import drift
from sdtm2adam.simulate.mess.scene import Forms
from sdtm2adam.simulate.record import FILE, Mess, write_simulation
from sdtm2adam.simulate.snapshot import CONTRACTS, SNAPSHOT
from sdtm2adam.simulate.transfer import log_of
from sdtm2adam.simulate.vendor_files import FILES

CSV_UP_TO = 5_000
"""Larger trials are written as Parquet: text would cost more than all else."""

MESS_TRUTH, CHANGES_TRUTH = "mess_truth.csv", "changes_truth.csv"
TRUTH = "truth"
"""The folder of what was planted and of what SDTM and ADaM should say: no raw data lie there."""
TRANSFERS = {1: "transfer_1", 2: "transfer_2"}
"""The folders of the two transfers, where both are written."""

Format = Literal["csv", "parquet", "odm"]
Transfer = Literal["1", "2", "both"]
_MARK = "SYNTHETIC.txt"


@dataclass(frozen=True)
class Asked:
    """What errors and which transfers are asked for; without a transfer there is one export, that of the last cut."""

    kinds: tuple[Kind, ...] = ()
    mess_seed: int = 0
    transfer: Transfer | None = None

    @property
    def plain(self) -> bool:
        """Neither errors nor transfers: the clean export."""
        return not self.kinds and self.transfer is None

    @property
    def mess(self) -> Mess:
        """As simulation.json says it."""
        return Mess(tuple(kind.name for kind in self.kinds), self.mess_seed)


def simulate(
    folder: Path,
    *,
    subjects: int = 326,
    seed: int = REFERENCE_SEED,
    format: Format | None = None,  # noqa: A002 - the word users know
    truth: bool = False,
    asked: Asked | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[Trial, list[Path]]:
    """Simulates the trial and writes its raw exports; the trial and the files made.

    Args:
        folder: new, empty, or of an earlier simulation, whose files are replaced.
        subjects: how many are randomised.
        seed: of the simulation.
        format: of the files; by default CSV up to 5,000 subjects. `odm` puts some forms into one ODM-XML snapshot.
        truth: write what SDTM and ADaM should say beside the forms.
        asked: the errors and transfers; by default the clean export of the last cut.
        progress: told what is being done.

    Raises:
        UsageError: the folder holds something else, or cannot be written to; the truth is asked of the first transfer.
    """
    asked = asked or Asked()
    if truth and asked.transfer == "1":
        mend = "ask for transfer 2, or for both"
        raise UsageError("the truth is that of the last cut, not of transfer 1", where="--truth", mend=mend)
    _check(folder)
    chosen: Format = format or ("csv" if subjects <= CSV_UP_TO else "parquet")
    progress(f"simulating {subjects:,} subjects (synthetic, seed {seed})")
    trial = simulate_trial(subjects, seed)
    progress("writing forms")
    _clear(folder)
    if asked.plain:
        written = export_trial(trial, folder, format=chosen, truth=truth)
        return trial, [*written, write_simulation(folder, subjects, seed)]
    return trial, _Writing(trial, chosen, truth, asked).write(folder)


@dataclass(frozen=True)
class _Writing:
    """Exports with errors, or of two transfers: the forms are held whole, for errors look across subjects."""

    trial: Trial
    format: Format
    truth: bool
    asked: Asked

    def write(self, folder: Path) -> list[Path]:
        forms, log = plant(observe(self.trial), self.asked.kinds, self.asked.mess_seed)
        first, lines = None, log.table()
        if self.asked.transfer in ("1", "both"):
            first = first_transfer(forms, self.asked.mess_seed)
        if self.asked.transfer == "1" and first is not None:
            return self._one(folder, first, log_of(first, lines), 1)
        if self.asked.transfer is not None and any(kind.name == DRIFT for kind in self.asked.kinds):
            forms = drift(forms, log)
            lines = log.table()
        if first is None:
            return self._one(folder, forms, lines, 2 if self.asked.transfer else 0)
        return [
            *self._one(folder / TRANSFERS[1], first, log_of(first, lines), 1),
            *self._one(folder / TRANSFERS[2], forms, lines, 2),
            write_log(changes(first, forms), folder / CHANGES_TRUTH),
        ]

    def _one(self, folder: Path, forms: Forms, lines: object, transfer: int) -> list[Path]:
        written = write_messy(forms, folder, self.format)
        if self.asked.kinds:
            (folder / TRUTH).mkdir(exist_ok=True)
            written.append(write_log(lines, folder / TRUTH / MESS_TRUTH))
        if self.truth and transfer != 1:
            written += write_truth(self.trial, folder / TRUTH)
        record = write_simulation(folder, self.trial.subjects, self.trial.seed, self.asked.mess, transfer)
        return [*written, record]


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
    forms = [f"{form}.{suffix}" for form in FORMS for suffix in ("csv", "parquet")]
    for place in (folder, *(folder / name for name in TRANSFERS.values())):
        shutil.rmtree(place / CONTRACTS, ignore_errors=True)
        for name in (FILE, SNAPSHOT, CHANGES_TRUTH, f"{TRUTH}/{MESS_TRUTH}", *FILES.values(), *forms):
            (place / name).unlink(missing_ok=True)
