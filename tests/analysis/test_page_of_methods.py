"""docs/methods.md: every example is run, every method and every public function is on it, and no other method."""

import doctest
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest

from sdtm2adam import analysis
from sdtm2adam.analysis.methods import METHODS
from sdtm2adam.analysis.settings import SETTINGS

PAGE = Path(__file__).parents[2] / "docs" / "methods.md"
TEXT = PAGE.read_text(encoding="utf-8")
FUNCTIONS = sorted(
    {
        name
        for found in pkgutil.iter_modules(analysis.__path__, "sdtm2adam.analysis.")
        for name, thing in vars(importlib.import_module(found.name)).items()
        if inspect.isfunction(thing) and thing.__module__ == found.name and not name.startswith("_")
    }
)


def test_every_example_of_the_page_gives_what_it_shows():
    examples = re.sub(r"^```.*$", "", TEXT, flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(examples, {}, PAGE.name, str(PAGE), 0)
    runner, said = doctest.DocTestRunner(), []
    runner.run(test, out=said.append)
    assert runner.tries > 40
    assert runner.failures == 0, "".join(said)


def test_every_method_has_its_heading_and_no_other_has():
    headings = re.findall(r"^### (.*)$", TEXT, flags=re.MULTILINE)
    assert [each for heading in headings for each in re.findall(r"\bM_\w+", heading)] == [*METHODS], (
        "in the order of METHODS"
    )


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_public_function_is_named(function):
    assert f"`{function}" in TEXT


@pytest.mark.parametrize("method", METHODS)
def test_the_functions_of_a_method_stand_under_its_heading(method):
    section = next(
        part
        for part in re.split(r"^### ", TEXT, flags=re.MULTILINE)
        if re.search(rf"\b{method}\b", part.split("\n")[0])
    )
    assert all(f"`{function.__name__}`" in section for function in METHODS[method])


def test_every_method_of_the_displays_is_documented():
    package = PAGE.parents[1] / "sdtm2adam"
    sources = [source for room in ("spec", "tlf") for source in sorted((package / room).rglob("*.py"))]
    named = {each for source in sources for each in re.findall(r'"(M_[A-Z0-9_]+)"', source.read_text(encoding="utf-8"))}
    assert "M_COX" in named
    assert named <= set(METHODS)


@pytest.mark.parametrize("name", SETTINGS)
def test_the_table_of_settings_has_all_words(name):
    row = next(line for line in TEXT.splitlines() if line.startswith(f"| `{name}` |"))
    words, sas, r = (re.findall(r"`(\w+)`", cell) for cell in row.split("|")[2:5])
    assert (words, sas, r) == ([*SETTINGS[name].words], [SETTINGS[name].sas], [SETTINGS[name].r])
