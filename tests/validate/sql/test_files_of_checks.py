"""Files of edit checks with slips: each is told with its line and the way out."""

import pytest

from sdtm2adam.errors import SpecErrors
from sdtm2adam.validate.sql.check import read_edit_checks

CHECK = "- {id: A, severity: note, text: T., query: Please look., select: select USUBJID from DM}\n"
ASKING = '- {{id: A, severity: note, text: T., query: "{asks}", select: select USUBJID from DM}}\n'
WITHOUT = "- {id: A, severity: note, text: T., optional: [USUBJD], select: select USUBJID from DM}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("checks:\n", "own.yaml:1: checks: has no checks"),
        ("checks: []\n", "own.yaml:1: checks: has no checks"),
        ("checks: none\n", "own.yaml:1: checks: has no checks"),
        (f"check:\n  {CHECK}", "own.yaml:1: unknown word check\n    to mend: write checks: before the list"),
        (f"name: own\nchecks:\n  {CHECK}", "own.yaml:1: unknown word name"),
        (f"checks:\n  {CHECK}  {CHECK}", "own.yaml:3: the id A stands twice"),
        (
            f"checks:\n  {ASKING.format(asks='Why {USUBJID?')}",
            "own.yaml:2: the query has a { alone\n    to mend: write {NAME}",
        ),
        (f"checks:\n  {ASKING.format(asks='Why USUBJID}?')}", "own.yaml:2: the query has a } alone"),
        (f"checks:\n  {ASKING.format(asks='Why {AGE}?')}", "own.yaml:2: {AGE} of the query is not selected"),
        (
            f"checks:\n  {WITHOUT}",
            "own.yaml:2: optional: USUBJD is no variable that the SELECT reads\n    to mend: did you mean USUBJID?",
        ),
    ],
)
def test_a_slip_is_told_with_its_line(tmp_path, text, told):
    (tmp_path / "own.yaml").write_text(text)
    with pytest.raises(SpecErrors) as found:
        read_edit_checks(tmp_path)
    assert str(found.value).startswith(told)


def test_a_list_of_checks_and_one_alone_are_read(tmp_path):
    (tmp_path / "many.yaml").write_text(f"checks:\n  {CHECK}")
    (tmp_path / "one.yaml").write_text("id: B\nseverity: note\ntext: T.\nselect: select USUBJID from DM\n")
    assert [check.id for check in read_edit_checks(tmp_path)] == ["A", "B"]
