"""From words to one record: ends of subjects, numbers as text, missing values, datasets without subjects."""

import pyarrow as pa
import pytest

from sdtm2adam.errors import UsageError
from sdtm2adam.trace.record_key import find_record

AE = pa.table(
    {
        "USUBJID": ["S1-10-0007", "S1-11-0007", "S1-11-0017", "S1-110017", None],
        "AESEQ": [1.0, 1.0, 2.0, 1.0, 9.0],
        "AETERM": ["A", None, "B=C", "D", "E"],
    }
)
TS = pa.table({"TSPARMCD": ["AGEMAX", "AGEMIN"], "TSSEQ": [1, 1], "TSVAL": ["P75Y", "P18Y"]})


@pytest.mark.parametrize(
    ("key", "row"),
    [
        (["10-0007", "1"], 0),
        (["11-0007", "1.0"], 1),
        (["0017", "2"], 2),  # a whole end, after a mark, goes before an end within a number
        (["110017", "1"], 3),
        (["AETERM=B=C"], 2),
        (["AETERM="], 1),
        (["USUBJID="], 4),
        (["AESEQ=9"], 4),
        (["11-0007", "AESEQ=1"], 1),
    ],
)
def test_a_key_names_a_record(key, row):
    assert find_record("AE", AE, key) == row


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (["0007", "1"], "AE: 2 subjects end with '0007'\n    to mend: say more of it: S1-10-0007, S1-11-0007"),
        (["17", "1"], "AE: 2 subjects end with '17'\n    to mend: say more of it: S1-11-0017, S1-110017"),
        (["X", "1"], "AE: no subject 'X' has a record\n    to mend: subjects: S1-10-0007, S1-11-0007, S1-11-0017, "),
        (["AESEQ=x"], "AE: no record has AESEQ=x\n    to mend: AESEQ here: 1, 2, 9"),
        (["AESEQ=1"], "AE: 3 records have the key AESEQ=1\n    to mend: name one: USUBJID=S1-10-0007 AESEQ=1; USUBJ"),
    ],
)
def test_what_names_no_record_or_several_is_not_guessed(key, message):
    with pytest.raises(UsageError) as error:
        find_record("AE", AE, key)
    assert error.value.message.startswith(message)


def test_a_dataset_without_subjects_is_asked_by_its_variables():
    assert find_record("TS", TS, ["TSPARMCD=AGEMIN"]) == 1
    with pytest.raises(UsageError) as error:
        find_record("TS", TS, ["1001"])
    assert error.value.message == (
        "TS: has no subjects\n    to mend: name the record by NAME=VALUE: "
        "TSSEQ=1 TSPARMCD=AGEMAX TSVAL=P75Y; TSSEQ=1 TSPARMCD=AGEMIN TSVAL=P18Y"
    )


def test_a_dataset_without_records_says_so():
    with pytest.raises(UsageError, match="AE: has no records"):
        find_record("AE", AE.slice(0, 0), ["AESEQ=1"])
