"""Texts that a transport file cannot hold."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest

from sdtm2adam.files.xpt import read_xpt, write_xpt
from sdtm2adam.model import Dataset, Variable
from sdtm2adam.pipeline.transport import for_transport


def _events(*terms: str | None) -> Dataset:
    frame = pa.table({"USUBJID": [f"S-{i}" for i in range(len(terms))], "AETERM": pa.array(terms, pa.string())})
    variables = (Variable("USUBJID", "Unique Subject Identifier", "text"), Variable("AETERM", "Term", "text"))
    return Dataset("AE", "Adverse Events", "sdtm", "EVENTS", "", ("USUBJID",), variables, frame, pa.table({}))


def test_plain_texts_pass_as_they_are() -> None:
    events = _events("Headache", None)
    assert for_transport(events) == (events, ())


@pytest.mark.bad_input("B088")
def test_other_characters_are_replaced_and_each_value_is_told() -> None:
    transport, issues = for_transport(_events("fièvre ≥ 39°", "Headache", None, "fièvre ≥ 39°", "😀"))
    assert transport.frame["AETERM"].to_pylist() == ["fievre >= 39 deg", "Headache", None, "fievre >= 39 deg", "?"]
    assert [(issue.rule, issue.value, issue.records) for issue in issues] == [
        ("xpt-not-ascii", "fièvre ≥ 39°", 2),
        ("xpt-not-ascii", "😀", 1),
    ]
    assert issues[0].keys == ("USUBJID=S-0", "USUBJID=S-3")


def test_what_was_replaced_can_be_written_and_the_dataset_itself_is_not_changed(tmp_path) -> None:
    events = _events("5 µg\x07")
    transport, _ = for_transport(events)
    write_xpt(transport, tmp_path / "ae.xpt", datetime(2016, 3, 8, tzinfo=UTC))
    assert read_xpt(tmp_path / "ae.xpt")["AETERM"].to_pylist() == ["5 ug?"]
    assert events.frame["AETERM"].to_pylist() == ["5 µg\x07"]
