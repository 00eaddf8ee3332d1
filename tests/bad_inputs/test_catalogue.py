"""Each row of the catalogue of bad inputs has a test: `@pytest.mark.bad_input("B004")` says which rows a test shows."""

import ast
import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
CATALOGUE = TESTS.parents[1] / "shared" / "facts" / "BAD_INPUTS.md"

IDS = (
    "B001", "B002", "B003", "B004", "B005", "B006", "B007", "B008", "B011", "B012", "B013", "B015", "B017", "B018",
    "B019", "B021", "B022", "B023", "B024", "B025", "B026", "B027", "B028", "B029", "B030", "B031", "B032", "B033",
    "B035", "B036", "B037", "B038", "B039", "B040", "B041", "B043", "B044", "B045", "B046", "B047", "B048", "B049",
    "B050", "B051", "B052", "B054", "B055", "B057", "B058", "B059", "B060", "B061", "B062", "B063", "B064", "B065",
    "B066", "B067", "B069", "B070", "B071", "B072", "B073", "B074", "B075", "B076", "B078", "B079", "B080", "B081",
    "B082", "B084", "B085", "B086", "B087", "B088", "B090", "B092", "B093", "B094", "B095", "B096", "B097", "B098",
    "B100", "B101",
)  # fmt: skip
"""The ids of the catalogue."""


def marks(path):
    """The ids that the tests of a file are marked with, where each is a text of its own in the file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)]
    said = [argument for call in calls if call.func.attr == "bad_input" for argument in call.args]
    if any(not isinstance(one, ast.Constant) for one in said):  # the rows stand in a table of cases
        said = [
            one for one in ast.walk(tree) if isinstance(one, ast.Constant) and re.fullmatch(r"B\d{3}", str(one.value))
        ]
    return [(one.value, f"{path.name}:{one.lineno}") for one in said]


@pytest.fixture(scope="module")
def marked():
    return [mark for path in sorted(TESTS.rglob("test_*.py")) for mark in marks(path)]


def test_every_row_has_a_test(marked):
    assert sorted(set(IDS) - {name for name, _ in marked}) == []


def test_no_test_is_marked_with_a_row_that_there_is_not(marked):
    assert [(name, place) for name, place in marked if name not in IDS] == []


@pytest.mark.skipif(not CATALOGUE.is_file(), reason="the catalogue is not beside the repository")
def test_the_rows_are_those_of_the_catalogue():
    assert tuple(re.findall(r"^\| (B\d{3}) \|", CATALOGUE.read_text(encoding="utf-8"), re.MULTILINE)) == IDS
