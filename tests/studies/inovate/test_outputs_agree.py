"""The outputs of one run agree with each other and with their results, and every member leads back to its source."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import laws
import pandas as pd
import pytest
from test_listing_recomputed import listed
from written_files import alternative_texts, body_rows, column_heads

Datasets = Callable[[str], pd.DataFrame]
NAMES = ("T14_1_2", "T14_2_1", "T14_2_6", "T14_3_2_2", "F14_2_3", "L16_2_6_1")


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
            cells=[
                SimpleNamespace(text=text, result_ids=tuple(ids))
                for text, ids in list(zip(row["texts"], row["result_ids"], strict=True))[first:]
            ]
        )
        for page in pages
        for row in page["body"]
        if row["result_ids"]
    ]
    figures = tuple(page["figure"] for page in pages if "figure" in page)
    return SimpleNamespace(sections=[SimpleNamespace(rows=rows)], figures=figures)


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


@pytest.mark.parametrize("name", ["T14_1_2", "T14_2_1", "T14_2_6"])
def test_cd22_groups_sum_to_all_subjects(output: Path, name: str) -> None:
    n = sizes(output, name)
    assert [sum(n[0:6:2]), sum(n[1:6:2])] == n[6:] == [164, 162]


def test_remissions_are_the_remissions_of_the_listing(output: Path, adam: Datasets) -> None:
    printed = numbers(rows_of(output, "T14_2_1")["CR/CRi"])[6:]
    rows = listed(output / "tlf" / "L16_2_6_1.docx")
    assert printed == [sum(bool(row[3]) for row in rows[arm]) for arm in ("InO", "SC")]
    adsl = adam("ADSL")
    assert printed == [((adsl["TRT01PN"] == arm) & (adsl["RESPFL"] == "Y")).sum() for arm in (1, 2)]


def test_best_responses_sum_to_remissions_and_to_all_subjects(output: Path) -> None:
    rows = rows_of(output, "T14_2_1")
    parts = pd.DataFrame({label: numbers(rows[label]) for label in list(rows)[1:9] if label != "95% CI [a]"})
    assert (parts["CR"] + parts["CRi"] == parts["CR/CRi"]).all()
    rest = ["PR", "Resistant disease", "Progressive disease", "Not evaluable/missing [b]"]
    assert (parts["CR/CRi"] + parts[rest].sum(axis=1)).tolist() == sizes(output, "T14_2_1")


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


def test_the_figure_says_what_the_table_says(output: Path) -> None:
    """Events, N, median, hazard ratio and p-value of the boxes; all are at risk at the start."""
    table = body_rows(output / "tlf" / "T14_2_6.docx")
    labels = [row[0].strip() for row in table]
    cells = {label: row[1:] for label, row in zip(reversed(labels), reversed(table), strict=True)}
    events, medians = numbers(cells["Events, n (%)"]), cells["Median"]
    limits = table[labels.index("Median") + 1][1:]
    tested = {"stratified": table[labels.index("InO vs SC, stratified [e]") + 1 :][:4]}
    tested["unstratified"] = table[labels.index("InO vs SC, unstratified") + 1 :][:3]
    text = "\n".join(alternative_texts(output / "tlf" / "F14_2_3.docx"))
    n = sizes(output, "T14_2_6")
    for title, span, which in (
        ("CD22 ≥90%", 0, "unstratified"),
        ("CD22 <90%", 1, "unstratified"),
        ("All Subjects", 3, "stratified"),
    ):
        box = next(line for line in text.split("\n") if line.startswith(f"{title}. "))
        for arm, column in (("InO", 2 * span), ("SC", 2 * span + 1)):
            said = f"{arm}: {events[column]}/{n[column]}, median {medians[column]} {limits[column]}"
            assert said.replace(" ", "") in box.replace(" ", "")
        rows = tested[which]
        assert f"HR (95% CI) {rows[0][1 + span]} {rows[-2][1 + span]}; 1-sided p {rows[-1][1 + span]}" in box
    starts = [int(line.split(": ")[1].split(",")[0]) for line in text.split("\n") if re.match(r"(InO|SC): \d", line)]
    assert starts == [*n[0:4], *n[6:8]]


def test_the_curves_of_the_figure_end_with_the_events_of_the_table(output: Path) -> None:
    table, figure = (written_results(output, name) for name in ("T14_2_6", "F14_2_3"))
    by = ["g1_level", "g2_level"]
    died = figure.frame[figure.frame["op_id"] == "M_KM.n_event"].groupby(by)["stat"].sum()
    first = table.frame[(table.frame["analysis_id"] == "A_T14_2_6_010") & (table.frame["op_id"] == "M_CNT.n")]
    wanted = first.set_index(by)["stat"]
    assert len(died) == 6
    assert (died == wanted.reindex(died.index)).all()
    who = [set(part.members.loc[part.members["role"] == "EVENT", "usubjid"]) for part in (table, figure)]
    assert who[0] == who[1]
    assert len(who[0]) == wanted.xs("", level=1).sum()  # an empty level is all subjects


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
