"""Value lists of define.xml against data: conditions, and what is asked of the values of their records."""

from functools import partial

import pyarrow as pa
import pytest
from value_lists import check, dataset_of, document, faults_of

from sdtm2adam.model import Severity
from sdtm2adam.spec.yaml import loads
from sdtm2adam.validate.sql.check import check_of
from sdtm2adam.validate.sql.meta_define import define_tables
from sdtm2adam.validate.sql.run import run_checks


@pytest.fixture
def faults(tmp_path):
    return partial(faults_of, tmp_path / "define.xml")


def told(rows, *names):
    return [tuple(row[name] for name in names) for row in rows]


EVERY = 'DataType="text"><CodeListRef CodeListOID="CL"/></ItemDef>'
NONE_FITS = '<CodeList OID="CL"><EnumeratedItem CodedValue="-"/></CodeList>'
"""A codelist with none of the values: what is found shows of which records the condition is true."""
TEXTS = {"ID": list("ABCDE"), "CAT": ["alt", "ast", "ALT", None, "  "], "VAL": list("abcde")}
NUMBERS = {"ID": list("ABCDE"), "CAT": [1.0, 10.0, 0.1 + 0.2, None, 2.0], "VAL": list("abcde")}


@pytest.mark.parametrize(
    ("columns", "comparator", "values", "found"),
    [
        (TEXTS, "EQ", ["alt"], "a"), (TEXTS, "NE", ["alt"], "bcde"), (TEXTS, "IN", ["alt", "ast"], "ab"),
        (TEXTS, "NOTIN", ["alt", "ast"], "cde"), (TEXTS, "LT", ["alt"], "c"), (TEXTS, "LE", ["alt"], "ac"),
        (TEXTS, "GT", ["alt"], "b"), (TEXTS, "GE", ["alt"], "ab"), (TEXTS, "EQ", ["\n  alt\n"], "a"),
        (TEXTS, "EQ", ["x' or '1' = '1"], ""), (TEXTS, "IN", ["x') --", "ast"], "b"),
        (NUMBERS, "EQ", ["1.0"], "a"), (NUMBERS, "EQ", ["0.3"], "c"), (NUMBERS, "NE", ["1"], "bcde"),
        (NUMBERS, "IN", ["10", "02"], "be"), (NUMBERS, "NOTIN", ["10", "0.3"], "ade"), (NUMBERS, "LT", ["2"], "ac"),
        (NUMBERS, "LE", ["0.3"], "c"), (NUMBERS, "GT", ["0.3"], "abe"), (NUMBERS, "GE", ["2"], "be"),
        ({**NUMBERS, "CAT": pa.array([9, 10, 11, None, 2], pa.int64())}, "GE", ["10"], "bc"),
        ({**TEXTS, "CAT": pa.array(TEXTS["CAT"]).dictionary_encode()}, "NE", ["ast"], "acde"),
    ],
)  # fmt: skip
def test_a_condition_is_true_of_the_records_it_says(faults, columns, comparator, values, found):
    text = document(
        "LB", columns, "VAL", clauses=[[check("IT.CAT", comparator, *values)]], items=[EVERY], more=NONE_FITS
    )
    rows = faults(text, "LB", columns)
    assert "".join(row["value"] for row in rows) == found
    assert {row["fault"] for row in rows} <= {"codelist"}


def test_checks_of_one_clause_are_and_and_several_clauses_are_or(faults):
    columns = {"CAT": ["A", "A", "B", "C"], "SPEC": ["U", "B", "B", "B"], "VAL": ["1", "2", "3", "4"]}
    clauses = [[check("IT.CAT", "EQ", "A"), check("IT.SPEC", "NE", "U")], [check("IT.CAT", "IN", "C", "D")]]
    rows = faults(document("LB", columns, "VAL", clauses=clauses, items=[EVERY], more=NONE_FITS), "LB", columns)
    assert told(rows, "value", "places") == [("2", "1"), ("4", "3")]
    assert {row["condition"] for row in rows} == {"(CAT = 'A' and SPEC <> 'U') or CAT in ('C', 'D')"}


