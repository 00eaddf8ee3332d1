"""From the rows of a table as written to rows with their analyses; every fault is noted, none stops the reading."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import count

from sdtm2adam.spec.conditions import Comparison, Condition, both
from sdtm2adam.spec.display_model import RowText, TableText
from sdtm2adam.spec.display_plan import DisplayRow, Factor, Leaf, RowLevel, place_of, sort_keys
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.methods import COMPARING, METHOD_STATISTICS
from sdtm2adam.spec.patterns import Format, fields, settle
from sdtm2adam.spec.report import Report
from sdtm2adam.spec.yaml import Text


@dataclass(frozen=True)
class Above:
    """What a row has from the rows above it."""

    condition: Condition | None = None
    factors: tuple[Factor, ...] = ()
    listed: Condition | None = None


def expand(
    text: TableText, report: Report, columns: tuple[Leaf, ...], methods: Collection[str], faults: Faults
) -> tuple[tuple[DisplayRow, ...], dict[str, DisplayRow]]:
    """The rows of a table with analyses numbered in print order, and the rows that have an id.

    Args:
        text: the table as written.
        report: what the displays share.
        columns: the leaf columns.
        methods: those that the kind of output has.
        faults: gets what is wrong.
    """
    expander = _Expander(text, report, columns, methods, faults)
    rows = tuple(row for entry in text.rows for row in expander.row(entry, Above()))
    return rows, expander.named


class _Expander:
    def __init__(
        self, text: TableText, report: Report, columns: tuple[Leaf, ...], methods: Collection[str], faults: Faults
    ) -> None:
        self.text, self.report, self.columns, self.methods, self.faults = text, report, columns, methods, faults
        self.datasets = tuple(dict.fromkeys((str(text.data.dataset), "ADSL")))
        self.numbers = count(1)
        self.named: dict[str, DisplayRow] = {}

    def row(self, entry: RowText, above: Above) -> list[DisplayRow]:
        """One entry of the spec: one row, or one per landmark time, or the rows of a variable."""
        makers = [name for name in ("label", "each", "var") if getattr(entry, name) is not None]
        if len(makers) != 1 and makers != ["label", "var"]:
            self.faults.add(
                f"a row has {' and '.join(makers) or 'neither label nor each nor var'}",
                entry.place_in_file,
                "give label, each, or var with a label",
            )
            return []
        if entry.var is not None:
            return [self._variable(entry, above)]
        if entry.t and entry.label is not None and "{t}" in entry.label:
            return [self._plain(self._at(entry, time), above) for time in entry.t]
        return [self._plain(entry, above)]

    def _at(self, entry: RowText, time: float) -> RowText:
        label = Text(str(entry.label).replace("{t}", f"{time:g}"), entry.place_in_file)
        then = entry.then.model_copy(update={"t": (time,)}) if entry.then is not None else None
        return entry.model_copy(update={"label": label, "t": (time,), "then": then})

    def _plain(self, entry: RowText, above: Above) -> DisplayRow:
        condition = both(above.condition, self.faults.condition(entry.where, self.datasets))
        each = self._factor(entry) if entry.each is not None else None
        row = DisplayRow(
            label=str(entry.label or ""),
            condition=condition,
            factors=(*above.factors, *((each,) if each else ())),
            each=each,
            listed=condition if each else above.listed,
            gap=entry.gap,
            indent=entry.indent,
            unit=entry.unit,
            break_before=entry.break_before,
            continued=entry.continued,
            where=entry.place_in_file,
        )
        if entry.method is not None:
            row = self._analysis(entry, row, f"A_{self.text.id}_{next(self.numbers) * 10:03d}")
        if entry.id is not None:
            self._name(entry.id, row)
        return replace(row, rows=self._children(entry, Above(condition, row.factors, row.listed)))

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
        base = self._other(entry.base, "base") if entry.base is not None else None
        return replace(
            row,
            analysis=analysis,
            method=method,
            format=self._format(entry, method),
            condition=source.condition,
            factors=source.factors if entry.of is not None else row.factors,
            base=base.analysis if base is not None else "",
            place=str(entry.place),
            conf=entry.conf or self.report.params.conf[0],
            quantile=str(entry.q or ""),
            times=entry.t,
            stratified=entry.strata,
            interaction=entry.with_,
        )

    def _other(self, name: Text, key: str) -> DisplayRow:
        if name not in self.named:
            self.faults.unknown(f"row id in {key!r}", name, self.named, name.where)
        return self.named.get(name, DisplayRow(label=""))

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
        if (method in COMPARING) == (entry.place == "column"):
            wanted = "span, or an outer level" if method in COMPARING else "column"
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
        return self._checked(self.faults.format(self.report.formats[show], show.where), method, show.where)

    def _checked(self, form: Format, method: str, where: str) -> Format:
        given = METHOD_STATISTICS.get(method, ())
        for part in fields(form):
            if given and part.name not in given:
                self.faults.add(
                    f"the format asks for {part.name!r}, which {method} does not give",
                    where,
                    f"it gives {', '.join(given)}",
                )
        return form

    def _factor(self, entry: RowText) -> Factor:
        name = str(entry.each)
        example, sort = tuple(map(str, entry.example)), sort_keys(entry.sort)
        if name in self.report.groupings:
            grouping = self.report.groupings[name]
            levels = tuple(RowLevel(str(label), (str(value),)) for value, label in grouping.levels.values())
            missing = str(grouping.missing)
            return Factor(
                name, grouping.dataset, grouping.variable if grouping.data_driven else grouping.coded, levels,
                grouping.data_driven, str(grouping.label or ""), missing, False, example, sort,
            )  # fmt: skip
        dataset, _, variable = name.upper().partition(".")
        if dataset not in self.datasets or not variable:
            self.faults.unknown(
                "grouping or variable", name, [*self.report.groupings, *self.datasets], entry.place_in_file
            )
        if entry.levels is None and not entry.data_driven:
            self.faults.add(f"{name} has no levels", entry.place_in_file, "list levels, or say data_driven: true")
        levels = _levels(entry.levels or {}, str(entry.missing or "Missing"))
        return Factor(
            name.upper(), dataset, variable, levels, entry.data_driven, variable, str(entry.missing or "Missing"),
            entry.missing is not None, example, sort,
        )  # fmt: skip

    def _variable(self, entry: RowText, above: Above) -> DisplayRow:
        """The ready summary of an ADSL variable."""
        where, analysis = entry.place_in_file, f"A_{self.text.id}_{next(self.numbers) * 10:03d}"
        ways = [key for key in ("block", "levels", "flag") if getattr(entry, key) is not None]
        if len(ways) != 1:
            self.faults.add(
                f"the variable {entry.var} has {' and '.join(ways) or 'no summary'}",
                where,
                "give one of block, levels, flag",
            )
        row = DisplayRow(
            str(entry.label or entry.var), gap=entry.gap, indent=entry.indent, continued=entry.continued, where=where
        )
        if ways == ["flag"]:
            yes = both(above.condition, Comparison("ADSL", str(entry.var), "=", (str(entry.flag),)))
            counted = replace(row, analysis=analysis, method="M_CNT", format=self._count_format(where), condition=yes)
            return replace(counted, rows=self._children(entry, Above(yes)))
        lines = self._block_lines(entry, above, analysis) if ways == ["block"] else ()
        if ways == ["levels"]:
            lines = (self._level_line(entry, above, analysis),)
        return replace(row, rows=(*lines, *self._children(entry, above)))

    def _count_format(self, where: str) -> Format:
        if "n_pct" not in self.report.formats:
            self.faults.unknown("format", "n_pct", self.report.formats, where)
            return ()
        return self.faults.format(self.report.formats["n_pct"], where)

    def _level_line(self, entry: RowText, above: Above, analysis: str) -> DisplayRow:
        factor = Factor(
            f"ADSL.{entry.var}", "ADSL", str(entry.var), _levels(entry.levels or {}, str(entry.missing or "Missing")),
            missing=str(entry.missing or "Missing"), missing_in_shell=entry.missing is not None,
        )  # fmt: skip
        where = entry.place_in_file
        return DisplayRow(
            "",
            analysis,
            "M_CNT",
            self._count_format(where),
            condition=above.condition,
            listed=above.condition,
            factors=(factor,),
            each=factor,
            where=where,
        )

    def _block_lines(self, entry: RowText, above: Above, analysis: str) -> tuple[DisplayRow, ...]:
        where, name = entry.place_in_file, str(entry.block)
        if name not in self.report.blocks:
            self.faults.unknown("block", name, self.report.blocks, where)
        lines = []
        for label, form in self.report.blocks.get(name, ()):
            checked = self._checked(self.faults.format(form, form.where), "M_CONT", where)
            pattern = settle(checked, entry.decimals, entry.digits)
            line = DisplayRow(str(label), analysis, "M_CONT", pattern, "ADSL", str(entry.var), above.condition)
            lines.append(replace(line, where=where))
        return tuple(lines)


_INHERITED = ("method", "of", "base", "place", "conf", "q", "t", "strata", "with_")
_NEEDS = (
    ("M_KMQ", "q", "a quantile"),
    ("M_KMT", "t", "a time"),
    ("M_KMTD", "t", "a time"),
    ("M_INT", "with_", "a grouping"),
)


def _levels(levels: Mapping[str, str], missing: str) -> tuple[RowLevel, ...]:
    """One row per label, in the order written; values with the same label share it; `Missing` comes last."""
    values: dict[str, tuple[str, ...]] = {}
    for value, label in levels.items():
        values[str(label)] = (*values.get(str(label), ()), value)
    unknown = values.pop(missing, ())
    return (*(RowLevel(label, known) for label, known in values.items()), RowLevel(missing, unknown, missing=True))
