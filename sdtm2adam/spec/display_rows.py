"""From the rows of a table as written to rows with their analyses; every fault is noted, none stops the reading."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import count

from sdtm2adam.spec.conditions import Condition, both
from sdtm2adam.spec.display_copies import restricted, worst_of, written_out
from sdtm2adam.spec.display_model import RowText, TableText
from sdtm2adam.spec.display_plan import DisplayRow, Factor, Leaf, RowLevel, RowSource, place_of, sort_keys, spans
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.methods import COMPARING, METHOD_STATISTICS
from sdtm2adam.spec.patterns import Format
from sdtm2adam.spec.report import Report
from sdtm2adam.spec.row_sources import check_base, check_times, other_source, own_source
from sdtm2adam.spec.row_variables import checked_format, listed_levels, note_rows, variable_row
from sdtm2adam.spec.yaml import Text


@dataclass(frozen=True)
class Above:
    """What a row has from the rows above it."""

    condition: Condition | None = None
    factors: tuple[Factor, ...] = ()
    listed: Condition | None = None
    source: RowSource | None = None
    population: str = ""


def expand(
    text: TableText, report: Report, columns: tuple[Leaf, ...], methods: Collection[str], faults: Faults
) -> tuple[tuple[DisplayRow, ...], dict[str, DisplayRow], tuple[DisplayRow, ...]]:
    """The rows of a table with analyses numbered in print order, the rows that have an id, and those of footnotes.

    Args:
        text: the table as written.
        report: what the displays share.
        columns: the leaf columns.
        methods: those that the kind of output has.
        faults: gets what is wrong.
    """
    expander = _Expander(text, report, columns, methods, faults)
    rows = tuple(row for entry in text.rows for row in expander.row(entry, Above()))
    return rows, expander.named, note_rows(text, expander.number, faults)


class _Expander:
    def __init__(
        self, text: TableText, report: Report, columns: tuple[Leaf, ...], methods: Collection[str], faults: Faults
    ) -> None:
        self.text, self.report, self.columns, self.methods, self.faults = text, report, columns, methods, faults
        self.numbers = count(1)
        self.named: dict[str, DisplayRow] = {}

    def row(self, entry: RowText, above: Above) -> list[DisplayRow]:
        """One entry of the spec: one row, or one per landmark time or worst level, or the rows of a variable."""
        makers = [name for name in ("label", "each", "var") if getattr(entry, name) is not None]
        if len(makers) != 1 and makers != ["label", "var"]:
            self.faults.add(
                f"a row has {' and '.join(makers) or 'neither label nor each nor var'}",
                entry.place_in_file,
                "give label, each, or var with a label",
            )
            return []
        if entry.var is not None:
            rows = [self._variable(entry, above)]
        else:
            rows = [self._plain(one, above) for one in written_out(entry)]
        return [restricted(row, entry.only, self.columns, self.faults) for row in rows]

    def _plain(self, entry: RowText, above: Above) -> DisplayRow:
        own, below = self._sources(entry, above)
        condition = both(above.condition, self.faults.condition(entry.where, self.datasets(own)))
        each = self._factor(entry, self.datasets(own)) if entry.each is not None else None
        row = DisplayRow(
            label=str(entry.label or ""),
            condition=condition,
            factors=(*above.factors, *((each,) if each else ())),
            each=each,
            listed=condition if each else above.listed,
            source=own,
            population=below.population,
            gap=entry.gap,
            indent=entry.indent,
            unit=entry.unit,
            break_before=entry.break_before,
            continued=entry.continued,
            worst=worst_of(entry, self.datasets(own), self.faults),
            optional=entry.worst is not None and entry.worst.level is None,
            where=entry.place_in_file,
        )
        if entry.method is not None:
            row = self._analysis(entry, row, self.number())
        if entry.id is not None:
            self._name(entry.id, row)
        inside = replace(below, condition=condition, factors=row.factors, listed=row.listed)
        return replace(row, rows=self._children(entry, inside))

    def number(self) -> str:
        """The id of the next analysis."""
        return f"A_{self.text.id}_{next(self.numbers) * 10:03d}"

    def datasets(self, source: RowSource | None) -> tuple[str, ...]:
        """The datasets a row may name: that of its data, and ADSL."""
        return tuple(dict.fromkeys((source.dataset if source else str(self.text.data.dataset), "ADSL")))

    def _sources(self, entry: RowText, above: Above) -> tuple[RowSource | None, Above]:
        """The records the row itself reads, and what the rows under it have from above."""
        source = other_source(entry, above.condition, self.faults) if entry.data is not None else above.source
        if entry.population is not None and entry.population not in self.report.sets:
            self.faults.unknown("analysis set", entry.population, self.report.sets, entry.population.where)
        below = replace(above, source=source, population=str(entry.population or above.population))
        return own_source(entry, source), below

    def _children(self, entry: RowText, above: Above) -> tuple[DisplayRow, ...]:
        return tuple(row for child in entry.rows for row in self.row(child, above))

    def _name(self, name: Text, row: DisplayRow) -> None:
        if name in self.named:
            self.faults.add(
                f"two rows have the id {str(name)!r}",
                name.where,
                f"the first is at {self.named[name].where}: rename one",
            )
        self.named[str(name)] = row

    def _analysis(self, entry: RowText, row: DisplayRow, analysis: str) -> DisplayRow:
        """The row with its method, format and settings, and the second line of its estimate."""
        row = self._with_method(entry, row, analysis)
        if entry.then is None:
            return row
        then = entry.then
        inherited = {name: getattr(entry, name) for name in _INHERITED if name not in then.model_fields_set}
        second = self._with_method(
            then.model_copy(update=inherited),
            replace(row, label=str(then.label or ""), indent=row.indent + then.indent, gap=False, each=None),
            analysis,
        )
        return replace(row, glued=second)

    def _with_method(self, entry: RowText, row: DisplayRow, analysis: str) -> DisplayRow:
        method = str(entry.method)
        self._check_method(entry, method)
        source = self._other(entry.of, "of") if entry.of is not None else row
        if entry.of is not None:
            row = replace(row, source=source.source, population=source.population)
        base = source.base if entry.base is None else self._other(entry.base, "base").analysis
        made = replace(
            row,
            analysis=analysis,
            method=method,
            format=self._format(entry, method),
            condition=source.condition,
            factors=source.factors if entry.of is not None else row.factors,
            base=base,
            place=str(entry.place),
            conf=entry.conf or self.report.params.conf[0],
            quantile=str(entry.q or ""),
            times=entry.t,
            stratified=entry.strata,
            interaction=entry.with_,
            timed="M_COX" in self.methods,
        )
        check_base(made, self.named, self.faults)
        check_times(made, made.source or RowSource(self.text.data), self.faults)
        return made

    def _other(self, name: Text, key: str) -> DisplayRow:
        if name not in self.named:
            self.faults.unknown(f"row id in {key!r}", name, self.named, name.where)
        return self.named.get(name, DisplayRow(label=""))

    def _variable(self, entry: RowText, above: Above) -> DisplayRow:
        """The ready summary of a variable, with the rows under it."""
        own, below = self._sources(entry, above)
        condition = both(above.condition, self.faults.condition(entry.where, self.datasets(own)))
        base = "" if entry.base is None else self._other(entry.base, "base").analysis
        row = DisplayRow("", self.number(), condition=condition, base=base, source=own, population=below.population)
        made, under = variable_row(entry, row, self.datasets(own), self.report, self.faults)
        for line in (made, *made.rows):
            check_base(line, self.named, self.faults)
        if entry.id is not None:
            self._name(entry.id, made)
        inside = replace(below, condition=under)
        return replace(made, rows=(*made.rows, *self._children(entry, inside)))

    def _check_method(self, entry: RowText, method: str) -> None:
        where = entry.place_in_file
        if method not in METHOD_STATISTICS:
            self.faults.unknown("method", method, METHOD_STATISTICS, where)
        elif method not in self.methods:
            known = ", ".join(self.methods)
            self.faults.add(f"{method} is not for the kind {self.text.kind}", where, f"it has {known}")
        for needed, key, what in _NEEDS:
            if method == needed and not getattr(entry, key):
                self.faults.add(f"{method} needs {what}", where, f"add {key.rstrip('_')}:")
        comparing = method in COMPARING
        many = any(len(arms) > 2 for arms in spans(self.columns).values())
        if comparing == (entry.place == "column") and not (comparing and many):
            wanted = "span, or an outer level" if comparing else "column"
            self.faults.add(f"{method} is placed in {str(entry.place)!r}", where, f"place it in {wanted}")
        elif entry.place != "column" and not place_of(self.columns, entry.place):
            heads = {"span", *(level for leaf in self.columns for level in leaf.outer)}
            self.faults.unknown("place", entry.place, heads, where)
        if entry.with_ is not None:
            self._check_levels(entry.with_.by, entry.with_.take or ())

    def _check_levels(self, name: Text, take: tuple[Text, ...]) -> None:
        if name not in self.report.groupings:
            self.faults.unknown("grouping", name, self.report.groupings, name.where)
            return
        known = self.report.groupings[name].levels
        for level in take:
            if level not in known:
                self.faults.unknown(f"level of {name}", level, known, level.where)

    def _format(self, entry: RowText, method: str) -> Format:
        show = entry.show
        if show is None:
            self.faults.add(f"{method} is shown in no format", entry.place_in_file, "add show:")
            return ()
        if show not in self.report.formats:
            self.faults.unknown("format", show, self.report.formats, show.where)
            return ()
        form = self.faults.format(self.report.formats[show], show.where)
        return checked_format(form, method, show.where, self.faults)

    def _factor(self, entry: RowText, datasets: tuple[str, ...]) -> Factor:
        name = str(entry.each)
        example, sort = tuple(map(str, entry.example)), sort_keys(entry.sort)
        if name in self.report.groupings:
            grouping = self.report.groupings[name]
            named = grouping.labels
            levels = tuple(RowLevel(named[k], (str(value),), not value) for k, (value, _) in grouping.levels.items())
            missing = str(grouping.missing)
            return Factor(
                name, grouping.dataset, grouping.variable if grouping.data_driven else grouping.coded, levels,
                grouping.data_driven, str(grouping.label or ""), missing, False, example, sort,
            )  # fmt: skip
        dataset, _, variable = name.upper().partition(".")
        if dataset not in datasets or not variable:
            self.faults.unknown("grouping or variable", name, [*self.report.groupings, *datasets], entry.place_in_file)
        if entry.levels is None and not entry.data_driven:
            self.faults.add(f"{name} has no levels", entry.place_in_file, "list levels, or say data_driven: true")
        levels = listed_levels(entry.levels or {}, str(entry.missing or "Missing"))
        return Factor(
            name.upper(), dataset, variable, levels, entry.data_driven, variable, str(entry.missing or "Missing"),
            entry.missing is not None, example, sort,
        )  # fmt: skip


_INHERITED = ("method", "of", "base", "place", "conf", "q", "t", "strata", "with_")
_NEEDS = (
    ("M_KMQ", "q", "a quantile"),
    ("M_KMT", "t", "a time"),
    ("M_KMTD", "t", "a time"),
    ("M_RMST", "t", "a time"),
    ("M_INT", "with_", "a grouping"),
    ("M_TREND", "with_", "a grouping"),
)
