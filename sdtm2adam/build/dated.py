"""dt() and dtm() in expressions: the rule that a call states, its SQL, what watches it, the flag of what it imputed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlglot import exp

from sdtm2adam.build.probe import Probe
from sdtm2adam.build.quoting import literal
from sdtm2adam.errors import SpecError, nearest
from sdtm2adam.model import Severity

_NO_BOUND = "cast(null as date)"
_UNBOUND = {"first": "s2a_lo", "mid": "s2a_mid", "last": "s2a_hi"}
_BOUND = {"first": "s2a_first", "mid": "s2a_middle", "last": "s2a_last"}
_WORDS = ("impute", "upto", "min", "max", "time")


@dataclass(frozen=True)
class DateRule:
    """How a date (or date and time) is made from ISO text: the arguments of one dt() or dtm(), columns in SQL."""

    source: str
    impute: str
    upto: str
    minimum: str
    maximum: str
    time: str
    of_time: bool

    @property
    def sql(self) -> str:
        """The SQL of the value: the date of dt(), the moment of dtm()."""
        return self._moment() if self.of_time else self._day()

    @property
    def clash(self) -> str:
        """A condition: the value keeps only one of its bounds, though the text leaves open what keeps the other."""
        if self.of_time:
            low, high = self._moments()
            return f"s2a_moments_clash({self.source}, {self._moment()}, {low}, {high})"
        low, high = self._days()
        return f"s2a_days_clash({self.source}, {self._day()}, {low}, {high})"

    @property
    def is_bounded(self) -> bool:
        """Whether it has both bounds, which may contradict each other."""
        return _NO_BOUND not in (self.minimum, self.maximum)

    def flag(self, of_time: bool) -> str:
        """The SQL of the level to which it imputed the date (D, M, Y) or the time (S, M, H); null if nothing."""
        level = f"s2a_time_level({self.source})" if of_time else f"nullif(s2a_level({self.source}), '')"
        return f"case when {self.sql} is not null then {level} end"

    def _day(self) -> str:
        """The date that is collected; else, of what may be imputed, the day that the rule takes."""
        x, whole = self.source, f"s2a_date({self.source})"
        if not self.impute:
            return whole
        low, high = self._days()
        free = low == high == _NO_BOUND
        taken = f"{_UNBOUND[self.impute]}({x})" if free else f"{_BOUND[self.impute]}({x}, {low}, {high})"
        partial = f"case when length({x}) in ({'7' if self.upto == 'D' else '4, 7, 9'}) then {taken} end"
        near, far, end = (low, high, "least") if self.impute == "first" else (high, low, "greatest")
        nothing = f"case when {x} is null and {near} is not null then {end}({near}, {far}) end"
        return f"coalesce({', '.join([whole, partial, *([nothing] if self.upto == 'Y' else [])])})"

    def _days(self) -> tuple[str, str]:
        low, high = (_NO_BOUND if b == _NO_BOUND else f"s2a_day({b})" for b in (self.minimum, self.maximum))
        return low, high

    def _moment(self) -> str:
        x, day, pad = self.source, self._day(), "00:00:00" if self.time == "first" else "23:59:59"
        if self.minimum == self.maximum == _NO_BOUND:
            return f"s2a_at({x}, {day}, '{pad}')"
        low, high = self._moments()
        if self.time == "first":
            return f"s2a_first_time({x}, s2a_at({x}, {day}, '{pad}'), {low}, {high})"
        return f"s2a_last_time({x}, {day}, {low}, {high})"

    def _moments(self) -> tuple[str, str]:
        return f"s2a_moment({self.minimum})", f"s2a_day_end({self.maximum})"


def date_rule(node: exp.Anonymous) -> DateRule:
    """The rule that one dt() or dtm() call states; columns in it must be SQL already.

    Raises:
        SpecError: an argument it does not know.
    """
    positional = [argument for argument in node.expressions if not isinstance(argument, exp.PropertyEQ)]
    said = {a.this.name.lower(): a.expression for a in node.expressions if isinstance(a, exp.PropertyEQ)}
    name = str(node.this)
    for word in said:
        if word not in _WORDS or (word == "time" and name == "dt"):
            raise SpecError(f"{name}() has no argument {word!r}", where="", mend=nearest(word, _WORDS))
    if len(positional) != 1:
        raise SpecError(f"{name}() takes one ISO 8601 text", where="", mend=f"{name}(AESTDTC, impute := 'first')")
    impute = _choice(said, "impute", ("first", "mid", "last"), "")
    upto = _choice(said, "upto", ("D", "M", "Y"), "M")
    if impute == "mid" and upto == "Y":
        mend = "leave upto out, or impute 'first' or 'last' up to a bound"
        raise SpecError(f"{name}(): a date that is missing altogether has no middle", where="", mend=mend)
    return DateRule(
        source=_sql(positional[0]),
        impute=impute,
        upto=upto,
        minimum=_bound(said, "min"),
        maximum=_bound(said, "max"),
        time=_choice(said, "time", ("first", "last"), impute if impute == "last" else "first"),
        of_time=name == "dtm",
    )


def _sql(node: exp.Expr) -> str:
    return str(node.sql("duckdb"))


def _choice(said: Mapping[str, exp.Expr], word: str, allowed: tuple[str, ...], default: str) -> str:
    if word not in said:
        return default
    value = said[word].name if isinstance(said[word], exp.Literal) else ""
    if value not in allowed:
        raise SpecError(f"{word} := {_sql(said[word])}", where="", mend=f"one of {', '.join(map(literal, allowed))}")
    return str(value)


def _bound(said: Mapping[str, exp.Expr], word: str) -> str:
    """The SQL of a bound: an expression, or a literal date or date and time; none is null."""
    if word not in said:
        return _NO_BOUND
    node = said[word]
    if not (isinstance(node, exp.Literal) and node.is_string):
        return _sql(node)
    try:
        moment = datetime.fromisoformat(node.name)
    except ValueError as error:
        mend = f"{word} := date '2014-01-05', or the name of a date"
        raise SpecError(f"{word} := {_sql(node)} is no complete date", where="", mend=mend) from error
    return f"date {_sql(node)}" if len(node.name) == 10 else f"timestamp '{moment.isoformat(' ')}'"


def probes_of(rule: DateRule) -> list[Probe]:
    """What watches a rule: texts that are no date, times that are not clear, bounds that contradict each other."""
    source = rule.source
    found = [Probe("date-lost", f"{source} is not null and s2a_level({source}) is null "
                   f"and not s2a_has_no_year({source})", source, "is no date of the calendar in ISO 8601")]  # fmt: skip
    if rule.is_bounded and rule.impute:
        found.append(Probe("date-bounds", rule.clash, source,
                           "can be imputed within min or within max, not within both", Severity.WARNING))  # fmt: skip
    if rule.of_time:
        found.append(Probe("time-unclear", f"s2a_date({source}) is not null and not s2a_clock_fits({source})", source,
                           "has a time that is not hh, hh:mm or hh:mm:ss of a clock without time zone"))  # fmt: skip
    return found
