"""Displays cut into pages: the rules of the page plan, seen on whole displays."""

from dataclasses import replace
from itertools import pairwise

import pytest
import sample_displays as samples
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_displays import TWO, c8, counts, display, row, two

from sdtm2adam.display.characters import text_width
from sdtm2adam.display.check import check_display
from sdtm2adam.display.page import Page
from sdtm2adam.display.paginate import paginate
from sdtm2adam.display.text import as_text, body_text
from sdtm2adam.model.display import Cell, Column, Row, Section

DISPLAYS = samples.everything()


def labels(page: Page) -> list[str]:
    return [row.texts[0] for row in page.body]


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


def test_too_many_columns_become_panels_with_the_stub_repeated() -> None:
    columns = [Column(("Label",), 30, align="left")]
    columns += [Column((f"Group {group}", arm), 13, (str(group), arm)) for group in range(6) for arm in ("InO", "SC")]
    texts = [str(at) for at in range(12)]
    pages = paginate(display("T1", tuple(columns), Section((row("one", *texts), row("two", *texts)))))
    assert [len(page.widths) for page in pages] == [7, 7]
    assert [sum(page.widths) for page in pages] == [133, 133]
    assert [labels(page) for page in pages] == [["one", "two"]] * 2
    assert [text.strip() for page in pages for text in page.body[0].texts[1:]] == texts
    assert [text.strip() for text in pages[1].head[0].texts] == ["", "Group 3", "Group 4", "Group 5"]
    assert pages[1].body[0].result_ids == ((), *((f"one{at}",) for at in range(6, 12)))


def test_labels_are_continued_in_every_panel() -> None:
    columns = (Column(("",), 30, align="left"), *(Column((f"c{at}",), 13) for at in range(12)))
    texts = [str(at) for at in range(12)]
    rows = [Row("Class", continued=True), Row("Term", indent=1, parents=("Class",), continued=True)]
    rows += [row(f"r{at}", *texts, indent=2, parents=("Class", "Term"), continued=True) for at in range(40)]
    pages = paginate(display("T1", columns, Section(tuple(rows))))
    assert [len(page.widths) for page in pages] == [8, 6, 8, 6]
    assert [labels(page)[:2] for page in pages[2:]] == [["Class (continued)", "  Term (continued)"]] * 2
    assert labels(pages[0]) == labels(pages[1])
    assert labels(pages[2]) == labels(pages[3])
    assert [page.header[0][1] for page in pages] == [f"Page {at} of 4" for at in range(1, 5)]


def test_panels_do_not_cut_a_cell_over_several_columns() -> None:
    columns = (Column(("",), 30, align="left"), *(Column((f"c{at}",), 20) for at in range(8)))
    rows = (row("spanned", "a", "b", "c", "d", spans=(1, 3, 3, 1)),)
    pages = paginate(display("T1", columns, Section(rows)))
    assert [page.body[0].spans for page in pages] == [(1, 1, 3), (1, 3, 1)]


def test_forty_treatment_groups_are_printed() -> None:
    columns = (Column(("",), 29, align="left"), *(Column((f"Dose {at}|(N=10)",), 13) for at in range(40)))
    pages = paginate(display("T1", columns, Section((row("n", *map(str, range(40))),))))
    assert [text.strip() for page in pages for text in page.body[0].texts[1:]] == [str(at) for at in range(40)]


def test_a_figure_has_a_page_each_with_its_title() -> None:
    pages = paginate(samples.figure())
    assert [page.titles[-1] for page in pages] == ["CD22 ≥90%", "CD22 <90%"]
    assert [page.figure.lines for page in pages if page.figure] == [28, 28]
    assert [page.header[0][1] for page in pages] == ["Page 1 of 2", "Page 2 of 2"]


def test_rows_of_a_figure_follow_it() -> None:
    pages = paginate(replace(two(counts("at risk")), figures=samples.figure().figures[:1]))
    assert [page.figure is None for page in pages] == [False, True]
    assert labels(pages[1]) == ["at risk"]


def test_columns_without_heads_have_an_empty_header() -> None:
    (page,) = paginate(display("T1", tuple(replace(column, heads=()) for column in TWO), Section((counts("a"),))))
    assert [line.texts for line in page.head] == [("", "", "")]


def test_a_label_in_a_listing_stands_over_all_columns() -> None:
    (page,) = paginate(display("L1", TWO, Section((Row("Treatment: InO"),)), stub=False))
    assert [(line.texts, line.spans) for line in page.body] == [(("Treatment: InO",), (3,))]


