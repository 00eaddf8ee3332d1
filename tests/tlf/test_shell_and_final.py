"""The shell and the final come from the same call: they differ only in digits, N and rows that the data make."""

import re
from datetime import UTC, datetime

import pytest
from adam_frames import trial

from sdtm2adam.model import Display
from sdtm2adam.tlf import analyse, lay_out


@pytest.fixture(scope="module")
def pairs(report, specs) -> dict[str, tuple[Display, Display]]:
    data, done, found = trial(), {}, {}
    for name in ("T14_1_2", "T14_2_1", "T14_2_6", "T14_3_2_2", "F14_2_3", "L16_2_6_1"):
        if name == "F14_2_3":
            done["T14_2_6"] = analyse(specs["T14_2_6"], report, data)
        done[name] = analyse(specs[name], report, data, done)
        found[name] = lay_out(specs[name], report, None), lay_out(specs[name], report, done[name])
    return found


def rows(display: Display) -> list[tuple]:
    return [
        (row.label, row.indent, row.gap, row.keep_with_next, [cell.span for cell in row.cells])
        for section in display.sections
        for row in section.rows
    ]


@pytest.mark.parametrize("name", ["T14_1_2", "T14_2_1", "T14_2_6"])
def test_rows_of_the_final_are_those_of_the_shell(name, pairs):
    shell, final = pairs[name]
    missing = [row for row in rows(final) if row not in rows(shell)]
    assert missing == []
    gone = {row[0] for row in rows(shell) if row not in rows(final)}
    assert gone <= {"Missing"}


@pytest.mark.parametrize("name", ["T14_1_2", "T14_2_1", "T14_2_6", "T14_3_2_2"])
def test_cells_fit_the_patterns_of_the_shell(name, pairs):
    shell, final = pairs[name]
    patterns = {cell.text for section in shell.sections for row in section.rows for cell in row.cells}
    for section in final.sections:
        for cell in (cell for row in section.rows for cell in row.cells):
            if cell.text and cell.text not in ("0", "NE", "NC", "(NE, NE)"):
                assert cell.stat_class in patterns
                fixed = re.sub(r"[-+x.]", "", cell.stat_class)
                assert re.sub(r"[-+<>0-9.]|NE| F", "", cell.text) == fixed, cell


@pytest.mark.parametrize("name", ["T14_1_2", "T14_2_1", "T14_2_6", "T14_3_2_2", "F14_2_3", "L16_2_6_1"])
def test_frame_differs_only_in_status_and_data(name, pairs):
    shell, final = pairs[name]
    assert shell.titles == final.titles
    assert shell.footnotes == final.footnotes
    assert shell.header[:2] == final.header[:2]
    assert (shell.header[2][1], final.header[2][1]) == ("SHELL", "DRAFT")
    assert shell.footer[0].endswith("Data: none")
    assert [re.sub(r"N=(xxx|\d+)", "N", "".join(column.heads)) for column in shell.columns] == [
        re.sub(r"N=(xxx|\d+)", "N", "".join(column.heads)) for column in final.columns
    ]
    assert all(cell.result_ids == () for section in shell.sections for row in section.rows for cell in row.cells)


def test_shell_of_adverse_events_names_the_rows_that_data_make(pairs, seen):
    labels = [line.split(" |")[0] for line in seen(pairs["T14_3_2_2"][0]).splitlines()]
    assert labels == [
        "Any TEAE",
        "  Grade ≥3",
        "<System Organ Class 1>",
        "  Grade ≥3",
        "  <Preferred Term 1>",
        "    Grade ≥3",
    ]


def test_header_and_footer_say_what_a_reader_must_know(report, specs):
    display = lay_out(specs["T14_2_1"], report, None, status="FINAL", created=datetime(2016, 9, 1, 7, 5, tzinfo=UTC))
    assert display.header == (
        ("Protocol INO-SIM-1022 (INO-VATE, simulated)", "Page {page} of {pages}"),
        ("CD22 Subgroup Report", "Data cut-off: 08MAR2016"),
        ("SYNTHETIC DATA", "SHELL"),
    )
    assert re.fullmatch(r"Program: response  Spec: [0-9a-f]{7}  Data: none", display.footer[0])
    assert display.footer[1] == "Created: 01SEP2016 07:05 UTC"
    assert display.titles == (
        "Table 14.2.1",
        "Complete Remission (CR/CRi) per Investigator by Baseline CD22 Positivity",
        "Intent-to-Treat Population",
    )


def test_notes_with_markers_share_lines_and_the_source_comes_last(pairs):
    notes = pairs["T14_2_1"][1].footnotes
    assert notes[0] == (
        "[a] Exact (Clopper-Pearson). [b] Includes subjects never treated or without post-baseline assessment; "
        "counted as non-responders."
    )
    assert all(len(note) <= 133 for note in notes[:3])
    assert notes[-1] == ("Source: ADSL, ADRS  Analysis: A_T14_2_1_010 to A_T14_2_1_140  Data cut-off: 08MAR2016")


def test_settings_are_printed_as_they_are(pairs):
    assert any("MedDRA v19.0; NCI CTCAE v3.0." in note for note in pairs["T14_3_2_2"][0].footnotes)
    assert any(
        "fewer than 5 subjects in an arm or fewer than 10 events" in note for note in pairs["T14_2_1"][0].footnotes
    )
