"""Every number of the tables of effects and of the forests, computed a second time from the written XPT files."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from recomputed_effects import Datasets, interaction, response_cells, response_frame, time_cells, time_frame
from written_files import alternative_texts, body_rows

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
def test_a_table_of_effects_is_as_recomputed(output: Path, adam: Datasets, name: str) -> None:
    wanted = []
    for label, read, paramcd, responders_only in ENDPOINTS:
        frame = read(adam, paramcd, responders_only)
        cells = response_cells if read is response_frame else time_cells
        wanted += [[label, *[""] * 5], ["All Subjects", *cells(frame), ""]]
        wanted += level_lines(frame, TABLES[name], cells)
        if name == "T14_2_8":
            p = interaction(frame, frame["MESFGR1"].fillna(""), list(QUARTILES), trend=True)
            wanted.append(["Trend p-value (Q1 to Q4)", *[""] * 4, p])
    printed = [[cell.strip() for cell in row] for row in body_rows(output / "tlf" / f"{name}.docx")]
    assert [row for row in printed if not row[0].endswith("(continued)")] == wanted


@pytest.mark.parametrize(
    ("figure", "page", "endpoint", "heads"),
    [
        ("F14_2_4", 0, ENDPOINTS[0], ("InO n/N (%)", "SC n/N (%)", "Difference (95% CI)", "Int. p")),
        ("F14_2_5", 0, ENDPOINTS[3], ("InO events/N", "SC events/N", "HR (95% CI)", "Int. p")),
        ("F14_2_5", 1, ENDPOINTS[4], ("InO events/N", "SC events/N", "HR (95% CI)", "Int. p")),
    ],
)
def test_a_forest_is_as_recomputed(output, adam: Datasets, figure: str, page: int, endpoint, heads) -> None:
    _, read, paramcd, responders_only = endpoint
    frame = read(adam, paramcd, responders_only)

    def cells(part: pd.DataFrame) -> list[str]:
        if read is response_frame:
            return response_cells(part)[:3]
        events1, events0, effect, _ = time_cells(part)
        return [events1.split()[0], events0.split()[0], effect]

    wanted = [["All Subjects", *cells(frame), ""]]
    for name in ("CD22", "MESF", "AGE", "DFR", "SALVAGE", "PH", "BLASTS", "HSCT", "SCREG"):
        wanted += level_lines(frame, name, cells, 4 if name == "MESF" else None)
    said = alternative_texts(output / "tlf" / f"{figure}.docx")[page].split("\n")[2:]
    assert said == [
        f"{label}: " + "; ".join(f"{head} {cell}" for head, cell in zip(heads, row, strict=True) if cell)
        for label, *row in wanted
    ]
