"""Every number of the tables of effects and of the forests, computed a second time from the written XPT files."""

from collections.abc import Callable, Iterator

import pandas as pd
import pytest
from recomputed_effects import Datasets, interaction, response_cells, response_frame, time_cells, time_frame
from whole_output import Whole, recomputes

QUARTILES = {f"Q{k}": label for k, label in enumerate(("MESF Q1 (low)", "MESF Q2", "MESF Q3", "MESF Q4 (high)"), 1)}
GROUPS: dict[str, tuple[str, dict[str, str], int]] = {
    "CD22": ("CD22GR1", {">=90%": "CD22 ≥90%", "<90%": "CD22 <90%", "Missing": "CD22 Missing"}, 2),
    "MESF": ("MESFGR1", {**QUARTILES, "": "MESF Missing"}, 4),
    "SCREG": ("SCREG", {"FLAG": "FLAG", "MXN": "Ara-C + mitoxantrone", "HIDAC": "High-dose Ara-C"}, 3),
    "PH": ("PHFL", {"Y": "Ph+", "N": "Ph-"}, 2),
    "LOCAL": ("CD22LGR1", {">=90%": "Local CD22 ≥90%", "<90%": "Local CD22 <90%", "Missing": "Local CD22 Missing"}, 2),
    "AGE": ("AGEGR1", {"<55": "Age <55 years", ">=55": "Age ≥55 years"}, 2),
    "DFR": ("STRAT1V", {"<12": "First remission <12 mo.", ">=12": "First remission ≥12 mo."}, 2),
    "SALVAGE": ("STRAT2V", {"1": "Salvage 1", "2": "Salvage 2"}, 2),
    "BLASTS": (
        "BMBLGR1",
        {"<50%": "Marrow blasts <50%", "50-90%": "Marrow blasts 50-90%", ">90%": "Marrow blasts >90%"},
        3,
    ),
    "HSCT": ("PRHSCTFL", {"Y": "Prior HSCT", "N": "No prior HSCT"}, 2),
}
"""The variable of each grouping, the label of each value, and over how many of them an interaction is tested."""
ENDPOINTS = (
    ("CR/CRi rate, difference in %", response_frame, "CRCRIINV", False),
    ("MRD negative, difference in % [a]", response_frame, "MRDINV", True),
    ("Duration of remission, hazard ratio [a]", time_frame, "DOR", True),
    ("Progression-free survival, hazard ratio", time_frame, "PFS", False),
    ("Overall survival, hazard ratio", time_frame, "OS", False),
)
TABLES = {"T14_2_7": "CD22", "T14_2_8": "MESF", "T14_2_9": "SCREG", "T14_2_10": "PH", "T14_2_13": "LOCAL"}
Cells = Callable[[pd.DataFrame], list[str]]


def level_lines(frame: pd.DataFrame, name: str, cells: Cells, shown: int | None = None) -> Iterator[list[str]]:
    """The lines of a grouping: label, cells, and on the first the test of interaction."""
    variable, labels, tested = GROUPS[name]
    values = frame[variable].fillna("")
    p = interaction(frame, values, list(labels)[:tested])
    for at, (value, label) in enumerate(list(labels.items())[:shown]):
        part = frame[values == value]
        if value or len(part):
            yield [label, *cells(part), "" if at else p]


@pytest.mark.parametrize("name", TABLES)
@recomputes(*TABLES)
def test_a_table_of_effects_is_as_recomputed(whole: Whole, adam: Datasets, name: str) -> None:
    wanted = []
    for label, read, paramcd, responders_only in ENDPOINTS:
        frame = read(adam, paramcd, responders_only)
        cells = response_cells if read is response_frame else time_cells
        wanted += [[label, *[""] * 5], ["All Subjects", *cells(frame), ""]]
        wanted += level_lines(frame, TABLES[name], cells)
        if name == "T14_2_8":
            p = interaction(frame, frame["MESFGR1"].fillna(""), list(QUARTILES), trend=True)
            wanted.append(["Trend p-value (Q1 to Q4)", *[""] * 4, p])
    whole(name).rows(wanted, lambda rows: [[cell.strip() for cell in row] for row in rows])


RATIOS = ("InO events/N", "SC events/N", "HR (95% CI)", "Int. p")
FORESTS = {
    "F14_2_4": (("InO n/N (%)", "SC n/N (%)", "Difference (95% CI)", "Int. p"), ENDPOINTS[:1]),
    "F14_2_5": (RATIOS, ENDPOINTS[3:]),
}
SUBGROUPS = ("CD22", "MESF", "AGE", "DFR", "SALVAGE", "PH", "BLASTS", "HSCT", "SCREG")


def event_cells(part: pd.DataFrame) -> list[str]:
    """e/N of both arms, hazard ratio with limits."""
    *arms, effect, _ = time_cells(part)
    return [*(cell.split()[0] for cell in arms), effect]


@pytest.mark.parametrize("name", FORESTS)
@recomputes(*FORESTS)
def test_a_forest_is_as_recomputed(whole: Whole, adam: Datasets, name: str) -> None:
    figure, pages, (heads, endpoints) = whole(name), [], FORESTS[name]
    for number, (_, read, paramcd, responders_only) in enumerate(endpoints, 1):
        frame = read(adam, paramcd, responders_only)
        cells: Cells = event_cells if read is time_frame else lambda part: response_cells(part)[:3]
        rows = [["All Subjects", *cells(frame), ""]]
        for group in SUBGROUPS:
            rows += level_lines(frame, group, cells, 4 if group == "MESF" else None)
        of_page = figure.results[figure.results["analysis_id"].str.startswith(f"A_{name}_{number:02}_")]
        for label, *row in rows:
            level = of_page[of_page["g2_level"] == ("" if label == "All Subjects" else label)]
            figure.told(" ".join(row[:3]), level[level["method_id"] != "M_INT"])
            if row[3]:
                tests = of_page[(of_page["method_id"] == "M_INT") & of_page["g2_id"].isin(level["g2_id"])]
                assert tests["formatted"].tolist() == row[3:]
                figure.told(row[3], tests)
        pages.append(
            [
                f"{label}: " + "; ".join(f"{head} {cell}" for head, cell in zip(heads, row, strict=True) if cell)
                for label, *row in rows
            ]
        )
    figure.pictures(pages, skipped=2)