def test_a_row_says_what_is_wrong_and_where(faults):
    columns = {"PARAMCD": ["AGE", "AGE", "SEX", "AGE"], "N": [1.0, 2.0, 1.0, 2.0], "AVALC": ["x", "x", "x", "y"]}
    clauses = [[check("IT.PARAMCD", "EQ", "AGE"), check("IT.N", "GE", "1")]]
    more = '<CodeList OID="CL"><CodeListItem CodedValue="y"/></CodeList>'
    text = document("ADX", columns, "AVALC", clauses=clauses, items=[EVERY], more=more, version="adam 2.0")
    assert faults(text, "ADX", columns, "adam") == [{
        "dataset": "ADX", "variable": "AVALC", "stage": "adam", "condition": "PARAMCD = 'AGE' and N >= 1",
        "item": "IT.V0", "fault": "codelist", "value": "x", "records": 2, "asked": "CL", "why": None, "places": "0 1",
    }]  # fmt: skip
    assert faults(text, "ADX", columns, "sdtm") == []  # the document is of the other stage
    assert faults(text, "ADY", columns, "adam") == []


ALL = [[check("IT.CAT", "EQ", "A")]]


def asked_of(values, item, *, more="", mandatory="No"):
    columns = {"CAT": ["A"] * len(values), "VAL": values}
    return document("LB", columns, "VAL", clauses=ALL, items=[item], more=more, mandatory=mandatory), "LB", columns


@pytest.mark.parametrize(
    ("codelist", "values", "found"),
    [
        ('<EnumeratedItem CodedValue="A"/><EnumeratedItem CodedValue="B"/>', ["A", "b", None, "B"], ["b"]),
        ('<CodeListItem CodedValue="A"/>', ["A", "A ", " A"], [" A", "A "]),
        ('<CodeListItem CodedValue="O\'K"/><EnumeratedItem CodedValue="B"/>', ["O'K", "B", "C"], ["C"]),
        ('<ExternalCodeList Dictionary="MedDRA" Version="26"/>', ["A", "b"], []),
        ("", ["A", "b"], []),
        ('<CodeListItem CodedValue="1"/><CodeListItem CodedValue="0.3"/>', [1.0, 0.1 + 0.2, None, 2.0], ["2"]),
        ('<CodeListItem CodedValue="one"/>', [1.0, None], ["1"]),
    ],
)
def test_values_are_terms_of_the_codelist_of_their_item(faults, codelist, values, found):
    rows = faults(*asked_of(values, EVERY, more=f'<CodeList OID="CL">{codelist}</CodeList>'))
    assert told(rows, "fault", "value") == [("codelist", value) for value in found]


def test_a_codelist_that_is_not_there_and_an_item_without_one_ask_nothing(faults):
    assert faults(*asked_of(["x"], EVERY)) == []
    assert faults(*asked_of(["x"], 'DataType="text"/>')) == []
    assert faults(*asked_of(["x"], "/>")) == []


@pytest.mark.parametrize(
    ("item", "values", "found"),
    [
        ('DataType="text" Length="4"/>', ["four", "größ", "fives", None], ["fives"]),  # characters, not bytes
        ('DataType="float" Length="3"/>', ["-1.25", "12.34"], ["12.34"]),
        ('DataType="text" Length="1"/>', [12.5], []),
        ('DataType="text"/>', ["anything"], []),
    ],
)
def test_a_text_is_not_longer_than_the_length_of_its_item(faults, item, values, found):
    assert told(faults(*asked_of(values, item)), "fault", "value") == [("length", value) for value in found]


