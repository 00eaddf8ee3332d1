"""Datasets drawn by the tests of the room; findings written short; a starter study of two cuts."""

import sys
from pathlib import Path

VALIDATE = Path(__file__).parents[1]
sys.path += [str(VALIDATE)]  # drawn datasets
