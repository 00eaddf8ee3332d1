"""M_SHIFT, M_AGREE: one level of each subject against another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sdtm2adam.errors import InputError
from sdtm2adam.spec.display_plan import DisplayRow, Leaf
from sdtm2adam.tlf.cells import Statistic
from sdtm2adam.tlf.collect import Place
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.members import Part
from sdtm2adam.tlf.methods.counts import fixed_levels
from sdtm2adam.tlf.population import Mask
from sdtm2adam.tlf.records import Records

Codes = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Pairs:
    """The records of subjects with both levels, and the place of each level in the spec."""

    records: Records
    chosen: Codes
    before: Codes
    after: Codes


def pairs_of(context: Context, row: DisplayRow) -> Pairs:
    """The record of each subject that has both levels.

    Raises:
        InputError: a value is no level, or a subject has several such records.
    """
    records = context.home(row)
    before, after = (fixed_levels(factor, records, row).codes for factor in row.factors)
    chosen = np.flatnonzero(records.meeting(row.condition) & (before >= 0) & (after >= 0))
    counts = np.bincount(records.subject[chosen], minlength=1)
    if counts.max() > 1:
        several = np.flatnonzero(counts > 1)
        raise InputError(
            f"{several.size} subjects have more than one record in the grid {row.label!r} "
            f"(first: {context.population.subjects.iloc[int(several[0])]})",
            where=row.where,
            mend="narrow where: to the one record per subject that counts",
        )
    return Pairs(records, chosen, before[chosen], after[chosen])


def cross_levels(context: Context, row: DisplayRow) -> None:
    """Subjects by both levels with the sums of each, per arm; percentage of the subjects with both."""
    pairs = pairs_of(context, row)
    down, across = (["", *(level.label for level in factor.levels)] for factor in row.factors)
    for at, leaf in enumerate(context.spec.leaves):
        here = context.membership[pairs.records.subject[pairs.chosen], at]
        for i, first in enumerate(down):
            for j, second in enumerate(across):
                met = here & _is(pairs.before, i) & _is(pairs.after, j)
                _store(context, row, leaf, (first, second), pairs, met, int(here.sum()))


def _is(codes: Codes, place: int) -> Any:
    """Which records have a level; place 0 is all of them."""
    return codes == place - 1 if place else np.ones(len(codes), dtype=bool)


def count_agreement(context: Context, row: DisplayRow) -> None:
    """Subjects whose two levels have the same label, per arm; percentage of the subjects with both."""
    pairs = pairs_of(context, row)
    down, across = (np.array([level.label for level in factor.levels], dtype=object) for factor in row.factors)
    same = down[pairs.before] == across[pairs.after]
    for at, leaf in enumerate(context.spec.leaves):
        here = context.membership[pairs.records.subject[pairs.chosen], at]
        _store(context, row, leaf, ("", ""), pairs, here & same, int(here.sum()), _grid(context, row))


def _grid(context: Context, row: DisplayRow) -> DisplayRow:
    """The grid that a line stands under."""
    return next(top.rows[0] for top in context.spec.rows if row in top.rows)


def _store(
    context: Context,
    row: DisplayRow,
    leaf: Leaf,
    levels: tuple[str, str],
    pairs: Pairs,
    met: Mask,
    total: int,
    grid: DisplayRow | None = None,
) -> None:
    groups = context.naming.column_groups(leaf, row.factors, levels)
    whole = context.naming.column_groups(leaf, row.factors, ("", ""))
    members = context.collector.members.put(Part(pairs.records, pairs.chosen[met], "NUM"))
    place = Place(
        groups, "", members, context.naming.id_of(row, "n", groups), context.naming.id_of(grid or row, "n", whole)
    )
    context.collector.add(row, place, _counted(int(met.sum()), total), total)


def _counted(count: int, total: int) -> dict[str, Statistic]:
    percent = Statistic(100.0 * count / total) if total else Statistic(None, "", "NE", "no subjects in the denominator")
    return {"n": Statistic(float(count)), "pct": percent}


def count_unpaired(context: Context, row: DisplayRow) -> None:
    """Subjects of the column who lack one of the levels; percentage of the column N."""
    pairs = pairs_of(context, row)
    paired = np.zeros(len(context.population), dtype=bool)
    paired[pairs.records.subject[pairs.chosen]] = True
    for at, leaf in enumerate(context.spec.leaves):
        name, subjects = context.denominators[""][at]
        groups = context.naming.column_groups(leaf, row.factors, ("", ""))
        left = np.flatnonzero(subjects & ~paired)
        members = context.collector.members.put(Part(context.adsl, left, "NUM"))
        place = Place(groups, "", members, context.naming.id_of(row, "n", groups), name)
        context.collector.add(row, place, _counted(left.size, int(subjects.sum())), int(subjects.sum()))
