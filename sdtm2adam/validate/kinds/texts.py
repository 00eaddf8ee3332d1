"""Kinds of expectation about names, types, text and storage of a variable: one answer for each variable."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.compute.ascii import to_ascii
from sdtm2adam.validate.kinds.case import Case
from sdtm2adam.validate.records import Mask, is_text

MOST_BYTES = 200
MOST_CHARACTERS = 120
"""How much of a value an issue shows."""

_TYPES = {
    "text": is_text,
    "integer": pa.types.is_integer,
    "float": pa.types.is_floating,
    "date": pa.types.is_date,
    "datetime": pa.types.is_timestamp,
    "time": pa.types.is_time,
}


def _whole(case: Case, wrong: bool) -> Mask:
    """All records, or none: what is wrong with a variable is wrong with each record."""
    return np.full(max(len(case.own), 1), wrong)


def has_type(case: Case, variable: str) -> Mask:
    """The stored type is the declared one; a variable without any value has every type."""
    declared = dict(case.expectation.argument("types"))[variable]
    kind = case.own.arrow(variable).type
    return _whole(case, not (pa.types.is_null(kind) or _TYPES[declared](kind)))


def has_name(case: Case, variable: str) -> Mask:
    """A name of 1 to 8 capital letters, digits and underscores that starts with a letter."""
    return _whole(case, not re.fullmatch(r"[A-Z][A-Z0-9_]{0,7}", variable))


def has_label(case: Case, variable: str) -> Mask:
    """A label of 1 to 40 printable ASCII characters."""
    label = dict(case.expectation.argument("labels"))[variable]
    return _whole(case, not re.fullmatch(r"[ -~]{1,40}", label))


def _text(case: Case, variable: str) -> pa.Array:
    column = case.own.arrow(variable)
    if not is_text(column.type):
        return pa.nulls(len(column), pa.large_string())
    return column.cast(pa.large_string())


def _true(values: pa.Array) -> Mask:
    return np.asarray(pc.fill_null(values, False).to_numpy(zero_copy_only=False), dtype=bool)


def fits_in_bytes(case: Case, variable: str) -> Mask:
    """No text is longer than 200 bytes as the transport file writes it, in ASCII; that is where the build cuts it."""
    texts = _text(case, variable)
    size = pc.binary_length(texts)
    long = pc.greater(size, MOST_BYTES)
    plain = pc.equal(size, pc.utf8_length(texts))
    unclear = pc.unique(texts.filter(pc.and_not(pc.greater(size, MOST_BYTES // 5), plain)))
    too_long = [text for text in unclear.to_pylist() if len(to_ascii(text)) > MOST_BYTES]
    return _true(pc.if_else(plain, long, pc.is_in(texts, pa.array(too_long, texts.type))))


def is_ascii(case: Case, variable: str) -> Mask:
    """Text is printable ASCII (0x20 to 0x7E)."""
    return _true(pc.match_substring_regex(_text(case, variable), r"[^ -~]"))


def is_trimmed(case: Case, variable: str) -> Mask:
    """Text is not empty, does not begin with a blank and is not a lone full stop."""
    return _true(pc.match_substring_regex(_text(case, variable), r"^(\s.*|\.)?$"))


def is_finite(case: Case, variable: str) -> Mask:
    """A number is finite: neither infinite nor not-a-number, which is no missing value."""
    column = case.own.arrow(variable)
    if not pa.types.is_floating(column.type):
        return _whole(case, False)
    return _true(pc.invert(pc.is_finite(column)))


def has_any_value(case: Case, variable: str) -> Mask:
    """At least one record has a value; a dataset without records passes."""
    return _whole(case, len(case.own) > 0 and not bool(case.own.filled(variable).any()))


def in_order(case: Case, variable: str) -> Mask:  # noqa: ARG001 - every kind looks through one door
    """The columns are the declared variables, in their order."""
    return _whole(case, case.own.names != case.expectation.variables)


def sample(values: pd.Series) -> str:
    """One value as text, with characters that cannot be printed written as code points.

    >>> sample(pd.Series(["5 µg"]))
    '5 µg'
    """
    text = "" if values.isna().iloc[0] else str(values.iloc[0])
    text = text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}..."
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
