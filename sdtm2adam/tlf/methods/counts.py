"""M_CNT: subjects counted once per row and column, with percentage of a denominator."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sdtm2adam.errors import InputError
from sdtm2adam.spec.display_model import TableText
from sdtm2adam.spec.display_plan import DisplayRow, Factor, Leaf
from sdtm2adam.tlf.cells import Statistic
from sdtm2adam.tlf.collect import Place
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.members import Part
from sdtm2adam.tlf.population import Mask, as_texts
from sdtm2adam.tlf.records import Records, refuse_several
from sdtm2adam.tlf.worst import at_worst_level

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Levels:
    """The combinations of row levels: one code per record (-1 for none), and the labels of each code.

    `present` says in which columns somebody has a level that was found in the data: levels by columns.
    """

    codes: Codes
    labels: tuple[tuple[str, ...], ...]
    present: Mask | None = None


def count_subjects(context: Context, row: DisplayRow) -> None:
    """Subjects with at least one record that meets the row, per column; percentage of the column N or of a base row.

    A subject is counted once per row and column, however many records it has; `events` counts the records. A row with a
    base counts only subjects of the base, who may be in both rows by different records. Levels found in the data are
    listed where at least one subject in a displayed column has them; levels of the spec are listed even if nobody has
    them, but for `Missing`.

    Raises:
        InputError: a subject has several records of a variable that is summarised.
    """
    records = context.home(row)
    levels = row_levels(context, row, records)
    met = records.meeting(row.condition)
    if row.variable:
        refuse_several(row, records, met & (levels.codes >= 0))
    if row.worst is not None:
        met = at_worst_level(row, row.worst, records, levels.codes, met)
    counts = subjects_by_level(levels, records.subject, met, context.inside(row))
    for at, code, part in cells_of(context, row, records, levels, met, counts):
        name, subjects = context.denominators[row.base][at]
        leaf, labels = context.spec.leaves[at], levels.labels[code]
        _store(context, row, leaf, labels, int(counts[code, at]), part, (name, int(subjects.sum())))
    _remember(context, row, records, met)


def cells_of(
    context: Context, row: DisplayRow, records: Records, levels: Levels, met: Mask, counts: npt.NDArray[np.int64]
) -> Iterator[tuple[int, int, Part]]:
    """The cells a row has: column, level, and the records in the cell.

    A level that the row may leave out is left out on the pages on which nobody has it.
    """
    listed, inside = _listed(context, row, levels, counts), context.inside(row)
    for at, leaf in enumerate(context.spec.leaves):
        if not row.applies(leaf):
            continue
        chosen = np.flatnonzero(met & inside[records.subject, at] & (levels.codes >= 0))
        chosen = chosen[np.argsort(levels.codes[chosen], kind="stable")]
        ends = np.searchsorted(levels.codes[chosen], np.arange(len(levels.labels) + 1))
        for code in np.flatnonzero(listed[:, at]).tolist():
            yield at, code, Part(records, chosen[ends[code] : ends[code + 1]], "NUM")


def _listed(context: Context, row: DisplayRow, levels: Levels, counts: npt.NDArray[np.int64]) -> Mask:
    """Which levels have cells in which columns: levels by columns."""
    leaves = context.spec.leaves
    listed = np.ones(counts.shape, dtype=bool)
    unknown = tuple(level.label for level in (row.each.levels if row.each else ()) if level.missing)
    may_go = [row.optional or (row.each is not None and labels[-1:] == unknown) for labels in levels.labels]
    for page in dict.fromkeys(leaf.levels[0] if context.spec.page else "" for leaf in leaves):
        columns = [at for at, leaf in enumerate(leaves) if not page or leaf.levels[0] == page]
        applying = [at for at in columns if row.applies(leaves[at])]
        empty = np.array(may_go, dtype=bool) & ~counts[:, applying].any(axis=1)
        if levels.present is not None:
            empty |= ~levels.present[:, columns].any(axis=1)
        listed[np.ix_(np.flatnonzero(empty), np.array(columns, dtype=np.intp))] = False
    return listed


def _store(
    context: Context,
    row: DisplayRow,
    leaf: Leaf,
    labels: tuple[str, ...],
    count: int,
    part: Part,
    denominator: tuple[str, int],
) -> None:
    groups = context.naming.column_groups(leaf, row.factors, labels)
    members = context.collector.members.put(part)
    if row.counts_events:
        place = Place(groups, "", members)
    else:
        place = Place(groups, "", members, context.naming.id_of(row, "n", groups), denominator[0])
    total = denominator[1]
    percent = Statistic(100.0 * count / total) if total else Statistic(None, "", "NE", "no subjects in the denominator")
    events = Statistic(float(part.positions.size))
    context.collector.add(row, place, {"n": Statistic(float(count)), "pct": percent, "events": events}, total)


def _remember(context: Context, row: DisplayRow, records: Records, met: Mask) -> None:
    """Keep the subjects of a row that others may take as denominator."""
    if row.factors:
        return
    inside, subjects = context.inside(row), np.zeros(len(context.population), dtype=bool)
    subjects[records.subject[met]] = True
    context.denominators[row.analysis] = [
        (context.naming.id_of(row, "n", context.naming.column_groups(leaf)), subjects & inside[:, at])
        for at, leaf in enumerate(context.spec.leaves)
    ]


def subjects_by_level(levels: Levels, subject: Codes, met: Mask, membership: Mask) -> npt.NDArray[np.int64]:
    """Distinct subjects per level and column.

    Args:
        levels: the level of each record.
        subject: the subject of each record.
        met: which records count.
        membership: subjects by columns.
    """
    size = max(len(membership), 1)
    kept = met & (levels.codes >= 0)
    pairs = np.unique(levels.codes[kept] * size + subject[kept])
    counts = np.zeros((len(levels.labels), membership.shape[1]), dtype=np.int64)
    np.add.at(counts, pairs // size, membership[pairs % size].astype(np.int64))
    return counts


def row_levels(context: Context, row: DisplayRow, records: Records) -> Levels:
    """The level combinations of a row's factors over the records of its dataset."""
    if not row.factors:
        return Levels(np.zeros(len(records), dtype=np.intp), ((),))
    if len(row.factors) == 1 and not row.factors[0].data_driven:
        return fixed_levels(row.factors[0], records, row)
    known: dict[Any, Levels] = context.kept.setdefault("levels", {})
    key = id(records), row.factors, row.listed  # a row and the grades under it have the same
    if key not in known:
        known[key] = _found(context, row, records)
    return known[key]


