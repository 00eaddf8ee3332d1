"""What is wrong with the arguments or frames of a verb is told with the argument, and warnings point to the caller."""

import datetime

import pandas as pd
import pyarrow as pa
import pytest
from frames_of_a_study import ROWS, SOURCES, pandas_frames

from sdtm2adam.build import verbs
from sdtm2adam.errors import InputError, SpecError

F = pandas_frames(["ADSL", "EX", "LB"])
EX = F["EX"]
SAID = [
    (lambda: verbs.pick(F, "X", from_="EX", order="EXSEQ", value="EXSEC"), "value", "unknown name 'EXSEC'"),
    (lambda: verbs.pick(F, "X", from_="EXX", value="EXSEQ"), "from_", "no source 'EXX'"),
    (lambda: verbs.pick(F, "X", from_="EX", value="EXSEQ", take="firsst"), "take: pick.take", "'firsst' is not one of"),
    (lambda: verbs.pick(F, "X", from_="EX"), "from_", "pick has no value"),
    (lambda: verbs.pick(F, "X", value="EXSEQ"), "arguments", "pick needs either from or among"),
    (lambda: verbs.pick(F, "X", from_=EX, value="EXSEQ"), "from_", "is a DataFrame, not a text"),
    (lambda: verbs.pick(F, "X", from_="EX", by="SITE", value="EXSEQ"), "by", "unknown name 'SITE'"),
    (lambda: verbs.pick(F, "X", from_="EX", value=True), "value", "True is a bool"),
    (lambda: verbs.pick(F, "X", among=[{"frm": "EX"}], value="EXSEQ"), "among[0].frm: pick.among.0.frm", "unknown key"),
    (lambda: verbs.pick(F, "X", from_="EX", where="EXSEQ > THIS.AEG", value="EXSEQ"), "where", "unknown name 'AEG'"),
    (lambda: verbs.exists(F, "X", from_="EX", where="random() > 1"), "where", "is not allowed in a row expression"),
    (lambda: verbs.exists(F, "AGE", from_="EX"), "name", "ADSL has a column AGE already"),
    (lambda: verbs.exists(F, "age", from_="EX"), "name", "ADSL has a column age already"),
    (lambda: verbs.exists(F, "A B", from_="EX"), "name", "'A B' is no name of a column"),
    (lambda: verbs.exists(F, "_row", from_="EX"), "name", "'_row' is no name of a column"),
    (lambda: verbs.agg(F, "X", from_="EX", value="EXDOSE"), "from_", "the expression does not fit its columns"),
    (lambda: verbs.sql(F, "X", "AGE + USUBJID"), "sql", "the expression does not fit its columns"),
    (lambda: verbs.sql(F, "X", "TRTSDT - cast(TRTSDT as timestamp)"), "name", "is made as interval"),
    (lambda: verbs.sql(F, "X", "ADSL.AGE"), "sql", "unknown name 'ADSL' before the dot"),
    (lambda: verbs.sql(EX, "X", "ADSL.AGE"), "frames", "no source 'ADSL'"),
    (lambda: verbs.sql(F, "X", "recode(AGE, 'M')", maps={"M": {50: "x"}}), "maps.M", "the key 50 is no text"),
    (lambda: verbs.flag(EX, "X", take="most"), "take: flag.take", "'most' is not one of"),
    (lambda: verbs.imputed(EX, "F", imputed="D", sql="EXSTDTC"), "sql", "holds 0 dt() or dtm()"),
    (lambda: verbs.decode(F["LB"], "LBTEST", "LBCODE"), "decode", "needs LBCODE"),
    (lambda: verbs.standardize(F["LB"], "LBX", units=[]), "frames", "standardize makes --STRESC"),
    (lambda: verbs.standardize(F["LB"], [], units=[]), "name", "names no column"),
    (lambda: verbs.standardize(F["LB"], "LBSTRESN", units=[{"A": "1"}]), "units", "is no table of units"),
    (lambda: verbs.from_(EX, set={"EXSEQ": "1"}, copy=["EXSEQ"]), "set.EXSEQ", "has two producers"),
    (lambda: verbs.from_(EX, "AE"), "from_", "no source 'AE'"),
    (lambda: verbs.expand(EX, from_="EXDT", to="EXD", as_="ADT"), "to", "unknown name 'EXD'"),
    (lambda: verbs.expand(EX, from_="EXDT", to="EXDT", as_="ADT", every=0), "every: expand.expand.every",
     "0 is too small"),
    (lambda: verbs.tte(F, start="TRTSDT", events=["DETH"], censors=["LAST"], sources=SOURCES), "events[0]",
     "no source 'DETH'"),
    (lambda: verbs.tte(F, start="TRTSDT", events=["DEATH"], censors=[], sources=SOURCES), "tte: tte.tte",
     "censors names no"),
    (lambda: verbs.unpivot({"VS": EX}, "VS", {"A": {"VSORRES": "EXTRT"}}), "dataset", "a frame is called VS too"),
    (lambda: verbs.records(F, pick={"from": "EX", "value": "EXSEQ"}), "pick.from", "a pick block has no value"),
    (lambda: verbs.records(F, from_="EX", agg={"from": "EX", "by": [], "value": {"N": "count(*)"}}), "arguments",
     "a block has one of from, pick, tte, agg, response, python"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "where", "said"), SAID)
