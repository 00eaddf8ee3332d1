"""Verbs that look into other frames: pick, exists, agg. Each is the verb of the same name in a spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sdtm2adam.build.verbs.making import Given, Made, Said, with_columns
from sdtm2adam.build.verbs.said import arguments, model_of
from sdtm2adam.model import Issue
from sdtm2adam.spec.producer import Agg, Exists, Pick, as_producer

By = Sequence[str | Mapping[str, str]] | Mapping[str, str] | str | None
Issues = list[Issue] | None
Names = str | Sequence[str] | None


def pick(frames: Given, name: str, *, from_: Names = None, as_: Said | None = None, by: By = None,
         where: str | None = None, order: Names = None, take: Literal["first", "last"] | None = None,
         ties: Literal["error", "any"] | None = None, value: str | None = None,
         among: Sequence[Said] | None = None, else_: Any = None, confirm: Said | None = None,
         maps: Said | None = None, issues: Issues = None) -> Made:  # fmt: skip
    """A value from one row of another frame: the first or last by an order, of those that match.

    Args:
        frames: frames by name; the first gets the column.
        name: of the new column.
        from_: the frame to look in, or several, stacked; SELF is the first.
        as_: new names for columns that the frames of `from_` call differently.
        by: columns that are equal on both sides, or `{mine: theirs}`; default USUBJID, `[]` any row.
        where: condition on the other rows; `THIS.X` is a column of the row being made.
        order: what decides; a missing value never wins. Without it at most one row may match.
        take: first (default) or last.
        ties: `error` (default) where the order leaves rows with different values, or `any`.
        value: the expression over the row found.
        among: several candidates, each `{"from": ..., "where": ..., "const": {...}}`, instead of `from_`.
        else_: expression over the own row where none is found.
        confirm: `{"until": ..., "require": ...}` over the rows after the candidate.
        maps: for `recode`, by name.
        issues: a list that gets what is odd in the data; without it errors among that stop.

    Returns:
        The frame with the column; lineage: the row found for each row that has one.

    Raises:
        SpecError: an argument is wrong; `where` names it.
        InputError: several rows match and no order says which, or the order leaves ties.

    Source:
        docs/spec-grammar.md, Producers.

    >>> import pandas as pd
    >>> adsl = pd.DataFrame({"USUBJID": ["1", "2"]})
    >>> ex = pd.DataFrame({"USUBJID": ["1", "1"], "EXDT": pd.to_datetime(["2014-01-27", "2014-01-06"])})
    >>> adsl, lineage = pick({"ADSL": adsl, "EX": ex}, "TRTSDT", from_="EX", order="EXDT", value="EXDT")
    >>> adsl["TRTSDT"].dt.strftime("%Y-%m-%d").tolist()
    ['2014-01-06', nan]
    >>> lineage.values.tolist()
    [[0, 'EX', 1]]
    """
    said = {"from": from_, "as": as_, "by": by, "where": where, "order": order, "take": take, "ties": ties,
            "value": value, "among": among, "else": else_, "confirm": confirm}  # fmt: skip
    body = model_of(Pick, arguments(said), "pick")
    return with_columns(frames, {name: as_producer({"pick": body})}, maps=maps, issues=issues)


def exists(frames: Given, name: str, *, from_: Names = None, as_: Said | None = None, by: By = None,
           where: str | None = None, then: str | None = None, else_: str | None = None,
           maps: Said | None = None, issues: Issues = None) -> Made:  # fmt: skip
    """Y where another frame has a row that matches.

    Args:
        frames: frames by name; the first gets the column.
        name: of the new column.
        from_: the frame to look in, or several, stacked.
        as_: new names for columns that the frames of `from_` call differently.
        by: columns that are equal on both sides; default USUBJID, `[]` any row.
        where: condition on the other rows; `THIS.X` is a column of the row being made.
        then: the text where a row matches, by default Y.
        else_: the text where none does, by default missing.
        maps: for `recode`, by name.
        issues: a list that gets what is odd in the data; without it errors among that stop.

    Returns:
        The frame with the column; lineage: the first row that matches.

    Raises:
        SpecError: an argument is wrong; `where` names it.

    Source:
        docs/spec-grammar.md, Producers.

    >>> import pandas as pd
    >>> adsl = pd.DataFrame({"USUBJID": ["1", "2"]})
    >>> ex = pd.DataFrame({"USUBJID": ["1", "2"], "EXDOSE": [10, 0]})
    >>> adsl, lineage = exists({"ADSL": adsl, "EX": ex}, "SAFFL", from_="EX", where="EXDOSE > 0", else_="N")
    >>> adsl["SAFFL"].tolist()
    ['Y', 'N']
    """
    said = {"from": from_, "as": as_, "by": by, "where": where, "then": then, "else": else_}
    body = model_of(Exists, arguments(said), "exists")
    return with_columns(frames, {name: as_producer({"exists": body})}, maps=maps, issues=issues)


def agg(frames: Given, name: str, *, from_: Names = None, as_: Said | None = None, by: By = None,
        where: str | None = None, value: str | None = None, else_: Any = None,
        maps: Said | None = None, lineage: bool = True, issues: Issues = None) -> Made:  # fmt: skip
    """A number over the rows of another frame that match.

    Args:
        frames: frames by name; the first gets the column.
        name: of the new column.
        from_: the frame to look in, or several, stacked; SELF is the first.
        as_: new names for columns that the frames of `from_` call differently.
        by: columns that are equal on both sides; default USUBJID, `[]` all rows.
        where: condition on the other rows; `THIS.X` is a column of the row being made.
        value: expression with aggregates: `sum(EXDOSE)`, `count(*)`, `pctl5(AVAL, 0.25)`.
        else_: expression over the own row where no row matches.
        maps: for `recode`, by name.
        lineage: whether to list the rows that match: with `by=[]` all of them for each row.
        issues: a list that gets what is odd in the data; without it errors among that stop.

    Returns:
        The frame with the column; lineage: all rows that match, for each row.

    Raises:
        SpecError: an argument is wrong; `where` names it.

    Source:
        docs/spec-grammar.md, Producers; percentiles by definition 5 of SAS, type 2 of R.

    >>> import pandas as pd
    >>> adsl = pd.DataFrame({"USUBJID": ["1", "2"]})
    >>> ex = pd.DataFrame({"USUBJID": ["1", "1"], "EXDOSE": [10, 20]})
    >>> adsl, lineage = agg({"ADSL": adsl, "EX": ex}, "CUMDOSE", from_="EX", value="sum(EXDOSE)", else_=0)
    >>> adsl["CUMDOSE"].tolist(), lineage["source_row"].tolist()
    ([30, 0], [0, 1])
    """
    said = {"from": from_, "as": as_, "by": by, "where": where, "value": value, "else": else_}
    body = model_of(Agg, arguments(said), "agg")
    return with_columns(frames, {name: as_producer({"agg": body})}, maps=maps, issues=issues, lineage=lineage)
