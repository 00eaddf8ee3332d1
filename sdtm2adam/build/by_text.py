"""Expressions over other rows that read one text column alone, made once per distinct text."""

from __future__ import annotations

import re

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.build.coded import by_value
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.relation import Part, Stack

_OTHER_ROW = re.compile(r'\bs\.("(?:[^"]|"")+")')
_ELSEWHERE = re.compile(r"\b(?:[rtogcef]|[jut]\d+)\.")


def by_text(plan: Plan, part: Part, expression: str) -> pa.Array | None:
    """What an expression over the other rows (`s`) gives for each row of a part of their stack.

    Args:
        plan: the plan.
        part: a relation whose texts are coded.
        expression: SQL; None comes back where it reads more than one column, or none, or one without codes.
    """
    column, chunk = _read_alone(part, expression)
    if chunk is None or 2 * len(chunk.dictionary) > part.relation.count:
        return None
    try:
        return by_value(plan.warehouse, column, chunk, _OTHER_ROW.sub(r"f.\1", expression))
    except duckdb.Error:
        return None  # told by the statement that reads all rows


def no_text_meets(plan: Plan, stack: Stack, condition: str) -> bool:
    """Whether it is certain, from the distinct texts alone, that no row of a stack meets a condition over `s`."""
    return all(_none_meets(plan, part, condition) for part in stack.parts)


def _none_meets(plan: Plan, part: Part, condition: str) -> bool:
    column, chunk = _read_alone(part, condition)
    if chunk is None:
        return False
    texts = pa.DictionaryArray.from_arrays(
        pa.array([*range(len(chunk.dictionary)), None], pa.int32()), chunk.dictionary
    )
    own = _OTHER_ROW.sub(r"f.\1", condition)
    try:
        met = by_value(plan.warehouse, column, texts, f"coalesce({own}, false)")
    except duckdb.Error:
        return False
    return not pc.any(met).as_py()


def _read_alone(part: Part, expression: str) -> tuple[str, pa.DictionaryArray | None]:
    """The one column that an expression reads, and its codes."""
    names = {found[1:-1].replace('""', '"') for found in _OTHER_ROW.findall(expression)}
    if len(names) != 1 or _ELSEWHERE.search(_OTHER_ROW.sub("", expression)):
        return "", None
    column = names.pop()
    return column, part.relation.codes.of(part.actual(column) or "")
