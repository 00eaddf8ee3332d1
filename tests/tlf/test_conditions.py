"""The condition language: what it reads, what it refuses, how it treats nulls."""

import pandas as pd
import pytest

from sdtm2adam.errors import SpecError
from sdtm2adam.spec.conditions import Comparison, comparisons, holds, parse, to_sql

FRAME = pd.DataFrame(
    {
        "A": pd.Series(["x", "y", None, "it's"], dtype="str"),
        "N": [1.0, 3.0, None, 5.0],
        "D": pd.to_datetime(["2013-01-01", "2013-02-01", None, "2014-01-01"]),
    }
)


def met(text: str) -> list[int]:
    return list(holds(parse(text), lambda _, name: FRAME[name], len(FRAME)).nonzero()[0])


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("DS.A = 'x'", [0]),
        ("DS.A <> 'x'", [1, 3]),
        ("NOT DS.A = 'x'", [1, 3]),
        ("DS.A IN ('x', 'y')", [0, 1]),
        ("DS.A NOT IN ('x', 'y')", [3]),
        ("DS.A = 'it''s'", [3]),
        ("DS.N >= 3", [1, 3]),
        ("DS.N < 3 OR DS.N > 4", [0, 3]),
        ("DS.N < 3 or ds.a = 'y' and DS.N > 100", [0]),
        ("(DS.N < 3 OR DS.A = 'y') AND NOT DS.N = 1", [1]),
        ("NOT (DS.N > 3 OR DS.A = 'x')", [1]),
        ("DS.D >= '2013-02-01'", [1, 3]),
        ("DS.N > 3 OR DS.A <> 'never'", [0, 1, 3]),
        *((f"DS.{name} <> ''", [0, 1, 3]) for name in "AND"),
        *((f"DS.{name} = ''", [2]) for name in "AND"),
        ("NOT DS.D = '' AND DS.N > 1", [1, 3]),
    ],
)
def test_nulls_are_unknown_and_unknown_is_not_met(text, rows):
    assert met(text) == rows


def test_a_null_on_one_side_does_not_spoil_an_or():
    frame = pd.DataFrame({"A": pd.Series([None], dtype="str"), "N": [7.0]})
    assert holds(parse("DS.A = 'x' OR DS.N = 7"), lambda _, name: frame[name], 1).tolist() == [True]
    assert holds(parse("NOT (DS.A = 'x' AND DS.N = 8)"), lambda _, name: frame[name], 1).tolist() == [True]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("AVALC = 'Y'", "has 'AVALC' where DATASET.VARIABLE should stand"),
        ("DS.A == 'Y'", "has '=' where a literal should stand"),
        ("DS.A LIKE 'Y%'", "has no comparator after DS.A"),
        ("DS.A IN 'Y'", "has IN without a list in brackets"),
        ("(DS.A = 'Y'", "lacks a closing bracket"),
        ("DS.A = 'Y' DS.B = 'N'", "goes on with 'DS.B' where it should end"),
        ("DS.A = DS.B", "has 'DS.B' where a literal should stand"),
        ("DS.A = 'Y'; drop", 'cannot be read from "; drop"'),
        ("", "has nothing where DATASET.VARIABLE should stand"),
    ],
)
def test_anything_else_is_refused(text, what):
    with pytest.raises(SpecError) as error:
        parse(text, "T.yaml:7")
    assert what.replace('"', "'") in error.value.what.replace('"', "'")
    assert error.value.where == "T.yaml:7"
    assert "DATASET.VARIABLE" in error.value.mend


def test_a_text_is_not_compared_with_a_number():
    with pytest.raises(SpecError, match=r"DS.N is a number and is compared with '3'"):
        met("DS.N = '3'")
    with pytest.raises(SpecError, match=r"DS.A is a text and is compared with 3"):
        met("DS.A = 3")


def test_a_date_is_not_compared_with_another_text():
    with pytest.raises(SpecError) as error:
        met("DS.D >= '01FEB2013'")
    assert error.value.message == (
        "DS.D >= '01FEB2013': DS.D is a date and is compared with '01FEB2013'\n    to mend: write dates as 'YYYY-MM-DD'"
    )


def test_a_condition_reads_back_as_itself():
    text = "A.X IN ('a', 'b') AND NOT (A.Y < 1 OR A.Z NOT IN (1.5, 2))"
    assert to_sql(parse(text)) == text
    assert [part.variable for part in comparisons(parse(text))] == ["X", "Y", "Z"]
    assert next(comparisons(parse("A.N = 3"))) == Comparison("A", "N", "=", (3.0,))
