"""What lies in the repository: the fixed top level, small files, nothing of this machine or of other people."""

import hashlib
import os
import re
import shutil
import subprocess
import tomllib
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared"

TOP = {
    # the house
    "sdtm2adam", "specs", "templates", "validation", "tests", "docs", "benchmarks",
    # what people read
    "README.md", "CHANGELOG.md", "DEPENDENCIES.md", "LICENSE",
    # what machines read
    "pyproject.toml", "constraints.txt", "Makefile", ".ci", ".gitignore",
}  # fmt: skip
MOST_LINES = 300
LONG_FILES: dict[str, str] = {}
"""Python files of the package over the limit, each with the reason why it cannot be cut. Keep it empty."""
MOST_BYTES = 1_000_000

# written so that this file does not hold what it looks for
REGISTRIES = [
    "py" + "pi",
    "python" + "hosted",
    "conda" + ".anaconda",
    "npm" + "js",
    "cran.r-" + "project",
    "git" + "hub.io",
]
MACHINE = re.compile(r"(?<![\w.<}{$])/(?:work|root|home/\w+|Users/\w+|tmp/\w+|opt|mnt|srv)\b(?=/)")
HELPERS_OF_PEOPLE = {".md", ".toml", ".txt", ".yaml", ".yml", ".csv", ".py", ".svg", ".jinja", ".R", ""}


@cache
def committed() -> tuple[Path, ...]:
    """The files of the repository: those git knows or would add; without git, those that are no by-products."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        if done.returncode == 0:
            names = sorted({os.fsdecode(name) for name in done.stdout.split(b"\0") if name})
            return tuple(path for path in (ROOT / name for name in names) if path.is_file())
    return tuple(sorted(path for path in ROOT.rglob("*") if path.is_file() and not is_by_product(path)))


def is_by_product(path: Path) -> bool:
    first, *rest = path.relative_to(ROOT).parts
    caches = {".git", "build", "dist", "demo", ".hypothesis", ".benchmarks", "PKG-INFO"}
    anywhere = {"__pycache__", "output"}
    return (
        first in caches
        or first.startswith((".venv", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".import_linter_cache"))
        or bool(anywhere & {first, *rest})
        or any(part.endswith(".egg-info") for part in (first, *rest))
    )


def texts() -> list[Path]:
    return [path for path in committed() if path.suffix in HELPERS_OF_PEOPLE]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_top_level_is_as_fixed() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in committed()} == TOP


@pytest.mark.parametrize("room", ["build", "cli", "pipeline"])
def test_rooms_are_not_ignored(room: str) -> None:
    assert any(path.is_relative_to(ROOT / "sdtm2adam" / room) for path in committed())


def test_no_file_of_the_package_is_long() -> None:
    lines = {
        shown(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in committed()
        if path.suffix == ".py" and path.is_relative_to(ROOT / "sdtm2adam")
    }
    assert {name: count for name, count in lines.items() if count > MOST_LINES and name not in LONG_FILES} == {}
    assert [name for name in LONG_FILES if lines.get(name, 0) <= MOST_LINES] == []


def test_no_machine_path_is_committed() -> None:
    found = {shown(path): MACHINE.findall(path.read_text(encoding="utf-8")) for path in texts()}
    assert {name: paths for name, paths in found.items() if paths} == {}


def test_no_registry_is_named() -> None:
    hosts = re.compile("|".join(map(re.escape, REGISTRIES)), re.IGNORECASE)
    assert [shown(path) for path in texts() if hosts.search(path.read_text(encoding="utf-8"))] == []


def test_no_drawer_for_things_without_a_room() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "service", "factory"}
    package = [path.relative_to(ROOT / "sdtm2adam") for path in committed() if path.is_relative_to(ROOT / "sdtm2adam")]
    assert [str(path) for path in package if drawers & {path.stem, *path.parts}] == []


def test_no_file_is_large() -> None:
    assert [shown(path) for path in committed() if path.stat().st_size > MOST_BYTES] == []


def test_no_file_of_trial_data_is_committed() -> None:
    kinds = {".xpt", ".sas7bdat", ".parquet", ".rds", ".rda", ".xlsx"}
    invented = {f"tests/files/same_rows/{form}.sas7bdat" for form in ("ae", "demog", "lab")}  # no library writes these
    found = {shown(path) for path in committed() if path.suffix.lower() in kinds}
    assert found == (invented if (ROOT / "tests" / "files").is_dir() else set())


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder shared is not beside the repository")
def test_no_planning_file_is_committed() -> None:
    def digest(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    theirs = {digest(path): path.name for path in SHARED.rglob("*") if path.is_file() and path.stat().st_size > 0}
    assert [shown(path) for path in committed() if path.stat().st_size > 0 and digest(path) in theirs] == []


def test_pytest_passes_over_no_folder_of_ours():
    options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    folders = {path.parent for top in options["testpaths"] for path in (ROOT / top).rglob("*.py")}
    inside = {part for folder in folders for part in folder.relative_to(ROOT).parts}
    assert "build" in inside
    passed = {part for part in inside for pattern in options["norecursedirs"] if fnmatchcase(part, pattern)}
    assert not passed - {"__pycache__"}
