"""docs/spec-grammar.md: every file it shows is run, every table is what comes out, every key is on the page."""

import re
from pathlib import Path

import pytest
from harness import Trial, is_drawn

from sdtm2adam.spec import dataset, producer, study
from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.sql import AGGREGATE_FUNCTIONS, ROW_FUNCTIONS

PAGE = (Path(__file__).parents[2] / "docs" / "spec-grammar.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^```(\w+) (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
TABLES = {name: text for kind, name, text in FENCES if kind == "text"}
MODELS = {
    model
    for module in (dataset, producer, study)
    for model in vars(module).values()
    if isinstance(model, type) and issubclass(model, Closed) and model is not Closed
}
KEYS = sorted(
    {field.alias or name for model in MODELS for name, field in model.model_fields.items()} - {"all", "names"}
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The study of the page."""
    root = tmp_path_factory.mktemp("page")
    for kind, name, text in FENCES:
        if kind != "text":
            path = (
                root
                / ("raw" if name.startswith("raw/") and kind == "csv" else "specs")
                / name.removeprefix("raw/" * (kind == "csv"))
            )
            path = root / name if name == "study.yaml" else path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def built(folder):
    """The study of the page, built."""
    made = Trial(folder, {path.stem: path for path in (folder / "raw").glob("*.csv")})
    assert made.lint() > 100
    return made.build()


@pytest.mark.parametrize("name", TABLES)
def test_a_dataset_of_the_page_is_what_the_page_shows(built, name):
    is_drawn(built.datasets[name], TABLES[name])


def test_each_dataset_of_the_page_is_shown(built):
    assert set(built.datasets) == set(TABLES)


def test_the_issues_of_the_page_are_those_that_it_speaks_of(built):
    assert {issue.rule for issue in built.issues} == {
        "duplicates-dropped", "raw-records-excluded", "AE-ENDED", "after-cutoff", "raw-subject-unknown",
        "response-unverified", "response-not-assessed", "where-matches-nothing",
    }  # fmt: skip


def test_no_raw_column_of_the_page_is_lost(built):
    assert built.coverage == ()


@pytest.mark.parametrize("key", KEYS)
def test_each_key_of_the_models_is_on_the_page(key):
    assert re.search(rf"`[^`]*(?<!\w){re.escape(key)}(?!\w)[^`]*`", PAGE)


@pytest.mark.parametrize("function", [*ROW_FUNCTIONS, *AGGREGATE_FUNCTIONS])
def test_each_function_of_ours_is_on_the_page(function):
    assert f"`{function}(" in PAGE
