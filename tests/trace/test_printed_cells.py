"""The places of cells in a display: over pages, panels of columns, page-by titles, listings and figures."""

import pytest

from sdtm2adam.errors import UsageError
from sdtm2adam.trace.beside_body import with_notes, with_totals
from sdtm2adam.trace.cell_words import find_cell, find_row
from sdtm2adam.trace.printed import Printed, PrintedCell, PrintedRow, printed_pages, printed_results


def row(label, *cells, spans=None):
    """A row of display.json; a cell `12` has the result `12`, a blank one none."""
    ids = [[], *([cell] if cell else [] for cell in cells)] if any(cells) else []
    return {"texts": [label, *cells], "spans": spans or [1] * (len(cells) + 1), "result_ids": ids}


def page(number, heads, body, titles=("Table 1", "Title", "Set")):
    head = [{"texts": list(texts), "spans": [1] * len(texts), "result_ids": []} for texts in heads]
    return {
        "number": number, "titles": list(titles), "header": [["", ""], ["", "DRAFT"]], "head": head, "body": body,
        "widths": [10] * len(heads[0]),
    }  # fmt: skip


HEADS = [["", "A", "A", "B", "B"], ["", "X\n(N=3)", "Y\n(N=4)", "X\n(N=5)", "Y\n(N=6)"]]


def test_rows_are_counted_over_all_pages_without_labels_and_repeated_headings():
    pages = [
        page(1, HEADS, [row("Group", "", "", "", ""), row("  One", "1", "2", "3", "4"), row("", "", "", "", "")]),
        page(2, HEADS, [row("Group (continued)", "", "", "", ""), row("  Two", "5", "6", "7", "8")]),
    ]
    grid = printed_pages("T1", pages)
    assert [(one.number, one.path) for one in grid.rows] == [(1, ("Group", "One")), (2, ("Group", "Two"))]
    assert grid.columns == [("A", "X"), ("A", "Y"), ("B", "X"), ("B", "Y")]
    assert find_cell(grid, "Group|Two", "B|X")[1].text == "7"
    with pytest.raises(UsageError, match="2 cells of this row are under 'X'"):
        find_cell(grid, "Two", "X")


def test_a_cell_over_several_columns_is_found_under_each_of_them():
    pages = [page(1, HEADS, [row("Difference", "12", "34", spans=[1, 2, 2])])]
    grid = printed_pages("T1", pages)
    for column in ("c1", "c2", "A", "A|Y"):
        assert find_cell(grid, "Difference", column)[1].text == "12"
    assert find_cell(grid, "r1", "B")[1].text == "34"


def test_rows_of_panels_are_one_row_and_their_columns_follow_each_other():
    first = [["", "A"], ["", "X"]]
    second = [["", "B"], ["", "X"]]
    pages = [
        page(1, first, [row("One", "1"), row("Two", "2")]),
        page(2, second, [row("One", "3"), row("Two", "4")]),
        page(3, first, [row("Three", "5")]),
        page(4, second, [row("Three", "6")]),
    ]
    grid = printed_pages("T1", pages)
    assert [(one.number, one.path, [cell.text for cell in one.cells]) for one in grid.rows] == [
        (1, ("One",), ["1", "3"]), (2, ("Two",), ["2", "4"]), (3, ("Three",), ["5", "6"]),
    ]  # fmt: skip
    assert find_cell(grid, "Three", "c2")[1].text == "6"


def test_a_title_that_changes_from_page_to_page_is_the_outermost_label():
    pages = [
        page(at, HEADS, [row("One", text, "", "", "")], ("Table 1", "Title", "Set", f"Arm: {arm}"))
        for at, arm, text in ((1, "P", "1"), (2, "Q", "2"))
    ]
    grid = printed_pages("T1", pages)
    assert find_cell(grid, "Arm: Q|One", "c1")[1].text == "2"
    assert grid.titles == ("Table 1", "Title", "Set")  # those of the first page alone say nothing of the others
    with pytest.raises(UsageError, match="2 rows are called 'One'"):
        find_cell(grid, "One", "c1")


