"""What the tests of the catalogue borrow from others: drawn datasets, drawn studies, drawn files."""

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
sys.path += [str(TESTS / name) for name in ("validate", "build", "files")]
pytest.register_assert_rewrite("harness")  # before it is imported: the tests of the build ask for it too
