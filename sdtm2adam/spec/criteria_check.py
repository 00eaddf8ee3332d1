"""What must hold in a criteria set: every name is known, every threshold fits its measure, nothing is a circle."""

from __future__ import annotations

from collections.abc import Iterator

from sdtm2adam.errors import SpecError, nearest
from sdtm2adam.spec.criteria import MOST_CONDITIONS, Condition, CriteriaSet, Response, is_plain
from sdtm2adam.spec.yaml import Text

_TAKEN = {
    "ADT", "AVALC", "AVAL", "REMFL", "MRDSTAT", "CONFFL", "CONFDT", "RESPWHY", "RESPWHY1", "RESPNJ", "RESPREC",
    "STUDYID", "USUBJID", "PARAMCD", "PARAM",
}  # fmt: skip
"""The other variables of a response block."""


def check_criteria(criteria: CriteriaSet) -> list[SpecError]:
    """All that is wrong with a set that was read; empty if nothing is."""
    return [*_names(criteria), *_thresholds(criteria), *_circles(criteria), *_responses(criteria)]


def _names(criteria: CriteriaSet) -> Iterator[SpecError]:
    measures, conditions = criteria.measures, criteria.conditions
    said: list[tuple[Text, str, list[str]]] = [(one, "measure", list(measures)) for one in criteria.assessed_by]
    for condition in conditions.values():
        if condition.measure is not None:
            said.append((condition.measure, "measure", list(measures)))
        said += [(one, "condition", list(conditions)) for one in condition.members]
    for response in (*criteria.responses, *criteria.mrd):
        said += [(one, "condition", list(conditions)) for one in response.members]
    if criteria.remission is not None:
        said.append((criteria.remission, "condition", list(conditions)))
    for name, kind, known in said:
        if name not in known:
            yield SpecError(f"no {kind} {str(name)!r}", where=_at(criteria, name), mend=nearest(str(name), known))
    cited = [one.source for one in (*measures.values(), *criteria.responses, *criteria.mrd)]
    for source in (one for one in (*cited, *(said.source for said in conditions.values())) if one is not None):
        if source not in criteria.sources:
            mend = nearest(str(source), criteria.sources)
            yield SpecError(f"no source {str(source)!r}", where=_at(criteria, source), mend=mend)
    events = [one for one in criteria.assessed_by if one in measures and measures[one].event]
    for event in events:
        yield SpecError(f"assessed_by: {event} is an event", where=event.where, mend="name what is measured")
    if not criteria.assessed_by:
        yield SpecError("assessed_by is empty", where=criteria.criteria.where, mend="name what makes an assessment")


def _thresholds(criteria: CriteriaSet) -> Iterator[SpecError]:
    for name, condition in criteria.conditions.items():
        measure = criteria.measures.get(str(condition.measure))
        if condition.measure is None or measure is None:
            continue
        said, mend = "", ""
        if measure.kind == "event":
            said, mend = f"{condition.measure} is an event, which has no value", "use it in free_of"
        elif measure.kind == "number" and not condition.compares_numbers:
            said, mend = "is: needs a comparator and a number", "write is: '< 5', with <, <=, >, >= or ="
        elif measure.kind == "text":
            strange = [value for value in condition.is_ if value not in measure.values]
            if strange or not condition.is_:
                said = f"is: {', '.join(strange) or 'nothing'} is no value of {condition.measure}"
                mend = f"it has {', '.join(measure.values)}"
            elif condition.at in ("nadir", "peak") or condition.ratio_to or condition.change_from or condition.free_of:
                said, mend = f"{condition.measure} has texts: only at: baseline has a meaning", "leave the others out"
        said, mend = (said, mend) if said else _reference(criteria, condition)
        if said:
            yield SpecError(f"{name}: {said}", where=condition.measure.where, mend=mend)


def _reference(criteria: CriteriaSet, condition: Condition) -> tuple[str, str]:
    """What is wrong with the earlier value or the events a condition looks at."""
    worse = criteria.measures[str(condition.measure)].worse
    if condition.reference == "nadir" and worse != "higher":
        return f"the nadir is the best value only where higher is worse, not of {condition.measure}", "say peak"
    if condition.reference == "peak" and worse != "lower":
        return f"the peak is the best value only where lower is worse, not of {condition.measure}", "say nadir"
    for event, days in condition.free_of.items():
        measure = criteria.measures.get(event)
        if measure is None or not measure.event or days is None:
            known = [name for name, one in criteria.measures.items() if one.event]
            return f"free_of: {event} is no event with a number of days", nearest(event, known)
        if condition.reference is not None:
            return "free_of looks at the value of the assessment only", "leave at, ratio_to, change_from out"
    return "", ""


def _circles(criteria: CriteriaSet) -> Iterator[SpecError]:
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> SpecError | None:
        if name in path:
            circle = " needs ".join((*path[path.index(name) :], name))
            return SpecError(f"a circle: {circle}", where=criteria.criteria.where, mend="break it")
        if name in done or name not in criteria.conditions:
            return None
        found = next((e for m in criteria.conditions[name].members if (e := visit(str(m), (*path, name)))), None)
        done.add(name)
        return found

    yield from (error for name in criteria.conditions if (error := visit(name, ())))
    if len(criteria.conditions) > MOST_CONDITIONS:
        said = f"has more than {MOST_CONDITIONS} conditions"
        yield SpecError(said, where=criteria.criteria.where, mend="make two sets of it")


def _responses(criteria: CriteriaSet) -> Iterator[SpecError]:
    for kind, responses in (("responses", criteria.responses), ("mrd", criteria.mrd)):
        yield from _list(criteria, kind, responses)
    variables = [f"{measure.variable}{end}" for measure in criteria.measures.values() for end in ("", "DT")]
    for twice in sorted({one for one in variables if variables.count(one) > 1 or one in _TAKEN}):
        said = f"the variable {twice} of a measure is taken"
        yield SpecError(said, where=criteria.criteria.where, mend="give the measure another variable")
    for name in (*criteria.measures, *criteria.conditions):
        if not is_plain(name, 40):
            said = f"{name!r} is no plain name"
            yield SpecError(said, where=criteria.criteria.where, mend="at most 40 ASCII characters, no semicolon")
    if not criteria.responses:
        yield SpecError("has no responses", where=criteria.criteria.where, mend="add responses:")


def _list(criteria: CriteriaSet, kind: str, responses: tuple[Response, ...]) -> Iterator[SpecError]:
    names = [str(one.response) for one in responses]
    ranks = [one.rank for one in responses if one.rank is not None]
    for one in responses:
        where = _at(criteria, one.response)
        if names.count(str(one.response)) > 1:
            yield SpecError(f"{kind}: {one.response} stands twice", where=where, mend="keep one")
        if one.instead_of is not None and one.instead_of not in names:
            mend = nearest(str(one.instead_of), names)
            yield SpecError(f"{kind}: no response {str(one.instead_of)!r}", where=where, mend=mend)
        if kind == "responses" and (not one.rank or ranks.count(one.rank) > 1):
            said = f"{one.response} needs a rank of its own, from 1"
            yield SpecError(said, where=where, mend="the best response has rank 1")


def _at(criteria: CriteriaSet, text: Text) -> str:
    return text.where or criteria.criteria.where
