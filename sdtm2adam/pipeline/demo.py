"""demo: the INO-VATE trial simulated into a study folder, and the folder brought all the way to Word."""

from __future__ import annotations

import filecmp
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sdtm2adam.errors import UsageError
from sdtm2adam.files.lock import lock_folder
from sdtm2adam.pipeline.run import RunResult, run
from sdtm2adam.pipeline.simulate import simulate
from sdtm2adam.resources import shelf
from sdtm2adam.simulate import REFERENCE_SEED, STUDYID, headline
from sdtm2adam.spec.yaml import load

_BESIDE = "validation"
"""The study's own checks, which lie beside its specs in a study folder; what others add there stays."""


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
    """Makes the study folder of the simulated trial and runs it, with all checks.

    Args:
        folder: the study folder to make; one made by an earlier demo is made anew.
        subjects: how many are randomised.
        seed: of the simulation.
        progress: told what is being done.

    Raises:
        UsageError: the folder holds something else, or a demo whose specs were changed.
    """
    _check(folder)
    with lock_folder(folder / "output"):  # a run that is going on reads what is made anew here
        _copy_specs(folder)
        trial, _ = simulate(folder / "raw", subjects=subjects, seed=seed, progress=progress)
    return Demo(run(folder, checks=True, progress=progress), headline(trial))


def _check(folder: Path) -> None:
    """A folder with anything but an earlier demo, untouched, is left alone."""
    declared = folder / "study.yaml"
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not declared.is_file() or str((load(declared) or {}).get("study")) != STUDYID:
        what = "holds something else than an earlier demo"
        raise UsageError(what, where=str(folder), mend="name an empty folder with --out")
    source = shelf("specs") / "inovate"
    changed = [] if _is_same(declared, source / "study.yaml") else [Path("study.yaml")]
    changed += _changed(folder / "specs", source)
    changed += [name for name in _changed(folder / _BESIDE, source / _BESIDE) if (source / _BESIDE / name).is_file()]
    if changed:
        mend = (
            f"`sdtm2adam run {folder}` runs it as it is; for a new demo name another folder with --out, or delete this"
        )
        shown = ", ".join(name.as_posix() for name in changed[:3])
        raise UsageError(f"holds a demo whose specs were changed ({shown})", where=str(folder), mend=mend)


def _changed(mine: Path, bundled: Path) -> list[Path]:
    """Files of a folder that are not as in the bundled one, by name."""
    theirs = sorted(path.relative_to(mine) for path in mine.rglob("*") if path.is_file())
    return [name for name in theirs if not _is_same(mine / name, bundled / name)]


def _is_same(mine: Path, bundled: Path) -> bool:
    return bundled.is_file() and filecmp.cmp(mine, bundled, shallow=False)


def _copy_specs(folder: Path) -> None:
    """Copies the bundled study with its checks; study.yaml first, so that a demo that was stopped is known as one."""
    source = shelf("specs") / "inovate"
    try:
        shutil.copyfile(source / "study.yaml", folder / "study.yaml")
        _copy(source, folder / "specs", leaving=("study.yaml", _BESIDE))
        _copy(source / _BESIDE, folder / _BESIDE)
    except OSError as error:
        mend = "allow writing to this folder, or name another with --out"
        raise UsageError(f"cannot write here ({error.strerror})", where=str(folder), mend=mend) from error


def _copy(source: Path, target: Path, leaving: tuple[str, ...] = ()) -> None:
    ignored = shutil.ignore_patterns(*leaving)
    shutil.copytree(source, target, ignore=ignored, copy_function=shutil.copyfile, dirs_exist_ok=True)
