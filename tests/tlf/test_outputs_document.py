"""docs/outputs.md: its examples are run, every kind has its page, every word of the specs is on a page."""

import re
from io import StringIO
from pathlib import Path

import pandas as pd
import pytest
from laws import check_all

from sdtm2adam.display.paginate import paginate
from sdtm2adam.spec import display_model, report
from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.display import load_display_specs, load_report
from sdtm2adam.spec.display_model import RowText, Source, TableText, Time
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "outputs.md").read_text(encoding="utf-8")
BLOCKS = {
    kind if not name else f"{kind} {name}": text
    for kind, name, text in re.findall(r"^```(\w+) ?(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
}
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in (DOCS / "outputs").glob("*.md")}


def words(model: type[Closed]) -> list[str]:
    """The keys of a part of a spec, as they are written."""
    return [field.alias or name for name, field in model.model_fields.items()]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The table of the page with its display, from the subjects of the page."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "report.yaml").write_text(BLOCKS["yaml report"], encoding="utf-8")
    (folder / "T14_1_2.yaml").write_text(BLOCKS["yaml output"], encoding="utf-8")
    shared = load_report(folder / "report.yaml")
    spec = load_display_specs([folder / "T14_1_2.yaml"], shared, KINDS)["T14_1_2"]
    adsl = pd.read_csv(StringIO(BLOCKS["csv ADSL"]), dtype={"USUBJID": "str"})
    results = analyse(spec, shared, {"ADSL": adsl})
    shell = lay_out(spec, shared, None)
    return results, lay_out(spec, shared, results), shell


def test_the_table_of_the_page_prints_what_the_page_shows(made):
    results, display, shell = made
    check_all(results, display)
    assert paginate(display)
    assert paginate(shell)
    heads = " | ".join(["", *("/".join(column.heads).replace("|", "/") for column in display.columns[1:])])
    rows = [
        " | ".join(["  " * row.indent + row.label, *(cell.text for cell in row.cells)])
        for section in display.sections
        for row in section.rows
    ]
    assert "\n".join([heads, *rows]) + "\n" == BLOCKS["text"]


def test_every_kind_has_its_page_and_its_line():
    lines = dict(re.findall(r"^\| \[`(\w+)`\]\(outputs/\w+\.md\) (.*)$", PAGE, re.MULTILINE))
    assert lines.keys() == KINDS.keys() == PAGES.keys()
    for kind, line in lines.items():
        assert f"(outputs/{kind}.md)" in PAGE
        assert set(re.findall(r"M_\w+", line)) == set(KINDS[kind].methods), kind


def test_every_example_of_a_page_has_the_kind_of_the_page():
    for kind, page in PAGES.items():
        assert page.startswith(f"# Kind `{kind}`: ")
        assert set(re.findall(r"^kind: (\w+)", page, re.MULTILINE)) == {kind}


@pytest.mark.parametrize("model", [RowText, TableText, Source, Time], ids=lambda model: model.__name__)
def test_every_word_of_a_spec_is_on_the_page(model):
    written = set(words(model)) - {"sides", "count", "data_driven"}
    assert {word for word in written if not re.search(rf"\b{word}\b", PAGE)} == set()


@pytest.mark.parametrize("model", [report.Report, report.Grouping, report.ColumnSet, report.Nest, report.Layout])
def test_every_word_of_report_yaml_is_on_the_page(model):
    assert {word for word in words(model) if not re.search(rf"\b{word}\b", PAGE)} == set()


def test_every_setting_is_on_the_page_with_its_default():
    only_one = {"rounding", "conf", "sides"}
    lines = "\n".join(re.findall(r"^\| `\w+`.* \| .* \|.*$", PAGE, re.MULTILINE))
    for name, field in report.Params.model_fields.items():
        if name not in only_one:
            line = next(line for line in lines.splitlines() if re.match(rf"\|[^|]*`{name}`", line))
            assert str(field.default or "") in line, name


def test_every_word_of_a_kind_is_on_its_page():
    for kind in KINDS:
        text = KINDS[kind].text
        own = set(words(text)) - set(words(display_model.DisplayText)) - set(words(TableText)) - {"alt"}
        assert {word for word in own if not re.search(rf"\b{word}\b", PAGES[kind])} == set(), kind
