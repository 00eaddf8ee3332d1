"""One good run of the starter study for all tests that only look at it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from starter import starter

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "files"))  # the sample packages of controlled terminology


@pytest.fixture
def program(tmp_path):
    """Starts the program as a process of its own."""

    def start(*words: object, cwd: Path = tmp_path, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "sdtm2adam", *map(str, words)],
            cwd=cwd, text=True, encoding="utf-8", errors="replace", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        )  # fmt: skip

    return start


@pytest.fixture
def study(tmp_path):
    """The starter study, untouched."""
    return starter(tmp_path / "study")