def test_a_wrong_argument_is_told_with_its_name(call, where, said):
    with pytest.raises(SpecError) as told:
        call()
    assert told.value.where == where
    assert said in told.value.what
    assert told.value.mend


@pytest.mark.parametrize(
    ("frame", "where", "said"),
    [
        (3, "frames['FRAME']", "is a int, not a frame"),
        ({}, "frames", "there is no frame"),
        ({"ad sl": EX}, "frames", "'ad sl' is no name of a dataset"),
        (pd.DataFrame({"A": [1, "x"]}), "frames['FRAME']: A", "holds values of several types"),
        (pd.DataFrame({"A": [[1]]}), "frames['FRAME']: A", "which no variable can be"),
        (pd.DataFrame({"A": pd.to_timedelta([1])}), "frames['FRAME']: A", "which no variable can be"),
        (pd.DataFrame({"A": [1], "a": [2]}), "frames['FRAME']", "has two columns called a, but for case"),
        (pd.DataFrame([[1, 2]], columns=["A", "A"]), "frames['FRAME']", "has two columns called A"),
        (pd.DataFrame({1: [1]}), "frames['FRAME']", "has a column called 1"),
        (pd.DataFrame({"_row": [1]}), "frames['FRAME']", "has a column called '_row'"),
        (pd.DataFrame({"A": pd.to_datetime(["2014-01-01"]).tz_localize("UTC")}), "frames['FRAME']: A", "time zone"),
        (pd.DataFrame({"ADT": pd.to_datetime(["2014-01-01 10:00"])}), "frames['FRAME']: ADT", "has times of day"),
        (pa.table({"ADT": pa.array([1], pa.timestamp("ns"))}), "frames['FRAME']: ADT", "less than a microsecond"),
    ],
)
def test_a_frame_that_cannot_be_read_is_told(frame, where, said):
    with pytest.raises(InputError) as told:
        verbs.sql(frame, "X", "A")
    assert told.value.where == where
    assert said in told.value.what
    assert told.value.mend


def test_a_value_that_is_lost_stops_unless_issues_are_collected():
    frame = pd.DataFrame({"A": ["1", "x"]})
    with pytest.raises(InputError, match=r"sql: FRAME\.X: 'x' cannot be read as int \(cast-lost, 1 rows\)"):
        verbs.sql(frame, "X", "cast(A as integer)")
    issues = []
    made, _ = verbs.sql(frame, "X", "cast(A as integer)", issues=issues)
    assert made["X"].tolist() == [1, pd.NA]
    assert [issue.rule for issue in issues] == ["cast-lost"]


def test_rows_that_are_dropped_are_warned_of_where_the_verb_was_called():
    with pytest.warns(verbs.IssueWarning, match="1 records of EX were saved twice") as told:
        verbs.dedupe({"EX": pd.concat([EX, EX.iloc[:1]])}, "all")
    assert told[0].filename == __file__


def test_a_start_without_any_date_is_warned_of():
    frames = {"ADSL": F["ADSL"].assign(LSTDT=pd.NaT), "EX": EX}
    with pytest.warns(verbs.IssueWarning, match="1 subjects have a start but neither an event nor a censoring"):
        times, _ = ROWS["tte"](frames)
    assert times["USUBJID"].tolist() == ["S1-1"]


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(["x", None], dtype=object),
        pd.Series(["x", float("nan")], dtype=object),
        pd.Series(["x", pd.NA], dtype="string"),
        pd.Series(["x", " "]),
        pd.Series(["x", ""]),
        pd.Categorical(["x", None]),
    ],
)
def test_all_ways_to_be_missing_are_missing(values):
    made, _ = verbs.sql(pd.DataFrame({"A": values}), "X", "coalesce(A, 'none')")
    assert made["X"].tolist() == ["x", "none"]


@pytest.mark.parametrize(
    ("values", "sql", "made"),
    [
        (pd.Series([1.5, float("nan"), float("inf")]), "A * 2", [3.0, None, float("inf")]),
        (pd.Series([2**62, None], dtype="Int64"), "A + 1", [2**62 + 1, None]),
        (pd.Series([True, False, None], dtype="boolean"), "A", ["Y", "N", None]),
        (pd.Series([datetime.date(2014, 1, 31), None], dtype=object), "A + 1", [pd.Timestamp("2014-02-01"), None]),
        (pd.Series(["007"]), "A", ["007"]),
    ],
)
def test_values_go_through_as_they_are(values, sql, made):
    frame, _ = verbs.sql(pd.DataFrame({"A": values}), "X", sql)
    assert [None if pd.isna(value) else value for value in frame["X"]] == made
