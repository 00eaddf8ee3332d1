"""Displays wider than the page: panels of columns, each with the stub."""

import pytest
from sample_displays import display, labels, row

from sdtm2adam.display.paginate import paginate
from sdtm2adam.model.display import Column, Row, Section


@pytest.mark.bad_input("B090")
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


@pytest.mark.bad_input("B090")
def test_forty_treatment_groups_are_printed() -> None:
    columns = (Column(("",), 29, align="left"), *(Column((f"Dose {at}|(N=10)",), 13) for at in range(40)))
    pages = paginate(display("T1", columns, Section((row("n", *map(str, range(40))),))))
    assert [text.strip() for page in pages for text in page.body[0].texts[1:]] == [str(at) for at in range(40)]