def test_a_row_higher_than_a_page_goes_on_on_the_next() -> None:
    text = " ".join(f"word{at:04d}" for at in range(200))
    columns = (Column(("Subject",), 20, align="left"), Column(("Term",), 20, align="left"), Column(("C",), 93))
    cells = (Cell("1001", align="left"), Cell(text, align="left"), Cell("", align="left"))
    pages = paginate(display("L1", columns, Section((Row("", cells),)), stub=False))
    assert len(pages) > 2
    assert " ".join(line.texts[1].replace("\n", " ") for page in pages for line in page.body) == text


def test_blanks_after_commas_go_in_a_whole_row_where_one_interval_does_not_fit() -> None:
    columns = (Column(("",), 30, align="left"), Column(("InO",), 13), Column(("SC",), 13))
    rows = (
        row("95% CI", "(90.0, 100.0)", "(0.0, 10.0)", stat="ci"),
        row("Other", "(1.0, 2.0)", "(3.0, 4.0)", stat="ci"),
    )
    (page,) = paginate(display("T1", columns, Section(rows)))
    assert [[text.strip() for text in line.texts] for line in page.body] == [
        ["95% CI", "(90.0,100.0)", "(0.0,10.0)"],
        ["Other", "(1.0, 2.0)", "(3.0, 4.0)"],
    ]


def test_labels_wrap_in_the_stub_with_a_hanging_indent() -> None:
    (page,) = paginate(two(counts("Discontinued for global deterioration of health status", indent=1)))
    assert labels(page) == ["  Discontinued for global\n    deterioration of health\n    status"]
    assert page.body[0].lines == 3


def test_a_word_that_does_not_fit_into_the_stub_is_cut_and_told() -> None:
    words = (
        "Pneumonoultramicroscopicsilicovolcanoconiosis",
        "急性リンパ性白血病の再発および治療抵抗性の患者における有害事象",
    )
    one = two(*(counts(word, indent=1) for word in words), counts("short"))
    (page,) = paginate(one)
    lines = [label.split("\n") for label in labels(page)[:2]]
    assert ["".join(line.strip() for line in label) for label in lines] == list(words)
    assert all(text_width(line) <= 29 for label in lines for line in label)
    (issue,) = check_display(one)
    assert (issue.rule, issue.records, issue.value) == ("WRAP01", 2, repr(words[0]))


ROWS = st.builds(
    Row,
    st.sampled_from(["Label", "A longer label of a row that wraps in its stub"]),
    st.sampled_from([(), (Cell("1"), Cell("22 (3.4)")), (Cell("33", span=2),)]),
    indent=st.integers(0, 3),
    gap=st.booleans(),
    keep_with_next=st.booleans(),
    block=st.booleans(),
    parents=st.sampled_from([(), ("Class",), ("Class", "Term")]),
    continued=st.booleans(),
    break_before=st.sampled_from(["", "", "", "always", "if_full"]),
)


@given(st.lists(ROWS, max_size=120))
@settings(max_examples=60, deadline=None)
def test_any_rows_make_pages_by_the_rules(rows: list[Row]) -> None:
    pages = paginate(two(*rows))
    printed = 0
    for page in pages:
        assert page.lines <= 42
        assert any(page.body[0].texts)
        assert any(page.body[-1].texts)
        printed += sum(any(line.texts) and "(continued)" not in line.texts[0] for line in page.body)
    assert printed == max(len(rows), 1)


def test_both_papers_have_the_same_pages() -> None:
    letter, a4 = (paginate(replace(samples.baseline(), layout=layout)) for layout in ("grid9", "grid9_a4"))
    assert letter == a4


def test_numbers_name_their_results_and_labels_none() -> None:
    (page,) = paginate(two(counts("a"), Row("label")))
    assert [line.result_ids for line in page.body] == [((), ("a0",), ("a1",)), ()]


def test_footnotes_wrap_under_their_marker() -> None:
    note = "[a] " + "word " * 40
    (page,) = paginate(two(counts("a"), footnotes=(note,)))
    assert page.footnotes[1].startswith("    word")


