"""What has changed in a form between two transfers, and what of it stops a run."""

import pyarrow as pa
import pytest

from sdtm2adam.compute.iso import DateForms
from sdtm2adam.intake.drift import Form, compare_form
from sdtm2adam.spec.closed import read
from sdtm2adam.spec.study import Contract
from sdtm2adam.spec.yaml import loads

CONTRACT = """
file: F.csv
key: [ID]
columns:
  ID: {type: integer}
  SUBJ: {}
  STDAT: {type: date}
  DOSE: {type: number}
  NOTE: {}
"""
DATES = DateForms(("DD MON YYYY", "DD/MM/YYYY"), ("UN",))


def table(text: str) -> pa.Table:
    """A drawn table: `.` is missing, `_` a blank."""
    head, *rows = [line.split() for line in text.strip().splitlines()]
    columns = zip(*rows, strict=True) if rows else [[] for _ in head]
    cells = [[None if c == "." else c.replace("_", " ") for c in column] for column in columns]
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip(head, cells, strict=True)})


def form(before: str | pa.Table, after: str | pa.Table, *, uses=("STDAT", "DOSE"), contract=CONTRACT) -> Form:
    said = read(Contract, loads(contract, "F.yaml"), "F", "F.yaml")
    tables = [one if isinstance(one, pa.Table) else table(one) for one in (before, after)]
    return Form("F", said, *tables, {column: (f"EX.{column}",) for column in uses},
                frozenset({"ID"}), ["HK*"], DATES, "F.csv")  # fmt: skip


def told(drift) -> list[tuple[str, str, str, int]]:
    return [(issue.rule, str(issue.severity), issue.variable, issue.records) for issue in drift.issues]


BEFORE = """
ID SUBJ STDAT       DOSE NOTE HK
1  11   01_JAN_2020 1.5  a    x
2  11   02_JAN_2020 2    .    x
9  12   03_JAN_2020 2.5  c    x
10 12   04_JAN_2020 3    d    x
"""


def test_the_same_extract_again_is_a_note():
    assert told(compare_form(form(BEFORE, BEFORE))) == [("raw-extract-same", "note", "", 4)]


@pytest.mark.bad_input("B100")
def test_records_new_gone_and_changed_are_counted_named_and_listed_and_housekeeping_is_not_compared():
    after = """
    ID SUBJ STDAT       DOSE NOTE HK
    10 12   04_JAN_2020 3    .    y
    9  12   03_JAN_2020 2.75 c    y
    2  11   02_JAN_2020 2    b    y
    11 13   05_JAN_2020 1    .    y
    """
    drift = compare_form(form(BEFORE, after))
    assert told(drift) == [
        ("raw-records-gone", "warning", "", 1),
        ("raw-records-new", "note", "", 1),
        ("raw-values-changed", "note", "DOSE", 1),
        ("raw-values-changed", "note", "NOTE", 2),
    ]
    assert [issue.keys for issue in drift.issues] == [("ID=1",), ("ID=11",), ("ID=9",), ("ID=2", "ID=10")]
    assert [tuple(row.values()) for row in drift.listing.to_pylist()] == [
        ("F", "ID=1", "gone", None, None, None),
        ("F", "ID=2", "changed", "NOTE", None, "b"),
        ("F", "ID=9", "changed", "DOSE", "2.5", "2.75"),
        ("F", "ID=10", "changed", "NOTE", "d", None),
        ("F", "ID=11", "new", None, None, None),
    ]
    assert drift.errors == ()


@pytest.mark.bad_input("B026")
def test_the_order_of_records_and_columns_changes_nothing():
    turned = table(BEFORE)
    turned = turned.take([3, 0, 2, 1]).select(list(reversed(turned.column_names)))
    assert told(compare_form(form(BEFORE, turned))) == []


def test_an_extract_with_a_twentieth_less_is_told_and_with_fewer_missing_is_not():
    def many(rows: int) -> pa.Table:
        return table("ID SUBJ STDAT DOSE NOTE\n" + "\n".join(f"{i} 1 . 1 ." for i in range(rows)))

    assert [rule for rule, *_ in told(compare_form(form(many(100), many(94))))] == [
        "raw-extract-shrunk", "raw-records-gone",
    ]  # fmt: skip
    assert [rule for rule, *_ in told(compare_form(form(many(100), many(95))))] == ["raw-records-gone"]


def test_a_file_with_nothing_but_column_names_is_told():
    head = BEFORE.strip().splitlines()[0]
    assert told(compare_form(form(BEFORE, head)))[0] == ("raw-extract-empty", "warning", "", 4)


def test_a_key_that_stands_twice_is_an_error_and_records_are_not_compared():
    drift = compare_form(form(BEFORE, BEFORE + "10 12 04_JAN_2020 3 z x\n"))
    assert told(drift) == [("raw-key-duplicated", "error", "", 1)]
    assert drift.issues[0].keys == ("ID=10",)
    assert drift.listing.num_rows == 0


def test_a_column_gone_stops_where_a_spec_reads_it_and_is_a_warning_else():
    after = table(BEFORE).drop_columns(["NOTE", "DOSE"])
    drift = compare_form(form(BEFORE, after))
    assert told(drift) == [("raw-column-gone", "warning", "NOTE", 3)]
    assert [error.what for error in drift.errors] == [
        "form F: the column DOSE of the previous transfer is gone, and EX.DOSE reads it"
    ]


