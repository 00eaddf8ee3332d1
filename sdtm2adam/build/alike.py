"""Like beside like, before there are data: what SQL would convert in silence, written so that it refuses.

DuckDB compares a text with a number, or a text with a date, by reading the text; whether that goes well is a matter of
the values ('10.4' = 10 is true). In the dry run, which has no rows, each such comparison is written as one that DuckDB
takes only from like types, and a text in quotes that is neither a number nor a whole date is given as a text for good.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sqlglot import exp

_EQUALITIES = (exp.EQ, exp.NEQ, exp.NullSafeEQ, exp.NullSafeNEQ)
_ORDERED = (exp.GT, exp.GTE, exp.LT, exp.LTE)
_READABLE = re.compile(r"[+-]?\d+(\.\d+)?|\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?")


def as_of_one_type(node: exp.Expr) -> exp.Expr:
    """The node, written so that DuckDB refuses it where it mixes types; its value means nothing, its type is the same.

    Args:
        node: a node of an expression in DuckDB's SQL, its children written already.
    """
    for literal in _literals(node):
        if literal.is_string and not _READABLE.fullmatch(literal.name):
            literal.replace(exp.Cast(this=literal.copy(), to=exp.DataType.build("varchar")))
    if isinstance(node, _EQUALITIES):
        return exp.paren(_strictly(node.this, node.expression), copy=False)
    if isinstance(node, exp.In) and node.expressions:
        return exp.paren(exp.or_(*(_strictly(node.this, one) for one in node.expressions), copy=False), copy=False)
    if isinstance(node, exp.Nullif):
        return exp.Case(ifs=[exp.If(this=_strictly(node.this, node.expression), true=node.this.copy())])
    if isinstance(node, exp.Case) and node.this is not None:
        ifs = [exp.If(this=_strictly(node.this, one.this), true=one.args["true"].copy()) for one in node.args["ifs"]]
        default = node.args.get("default")
        return exp.Case(ifs=ifs, default=default.copy() if default is not None else None)
    return node


def _strictly(one: exp.Expr, other: exp.Expr) -> exp.Expr:
    """A comparison for which DuckDB converts no text: of the order, where an equality reads it."""
    return exp.GT(this=one.copy(), expression=other.copy())


def _literals(node: exp.Expr) -> Iterator[exp.Literal]:
    """The literals that stand beside values of one type: compared, or one of several results."""
    if isinstance(node, (*_EQUALITIES, *_ORDERED, exp.Nullif)):
        beside = [node.this, node.expression]
    elif isinstance(node, exp.Between):
        beside = [node.this, node.args["low"], node.args["high"]]
    elif isinstance(node, (exp.In, exp.Coalesce, exp.Greatest, exp.Least)):
        beside = [node.this, *node.expressions]
    elif isinstance(node, exp.Case):
        ifs = node.args["ifs"]
        compared = [node.this, *(one.this for one in ifs)] if node.this is not None else []
        beside = [*compared, *(one.args["true"] for one in ifs), node.args.get("default")]
    else:
        beside = []
    yield from (one for one in beside if isinstance(one, exp.Literal))
