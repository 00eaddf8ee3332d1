"""Datasets made elsewhere: records that stand twice, that belong to nobody, that hold another type than is needed."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from adam_frames import adsl, drawn, trial

from sdtm2adam.errors import InputError
from sdtm2adam.model import Severity
from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse
from sdtm2adam.tlf.kinds import KINDS
from sdtm2adam.tlf.typed_columns import dates_of, numbers_of

SUBJECTS = """
    USUBJID  N  CD22GR1N
    01       1  1
    02       2  1
    03       2  2
"""
EVENTS = """
    USUBJID  AEBODSYS  AEDECOD   ATOXGRN  TRTEMFL  AESEQ
    01       Gut       Nausea    1        Y        1
    01       Gut       Nausea    3        Y        2
    02       Gut       Vomiting  2        Y        1
    03       Skin      Rash      1        Y        1
"""


@pytest.fixture(scope="module")
def table(specs):
    return specs["T14_3_2_2"]


def made(table, report, events, subjects=None):
    return analyse(table, report, {"ADSL": adsl(SUBJECTS) if subjects is None else subjects, "ADAE": events})


def test_a_record_that_stands_twice_stops(table, report):
    events = drawn(EVENTS)
    with pytest.raises(InputError) as told:
        made(table, report, pd.concat([events, events.iloc[[1]]]))
    assert told.value.what == "1 record has the subject and the sequence number of another one (first: USUBJID=01, 2)"
    assert told.value.where == "ADAE"


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([1, None, 1, 1], "1 record has no whole sequence number (first: USUBJID=01, none)"),
        ([1, 2, 1.5, -1], "2 records have no whole sequence number (first: USUBJID=02, 1.5)"),
        (["1", "10", "1", "1"], "ADAE.AESEQ is a text where a number is needed (first: '1')"),
    ],
)
def test_sequence_numbers_are_whole_numbers(table, report, numbers, said):
    with pytest.raises(InputError) as told:
        made(table, report, drawn(EVENTS).assign(AESEQ=numbers))
    assert told.value.what == said


def test_two_records_outside_the_set_may_not_be_told_apart(table, report):
    """They are in no number of the output, and the output says nothing of them."""
    events, outside = drawn(EVENTS), adsl(SUBJECTS).assign(SAFFL=["Y", "Y", None])
    results = made(table, report, pd.concat([events, events.iloc[[3]]]), outside)
    assert "03" not in set(results.members["usubjid"])
    assert results.issues == ()


def test_records_of_nobody_in_adsl_are_told(table, report):
    events = drawn(EVENTS)
    strange = events.assign(USUBJID=["98", "98", "97", None])
    results = made(table, report, pd.concat([events, strange]))  # the index of the frame is not unique
    issue = results.issues[0]
    assert (len(results.issues), issue.dataset, issue.variable, issue.severity, issue.records) == (
        1, "ADAE", "USUBJID", Severity.ERROR, 4,
    )  # fmt: skip
    assert issue.text == "3 subjects have records in ADAE and none in ADSL: no output counts them"
    assert issue.keys == (
        "USUBJID=97, AESEQ=1", "USUBJID=98, AESEQ=1", "USUBJID=98, AESEQ=2", "USUBJID=, AESEQ=1",
    )  # fmt: skip
    pd.testing.assert_frame_equal(results.frame.drop(columns="data_hash"), made(table, report, events).frame.drop(
        columns="data_hash"
    ))  # fmt: skip


def test_subjects_outside_the_set_are_not_strange(table, report):
    results = made(table, report, drawn(EVENTS), adsl(SUBJECTS).assign(SAFFL=["Y", None, None]))
    assert results.issues == ()


def test_a_subject_of_adsl_has_an_id(table, report):
    with pytest.raises(InputError, match="1 records of ADSL have no USUBJID"):
        made(table, report, drawn(EVENTS), adsl(SUBJECTS).assign(USUBJID=["01", None, "03"]))


def test_texts_are_no_numbers_and_no_dates():
    for texts in (pd.Series(["1", None]), pd.Series(["1", 2], dtype=object), pd.Series(["1"], dtype="str")):
        with pytest.raises(InputError, match=r"X.Y is a text where a number is needed \(first: '1'\)"):
            numbers_of(texts, "X.Y", "here")
        with pytest.raises(InputError, match=r"X.Y is a text where a date is needed"):
            dates_of(texts, "X.Y", "here")


def test_dates_and_numbers_are_not_each_other():
    with pytest.raises(InputError, match=r"X.Y is a date where a number is needed \(first: 2013-02-05"):
        numbers_of(pd.Series([pd.Timestamp(2013, 2, 5)]), "X.Y", "here")
    with pytest.raises(InputError, match=r"X.Y is a number where a date is needed \(first: 19394\)"):
        dates_of(pd.Series([19394]), "X.Y", "here")  # a date of SAS


def test_numbers_and_dates_of_any_type_are_taken():
    for numbers in ([1, None], [Decimal(1), None], [1.0, float("nan")]):
        assert numbers_of(pd.Series(numbers, dtype=object), "X.Y", "here")[0] == 1
    for dates in ([date(2013, 2, 5), None], [pd.Timestamp(2013, 2, 5), pd.NaT]):
        assert list(dates_of(pd.Series(dates, dtype=object), "X.Y", "").isna()) == [False, True]
    nothing = pd.Series([None, None], dtype=object)
    assert numbers_of(nothing, "X.Y", "").size == len(dates_of(nothing, "X.Y", "")) == 2
    assert pd.isna(numbers_of(nothing.astype("str"), "X.Y", "")).all()


CHANGES = [
    ("T14_3_2_7", "ADSL", "TEAEDUR", "100", "ADSL.TEAEDUR is a text where a number is needed"),
    ("T14_3_2_7", "ADAE", "ASTDY", "20", "ADAE.ASTDY is a text where a number is needed"),
    ("T14_2_14", "ADSL", "HSCTDT", "2013-02-05", "ADSL.HSCTDT is a text where a date is needed"),
    ("T14_2_14", "ADSL", "RANDDT", 19394, "ADSL.RANDDT is a number where a date is needed"),
]


@pytest.mark.parametrize(("name", "dataset", "variable", "value", "said"), CHANGES)
def test_another_type_than_is_needed_names_the_variable(report, naming, name, dataset, variable, value, said):
    folder = shelf("specs") / "inovate" / "tlf"
    paths = [folder / f"{one}.yaml" for one in dict.fromkeys(("T14_3_2_2", name))]
    spec = load_display_specs(paths, report, KINDS, naming)[name]
    data = trial(24)
    flags = dict.fromkeys(("MRDNGFL", "RESPFL"), "Y")
    data["ADSL"] = data["ADSL"].assign(TEAEDUR=20, PLATBL=50.0, STRAT1V="<12", HSCTDT=pd.Timestamp(2013, 2, 5), **flags)
    data["ADAE"] = data["ADAE"].assign(ASTDY=20)
    data[dataset] = data[dataset].assign(**{variable: value})
    with pytest.raises(InputError) as told:
        analyse(spec, report, data)
    assert told.value.what.startswith(said)
