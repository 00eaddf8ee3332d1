"""Displays cut into pages: the rules of the page plan, seen on whole displays."""

from dataclasses import replace
from itertools import pairwise

import pytest
import sample_displays as samples
from sample_displays import c8, counts, display, labels, two

from sdtm2adam.display.paginate import paginate
from sdtm2adam.display.text import as_text
from sdtm2adam.model.display import Cell, Column, Row, Section

DISPLAYS = samples.everything()


@pytest.mark.parametrize("name", DISPLAYS)
def test_no_page_is_higher_than_the_grid_and_no_line_longer(name: str) -> None:
    pages = paginate(DISPLAYS[name])
    assert max(page.lines for page in pages) <= 42
    assert all(len(line) <= 133 for line in as_text(pages).splitlines() if line.isascii())
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))


@pytest.mark.parametrize("name", ["T14_1_2", "T14_2_1", "T14_3_2_2", "L16_2_6_1"])
def test_every_row_is_printed_once_and_in_order(name: str) -> None:
    one = DISPLAYS[name]
    wanted = [
        cell.text.split("\n")[0].split()[:1] for part in one.sections for line in part.rows for cell in line.cells[-1:]
    ]
    printed = [line.texts[-1].split()[:1] for page in paginate(one) for line in page.body if line.result_ids]
    assert printed == wanted


@pytest.mark.parametrize("name", ["T14_1_2", "T14_3_2_2", "T14_2_1"])
def test_no_page_begins_or_ends_with_a_blank_row_or_ends_with_a_label(name: str) -> None:
    for page in paginate(DISPLAYS[name]):
        assert any(page.body[0].texts)
        assert any(page.body[-1].texts[1:])


def test_variables_of_a_baseline_table_do_not_break() -> None:
    pages = paginate(samples.baseline())
    assert len(pages) == 3
    for page in pages:
        assert not labels(page)[0].startswith(" ")
    for before, after in pairwise(pages):
        assert before.footnotes == after.footnotes
        assert before.head == after.head


def test_classes_are_repeated_on_the_next_page() -> None:
    pages = paginate(samples.adverse_events())
    assert labels(pages[1])[:3] == [
        "Blood and lymphatic system disorders (continued)",
        "  Preferred term 13",
        "    Grade ≥3",
    ]


def test_a_term_and_its_grades_never_part() -> None:
    for page in paginate(samples.adverse_events(classes=6, terms=11)):
        assert "Grade" in labels(page)[-1]


def test_nested_labels_are_all_repeated() -> None:
    rows = [counts("Class", continued=True), counts("Term", indent=1, parents=("Class",), continued=True)]
    rows += [counts(f"Grade {at}", indent=2, parents=("Class", "Term"), continued=True) for at in range(40)]
    second = paginate(two(*rows))[1]
    assert labels(second)[:2] == ["Class (continued)", "  Term (continued)"]
    assert labels(second)[2].startswith("    Grade")


def test_a_label_alone_goes_with_the_row_below() -> None:
    capacity = 42 - 3 - 3 - 1 - 3
    rows = [*(counts(f"row {at}") for at in range(capacity - 1)), Row("Label"), counts("below"), counts("last")]
    first, second = paginate(two(*rows))
    assert len(first.body) == capacity - 1
    assert labels(second) == ["Label", "below", "last"]


def test_titles_heads_and_footnotes_stand_on_every_page() -> None:
    for name in ("T14_1_2", "T14_3_2_2", "L16_2_6_1"):
        one = DISPLAYS[name]
        first, *others = paginate(one)
        assert others
        for page in others:
            assert (page.titles[:3], page.head, page.footnotes) == (first.titles[:3], first.head, first.footnotes)
            assert (page.titles[:3], page.footnotes) == (one.titles, one.footnotes)


def test_page_by_begins_a_page_and_is_a_title_line() -> None:
    pages = paginate(samples.listing(subjects=4))
    assert [page.titles[-1] for page in pages] == ["Treatment: InO", "Treatment: SC"]


def test_a_subject_is_printed_again_on_a_new_page_of_a_listing() -> None:
    pages = paginate(samples.listing())
    assert all(page.body[0].texts[0].startswith("1001-") for page in pages)
    subjects = [line.texts[0] for page in pages for line in page.body]
    assert "" in subjects
    assert [line.texts[0] for line in pages[0].body[:3]] == ["1001-0000", "1001-0001", ""]


def test_without_data_a_line_says_so_under_the_header() -> None:
    for sections in ((), (Section(()),), (Section((), title="Treatment: InO"),)):
        (page,) = paginate(display("T1", c8(), *sections))
        assert labels(page) == ["No subjects met the criteria."]
        assert page.body[0].spans == (9,)
        assert len(page.head) == 2


def test_a_figure_has_a_page_each_with_its_title() -> None:
    pages = paginate(samples.figure())
    assert [page.titles[-1] for page in pages] == ["CD22 ≥90%", "CD22 <90%"]
    assert [page.figure.lines for page in pages if page.figure] == [28, 28]
    assert [page.header[0][1] for page in pages] == ["Page 1 of 2", "Page 2 of 2"]


def test_rows_of_a_figure_follow_it() -> None:
    pages = paginate(replace(two(counts("at risk")), figures=samples.figure().figures[:1]))
    assert [page.figure is None for page in pages] == [False, True]
    assert labels(pages[1]) == ["at risk"]


def test_a_row_higher_than_a_page_goes_on_on_the_next() -> None:
    text = " ".join(f"word{at:04d}" for at in range(200))
    columns = (Column(("Subject",), 20, align="left"), Column(("Term",), 20, align="left"), Column(("C",), 93))
    cells = (Cell("1001", align="left"), Cell(text, align="left"), Cell("", align="left"))
    pages = paginate(display("L1", columns, Section((Row("", cells),)), stub=False))
    assert len(pages) > 2
    assert " ".join(line.texts[1].replace("\n", " ") for page in pages for line in page.body) == text


def test_both_papers_have_the_same_pages() -> None:
    letter, a4 = (paginate(replace(samples.baseline(), layout=layout)) for layout in ("grid9", "grid9_a4"))
    assert letter == a4