@pytest.mark.parametrize(
    ("kind", "values", "found"),
    [
        ("text", ["1", "anything"], []),
        ("integer", ["1", "-2", " 3", "1.0", "x", None], ["1.0", "x"]),
        ("integer", [1.0, 2.5, None], ["2.5"]),
        ("float", ["1", ".5", "-1.5", "1E3", "<1", "1,5", "nan"], ["1,5", "<1", "nan"]),
        ("float", [1.5], []),
        ("date", ["2024-02-29", "2023-02-29", "2024-02", "2024-02-29T10:00"],
         ["2023-02-29", "2024-02", "2024-02-29T10:00"]),
        ("partialDate", ["2024", "2024-02", "2024-02-29", "2024-13", "24"], ["24", "2024-13"]),
        ("datetime", ["2024-02-29T10:00:00", "2024-02-29T10:00:00.5+01:00", "2024-02", "2024-02-29T25:00", "29FEB2024"],
         ["2024-02-29T25:00", "29FEB2024"]),
        ("partialDatetime", ["2024", "2024-02-29T10:30", "2024---29"], ["2024---29"]),
        ("incompleteDatetime", ["2024---29", "2024-02-29", "2024/02/29"], ["2024/02/29"]),
        ("time", ["10:30", "10:30:59", "24:30", "10"], ["10", "24:30"]),
        ("partialTime", ["10", "10:30:59Z", "10:60"], ["10:60"]),
        ("durationDatetime", ["P1D", "-PT2H", "1D"], ["1D"]),
        ("date", [20000.0], ["20000"]),
        ("intervalDatetime", ["what is not known here is not asked after"], []),
    ],
)  # fmt: skip
def test_a_value_is_of_the_type_of_its_item(faults, kind, values, found):
    rows = faults(*asked_of(values, f'DataType="{kind}"/>'))
    assert sorted(told(rows, "fault", "value", "asked")) == sorted(("type", value, kind) for value in found)


def test_dates_and_times_of_the_data_are_asked_only_to_be_there(faults):
    days = pa.array([19000, None], pa.date32())
    rows = faults(*asked_of(days, 'DataType="integer" Length="1"/>', mandatory="Yes"))
    assert told(rows, "fault", "records", "places") == [("mandatory", 1, "1")]


def test_a_mandatory_value_is_missing_where_it_is_blank(faults):
    rows = faults(*asked_of(["x", None, " ", ""], 'DataType="text"/>', mandatory="Yes"))
    assert told(rows, "fault", "value", "records", "places") == [("mandatory", None, 3, "1 2 3")]


def test_a_column_without_values_or_records_is_read_as_text(faults):
    text = document("LB", ["CAT", "VAL"], "VAL", clauses=[[check("IT.CAT", "NE", "A")]], items=[EVERY], more=NONE_FITS)
    assert told(faults(text, "LB", {"CAT": pa.nulls(2), "VAL": ["x", None]}), "value", "places") == [("x", "0")]
    assert faults(text, "LB", {"CAT": pa.nulls(0), "VAL": pa.nulls(0)}) == []


def test_supplemental_qualifiers_are_judged_by_their_names(faults):
    columns = {"QNAM": ["AETRTEM", "AETRTEM", "AEGRP"], "QVAL": ["Y", "Yes", "Yes"]}
    more = '<CodeList OID="CL"><CodeListItem CodedValue="Y"/></CodeList>'
    text = document("SUPPAE", columns, "QVAL", clauses=[[check("IT.QNAM", "EQ", "AETRTEM")]], items=[EVERY], more=more)
    assert told(faults(text, "SUPPAE", columns), "variable", "value", "records") == [("QVAL", "Yes", 1)]


OTHER = (
    '<ItemGroupDef OID="IG.DM" Name="DM"><ItemRef ItemOID="IT.COUNTRY"/></ItemGroupDef>'
    '<ItemDef OID="IT.COUNTRY" Name="COUNTRY"/>'
)


