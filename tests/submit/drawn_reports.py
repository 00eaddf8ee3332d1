"""Reports of drawn subjects: results and displays of outputs of the bundled study."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tlf"))

from adam_frames import trial

from sdtm2adam.resources import shelf
from sdtm2adam.spec.closed import read
from sdtm2adam.spec.display import load_display_specs, load_report
from sdtm2adam.spec.settings import Naming
from sdtm2adam.spec.study import Study
from sdtm2adam.spec.yaml import load
from sdtm2adam.submit import ReportParts
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

NAMES = ("T14_1_2", "T14_2_1", "T14_2_6", "T14_3_2_2", "F14_2_3", "L16_2_6_1")


def drawn_report(names: tuple[str, ...] = NAMES) -> ReportParts:
    """Some outputs, those first that others read."""
    folder = shelf("specs") / "inovate"
    naming = Naming(read(Study, load(folder / "study.yaml"), "study", "study.yaml").settings)
    report = load_report(folder / "report.yaml", naming)
    specs = load_display_specs([folder / "tlf" / f"{name}.yaml" for name in names], report, KINDS)
    data, results, displays = trial(), {}, {}
    for name in names:
        results[name] = analyse(specs[name], report, data, results)
        displays[name] = lay_out(specs[name], report, results[name])
    files = tuple(Path("tlf") / f"{name}.{kind}" for name in names for kind in ("rtf", "docx"))
    return ReportParts(report, specs, results, displays, files)