def test_a_renamed_column_is_known_by_its_values():
    after = table(BEFORE).rename_columns(["ID", "SUBJ", "STDAT", "EXDOSE", "REMARK", "HK"])
    drift = compare_form(form(BEFORE, after))
    assert told(drift) == [("raw-column-renamed", "warning", "NOTE", 3)]
    assert "NOTE is now called REMARK (the same in 3 of 3 records)" in drift.issues[0].text
    assert "DOSE of the previous transfer is now called EXDOSE (the same in 4 of 4 records)" in drift.errors[0].what


def test_a_renamed_key_is_known_by_its_values_too():
    after = table(BEFORE).rename_columns(["RECORD", "SUBJ", "STDAT", "DOSE", "NOTE", "HK"])
    what = compare_form(form(BEFORE, after)).errors[0].what
    assert "ID of the previous transfer is now called RECORD (the same in 4 of 4 different values)" in what
    assert "its contract needs it" in what


def test_a_new_column_with_other_values_is_new_and_not_renamed():
    after = table(BEFORE).append_column("MORE", pa.array(["q", None, "r", "s"]))
    assert told(compare_form(form(BEFORE, after))) == [("raw-column-new", "warning", "MORE", 3)]


def test_a_new_column_that_the_contract_knows_already_is_not_new():
    contract = CONTRACT + "not_submitted: {MORE: a flag of the vendor}\n"
    after = table(BEFORE).append_column("MORE", pa.array(["q", None, "r", "s"]))
    assert told(compare_form(form(BEFORE, after, contract=contract))) == []


def with_values(column: str, values: list[str]) -> pa.Table:
    before = table(BEFORE)
    return before.set_column(before.column_names.index(column), column, pa.array(values, pa.string()))


def test_numbers_that_are_none_any_more_stop_the_spec_that_reads_them():
    after = with_values("DOSE", ["1,5", "2", "2,5", "3"])
    drift = compare_form(form(BEFORE, after))
    assert told(drift)[0] == ("raw-column-retyped", "error", "DOSE", 2)
    assert drift.errors[0].what == "F.DOSE: 2 of 4 values are not a number ('1,5', '2,5'); EX.DOSE reads it"
    assert compare_form(form(BEFORE, after, uses=())).errors == ()


def test_one_slip_among_many_numbers_is_a_warning():
    def many(last: str) -> pa.Table:
        rows = [f"{i} 1 . 1 ." for i in range(99)]
        return table("ID SUBJ STDAT DOSE NOTE\n" + "\n".join([*rows, f"99 1 . {last} ."]))

    drift = compare_form(form(many("1"), many("ND")))
    assert told(drift)[0] == ("raw-value-untyped", "warning", "DOSE", 1)
    assert drift.errors == ()


def test_dates_in_another_form_that_is_read_alike_are_a_warning():
    iso = with_values("STDAT", ["2020-01-01", "2020-01-02", "2020-01-03", "2020-01-04"])
    drift = compare_form(form(BEFORE, iso))
    assert told(drift)[0] == ("raw-date-form-changed", "warning", "STDAT", 0)
    assert drift.errors == ()


def test_dates_that_would_be_read_as_other_days_stop():
    before = with_values("STDAT", ["25/01/2020", "26/01/2020", "02/03/2020", "04/03/2020"])
    after = with_values("STDAT", ["01/25/2020", "01/26/2020", "03/02/2020", "03/04/2020"])
    drift = compare_form(form(before, after))
    assert told(drift)[0] == ("raw-column-retyped", "error", "STDAT", 4)
    assert "was written DD/MM/YYYY and is now written MM/DD/YYYY: 4 of 4 would be read as another day" in (
        drift.errors[0].what
    )


def test_dates_that_cannot_be_read_any_more_are_an_error():
    after = with_values("STDAT", ["Jan-1-20", "Jan-2-20", "Jan-3-20", "Jan-4-20"])
    drift = compare_form(form(BEFORE, after))
    assert told(drift)[0] == ("raw-column-retyped", "error", "STDAT", 4)


@pytest.mark.parametrize("hostile", ["O'Brien", '=cmd|" /C"', "a,b;c", "Ω\u202e"])
@pytest.mark.bad_input("B086")
def test_any_text_may_be_a_key_or_a_value(hostile):
    before = pa.table({"ID": [hostile], "SUBJ": ["1"], "STDAT": [None], "DOSE": ["1"], "NOTE": ["x"]},
                      schema=table(BEFORE).drop_columns(["HK"]).schema)  # fmt: skip
    after = before.set_column(4, "NOTE", pa.array([hostile]))
    rows = compare_form(form(before, after)).listing.to_pylist()
    assert [(row["record"], row["after"]) for row in rows] == [(f"ID={hostile}", hostile)]


def test_nothing_given_is_changed():
    before, after = table(BEFORE), table(BEFORE).slice(1)
    compare_form(form(before, after))
    assert before.equals(table(BEFORE))
    assert after.equals(table(BEFORE).slice(1))
