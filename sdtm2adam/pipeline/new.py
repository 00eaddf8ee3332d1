"""new: a study folder to start from, copied from templates/study."""

from __future__ import annotations

import shutil
from pathlib import Path

from sdtm2adam.errors import UsageError
from sdtm2adam.resources import shelf


def new_study(folder: Path) -> list[Path]:
    """Copies the starter study into a folder that is new or empty; the files made.

    Raises:
        UsageError: the folder holds something, or cannot be written to.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise UsageError("is not empty", where=str(folder), mend="name a new folder; nothing is overwritten")
        shutil.copytree(shelf("templates") / "study", folder, copy_function=shutil.copyfile, dirs_exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        mend = "name a folder that you may write to"
        raise UsageError(f"cannot make this folder ({reason})", where=str(folder), mend=mend) from error
    return sorted(path for path in folder.rglob("*") if path.is_file())
