"""The import contracts of pyproject.toml hold, and they bite."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def contracts(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command; lint_imports_command()",
        "--no-cache",
    ]
    return subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", env={"PYTHONPATH": str(folder)}, timeout=120
    )


def copied(folder: Path, **additions: str) -> Path:
    """The package beside its contracts, with lines added to modules (`model__issue` is model/issue.py)."""
    shutil.copytree(ROOT / "sdtm2adam", folder / "sdtm2adam", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for module, line in additions.items():
        path = folder / "sdtm2adam" / f"{module.replace('__', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + f"\n{line}\n", encoding="utf-8")
    return folder


def test_every_room_uses_only_rooms_below_it() -> None:
    done = contracts(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_an_import_upward_is_found(tmp_path: Path) -> None:
    done = contracts(copied(tmp_path, model__issue="import sdtm2adam.build.engine"))
    assert done.returncode == 1
    assert "sdtm2adam.model.issue -> sdtm2adam.build.engine" in done.stdout


def test_neighbours_do_not_know_each_other(tmp_path: Path) -> None:
    done = contracts(copied(tmp_path, analysis__cox="import sdtm2adam.display.align"))
    assert done.returncode == 1
    assert "sdtm2adam.analysis.cox -> sdtm2adam.display.align" in done.stdout


def test_a_room_without_a_place_is_found(tmp_path: Path) -> None:
    done = contracts(copied(tmp_path, helpers="X = 1"))
    assert done.returncode == 1
    assert "helpers" in done.stdout


@pytest.mark.parametrize("library", ["statsmodels", "great_expectations", "docx", "rich"])
def test_a_library_is_used_behind_its_door_only(tmp_path: Path, library: str) -> None:
    done = contracts(copied(tmp_path, analysis__cox=f"import {library}"))
    assert done.returncode == 1
    assert f"sdtm2adam.analysis.cox -> {library}" in done.stdout
