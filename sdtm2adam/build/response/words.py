"""Reasons as texts of variables: each once, cut between reasons where one variable is too short."""

from __future__ import annotations

from sdtm2adam.spec.criteria import Condition

MOST = 200
"""The longest text of a variable; texts of criteria sets are ASCII, so that characters are bytes."""
PIECES = 2
"""How many variables a reason has: the second ends in ` ...` where that is not enough; the lineage has all records."""


def is_leaf(said: Condition) -> bool:
    """Whether a condition says something of its own: of a measure, or of earlier assessments."""
    return said.measure is not None or said.had is not None


def each_once(texts: str, separator: str) -> str:
    """SQL of the texts of a list, each once and in its order."""
    kept = f"list_filter({texts}, lambda x, i: x IS NOT NULL AND list_position({texts}, x) = i)"
    return f"array_to_string({kept}, '{separator}')"


def first_piece(text: str) -> str:
    """SQL of as many whole reasons of a text as fit into one variable."""
    cut = rf"regexp_extract({text}, '^(.{{1,{MOST - 1}}};)', 1)"
    return f"CASE WHEN length({text}) <= {MOST} THEN {text} ELSE {cut} END"


def shortened(text: str, separator: str) -> str:
    """SQL of a text that ends in ` ...` where it is longer than a variable; the lineage has all."""
    cut = rf"regexp_extract({text}, '^(.{{1,{MOST - 5}}}{separator})', 1) || ' ...'"
    return f"CASE WHEN length({text}) <= {MOST} THEN {text} ELSE {cut} END"
