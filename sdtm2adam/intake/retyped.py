"""Columns whose values are no longer what the contract says: numbers that are none, dates written in another way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.compute.iso import DateForms, Unreadable
from sdtm2adam.intake.date_forms import forms_of
from sdtm2adam.spec.study import Column

SYSTEMATIC = 0.05
"""From this share of a column's values on, misfits are a change of its type, not slips of single records."""
_SHAPES = {
    "number": r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?$",
    "integer": r"^[+-]?[0-9]+(\.0*)?$",
    "time": r"^([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$",
}
_MOST_DATES = 200_000


@dataclass(frozen=True)
class Retyped:
    """A column whose values fit its contract less than before.

    `misfits` of `filled` values, with the first of them. `systematic`: the type has changed, not only some values.
    `forms`: the forms of dates before and after, where these changed; `misread`: some are read as another day.
    """

    column: str
    type: str
    misfits: int
    filled: int
    examples: tuple[str, ...]
    systematic: bool
    forms: tuple[str, str] = ("", "")
    misread: bool = False


def retyped(
    before: pa.Table, after: pa.Table, column: str, said: Column, decimal: str, dates: DateForms
) -> Retyped | None:
    """How a column of both tables fits its contract worse than before; None if it does not.

    Args:
        before: the previous transfer.
        after: this one.
        column: in both.
        said: of the column by the contract.
        decimal: the decimal sign of the file.
        dates: the forms of the study's dates.
    """
    if said.type == "text":
        return None
    old, new = _counts(before, column), _counts(after, column)
    if not old or not new:
        return None
    if said.type in ("date", "datetime") and max(len(old), len(new)) <= _MOST_DATES:
        changed = _form_changed(column, str(said.type), old, new, dates)
        if changed is not None:
            return changed
    fits = _reader(str(said.type), decimal, dates)
    bad_before, bad = _misfits(old, fits), _misfits(new, fits)
    if not bad or sum(bad.values()) / sum(new.values()) <= sum(bad_before.values()) / sum(old.values()):
        return None
    was, now = sum(bad_before.values()) / sum(old.values()), sum(bad.values()) / sum(new.values())
    first = tuple(sorted(bad, key=lambda text: (-bad[text], text))[:3])
    return Retyped(column, str(said.type), sum(bad.values()), sum(new.values()), first, now > SYSTEMATIC >= was)


def _counts(frame: pa.Table, column: str) -> dict[str, int]:
    """How often each value stands in a column."""
    counted = pc.value_counts(frame[column].combine_chunks())
    texts = {row["values"]: row["counts"] for row in counted.to_pylist() if row["values"] is not None}
    return {text: count for text, count in texts.items() if text.strip()}


def _reader(kind: str, decimal: str, dates: DateForms) -> Callable[[Sequence[str]], list[bool]]:
    """Tells of each text whether it is of a type."""
    if kind in _SHAPES:

        def by_shape(texts: Sequence[str]) -> list[bool]:
            trimmed = pc.utf8_trim_whitespace(pa.array(texts, pa.string()))
            plain = pc.replace_substring(trimmed, ",", ".") if decimal == "," else trimmed
            return [bool(fit) for fit in pc.match_substring_regex(plain, _SHAPES[kind]).to_pylist()]

        return by_shape
    return lambda texts: [_iso(dates, text) is not None for text in texts]


def _misfits(counts: dict[str, int], fits: Callable[[Sequence[str]], list[bool]]) -> dict[str, int]:
    texts = list(counts)
    return {text: counts[text] for text, fit in zip(texts, fits(texts), strict=True) if not fit}


def _iso(dates: DateForms, text: str) -> str | None:
    """The ISO text of a date, empty for an unknown one; None where it cannot be read."""
    try:
        return dates.iso(text) or ""
    except Unreadable:
        return None


def _form_changed(column: str, kind: str, old: dict[str, int], new: dict[str, int], dates: DateForms) -> Retyped | None:
    """Dates that were all of one form and are now all of another; None where that is not so."""
    was, now = forms_of(sorted(old)), forms_of(sorted(new))
    if not was or not now or set(was) & set(now):
        return None
    meant = [DateForms((form,), dates.missing, dates.century) for form in now]
    read = {text: _iso(dates, text) for text in new}
    unread = [text for text in new if read[text] is None]
    misread = [t for t in new if read[t] is not None and any(_iso(form, t) != read[t] for form in meant)]
    wrong = sorted({*unread, *misread})
    return Retyped(
        column,
        kind,
        sum(new[text] for text in wrong),
        sum(new.values()),
        tuple((wrong or sorted(new))[:3]),
        systematic=bool(wrong),
        forms=(" or ".join(was), " or ".join(now)),
        misread=bool(misread),
    )
