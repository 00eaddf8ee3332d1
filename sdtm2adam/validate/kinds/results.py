"""Kinds of expectation about results: statistics of one cell agree with each other, with their members and with ADaM.

A result is a record of the analysis results data; its columns are those of `sdtm2adam.model.RESULT_COLUMNS`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from sdtm2adam.spec.conditions import holds, parse
from sdtm2adam.tlf.record_keys import SEQUENCES
from sdtm2adam.validate.kinds.case import Case, group_codes
from sdtm2adam.validate.kinds.values import same_number
from sdtm2adam.validate.records import Mask, Records

GROUPS = ("1", "2", "3", "4")
"""The numbers of the groupings of a result."""

CELL = ("output_id", "analysis_id", "method_id", "comp_ref", "params",
        *(f"g{number}_{part}" for number in GROUPS for part in ("id", "level")))  # fmt: skip
"""What the statistics of one cell have in common."""

_SAME_DATA = ("output_id", "dataset", "variable", "paramcd", "subset_id", "method_id", "comp_ref", "member_id",
              "den_id", *(f"g{number}_{part}" for number in GROUPS for part in ("id", "level")))  # fmt: skip
"""What an estimate and its limits have in common, though they may stand in rows of their own, beside the settings."""

Numbers = npt.NDArray[np.float64]


def has_value(case: Case, variable: str) -> Mask:
    """A result that is OK has a value, one that is NE or NC has none and a reason.

    Statistics that are texts (`texts`: the cells of a listing, the mark of a censored time) may be empty.
    """
    valued, fine = case.own.filled(variable), case.own.is_value("status", ["OK"])
    text = case.own.is_value("stat_name", case.expectation.argument("texts"))
    without = case.own.is_value("status", ["NE", "NC"]) & (valued | ~case.own.filled("status_reason"))
    return np.asarray((fine & ~valued & ~text) | without, dtype=bool)


def is_not_more(case: Case, variable: str) -> Mask:
    """The first number is not greater than the second; missing passes."""
    first, second = (case.own.number(name) for name in (variable, case.expectation.variables[1]))
    return np.asarray(first > second, dtype=bool)


def is_same_number(case: Case, variable: str) -> Mask:
    """Two numbers are the same; missing passes."""
    first, second = (case.own.number(name) for name in (variable, case.expectation.variables[1]))
    return np.asarray(~np.isnan(first) & ~same_number(first, second), dtype=bool)


def is_within_denominator(case: Case, variable: str) -> Mask:
    """A count is not greater than its denominator, another result."""
    return np.asarray(case.own.number(variable) > _referred(case.own, "den_id"), dtype=bool)


def is_percentage(case: Case, variable: str) -> Mask:
    """A percentage is 100 times its numerator by its denominator, to a billionth; not estimable where that is 0."""
    percent, (part, whole) = case.own.number(variable), (_referred(case.own, end) for end in ("num_id", "den_id"))
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.where(whole == 0, np.nan, 100 * part / whole)
    return np.asarray(~same_number(percent, expected), dtype=bool)


def _referred(own: Records, name: str) -> Numbers:
    """The value of the result that another one names; missing where it names none."""
    ids, places = pd.Index(own.as_text("result_id").astype("object")), own.as_text(name).astype("object")
    values = pd.Series(own.number("stat"), index=ids)
    values = values[ids.notna() & ~ids.duplicated()]
    return np.asarray(places.map(values).to_numpy(dtype="float64", na_value=np.nan))


def is_in_order(case: Case, variable: str) -> Mask:
    """Statistics of the same data by the same method stand in an order (`order`): limits enclose their estimate.

    An estimate may stand in one row of an output and its limits in another: what they have in common are members,
    groups and settings but for the level of confidence.
    """
    order: Sequence[str] = case.expectation.argument("order")
    names = case.own.as_text("stat_name")
    rank = pd.Series(pd.Index(order).get_indexer(names.astype("object")))
    rows = np.flatnonzero((rank >= 0) & ~np.isnan(case.own.number(variable)))
    settings = case.own.as_text("params").fillna("").str.replace(r"\bconf=[^;]*", "", regex=True)
    same = [*(case.own.as_text(name) for name in _SAME_DATA), settings]
    cells = group_codes([column.iloc[rows].reset_index(drop=True) for column in same])
    found = pd.DataFrame({"cell": cells, "rank": rank.iloc[rows].to_numpy(), "value": case.own.number(variable)[rows]})
    highest = found.groupby(["cell", "rank"])["value"].max().reset_index()
    highest["before"] = highest.groupby("cell")["value"].cummax().groupby(highest["cell"]).shift()
    before = found.merge(highest[["cell", "rank", "before"]], on=["cell", "rank"], how="left")["before"].to_numpy()
    number = found["value"].to_numpy()
    less = (number < before) & ~same_number(number, before)
    broken = np.zeros(len(case.own), dtype=bool)
    broken[rows[less]] = True
    return broken


def is_around_proportion(case: Case, variable: str) -> Mask:
    """The limits of a proportion (M_CP) enclose the percentage of its members' subjects."""
    own, number = case.own, case.own.number(variable)
    with np.errstate(divide="ignore", invalid="ignore"):
        percent = 100 * own.number("n_subj") / _referred(own, "den_id")
    outside = np.where(own.is_value("stat_name", ["conf.low"]), number - percent, percent - number)
    return np.asarray(outside > 1e-9 * 100, dtype=bool)


