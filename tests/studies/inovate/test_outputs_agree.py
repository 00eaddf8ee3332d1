"""The outputs of one run agree with each other and with their results, and every member leads back to its source."""

import json
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import laws
import pandas as pd
import pytest
from test_listing_recomputed import listed
from written_files import alternative_texts, body_rows, column_heads

from sdtm2adam.resources import shelf

Datasets = Callable[[str], pd.DataFrame]
NAMES = tuple(sorted(path.stem for path in (shelf("specs") / "inovate" / "tlf").glob("*.yaml")))


def written_results(output: Path, name: str) -> Any:
    """The results of an output as its files hold them."""
    folder = output / "results"
    return SimpleNamespace(
        frame=pd.read_parquet(folder / f"{name}.parquet"), members=pd.read_parquet(folder / f"{name}.members.parquet")
    )


def written_display(output: Path, name: str) -> Any:
    """The printed cells of an output with the results each was made from, as display.json holds them."""
    pages = json.loads((output / "results" / f"{name}.display.json").read_text(encoding="utf-8"))
    first = 0 if name.startswith("L") else 1  # the label of a table is no cell; the first cell of a listing is
    rows = [
        SimpleNamespace(
            head=False,
            cells=[
                SimpleNamespace(text=text, result_ids=tuple(ids))
                for text, ids in list(zip(row["texts"], row["result_ids"], strict=True))[first:]
            ],
        )
        for page in pages
        for row in page["body"]
        if row["result_ids"]
    ]
    noted = tuple(name for page in pages for name in page["noted"])
    figures = tuple(page["figure"] for page in pages if "figure" in page)
    return SimpleNamespace(sections=[SimpleNamespace(rows=rows)], figures=figures, noted=noted)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "law",
    [laws.identity, laws.law_1, laws.law_2, laws.law_3, laws.law_4, laws.law_5, laws.law_6],
    ids=lambda f: f.__name__,
)
def test_a_law_of_results_holds_for_what_was_written(output: Path, name: str, law: Callable[..., None]) -> None:
    law(written_results(output, name), written_display(output, name))


# --- the same number in several outputs


def numbers(cells: list[str]) -> list[int]:
    """The counts of a row: what stands before the brackets."""
    return [int(cell.split(" ")[0]) for cell in cells]


def rows_of(output: Path, name: str) -> dict[str, list[str]]:
    """The rows of a table by their label; of rows with one label, the first."""
    found: dict[str, list[str]] = {}
    for label, *cells in body_rows(output / "tlf" / f"{name}.docx"):
        found.setdefault(label.strip(), cells)
    return found


def sizes(output: Path, name: str) -> list[int]:
    (heads,) = column_heads(output / "tlf" / f"{name}.docx")
    return [int(re.findall(r"N=(\d+)", head)[0]) for head in heads]


@pytest.mark.parametrize("name", ["T14_1_1", "T14_1_2", "T14_2_1", "T14_2_5", "T14_2_6", "T14_2_11"])
def test_cd22_groups_sum_to_all_subjects(output: Path, name: str) -> None:
    n = sizes(output, name)
    assert [sum(n[0:6:2]), sum(n[1:6:2])] == n[6:] == [164, 162]


@pytest.mark.parametrize("name", ["T14_2_3", "T14_2_4"])
def test_cd22_groups_sum_to_all_responders(output: Path, name: str) -> None:
    n = sizes(output, name)
    assert [sum(n[0:6:2]), sum(n[1:6:2])] == n[6:]


def test_remissions_are_the_remissions_of_the_listing(output: Path, adam: Datasets) -> None:
    printed = numbers(rows_of(output, "T14_2_1")["CR/CRi"])[6:]
    rows = listed(output / "tlf" / "L16_2_6_1.docx")
    assert printed == [sum(bool(row[3]) for row in rows[arm]) for arm in ("InO", "SC")]
    adsl = adam("ADSL")
    assert printed == [((adsl["TRT01PN"] == arm) & (adsl["RESPFL"] == "Y")).sum() for arm in (1, 2)]


