"""What an XPT file cannot hold, and what regulators do not accept in one."""

from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pytest
from xpt_samples import CREATED, USUBJID, column, dataset_of, texts, written

from sdtm2adam.errors import InputErrors, InternalError, UsageError
from sdtm2adam.files.xpt import read_xpt, write, write_xpt
from sdtm2adam.model import Variable


def refused(dataset, tmp_path):
    with pytest.raises(InputErrors) as caught:
        written(dataset, tmp_path)
    assert list(tmp_path.iterdir()) == []
    return caught.value.errors


def only(dataset, tmp_path):
    errors = refused(dataset, tmp_path)
    assert len(errors) == 1, [error.message for error in errors]
    return errors[0]


@pytest.mark.bad_input("B088")
def test_a_character_outside_ascii_is_refused_with_its_record(tmp_path):
    error = only(texts(["NAUSEA", "CAF\u00c9"]), tmp_path)
    assert error.what == r"'CAFÉ' holds the character '\xc9' (U+00C9), which is not printable ASCII"
    assert error.where == "AE, row 2 (USUBJID=S-2), variable AETERM"
    assert "map the character to ASCII in the spec" in error.mend


@pytest.mark.parametrize("value", ["a\nb", "a\tb", "a\u00a0b", "\u2019", "a\x00", "\x7f", "\U0001f600"])
def test_control_characters_and_smart_quotes_are_refused(tmp_path, value):
    assert "not printable ASCII" in only(texts([value]), tmp_path).what


def test_a_text_above_200_bytes_is_not_cut(tmp_path):
    error = only(texts(["x" * 200, "y" * 201]), tmp_path)
    assert error.what.endswith("has 201 bytes, 200 are allowed")
    assert "split the text" in error.mend


def test_a_text_longer_than_its_declared_length_is_not_cut(tmp_path):
    error = only(texts(["NAUSEA"], length=5), tmp_path)
    assert error.what == "'NAUSEA' has 6 bytes, 5 are allowed"
    assert "declare a greater length" in error.mend


@pytest.mark.parametrize("number", [1e300, 1e-300, float("inf"), -float("inf"), 7.3e75, 5e-79])
@pytest.mark.bad_input("B070")
def test_a_number_outside_the_range_is_refused(tmp_path, number):
    error = only(column([1.0, number], "float"), tmp_path)
    assert error.what == f"{number} is outside what XPT holds (5.4e-79 to 7.2e75 in size)"
    assert error.where == "AE, row 2 (USUBJID=S-2), variable AEVAL"


def test_an_integer_of_too_many_digits_is_refused(tmp_path):
    assert "9007199254740993 has more digits than XPT holds" in only(column([2**53 + 1], "integer"), tmp_path).what


def test_an_integer_that_is_not_whole_is_refused(tmp_path):
    dataset = replace(column([1], "integer"), frame=pa.table({"USUBJID": ["S-1"], "AEVAL": [1.5]}))
    assert "1.5 is not a whole number" in only(dataset, tmp_path).what


@pytest.mark.parametrize(
    ("kind", "value"), [("date", date(1581, 12, 31)), ("datetime", datetime(1066, 10, 14)), ("date", date(4000, 1, 1))]
)
def test_a_date_sas_does_not_know_is_refused(tmp_path, kind, value):
    assert "not within 1582-01-01 to 3999-12-31" in only(column([value], kind), tmp_path).what


def test_a_datetime_too_far_off_to_hold_its_microseconds_is_refused(tmp_path):
    assert "parts of a second" in only(column([datetime(3000, 1, 1, 0, 0, 0, 1)], "datetime"), tmp_path).what
    path = written(column([datetime(3999, 12, 31, 23, 59, 59)], "datetime"), tmp_path)
    assert read_xpt(path)["AEVAL"].to_pylist() == [datetime(3999, 12, 31, 23, 59, 59)]


@pytest.mark.bad_input("B005")
def test_a_record_that_is_blank_throughout_is_refused(tmp_path):
    dataset = dataset_of({"USUBJID": ["S-1", None, " "]}, (USUBJID,))
    errors = refused(dataset, tmp_path)
    assert [error.where for error in errors] == ["AE, row 2 (USUBJID=None)", "AE, row 3 (USUBJID= )"]
    assert "leave the record out" in errors[0].mend


