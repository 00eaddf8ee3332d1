"""issues.xlsx, read back by another library: nothing in it is a formula, nothing is cut in silence."""

import openpyxl
import pytest
from drawn_findings import finding
from openpyxl.utils.escape import unescape

from sdtm2adam.model import Severity
from sdtm2adam.model.finding import Acceptance, State
from sdtm2adam.validate.life import Cut, CutCount, write_workbook
from sdtm2adam.validate.life.counts import count_states
from sdtm2adam.validate.run import LookedAt

HOSTILE = [
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "{=1+1}", "\t=1", "\r=1", "http://example.org", "internal:'AE'!A1",
    "mailto:a@b", "007", "1e5", "TRUE", "#N/A", "a\x0bb", "a\x00b", "\ufffe", "half \ud83d", "_x0041_", "<b>&amp;</b>",
    "line\nbreak", "中文 é", " lead and trail ", "\u202eturned",
]  # fmt: skip
LOOKED = (
    "Looked at: 2 datasets, 1,244 records; 40 expectations ran, 3 were not applicable, 1 could not run, "
    "and what could not run has not passed."
)
LOOKED_AT = [LookedAt("AE", 10, 5, 20), LookedAt("CM", 1234, 5, 20, 3, 1)]


def book(folder, findings, looked_at=LOOKED_AT, cut=None, **more):
    path = folder / "issues.xlsx"
    told = write_workbook(path, cut or Cut(tuple(findings), "S-1", "2015-01-01"), looked_at, **more)
    return openpyxl.load_workbook(path), told


def rows_of(sheet):
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def texts_of(sheet):
    return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


def test_there_is_a_summary_a_sheet_of_all_and_one_for_each_dataset(tmp_path):
    found = [finding("a", dataset="CM"), finding("b", dataset="AE"), finding("c", dataset="raw.AE")]
    workbook, told = book(tmp_path, found)
    assert workbook.sheetnames == ["Summary", "All findings", "AE", "CM", "raw.AE"]
    assert [row["Record"] for row in rows_of(workbook["All findings"])] == ["b", "a", "c"]
    assert [row["Record"] for row in rows_of(workbook["CM"])] == ["a"]
    assert "Dataset" not in rows_of(workbook["CM"])[0]
    assert told == ()


def test_a_row_has_what_a_data_manager_needs(tmp_path):
    one = finding("USUBJID=U-1, AESEQ=4", subject="U-1", site="101", raw=("AE RECORDID=12", "EOS RECORDID=3"),
                  value="2", before="1", query="Why?", source="AE.yaml:3", state=State.ACCEPTED, variable="AESER",
                  accepted=Acceptance("J. Doe", "2015-03-01", "so"))  # fmt: skip
    (row,) = rows_of(book(tmp_path, [one])[0]["All findings"])
    assert row == {
        "Severity": "warning", "State": "accepted", "Dataset": "AE", "Variable": "AESER", "Site": "101",
        "Subject": "U-1", "Raw records": "AE RECORDID=12; EOS RECORDID=3", "Value": "2", "Before": "1",
        "What was found": "It is so.", "Query to the site": "Why?", "Rule": "AE-RULE", "Record": "USUBJID=U-1, AESEQ=4",
        "Accepted by": "J. Doe", "Accepted on": "2015-03-01", "Why accepted": "so", "Source": "AE.yaml:3", "Id": one.id,
    }  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_a_link_or_a_number(tmp_path, text):
    one = finding(
        text, value=text, query=text, rule=text, dataset=text, text=text, site=text, subject=text, variable=text
    )
    cut = Cut((one,), text, text, (CutCount(text, count_states([one])),))
    workbook, _ = book(tmp_path, [], [LookedAt(text, 1, 1, 1)], cut, notes=[text])
    for sheet in workbook:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "inlineStr"), (sheet.title, cell.coordinate, cell.value)
                assert cell.hyperlink is None or cell.hyperlink.target is None
    (row,) = rows_of(workbook["All findings"])
    assert isinstance(row["Value"], str)
    if text.isprintable():
        assert unescape(row["Value"]) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x0bb", "a\\x0Bb"),
        ("a\x00b", "a\\x00b"),
        ("\ufffe", "\\uFFFE"),
        ("half \ud83d", "half \\uD83D"),
        ("\t=1", "\\x09=1"),
    ],
)
def test_characters_that_cannot_be_seen_are_shown_as_their_code(tmp_path, text, shown):
    (row,) = rows_of(book(tmp_path, [finding("a", value=text)])[0]["All findings"])
    assert row["Value"] == shown