@pytest.mark.parametrize(
    ("checks", "condition", "why"),
    [
        ([check("IT.COUNTRY", "EQ", "USA")], "DM.COUNTRY = 'USA'", "DM.COUNTRY is of another dataset"),
        ([check("IT.CAT", "EQ", "A"), check("IT.COUNTRY", "EQ", "USA")], "CAT = 'A' and DM.COUNTRY = 'USA'",
         "DM.COUNTRY is of another dataset"),
        ([check("IT.GONE", "EQ", "1")], "GONE = '1'", "GONE is not in the data"),
        ([check("IT.X", "EQ", "1")], "IT.X = '1'", "IT.X is no variable of the dataset"),
        ([check("IT.CAT", "LIKE", "1")], "CAT LIKE '1'", "LIKE is no comparator"),
        ([check("IT.CAT", "EQ", "1", "2")], "CAT = '1', '2'", "EQ has 2 CheckValues"),
        ([check("IT.CAT", "IN")], "CAT in ()", "IN has 0 CheckValues"),
        ([check("IT.CAT", "EQ", "")], "CAT = ''", "a CheckValue for CAT is empty"),
        ([check("IT.CAT", "EQ", "NULL")], "CAT = 'NULL'", "NULL for CAT may be that text, or what is missing"),
        ([check("IT.N", "EQ", "one")], "N = 'one'", "N holds numbers and 'one' is none"),
        ([check("IT.CAT", "GT", "10")], "CAT > '10'", "CAT holds texts, which have no order by the number 10"),
        ([check("IT.D", "GT", "2024-01-01")], "D > '2024-01-01'",
         "D holds dates or times, which a CheckValue names in no one form"),
        ([], "WC.0", "the WhereClauseDef WC.0 has no RangeCheck"),
    ],
)  # fmt: skip
def test_a_condition_that_cannot_be_judged_is_told_and_not_guessed(faults, checks, condition, why):
    columns = {"CAT": ["A"], "N": [1.0], "D": pa.array([19000], pa.date32()), "VAL": ["x"]}
    text = document("LB", [*columns, "GONE"], "VAL", clauses=[checks, *ALL], items=[EVERY], more=NONE_FITS + OTHER)
    (row,) = faults(text, "LB", columns)
    shown = f"({condition}) or CAT = 'A'" if " and " in condition else f"{condition} or CAT = 'A'"
    assert (row["fault"], row["condition"], row["why"]) == ("unread", shown, why)
    assert (row["value"], row["records"], row["places"]) == (None, None, None)


def test_an_item_without_a_clause_and_one_whose_clause_is_not_there_are_unread(faults):
    columns = {"CAT": ["A"], "VAL": ["x"]}
    text = document("LB", columns, "VAL", clauses=[], items=[EVERY], more=NONE_FITS)
    assert told(faults(text, "LB", columns), "fault", "why") == [("unread", "it has no WhereClauseRef")]
    text = document("LB", columns, "VAL", clauses=ALL, items=[EVERY]).replace('Def OID="WC.0"', 'Def OID="WC.9"')
    assert told(faults(text, "LB", columns), "fault", "why") == [("unread", "there is no WhereClauseDef WC.0")]


def test_an_issue_names_the_records_of_its_condition_only(tmp_path):
    columns = {"USUBJID": ["1", "2", "3"], "CAT": ["A", "B", "A"], "VAL": ["x", "x", "-"]}
    path = tmp_path / "define.xml"
    path.write_text(document("LB", columns, "VAL", clauses=ALL, items=[EVERY], more=NONE_FITS), encoding="utf-8")
    rule = """
id: A-CHECK
severity: error
text: A value is in the codelist of its value list.
select: |
  select dataset, variable, value, records, condition, asked as codelist, places from meta.define_values
  where fault = 'codelist'
"""
    data = {"LB": dataset_of("LB", columns)}
    (issue,) = run_checks([check_of(loads(rule, "r.yaml"), "r")], data, meta=define_tables(path)).issues
    assert (issue.value, issue.records, issue.severity, issue.variable) == ("x", 1, Severity.ERROR, "VAL")
    assert issue.keys == ("USUBJID=1",)
    assert issue.text.endswith("Found 'x'. condition: CAT = 'A'. codelist: CL.")
