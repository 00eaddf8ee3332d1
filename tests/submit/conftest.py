"""A report of drawn subjects."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))

from drawn_reports import drawn_report

from sdtm2adam.submit import ReportParts


@pytest.fixture(scope="session")
def whole() -> ReportParts:
    """Six outputs of the bundled study over drawn subjects."""
    return drawn_report()
