"""The examples in the pages of kinds are read and run as they stand."""

import re
from pathlib import Path

import pytest
from laws import check_all
from safety_frames import safety_trial

from sdtm2adam.display.paginate import paginate
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

PAGES = Path(__file__).parents[2] / "docs" / "outputs"


@pytest.mark.parametrize("kind", ["ae", "flags"])
def test_the_example_of_a_page_runs(kind, report, naming, tmp_path):
    page = (PAGES / f"{kind}.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    name = re.findall(r"^id: (\w+)", example)[0]
    (tmp_path / f"{name}.yaml").write_text(example, encoding="utf-8")
    spec = load_display_specs([tmp_path / f"{name}.yaml"], report, KINDS, naming)[name]
    assert spec.kind == kind
    results = analyse(spec, report, safety_trial())
    for display in (lay_out(spec, report, results), lay_out(spec, report, None)):
        assert paginate(display)
    check_all(results, lay_out(spec, report, results))
