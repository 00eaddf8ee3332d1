"""Verbs that make rows: each a block of records as in a spec, on frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sdtm2adam.build.verbs.frames import Frames
from sdtm2adam.build.verbs.making import Given, Made, Said, new_rows
from sdtm2adam.build.verbs.said import arguments, model_of
from sdtm2adam.errors import SpecError
from sdtm2adam.model import Issue
from sdtm2adam.spec.dataset import Block

Issues = list[Issue] | None
Names = str | Sequence[str] | None
Copied = str | Sequence[str] | Mapping[str, Any] | None
MADE = "MADE"
"""How rows are called that have no name of their own."""


def records(frames: Given, *, dataset: str = MADE, from_: Names = None, pick: Said | None = None,
            tte: Said | None = None, agg: Said | None = None, per: str | Said | None = None, as_: Said | None = None,
            where: str | None = None, dedupe: Said | None = None, expand: Said | None = None,
            copy: Copied = None, set: Said | None = None, const: Said | None = None, having: str | None = None,
            maps: Said | None = None, lookups: Said | None = None, sources: Said | None = None,
            issues: Issues = None) -> Made:  # fmt: skip
    """The rows of one block of records, of any kind: `from_`, `pick`, `tte` or `agg`.

    Rows stand in the order of the engine, by subject and sequence of the rows they start from, so that the order of
    the frames given does not matter. The frame has a new index.

    Args:
        frames: a frame, or frames by name.
        dataset: how the rows are called in messages.
        from_: one row for each row of a frame, or of several, stacked.
        pick: one row for each row of `per`: the body of a pick block.
        tte: time to event for each row of `per`: `{"start": ..., "events": [...], "censors": [...], "until": ...}`.
        agg: one row for each group: `{"from": ..., "by": [...], "where": ..., "value": {"AVAL": "sum(AVAL)"}}`.
        per: of pick and tte the frame to start from, by default the first; or `{"from", "where", "cross"}`.
        as_: new names for columns that the frames of `from_` call differently.
        where: condition on the rows that come in.
        dedupe: rows saved twice: `{"by": "all", "order": ..., "take": ...}`.
        expand: a row for each day: `{"from": ..., "to": ..., "every": 1, "as": "ADT"}`.
        copy: columns carried over: all, a list, `{"except": [...]}`; of pick by default all, of from_ none.
        set: new columns, by producer as in a spec.
        const: new columns, by literal.
        having: condition on the rows made.
        maps: for `recode`, by name.
        lookups: rows of other frames found once for each row, by name.
        sources: of events and censorings, by name.
        issues: a list that gets what is odd in the data; without it errors among that stop, others are warned of.

    Returns:
        A new frame, and its lineage: the rows that each row was made from.

    Raises:
        SpecError: an argument is wrong; `where` names it.
        InputError: the data stop it.

    Source:
        docs/spec-grammar.md, Blocks.

    >>> import pandas as pd
    >>> lb = pd.DataFrame({"USUBJID": ["1", "1", "2"], "AVAL": [3.0, 5.0, 4.0]})
    >>> means, lineage = records(lb, agg={"from": "FRAME", "by": ["USUBJID"], "value": {"AVAL": "avg(AVAL)"}})
    >>> means["AVAL"].tolist(), lineage["source_row"].tolist()
    ([4.0, 4.0], [0, 1, 2])
    """
    said = {"from": from_, "pick": pick, "tte": tte, "agg": agg, "per": per, "as": as_, "where": where,
            "dedupe": dedupe, "expand": expand, "copy": copy, "set": set, "const": const, "having": having}  # fmt: skip
    shared = {"maps": maps, "lookups": lookups, "sources": sources}
    return _rows(frames, dataset, said, "records", shared, issues=issues)


def from_(frames: Given, from_: Names = None, *, as_: Said | None = None, where: str | None = None,
          dedupe: Said | None = None, expand: Said | None = None, copy: Copied = "all", set: Said | None = None,
          const: Said | None = None, having: str | None = None, maps: Said | None = None,
          lookups: Said | None = None, issues: Issues = None) -> Made:  # fmt: skip
    """One row for each row of a frame, or of several stacked: filtered, with new columns.

    Args:
        frames: a frame, or frames by name.
        from_: which of them, by default the first; several are stacked.
        as_: new names for columns that these call differently: `{"DTC": ["AESTDTC", "CMSTDTC"]}`.
        where: condition on the rows that come in.
        dedupe: see `dedupe`.
        expand: see `expand`.
        copy: columns carried over: all (default), a list, `{"except": [...]}`.
        set: new columns, by producer as in a spec.
        const: new columns, by literal.
        having: condition on the rows made.
        maps: for `recode`, by name.
        lookups: rows of other frames found once for each row, by name.
        issues: a list that gets what is odd in the data; without it errors among that stop, others are warned of.

    Returns:
        A new frame in the order of subject and sequence, and its lineage.

    Raises:
        SpecError: an argument is wrong; `where` names it.
        InputError: the data stop it.

    Source:
        docs/spec-grammar.md, Blocks.

    >>> import pandas as pd
    >>> frames = {"DM": pd.DataFrame({"USUBJID": ["1"], "DTHDTC": ["2014-03-01"]}),
    ...           "AE": pd.DataFrame({"USUBJID": ["1", "1"], "AEENDTC": ["2014-02-03", None]})}
    >>> dates, lineage = from_(frames, ["DM", "AE"], as_={"DTC": ["DTHDTC", "AEENDTC"]}, where="DTC is not null",
    ...                        copy=["DTC"], set={"ADT": "dt(DTC)"})
    >>> dates["DTC"].tolist(), lineage["source"].tolist()
    (['2014-03-01', '2014-02-03'], ['DM', 'AE'])
    """
    said = {"from": from_, "as": as_, "where": where, "dedupe": dedupe, "expand": expand, "copy": copy, "set": set,
            "const": const, "having": having}  # fmt: skip
    return _rows(frames, MADE, said, "from", {"maps": maps, "lookups": lookups}, issues=issues)


def dedupe(frames: Given, by: str | Sequence[str], *, order: Names = None,
           take: Literal["first", "last"] | None = None, issues: Issues = None) -> Made:  # fmt: skip
    """One row of those that were saved several times.

    Args:
        frames: a frame, or frames by name; the first is meant.
        by: columns that are equal in rows saved twice, or `all`.
        order: what decides which row is kept; without it the rows of a group must be equal in all columns.
        take: first (default) or last by `order`.
        issues: a list that gets how many rows were dropped; without it a warning tells it.

    Returns:
        A new frame with the rows that are kept, and their lineage.

    Raises:
        SpecError: an argument is wrong; `where` names it.
        InputError: rows of a group differ, and no order says which to keep.

    Source:
        docs/spec-grammar.md, Blocks.

    >>> import pandas as pd
    >>> ae = pd.DataFrame({"USUBJID": ["1", "1", "1"], "AETERM": ["Rash", "Rash", "Nausea"]})
    >>> told = []
    >>> kept, lineage = dedupe(ae, "all", issues=told)
    >>> kept["AETERM"].tolist(), told[0].rule, told[0].records
    (['Nausea', 'Rash'], 'duplicates-dropped', 1)
    """
    said = {"copy": "all", "dedupe": arguments({"by": by, "order": order, "take": take})}
    return _rows(frames, MADE, said, "dedupe", {}, issues=issues)


def expand(frames: Given, *, from_: str, to: str, as_: str, every: int | None = None, where: str | None = None,
           copy: Copied = "all", issues: Issues = None) -> Made:  # fmt: skip
    """A row for each day between two dates.

    Args:
        frames: a frame, or frames by name; the first is meant.
        from_: expression of the first day; a row without it or without the last has no days.
        to: expression of the last day, counted too.
        as_: the name of the column that gets the day.
        every: a row each so many days, by default 1.
        where: condition on the rows that come in.
        copy: columns carried over: all (default), a list, `{"except": [...]}`.
        issues: a list that gets what is odd in the data; without it errors among that stop.

    Returns:
        A new frame, and its lineage: the row that each day came from.

    Raises:
        SpecError: an argument is wrong; `where` names it.

    Source:
        docs/spec-grammar.md, Blocks.

    >>> import pandas as pd
    >>> ex = pd.DataFrame({"USUBJID": ["1"], "EXSTDTC": ["2014-01-05"], "EXENDTC": ["2014-01-07"]})
    >>> days, lineage = expand(ex, from_="dt(EXSTDTC)", to="dt(EXENDTC)", as_="ADT", copy=[])
    >>> days["ADT"].dt.day.tolist(), lineage["source_row"].tolist()
    ([5, 6, 7], [0, 0, 0])
    """
    said = {"copy": copy, "where": where, "expand": arguments({"from": from_, "to": to, "every": every, "as": as_})}
    return _rows(frames, MADE, said, "expand", {}, issues=issues)


def unpivot(frames: Given, dataset: str, unpivot: Mapping[str, Said], *, into: str | None = None,
            where: str | None = None, copy: Copied = "all", set: Said | None = None, const: Said | None = None,
            having: str | None = None, maps: Said | None = None, issues: Issues = None) -> Made:  # fmt: skip
    """One row for each named group of columns; values become those of the SDTM domain.

    Args:
        frames: a frame, or frames by name; the first is meant.
        dataset: the domain, as VS.
        unpivot: for each value of `into` the columns it makes: `{"SYSBP": {"VSORRES": "SYS", "VSORRESU": "UNIT"}}`.
        into: the column that gets the name of the group, by default --TESTCD.
        where: condition on the rows that come in.
        copy: columns carried over: all (default), a list, `{"except": [...]}`.
        set: new columns of all groups, by producer as in a spec.
        const: new columns of all groups, by literal.
        having: condition on the rows made.
        maps: for `recode`, by name; one named like a variable of the domain is applied to it.
        issues: a list that gets what is odd in the data; without it errors among that stop, others are warned of.

    Returns:
        A new frame, and its lineage: the row that each came from.

    Raises:
        SpecError: an argument is wrong; `where` names it.
        InputError: values that cannot be of their variable's domain.

    Source:
        docs/spec-grammar.md, unpivot.

    >>> import pandas as pd
    >>> wide = pd.DataFrame({"USUBJID": ["1"], "SYS": ["120"], "DIA": ["80"]})
    >>> vs, lineage = unpivot(wide, "VS", {"SYSBP": {"VSORRES": "SYS"}, "DIABP": {"VSORRES": "DIA"}}, copy=[])
    >>> vs[["VSTESTCD", "VSORRES"]].values.tolist()
    [['SYSBP', '120'], ['DIABP', '80']]
    """
    said = {"unpivot": unpivot, "into": into, "where": where, "copy": copy, "set": set, "const": const,
            "having": having}  # fmt: skip
    return _rows(frames, dataset, said, "unpivot", {"maps": maps}, issues=issues, stage="sdtm")


def tte(frames: Given, *, start: Any, events: Sequence[str | Said], censors: Sequence[str | Said], until: Any = None,
        sources: Mapping[str, Said] | None = None, per: str | Said | None = None, where: str | None = None,
        set: Said | None = None, const: Said | None = None, having: str | None = None,
        maps: Said | None = None, issues: Issues = None) -> Made:  # fmt: skip
    """Time to event: the earliest event ends the time, without one the latest censoring does.

    Args:
        frames: frames by name; the first has the subjects.
        start: expression of the day the time starts, or a producer as in a spec; no start, no row.
        events: names of `sources`, or sources in place: `{"from": ..., "where": ..., "date": ..., "desc": ...}`; on
            the same day the one listed first counts.
        censors: the same, with `censor` and `cnsr`.
        until: expression or producer of the day after which neither events nor censorings count.
        sources: of events and censorings, by name.
        per: the frame with a row for each time, by default the first; or `{"from": ..., "where": ...}`.
        where: condition on the rows of `per`.
        set: new columns, by producer as in a spec.
        const: new columns, by literal.
        having: condition on the rows made.
        maps: for `recode`, by name.
        issues: a list that gets what is odd: starts without any date (a warning), events before the start (a note).

    Returns:
        A new frame with STARTDT, ADT, CNSR, EVNTDESC, CNSDTDSC, SRCDOM, SRCVAR, SRCSEQ; and its lineage: the row
        whose date ended the time.

    Raises:
        SpecError: an argument is wrong; `where` names it.

    Source:
        docs/spec-grammar.md, tte.

    >>> import pandas as pd
    >>> days = pd.to_datetime
    >>> adsl = pd.DataFrame({"USUBJID": ["1", "2"], "TRTSDT": days(["2014-01-05"] * 2),
    ...                      "DTHDT": days(["2014-02-01", None]), "LSTDT": days(["2014-02-01", "2014-03-01"])})
    >>> times, lineage = tte({"ADSL": adsl}, start="TRTSDT",
    ...     events=[{"from": "ADSL", "date": "DTHDT", "desc": "Death"}],
    ...     censors=[{"from": "ADSL", "date": "LSTDT", "desc": "Censored", "censor": "Last contact"}],
    ...     set={"AVAL": "days(STARTDT, ADT)"})
    >>> times[["AVAL", "CNSR", "EVNTDESC"]].values.tolist()
    [[28, 0, 'Death'], [56, 1, 'Censored']]
    """
    body = arguments({"start": start, "events": events, "censors": censors, "until": until})
    said = {"tte": body, "per": per, "where": where, "set": set, "const": const, "having": having}
    return _rows(frames, MADE, said, "tte", {"sources": sources, "maps": maps}, issues=issues)


def _rows(frames: Given, dataset: str, said: Said, verb: str, shared: Said, *, issues: Issues,
          stage: str = "adam") -> Made:  # fmt: skip
    """The rows of a block; what it says of where rows come from is completed by the first frame."""

    def block(known: Frames) -> Block:
        if dataset in known.tables:
            what = f"a frame is called {dataset} too"
            raise SpecError(what, where="dataset", mend="call the frame otherwise: {'WIDE': ...}")
        whole = dict(said)
        if all(whole.get(key) is None for key in ("from", "pick", "tte", "agg")):
            whole["from"] = known.own
        if whole.get("per") is None and (whole.get("tte") is not None or whole.get("pick") is not None):
            whole["per"] = known.own
        return model_of(Block, arguments(whole), verb)

    return new_rows(frames, dataset, block, said=arguments(shared), stage=stage, issues=issues)
