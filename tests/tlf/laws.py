"""Laws that hold for every output, whatever its kind: each takes results and display and asserts."""

import re

import pandas as pd

from sdtm2adam.model import Display, Results
from sdtm2adam.spec.patterns import Field
from sdtm2adam.tlf.cells import Statistic, statistic_text

COUNTS = ("M_CNT.n", "M_SHIFT.n", "M_AGREE.n")


def check_all(results: Results, display: Display) -> None:
    """All laws."""
    for law in (identity, law_1, law_2, law_3, law_4, law_5, law_6):
        law(results, display)


def identity(results: Results, display: Display) -> None:
    """No two results have one id; every member set that is named is there."""
    del display
    assert results.frame["result_id"].is_unique
    assert results.frame["result_id"].str.fullmatch("[0-9a-f]{16}").all()
    named = results.frame.loc[results.frame["n_rec"] > 0, "member_id"]
    assert set(named) <= set(results.members["member_id"])
    assert not results.members.duplicated().any()


def law_1(results: Results, display: Display) -> None:
    """Every numeric cell has results, and formatting them again gives its text."""
    found = results.frame.set_index("result_id").to_dict("index")
    for cell in _cells(display):
        if not cell.text.strip():  # a grouped cell of a listing that says the same as the one above
            continue
        if re.search(r"[0-9]", cell.text):
            assert cell.result_ids, cell
        if cell.text.strip() in ("NE", "NC"):
            assert {found[name]["formatted"] for name in cell.result_ids} == {cell.text.strip()}
            continue
        rest = " ".join(cell.text.split())  # a text of a listing is wrapped to its column
        for name in cell.result_ids:
            text = _again(found, name)
            assert text == found[name]["formatted"]
            said = " ".join(text.split())
            assert said in rest, (text, cell)
            rest = rest.replace(said, "", 1)
        assert not re.search(r"[0-9]", rest), (cell, rest)


def law_2(results: Results, display: Display) -> None:
    """A count is the number of distinct subjects with role NUM; a column N of those with role DEN."""
    del display
    frame = results.frame
    for role, chosen in (
        ("NUM", frame["op_id"].isin(COUNTS) & ~_column_n(frame)),
        ("DEN", (frame["op_id"] == "M_CNT.n") & _column_n(frame)),
    ):
        members = results.members[results.members["role"] == role]
        distinct = members.groupby("member_id")["usubjid"].nunique()
        counts = frame.loc[chosen].set_index("member_id")["stat"]
        assert (counts == distinct.reindex(counts.index).fillna(0)).all()


def law_3(results: Results, display: Display) -> None:
    """The numerator is a part of the denominator."""
    del display
    frame, members = results.frame, results.members
    who = members.groupby("member_id")["usubjid"].agg(set).to_dict()
    owner = frame.set_index("result_id")["member_id"].to_dict()
    percentages = frame[frame["op_id"].str.endswith(".pct")]
    for numerator, denominator in zip(percentages["member_id"], percentages["den_id"], strict=True):
        assert who.get(numerator, set()) <= who.get(owner[denominator], set())


def law_4(results: Results, display: Display) -> None:
    """Levels that exclude each other sum to N; those of a condition to no more."""
    del display
    frame = results.frame[(results.frame["op_id"] == "M_CNT.n") & (results.frame["dataset"] == "ADSL")]
    totals = frame[_column_n(frame)]
    for place in (2, 3):
        columns = [f"g{at}_level" for at in range(1, place)]
        levels = frame[frame[f"g{place}_id"].str.startswith("ADSL.") & (frame["n_rec"] == frame["n_subj"])]
        levels = levels[levels[f"g{place}_level"] != ""]
        sums = levels.groupby(["analysis_id", "subset_id", *columns])["stat"].sum().reset_index()
        sums = sums.merge(totals[[*columns, "stat"]], on=columns, suffixes=("", "_n"))
        assert len(sums) == len(levels[["analysis_id", *columns]].drop_duplicates())
        assert (sums["stat"] <= sums["stat_n"]).all()
        assert (sums["stat"] == sums["stat_n"])[sums["subset_id"] == ""].all()


def law_5(results: Results, display: Display) -> None:
    """Every result is printed or says that it is not."""
    if display.figures:
        return
    printed = {name for cell in _cells(display) for name in cell.result_ids} | set(display.noted)
    frame = results.frame[results.frame["shown"] == "Y"]
    totals = set(frame.loc[_column_n(frame), "result_id"])  # in the heads of columns, or in cells
    assert set(frame["result_id"]) - totals == printed - totals
    assert printed <= set(frame["result_id"])


def law_6(results: Results, display: Display) -> None:
    """No number is missing without a reason."""
    del display
    frame = results.frame
    assert (frame.loc[frame["status"] != "OK", "status_reason"] != "").all()
    assert frame.loc[frame["status"] != "OK", "stat"].isna().all()


def _column_n(frame: pd.DataFrame) -> pd.Series:
    return frame["analysis_id"].str.endswith("_000")


def _cells(display: Display) -> list:
    return [cell for section in display.sections for row in section.rows if not row.head for cell in row.cells]


def _again(found: dict, name: str) -> str:
    row = found[name]
    if row["method_id"] == "M_LIST":
        return row["stat_c"]
    total = int(found[row["den_id"]]["stat"]) if row["op_id"].endswith(".pct") else None
    statistic = Statistic(row["stat"], row["stat_c"], row["status"])
    return statistic_text(row["method_id"], Field(row["op_id"].split(".")[1], row["pattern"]), statistic, total)
