import pytest
from csv_samples import refusal, rows

from sdtm2adam.errors import InputErrors
from sdtm2adam.files.csv import read_csv

HEADER = "SUBJECT,AETERM,AESER\n"

# text in, text kept


@pytest.mark.bad_input("B028", "B029")
def test_values_stay_the_text_they_are(tmp_path):
    text = "A,B,C,D,E,F\nNA,007,1E5,TRUE,2024-02-29,0.10\nnull,None,nan,N/A,-0, x \n"
    assert rows(tmp_path, text) == [
        ("NA", "007", "1E5", "TRUE", "2024-02-29", "0.10"),
        ("null", "None", "nan", "N/A", "-0", " x "),
    ]


def test_empty_and_blank_fields_are_missing(tmp_path):
    text = 'A,B,C,D,E,F,G\n,"", ,\t,\u00a0,"\u00a0 \u00a0","\n"\nx,x,x,x,x,x,x\n'
    assert rows(tmp_path, text) == [(None,) * 7, ("x",) * 7]


@pytest.mark.parametrize("value", [" x", "\u00a0x", "\u00e9", "\u2003x", "\u4e2d", "\t1", "\u00b5g"])
def test_texts_that_begin_with_white_space_or_a_foreign_letter_are_kept(tmp_path, value):
    assert rows(tmp_path, f"A,B\n{value},1\n") == [(value, "1")]


@pytest.mark.bad_input("B011")
def test_quotes_delimiters_and_line_breaks_inside_quotes_are_kept(tmp_path):
    text = 'A,B\n"a,b","say ""no"""\n"line 1\nline 2","line 1\r\nline 2"\n"""","\r"\n'
    assert rows(tmp_path, text) == [
        ("a,b", 'say "no"'),
        ("line 1\nline 2", "line 1\r\nline 2"),
        ('"', None),
    ]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
@pytest.mark.bad_input("B011")
def test_all_kinds_of_line_breaks_end_a_record(tmp_path, line_break):
    text = HEADER + "01-001,NAUSEA,N\n" + '01-002,"x",Y\n'
    assert rows(tmp_path, text.replace("\n", line_break)) == [("01-001", "NAUSEA", "N"), ("01-002", "x", "Y")]


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path):
    assert rows(tmp_path, "\ufeffA,B\n1,2\n".encode(), expected=["A", "B"]) == [("1", "2")]
    assert rows(tmp_path, '\ufeff"A",B\n1,2\n'.encode(), expected=["A", "B"]) == [("1", "2")]


def test_a_header_alone_gives_no_rows(tmp_path):
    path = tmp_path / "AE.csv"
    path.write_text(HEADER)
    table = read_csv(path)
    assert (table.num_rows, table.column_names) == (0, ["SUBJECT", "AETERM", "AESER"])


def test_lines_without_a_character_are_no_records(tmp_path):
    assert rows(tmp_path, "A,B\n1,2\n\n3,4\n\r\n\n") == [("1", "2"), ("3", "4")]


def test_declared_encodings_are_read(tmp_path):
    for encoding in ("cp1252", "latin-1", "utf-16", "utf-16-le", "utf8", "UTF-8-SIG"):
        assert rows(tmp_path, "A,B\nCAF\u00c9,\u00b5g\n".encode(encoding), encoding=encoding) == [
            ("CAF\u00c9", "\u00b5g")
        ]


def test_declared_delimiters_are_read(tmp_path):
    assert rows(tmp_path, "A;B\n1,5;2\n", delimiter=";") == [("1,5", "2")]
    assert rows(tmp_path, "A\tB\n1\t\n", delimiter="\t") == [("1", None)]
    assert rows(tmp_path, "A|B\n1|2\n", delimiter="|") == [("1", "2")]


def test_rows_keep_the_order_of_the_file(tmp_path):
    text = "A,B\n" + "".join(f"{number},{'x' * 30}\n" for number in range(200_000))
    assert [int(row[0]) for row in rows(tmp_path, text)] == list(range(200_000))


# names of columns


def test_names_lose_blanks_around_and_odd_characters_inside(tmp_path):
    path = tmp_path / "AE.csv"
    path.write_text(" SUBJECT ,AE TERM,Onset\u00a0,Gr\u00f6\u00dfe (cm),_x1\n1,2,3,4,5\n", encoding="utf-8")
    schema = read_csv(path).schema
    assert schema.names == ["SUBJECT", "AE_TERM", "Onset", "Gr__e__cm_", "_x1"]
    assert [field.metadata[b"original"].decode() for field in schema] == [
        " SUBJECT ", "AE TERM", "Onset\u00a0", "Gr\u00f6\u00dfe (cm)", "_x1",
    ]  # fmt: skip


def test_a_name_with_a_line_break_is_read(tmp_path):
    assert rows(tmp_path, '"AE\nTERM",B\n1,2\n', expected=["AE_TERM"]) == [("1", "2")]


@pytest.mark.parametrize("header", ["A,A", "A,a", "A, A ", "A B,A_B"])
def test_names_that_stand_twice_are_refused(tmp_path, header):
    [(where, what)] = refusal(tmp_path, f"{header}\n1,2\n")
    assert where == "AE.csv, line 1"
    assert "whatever the case" in what


def test_a_column_without_a_name_is_refused(tmp_path):
    assert refusal(tmp_path, "A,,C, \n1,2,3,4\n") == [
        ("AE.csv, line 1", "column 2 has no name"),
        ("AE.csv, line 1", "column 4 has no name"),
    ]


@pytest.mark.bad_input("B025")
def test_missing_columns_are_told_with_the_nearest_name(tmp_path):
    with pytest.raises(InputErrors) as caught:
        rows(tmp_path, HEADER + "1,2,3\n", expected=["SUBJECT", "AETERMM", "AESTDAT"])
    assert [error.what for error in caught.value.errors] == [
        "the column AETERMM is missing",
        "the column AESTDAT is missing",
    ]
    assert "did you mean AETERM?" in caught.value.errors[0].mend


@pytest.mark.bad_input("B025")
def test_a_column_in_another_case_is_missing_and_suggested(tmp_path):
    with pytest.raises(InputErrors, match="did you mean aeterm"):
        rows(tmp_path, "SUBJECT,aeterm\n1,2\n", expected=["AETERM"])


@pytest.mark.bad_input("B026")
def test_further_columns_and_another_order_are_accepted(tmp_path):
    assert rows(tmp_path, HEADER + "1,2,3\n", expected=["AESER", "SUBJECT"]) == [("1", "2", "3")]
