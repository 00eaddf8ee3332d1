"""The results of one panel while they are made: counts, summaries, and one result per point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sdtm2adam.analysis.summary import summarise
from sdtm2adam.compute.rounding import format_fixed
from sdtm2adam.spec.conditions import both
from sdtm2adam.spec.display_plan import DisplayRow, Leaf
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.patterns import decimals_of, number_pattern, parse_format
from sdtm2adam.spec.plot_model import PanelText
from sdtm2adam.spec.yaml import Text
from sdtm2adam.tlf.cells import Statistic
from sdtm2adam.tlf.collect import Place
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.identity import Group
from sdtm2adam.tlf.joined import only_record_of_each
from sdtm2adam.tlf.members import MemberSet, Part
from sdtm2adam.tlf.population import Mask
from sdtm2adam.tlf.records import Records

MISSING, KNOWN = "Missing", "Known"
STATE, SUBJECT, VALUE, TICK, BIN, MOMENT, MARK = "STATE", "USUBJID", "VALUE", "TICK", "BIN", "MOMENT", "MARK"
Numbers = npt.NDArray[np.float64]


def counted(row: DisplayRow) -> DisplayRow:
    """The row of a panel as one that counts subjects."""
    return replace(row, method="M_CNT", format=parse_format("{n:xxx} ({pct:xx.x})"))


def summed_up(row: DisplayRow, text: PanelText, names: tuple[str, ...]) -> DisplayRow:
    """The row of a panel as one that summarises its variable."""
    pattern = number_pattern(text.decimals, 1)
    return replace(row, method="M_CONT", format=parse_format(" ".join(f"{{{name}:{pattern}}}" for name in names)))


@dataclass(frozen=True, slots=True)
class Values:
    """One value per subject, NaN where there is none, and the record it is from, -1 where there is none."""

    records: Records
    value: Numbers
    position: npt.NDArray[np.intp]

    @property
    def known(self) -> Mask:
        """The subjects with a value."""
        return np.isfinite(self.value)

    def part(self, subjects: Mask, role: str) -> Part:
        """The records of some subjects with a value."""
        return Part(self.records, np.sort(self.position[subjects & self.known]), role)


@dataclass(frozen=True)
class PanelPoints:
    """One panel of an output being analysed."""

    context: Context
    row: DisplayRow
    text: PanelText

    def arms(self) -> Iterator[tuple[Leaf, Mask, tuple[str, int]]]:
        """Each arm: its column, its subjects, and its N as result and number."""
        for at, leaf in enumerate(self.context.spec.leaves):
            name, subjects = self.context.denominators[""][at]
            yield leaf, subjects, (name, int(subjects.sum()))

    def values(self, name: Text, narrower: Text | None = None) -> Values:
        """The value of each subject in a variable `DATASET.VARIABLE`.

        Raises:
            InputError: a subject has several records.
        """
        dataset, _, variable = name.partition(".")
        context = self.context
        records = context.adsl if dataset == "ADSL" else context.records
        condition = both(self.row.condition, Faults().condition(narrower, ("ADSL", dataset)))
        met = records.meeting(condition)
        numbers = records.numbers(dataset, variable)
        chosen = np.flatnonzero(met & np.isfinite(numbers))
        what = " and ".join(filter(None, (str(name), str(self.text.where or ""), str(narrower or ""))))
        position = only_record_of_each(context, records, what, chosen)
        return Values(records, np.where(position >= 0, np.append(numbers, np.nan)[position], np.nan), position)

    def count(self, leaf: Leaf, group: Group, part: Part, base: tuple[str, int]) -> str:
        """Store how many subjects a part has, with percentage; gives the id of the number."""
        row, groups = counted(self.row), (*self.context.naming.column_groups(leaf), group)
        n = int(np.unique(part.records.subject[part.positions]).size)
        name = self.context.naming.id_of(row, "n", groups)
        place = Place(groups, "", self.context.collector.members.put(part), name, base[0])
        share = Statistic(100.0 * n / base[1]) if base[1] else Statistic(None, "", "NE", "no subjects in the column")
        self.context.collector.add(row, place, {"n": Statistic(float(n)), "pct": share}, base[1])
        return name

    def count_known(self, leaf: Leaf, values: Values, subjects: Mask, base: tuple[str, int]) -> tuple[str, int]:
        """Store how many subjects have a value and how many have none; gives the result and number of the first."""
        missing = Part(self.context.adsl, np.flatnonzero(subjects & ~values.known), "NUM")
        self.count(leaf, Group(STATE, "", MISSING), missing, base)
        known = self.count(leaf, Group(STATE, "", KNOWN), values.part(subjects, "NUM"), base)
        return known, int((subjects & values.known).sum())

    def summarise(self, groups: tuple[Group, ...], values: Values, subjects: Mask, names: tuple[str, ...]) -> None:
        """Store statistics of the values of some subjects."""
        found = summarise(values.value[subjects], self.context.report.params.percentile)
        statistics = {
            name: Statistic(float(value)) if value is not None else Statistic(None, "", "NE", "no values")
            for name, value in ((name, found[name]) for name in names)
        }
        place = Place(groups, "", self.context.collector.members.put(values.part(subjects, "VALUE")))
        self.context.collector.add(summed_up(self.row, self.text, names), place, statistics)

    def store(
        self,
        leaf: Leaf,
        points: tuple[str, Any, Any],
        statistic: tuple[str, str],
        values: Any,
        members: MemberSet | Any,
        label: str = "",
    ) -> None:
        """Store one statistic at many points; texts are stored as character results.

        Args:
            leaf: the arm.
            points: the factor that tells the points apart, their levels as texts, their places as numbers.
            statistic: its name, and the pattern it is written in.
            values: one per point.
            members: the records behind all of them, or one id of a set of one record per point.
            label: what the statistic is called; by default its name.
        """
        (factor, levels, places), (name, pattern) = points, statistic
        words = np.asarray(values).dtype == object
        self.context.collector.add_block(
            self.row,
            stat=np.full(len(values), np.nan) if words else np.asarray(values, dtype=float),
            stat_c=values if words else "",
            g2_level=np.array([str(level) for level in levels], dtype=object),
            g2_leveln=np.asarray(places, dtype=float),
            g2_id=factor,
            op_id=f"{self.row.method}.{name}",
            op_order=1.0,
            stat_name=name,
            stat_label=label or name,
            status="OK",
            shown="Y",
            pattern=pattern,
            formatted=values if words else [format_fixed(float(value), decimals_of(pattern)) for value in values],
            **self._identified(leaf, factor, levels, name),
            **_membership(members),
        )

    def _identified(self, leaf: Leaf, factor: str, levels: Any, name: str) -> dict[str, Any]:
        """The arm of points and the result id of each; the hash of a text is made one by one."""
        naming = self.context.naming
        group = naming.column_groups(leaf)[0]
        ids = [naming.id_of(self.row, name, (group, Group(factor, "", str(level)))) for level in levels]
        return {
            "g1_id": group.id,
            "g1_var": group.variable,
            "g1_level": group.level,
            "g1_leveln": group.number,
            "result_id": np.array(ids, dtype=object),
        }


def _membership(members: MemberSet | Any) -> dict[str, Any]:
    """The set behind all points, or one set of one record for each."""
    if not isinstance(members, MemberSet):
        return {"member_id": members, "n_subj": 1.0, "n_rec": 1.0}
    return {"member_id": members.id, "n_subj": float(members.subjects), "n_rec": float(members.records)}