def test_the_response_shell_looks_as_it_was_drawn() -> None:
    shown = ("xxx (xx.x)",) * 8
    spans = (2, 2, 2, 2)
    rows = (
        Row("Best response, n (%)", block=True),
        row("CR/CRi", *shown, stat="n_pct", indent=1, keep_with_next=True),
        row("95% CI [a]", *("(xx.x, xx.x)",) * 8, stat="ci", indent=2),
        row("Not evaluable/missing [b]", *shown, stat="n_pct", indent=1),
        Row("InO vs SC, CR/CRi rate", gap=True, block=True),
        row("Difference, %", *("xx.x",) * 4, stat="est", spans=spans, indent=1, keep_with_next=True),
        row("95% CI [c]", *("(-xx.x, xx.x)",) * 4, stat="ci", spans=spans, indent=2),
        row("1-sided p-value [d]", *("x.xxxx",) * 4, stat="p", spans=spans, indent=1),
        row("Interaction p-value [f]", "", "", "", "x.xxxx", stat="p", spans=spans, gap=True),
    )
    stub, *arms = c8()
    columns = (stub, *(replace(arm, heads=(*arm.path[:1], f"{arm.path[1]}|(N=xxx)")) for arm in arms))
    (page,) = paginate(display("T14_2_1", columns, Section(rows)))
    assert body_text(page) == SHELL.strip("\n")


SHELL = """
                                     CD22 ≥90%                 CD22 <90%                CD22 Missing              All Subjects
                             ------------------------- ------------------------- ------------------------- -------------------------
                                 InO           SC          InO           SC          InO           SC          InO           SC
                               (N=xxx)      (N=xxx)      (N=xxx)      (N=xxx)      (N=xxx)      (N=xxx)      (N=xxx)      (N=xxx)
Best response, n (%)
  CR/CRi                      xxx (xx.x)   xxx (xx.x)   xxx (xx.x)   xxx (xx.x)   xxx (xx.x)   xxx (xx.x)   xxx (xx.x)   xxx (xx.x)
    95% CI [a]               (xx.x, xx.x) (xx.x, xx.x) (xx.x, xx.x) (xx.x, xx.x) (xx.x, xx.x) (xx.x, xx.x) (xx.x, xx.x) (xx.x, xx.x)
  Not evaluable/missing [b]   xxx (xx.x)   xxx (xx.x)   xxx (xx.x)   xxx (xx.x)   xxx (xx.x)   xxx (xx.x)   xxx (xx.x)   xxx (xx.x)

InO vs SC, CR/CRi rate
  Difference, %                         xx.x                      xx.x                      xx.x                      xx.x
    95% CI [c]                     (-xx.x, xx.x)             (-xx.x, xx.x)             (-xx.x, xx.x)             (-xx.x, xx.x)
  1-sided p-value [d]                  x.xxxx                    x.xxxx                    x.xxxx                    x.xxxx

Interaction p-value [f]                                                                                              x.xxxx
"""  # noqa: E501 - drawn as it looks


LABELLED = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 30), st.booleans(), st.booleans()), min_size=1, max_size=8
)


def blocks(drawn: list[tuple[int, int, bool, bool]]) -> list[Row]:
    """Blocks as specs make them: labels one under the other, then rows below them, in pairs or single."""
    rows: list[Row] = []
    for number, (depth, below, paired, gap) in enumerate(drawn):
        names = tuple(f"Block {number} level {level}" for level in range(depth))
        for level, name in enumerate(names):
            first = level == 0
            rows.append(
                Row(name, indent=level, gap=gap and first, block=first, parents=names[:level], continued=not first)
            )
        for at in range(below):
            bound = paired and at % 2 == 0 and at + 1 < below
            label = f"Row {number}.{at}"
            rows.append(counts(label, indent=depth, parents=names, continued=True, keep_with_next=bound))
    return rows


@given(LABELLED)
@settings(max_examples=60, deadline=None)
def test_blocks_break_by_the_rules(drawn: list[tuple[int, int, bool, bool]]) -> None:
    rows = blocks(drawn)
    pages = paginate(two(*rows))
    room = 42 - pages[0].lines + sum(row.lines for row in pages[0].body)
    by_label = {row.label: row for row in rows}
    heights = {number: depth + below for number, (depth, below, _, _) in enumerate(drawn)}
    for page in pages:
        shown = [" ".join(label.split()) for label in labels(page)]  # labels may be wrapped
        assert shown[0]
        assert shown[-1].startswith("Row"), "a label alone, or a blank row, ends the page"
        assert not by_label[shown[-1]].keep_with_next
        assert all(one or other for one, other in pairwise(shown))
        first = next(at for at, label in enumerate(shown) if not label.endswith("(continued)"))
        parents = by_label[shown[first]].parents
        assert shown[:first] == [f"{parent} (continued)" for parent in parents] or shown[first].startswith("Block")
        if first and page is not pages[0]:
            number = int(shown[0].split()[1])
            assert heights[number] > room, "a block that fits on a page was cut"
            later = [at for at in range(first, len(shown)) if shown[at].startswith(f"Row {number}.")]
            assert len(later) >= 2 or drawn[number][1] < 4
