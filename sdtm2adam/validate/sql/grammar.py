"""What the SELECT of a check may say: parsed by sqlglot, walked node by node, refused unless each node is on the list.

A check selects the records that are wrong. Names may stand for many: `DATASET` for each dataset the check is for, `--`
for the two letters of its domain, `*` for any letters, `##` for two digits (`"--STDTC"`, `"*FL"`, `"TRT##P"`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import sqlglot
import sqlglot.dialects.duckdb
from sqlglot import exp
from sqlglot.errors import SqlglotError

from sdtm2adam.errors import SpecError, nearest
from sdtm2adam.spec.yaml import Text
from sdtm2adam.validate.sql.once import Kept, take_out

DATASET = "DATASET"
"""The table that stands for each dataset a check is for."""
META, RAW = "meta", "raw"
"""The schemas of tables that describe the data, and of raw forms."""
ROW = "_row"
"""The number of a record, which is added to what a check selects."""

_NODES: frozenset[type[exp.Expr]] = frozenset({
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Qualify, exp.With, exp.CTE, exp.Subquery,
    exp.Table, exp.TableAlias, exp.Alias, exp.Star, exp.Exists, exp.Union, exp.Order, exp.Ordered, exp.Window,
    exp.WindowSpec, exp.Distinct, exp.Filter,
    exp.Column, exp.Identifier, exp.Literal, exp.Null, exp.Boolean, exp.Paren, exp.Neg, exp.Not, exp.And, exp.Or,
    exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Is, exp.In, exp.Between,
    exp.Like, exp.ILike, exp.Escape, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.IntDiv, exp.DPipe, exp.Case,
    exp.If, exp.Coalesce, exp.Nullif, exp.Cast, exp.TryCast, exp.DataType, exp.DataTypeParam, exp.Tuple, exp.Interval,
    exp.Var, exp.Concat, exp.ConcatWs, exp.Upper, exp.Lower, exp.Trim, exp.Substring, exp.Left, exp.Right, exp.Length,
    exp.Replace, exp.SplitPart, exp.StartsWith, exp.EndsWith, exp.Contains, exp.RegexpLike, exp.RegexpFullMatch,
    exp.RegexpExtract, exp.RegexpReplace, exp.Round, exp.Abs, exp.Floor, exp.Ceil, exp.Sqrt, exp.Greatest, exp.Least,
    exp.StrPosition, exp.Sign, exp.Anonymous,
    exp.Count, exp.CountIf, exp.Sum, exp.Min, exp.Max, exp.Avg, exp.Median, exp.LogicalAnd, exp.LogicalOr, exp.ArgMin,
    exp.ArgMax, exp.RowNumber, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue,
})  # fmt: skip
FUNCTIONS = ("low", "high", "date_of", "is_dtc", "is_duration", "study_day", "days_between", "is_number", "number",
             "as_text", "strlen")  # fmt: skip
"""Functions that checks have beside those of SQL; their macros are in `store`."""
_TYPES = frozenset({"INT", "BIGINT", "DOUBLE", "VARCHAR", "TEXT", "DATE", "TIMESTAMP", "BOOLEAN"})
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WILD = re.compile(r"--|\*|##")
_NO_TABLE = "name datasets, DATASET, SUPP--, meta.NAME or raw.FORM; see validation/rules/README.md"
_NO_ROWS = "a check selects records: use `qualify count(*) over (partition by ...)` or a subquery for groups"


@dataclass(frozen=True)
class Source:
    """One table of a SELECT. `name` is its name as written (`DATASET`, `DM`, `SUPP--`), `schema` meta, raw or ''."""

    alias: str
    name: str
    schema: str = ""

    @property
    def shown(self) -> str:
        """The name as written."""
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True)
class Query:
    """A checked SELECT.

    `text` is DuckDB SQL in which each table stands as `@Tn@` and each name with wild cards as `@Nn@`; `base` is the
    table whose records it selects. `columns` are (alias or '', name) of all it reads, `wild` the names with wild cards,
    `shown` the names of what it selects, in order; `made` those that it gives itself with AS, in any part. `kept` are
    functions of columns that stand as `@Kn@`.
    """

    text: str
    base: Source
    sources: tuple[Source, ...]
    columns: tuple[tuple[str, str], ...]
    wild: tuple[str, ...]
    shown: tuple[str, ...]
    made: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()


def parse_select(said: Text) -> Query:
    """The checked SELECT of a check.

    Raises:
        SpecError: it cannot be read, or says what a check may not.
    """
    where = said.where or "select"
    try:
        return _parsed(str(said))
    except SpecError as error:
        raise SpecError(error.what, where=where, mend=error.mend) from error


@cache
def _parsed(text: str) -> Query:
    """The query of a text, which is all it depends on: a process reads its hundreds of checks several times."""
    tree = _read(text)
    for node in tree.walk():
        _check(node)
    return _query(tree)


def _read(text: str) -> exp.Select:
    if "@" in text:
        raise SpecError("the sign @ may not stand in a SELECT", where="", mend="leave it out")
    try:
        statements = sqlglot.parse(text, read="duckdb")
    except SqlglotError as error:
        near = str((getattr(error, "errors", None) or [{}])[0].get("highlight") or "").strip()
        said = "the SELECT cannot be read as SQL" + (f" near {near!r}" if near else "")
        raise SpecError(
            said, where="", mend='check quotes, brackets and commas; write "--STDTC" with quotes'
        ) from error
    tree = statements[0] if len(statements) == 1 else None
    if not isinstance(tree, exp.Select):
        raise SpecError("a check is one SELECT", where="", mend="write one SELECT that finds the wrong records")
    if any(tree.args.get(part) for part in ("distinct", "group", "limit", "offset", "having")):
        raise SpecError("the SELECT does not give records as they are", where="", mend=_NO_ROWS)
    _refuse_gathered(tree)
    return tree


def _refuse_gathered(tree: exp.Select) -> None:
    """No count, sum or maximum of all records, but over a partition or in a subquery."""
    for part in (*tree.selects, tree.args.get("where")):
        for found in part.find_all(exp.AggFunc) if part is not None else ():
            if found.find_ancestor(exp.Window, exp.Select) is tree:
                said = f"{found.sql('duckdb')[:40]!r} is of all records, and a check shows single ones"
                raise SpecError(said, where="", mend=_NO_ROWS)


def _check(node: exp.Expr) -> None:
    kind = type(node)
    if kind is exp.Anonymous:
        if str(node.this).lower() not in FUNCTIONS:
            mend = nearest(str(node.this), FUNCTIONS)
            raise SpecError(f"function {str(node.this)!r} is not in the list", where="", mend=mend)
    elif kind is exp.DataType:
        if str(node.sql("duckdb")).split("(")[0] not in _TYPES and not isinstance(node.parent, exp.Interval):
            mend = f"types: {', '.join(sorted(_TYPES))}"
            raise SpecError(f"type {node.sql('duckdb')} is none to cast to", where="", mend=mend)
    elif kind is exp.With and node.args.get("recursive"):
        raise SpecError("with recursive is not allowed: it may never end", where="", mend="write WITH alone")
    elif kind is exp.Join and node.args.get("side") in ("RIGHT", "FULL"):
        mend = "write left join, and begin with the dataset whose records are wrong"
        raise SpecError(f"{str(node.args['side']).lower()} join gives rows that are no record", where="", mend=mend)
    elif kind is exp.Column and (node.args.get("db") or node.args.get("catalog")):
        raise SpecError(f"the name {node.sql()} has more than two parts", where="", mend="write ALIAS.NAME")
    elif kind not in _NODES:
        named = node.sql_name().lower() if isinstance(node, exp.Func) else kind.__name__.lower()
        mend = "see validation/rules/README.md for what a SELECT may say"
        raise SpecError(f"{named} is not allowed in the SELECT of a check", where="", mend=mend)
    if isinstance(node, (exp.EQ, exp.NEQ)) and isinstance(node.expression, exp.Null):
        raise SpecError("a comparison with null is never true", where="", mend="write `X is null`")


def _query(tree: exp.Select) -> Query:
    own = {cte.alias for cte in tree.find_all(exp.CTE)}
    names: dict[str, int] = {}
    sources: list[Source] = []
    first = tree.args.get("from_") or tree.args.get("from")
    if first is None or not isinstance(first.this, exp.Table) or first.this.name in own:
        raise SpecError("the SELECT starts from no dataset", where="", mend="write FROM DATASET or FROM DM first")
    read = (node for node in tree.find_all(exp.Column) if not isinstance(node.this, exp.Star))
    columns = tuple(dict.fromkeys((node.table, node.name) for node in read))
    shown = tuple(_shown(item) for item in tree.selects)
    if repeated := next((name for name in shown if shown.count(name) > 1), None):
        raise SpecError(f"the SELECT shows two columns {repeated}", where="", mend="give one another name with AS")
    base = first.this
    for table in [base, *(one for one in tree.find_all(exp.Table) if one is not base)]:
        if table.name not in own or table.db:
            sources.append(_source(table, len(sources)))
    _refuse_same_alias(sources, tree)
    wild = _wild_names(tree, names)
    made = tuple(dict.fromkeys(str(item.alias) for item in tree.find_all(exp.Alias)))
    kept = take_out(tree, [one.alias for one in sources], wild, made)
    tree.select(exp.column(ROW, table=sources[0].alias, quoted=True), copy=False)
    return Query(str(tree.sql("duckdb", copy=False)), sources[0], tuple(sources), columns, wild, shown, made, kept)


def _shown(item: exp.Expr) -> str:
    if isinstance(item, exp.Star) or not item.alias_or_name or isinstance(item.this, exp.Star):
        mend = "name each column; give an expression a name with AS"
        raise SpecError(f"the SELECT shows {item.sql('duckdb')[:40]!r} without a name", where="", mend=mend)
    return str(item.alias_or_name)


def _source(table: exp.Table, number: int) -> Source:
    """The table, whose place in the tree becomes `@Tn@`."""
    name, schema = table.name, table.db
    bare = name.replace("--", "")
    if table.catalog or schema not in ("", META, RAW) or not isinstance(table.this, exp.Identifier):
        raise SpecError(f"{table.sql('duckdb')[:60]!r} is no table of a check", where="", mend=_NO_TABLE)
    if not (_WORD.fullmatch(bare) or name == "--") or (schema and bare != name):
        raise SpecError(f"{name[:60]!r} is no table of a check", where="", mend=_NO_TABLE)
    alias = table.alias or name
    if not _WORD.fullmatch(alias):
        raise SpecError(f"the table {name} has no alias", where="", mend=f'write "{name}" AS S')
    table.set("this", exp.to_identifier(f"@T{number}@", quoted=True))
    table.set("db", None)
    table.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    return Source(alias, name, schema)


def _refuse_same_alias(sources: list[Source], tree: exp.Select) -> None:
    """One alias, one table: so that a name of a column says which dataset it is of."""
    known: set[str] = set()
    for alias in (*(one.alias for one in sources), *(cte.alias for cte in tree.find_all(exp.CTE))):
        if alias.lower() in known:
            raise SpecError(f"two tables are called {alias}", where="", mend="give each its own alias with AS")
        known.add(alias.lower())


def _wild_names(tree: exp.Select, names: dict[str, int]) -> tuple[str, ...]:
    """The names with wild cards, in the order of their first standing; each becomes `@Nn@` in the tree."""
    for identifier in tree.find_all(exp.Identifier, bfs=False):
        name = str(identifier.this)
        if _WILD.search(name) and not name.startswith("@"):
            number = names.setdefault(name, len(names))
            identifier.set("this", f"@N{number}@")
    return tuple(names)
