"""The specs on the pages of plots, listings and models are loaded and run."""

import re
from pathlib import Path

import pytest
from adam_frames import trial
from laws import check_all

from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

PAGES = Path(__file__).parents[2] / "docs" / "outputs"
EXAMPLES = [
    (page, block)
    for page in ("plot", "listing", "model")
    for block in re.findall("```yaml\n(.*?)```", (PAGES / f"{page}.md").read_text(encoding="utf-8"), re.DOTALL)
]


@pytest.mark.parametrize(("page", "block"), EXAMPLES, ids=[page for page, _ in EXAMPLES])
def test_an_example_runs(tmp_path, report, page, block):
    name = re.search(r"^id: (\w+)", block)[1]
    (tmp_path / f"{name}.yaml").write_text(block, encoding="utf-8")
    spec = load_display_specs([tmp_path / f"{name}.yaml"], report, KINDS)[name]
    assert spec.kind == page
    results = analyse(spec, report, trial())
    display = lay_out(spec, report, results)
    check_all(results, display)
    assert display.figures or any(section.rows for section in display.sections)
    assert lay_out(spec, report, None).titles == display.titles


def test_the_page_of_plots_names_every_geometry_and_what_it_needs():
    from sdtm2adam.tlf.plots.geometries import GEOMETRIES

    text = (PAGES / "plot.md").read_text(encoding="utf-8")
    for name, geometry in GEOMETRIES.items():
        line = next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
        assert {*geometry.needs} <= set(re.findall(r"`(\w+)`", line)), name
