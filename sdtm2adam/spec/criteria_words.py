"""Criteria sets in words: a condition as a sentence part, a set as a table with status and source."""

from __future__ import annotations

from dataclasses import dataclass

from sdtm2adam.spec.criteria import STATUSES, Condition, CriteriaSet, Measure, Response


@dataclass(frozen=True)
class Line:
    """One line of the table of a set: what it is about, what it asks, its unit, status and source."""

    kind: str
    name: str
    rule: str
    unit: str = ""
    status: str = ""
    source: str = ""


def rule_of(criteria: CriteriaSet, name: str) -> str:
    """A condition in words.

    A condition on a measure tells its threshold and unit; several together name each other.
    """
    said = criteria.conditions[name]
    if said.measure is not None:
        return _threshold(criteria.measures[str(said.measure)], criteria, said)
    if said.had is not None:
        return f"{_label(criteria, str(said.had))} at an earlier assessment"
    parts = [_list(criteria, "all of", said.all), _list(criteria, "one of", said.any)]
    parts += [_list(criteria, "none of", said.none), _list(criteria, f"at least {said.at_least} of", said.of)]
    return "; ".join(part for part in parts if part)


def _label(criteria: CriteriaSet, name: str) -> str:
    return str(criteria.conditions[name].label or name)


def _threshold(measure: Measure, criteria: CriteriaSet, said: Condition) -> str:
    if measure.kind == "text":
        text = f"{said.at or ''} {measure.label} {' or '.join(said.is_)}".strip()
    else:
        comparator, number = said.threshold
        text = f"{said.at or ''} {measure.label} {comparator} {number}".strip()
        if said.ratio_to:
            text = f"{measure.label} {comparator} {number} x {said.ratio_to}"
        if said.change_from:
            text = f"change of {measure.label} from {said.change_from} {comparator} {number}"
    for event, days in said.free_of.items():
        text += f" without {criteria.measures[event].label} up to {days} days before"
    return text


def _list(criteria: CriteriaSet, words: str, names: tuple[str, ...]) -> str:
    return f"{words} {', '.join(_label(criteria, str(name)) for name in names)}" if names else ""


def response_rule(criteria: CriteriaSet, response: Response) -> str:
    """When a response is given, in words."""
    parts = [_list(criteria, "all of", response.all), _list(criteria, "one of", response.any)]
    parts += [_list(criteria, "none of", response.none)]
    return "; ".join(part for part in parts if part)


def days_of(measure: Measure, before: int | None, after: int | None) -> str:
    """The days of the values of a measure, in words."""
    earlier = "the last known value" if before is None else f"up to {before} days before" if before else "the same day"
    later = "any later day" if after is None else f"{after} days after" if after else ""
    which = "" if measure.take == "nearest" or not (before or after) else f", the {measure.take}"
    return earlier + (f" or {later}" if later else "") + which


def table_of(criteria: CriteriaSet) -> list[Line]:
    """The whole set as a table: measures, conditions, responses in the order in which they are looked at."""
    lines = [
        Line("measure", key, _measure(one), str(one.unit or ""), one.status, str(one.source or ""))
        for key, one in criteria.measures.items()
    ]
    for name, said in criteria.conditions.items():
        unit = criteria.measures[str(said.measure)].unit if said.measure is not None and not said.ratio_to else None
        lines.append(
            Line("condition", name, rule_of(criteria, name), str(unit or ""), said.status or "", str(said.source or ""))
        )
    for kind, responses in (("response", criteria.responses), ("MRD", criteria.mrd)):
        lines += [
            Line(kind, one.shown, response_rule(criteria, one), "", one.status, str(one.source or ""))
            for one in responses
        ]
    return lines


def _measure(one: Measure) -> str:
    what = f"one of {', '.join(one.values)}" if one.values else "a date" if one.event else "a number"
    days = "" if one.event else f"; {days_of(one, one.before, one.after)}"
    return f"{one.label}: {what}{days}{'; may be missing from the data' if one.optional else ''}"


def status_words() -> str:
    """What the letters of the statuses mean, in one line."""
    return ", ".join(f"{letter} {words}" for letter, words in STATUSES.items())
