"""What stands on a page: heads, labels, wrapped texts, footnotes, the ids of results."""

from dataclasses import replace

import pytest
from sample_displays import TWO, c8, counts, display, labels, row, two

from sdtm2adam.display.characters import text_width
from sdtm2adam.display.check import check_display
from sdtm2adam.display.paginate import paginate
from sdtm2adam.display.text import body_text
from sdtm2adam.model.display import Column, Row, Section


@pytest.mark.bad_input("B090")
def test_columns_without_heads_have_an_empty_header() -> None:
    (page,) = paginate(display("T1", tuple(replace(column, heads=()) for column in TWO), Section((counts("a"),))))
    assert [line.texts for line in page.head] == [("", "", "")]


def test_a_label_in_a_listing_stands_over_all_columns() -> None:
    (page,) = paginate(display("L1", TWO, Section((Row("Treatment: InO"),)), stub=False))
    assert [(line.texts, line.spans) for line in page.body] == [(("Treatment: InO",), (3,))]


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


@pytest.mark.bad_input("B090")
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
