"""Functions of a column that a table keeps: the same answers as where they are worked out each time."""

import re

import pyarrow as pa
import pytest

from sdtm2adam.model import Dataset, Variable
from sdtm2adam.spec.yaml import loads
from sdtm2adam.validate.sql.check import check_of
from sdtm2adam.validate.sql.run import RAN, run_checks

DATES = [
    "2014", "2014-02", "2014-02-03", "2014-02-03T10", "2014-02-03T10:20", "2014-02-03T10:20:30", "2014-02-29",
    "--02-03", "2014---03", "2014-02-03T24:00", "2014-02-03T10:20Z", "0000-01-01", "14-02-03", "no date", "   ", None,
    "2014-02-03",
]  # fmt: skip


def dataset(name, **columns):
    frame = pa.table(columns)
    variables = tuple(Variable(one, "", "text") for one in frame.column_names)
    return Dataset(name, "", "sdtm", "", "", ("USUBJID",), variables, frame, pa.table({}))


AE = dataset(
    "AE", USUBJID=[str(i) for i in range(len(DATES))], AESTDTC=DATES, AEENDTC=DATES[::-1],
    ASTDT=pa.array([16000 + i for i in range(len(DATES))], pa.date32()),
)  # fmt: skip
DM = dataset("DM", USUBJID=AE.frame["USUBJID"], RFSTDTC=["2014-02-01", "2014-02", None, *["2014-02-03T08:00"] * 14])


def ran(select, **said):
    lines = [f"{key}: {value}" for key, value in {"for": "[AE]", **said}.items()] if "DATASET" in select else []
    text = "\n".join(["id: A", "severity: error", "text: Good data are good.", *lines, f"select: |\n  {select}"])
    found = run_checks([check_of(loads(text, "r.yaml"), "r")], {"AE": AE, "DM": DM}, alike=["A"])
    assert found.ran[0].state == RAN, found.ran[0].why
    return [row for issue in found.issues for row in issue.values]


@pytest.mark.parametrize("function", ["low", "high", "date_of"])
@pytest.mark.parametrize("column", ["AESTDTC", "AEENDTC"])
def test_the_answer_of_a_column_is_that_of_its_texts(function, column):
    kept, told = f"{function}(A.{column})", f"{function}(A.{column} || '')"
    assert ran(f"select A.{column} from AE as A where {kept} is distinct from {told}") == []
    assert ran(f"select {column} from AE where {kept.replace('A.', '')} is null") == ran(
        f"select A.{column} from AE as A where {told} is null"
    )


def test_a_column_of_dates_is_taken_as_it_is():
    assert len(ran("select A.ASTDT from AE as A where low(A.ASTDT) = A.ASTDT and high(A.ASTDT) > A.ASTDT")) == len(
        DATES
    )


def test_wild_cards_joins_and_missing_columns():
    wild = 'select A."--STDTC", low(A."--STDTC") as first from DATASET as A where high(A."--STDTC") < low(A."--ENDTC")'
    assert ran(wild) == ran(wild.replace("A.", "").replace('"--', '"AE').replace("DATASET as A", "AE"))
    joined = "select A.AESTDTC from AE as A join DM as D on D.USUBJID = A.USUBJID where study_day({}, {}) >= 1"
    kept, told = joined.format("A.AESTDTC", "D.RFSTDTC"), joined.format("A.AESTDTC || ''", "D.RFSTDTC || ''")
    assert ran(kept) == ran(told) != []
    absent = 'select USUBJID from DATASET where low("--DTC") is null'
    assert len(ran(absent, optional='["--DTC"]')) == len(DATES)


def test_groups_read_the_columns_of_their_groups():
    grouped = (
        "with g as (select B.AESTDTC as said, low(B.AESTDTC) as first, max(high(B.AEENDTC)) as last from AE as B "
        "group by B.AESTDTC) select A.AESTDTC from AE as A join g on g.said = A.AESTDTC where g.last >= g.first"
    )
    assert ran(grouped) == ran(
        grouped.replace("(B.AESTDTC)", "(B.AESTDTC || '')").replace("B.AEENDTC)", "B.AEENDTC || '')")
    )


def test_columns_of_the_data_that_are_called_as_ours_do_no_harm():
    odd = dataset(
        "AE", USUBJID=["1", "2"], AESTDTC=["2014-02-03", "2014"],
        **{"_ROW": ["x", "y"], "Kept: low AESTDTC": ["x", "y"], "low AESTDTC": ["x", "y"]},
    )  # fmt: skip
    select = "select AESTDTC from AE where low(AESTDTC) < high(AESTDTC)"
    one = check_of(loads(f"id: A\nseverity: error\ntext: T.\nselect: {select}\n", "r.yaml"), "r")
    (issue,) = run_checks([one], {"AE": odd}).issues
    assert issue.values == ("AESTDTC=2014-02-03", "AESTDTC=2014")


SHADOWED = [
    """select a.AESTDTC from AE a join (select c.USUBJID, min(c.RFSTDTC) as first from DM c group by c.USUBJID) c
       on c.USUBJID = a.USUBJID where low(a.AESTDTC) > high(c.first)""",
    """select a.AESTDTC from AE a where exists (select 1 from (select max(x.AESTDTC) as AESTDTC from AE x) a
       where low(a.AESTDTC) > date '2000-01-01')""",
    """with f as (select c.USUBJID, min(c.RFSTDTC) as first from DM c group by c.USUBJID)
       select a.AESTDTC from AE a join f c on c.USUBJID = a.USUBJID where low(a.AESTDTC) > high(c.first)""",
    """select g.AESTDTC from AE g where g.USUBJID in (select y.USUBJID from (select b.USUBJID,
       max(low(b.AESTDTC)) over (partition by b.USUBJID) as top from AE b group by b.USUBJID, b.AESTDTC) y
       where y.top is not null)""",
]


@pytest.mark.parametrize("select", [" ".join(one.split()) for one in SHADOWED])
def test_an_inner_alias_may_be_that_of_a_dataset(select):
    assert ran(select) == ran(re.sub(r"(low|high)\((\w+\.\w+)\)", r"\1(\2 || '')", select))