def is_sum(case: Case, variable: str) -> Mask:
    """A count over all levels of a grouping is the sum of those of its levels.

    Looked at are groupings that part the subjects (`partitions`: id and number of levels), in outputs that show all of
    their levels, and the sums of a grid (`grids`: methods); where a level has no cell, the total is not judged.
    """
    broken = np.zeros(len(case.own), dtype=bool)
    rows = np.flatnonzero(~np.isnan(case.own.number(variable)))
    if not rows.size:
        return broken
    names = dict.fromkeys(("op_id", *CELL))
    cells = pd.DataFrame({name: case.own.as_text(name).iloc[rows].to_numpy(dtype=object) for name in names})
    cells["value"] = case.own.number(variable)[rows]
    for number in GROUPS:
        broken[rows[_unequal_totals(case, cells, number)]] = True
    return broken


def _unequal_totals(case: Case, cells: pd.DataFrame, number: str) -> npt.NDArray[np.intp]:
    """Positions of the totals over one of the groupings that are not the sum of their levels."""
    by, level = f"g{number}_id", f"g{number}_level"
    sizes = cells[by].map(dict(case.expectation.argument("partitions")))
    grid = cells["method_id"].isin(case.expectation.argument("grids"))
    seen = cells.groupby(["output_id", "analysis_id", by], dropna=False)[level].transform("nunique")
    sizes = sizes.where(sizes.notna() | ~grid, seen)
    asked = cells[by].notna() & sizes.notna() & (sizes > 0)
    rest = group_codes([cells[name] for name in ("op_id", *CELL) if name != level])
    part = asked & cells[level].notna()
    sums = cells[part].groupby(rest[part])["value"].agg(["sum", "size"]).reindex(rest)
    total = (asked & cells[level].isna()).to_numpy()
    whole = total & (sums["size"].to_numpy() == sizes.to_numpy(dtype="float64", na_value=np.nan))
    return np.flatnonzero(whole & ~same_number(sums["sum"].to_numpy(), cells["value"].to_numpy()))


