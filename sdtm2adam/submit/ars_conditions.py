"""Conditions of specs in the words of the CDISC Analysis Results Standard 1.0."""

from __future__ import annotations

from typing import Any

from sdtm2adam.spec.conditions import ARS_COMPARATORS, Comparison, Compound, Condition

Clause = dict[str, Any]
MISSING = ""
"""How a missing value is written: the standard has no word for it, and a transport file holds it as a blank."""


def where_clause(condition: Condition, level: int = 1) -> Clause:
    """A condition as `condition` or `compoundExpression`.

    Args:
        condition: of the specs.
        level: how deep it stands in another one, from 1.

    >>> from sdtm2adam.spec.conditions import parse
    >>> where_clause(parse("ADSL.AGE >= 55"))["condition"]
    {'dataset': 'ADSL', 'variable': 'AGE', 'comparator': 'GE', 'value': ['55']}
    """
    if isinstance(condition, Comparison):
        return {"condition": compared(condition)}
    return {"compoundExpression": _compound(condition, level)}


def _compound(condition: Compound, level: int) -> Clause:
    parts = [
        {"level": level + 1, "order": order, **where_clause(part, level + 1)}
        for order, part in enumerate(condition.parts, 1)
    ]
    return {"logicalOperator": condition.operator, "whereClauses": parts}


def compared(one: Comparison) -> Clause:
    """One comparison; numbers without a needless point."""
    return {
        "dataset": one.dataset,
        "variable": one.variable,
        "comparator": ARS_COMPARATORS[one.comparator],
        "value": [value if isinstance(value, str) else f"{value:.15g}" for value in one.values],
    }


def any_of(dataset: str, variable: str, values: tuple[str, ...]) -> Clause:
    """That a variable has one of some values; none is a missing value."""
    said = list(values) or [MISSING]
    return {"dataset": dataset, "variable": variable, "comparator": "EQ" if len(said) == 1 else "IN", "value": said}
