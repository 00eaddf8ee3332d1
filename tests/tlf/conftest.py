"""The report and displays of the bundled study, and two ways to see a table as text."""

from collections.abc import Callable

import pytest

from sdtm2adam.model import Display
from sdtm2adam.resources import shelf
from sdtm2adam.spec.closed import read
from sdtm2adam.spec.display import DisplaySpec, Report, load_display_specs, load_report
from sdtm2adam.spec.settings import Naming
from sdtm2adam.spec.study import Study
from sdtm2adam.spec.yaml import load
from sdtm2adam.tlf.kinds import KINDS


@pytest.fixture(scope="session")
def naming() -> Naming:
    """The settings of the bundled study."""
    study = read(Study, load(shelf("specs") / "inovate" / "study.yaml"), "study", "study.yaml")
    return Naming(study.settings)


@pytest.fixture(scope="session")
def report(naming: Naming) -> Report:
    return load_report(shelf("specs") / "inovate" / "report.yaml", naming)


@pytest.fixture(scope="session")
def specs(report: Report) -> dict[str, DisplaySpec]:
    folder = shelf("specs") / "inovate" / "tlf"
    names = ("T14_1_2", "T14_2_1", "T14_2_6", "T14_3_2_2", "F14_2_3", "L16_2_6_1")
    return load_display_specs([folder / f"{name}.yaml" for name in names], report, KINDS)


@pytest.fixture(scope="session")
def seen() -> Callable[..., str]:
    """Rows as `label | cell | cell`, one line each; from the row `first` to the row before `until`."""

    def view(display: Display, first: str = "", until: str = "") -> str:
        lines = []
        for row in (row for section in display.sections for row in section.rows):
            cells = [cell.text.replace("\n", "/") for cell in row.cells]
            lines.append(" | ".join([f"{'  ' * row.indent}{row.label}", *cells]).rstrip())
        labels = [line.split(" |")[0].strip() for line in lines]
        start = labels.index(first) if first else 0
        end = labels.index(until, start) if until else len(lines)
        return "\n".join(lines[start:end])

    return view
