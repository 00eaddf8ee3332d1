"""Reading workbooks: each cell as it is stored, dates as they are shown, nothing lost unseen."""

import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from raw_samples import changed, column, rows, told, workbook

SHEET = "xl/worksheets/sheet1.xml"


def test_texts_numbers_and_truth_values_are_read_as_they_are_stored(tmp_path):
    path = workbook(
        tmp_path,
        {
            "A1": "ID",
            "B1": "VALUE",
            "A2": "007",
            "B2": 5,
            "A3": "NA",
            "B3": 0.1,
            "A4": " x ",
            "B4": 123456789,
            "A5": "1E5",
            "B5": 1e-7,
            "A6": "=1",
            "B6": True,
            "A7": "l1\nl2",
            "B7": -0.5,
        },
        change=lambda book: setattr(book["Sheet1"]["A6"], "data_type", "s"),
    )
    changed(path, SHEET, "<v>123456789</v>", "<v>12345678901234567890</v>")
    assert [tuple(row.values()) for row in rows(path)] == [
        ("007", "5"),
        ("NA", "0.1"),
        (" x ", "12345678901234567890"),
        ("1E5", "0.0000001"),
        ("=1", "TRUE"),
        ("l1\nl2", "-0.5"),
    ]


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (date(2014, 10, 2), "dd/mm/yyyy", "2014-10-02"),
        (date(1900, 1, 1), "yyyy-mm-dd", "1900-01-01"),
        (date(1900, 2, 28), "yyyy-mm-dd", "1900-02-28"),
        (date(1900, 3, 1), "yyyy-mm-dd", "1900-03-01"),
        (datetime(2014, 10, 2, 10, 30), "dd/mm/yyyy", "2014-10-02T10:30"),
        (datetime(2014, 10, 2, 10, 30), "dd/mm/yyyy hh:mm", "2014-10-02T10:30"),
        (datetime(2014, 10, 2, 10, 30, 5), "dd/mm/yyyy hh:mm", "2014-10-02T10:30:05"),
        (datetime(2014, 10, 2), "yyyy-mm-dd hh:mm:ss", "2014-10-02T00:00:00"),
        (datetime(2014, 10, 2), '[$-409]d"th" mmm\\ yy;@', "2014-10-02"),
        (time(9, 5), "h:mm", "09:05"),
        (time(9, 5, 7), "h:mm AM/PM", "09:05:07"),
        (time(0, 0), "hh:mm:ss", "00:00:00"),
        (timedelta(hours=25, minutes=30), "[h]:mm", "25:30"),
        (datetime(2014, 10, 1), "mmm-yy", "2014-10"),
        (datetime(2014, 10, 17), "mmm-yy", "2014-10-17"),
        (datetime(2014, 1, 1), "yyyy", "2014"),
        (41914, "General", "41914"),
        (41914, '0 "days"', "41914"),
        (41914.5, "[Red]0.00;[Blue]-0.00", "41914.5"),
    ],
)
def test_a_date_is_read_with_the_parts_that_its_format_shows(tmp_path, value, code, text):
    path = workbook(tmp_path, {"A1": "D", "B1": "E", "A2": value, "B2": "x"}, formats={"A2": code})
    assert column(path, "D") == [text]


def test_a_workbook_of_the_mac_counts_from_1904(tmp_path):
    def old(book):
        book.epoch = CALENDAR_MAC_1904

    path = workbook(tmp_path, {"A1": "D", "A2": datetime(2014, 10, 2, 8, 30)}, change=old)
    assert "1904" in openpyxl.load_workbook(path).epoch.isoformat()
    assert column(path, "D") == ["2014-10-02T08:30:00"]


def test_dates_stored_as_texts_stay_texts_beside_real_ones(tmp_path):
    path = workbook(tmp_path, {"A1": "D", "A2": date(2014, 10, 2), "A3": "UN OCT 2014", "A4": "02/10/2014"})
    assert column(path, "D") == ["2014-10-02", "UN OCT 2014", "02/10/2014"]


def test_dates_stored_as_iso_8601_are_read(tmp_path):
    path = workbook(tmp_path, {"A1": "D", "A2": date(2014, 10, 2)})
    changed(
        path, SHEET, '<c r="A2" s="1" t="n"><v>41914</v></c>', '<c r="A2" s="1" t="d"><v>2014-10-02T00:00:00</v></c>'
    )
    assert column(path, "D") == ["2014-10-02"]


def test_runs_with_formats_of_their_own_are_one_text(tmp_path):
    rich = CellRichText("CD", TextBlock(InlineFont(vertAlign="superscript"), "22"), "+")
    assert column(workbook(tmp_path, {"A1": "T", "A2": rich}), "T") == ["CD22+"]


def test_control_characters_that_excel_escapes_are_read(tmp_path):
    path = changed(workbook(tmp_path, {"A1": "T", "A2": "aXb"}), SHEET, "aXb", "a_x000D_b")
    assert column(path, "T") == ["a\rb"]