def test_a_record_with_missing_numbers_is_not_blank(tmp_path):
    dataset = replace(column([None], "float"), frame=pa.table({"USUBJID": pa.nulls(1), "AEVAL": pa.nulls(1)}))
    assert read_xpt(written(dataset, tmp_path)).num_rows == 1


def test_all_violations_are_told_at_once_and_counted(tmp_path):
    dataset = replace(texts(["\u00e9"] * 8 + ["x" * 201]), label="L" * 41)
    errors = refused(dataset, tmp_path)
    assert len(errors) == 1 + 5 + 1
    assert errors[5].what.endswith("(and 3 more records)")


@pytest.mark.parametrize("name", ["", "ae", "ADVERSEEV", "1AE", "A_E"])
def test_a_dataset_name_out_of_rule_is_refused(tmp_path, name):
    assert "is not 1 to 8 capital letters" in only(replace(texts(["x"]), name=name), tmp_path).what


def test_the_file_bears_the_name_of_the_dataset(tmp_path):
    with pytest.raises(InputErrors, match=r"name the file ae\.xpt"):
        write_xpt(texts(["x"]), tmp_path / "AE.xpt", CREATED)


@pytest.mark.parametrize("name", ["aeterm", "AETERMLONG", "1AE", "_AE", "AE-TERM"])
def test_a_variable_name_out_of_rule_is_refused(tmp_path, name):
    error = only(dataset_of({name: ["x"]}, (Variable(name, "Label", "text"),)), tmp_path)
    assert "is not 1 to 8 capital letters" in error.what


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("", "is empty"),
        ("x" * 41, "41 characters, 40 are allowed"),
        ("M\u00e4rz", "outside printable ASCII"),
        ("Age (years", "unbalanced ("),
        ("Subject's age", "unbalanced '"),
        ("Age)", "unbalanced )"),
        ("(Age]", "unbalanced ]"),
    ],
)
def test_a_label_out_of_rule_is_refused(tmp_path, label, says):
    assert says in only(dataset_of({"AGE": ["x"]}, (Variable("AGE", label, "text"),)), tmp_path).what


@pytest.mark.parametrize(
    ("kind", "form", "says"),
    [
        ("date", "8.2", "its type is date"),
        ("float", "DATE9.", "its type is float"),
        ("datetime", "DATE9.", "makes it date"),
        ("text", "DATE9.", "does not suit a variable of type text"),
        ("float", "$8.", "does not suit a variable of type float"),
        ("float", "eight point two", "is not a SAS format"),
    ],
)
def test_a_format_that_does_not_suit_the_type_is_refused(tmp_path, kind, form, says):
    assert says in only(column([None], kind, form), tmp_path).what


@pytest.mark.parametrize("length", [0, 201])
def test_a_length_out_of_rule_is_refused(tmp_path, length):
    assert "is not 1 to 200 bytes" in only(texts([None], length=length), tmp_path).what


def test_a_variable_that_stands_twice_is_refused(tmp_path):
    twice = replace(texts(["x"]), variables=(USUBJID, USUBJID), frame=pa.table([["a"], ["b"]], names=["USUBJID"] * 2))
    assert any("stands more than once" in error.what for error in refused(twice, tmp_path))


def test_a_file_above_five_gigabytes_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("sdtm2adam.files.xpt.checks.MOST_FILE_BYTES", 10)
    assert "split the dataset" in only(texts(["x", "y", "z"]), tmp_path).mend


def test_a_frame_of_other_columns_is_our_own_fault(tmp_path):
    with pytest.raises(InternalError, match="the frame has the columns"):
        written(replace(texts(["x"]), frame=pa.table({"AETERM": ["x"]})), tmp_path)
    with pytest.raises(InternalError, match="cannot be a variable of type text"):
        written(replace(texts(["x"]), frame=pa.table({"USUBJID": ["x"], "AETERM": [1]})), tmp_path)


@pytest.mark.bad_input("B005")
def test_a_file_that_reads_back_otherwise_is_not_left(tmp_path, monkeypatch):
    monkeypatch.setattr(write, "to_ibm", lambda numbers: np.full((len(numbers), 8), 0x41, dtype=np.uint8))
    with pytest.raises(InternalError, match="not the dataset that was written"):
        written(column([1.0], "float"), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot write this file"):
        written(texts(["x"]), tmp_path / "file")
