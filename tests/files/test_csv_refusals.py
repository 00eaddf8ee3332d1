"""CSV files that are not what they seem."""

import pytest
from csv_samples import refusal, rows

from sdtm2adam.errors import InputError, UsageError
from sdtm2adam.files.csv import read_csv


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path, content):
    assert refusal(tmp_path, content) == [("AE.csv", "the file is empty")]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        read_csv(tmp_path / "AE.csv")


def test_a_blank_first_line_is_refused(tmp_path):
    assert "the first line is blank" in refusal(tmp_path, "\nA,B\n1,2\n")[0][1]


def test_a_first_line_of_endless_length_is_refused(tmp_path):
    assert "cannot be one of column names" in refusal(tmp_path, "A" * 200_000 + ",B\n")[0][1]


@pytest.mark.parametrize("text", ["A,B", "A,B\n1,2\n3", "A,B\n1,2\n3,4", 'A,B\n1,2\n3,"4"'])
@pytest.mark.bad_input("B003")
def test_a_last_line_without_a_line_break_is_taken_for_a_cut(tmp_path, text):
    [(where, what)] = refusal(tmp_path, text)
    assert where == f"AE.csv, line {text.count(chr(10)) + 1}"
    assert "may have been cut" in what


@pytest.mark.bad_input("B003")
def test_a_quote_never_closed_is_told_with_its_line(tmp_path):
    assert refusal(tmp_path, 'A,B\n1,2\n3,"4\n5,6\n7,8\n') == [("AE.csv, line 3", "a quoted field is never closed")]


def test_a_quote_closed_by_a_later_field_is_told(tmp_path):
    assert refusal(tmp_path, 'A,B\n1,"2\n3,"4"\n') == [("AE.csv, line 3", "text follows a closing quote")]


def test_a_quote_inside_a_plain_field_is_told(tmp_path):
    what = "a quote stands inside a field that is not quoted"
    assert refusal(tmp_path, 'A,B\n1,5" pipe\n') == [("AE.csv, line 2", what)]
    assert refusal(tmp_path, 'A,B\n1, "x"\n') == [("AE.csv, line 2", what)]


@pytest.mark.parametrize("content", ["A;B;C\n1;2;3\n", "A;B;C\n1,5;2;3\n4,5;2;3\n", "A\tB\n1\t2\n", "A|B\n1|2\n"])
@pytest.mark.bad_input("B012")
def test_another_delimiter_is_refused_not_guessed(tmp_path, content):
    [(where, what)] = refusal(tmp_path, content)
    assert where == "AE.csv, line 1"
    assert "the file has one column; its first line holds a " in what


@pytest.mark.bad_input("B012")
def test_one_column_is_read_where_one_is_expected(tmp_path):
    assert rows(tmp_path, "SUBJECT\n001\n\n003\n", expected=["SUBJECT"]) == [("001",), (None,), ("003",)]
    assert "one column" in refusal(tmp_path, "SUBJECT\n001\n")[0][1]


@pytest.mark.bad_input("B013", "B015")
def test_rows_with_other_numbers_of_fields_are_all_told(tmp_path):
    text = 'A,B,C\n1,2,3\n1,2,3,4\n"x\ny",2,3\n1\n1,2\n   \n,,\n'
    assert refusal(tmp_path, text) == [
        ("AE.csv, line 3", "4 fields where 3 are expected"),
        ("AE.csv, line 6", "1 fields where 3 are expected"),
        ("AE.csv, line 7", "2 fields where 3 are expected"),
        ("AE.csv, line 8", "1 fields where 3 are expected"),
    ]


def test_one_field_too_many_in_every_row_does_not_become_an_index(tmp_path):
    told = refusal(tmp_path, "A,B\n" + "1,2,3\n" * 25)
    assert len(told) == 11
    assert told[-1] == ("AE.csv", "15 more rows have the wrong number of fields")


@pytest.mark.bad_input("B011")
def test_nul_bytes_are_refused_with_their_line(tmp_path):
    assert refusal(tmp_path, "A,B\n1,2\n1,\x00\n") == [("AE.csv, line 3", "the file holds a NUL byte")]


@pytest.mark.bad_input("B008")
def test_bytes_that_are_no_text_are_told_with_line_and_column(tmp_path):
    [(where, what)] = refusal(tmp_path, 'A,B\n"x\r\ny",2\n1,Caf\u00e9s\n'.encode("cp1252"))
    assert where == "AE.csv, line 4, column 6"
    assert what.startswith("the byte 0xE9 is no text in utf-8")


def test_a_byte_the_declared_encoding_does_not_know_is_told(tmp_path):
    [(where, what)] = refusal(tmp_path, b"A,B\n1,\x81\n", encoding="cp1252")
    assert where == "AE.csv, line 2, column 3"
    assert what.startswith("the byte 0x81 is no text in cp1252")


def test_a_character_cut_at_the_end_is_told(tmp_path):
    [(where, _)] = refusal(tmp_path, b"A,B\n1,\xc3")
    assert where == "AE.csv, line 2, column 3"


def test_utf_16_that_is_not_declared_is_told(tmp_path):
    assert refusal(tmp_path, "A,B\n1,2\n".encode("utf-16"))[0][0] == "AE.csv, line 1, column 1"
    assert "NUL" in refusal(tmp_path, "A,B\n1,2\n".encode("utf-16-le"))[0][1]


@pytest.mark.parametrize("delimiter", ["", ",,", '"', "\n", "\u00a7"])
def test_a_delimiter_that_cannot_be_one_is_refused(tmp_path, delimiter):
    with pytest.raises(UsageError, match="cannot be a delimiter"):
        rows(tmp_path, "A,B\n", delimiter=delimiter)


@pytest.mark.parametrize("encoding", ["klingon", "hex"])
def test_an_encoding_that_is_none_is_refused(tmp_path, encoding):
    with pytest.raises(UsageError, match=f"no encoding is called '{encoding}'"):
        rows(tmp_path, "A,B\n", encoding=encoding)