def fixed_levels(factor: Factor, records: Records, row: DisplayRow) -> Levels:
    """The levels of the spec, all of them; a missing value is the level `Missing`.

    Raises:
        InputError: a value is no level.
    """
    values = as_texts(records.column(factor.dataset, factor.variable))
    places = {value: at for at, level in enumerate(factor.levels) for value in level.values}
    unknown = next((at for at, level in enumerate(factor.levels) if level.missing), -1)
    known = pd.unique(values)
    codes = np.array([places.get(value, -2) for value in known], dtype=np.intp)
    codes[[value is None for value in known]] = unknown
    found = codes[pd.Index(known).get_indexer(values)] if len(values) else np.zeros(0, dtype=np.intp)
    stray = (found == -2) & records.meeting(row.condition)
    if stray.any():
        raise _no_level(factor, values[stray], records.usubjid()[stray], row)
    return Levels(np.maximum(found, -1), tuple((level.label,) for level in factor.levels))


def _no_level(factor: Factor, values: Any, subjects: Any, row: DisplayRow) -> InputError:
    shown = ", ".join(sorted({str(value) for value in values}))
    return InputError(
        f"{len(values)} records have a value of {factor.dataset}.{factor.variable} that the table does not list: "
        f"{shown} (first: {subjects[0]})",
        where=row.where,
        mend="add the value to levels, or correct the data",
    )


def _found(context: Context, row: DisplayRow, records: Records) -> Levels:
    """The level combinations in the data, those that a displayed column has and the filter keeps."""
    columns = [
        pd.Series(records.column(factor.dataset, factor.variable))
        .fillna(factor.missing)
        .astype(str)
        .reset_index(drop=True)
        for factor in row.factors
    ]
    frame = pd.DataFrame(dict(enumerate(columns)))
    codes = frame.groupby(list(frame.columns), sort=True).ngroup().to_numpy(dtype=np.intp)
    combinations = frame.assign(code=codes).drop_duplicates("code").sort_values("code").drop(columns="code")
    labels = tuple(tuple(map(str, values)) for values in combinations.itertuples(index=False))
    listed = records.meeting(row.listed)
    counts = subjects_by_level(Levels(codes, labels), records.subject, listed, context.membership)
    kept = counts.any(axis=1) & _kept_by_filter(context, counts)
    new = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.intp)
    return Levels(
        new[codes] if len(codes) else codes,
        tuple(label for label, keep in zip(labels, kept, strict=True) if keep),
        counts[kept] > 0,
    )


def _kept_by_filter(context: Context, counts: npt.NDArray[np.int64]) -> Mask:
    """Levels with at least the percentage, on the exact fraction, in any arm of the chosen heads."""
    text = context.spec.text
    if not isinstance(text, TableText) or text.filter is None or text.filter.min_pct == 0:
        return np.ones(len(counts), dtype=bool)
    percent = round(text.filter.min_pct * 1000)
    columns = [at for at, leaf in enumerate(context.spec.leaves) if not set(leaf.outer).isdisjoint(text.filter.in_)]
    totals = context.membership[:, columns].sum(axis=0).astype(np.int64)
    kept: Mask = ((counts[:, columns] * 100_000 >= percent * totals) & (counts[:, columns] > 0)).any(axis=1)
    return kept
