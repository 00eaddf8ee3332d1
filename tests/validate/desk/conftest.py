"""The browser lies beside the tests of documents, drawn datasets beside those of checks."""

import sys
from pathlib import Path

TESTS = Path(__file__).parents[2]
sys.path[:0] = [str(TESTS / "document"), str(TESTS / "validate")]