def test_a_listing_has_no_stub_and_its_rows_are_called_by_their_first_column():
    body = [
        {"texts": ["001", "5 mg"], "spans": [1, 1], "result_ids": [["a"], ["b"]]},
        {"texts": ["", "6 mg"], "spans": [1, 1], "result_ids": [["c"], ["d"]]},
    ]
    grid = printed_pages("L1", [page(1, [["Subject", "Dose"]], body)])
    assert find_cell(grid, "r2", "Dose")[1].text == "6 mg"
    assert [one.path for one in grid.rows] == [("001",), ("001",)]


def test_the_column_n_is_given_only_where_each_column_has_one():
    pages = [page(1, [["", "A", "B"]], [row("One", "1", "2")])]
    totals = [{"analysis_id": "A_T1_000", "formatted": text, "result_id": text} for text in ("7", "8")]
    assert find_cell(with_totals(printed_pages("T1", pages), totals), "N", "B")[1].text == "8"
    assert [one.number for one in with_totals(printed_pages("T1", pages), totals[:1]).rows] == [1]


def totals(*texts):
    """The column N among the results: each has its text as id."""
    return [{"analysis_id": "A_T1_000", "formatted": text, "result_id": f"id {text}"} for text in texts]


def test_each_page_group_has_a_column_n_of_its_own():
    pages = [
        page(at, [["", *heads]], [row("One", "1", "2")], ("Table 1", "Title", "Set", arm))
        for at, (arm, heads) in enumerate((
            ("P", ["A\n(N=3)", "B\n(N=4)"]), ("P", ["A\n(N=3)", "B\n(N=4)"]), ("Q", ["A\n(N=5)", "B\n(N=6)"]),
        ), 1)
    ]  # fmt: skip
    grid = with_totals(printed_pages("T1", pages), totals("3", "4", "5", "6"))
    found = [find_cell(grid, f"{group}|N", column)[1] for group in "PQ" for column in "AB"]
    assert [(cell.text, cell.result_ids, cell.page) for cell in found] == [
        ("3", ("id 3",), 1), ("4", ("id 4",), 1), ("5", ("id 5",), 3), ("6", ("id 6",), 3),
    ]  # fmt: skip
    for said in ("r0", "N"):
        with pytest.raises(UsageError, match=f"2 rows are {'called ' if said == 'N' else ''}'?{said}") as told:
            find_row(grid, said)
        assert "Q|N" in told.value.mend


def test_a_column_n_over_several_columns_is_found_under_each_of_them():
    head = {"texts": ["", "A\n(N=3)", "B\n(N=4)"], "spans": [1, 2, 2], "lines": 2, "result_ids": []}
    whole = page(1, [["", "X", "Y", "X", "Y"]], [row("One", "1", "2", "3", "4")])
    grid = with_totals(printed_pages("T1", [whole | {"head": [head, *whole["head"]]}]), totals("3", "4"))
    assert [find_cell(grid, "N", column)[1].text for column in ("A", "A|Y", "c4", "B")] == ["3", "3", "4", "4"]


def test_arms_that_are_labels_have_their_number_under_all_columns():
    body = [
        line
        for test in ("Platelets", "Neutrophils")
        for line in (
            row(test, "", ""), row("  A (N=3)", "", ""), row("    Grade", "1", "2"),
            row("  B (N=4)", "", ""), row("    Grade", "3", "4"),
        )
    ]  # fmt: skip
    grid = with_totals(printed_pages("T1", [page(1, [["", "X", "Y"]], body)]), totals("3", "4"))
    assert [(one.number, one.path) for one in grid.rows[:3]] == [
        (0, ("A", "N")), (0, ("B", "N")), (1, ("Platelets", "A (N=3)", "Grade")),
    ]  # fmt: skip
    assert [find_cell(grid, "B|N", column)[1].result_ids for column in ("X", "c2")] == [("id 4",), ("id 4",)]
    assert find_cell(grid, "Neutrophils|A|Grade", "Y")[1].text == "2"


def test_what_stands_under_the_number_of_subjects_is_a_head_of_its_own():
    grid = printed_pages("T1", [page(1, [["", "A\n(N=3)\nn  Rate", "B\n(N=4)\nn  Rate"]], [row("One", "1", "2")])])
    assert grid.columns == [("A", "n Rate"), ("B", "n Rate")]
    assert find_cell(grid, "One", "B")[1].text == "2"


