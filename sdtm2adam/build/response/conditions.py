"""Conditions of a criteria set as SQL: true, false, or null where a measure is missing; and what decided.

For condition i there are columns `c<i>` (its state) and `k<i>`: a number whose bits are the conditions on measures, and
looks at earlier assessments, that decided the state; `t<i>` says such a condition in words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sdtm2adam.build.quoting import literal
from sdtm2adam.build.response.measured import PRIOR, Create, Inputs, last_event
from sdtm2adam.spec.criteria import Condition, Reference

_NOT = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_EXACT = "DECIMAL(27, 12)"
"""Ratios and changes are compared without the error of binary fractions, down to residual disease of 1e-12."""
_RATIO = "DECIMAL(11, 8)"
"""Of the number of a ratio; `Condition` refuses one with more digits. A product has the 38 digits that there are."""
_STRUCT: dict[Reference | None, str] = {None: "m", "baseline": "b", "nadir": "x", "peak": "x"}


@dataclass(frozen=True)
class Part:
    """A condition within a group: its state and what decided it; `negated` in `none`."""

    state: str
    decided: str


def plain(value: str) -> str:
    """SQL of a number as text, whole numbers without a decimal point."""
    return rf"regexp_replace(CAST({value} AS VARCHAR), '\.0$', '')"


def _exact(value: str) -> str:
    """SQL of a number as the decimal that its text is; a binary fraction times a power of ten would be another."""
    return f"TRY_CAST(CAST({value} AS VARCHAR) AS {_EXACT})"


def both(parts: Iterable[Part]) -> Part:
    """All of several parts; what decides are those in the state of the whole."""
    parts = list(parts)
    state = "(" + " AND ".join(part.state for part in parts) + ")"
    return Part(state, _decided(parts, state))


def either(parts: Iterable[Part]) -> Part:
    """One of several parts."""
    parts = list(parts)
    state = "(" + " OR ".join(part.state for part in parts) + ")"
    return Part(state, _decided(parts, state))


def neither(parts: Iterable[Part]) -> Part:
    """None of several parts."""
    return both([Part(f"(NOT {part.state})", part.decided) for part in parts])


def several(parts: Iterable[Part], least: int) -> Part:
    """At least so many of several parts."""
    parts = list(parts)
    met = " + ".join(f"coalesce(CAST({part.state} AS INTEGER), 0)" for part in parts)
    possible = " + ".join(f"coalesce(CAST({part.state} AS INTEGER), 1)" for part in parts)
    state = f"CASE WHEN {met} >= {least} THEN TRUE WHEN {possible} < {least} THEN FALSE END"
    return Part(f"({state})", _decided(parts, f"({state})"))


def _decided(parts: list[Part], state: str) -> str:
    deciding = [f"(CASE WHEN {p.state} IS NOT DISTINCT FROM {state} THEN {p.decided} ELSE 0 END)" for p in parts]
    return "(" + " | ".join(deciding) + ")"


@dataclass
class Conditions:
    """Compiles the conditions of one set."""

    inputs: Inputs
    create: Create

    def __post_init__(self) -> None:
        self.names = list(self.inputs.criteria.conditions)
        self.event_joins: dict[int, list[tuple[str, str]]] = {}

    def part(self, name: str) -> Part:
        """A condition that has been judged."""
        i = self.names.index(name)
        return Part(f"c{i}", f"k{i}")

    def group(self, said: Condition) -> Part:
        """The state of several conditions together."""
        return self.combined(said.all, said.any, said.none, said.of, said.at_least or 0)

    def combined(
        self, all_: Iterable[str], any_: Iterable[str], none: Iterable[str], of: Iterable[str] = (), least: int = 0
    ) -> Part:
        """All of the first, one of the second, none of the third, and enough of the fourth."""
        parts = [self.part(str(name)) for name in all_]
        if names := list(any_):
            parts.append(either(self.part(str(name)) for name in names))
        if names := list(none):
            parts.append(neither(self.part(str(name)) for name in names))
        if names := list(of):
            parts.append(several((self.part(str(name)) for name in names), least))
        return both(parts)

    def judged(self, rows: str) -> str:
        """The table of assessments with the columns of all conditions."""
        for names in self._levels():
            rows = self._level(rows, names)
        return rows

    def _levels(self) -> list[list[str]]:
        """The conditions in the order in which they can be judged; a look at earlier assessments begins a new level."""
        conditions, level = self.inputs.criteria.conditions, dict[str, int]()
        order: list[str] = []

        def visit(name: str) -> int:
            if name not in level:
                said = conditions[name]
                found = [visit(str(member)) for member in said.members]
                level[name] = max(found, default=0) + (said.had is not None)
                order.append(name)
            return level[name]

        for name in conditions:
            visit(name)
        return [[n for n in order if level[n] == i] for i in range(max(level.values(), default=-1) + 1)]

    def _level(self, rows: str, names: list[str]) -> str:
        items, joins = ["r.*"], []
        for name in names:
            i, said = self.names.index(name), self.inputs.criteria.conditions[name]
            if said.measure is not None:
                joins += self._events(rows, i, said)
        if joins:
            found = [f"e{i}_{j}.found AS e{i}_{j}" for i in self.event_joins for j in range(len(self.event_joins[i]))
                     if self.names[i] in names]  # fmt: skip
            rows = self.create(f"SELECT r.*, {', '.join(found)} FROM {rows} r {' '.join(joins)}")
        for name in names:
            i, said = self.names.index(name), self.inputs.criteria.conditions[name]
            items += self._own(i, said)
        return self.create(f"SELECT {', '.join(items)} FROM {rows} r")

    def _own(self, i: int, said: Condition) -> list[str]:
        bit = f"CAST({1 << i} AS BIGINT) AS k{i}"
        if said.measure is not None:
            state, words = self._leaf(i, said)
            return [f"{state} AS c{i}", bit, f"{words} AS t{i}"]
        if said.had is not None:
            earlier = self.names.index(str(said.had))
            label = literal(str(self.inputs.criteria.conditions[str(said.had)].label or said.had))
            words = f"CASE WHEN h{i} IS NULL THEN 'no earlier ' || {label} ELSE {label} || ' on ' || h{i} END"
            return [f"max(CASE WHEN c{earlier} THEN _d END) {PRIOR} AS h{i}", f"h{i} IS NOT NULL AS c{i}", bit,
                    f"{words} AS t{i}"]  # fmt: skip
        whole = self.group(said)
        return [f"{whole.state} AS c{i}", f"{whole.decided} AS k{i}"]

    # --- conditions on measures ---------------------------------------------------------------------------------

    def _events(self, rows: str, i: int, said: Condition) -> list[str]:
        """Joins of the events that a value must be free of."""
        number, joins = self.inputs.number(str(said.measure)), []
        for event, days in said.free_of.items():
            if event in self.inputs.measured and str(said.measure) in self.inputs.measured and days is not None:
                known = self.event_joins.setdefault(i, [])
                alias = f"e{i}_{len(known)}"
                select = last_event(rows, self.inputs.measured[event], f"m{number}", days)
                joins.append(f"LEFT JOIN ({select}) {alias} ON {alias}._row = r._row AND {alias}._d = r._d")
                known.append((alias, event))
        return joins

    def _leaf(self, i: int, said: Condition) -> tuple[str, str]:
        """State and words of a condition on a measure."""
        measure = self.inputs.criteria.measures[str(said.measure)]
        label = str(measure.label)
        if str(said.measure) not in self.inputs.measured:
            return "CAST(NULL AS BOOLEAN)", literal(f"{label} not looked at")
        n = self.inputs.number(str(said.measure))
        now, other = f"m{n}", f"{_STRUCT[said.reference]}{n}"
        looked = other if said.at else now
        shown = literal(f"{said.at or ''} {label} ".lstrip())
        if measure.kind == "text":
            values = ", ".join(literal(str(value)) for value in said.is_)
            state = f"(({looked}).v IN ({values}))"
            return state, _words(state, looked, shown, f"({looked}).v || ' on ' || ({looked}).d")
        state, told = self._number(said, looked, other)
        words = _words(f"({looked}).v", looked, shown, told)
        if said.ratio_to or said.change_from:
            lost = literal(f"{said.reference} {label} missing")
            words = f"CASE WHEN ({now}).v IS NOT NULL AND ({other}).v IS NULL THEN {lost} ELSE {words} END"
        for alias, event in self.event_joins.get(i, ()):
            transfused = literal(f" after {self.inputs.criteria.measures[event].label} on ")
            free = f"{plain(f'({now}).v')} || ' on ' || ({now}).d || {transfused} || ({alias}).d"
            words = f"CASE WHEN ({alias}).d IS NOT NULL AND {state} THEN {shown} || {free} ELSE {words} END"
            state = f"({state} AND ({alias}).d IS NULL)"
        return state, words

    def _number(self, said: Condition, looked: str, other: str) -> tuple[str, str]:
        comparator, number = said.threshold
        value, earlier = _exact(f"({looked}).v"), _exact(f"({other}).v")
        limit, beside = f"CAST({number} AS {_EXACT})", ""
        if said.ratio_to:
            left, right = value, f"CAST({number} AS {_RATIO}) * {earlier}"
            beside = f" || ' x {said.ratio_to} ' || {plain(f'({other}).v')}"
            # from nothing to nothing is no change, from nothing to something more than any ratio
            more = "TRUE" if comparator in (">", ">=") else "FALSE"
            zero = f"CASE WHEN {value} = 0 THEN 1 {comparator} {limit} WHEN {value} IS NOT NULL THEN {more} END"
            state = f"(CASE WHEN {earlier} = 0 THEN {zero} ELSE {left} {comparator} {right} END)"
        elif said.change_from:
            state = f"({value} - {earlier} {comparator} {limit})"
            beside = f" || ' from {said.change_from} ' || {plain(f'({other}).v')}"
        else:
            state = f"(({looked}).v {comparator} CAST({number} AS DOUBLE))"
        opposite = literal(_NOT.get(comparator, ""))
        if comparator == "=":
            opposite = f"CASE WHEN ({looked}).v > {number} THEN '>' ELSE '<' END"
        sign = f"CASE WHEN {state} THEN {literal(comparator)} ELSE {opposite} END"
        shown = plain(f"({looked}).v")
        if said.change_from:
            shown = f"'changed by ' || {plain(f'CAST({value} - {earlier} AS DOUBLE)')}"
        return state, f"{shown} || ' ' || {sign} || ' {number}'{beside} || ' on ' || ({looked}).d"


def _words(known: str, looked: str, shown: str, told: str) -> str:
    missing = f"{shown} || 'missing'"
    return f"CASE WHEN ({looked}).v IS NULL OR ({known}) IS NULL THEN {missing} ELSE {shown} || {told} END"


def items_of(inputs: Inputs, conditions: Conditions) -> list[tuple[str, int]]:
    """Each value that conditions look at, as SQL of its struct, with the bits of the conditions that do."""
    found: dict[str, int] = {}
    for i, name in enumerate(conditions.names):
        said = inputs.criteria.conditions[name]
        if said.measure is None or str(said.measure) not in inputs.measured:
            continue
        n = inputs.number(str(said.measure))
        looked = [f"m{n}"] if said.at is None else []
        looked += [f"{_STRUCT[said.reference]}{n}"] if said.reference else []
        looked += [alias for alias, _ in conditions.event_joins.get(i, ())]
        for one in looked:
            found[one] = found.get(one, 0) | (1 << i)
    return list(found.items())
