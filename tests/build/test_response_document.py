"""docs/response.md: its set is read and printed, its dataset built, its Python run."""

import doctest
import re
from pathlib import Path

import pytest
from harness import trial

from sdtm2adam.pipeline.criteria import criteria_lines
from sdtm2adam.spec.criteria import Condition, CriteriaSet, Measure, Response
from sdtm2adam.spec.criteria_sets import bundled_names, read_criteria

PAGE = (Path(__file__).parents[2] / "docs" / "response.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^```(\w+)(?: (.+?))?\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
TEXTS = {name: text for _, name, text in FENCES}
KEYS = {field.alias or name for model in (CriteriaSet, Measure, Condition, Response)
        for name, field in model.model_fields.items()}  # fmt: skip


@pytest.fixture
def study(tmp_path):
    """The study of the page."""
    data = {name.removeprefix("data "): text for name, text in TEXTS.items() if name.startswith("data ")}
    made = trial(tmp_path, TEXTS["adam/ADRESP.yaml"], sdtm=data)
    path = tmp_path / "specs" / "criteria" / "REMISSION.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(TEXTS["criteria/REMISSION.yaml"], encoding="utf-8")
    return made


def test_the_reasons_of_the_page_are_those_that_are_told(study):
    assert study.lint() > 10
    rows = study.build().datasets["ADRESP"].frame.to_pylist()
    told = [f"{r['ADT']} {r['AVALC']} ({r['RESPREC'] or ''}): {r['RESPWHY']}" for r in rows]
    assert "\n".join(told) + "\n" == TEXTS["reasons"]


def test_the_set_of_the_page_is_printed_so(study):
    assert "\n".join(criteria_lines("REMISSION", study.folder)) + "\n" == TEXTS["criteria REMISSION"]


def test_the_python_of_the_page_runs(study):
    folder = study.folder / "specs" / "criteria"
    example = doctest.DocTestParser().get_doctest(TEXTS[""], {"folder": folder}, "response.md", "response.md", 0)
    assert doctest.DocTestRunner().run(example).failed == 0
    assert read_criteria(folder / "REMISSION.yaml").unverified == []


@pytest.mark.parametrize("key", sorted(KEYS))
def test_each_key_of_a_set_is_on_the_page(key):
    assert re.search(rf"`[^`]*(?<!\w){key}(?!\w)[^`]*`", PAGE)


@pytest.mark.parametrize("name", bundled_names())
def test_each_bundled_set_is_on_the_page(name):
    assert f"| `{name}` |" in PAGE


def test_sets_are_listed_with_what_is_not_verified():
    lines = criteria_lines(None)
    assert len(lines) == len(bundled_names())
    assert all(re.search(r"\(\d+ not verified\)$", line) for line in lines)