@pytest.mark.parametrize("name", ["T14_2_1", "T14_2_2"])
def test_best_responses_sum_to_remissions_and_to_all_subjects(output: Path, name: str) -> None:
    rows = rows_of(output, name)
    parts = pd.DataFrame({label: numbers(rows[label]) for label in list(rows)[1:9] if label != "95% CI [a]"})
    assert (parts["CR"] + parts["CRi"] == parts["CR/CRi"]).all()
    rest = ["PR", "Resistant disease", "Progressive disease", "Not evaluable/missing [b]"]
    assert (parts["CR/CRi"] + parts[rest].sum(axis=1)).tolist() == sizes(output, name)


def test_deaths_are_the_deaths_of_the_listing(output: Path, adam: Datasets) -> None:
    rows = rows_of(output, "T14_2_6")
    assert rows["Events, n (%)"] == rows["Death"]
    died = listed(output / "tlf" / "L16_2_6_1.docx")
    adsl = adam("ADSL")
    printed = numbers(rows["Death"])
    assert printed[6:] == [sum(row[8].startswith("Died") for row in died[arm]) for arm in ("InO", "SC")]
    assert printed[6:] == [((adsl["TRT01PN"] == arm) & (adsl["DTHFL"] == "Y")).sum() for arm in (1, 2)]
    censored = numbers(rows["Censored, n (%)"])
    assert [a + b for a, b in zip(printed, censored, strict=True)] == sizes(output, "T14_2_6")


CURVES = [("F14_2_1", "T14_2_4"), ("F14_2_2", "T14_2_5"), ("F14_2_3", "T14_2_6")]
of_curves = pytest.mark.parametrize(("figure", "table"), CURVES)


@of_curves
def test_the_figure_says_what_the_table_says(output: Path, figure: str, table: str) -> None:
    """Events, N, median, hazard ratio and p-value of the boxes; all are at risk at the start."""
    rows = body_rows(output / "tlf" / f"{table}.docx")
    labels = [re.sub(r" \[\w\]$", "", row[0].strip()) for row in rows]
    cells = {label: row[1:] for label, row in zip(reversed(labels), reversed(rows), strict=True)}
    events, medians = numbers(cells["Events, n (%)"]), cells["Median"]
    limits = rows[labels.index("Median") + 1][1:]
    tested = {"stratified": rows[labels.index("InO vs SC, stratified") + 1 :][:4]}
    tested["unstratified"] = rows[labels.index("InO vs SC, unstratified") + 1 :][:3]
    text = "\n".join(alternative_texts(output / "tlf" / f"{figure}.docx"))
    n = sizes(output, table)
    for title, span, which in (
        ("CD22 ≥90%", 0, "unstratified"),
        ("CD22 <90%", 1, "unstratified"),
        ("All Subjects", 3, "stratified"),
    ):
        box = next(line for line in text.split("\n") if line.startswith(f"{title}. "))
        for arm, column in (("InO", 2 * span), ("SC", 2 * span + 1)):
            said = f"{arm}: {events[column]}/{n[column]}, median {medians[column]} {limits[column]}"
            assert said.replace(" ", "") in box.replace(" ", "")
        ratio, limits_95, p = (tested[which][at][1 + span] for at in (0, -2, -1))
        assert f"HR (95% CI) {ratio} {limits_95}; 1-sided p {p}" in box
    starts = [int(line.split(": ")[1].split(",")[0]) for line in text.split("\n") if re.match(r"(InO|SC): \d", line)]
    assert starts == [*n[0:4], *n[6:8]]


