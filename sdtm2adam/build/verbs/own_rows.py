"""Verbs over the rows of a frame itself: sql, flag, seq, imputed. Each is the verb of the same name in a spec."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sdtm2adam.build.verbs.making import Given, Made, Said, only, with_columns
from sdtm2adam.build.verbs.said import arguments, model_of, tree_of
from sdtm2adam.model import Issue
from sdtm2adam.spec.producer import Flag, Seq, as_producer

Issues = list[Issue] | None
Names = str | Sequence[str] | None


def sql(frames: Given, name: str, sql: str, *, maps: Said | None = None, lookups: Said | None = None,
        issues: Issues = None) -> Made:  # fmt: skip
    """A column from an expression over each row.

    Args:
        frames: a frame, or frames by name; the first gets the column.
        name: of the new column.
        sql: the expression.
        maps: for `recode`, by name.
        lookups: rows of other frames found once for each row, by name: `{"BL": {"from": "SELF", "where": ...}}`.
        issues: a list that gets what is odd in the data; without it errors among that stop.

    Returns:
        The frame with the column, and its lineage.

    Raises:
        SpecError: an argument is wrong; `where` names it.
        InputError: the data stop it.

    Source:
        docs/spec-grammar.md, Expressions.

    >>> import pandas as pd
    >>> adsl = pd.DataFrame({"USUBJID": ["1", "2"], "AGE": [64, 65]})
    >>> adsl, lineage = sql(adsl, "AGEGR1", "case when AGE < 65 then '<65' else '>=65' end")
    >>> adsl["AGEGR1"].tolist()
    ['<65', '>=65']
    """
    producer = as_producer({"sql": tree_of(sql, "sql")})
    return with_columns(frames, {name: producer}, maps=maps, lookups=lookups, issues=issues)


def flag(frames: Given, name: str, *, by: Names = None, where: str | None = None, order: Names = None,
         take: Literal["first", "last", "all"] | None = None, until: str | None = None,
         maps: Said | None = None, issues: Issues = None) -> Made:  # fmt: skip
    """Y on the first, last or all rows of a group of own rows.

    Args:
        frames: a frame, or frames by name; the first gets the column.
        name: of the new column.
        by: the columns of a group, by default USUBJID; `[]` all rows. Missing values are a group.
        where: condition on the rows that may get the flag.
        order: what decides first and last; a missing value never wins, ties go by subject, sequence, all columns.
        take: first (default), last, or all.
        until: only rows up to and including the first where this holds.
        maps: for `recode`, by name.
        issues: a list that gets what is odd in the data; without it errors among that stop.

    Returns:
        The frame with the column; lineage: each row itself.

    Raises:
        SpecError: an argument is wrong; `where` names it.

    Source:
        docs/spec-grammar.md, Producers.

    >>> import pandas as pd
    >>> adae = pd.DataFrame({"USUBJID": ["1", "1", "2"], "AESEQ": [1, 2, 1], "ATOXGRN": [1, 3, 2]})
    >>> flag(adae, "AOCCFL", order=["ATOXGRN desc", "AESEQ"])[0]["AOCCFL"].tolist()
    [nan, 'Y', 'Y']
    """
    said = {"by": by, "where": where, "order": order, "take": take, "until": until}
    body = model_of(Flag, arguments(said), "flag")
    return with_columns(frames, {name: as_producer({"flag": body})}, maps=maps, issues=issues)


def seq(frames: Given, name: str, *, by: Names = None, order: Names = None, maps: Said | None = None,
        issues: Issues = None) -> Made:  # fmt: skip
    """1, 2, 3, ... within a group of own rows.

    Args:
        frames: a frame, or frames by name; the first gets the column.
        name: of the new column.
        by: the columns of a group, by default USUBJID; `[]` all rows. Missing values are a group.
        order: what is counted along; missing stands last, ties go by subject, sequence, all columns.
        maps: for `recode`, by name.
        issues: a list that gets what is odd in the data; without it errors among that stop.

    Returns:
        The frame with the column; lineage: each row itself.

    Raises:
        SpecError: an argument is wrong; `where` names it.

    Source:
        docs/spec-grammar.md, Producers.

    >>> import pandas as pd
    >>> adlb = pd.DataFrame({"USUBJID": ["1", "1", "2"], "ADY": [8, 1, 1]})
    >>> seq(adlb, "ASEQ", order="ADY")[0]["ASEQ"].tolist()
    [2, 1, 1]
    """
    body = model_of(Seq, arguments({"by": by, "order": order}), "seq")
    return with_columns(frames, {name: as_producer({"seq": body})}, maps=maps, issues=issues)


def imputed(frames: Given, name: str | Sequence[str], *, imputed: str, sql: str, maps: Said | None = None,
            issues: Issues = None) -> Made:  # fmt: skip
    """A date or date-time from a partial one, and the flag of what was imputed, by the same rule.

    Args:
        frames: a frame, or frames by name; the first gets the columns.
        name: of the flag, or flags: one that ends in TMF tells what of the time was imputed (H, M, S), any other what
            of the date (D, M, Y).
        imputed: the name of the date.
        sql: how it is made: an expression with one `dt()` or `dtm()`.
        maps: for `recode`, by name.
        issues: a list that gets what is odd in the data; without it errors among that stop.

    Returns:
        The frame with the date and its flags; lineage: each row itself.

    Raises:
        SpecError: an argument is wrong; `where` names it.

    Source:
        docs/spec-grammar.md, Expressions; ADaMIG 1.3, date and time imputation flags.

    >>> import pandas as pd
    >>> ae = pd.DataFrame({"USUBJID": ["1", "1"], "AESTDTC": ["2014-01", "2014-02-03"]})
    >>> adae, lineage = imputed(ae, "ASTDTF", imputed="ASTDT", sql="dt(AESTDTC, impute := 'first')")
    >>> adae["ASTDT"].dt.strftime("%Y-%m-%d").tolist(), adae["ASTDTF"].tolist()
    (['2014-01-01', '2014-02-03'], ['D', nan])
    """
    date = as_producer({"sql": tree_of(sql, "sql")})
    flags = as_producer({"imputed": tree_of(imputed, "imputed")})
    return with_columns(frames, {imputed: date, **only(flags, name)}, maps=maps, issues=issues)