def test_texts_that_the_workbook_keeps_once_are_read_in_each_cell(tmp_path):
    path = tmp_path / "FORM.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_column(0, 0, ["T", "same", "other", "same"])
        bold = book.add_format({"bold": True})
        sheet.write_rich_string(4, 0, "CD", bold, "22", "+")
    with zipfile.ZipFile(path) as archive:
        assert b"same" in archive.read("xl/sharedStrings.xml")
    assert column(path, "T") == ["same", "other", "same", "CD22+"]


def test_a_formula_is_read_as_its_value_and_an_empty_text_is_missing(tmp_path):
    path = workbook(tmp_path, {"A1": "N", "B1": "T", "A2": "=1+1", "B2": '=""', "A3": 1})
    changed(path, SHEET, "<f>1+1</f><v></v>", "<f>1+1</f><v>2</v>")
    changed(path, SHEET, '<c r="B2"><f>""</f><v></v>', '<c r="B2" t="str"><f>""</f><v></v>')
    assert [tuple(row.values()) for row in rows(path)] == [("2", None), ("1", None)]


def test_rows_without_any_value_are_no_records(tmp_path):
    path = workbook(tmp_path, {"A1": "A", "B1": "B", "A2": "1", "A4": "  ", "B5": "2", "C9": None})
    assert [tuple(row.values()) for row in rows(path)] == [("1", None), (None, None), (None, "2")]


def test_titles_stand_above_the_header_and_names_of_two_rows_are_joined(tmp_path):
    def merge(book):
        book["Sheet1"].merge_cells("A3:A4")
        book["Sheet1"].merge_cells("B3:C3")

    path = workbook(
        tmp_path,
        {
            "A1": "Study S1",
            "A2": date(2014, 10, 2),
            "A3": "Patient",
            "B3": "CD22",
            "B4": "Pct",
            "C4": "MESF",
            "D4": "QNS?",
            "A5": "1001",
            "B5": 98.4,
            "C5": 1676,
            "D5": "x",
        },
        change=merge,
    )
    assert rows(path, header=["3", "4"]) == [{"Patient": "1001", "CD22_Pct": "98.4", "CD22_MESF": "1676", "QNS_": "x"}]


def test_a_header_without_any_record_gives_no_rows(tmp_path):
    assert rows(workbook(tmp_path, {"A1": "A", "B1": "B"})) == []


@pytest.mark.bad_input("B017")
def test_cells_with_errors_are_missing_and_told_with_their_addresses(tmp_path):
    path = workbook(tmp_path, {"A1": "PCT", "A2": "#N/A", "A3": 1, "A4": "#REF!", "A5": "#N/A"})
    assert column(path, "PCT") == ["1"]
    assert told(path) == [
        ("raw-cell-error", "error", "the error #N/A stands in 2 cells, read as missing: A2, A5"),
        ("raw-cell-error", "error", "the error #REF! stands in 1 cell, read as missing: A4"),
    ]


def test_the_value_of_merged_cells_belongs_to_the_first_and_the_merging_is_told(tmp_path):
    path = workbook(
        tmp_path,
        {"A1": "ID", "B1": "V", "A2": "1001", "B2": 1, "B3": 2},
        change=lambda book: book["Sheet1"].merge_cells("A2:A3"),
    )
    assert rows(path) == [{"ID": "1001", "V": "1"}, {"ID": None, "V": "2"}]
    what = "1 area of merged cells; the value belongs to the first cell, the others are missing: A2:A3"
    assert told(path) == [("raw-merged", "warning", what)]


@pytest.mark.bad_input("B017")
def test_what_is_hidden_is_read_and_told(tmp_path):
    def hide(book):
        book["Sheet1"].row_dimensions[3].hidden = True
        book["Sheet1"].column_dimensions["B"].hidden = True
        book["Sheet1"].sheet_state = "hidden"

    path = workbook(tmp_path, {"A1": "A", "B1": "B", "A2": "1", "A3": "2", "B3": "3"}, {"A1": "x"}, change=hide)
    assert rows(path, sheet="Sheet1") == [{"A": "1", "B": None}, {"A": "2", "B": "3"}]
    assert told(path, sheet="Sheet1") == [
        ("raw-hidden", "warning", "the sheet Sheet1 is hidden in its workbook; its records are read"),
        ("raw-hidden", "warning", "1 row of the sheet hidden or filtered out, and read: row 3"),
        ("raw-hidden", "warning", "column B of the sheet is hidden; it is read"),
    ]


def test_what_is_shown_otherwise_than_it_is_stored_is_told(tmp_path):
    path = workbook(
        tmp_path,
        {"A1": "D", "B1": "P", "C1": "X", "A2": date(2014, 10, 1), "B2": 0.984, "C2": -5},
        formats={"A2": "mmm-yy", "B2": "0.0%", "C2": "yyyy-mm-dd"},
    )
    assert rows(path) == [{"D": "2014-10", "P": "0.984", "X": "-5"}]
    first_of_month = "Excel stores the first of the month for what was typed as month and year"
    assert told(path) == [
        ("raw-date-cell", "error", "1 cell: formatted as a date without holding one; kept as it is: C2"),
        (
            "raw-date-coarse",
            "warning",
            "1 cell: a date shown without its day; " + first_of_month + ": A2",
        ),
        ("raw-percent", "warning", "1 cell: shown as a percentage; read as the fraction that is stored: B2"),
    ]
