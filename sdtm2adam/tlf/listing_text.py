"""The texts of a listing's cells.

A field is `{VARIABLE}`, `{ADSL.VARIABLE}` or `{PARAMCD.VARIABLE}`, `{A?B}` for the first that is known, `{A<>B:*}` for
a mark where both are known and differ. Its pattern is empty, `date`, `day`, a number like `xx.x`, or a decode of
report.yaml. Dates that were collected in part are printed in part and have no day; codes without decode are printed as
collected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sdtm2adam.compute.rounding import format_fixed
from sdtm2adam.errors import SpecError
from sdtm2adam.spec.listing_check import LISTED
from sdtm2adam.spec.patterns import Field, decimals_of, split_fields
from sdtm2adam.tlf.listing_dates import collected_date, whole_date
from sdtm2adam.tlf.listing_records import Listed, Texts
from sdtm2adam.tlf.population import as_texts
from sdtm2adam.tlf.typed_columns import dates_of

_ELSE, _MISSING = "else", "missing"


def cell_texts(listed: Listed, template: str, where: str) -> Texts:
    """The cells of one column; a line of a cell in which nothing is known stays empty."""
    lines = [_line_texts(listed, line, where) for line in template.split("|")]
    texts = lines[0]
    for line in lines[1:]:
        texts = texts + "\n" + line
    return _each_once(texts, lambda text: text.rstrip("\n"))


def _each_once(texts: Texts, change: Callable[[str], str]) -> Texts:
    """Texts changed, each distinct one once."""
    places, known = pd.factorize(texts)
    return np.asarray(np.array([*map(change, known), ""], dtype=object)[places])


def _line_texts(listed: Listed, template: str, where: str) -> Texts:
    texts, known = np.full(len(listed.records), "", dtype=object), np.zeros(len(listed.records), dtype=bool)
    for part in split_fields(template, where):
        values = part if isinstance(part, str) else _field_texts(listed, part, where)
        known |= False if isinstance(part, str) else values != ""
        texts = texts + values
    before = " " * (len(template) - len(template.lstrip(" ")))  # a line of a template may be indented
    tidy = _each_once(texts, lambda text: before + " ".join(text.split()))
    return np.where(known, tidy, "").astype(object)


def _field_texts(listed: Listed, part: Field, where: str) -> Texts:
    match = LISTED.fullmatch(part.name)
    if match is None:
        raise SpecError(f"{part.name!r} is no field", where=where, mend="write {VARIABLE}, {A?B}, or {A<>B:*}")
    values = listed.column(match["first"], where)
    if match["sign"] == "<>":
        first, second = as_texts(values), as_texts(listed.column(match["second"], where))
        differ = (first != second) & ~pd.isna(first) & ~pd.isna(second)
        return np.where(differ, part.pattern, "").astype(object)
    if match["sign"] == "?":
        other = listed.column(match["second"], where).astype(object)
        values = values.astype(object).where(values.notna(), other).infer_objects()
    return _printed(listed, values, part, where)


def _printed(listed: Listed, values: Any, part: Field, where: str) -> Texts:
    """Values as the pattern prints them; each distinct value is written once."""
    decode = listed.context.report.decodes.get(part.pattern)
    if part.pattern == "day":
        values = _study_days(listed, values)
    known = pd.Series(pd.unique(values.dropna()))
    missing = str(decode.get(_MISSING, "")) if decode is not None else ""
    table = np.array([*_words(known, part.pattern, decode, where), missing], dtype=object)
    return np.asarray(table[pd.Index(known).get_indexer(values)], dtype=object)


def _words(known: Any, pattern: str, decode: Mapping[str, str] | None, where: str) -> list[str]:
    if pattern == "date":
        return [collected_date(value) for value in known]
    if pattern == "day":
        return [str(int(value)) for value in known]
    if pattern == "":
        return list(as_texts(known))
    if decode is not None:
        return [str(decode.get(value, decode.get(_ELSE, value))) for value in as_texts(known)]
    if pd.api.types.is_numeric_dtype(known) or not len(known):
        return [format_fixed(float(value), decimals_of(pattern)) for value in known]
    raise SpecError(f"{pattern!r} prints a number, but the values are texts", where=where, mend="leave the pattern out")


def _study_days(listed: Listed, values: Any) -> Any:
    """Days from the reference date, which is day 1; there is no day 0, and no day of a date in part."""
    dataset, variable = (listed.text.day_one or listed.context.report.params.day_one).split(".")
    start = dates_of(listed.records.column(dataset, variable), f"{dataset}.{variable}", listed.text.id.where)
    known = pd.Series(pd.unique(values.dropna()), dtype=object)
    dates = pd.to_datetime(pd.Series([*map(whole_date, known), pd.NaT])).to_numpy()
    days = (pd.Series(dates[pd.Index(known).get_indexer(values.astype(object))]) - start).dt.days
    return days + (days >= 0)
