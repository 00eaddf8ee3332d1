"""The functions of row expressions that SQL does not have: dates, study days, recoding; and our aggregates.

The arithmetic lives in DuckDB macros, so that Python and SQL cannot disagree; what is known when the spec is read
(which side a date is imputed to, which map recodes) is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sqlglot import exp

from sdtm2adam.build.alike import as_of_one_type
from sdtm2adam.build.branches import Branches
from sdtm2adam.build.dated import date_rule, probes_of
from sdtm2adam.build.probe import Probe
from sdtm2adam.build.quoting import literal
from sdtm2adam.errors import SpecError, nearest
from sdtm2adam.spec import sql
from sdtm2adam.spec.yaml import Text

Resolve = Callable[[str, str], str]
"""(qualifier or '', name) -> SQL of the column."""


@dataclass
class Compiled:
    """SQL of an expression, with the probes that watch it."""

    sql: str
    probes: list[Probe] = field(default_factory=list)


def compile_expression(
    text: Text,
    resolve: Resolve,
    maps: Mapping[str, Mapping[str, str]],
    *,
    aggregate: bool = False,
    strict: bool = False,
) -> Compiled:
    """An expression as DuckDB SQL.

    Args:
        text: as written in the spec.
        resolve: the SQL of each column it names.
        maps: the maps `recode` may name.
        aggregate: whether it is the value of an `agg`.
        strict: write it for a dry run without rows, so that the database refuses what mixes types.

    Raises:
        SpecError: a function is called in a way it does not know.
    """
    probes: list[Probe] = []
    tree = sql.parse(text, aggregate=aggregate).copy()
    branches = Branches()

    def rewrite(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column):
            return _raw(resolve(node.table, node.name))
        with branches.watched(node, probes):
            return _function(as_of_one_type(node) if strict else node, maps, probes)

    can_be_empty = any(isinstance(node, _MAKES_EMPTY) for node in tree.walk())
    try:
        made = _sql(_from_the_leaves(tree, rewrite))
        watched = [replace(probe, where=text.where) for probe in branches.within(probes)]
        return Compiled(f"s2a_text({made})" if can_be_empty else made, watched)
    except SpecError as error:
        raise SpecError(error.what, where=error.where or text.where, mend=error.mend) from error


def refuse_calls(text: Text, maps: Mapping[str, Mapping[str, str]], *, aggregate: bool = False) -> None:
    """Refuses functions that are called in a way they do not know, before the names around them are looked up.

    Raises:
        SpecError: the same as of `compile_expression`.
    """
    if any(isinstance(node, exp.Anonymous) for node in sql.parse(text, aggregate=aggregate).walk()):
        compile_expression(text, lambda _, column: f'"{column}"', maps, aggregate=aggregate)


_MAKES_EMPTY = (
    exp.Trim, exp.Replace, exp.Substring, exp.Left, exp.Right, exp.RegexpExtract, exp.RegexpReplace, exp.SplitPart,
    exp.Concat, exp.DPipe,
)  # fmt: skip
"""Functions that can make a text without characters, which is missing."""


def _from_the_leaves(tree: exp.Expr, rewrite: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """The tree with each node rewritten after its children."""
    for node in reversed(list(tree.walk(bfs=False))):
        new = rewrite(node)
        if new is node:
            continue
        if node is tree:
            return new
        node.replace(new)
    return tree


def _raw(text: str) -> exp.Expr:
    """A piece of SQL that is already written; sqlglot prints it as it is."""
    return exp.Var(this=text)


def _sql(node: exp.Expr) -> str:
    return str(node.sql("duckdb"))


def _function(node: exp.Expr, maps: Mapping[str, Mapping[str, str]], probes: list[Probe]) -> exp.Expr:
    if isinstance(node, exp.Anonymous):
        name = str(node.this)
        if name == "recode":
            return _recode(node, maps, probes)
        if name not in ("dt", "dtm"):
            return _plain(node)
        rule = date_rule(node)
        probes.extend(probes_of(rule))
        return _raw(rule.sql)
    if isinstance(node, exp.Cast) and not isinstance(node.this, exp.Literal):
        inner, target = _sql(node.this), node.to.sql("duckdb")
        if isinstance(node.this.unnest(), _MAKES_EMPTY):
            inner = f"s2a_text({inner})"
        made = f"try_cast({inner} as {target})"
        guard = next((check for names, check in _STRICT.items() if target.split("(")[0] in names), "")
        if guard:
            made = f"(case when {guard}({inner}) then {made} end)"
        probes.append(Probe("cast-lost", f"({inner}) is not null and ({made}) is null", inner,
                            f"cannot be read as {node.to.sql('duckdb').lower()}"))  # fmt: skip
        return _raw(made)
    if isinstance(node, exp.Div):
        above, below = _sql(node.this), _sql(node.expression)
        probes.append(Probe("division-by-zero", f"({below}) = 0", above, "is divided by zero"))
        return _raw(f"({above} / nullif({below}, 0))")
    if isinstance(node, exp.Min) and _sql(node.this).rstrip('"').endswith("DTC"):
        text = _sql(node.this)
        return _raw(f"arg_min({text}, s2a_low_dtc({text}))")
    if isinstance(node, (exp.Sum, exp.Avg, exp.Stddev, exp.StddevSamp, exp.Variance)):
        if isinstance(node.this, exp.Distinct):
            raise SpecError(f"{_sql(node)}: distinct is for count", where="", mend="leave distinct out")
        return _raw(_sql(node)[:-1] + " ORDER BY _srow)")
    return node


_STRICT = {
    ("INT", "BIGINT"): "s2a_is_whole",
    ("DOUBLE", "FLOAT", "DECIMAL"): "s2a_is_number",
    ("DATE", "TIMESTAMP"): "s2a_is_date",
}
"""What a value must look like to be cast: 2.5 is no integer, inf no number, 2014-1-5 no date."""


def _plain(node: exp.Anonymous) -> exp.Expr:
    name, arguments = str(node.this), [_sql(argument) for argument in node.expressions]
    if name == "pctl5":
        if len(arguments) != 2:
            raise SpecError("pctl5 takes a value and a share", where="", mend="pctl5(X, 0.25)")
        return _raw(f"s2a_pctl5(list_sort(list({arguments[0]}) filter ({arguments[0]} is not null)), {arguments[1]})")
    if name == "list_position":
        return node
    if len(arguments) != 2:
        raise SpecError(f"{name} takes two dates", where="", mend=f"{name}(ADT, TRTSDT)")
    return _raw(f"s2a_{name}({arguments[0]}, {arguments[1]})")


def imputation_flag(text: Text, resolve: Resolve, of_time: bool) -> str:
    """The SQL of the imputation flag of the date that `text` makes: D, M, Y; of a time H, M, S; null if collected.

    Raises:
        SpecError: `text` does not hold exactly one dt() or dtm(); or no dtm() for a flag of the time.
    """
    tree = sql.parse(text).copy()
    calls = [node for node in tree.find_all(exp.Anonymous) if str(node.this) in ("dt", "dtm")]
    if len(calls) != 1:
        raise SpecError(
            f"{text!r} holds {len(calls)} dt() or dtm()", where=text.where, mend="imputed needs exactly one"
        )
    if of_time and str(calls[0].this) == "dt":
        raise SpecError(
            f"{text!r} makes a date, which has no time to flag", where=text.where, mend="name what dtm() makes"
        )
    call = _from_the_leaves(
        calls[0].copy(), lambda node: _raw(resolve(node.table, node.name)) if isinstance(node, exp.Column) else node
    )
    assert isinstance(call, exp.Anonymous)
    return date_rule(call).flag(of_time)


def _recode(node: exp.Anonymous, maps: Mapping[str, Mapping[str, str]], probes: list[Probe]) -> exp.Expr:
    if len(node.expressions) != 2 or not isinstance(node.expressions[1], exp.Literal):
        mend = "recode(X, 'MAP'), the name of the map in quotes"
        raise SpecError("recode takes a value and the name of a map", where="", mend=mend)
    name = node.expressions[1].name
    if name not in maps:
        raise SpecError(f"recode: no map {name!r}", where="", mend=nearest(name, maps))
    value, pairs = _sql(node.expressions[0]), dict(maps[name])
    otherwise, missing = pairs.pop("_else", None), pairs.pop("_missing", None)
    numeric = all(_is_number(target) for target in (*pairs.values(), otherwise, missing) if target is not None)
    shown: Callable[[str | None], str] = (lambda text: "null" if text is None else text) if numeric else literal
    branches = " ".join(f"when {literal(key)} then {shown(target)}" for key, target in pairs.items())
    if otherwise is None:
        known = ", ".join(literal(key) for key in pairs)
        probes.append(Probe("recode-unmapped", f"s2a_key({value}) not in ({known})", value,
                            f"is not in the map {name}"))  # fmt: skip
    inner = f"case s2a_key({value}) {branches} else {shown(otherwise)} end"
    return _raw(f"case when {value} is null then {shown(missing)} else {inner} end")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return not (len(text) > 1 and text[0] == "0" and text[1] != ".")