def test_heads_that_have_not_the_number_of_totals_give_none():
    grid = printed_pages("T1", [page(1, [["", "A\n(N=3)", "B\n(N=4)"]], [row("One", "1", "2")])])
    assert [one.number for one in with_totals(grid, totals("3", "4", "5")).rows] == [1]


def noted(variable, statistic, text, analysis="A_T1_010"):
    return {
        "analysis_id": analysis, "variable": variable, "stat_label": statistic, "formatted": text, "result_id": text,
    }  # fmt: skip


def test_numbers_of_footnotes_are_the_last_rows_under_any_column():
    whole = page(1, [["", "A", "B"]], [row("Median", "1", "2")])
    whole |= {"noted": ["12", "34"], "footnotes": ["[a] Cut points: 12 and", "34."]}
    results = [noted("AGE", "Q1", "12"), noted("AGE", "Median", "34"), noted("AGE", "Q3", "56")]
    grid = with_notes(printed_pages("T1", [whole]), [whole], results)
    assert [(one.number, one.said) for one in grid.rows[1:]] == [(2, "Footnotes|AGE, Q1"), (3, "Footnotes|AGE, Median")]
    assert [find_cell(grid, "age, q1", column)[1].text for column in ("A", "c2")] == ["12", "12"]
    assert find_cell(grid, "Median", "A")[1].text == "1"


def test_notes_of_one_name_are_told_apart_by_their_analysis():
    whole = page(1, [["", "A"]], [row("One", "1")]) | {"noted": ["12", "34"], "footnotes": ["Medians: 12 and 30."]}
    results = [noted("AGE", "Median", "12"), noted("AGE", "Median", "34", "A_T1_020")]
    grid = with_notes(printed_pages("T1", [whole]), [whole], results)
    assert find_cell(grid, "A_T1_010|AGE, Median", "c1")[1].text == "12"
    assert find_cell(grid, "r3", "c1")[1].text == ""  # 34 is not in the note, which `trace` tells


def test_numbers_of_a_figure_are_rows_of_statistics_and_columns_of_curves():
    def result(analysis, label, text, *groups):
        made = {
            "analysis_id": analysis,
            "stat_label": label,
            "formatted": text,
            "stat": 0.5,
            "stat_c": "",
            "shown": "Y",
        }
        for at in range(1, 5):
            made[f"g{at}_id"], made[f"g{at}_level"] = groups[at - 1] if at <= len(groups) else ("", "")
        return made | {"result_id": f"{label}{text}{groups}"}

    arms = [("ARM", "X"), ("ARM", "Y")]
    results = [result("A_F1_000", "n", "4", arm, ("SEX", "")) for arm in arms]
    results += [result("A_F1_010", "at_risk", text, arms[0], ("SEX", ""), ("TICK", text)) for text in ("12", "24")]
    results += [result("A_F1_010", "estimate", "", arms[1], ("SEX", ""), ("TIME", "12"))]
    grid = printed_results("F1", [page(1, [[]], []) | {"figure": {}}], results)
    assert grid.columns == [("All", "X"), ("All", "Y")]
    assert [(one.number, one.said) for one in grid.rows] == [
        (0, "N"), (1, "at_risk|12"), (2, "at_risk|24"), (3, "estimate|12"),
    ]  # fmt: skip
    assert find_cell(grid, "at risk|24", "X")[1].text == "24"
    assert find_cell(grid, "estimate|12", "c2")[1].text == "0.5"


def test_rows_that_differ_in_case_alone_are_told_apart_by_the_letter():
    cells = (PrintedCell("1", ("a",), 0, 1, 1),)
    grid = Printed("F1", ("Figure 1",), "DRAFT", [("X",)], [PrintedRow(0, ("N",), cells), PrintedRow(1, ("n",), cells)])
    assert [find_row(grid, said).number for said in ("N", "n")] == [0, 1]


def test_rows_of_one_name_are_listed_with_what_they_begin_with():
    rows = [PrintedRow(at, ("1001",), (PrintedCell(text, ("a",), 0, 1, 1),)) for at, text in ((1, "OS"), (2, "PFS"))]
    with pytest.raises(UsageError) as error:
        find_row(Printed("L1", ("Listing 1",), "DRAFT", [("X",)], rows), "1001")
    assert error.value.mend.endswith("r1 1001: OS; r2 1001: PFS")
