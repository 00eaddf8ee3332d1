"""The edit checks of the package: each tells its own good data from bad, and asks a site one polite thing."""

import re
from pathlib import Path

import pytest

from sdtm2adam.validate.sql.check import read_edit_checks
from sdtm2adam.validate.sql.examples import edit_check_examples
from sdtm2adam.validate.sql.grammar import META

FOLDER = Path(__file__).parents[3] / "validation" / "edit_checks"
CHECKS = read_edit_checks(FOLDER)
CODES = re.compile(r"\b(?:DM|AE|EX|LB|VS|DS|CM|MH|RS|SV)\.|--|\b(?:SD|CG|CORE-)\d{3,}")
"""What only programmers read: names with a dataset before them, wild cards, ids of rules."""


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_every_check_asks_the_site_something(check) -> None:
    assert check.query.base.schema != META
    assert check.asks, "an edit check has a query"
    said = re.sub(r"\{[^{}]*\}", "", check.asks)
    assert re.search(r"\bPlease\b", said)
    assert not CODES.search(said)
    assert said.rstrip().endswith(".")


def test_bad_examples_mark_what_is_found() -> None:
    unmarked = [
        name
        for name, own in edit_check_examples(FOLDER).items()
        if not any("!" in t.split("\n")[0] for t in own.fails.values())
    ]
    assert unmarked == []


def test_files_are_short_enough_to_read() -> None:
    long = {path.name: lines for path in FOLDER.glob("*.yaml") if (lines := len(path.read_text().splitlines())) > 300}
    assert long == {}