def test_the_summary_says_what_was_looked_at_before_what_was_found(tmp_path):
    found = [
        finding("a", severity=Severity.ERROR),
        finding("b", state=State.RESOLVED),
        finding("c", state=State.ACCEPTED),
    ]
    texts = texts_of(book(tmp_path, found, notes=["Rule pack: 200 rules ran."])[0]["Summary"])
    assert texts[1:5] == [
        "Study S-1, cut 2015-01-01",
        LOOKED,
        "Open: 1 error, 0 warnings, 0 notes. Resolved since the cut before: 1. Accepted: 1.",
        "Rule pack: 200 rules ran.",
    ]
    parts = ["By severity and state", "By dataset", "By site", "By rule", "What was looked at"]
    assert [text for text in texts if text in parts] == parts


def test_nothing_found_is_a_whole_workbook(tmp_path):
    workbook, _ = book(tmp_path, [])
    assert workbook.sheetnames == ["Summary", "All findings"]
    assert rows_of(workbook["All findings"]) == []
    assert "Open: 0 errors, 0 warnings, 0 notes." in " ".join(texts_of(workbook["Summary"]))


def test_findings_can_be_filtered_under_a_heading_that_stays(tmp_path):
    workbook, _ = book(tmp_path, [finding("a"), finding("b")])
    for name in ("All findings", "AE"):
        sheet = workbook[name]
        last = sheet.cell(3, sheet.max_column).coordinate
        assert (sheet.auto_filter.ref, sheet.freeze_panes) == (f"A1:{last}", "C2")
        assert sheet.column_dimensions["A"].width >= 10


def test_severity_and_state_are_told_by_words_and_by_more_than_colour(tmp_path):
    found = [finding(state.value, state=state, severity=Severity.ERROR) for state in State]
    sheet = book(tmp_path, found)[0]["All findings"]
    looks = {}
    for row in range(2, 7):
        assert sheet.cell(row, 1).font.b
        cell = sheet.cell(row, 2)
        looks[cell.value] = (cell.font.b, cell.font.i, cell.font.strike)
    assert set(looks) == {state.value for state in State}
    assert len(set(looks.values())) == 5


def test_dataset_names_lead_to_their_sheets(tmp_path):
    summary = book(tmp_path, [finding("a")])[0]["Summary"]
    links = {cell.value: cell.hyperlink.location for row in summary.iter_rows() for cell in row if cell.hyperlink}
    assert links == {"AE": "'AE'!A1"}


def test_names_of_sheets_are_safe_and_told_apart(tmp_path):
    names = ["AE", "ae", "a/b:c*[d]?\\e", "'quoted'", "x" * 40, "x" * 39 + "y", "History", "Summary", "", "="]
    workbook, _ = book(tmp_path, [finding("a", dataset=name) for name in names])
    sheets = workbook.sheetnames
    assert len(sheets) == len(names) + 2
    assert len({name.casefold() for name in sheets}) == len(sheets)
    assert max(map(len, sheets)) <= 31


def test_findings_beyond_a_sheet_go_on_in_the_next_and_this_is_told(tmp_path):
    found = [finding(f"AESEQ={number}") for number in range(1, 6)]
    workbook, told = book(tmp_path, found, most_rows=3)
    assert workbook.sheetnames == ["Summary", "All findings", "All findings 2", "All findings 3", "AE", "AE 2", "AE 3"]
    every = [row["Record"] for name in workbook.sheetnames[1:4] for row in rows_of(workbook[name])]
    assert every == [one.key for one in found]
    assert told == ("A sheet holds 2 of the 5 findings: they go on in All findings 2, All findings 3, AE 2, AE 3.",)
    assert told[0] in texts_of(workbook["Summary"])


def test_a_text_longer_than_a_cell_says_that_it_was_cut(tmp_path):
    workbook, told = book(tmp_path, [finding("a", value="x" * 40_000)])
    value = rows_of(workbook["AE"])[0]["Value"]
    assert len(value) == 32_767
    assert value.endswith("x ... [cut here: the text has 40,000 characters]")
    assert told == ("1 text is longer than a cell holds, and cut where they say so; findings.json has them whole.",)
    assert told[0] in texts_of(workbook["Summary"])


def test_the_trend_is_told_where_there_were_cuts_before(tmp_path):
    before = CutCount("2014-10-01", count_states([finding("a"), finding("b", severity=Severity.ERROR)]))
    cut = Cut((finding("a"),), "S-1", "2015-01-01", (before,))
    summary = book(tmp_path, [], cut=cut)[0]["Summary"]
    rows = [row[:4] for row in summary.iter_rows(values_only=True)]
    place = rows.index(("Cut", "Errors", "Warnings", "Notes"))
    assert rows[place + 1 : place + 3] == [("2014-10-01", 1, 1, 0), ("2015-01-01", 0, 1, 0)]


def test_the_same_findings_give_the_same_bytes_in_whatever_order(tmp_path):
    found = [finding("a"), finding("b", dataset="CM"), finding("c", severity=Severity.ERROR)]
    for name, findings in (("one", found), ("two", found[::-1])):
        write_workbook(tmp_path / name, Cut(tuple(findings)), LOOKED_AT)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
