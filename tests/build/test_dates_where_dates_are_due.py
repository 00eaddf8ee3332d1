"""What is no date where one must stand is refused by its line, before data are read, in plain words."""

import pytest
from harness import trial
from other_rows import DATA
from response_study import DATA as RESPONSES
from test_time_to_event import TIMES

TO_TEXT = "write dt({0}), which leaves partial dates out, or \"dt({0}, impute := 'last')\""
TO_DATE = "name a date of the source; a number of days is no date until it is added to one: START + 42"


@pytest.mark.parametrize(
    ("right", "wrong", "said", "mend"),
    [
        ("date: DTH", "date: ARM", "date: 'ARM' is text", TO_TEXT.format("ARM")),
        ("date: DTH", "date: 1", "date: '1' is a number", TO_DATE),
        ("date: DTH", "date: DTH > START", "date: 'DTH > START' is true or false", TO_DATE),
        ("start: START", "start: ARM", "tte: start: 'ARM' is text", TO_TEXT.format("ARM")),
        ("censors: [ALIVE]", "censors: [ALIVE], until: 730", "tte: until: '730' is a number", TO_DATE),
    ],
)
def test_a_time_that_starts_or_ends_at_no_date_is_refused(tmp_path, right, wrong, said, mend):
    spec = "dataset: ADX\nclass: BDS\n" + TIMES.replace(right, wrong, 1)
    place = next(i for i, text in enumerate(spec.splitlines(), 1) if wrong in text)
    message = trial(tmp_path, spec, sdtm=RESPONSES).fault(lint_only=True)
    assert message == (f"specs/adam/ADX.yaml:{place}: rows of ADX/OS: {said}, and must be a date\n    to mend: {mend}")


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("AGE", "expand: from: 'AGE' is a number, and must be a date"),
        ("SEX", "expand: from: 'SEX' is text, and must be a date"),
        ("START + SEX", "expand: from: 'START + SEX' does not fit its columns: '+' does not go with date and text"),
    ],
)
def test_days_between_what_are_no_dates_are_refused(tmp_path, start, said):
    spec = f"dataset: ADX\nkeys: [ADT]\nrecords:\n  - {{from: DM, expand: {{from: {start}, to: START, as: ADT}}}}\n"
    message = trial(tmp_path, spec, sdtm=DATA).fault(lint_only=True)
    assert message.startswith(f"specs/adam/ADX.yaml:4: rows of ADX/DM: {said}\n    to mend: ")


def test_dates_and_times_missing_ends_and_dates_of_expressions_are_taken(tmp_path):
    spec = "dataset: ADX\nclass: BDS\n" + TIMES.replace("date: DTH", "date: DTH + 1").replace(
        "censors: [ALIVE]", "censors: [ALIVE], until: HSCT")  # fmt: skip
    assert trial(tmp_path, spec, sdtm=RESPONSES).fault() == ""
