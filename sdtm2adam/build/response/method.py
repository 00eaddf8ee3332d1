"""How responses are made, in words, for the method of the variable."""

from __future__ import annotations

from sdtm2adam.spec.criteria import NOT_EVALUABLE, CriteriaSet
from sdtm2adam.spec.criteria_words import days_of, response_rule, rule_of
from sdtm2adam.spec.dataset import ResponseBlock


def method_of(criteria: CriteriaSet, block: ResponseBlock) -> str:
    """The method of a response block: the set, its responses and conditions, the days of values, what is unverified."""
    responses = "; ".join(f"{one.shown} if {response_rule(criteria, one)}" for one in criteria.responses)
    conditions = "; ".join(
        f"{said.label or name}: {rule_of(criteria, name)}" for name, said in criteria.conditions.items()
    )
    days = []
    for key, said in block.assessments.items():
        measure = criteria.measures[key]
        if measure.kind != "event" and key not in criteria.assessed_by:
            before = measure.before if said.before == "set" else said.before
            after = measure.after if said.after == "set" else said.after
            days.append(f"{measure.label} {days_of(measure, before, after)}")
    absent = [str(one.label) for key, one in criteria.measures.items() if key not in block.assessments]
    anchors = " or ".join(str(criteria.measures[str(key)].label) for key in criteria.assessed_by)
    parts = [
        f"Response by criteria set {criteria.criteria} ({criteria.title}), at each day of {anchors} after the start.",
        f"The first that is met of: {responses}; otherwise {NOT_EVALUABLE}.",
        f"A condition whose measure is missing is not met. Conditions: {conditions}.",
    ]
    parts += [f"Days of values: {'; '.join(days)}."] if days else []
    parts += [f"Not looked at: {', '.join(absent)}."] if absent else []
    if block.confirm is not None:
        parts.append(
            f"Confirmed (CONFFL): {', '.join(block.confirm.responses)} seen again, or better, at least "
            f"{block.confirm.days} days later."
        )
    if criteria.unverified:
        parts.append(f"Not verified (M from memory, P proposed): {', '.join(criteria.unverified)}.")
    return " ".join(parts)