@of_curves
def test_the_curves_of_the_figure_end_with_the_events_of_the_table(output: Path, figure: str, table: str) -> None:
    curves, counted = written_results(output, figure), written_results(output, table)
    by = ["g1_level", "g2_level"]
    happened = curves.frame[curves.frame["op_id"] == "M_KM.n_event"].groupby(by)["stat"].sum()
    chosen = (counted.frame["analysis_id"] == f"A_{table}_010") & (counted.frame["op_id"] == "M_CNT.n")
    wanted = counted.frame[chosen].set_index(by)
    assert len(happened) == 6
    assert (happened == wanted["stat"].reindex(happened.index)).all()
    marked = [part.members[part.members["role"] == "EVENT"] for part in (curves, counted)]
    paramcd = set(marked[0]["paramcd"])
    who = [set(part.loc[part["paramcd"].isin(paramcd), "usubjid"]) for part in marked]
    assert who[0] == who[1]
    assert len(who[0]) == wanted["stat"].xs("", level=1).sum()  # an empty level is all subjects


def test_responders_are_the_columns_of_the_tables_of_responders(output: Path) -> None:
    remissions = numbers(rows_of(output, "T14_2_1")["CR/CRi"])
    assert remissions == sizes(output, "T14_2_3") == sizes(output, "T14_2_4")
    assert remissions == numbers(rows_of(output, "T14_1_1")["Responders (CR/CRi)"])
    assert remissions[6:7] == sizes(output, "T14_2_12")


def test_sizes_of_analysis_sets_are_the_columns_of_their_tables(output: Path) -> None:
    rows = rows_of(output, "T14_1_1")
    sets = {label: numbers(rows[label]) for label in ("ITT", "ITT218 (first 218)", "Safety", "Central CD22 evaluable")}
    assert sets["ITT"] == numbers(rows["Randomised, N"]) == sizes(output, "T14_1_1")
    assert sets["ITT218 (first 218)"][6:] == sizes(output, "T14_2_2")
    assert sets["Safety"] == numbers(rows["Treated, n (%)"])
    assert sets["Safety"][6:] == sizes(output, "T14_3_2_2")[4:]
    assert [f"{arm} (N={n})" for arm, n in zip(("InO", "SC"), sets["Safety"][6:], strict=True)] == [
        row[0].strip() for row in body_rows(output / "tlf" / "T14_3_5.docx")[1:9:7]
    ]
    assert sets["Central CD22 evaluable"][6:] == numbers(rows_of(output, "T14_1_3")["Evaluable, n (%)"])


def test_cd22_categories_are_the_columns_of_the_tables_by_cd22(output: Path) -> None:
    rows, n = rows_of(output, "T14_1_3"), sizes(output, "T14_2_1")
    assert [*numbers(rows["≥90%"]), *numbers(rows["<90%"]), *numbers(rows["Missing"])] == n[:6]
    parts = zip(numbers(rows["70% to <90%"]), numbers(rows["<70%"]), strict=True)
    assert [high + low for high, low in parts] == numbers(rows["<90%"])
    quartiles = [numbers(rows[label]) for label in ("Q1 (low)", "Q2", "Q3", "Q4 (high)")]
    evaluable = numbers(rows["Evaluable, n (%)"])
    assert [sum(arm) for arm in zip(*quartiles, strict=True)] == evaluable == numbers(rows["n"])
    reasons = [numbers(rows[label]) for label in ("No sample", "Insufficient blasts", "Not analysed", "Other")]
    assert [sum(arm) for arm in zip(evaluable, *reasons, strict=True)] == n[6:]
    local = [numbers(rows[label]) for label in ("Positive", "Negative", "Not done")]
    assert [sum(arm) for arm in zip(*local, strict=True)] == n[6:]


def test_deaths_are_those_of_the_disposition(output: Path) -> None:
    assert rows_of(output, "T14_1_1")["Died"] == rows_of(output, "T14_2_6")["Events, n (%)"]


