"""The examples of the pages on effects, forests and Kaplan-Meier curves load, and make an output."""

import re
from pathlib import Path

import pytest
from effect_frames import effects_trial
from laws import check_all

from sdtm2adam.display.paginate import paginate
from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.spec.effects_plan import FIELDS
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

DOCS = Path(__file__).parents[2] / "docs" / "outputs"


@pytest.mark.parametrize("page", ["effects", "forest", "km"])
def test_the_example_of_a_page_runs(tmp_path, report, page):
    (example,) = re.findall(r"```yaml\n(.*?)```", (DOCS / f"{page}.md").read_text(encoding="utf-8"), re.DOTALL)
    name = example.split("\n", 1)[0].removeprefix("id: ")
    path = tmp_path / f"{name}.yaml"
    path.write_text(example, encoding="utf-8")
    specs = load_display_specs([path, shelf("specs") / "inovate" / "tlf" / "T14_2_6.yaml"], report, KINDS)
    spec, data = specs[name], effects_trial(120)
    read = {other: analyse(specs[other], report, data) for other in spec.reads}
    results = analyse(spec, report, data, read)
    display = lay_out(spec, report, results)
    check_all(results, display)
    assert paginate(display)
    assert paginate(lay_out(spec, report, None))


def test_the_page_names_every_field():
    text = (DOCS / "effects.md").read_text(encoding="utf-8")
    assert [name for name in FIELDS if f"`{name}`" not in text] == []
