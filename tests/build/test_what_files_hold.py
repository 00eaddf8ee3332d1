"""What no transport file can hold is told before data are read; a text that is too long stops ADaM with its record."""

import pytest
from harness import trial

from sdtm2adam.pipeline.run import run

AE = {"AE": "USUBJID AESEQ:integer AETERM\n1 1 Nausea"}


def adx(variables, more=""):
    """ADX with some variables."""
    lines = "".join(f"  {line}\n" for line in variables)
    return f"dataset: ADX\n{more}keys: [AESEQ]\nrecords:\n  - {{from: AE, copy: [AESEQ, AETERM]}}\nvariables:\n{lines}"


@pytest.mark.parametrize(
    ("variable", "says"),
    [
        ("X: {sql: AESEQ, label: A label that is much longer than forty bytes}", "has 44 characters, 40 are allowed"),
        ("X: {sql: AESEQ, label: Grösse}", "holds characters outside printable ASCII"),
        ('X: {sql: AESEQ, label: "Age (years"}', "has an unbalanced ("),
        ("TOOLONGNAME: {sql: AESEQ, label: X}", "ADX.TOOLONGNAME: the name is not 1 to 8 capital letters"),
        ("lower: {sql: AESEQ, label: X}", "ADX.lower: the name is not 1 to 8 capital letters"),
        ("X: {sql: AETERM, label: X, length: 201}", "length: 201 is too large"),
        ("X: {sql: AETERM, label: X, format: DATE9.}", "the format DATE9. does not suit a variable of type text"),
        ("X: {sql: AESEQ, label: X, format: DATE9.}", "the format DATE9. makes it date, its type is integer"),
        ("X: {sql: AESEQ, label: X, format: 9.9.9}", "'9.9.9' is not a SAS format"),
    ],
)
@pytest.mark.bad_input("B078")
def test_what_no_file_can_hold_is_told_before_data_are_read(tmp_path, variable, says):
    fault = trial(tmp_path, adx([variable]), sdtm=AE).fault(lint_only=True)
    assert fault.startswith("specs/adam/ADX.yaml:6: ADX.")
    assert says in fault


def test_a_dataset_that_is_not_delivered_may_have_longer_names(tmp_path):
    made = trial(tmp_path, adx(["TOOLONGNAME: AESEQ"], "output: false\n"), sdtm=AE)
    assert made.fault(lint_only=True) == ""


@pytest.mark.bad_input("B078")
def test_a_text_of_more_than_200_bytes_stops_adam_and_names_the_record(tmp_path):
    long = {"AE": AE["AE"].replace("Nausea", "N" * 101)}
    trial(tmp_path, adx(["LONG: {sql: AETERM || AETERM, label: Long}"]), sdtm=long)
    (tmp_path / "study.yaml").write_text((tmp_path / "study.yaml").read_text() + "data: {sdtm: data}\n")
    with pytest.raises(Exception, match="Text is not longer than 200 bytes") as stopped:
        run(tmp_path, tmp_path / "out")
    assert "ADX.LONG" in str(stopped.value)
    assert "AESEQ=1" in str(stopped.value)
    assert not list((tmp_path / "out").rglob("*.xpt"))
