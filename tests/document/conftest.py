"""The sample displays lie beside the tests of pages."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "display"))