def is_population_size(case: Case, variable: str) -> Mask:
    """The N of a column is the number of subjects of ADSL in the analysis set and in the levels of the column.

    `sets` gives the condition of each analysis set, `levels` for each grouping the variable of ADSL that is coded, and
    the value of each level by its label. A set or level that they do not name is not judged.
    """
    own, broken = case.own, np.zeros(len(case.own), dtype=bool)
    subjects = case.other("ADSL", "USUBJID")
    total = np.asarray(own.as_text("analysis_id").str.endswith("_000").fillna(False), dtype=bool)
    rows = np.flatnonzero(total & own.is_value("op_id", ["M_CNT.n"]))
    names = ("set_id", *(f"g{number}_{part}" for number in GROUPS for part in ("id", "level")))
    columns = pd.DataFrame({name: own.as_text(name).iloc[rows].to_numpy(dtype=object) for name in names})
    codes = group_codes([columns[name] for name in names]) if rows.size else np.zeros(0, dtype=np.int64)
    first = columns.groupby(codes, dropna=False).head(1)
    sizes = {
        int(codes[at]): _size(case, subjects, row)
        for at, row in zip(first.index, first.to_dict("records"), strict=True)
    }
    expected = pd.Series(codes).map(sizes).to_numpy(dtype="float64", na_value=np.nan)
    broken[rows] = ~np.isnan(expected) & (own.number(variable)[rows] != expected)
    return broken


def _size(case: Case, subjects: Records, column: dict[str, str]) -> float | None:
    """How many subjects a column has; None where it is not known how to tell."""
    sets, levels = dict(case.expectation.argument("sets")), dict(case.expectation.argument("levels"))
    if column["set_id"] not in sets:
        return None
    condition = parse(sets[column["set_id"]])
    inside = holds(condition, lambda _, name: subjects.column(name), len(subjects))
    for number in GROUPS:
        grouping, label = column[f"g{number}_id"], column[f"g{number}_level"]
        if pd.isna(grouping) or pd.isna(label):
            continue
        coded, values = levels.get(grouping, ("", ()))
        value = dict(values).get(label)
        if value is None or not subjects.has(coded):
            return None
        inside &= subjects.is_value(coded, [value]) if value else ~subjects.filled(coded)
    return float(np.count_nonzero(inside))


def is_size_of_members(case: Case, variable: str) -> Mask:
    """The number of subjects, or of records, of a result is that of its members in the member data (`of`)."""
    members = case.other("ARDMEM", "member_id", "dataset", "usubjid", "keyseq")
    ids = members.as_text("member_id").astype("object")
    if case.expectation.argument("of") == "subjects":
        once = pd.DataFrame({"id": ids, "subject": members.as_text("usubjid")}).drop_duplicates()
        counts = once["id"].value_counts()
    else:
        counts = ids.value_counts()
    found = case.own.as_text("member_id").astype("object").map(counts).fillna(0)
    number = case.own.number(variable)
    return np.asarray(~np.isnan(number) & (found.to_numpy(dtype="float64") != number), dtype=bool)


def is_analysis_record(case: Case, variable: str) -> Mask:  # noqa: ARG001 - looks at all variables together
    """A member is a record of its dataset: subject, sequence number and parameter are found together there.

    One loop step for each dataset, not for each member.
    """
    names = ("dataset", "usubjid", "keyseq", "paramcd")
    members = pd.DataFrame({name: case.own.as_text(name).fillna("").to_numpy(dtype=object) for name in names})
    broken = np.ones(len(members), dtype=bool)
    for dataset, part in members.groupby("dataset", sort=True):
        if dataset in case.study:
            broken[part.index] = ~_found(case.study[str(dataset)], part)
    return broken


def _found(records: Records, part: pd.DataFrame) -> Mask:
    sequence = next((name for name in SEQUENCES if records.has(name)), "")
    names = {"usubjid": "USUBJID", "keyseq": sequence, "paramcd": "PARAMCD"}
    if not records.has("USUBJID"):
        return np.zeros(len(part), dtype=bool)
    empty = pd.Series("", index=range(len(records)))
    if records.dataset.name == "ADSL":
        names["keyseq"] = ""
    there = [records.as_text(one).fillna("") if one and records.has(one) else empty for one in names.values()]
    mine = pd.MultiIndex.from_frame(part[list(names)])
    return np.asarray(
        mine.isin(pd.MultiIndex.from_arrays([column.to_numpy(dtype=object) for column in there])), dtype=bool
    )
