"""A number in a table of effects, a forest, another table or the box of a curve is one number everywhere."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from test_outputs_agree import written_results
from written_files import alternative_texts

LEVELS = ["g1_level", "g2_id", "g2_level"]
KEYS = [*LEVELS, "method_id", "op_id", "comp_ref", "params"]
RESPONSES = ("M_CNT", "M_DIFF", "M_PROP_P", "M_INT")
TIMES = ("M_CNT", "M_KMQ", "M_COX", "M_LR", "M_INT")


def numbers(output: Path, name: str, part: str = "") -> pd.DataFrame:
    """The results of an output, or of one endpoint of it; all subjects bear no grouping."""
    frame = written_results(output, name).frame
    chosen = frame[frame["analysis_id"].str.startswith(f"A_{name}_{part}")].copy()
    whole = (chosen["g2_level"] == "") & (chosen["method_id"] != "M_INT") & (chosen["method_id"] != "M_TREND")
    chosen.loc[whole, "g2_id"] = ""
    chosen["total"] = chosen["analysis_id"].str.endswith("_000")
    return chosen


def same(one: pd.DataFrame, other: pd.DataFrame, methods: tuple[str, ...], count: int) -> None:
    """Every number of the first is in the second, to the last bit, printed alike, made of the same records."""
    wanted = one[one["method_id"].isin(methods)]
    both = wanted.merge(other, on=[*KEYS, "total"], suffixes=("", "_other"))
    assert len(both) == len(wanted) >= count
    for name in ("stat", "stat_c", "status", "formatted", "member_id", "n_subj", "dataset"):
        pd.testing.assert_series_equal(both[name], both[f"{name}_other"], check_names=False)


def row(frame: pd.DataFrame, *endings: str) -> pd.DataFrame:
    """The rows of a table with these numbers, and the column N."""
    return frame[frame["analysis_id"].str.endswith(("_000", *endings))]


@pytest.mark.parametrize(
    ("part", "table", "first"),
    [("01", "T14_2_1", "T14_2_1_010"), ("02", "T14_2_3", "T14_2_3_010")],
)
def test_responses_are_the_rows_of_their_tables(output: Path, part: str, table: str, first: str) -> None:
    other = numbers(output, table)
    counted = (other["method_id"] != "M_CNT") | other["total"] | (other["analysis_id"] == f"A_{first}")
    same(numbers(output, "T14_2_7", part), other[counted & (other["set_id"] != "")], RESPONSES, 40)


@pytest.mark.parametrize(("part", "table"), [("03", "T14_2_4"), ("04", "T14_2_5"), ("05", "T14_2_6")])
def test_times_are_the_unstratified_rows_of_their_tables(output: Path, part: str, table: str) -> None:
    other = numbers(output, table)
    parameter = {"T14_2_4": "DOR", "T14_2_5": "PFS", "T14_2_6": "OS"}[table]
    own = other["total"] | (other["paramcd"] == parameter)
    counted = (other["method_id"] != "M_CNT") | other["total"] | (other["analysis_id"] == f"A_{table}_010")
    same(numbers(output, "T14_2_7", part), other[own & counted], TIMES, 41)


@pytest.mark.parametrize(
    ("figure", "page", "part"), [("F14_2_4", "01", "01"), ("F14_2_5", "01", "04"), ("F14_2_5", "02", "05")]
)
@pytest.mark.parametrize("table", ["T14_2_7", "T14_2_8", "T14_2_9", "T14_2_10"])
def test_forests_are_the_rows_of_the_tables(output: Path, figure: str, page: str, part: str, table: str) -> None:
    forest, effects = numbers(output, figure, page), numbers(output, table, part)
    common = forest[forest["g2_id"].isin(set(effects["g2_id"]))]
    methods = ("M_CNT", "M_DIFF", "M_COX", "M_INT")
    same(common, effects, methods, 20)


def test_all_subjects_are_the_same_in_every_table_of_effects(output: Path) -> None:
    first = numbers(output, "T14_2_7")
    first = first[first["g2_id"] == ""].assign(part=lambda frame: frame["analysis_id"].str[9:11])
    for name in ("T14_2_8", "T14_2_9", "T14_2_10", "T14_2_13"):
        other = numbers(output, name)
        other = other[other["g2_id"] == ""]
        assert other["stat"].tolist() == first["stat"].tolist()
        assert other["member_id"].tolist() == first["member_id"].tolist()


@pytest.mark.parametrize(
    ("figure", "part", "panels"), [("F14_2_1", "03", 2), ("F14_2_2", "04", 2), ("F14_2_3", "05", 2)]
)
def test_boxes_of_curves_say_what_the_table_of_effects_says(output: Path, figure: str, part: str, panels: int) -> None:
    """Events, N, median, unstratified hazard ratio and p-value of the CD22 panels."""
    frame = numbers(output, "T14_2_7", part)
    said = "\n".join(alternative_texts(output / "tlf" / f"{figure}.docx"))

    def text(level: str, operation: str, arm: str = "", total: bool = False) -> str:
        chosen = frame[(frame["g2_level"] == level) & (frame["op_id"] == operation) & (frame["g1_level"] == arm)]
        return str(chosen.loc[chosen["total"] == total, "formatted"].iloc[0])

    seen = 0
    for level in ("CD22 ≥90%", "CD22 <90%"):
        box = next(line for line in said.split("\n") if line.startswith(f"{level}. "))
        for arm in ("InO", "SC"):
            counts = f"{text(level, 'M_CNT.n', arm)}/{text(level, 'M_CNT.n', arm, total=True)}"
            assert f"{arm}: {counts}, median {text(level, 'M_KMQ.est', arm)} " in box
        ratio = [text(level, f"M_COX.{name}") for name in ("est", "lower", "upper")]
        assert f"HR (95% CI) {ratio[0]} ({ratio[1]}, {ratio[2]}); 1-sided p {text(level, 'M_LR.p')}" in box
        seen += 1
    assert seen == panels
    assert "Stratified as randomised" in said


def test_what_a_forest_says_in_words_is_its_results(output: Path) -> None:
    known: Any = set(written_results(output, "F14_2_5").frame["formatted"])
    pages = alternative_texts(output / "tlf" / "F14_2_5.docx")
    assert len(pages) == 2
    for page in pages:
        lines = page.split("\n")[2:]
        assert len(lines) == 24
        for line in lines:
            told = re.sub(r"InO events/N|SC events/N|HR \(95% CI\)|Int\. p", "", line.split(": ", 1)[1])
            assert set(re.findall(r"[<>]?[0-9.]*[0-9]|N[CE]", told)) <= known
