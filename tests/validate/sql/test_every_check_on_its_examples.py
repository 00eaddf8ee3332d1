"""Every bundled rule and edit check tells its good example data from its bad ones, and says what it is."""

from functools import cache

import pytest

from sdtm2adam.resources import shelf
from sdtm2adam.validate.examine import read_checks
from sdtm2adam.validate.sql.examples import edit_check_examples, rule_examples, self_test

PARTS = 6


@cache
def everything():
    checks = read_checks()
    shelves = shelf("validation")
    return (*checks.rules, *checks.edit_checks), {
        **rule_examples(shelves / "rules"),
        **edit_check_examples(shelves / "edit_checks"),
    }


@pytest.mark.parametrize("part", range(PARTS))
def test_each_finds_what_is_marked_and_nothing_else(part):
    checks, examples = everything()
    tried = self_test(checks[part::PARTS], examples)
    assert tried.faults == ()
    assert tried.tried == len(checks[part::PARTS])


def test_there_are_as_many_as_the_pages_say():
    checks = read_checks()
    assert len(checks.rules) >= 700
    assert len(checks.edit_checks) >= 180
    assert len({check.id for check in (*checks.rules, *checks.edit_checks)}) == len(checks.rules) + len(
        checks.edit_checks
    )


def test_every_edit_check_asks_the_site():
    assert [check.id for check in read_checks().edit_checks if not check.asks] == []


def test_texts_are_sentences_for_people():
    for check in everything()[0]:
        assert check.text.endswith("."), check.id
        assert len(check.text.split()) <= 40, check.id
