"""The condition language of displays as text: what CDISC ARS can say, and nothing else.

    ADRS.PARAMCD = 'BORINV' AND NOT (ADRS.AVALC IN ('NE', 'MISSING') OR ADSL.AGE >= 55)

Comparators are =, <>, <, <=, >, >=, IN and NOT IN between a variable `DATASET.VARIABLE` and literals, joined by
AND, OR, NOT and brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sdtm2adam.errors import SpecError

ARS_COMPARATORS = {"=": "EQ", "<>": "NE", ">": "GT", ">=": "GE", "<": "LT", "<=": "LE", "IN": "IN", "NOT IN": "NOTIN"}
"""Each comparator and its word in the CDISC Analysis Results Standard."""

Literal = str | float
_HINT = (
    "write DATASET.VARIABLE, a comparator (= <> < <= > >= IN, NOT IN) and literals, joined by AND, OR, NOT and brackets"
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One variable compared with one literal, or with a list of them."""

    dataset: str
    variable: str
    comparator: str
    values: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Compound:
    """Conditions joined by AND or OR, or one negated by NOT."""

    operator: str
    parts: tuple[Condition, ...]


Condition = Comparison | Compound

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*\.[A-Za-z_]\w*)"
    r"|(?P<word>[A-Za-z]+)|(?P<sign><>|<=|>=|=|<|>|\(|\)|,))"
)


def parse(text: str, where: str = "where") -> Condition:
    """The condition that a text says.

    Args:
        text: the condition.
        where: file and line, for messages.

    Raises:
        SpecError: the text is no condition of this language.

    >>> parse("ADAE.ATOXGRN >= 3")
    Comparison(dataset='ADAE', variable='ATOXGRN', comparator='>=', values=(3.0,))
    """
    return _Parser(text, where).whole()


def both(*conditions: Condition | None) -> Condition | None:
    """The conditions joined by AND; those that are None do not restrict."""
    parts = tuple(condition for condition in conditions if condition is not None)
    return parts[0] if len(parts) == 1 else Compound("AND", parts) if parts else None


def comparisons(condition: Condition | None) -> Iterator[Comparison]:
    """All comparisons in a condition, from left to right."""
    if isinstance(condition, Comparison):
        yield condition
    elif condition is not None:
        for part in condition.parts:
            yield from comparisons(part)


def to_sql(condition: Condition) -> str:
    """The condition as text again, in its normal form.

    >>> to_sql(parse("not (A.X in ('a','b') or A.Y<1)"))
    "NOT (A.X IN ('a', 'b') OR A.Y < 1)"
    """
    if isinstance(condition, Comparison):
        values = ", ".join(_literal(value) for value in condition.values)
        values = f"({values})" if condition.comparator.endswith("IN") else values
        return f"{condition.dataset}.{condition.variable} {condition.comparator} {values}"
    parts = [to_sql(part) for part in condition.parts]
    parts = [
        f"({text})" if isinstance(part, Compound) and part.operator != "NOT" else text
        for part, text in zip(condition.parts, parts, strict=True)
    ]
    return f"NOT {parts[0]}" if condition.operator == "NOT" else f" {condition.operator} ".join(parts)


def _literal(value: Literal) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return f"{value:g}" if value != int(value) else str(int(value))


class _Parser:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, text: str, where: str) -> None:
        self.text, self.where = text, where
        self.tokens = self._scan(text)
        self.at = 0

    def _scan(self, text: str) -> list[tuple[str, str]]:
        tokens, position = [], 0
        text = text.strip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                raise self._error(f"cannot be read from {text[position:].strip()!r}")
            tokens.append((match.lastgroup, match.group(match.lastgroup)))
            position = match.end()
        return [*tokens, ("end", "")]

    def _error(self, what: str) -> SpecError:
        return SpecError(f"the condition {self.text!r} {what}", where=self.where, mend=_HINT)

    def _word(self, *words: str) -> str:
        kind, text = self.tokens[self.at]
        if kind in ("word", "sign") and text.upper() in words:
            self.at += 1
            return text.upper()
        return ""

    def whole(self) -> Condition:
        """The condition, up to the end of the text."""
        condition = self._joined("OR")
        if self.tokens[self.at][0] != "end":
            raise self._error(f"goes on with {self.tokens[self.at][1]!r} where it should end")
        return condition

    def _joined(self, operator: str) -> Condition:
        inner: Callable[[], Condition] = self._conjunction if operator == "OR" else self._negated
        parts = [inner()]
        while self._word(operator):
            parts.append(inner())
        return parts[0] if len(parts) == 1 else Compound(operator, tuple(parts))

    def _conjunction(self) -> Condition:
        return self._joined("AND")

    def _negated(self) -> Condition:
        if self._word("NOT"):
            return Compound("NOT", (self._negated(),))
        if self._word("("):
            condition = self._joined("OR")
            if not self._word(")"):
                raise self._error("lacks a closing bracket")
            return condition
        return self._comparison()

    def _comparison(self) -> Comparison:
        kind, name = self.tokens[self.at]
        if kind != "name":
            raise self._error(f"has {repr(name) if name else 'nothing'} where DATASET.VARIABLE should stand")
        self.at += 1
        dataset, variable = name.upper().split(".")
        comparator = self._word(*ARS_COMPARATORS, "NOT")
        if comparator == "NOT":
            comparator = f"NOT {self._word('IN')}".strip()
        if comparator not in ARS_COMPARATORS:
            raise self._error(f"has no comparator after {name}")
        values = self._values() if comparator.endswith("IN") else (self._value(),)
        return Comparison(dataset, variable, comparator, values)

    def _values(self) -> tuple[Literal, ...]:
        if not self._word("("):
            raise self._error("has IN without a list in brackets")
        values = [self._value()]
        while self._word(","):
            values.append(self._value())
        if not self._word(")"):
            raise self._error("has a list without a closing bracket")
        return tuple(values)

    def _value(self) -> Literal:
        kind, text = self.tokens[self.at]
        if kind not in ("text", "number"):
            raise self._error(f"has {repr(text) if text else 'nothing'} where a literal should stand")
        self.at += 1
        return text[1:-1].replace("''", "'") if kind == "text" else float(text)
