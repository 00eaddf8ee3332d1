"""The findings of a cut are read back as they were written, and a folder that has none is told."""

import json
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from drawn_findings import finding

from sdtm2adam.errors import UsageError
from sdtm2adam.model import Severity
from sdtm2adam.model.finding import Acceptance, State
from sdtm2adam.validate.life import Cut, read_findings, refuse_another_study, write_findings

FOUND = (
    finding(
        "a", severity=Severity.ERROR, value="=1+1", raw=("AE RECORDID=1", "EOS RECORDID=2"), query="Warum? é ß 中 \x0b"
    ),
    finding("b", state=State.ACCEPTED, accepted=Acceptance("J. Doe", "2015-03-01", "so")),
    finding("c", state=State.CHANGED, value="2", before="1"),
    finding("d", value="half \ud83d"),
)
CUT = Cut(FOUND, "S-1", "2015-01-01")


def test_what_is_written_is_read_back(tmp_path):
    write_findings(CUT, tmp_path / "issues")
    for folder in (tmp_path, tmp_path / "issues"):
        assert read_findings(folder) == CUT


def test_a_study_folder_leads_to_its_output(tmp_path):
    write_findings(CUT, tmp_path / "output" / "issues")
    assert read_findings(tmp_path).findings == FOUND


def test_the_same_findings_give_the_same_bytes_in_whatever_order(tmp_path):
    one = [path.read_bytes() for path in write_findings(CUT, tmp_path / "one")]
    two = [path.read_bytes() for path in write_findings(replace(CUT, findings=FOUND[::-1]), tmp_path / "two")]
    assert one == two


def test_the_table_has_a_row_for_each_finding(tmp_path):
    rows = pq.read_table(write_findings(CUT, tmp_path)[1]).to_pylist()
    assert [row["key"] for row in rows] == ["a", "b", "c", "d"]
    assert rows[0]["raw"] == ["AE RECORDID=1", "EOS RECORDID=2"]
    assert (rows[1]["accepted_by"], rows[1]["accepted_on"], rows[0]["accepted_by"]) == ("J. Doe", "2015-03-01", None)
    assert rows[3]["value"] == "half \\ud83d"


def test_each_cut_carries_the_counts_of_those_before(tmp_path):
    first = Cut(FOUND[:1], "S-1", "2015-01-01")
    write_findings(first, tmp_path / "1")
    read = read_findings(tmp_path / "1")
    assert read == first
    second = Cut(FOUND, "S-1", "2015-06-01", read.trend)
    write_findings(second, tmp_path / "2")
    trend = read_findings(tmp_path / "2").trend
    assert [one.cut for one in trend] == ["2015-01-01", "2015-06-01"]
    assert [one.counts["error"]["new"] for one in trend] == [1, 1]
    assert [one.counts["warning"]["accepted"] for one in trend] == [0, 1]


def test_a_folder_without_findings_is_told(tmp_path):
    with pytest.raises(UsageError, match=r"has no findings\.json, nor has a folder issues or output/issues in it"):
        read_findings(tmp_path)
    with pytest.raises(UsageError, match="is no folder"):
        read_findings(tmp_path / "nowhere")
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "issues.json").write_text("{}")
    with pytest.raises(UsageError, match="written by a version that did not keep findings"):
        read_findings(tmp_path)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 99}, "has findings of version 99; this version of sdtm2adam reads version 1"),
        ({"findings": [{"id": "x"}]}, "is damaged: 0.rule: field required"),
        ({"trend": None}, "is damaged: input should be a valid tuple"),
        ({"trend": [{"cut": "1", "counts": {}}]}, "is damaged: ValueError trend does not count each severity"),
        ({"trend": [{"cut": "1", "counts": 5}]}, "is damaged: 0.counts: input should be a valid dictionary"),
        ({"findings": {}}, "is damaged: input should be a valid tuple"),
        ({"study": None}, "is damaged: input should be a valid string"),
    ],
)
def test_findings_of_another_kind_are_refused(tmp_path, change, told):
    file = write_findings(CUT, tmp_path)[0]
    file.write_text(json.dumps({**json.loads(file.read_text()), **change}))
    with pytest.raises(UsageError, match=told):
        read_findings(tmp_path)


def test_findings_of_another_study_are_refused(tmp_path):
    write_findings(CUT, tmp_path)
    refuse_another_study(CUT, tmp_path, "S-1")
    with pytest.raises(UsageError, match="has the findings of study S-1, and this is S-2"):
        refuse_another_study(CUT, tmp_path, "S-2")


def test_what_is_no_json_is_refused(tmp_path):
    for text in ("", "[]", "no"):
        (tmp_path / "findings.json").write_text(text)
        with pytest.raises(UsageError, match="cannot be read as the findings of a cut"):
            read_findings(tmp_path)


@pytest.mark.parametrize(
    ("word", "value"),
    [("id", None), ("rule", ["x"]), ("value", 5), ("text", None), ("raw", "abc"), ("severity", "bad")],
)
def test_a_finding_that_holds_what_it_cannot_is_damage(tmp_path, word, value):
    write_findings(CUT, tmp_path)
    tree = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    tree["findings"][1][word] = value
    (tmp_path / "findings.json").write_text(json.dumps(tree), encoding="utf-8")
    with pytest.raises(UsageError, match=f"is damaged: 1.{word}: input should be"):
        read_findings(tmp_path)


def test_a_finding_that_stands_twice_is_damage(tmp_path):
    write_findings(CUT, tmp_path)
    tree = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    tree["findings"].append(tree["findings"][0])
    (tmp_path / "findings.json").write_text(json.dumps(tree), encoding="utf-8")
    with pytest.raises(UsageError, match="stands twice"):
        read_findings(tmp_path)
