"""The words of suites written by hand: each makes the kind and the arguments of one expectation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sdtm2adam.errors import SpecError, nearest
from sdtm2adam.model import Severity
from sdtm2adam.spec.yaml import Map, Seq, Text, where_of

NAME = r"[A-Z][A-Z0-9_]{0,7}"
_NUMBER = r"-?\d+(?:\.\d+)?"


def text_of(entry: Map, key: str, pattern: str = r".+") -> Text:
    """The text under a key, of a form; SpecError if it is not there or has another form."""
    value = entry.get(key)
    if not isinstance(value, Text) or not re.fullmatch(pattern, value):
        raise SpecError(
            f"{key} is {'missing' if value is None else 'not a text of the right form'}",
            where=where_of(entry, (key,)),
            mend=f"write `{key}:` with a text" + ("" if pattern == r".+" else f" like {pattern}"),
        )
    return value


def names_of(entry: Map, key: str) -> tuple[str, ...]:
    """One name, or a list of names."""
    value = entry.get(key)
    names = list(value) if isinstance(value, Seq) else [value]
    if not names or not all(isinstance(name, Text) and re.fullmatch(NAME, name) for name in names):
        raise SpecError(f"{key} does not name variables", where=where_of(entry, (key,)), mend="write their names")
    return tuple(str(name) for name in names)


def severity_of(entry: Map) -> Severity:
    """The severity an entry says; a warning if it says none."""
    said = entry.get("severity", Text(Severity.WARNING.value))
    if said not in list(Severity):
        raise SpecError(
            f"unknown severity {said}", where=where_of(entry, ("severity",)), mend=nearest(str(said), list(Severity))
        )
    return Severity(str(said))


def where_of_records(entry: Map, key: str = "where") -> tuple[tuple[str, tuple[str, ...]], ...]:
    """`{VARIABLE: value, VARIABLE: [value, value]}`."""
    tree = entry.get(key)
    if tree is None:
        return ()
    if not isinstance(tree, Map) or not all(re.fullmatch(NAME, name) for name in tree):
        raise SpecError(
            f"{key} is not a mapping of variables", where=where_of(entry, (key,)), mend="write {AEOUT: FATAL}"
        )
    return tuple((name, _values(tree, name)) for name in tree)


def _values(entry: Map, key: str) -> tuple[str, ...]:
    value = entry[key]
    values = list(value) if isinstance(value, Seq) else [value]
    if not values or not all(isinstance(one, Text) for one in values):
        raise SpecError(f"{key} has no values", where=where_of(entry, (key,)), mend="write a value or a list of values")
    return tuple(str(one) for one in values)


def _limits(text: Any, where: str) -> tuple[float | None, float | None]:
    """`30..250`, `0..` or `..5`: ends included, in the unit of the variable."""
    found = re.fullmatch(rf"({_NUMBER})?\.\.({_NUMBER})?", text) if isinstance(text, Text) else None
    if found is None or found.group(0) == "..":
        raise SpecError(f"{text} is not a range", where=where, mend="write 30..250, 0.. or ..5")
    low, high = (None if part is None else float(part) for part in found.groups())
    if low is not None and high is not None and low > high:
        raise SpecError(f"the range {text} is empty", where=where, mend="write the smaller number first")
    return low, high


def _range(entry: Map) -> tuple[str, dict[str, Any]]:
    low, high = _limits(entry["range"], where_of(entry, ("range",)))
    return "range", {"low": low, "high": high}


def _ranges(entry: Map) -> tuple[str, dict[str, Any]]:
    by = names_of(entry, "by")
    return "plausible", {"table": tuple(_rows(entry["ranges"], len(by), where_of(entry, ("ranges",)))), "more": by}


def _rows(tree: Any, depth: int, where: str) -> Iterator[tuple[Any, ...]]:
    """A nested mapping, one level for each variable of `by`, as rows that end in low and high."""
    if depth == 0:
        yield _limits(tree, where)
        return
    if not isinstance(tree, Map) or not tree:
        raise SpecError("ranges has not one level for each variable of `by`", where=where, mend="nest it so")
    for key, below in tree.items():
        yield from ((key, *row) for row in _rows(below, depth - 1, tree.key_where[key]))


def _among(entry: Map) -> tuple[str, dict[str, Any]]:
    return "values", {"terms": _values(entry, "values")}


def _filled(entry: Map) -> tuple[str, dict[str, Any]]:
    if entry["filled"] not in ("yes", "no"):
        raise SpecError("filled is yes or no", where=where_of(entry, ("filled",)), mend="write yes or no")
    return ("filled" if entry["filled"] == "yes" else "empty"), {}


def _not_after(entry: Map) -> tuple[str, dict[str, Any]]:
    return "start-end", {"more": (str(text_of(entry, "not_after", NAME)),)}


def _same_as(entry: Map) -> tuple[str, dict[str, Any]]:
    return "same-value", {"other": str(text_of(entry, "same_as", NAME)), "by": "USUBJID"}


def _found_in(entry: Map) -> tuple[str, dict[str, Any]]:
    tree = entry["found_in"]
    if not isinstance(tree, Map) or not set(tree) <= {"dataset", "variable", "where"}:
        raise SpecError(
            "found_in says dataset, and maybe variable and where",
            where=where_of(entry, ("found_in",)),
            mend="write found_in: {dataset: DM, where: {DTHFL: Y}}",
        )
    names = names_of(tree, "variable") if "variable" in tree else names_of(entry, "variable")
    if len(names) != len(names_of(entry, "variable")):
        raise SpecError("names more or fewer variables there than here", where=tree.where, mend="name as many")
    return "found-in", {"other": str(text_of(tree, "dataset", NAME)), "names": names, "there": where_of_records(tree)}


FORMS: Mapping[str, Callable[[Map], tuple[str, dict[str, Any]]]] = {
    "range": _range,
    "ranges": _ranges,
    "values": _among,
    "filled": _filled,
    "not_after": _not_after,
    "same_as": _same_as,
    "found_in": _found_in,
}
"""What can be expected, one word each."""