def test_strata_of_the_form_are_those_of_the_characteristics(output: Path) -> None:
    """The sums across a grid of strata are the rows of the table of baseline characteristics."""
    grids = body_rows(output / "tlf" / "T14_1_4.docx")
    table = body_rows(output / "tlf" / "T14_1_2.docx")
    labels = [row[0].strip() for row in table]
    for grid, title in enumerate(("First remission, n (%)", "Salvage (CRF), n (%)", "Age group, n (%)")):
        sums = grids[6 * grid + 3][1:]
        rows = table[labels.index(title) + 1 :][:2]
        assert [[row[7], row[8]] for row in rows] == [[sums[level], sums[level + 3]] for level in (0, 1)]


def test_mrd_sums_to_responders(output: Path) -> None:
    table = body_rows(output / "tlf" / "T14_2_3.docx")
    rows = [(row[0].strip(), numbers(row[1:])) for row in table if re.fullmatch(r"\d+( \(.*\))?", row[-1])]
    by_label: dict[str, list[list[int]]] = {}
    for label, counts in rows:
        by_label.setdefault(label, []).append(counts)
    negative, positive = by_label["MRD negative, n (%) [a]"][0], by_label["MRD positive, n (%)"][0]
    unknown = by_label["Not assessed, n (%) [c]"][0]
    assert [sum(n) for n in zip(negative, positive, unknown, strict=True)] == sizes(output, "T14_2_3")
    assert [sum(n) for n in zip(*by_label["MRD negative, n (%)"], strict=True)] == negative
    assert by_label["MRD neg. CR/CRi, n (%)"] == [negative]
    assert by_label["ITT subjects, N"] == [sizes(output, "T14_2_1")]
    best = rows_of(output, "T14_2_1")
    assert [by_label[f"Best response {best_}, N"][0] for best_ in ("CR", "CRi")] == [
        numbers(best["CR"]),
        numbers(best["CRi"]),
    ]


@pytest.mark.parametrize("name", ["T14_2_4", "T14_2_5", "T14_2_6"])
def test_events_and_censored_sum_to_all_subjects(output: Path, name: str) -> None:
    """The kinds of events to all events, the reasons of censoring to all censored."""
    table = body_rows(output / "tlf" / f"{name}.docx")
    labels = [row[0] for row in table]
    places = [labels.index(text) for text in ("Events, n (%)", "Censored, n (%)", "Kaplan-Meier, months [a]")]
    totals = []
    for first, last in pairwise(places):
        whole, *parts = (numbers(row[1:]) for row in table[first:last])
        assert [sum(n) for n in zip(*parts, strict=True)] == whole
        totals.append(whole)
    assert [a + b for a, b in zip(*totals, strict=True)] == sizes(output, name)


def test_transplants_are_those_of_the_listing(output: Path) -> None:
    table = body_rows(output / "tlf" / "T14_2_11.docx")
    some = numbers(table[0][1:])
    assert numbers(next(row for row in table if row[0] == "Subjects with HSCT, N")[1:]) == some
    rows = listed(output / "tlf" / "L16_2_6_1.docx")
    assert some[6:] == [sum(bool(row[7]) for row in rows[arm]) for arm in ("InO", "SC")]


def test_pairs_with_both_samples_are_the_base_of_their_rows(output: Path) -> None:
    rows = rows_of(output, "T14_2_12")
    base = rows["Subjects with CD22-positive blasts at baseline and relapse, N"]
    assert rows["Subjects with both results, n"] == base


def test_adverse_events_of_a_level_are_within_the_level_above(output: Path) -> None:
    rows = body_rows(output / "tlf" / "T14_3_2_2.docx")
    above: dict[int, list[int]] = {}
    for label, *cells in rows:
        n, indent = numbers(cells), (len(label) - len(label.lstrip())) // 2
        if label == "Any TEAE":
            above = {-1: n}
        assert all(a <= b for a, b in zip(n, above[indent - 1], strict=True)), label
        above[indent] = n
        assert all(ge + lt <= everyone for ge, lt, everyone in zip(n[0:2], n[2:4], n[4:6], strict=True)), label
