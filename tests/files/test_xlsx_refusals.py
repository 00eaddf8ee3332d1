"""Workbooks that cannot be read rightly are refused, with the sheet, the cell and the way out."""

import zipfile

import pytest
import xlsxwriter
from raw_samples import changed, refusal, workbook

SHEET = "xl/worksheets/sheet1.xml"
CELLS = {"A1": "A", "B1": "B", "A2": "1", "B2": "2"}


@pytest.mark.bad_input("B017")
def test_of_several_sheets_none_is_guessed(tmp_path):
    def hide(book):
        book["Sheet2"].sheet_state = "hidden"

    path = workbook(tmp_path, CELLS, {"A1": "x"}, change=hide)
    assert refusal(path) == [
        (
            "FORM.xlsx",
            "the workbook has 2 sheets (Sheet1, Sheet2 (hidden)) and the contract names none",
            "write read: {sheet: NAME} in its contract",
        )
    ]


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path):
    assert refusal(workbook(tmp_path, CELLS), sheet="sheet1") == [
        (
            "FORM.xlsx",
            "the workbook has no sheet 'sheet1'",
            "correct sheet: in read: of its contract; there are: Sheet1",
        )
    ]


@pytest.mark.bad_input("B017")
def test_a_formula_that_no_one_computed_is_named_by_its_cell(tmp_path):
    [(where, what, mend)] = refusal(workbook(tmp_path, {**CELLS, "B3": "=A2*2"}))
    assert where == "FORM.xlsx: Sheet1"
    assert what == "the formula in cell B3 has no value: a program wrote it, and no one computed it"
    assert mend.startswith("open the workbook in Excel, let it calculate, and save it")


@pytest.mark.bad_input("B017")
def test_a_title_taken_for_the_header_is_found_by_columns_without_names(tmp_path):
    [(where, what, mend), *_] = refusal(
        workbook(tmp_path, {"A1": "Study S1", "A3": "A", "B3": "B", "A4": "1", "B4": "2"})
    )
    assert (where, what) == ("FORM.xlsx: Sheet1, row 1", "column B has no name, and a value in row 3")
    assert "read: {header: 4}" in mend


def test_a_header_row_without_names_is_told(tmp_path):
    [(where, what, _)] = refusal(workbook(tmp_path, CELLS), header="7")
    assert (where, what) == ("FORM.xlsx: Sheet1, row 7", "there is nothing in the header row")


@pytest.mark.bad_input("B017")
def test_a_merged_header_names_its_columns_alike_and_asks_for_the_row_below(tmp_path):
    path = workbook(
        tmp_path,
        {"A1": "CD22", "A2": "Pct", "B2": "MESF", "A3": "1"},
        change=lambda book: book["Sheet1"].merge_cells("A1:B1"),
    )
    [(_, what, mend)] = refusal(path)
    assert what == "the columns 'CD22' and 'CD22' are both CD22, whatever the case"
    assert mend == "the header is merged (A1:B1): if the row below it holds names too, say read: {header: [1, 2]}"


def test_two_names_that_become_one_are_refused(tmp_path):
    [(_, what, _)] = refusal(workbook(tmp_path, {"A1": "IT.X", "B1": "it_x", "A2": "1", "B2": "2"}))
    assert what == "the columns 'IT.X' and 'it_x' are both it_x, whatever the case"


@pytest.mark.parametrize("part", [0.3, 0.7, 0.98])
def test_a_workbook_that_was_cut_is_refused(tmp_path, part):
    path = workbook(tmp_path, CELLS)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * part)])
    [(where, what, _)] = refusal(path)
    assert (where, what) == ("FORM.xlsx", "the workbook is cut or damaged (File is not a zip file)")


def test_a_sheet_that_is_damaged_inside_is_refused(tmp_path):
    path = changed(workbook(tmp_path, CELLS), SHEET, "</sheetData>", "")
    [(where, what, _)] = refusal(path)
    assert where.startswith("FORM.xlsx: Sheet1, line")
    assert what.startswith("the XML is damaged (Opening and ending tag mismatch: sheetData")


def test_a_workbook_with_a_document_type_is_refused(tmp_path):
    bomb = '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]><worksheet'
    [(where, what, _)] = refusal(changed(workbook(tmp_path, CELLS), SHEET, "<worksheet", bomb))
    assert (where, what) == (
        f"FORM.xlsx: {SHEET}",
        "the file declares a document type (DTD), which is not read",
    )


@pytest.mark.bad_input("B019")
def test_a_workbook_that_would_unpack_without_end_is_refused(tmp_path):
    path = workbook(tmp_path, CELLS)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/bomb.xml", "w") as part:
        for _ in range(260):
            part.write(bytes(1 << 20))
    [(_, what, _)] = refusal(path)
    assert what.startswith("xl/bomb.xml would unpack to 272,629,760 bytes, from 26")


@pytest.mark.bad_input("B017")
def test_a_workbook_with_a_password_is_refused_as_such(tmp_path):
    path = tmp_path / "FORM.xlsx"
    path.write_bytes(
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    )
    assert refusal(path) == [
        (
            "FORM.xlsx",
            "this is an Office file protected by a password, not an Excel workbook (.xlsx) as its name says",
            "save it without the password; passwords are not asked for and not stored",
        )
    ]


def test_cells_that_refer_to_no_text_are_refused(tmp_path):
    path = tmp_path / "FORM.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Flow").write_column(0, 0, ["A", "1"])
    changed(path, SHEET, '<c r="A2" t="s"><v>1</v></c>', '<c r="A2" t="s"><v>99</v></c>')
    [(where, what, _)] = refusal(path)
    assert (where, what) == ("FORM.xlsx: Flow", "cell A2 refers to a text that is not there")
