"""Finding the CORE program that the user has installed."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from sdtm2adam.errors import UsageError

_EXECUTABLES = ("core", "core.exe")
_SCRIPT = "core.py"
_PYTHON = "python3.12"
_ENVIRONMENTS = (".venv", "venv", "env")
_SET_UP = "docs/core.md tells how CORE is set up; give the program `core`, its folder, or `core.py`"


@dataclass(frozen=True, slots=True)
class Program:
    """How CORE is called: the first words of its command, and the cache of rules beside it, where one lies there."""

    command: tuple[str, ...]
    cache: Path | None = None

    @property
    def where(self) -> str:
        """The program as the user knows it."""
        return self.command[-1]


def find_core(path: Path, python: Path | None = None) -> Program:
    """The CORE program at a path.

    Args:
        path: the executable `core` (or a script that starts it), the folder it lies in, or `core.py`.
        python: the Python that runs `core.py`; by default that of `.venv`, `venv` or `env` beside it, else
            `python3.12` on the search path. An executable needs none.

    Raises:
        UsageError: there is no such program, it may not be executed, or no Python is found for it.
    """
    found = _in_folder(path) if path.is_dir() else path
    if not found.is_file():
        raise UsageError("CORE is not there", where=str(path), mend=_SET_UP)
    found = Path(os.path.abspath(found))  # noqa: PTH100 - links stay as they are: a virtual environment is one
    cache = found.parent / "resources" / "cache"
    return Program(_command(found, python), cache if cache.is_dir() else None)


def _in_folder(folder: Path) -> Path:
    for name in (*_EXECUTABLES, _SCRIPT):
        if (folder / name).is_file():
            return folder / name
    raise UsageError(f"the folder holds neither `core` nor `{_SCRIPT}`", where=str(folder), mend=_SET_UP)


def _command(found: Path, python: Path | None) -> tuple[str, ...]:
    if found.suffix == ".py":
        return (str(_python_of(found, python)), str(found))
    if not os.access(found, os.X_OK):
        raise UsageError("the file may not be executed", where=str(found), mend=f"chmod +x {found}")
    return (str(found),)


def _python_of(script: Path, python: Path | None) -> Path:
    beside = [
        script.parent / name / place
        for name in _ENVIRONMENTS
        for place in (Path("bin") / "python", Path("Scripts") / "python.exe")
    ]
    on_path = shutil.which(_PYTHON)
    for one in [python] if python else [*beside, *([Path(on_path)] if on_path else [])]:
        if one.is_file():
            return Path(os.path.abspath(one))  # noqa: PTH100
    raise UsageError(
        f"no Python is found for it at {python}" if python else "no Python 3.12 is found for it",
        where=str(script),
        mend=f"make one beside it, `{_PYTHON} -m venv .venv`, and install there what CORE needs (docs/core.md)",
    )
