"""SELECTs that would mislead: types that happen to convert, joins without an end, examples that show nothing."""

import pyarrow as pa
import pytest

from sdtm2adam.errors import SpecErrors
from sdtm2adam.model import Dataset, Variable
from sdtm2adam.spec.yaml import loads
from sdtm2adam.validate.sql import run
from sdtm2adam.validate.sql.check import check_of, read_edit_checks
from sdtm2adam.validate.sql.examples import Examples, self_test
from sdtm2adam.validate.sql.run import NOT_RUN, RAN, run_checks

NUMBERS = 5_000


def check(select, more=""):
    text = f"id: A\nseverity: error\ntext: Good data are good.\n{more}\nselect: |\n  {select}\n"
    return check_of(loads(text, "r.yaml"), "r")


def dataset(name, **columns):
    frame = pa.table(columns)
    variables = tuple(Variable(one, "", "text") for one in frame.column_names)
    return Dataset(name, "", "sdtm", "", "", ("USUBJID",), variables, frame, pa.table({}))


AE = dataset("AE", USUBJID=["1", "2"], AESPID=["007", "8"], AESEQ=[1.0, 2.0], AESTDTC=["2014-02-03", "2014"])


@pytest.mark.parametrize(
    "where",
    ["AESPID = 7", "AESPID in (7, 9)", "AESPID = AESEQ", "AESTDTC > 2013", "nullif(AESPID, 7) is null",
     "case AESPID when 7 then 1 end = 1", "date_of(AESTDTC) = AESPID"],
)  # fmt: skip
def test_text_and_number_are_not_compared_even_where_all_values_convert(where):
    found = run_checks([check(f"select AESPID from AE where {where}")], {"AE": AE}, alike=["A"])
    assert found.ran[0].state == NOT_RUN, found
    assert found.ran[0].why.startswith("AE: Binder Error: Cannot ")


@pytest.mark.parametrize(
    "where",
    ["AESPID = '007'", "number(AESPID) = 7", "as_text(AESEQ) = '1'", "AESEQ in (1, 2)", "AESEQ <> 1.5",
     "low(AESTDTC) > date_of(AESTDTC)", "coalesce(AESPID, '') <> ''",
     "exists (select 1 from AE as B where B.AESEQ = AE.AESEQ and B.AESPID is distinct from AE.AESPID)"],
)  # fmt: skip
def test_like_is_compared_with_like(where):
    found = run_checks([check(f"select AESPID from AE where {where}")], {"AE": AE}, alike=["A"])
    assert found.ran[0].state == RAN, found


def test_a_join_without_an_end_is_ended_and_has_not_passed(monkeypatch):
    monkeypatch.setattr(run, "LONGEST_SECONDS", 0.2)
    many = dataset("AE", USUBJID=[str(i) for i in range(NUMBERS)])
    endless = "select a.USUBJID from AE a join AE b on true join AE c on a.USUBJID || b.USUBJID || c.USUBJID = 'no'"
    found = run_checks([check(endless), check("select USUBJID from AE")], {"AE": many})
    assert [one.state for one in found.ran] == [NOT_RUN, RAN]
    assert found.ran[0].why == "AE: it took longer than 0 seconds"
    assert found.issues[0].records == NUMBERS


def test_a_column_that_a_with_makes_is_known_without_its_alias():
    select = "with k as (select AESEQ + 1 as next from AE x) select AESEQ from AE join k on next = AESEQ"
    found = run_checks([check(select)], {"AE": AE})
    assert (found.ran[0].state, found.issues[0].values) == (RAN, ("AESEQ=2",))
    alone = "select AESEQ from AE where AESEQ in (select more from (select 2 as more) as t where more > 1)"
    assert run_checks([check(alone)], {"AE": AE}).issues[0].values == ("AESEQ=2",)


GOOD = {"AE": "USUBJID,AETERM\n1,Pain\n"}


def test_bad_examples_without_a_mark_are_told():
    one = check("select AETERM from AE where AETERM is null")
    tried = self_test([one], {"A": Examples(GOOD, {"AE": "USUBJID,AETERM\n1,\n"})})
    assert tried.faults == (
        ("A", "fails: no record is marked: write the column !, with x at each record that must be found"),
    )


def test_types_of_columns_that_no_example_has_are_told():
    one = check("select AETERM from AE where AETERM is null", "types: {AETREM: text}")
    tried = self_test([one], {"A": Examples(GOOD, {"AE": "USUBJID,AETERM,!\n1,,x\n"})})
    assert tried.faults == (("A", "types: no example has a column AETREM"),)


@pytest.mark.parametrize(
    ("said", "told"),
    [("types: {AETERM: numeric}", "AETERM 'numeric'"), ("types: [text]", "types is no mapping")],
)
def test_types_that_are_none_are_refused(said, told):
    with pytest.raises(SpecErrors, match=told):
        check("select AETERM from AE", said)


def test_of_two_checks_of_one_id_that_of_the_study_is_told(tmp_path):
    entry = "- {id: A, severity: note, text: T., query: Please look., select: select USUBJID from DM}\n"
    for folder, name in (("bundled", "zz.yaml"), ("study", "aa.yaml")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(f"checks:\n  {entry}", encoding="utf-8")
    with pytest.raises(SpecErrors) as found:
        read_edit_checks(tmp_path / "bundled", tmp_path / "study")
    assert str(found.value).startswith("aa.yaml:2: the id A stands twice")
    assert "as that of the first, zz.yaml:2, to stand in for it" in str(found.value)


@pytest.mark.parametrize("side", ["right", "full"])
def test_a_join_that_gives_rows_without_a_record_is_refused(side):
    with pytest.raises(SpecErrors, match=f"{side} join gives rows that are no record"):
        check(f"select a.AESPID from AE a {side} join CM c on c.USUBJID = a.USUBJID")
