"""SQL expressions of specs: parsed by sqlglot, walked node by node, and refused unless each node is on the list.

A row expression computes a value from its own row: no subquery, window, aggregate, table, file, clock or chance.
Only the value of an `agg` may hold aggregates. What the list does not name is refused, whatever DuckDB may learn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import sqlglot
import sqlglot.dialects.duckdb  # loaded with the rest, not in the middle of the first build
from sqlglot import exp
from sqlglot.errors import SqlglotError

from sdtm2adam.errors import SpecError, nearest
from sdtm2adam.spec.yaml import Text

_NODES: frozenset[type[exp.Expr]] = frozenset({
    exp.Column, exp.Identifier, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Neg, exp.Not, exp.And, exp.Or,
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is, exp.In, exp.Between,
    exp.Like, exp.ILike, exp.Escape, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.IntDiv, exp.DPipe, exp.Case,
    exp.If, exp.Coalesce, exp.Nullif, exp.Cast, exp.TryCast, exp.DataType, exp.DataTypeParam, exp.Tuple,
    exp.Concat, exp.Upper, exp.Lower, exp.Trim, exp.Substring, exp.Left, exp.Right, exp.Length, exp.Replace,
    exp.SplitPart, exp.Pad, exp.StartsWith, exp.EndsWith, exp.Contains, exp.RegexpLike, exp.RegexpFullMatch,
    exp.RegexpExtract, exp.RegexpReplace, exp.Round, exp.Abs, exp.Floor, exp.Ceil, exp.Sqrt, exp.Ln, exp.Exp, exp.Pow,
    exp.Greatest, exp.Least, exp.Array, exp.Anonymous, exp.PropertyEQ, exp.Var, exp.StrPosition, exp.Sign,
})  # fmt: skip
_AGGREGATES: frozenset[type[exp.Expr]] = frozenset({
    exp.Sum, exp.Min, exp.Max, exp.Avg, exp.Count, exp.CountIf, exp.Median, exp.Stddev, exp.StddevSamp, exp.Variance,
    exp.LogicalAnd, exp.LogicalOr, exp.Filter, exp.Where, exp.Star, exp.Distinct,
})  # fmt: skip
ROW_FUNCTIONS = ("dt", "dtm", "study_day", "days", "months", "years", "recode", "list_position")
"""Functions known by name in row expressions, beside those of SQL."""
AGGREGATE_FUNCTIONS = ("pctl5",)
"""Our own aggregates."""
_TYPES = frozenset({"INT", "BIGINT", "DOUBLE", "VARCHAR", "TEXT", "DATE", "TIMESTAMP", "BOOLEAN", "FLOAT", "DECIMAL"})
_MEND_ROW = (
    "use a verb (pick, exists, agg, flag, seq) for what needs other rows; see docs/spec-grammar.md for functions"
)


def parse(text: Text, *, aggregate: bool = False) -> exp.Expr:
    """The checked tree of an expression; do not change it (it is shared), copy it.

    Args:
        text: the SQL, with its place.
        aggregate: whether aggregates are allowed (the value of an `agg`, `require` of a `confirm`).

    Raises:
        SpecError: it cannot be parsed, or holds what is not on the list.
    """
    try:
        return _parse(str(text), aggregate)
    except SpecError as error:
        raise SpecError(error.what, where=text.where or "expression", mend=error.mend) from error


@lru_cache(maxsize=20_000)
def _parse(text: str, aggregate: bool) -> exp.Expr:
    try:
        statements = sqlglot.parse(f"select ({text}\n)", read="duckdb")
    except SqlglotError as error:
        raise _unreadable(text, error) from error
    select = statements[0] if len(statements) == 1 else None
    if not isinstance(select, exp.Select) or len(select.selects) != 1:
        raise SpecError(f"{text!r} is not one expression", where="", mend="write one SQL expression")
    if any(value for key, value in select.args.items() if key not in ("expressions", "kind") and value):
        raise SpecError(f"{text!r} is not a row expression", where="", mend=_MEND_ROW)
    tree = select.selects[0]
    tree = tree.this if isinstance(tree, exp.Paren) else tree
    if isinstance(tree, exp.Tuple):
        raise SpecError(f"{text!r} is not one expression", where="", mend="write one SQL expression")
    for node in tree.walk():
        _check(node, text, aggregate)
    return tree


_SAS = {
    ".": "a missing value is asked for by `X is null`, and made by null",
    "ne": "write <>", "eq": "write =", "gt": "write >", "ge": "write >=", "lt": "write <", "le": "write <=",
    "d": "a date is written date '2014-01-31'", "dt": "a date and time is written timestamp '2014-01-31 10:00:00'",
}  # fmt: skip
"""Words of SAS that SQL does not read, and what to write."""


def _unreadable(text: str, error: SqlglotError) -> SpecError:
    if re.fullmatch(r"[A-Za-z]+", text):
        said = f"{text!r} is a word of SQL, and no name as it stands"
        return SpecError(said, where="", mend=f"""write '"{text}"' for a column of that name""")
    details = getattr(error, "errors", None) or [{}]
    near = str(details[0].get("highlight") or "").strip()
    said = f"{text!r} cannot be read as SQL" + (f" near {near!r}" if near and near != ")" else "")
    return SpecError(said, where="", mend=_SAS.get(near.lower(), "check quotes, brackets and the end of each case"))


def _check(node: exp.Expr, text: str, aggregate: bool) -> None:
    kind = type(node)
    if kind is exp.Anonymous:
        _check_name(str(node.this), text, aggregate)
    elif kind is exp.DataType:
        if str(node.sql("duckdb")).split("(")[0] not in _TYPES:
            said = f"type {node.sql('duckdb')} in {text!r} is none that an expression may cast to"
            raise SpecError(said, where="", mend=f"types: {', '.join(sorted(_TYPES))}")
    elif kind is exp.In and (node.args.get("query") or node.args.get("unnest")):
        raise SpecError(f"a subquery in {text!r} is not allowed", where="", mend=_MEND_ROW)
    elif kind is exp.Alias:
        plain = re.sub(r"[^A-Za-z0-9_]", "_", text)
        if re.search(r"\s(desc|asc)\w*$", text, re.IGNORECASE):
            mend = f"write {text.split()[0]} {'desc' if text.split()[-1].lower().startswith('d') else 'asc'}"
            raise SpecError(f"{text!r} cannot be read as an order", where="", mend=mend)
        mend = f"join them by an operator; a raw column that the file calls {text!r} is {plain} here"
        raise SpecError(f"{text!r} is two names beside each other", where="", mend=mend)
    elif kind not in _NODES and not (aggregate and kind in _AGGREGATES):
        raise SpecError(f"{_named(node)} in {text!r} is not allowed in a row expression", where="", mend=_MEND_ROW)
    _check_meaning(node, text)
    if kind is exp.Column and (node.args.get("db") or node.args.get("catalog")):
        raise SpecError(f"the name {node.sql()} has more than two parts", where="", mend="write NAME or SOURCE.NAME")


def _check_meaning(node: exp.Expr, text: str) -> None:
    """Refuses comparisons that are never true, which people write to ask whether a value is missing."""
    if isinstance(node, (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)):
        sides = [node.this, node.expression]
    elif isinstance(node, exp.In):
        sides = [node.this, *node.expressions]
    else:
        return
    if any(isinstance(side, exp.Null) for side in sides):
        mend = "write `X is null` or `X is not null`"
        raise SpecError(f"a comparison with null in {text!r} is never true", where="", mend=mend)
    empty = any(isinstance(side, exp.Literal) and side.is_string and not side.this for side in sides)
    if empty and isinstance(node, (exp.EQ, exp.In)) and any(isinstance(side, exp.Column) for side in sides):
        said = f"text is never empty, it is missing: the comparison with '' in {text!r} is never true"
        raise SpecError(said, where="", mend="write `X is null`")


def _check_name(name: str, text: str, aggregate: bool) -> None:
    known = ROW_FUNCTIONS + (AGGREGATE_FUNCTIONS if aggregate else ())
    if name not in known:
        raise SpecError(
            f"function {name!r} in {text!r} is not in the list of allowed functions",
            where="",
            mend=nearest(name, known),
        )


def _named(node: exp.Expr) -> str:
    if isinstance(node, (exp.Subquery, exp.Select)):
        return "a subquery"
    if isinstance(node, exp.Func):
        return f"function {node.sql_name().lower()}"
    return f"{type(node).__name__.lower()}"


def columns(tree: exp.Expr) -> Iterator[tuple[str, str]]:
    """The names an expression reads, as (qualifier or '', name), in the order of their first standing."""
    yield from dict.fromkeys((node.table, node.name) for node in tree.find_all(exp.Column, bfs=False))


def row_parts(text: Text) -> list[Text]:
    """The calls in the value of an `agg` that may lose a value of a row: casts, dates and maps inside its aggregates.

    >>> row_parts(Text("sum(cast(X as integer)) / count(*)"))
    ['CAST(X AS INT)']
    """
    found = []
    for node in parse(text, aggregate=True).walk():
        loses = isinstance(node, exp.Cast) or str(node.this) in ("dt", "dtm", "recode")
        if loses and node.find(exp.AggFunc) is None and not calls(node, "pctl5"):
            found.append(Text(str(node.sql("duckdb", normalize_functions=False)), text.where))
    return found


def without_qualifiers(text: Text) -> Text:
    """The expression with each column named bare.

    >>> without_qualifiers(Text("DAY >= THIS.DAY + 28"))
    'DAY >= DAY + 28'
    """
    tree = parse(text, aggregate=True).copy()
    for column in tree.find_all(exp.Column):
        column.set("table", None)
    return Text(str(tree.sql("duckdb", normalize_functions=False)), text.where)


def split_order(text: Text) -> tuple[Text, bool]:
    """An item of `order` as (expression, descending).

    >>> split_order(Text("ATOXGRN desc"))
    ('ATOXGRN', True)
    """
    words = str(text).rsplit(maxsplit=1)
    if len(words) == 2 and words[1].lower() in ("desc", "asc"):
        return Text(words[0], text.where), words[1].lower() == "desc"
    return text, False


def as_bare_name(text: Text) -> str:
    """The column name, if the expression is nothing but one name without a qualifier; else empty."""
    tree = parse(text, aggregate=True)
    return tree.name if isinstance(tree, exp.Column) and not tree.table else ""


def as_name(text: Text) -> tuple[str, str]:
    """The qualifier (maybe empty) and name of a column, if the expression is nothing else; else two empty texts."""
    tree = parse(text, aggregate=True)
    return (tree.table, tree.name) if isinstance(tree, exp.Column) else ("", "")


def is_column(tree: exp.Expr) -> bool:
    """Whether an expression is nothing but a name, with or without a qualifier."""
    return isinstance(tree, exp.Column)


def calls(tree: exp.Expr, function: str) -> bool:
    """Whether an expression calls one of our functions."""
    return any(str(node.this) == function for node in tree.find_all(exp.Anonymous))
