"""docs/verbs.md: every example is run, and every verb of the door is on the page."""

import doctest
import re
from pathlib import Path

import pytest

from sdtm2adam.build import verbs

PAGE = Path(__file__).parents[2] / "docs" / "verbs.md"


def test_every_example_of_the_page_gives_what_it_shows():
    examples = re.sub(r"^```.*$", "", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    test = doctest.DocTestParser().get_doctest(examples, {}, PAGE.name, str(PAGE), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    said = []
    runner.run(test, out=said.append)
    assert runner.tries > 30
    assert runner.failures == 0, "".join(said)


@pytest.mark.parametrize("verb", sorted(set(verbs.__all__) - {"IssueWarning"}))
def test_every_verb_is_on_the_page(verb):
    assert re.search(rf"(verbs\.|\b){verb}\(", PAGE.read_text(encoding="utf-8"))
