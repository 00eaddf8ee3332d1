"""The functions of row expressions that SQL does not have: dates, study days, recoding; and our aggregates.

The arithmetic lives in DuckDB macros, so that Python and SQL cannot disagree; what is known when the spec is read
(which side a date is imputed to, which map recodes) is decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sqlglot import exp

from sdtm2adam.build.quoting import literal
from sdtm2adam.errors import SpecError, nearest
from sdtm2adam.model import Severity
from sdtm2adam.spec import sql
from sdtm2adam.spec.yaml import Text

Resolve = Callable[[str, str], str]
"""(qualifier or '', name) -> SQL of the column."""


@dataclass(frozen=True)
class Probe:
    """Rows where a value was lost or not known: a condition that is true for them, and the value."""

    rule: str
    condition: str
    value: str
    text: str
    severity: Severity = Severity.ERROR

    def within(self, condition: str) -> Probe:
        """The same probe, of the rows that meet a condition only."""
        return replace(self, condition=f"({condition}) AND ({self.condition})")


@dataclass
class Compiled:
    """SQL of an expression, with the probes that watch it."""

    sql: str
    probes: list[Probe] = field(default_factory=list)


def compile_expression(
    text: Text, resolve: Resolve, maps: Mapping[str, Mapping[str, str]], *, aggregate: bool = False
) -> Compiled:
    """An expression as DuckDB SQL.

    Args:
        text: as written in the spec.
        resolve: the SQL of each column it names.
        maps: the maps `recode` may name.
        aggregate: whether it is the value of an `agg`.

    Raises:
        SpecError: a function is called in a way it does not know.
    """
    probes: list[Probe] = []
    tree = sql.parse(text, aggregate=aggregate).copy()

    def rewrite(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column):
            return _raw(resolve(node.table, node.name))
        return _function(node, maps, probes)

    can_be_empty = any(isinstance(node, _MAKES_EMPTY) for node in tree.walk())
    try:
        made = _sql(_from_the_leaves(tree, rewrite))
        return Compiled(f"s2a_text({made})" if can_be_empty else made, probes)
    except SpecError as error:
        raise SpecError(error.what, where=error.where or text.where, mend=error.mend) from error


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
        return _dated(node, probes) if name in ("dt", "dtm") else _plain(node)
    if isinstance(node, exp.Cast) and not isinstance(node.this, exp.Literal):
        inner, target = _sql(node.this), node.to.sql("duckdb")
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


@dataclass(frozen=True)
class DateRule:
    """How a date (or date and time) is made from ISO text: the arguments of one dt() or dtm()."""

    source: str
    impute: str
    upto: str
    minimum: str
    maximum: str
    time: str

    @property
    def levels(self) -> str:
        """The levels that may be imputed: D, then M, then Y."""
        return "DMY"[: "DMY".index(self.upto) + 1] if self.impute else ""

    def date(self) -> str:
        """The SQL of the date, bounds kept."""
        return self._date(self.minimum, self.maximum) if self.impute else f"s2a_date({self.source})"

    def _date(self, minimum: str, maximum: str) -> str:
        if not self.impute:
            return f"s2a_date({self.source})"
        return f"s2a_dt_{self.impute}({self.source}, '{self.levels}', {minimum}, {maximum})"

    def datetime(self) -> str:
        """The SQL of the date and time, bounds kept."""
        bounds = [f"cast({self.minimum} as timestamp)", f"s2a_day_end({self.maximum})"]
        free = self._date(f"cast({self.minimum} as date)", f"cast({self.maximum} as date)")
        return f"s2a_dtm({self.source}, {free}, '{self.time}', {bounds[0]}, {bounds[1]})"


_WORDS = ("impute", "upto", "min", "max", "time")


def date_rule(node: exp.Anonymous) -> DateRule:
    """The rule that one dt() or dtm() call states; columns in it must be SQL already."""
    positional = [argument for argument in node.expressions if not isinstance(argument, exp.PropertyEQ)]
    said = {a.this.name.lower(): a.expression for a in node.expressions if isinstance(a, exp.PropertyEQ)}
    name = str(node.this)
    for word in said:
        if word not in _WORDS or (word == "time" and name == "dt"):
            raise SpecError(f"{name}() has no argument {word!r}", where="", mend=nearest(word, _WORDS))
    if len(positional) != 1:
        raise SpecError(f"{name}() takes one ISO 8601 text", where="", mend=f"{name}(AESTDTC, impute := 'first')")
    impute = _choice(said, "impute", ("first", "last"), "")
    return DateRule(
        source=_sql(positional[0]),
        impute=impute,
        upto=_choice(said, "upto", ("D", "M", "Y"), "M"),
        minimum=_sql(said["min"]) if "min" in said else "cast(null as date)",
        maximum=_sql(said["max"]) if "max" in said else "cast(null as date)",
        time=_choice(said, "time", ("first", "last"), impute or "first"),
    )


def _choice(said: Mapping[str, exp.Expr], word: str, allowed: tuple[str, ...], default: str) -> str:
    if word not in said:
        return default
    value = said[word].name if isinstance(said[word], exp.Literal) else ""
    if value not in allowed:
        raise SpecError(f"{word} := {_sql(said[word])}", where="", mend=f"one of {', '.join(map(literal, allowed))}")
    return str(value)


def _dated(node: exp.Anonymous, probes: list[Probe]) -> exp.Expr:
    rule = date_rule(node)
    source = rule.source
    probes.append(Probe("date-lost", f"length({source}) >= 10 and s2a_date({source}) is null", source,
                        "is no date of the calendar in ISO 8601"))  # fmt: skip
    if str(node.this) == "dt":
        return _raw(rule.date())
    clock = "[T ][0-9]{2}(:[0-9]{2}(:[0-9]{2}([.][0-9]*)?)?)?"
    probes.append(Probe("time-unclear", f"s2a_date({source}) is not null and length({source}) > 10 "
                        f"and (not regexp_full_match(substr({source}, 11), '{clock}') "
                        f"or s2a_lo_time({source}, s2a_date({source})) is null)", source,
                        "has a time that is not hh, hh:mm or hh:mm:ss of a clock without time zone"))  # fmt: skip
    return _raw(rule.datetime())


def imputation_flag(text: Text, resolve: Resolve, of_time: bool) -> str:
    """The SQL of the imputation flag of the date that `text` makes: D, M, Y; of a time H, M, S; null if collected.

    Raises:
        SpecError: `text` does not hold exactly one dt() or dtm().
    """
    tree = sql.parse(text).copy()
    calls = [node for node in tree.find_all(exp.Anonymous) if str(node.this) in ("dt", "dtm")]
    if len(calls) != 1:
        raise SpecError(
            f"{text!r} holds {len(calls)} dt() or dtm()", where=text.where, mend="imputed needs exactly one"
        )
    call = _from_the_leaves(
        calls[0].copy(), lambda node: _raw(resolve(node.table, node.name)) if isinstance(node, exp.Column) else node
    )
    assert isinstance(call, exp.Anonymous)
    rule = date_rule(call)
    source = rule.source
    if of_time:
        return f"case when {rule.datetime()} is not null then s2a_time_level({source}) end"
    return f"case when {rule.date()} is not null then nullif(s2a_level({source}), '') end"


def _recode(node: exp.Anonymous, maps: Mapping[str, Mapping[str, str]], probes: list[Probe]) -> exp.Expr:
    if len(node.expressions) != 2 or not isinstance(node.expressions[1], exp.Literal):
        raise SpecError("recode takes a value and the name of a map", where="", mend="recode(X, 'MAP')")
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
