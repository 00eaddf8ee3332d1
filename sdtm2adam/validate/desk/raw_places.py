"""From the number that lineage gives a raw record to the record in its form.

Lineage numbers the records of a form that count, in the order of its key; the form has all of them, in the order of the
file. What joins the two is the key, so a form without one, or whose keys are not at hand, gives no record.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from sdtm2adam.model import Dataset
from sdtm2adam.validate.desk.slices import words_of
from sdtm2adam.validate.records import is_text


def in_forms(roads: pd.DataFrame, raw_keys: Mapping[str, pa.Table], forms: Mapping[str, Dataset]) -> pd.DataFrame:
    """The raw records that lineage means, with their positions in the forms.

    Args:
        roads: `finding`, `dataset` (`raw.AE`), `row` as lineage counts it.
        raw_keys: the keys of the records that lineage numbers, by `raw.AE`: `row` and the columns of the key.
        forms: the raw forms, by `raw.AE`.

    Returns:
        The same with `row` as the form has it. A key that stands more than once in the form gives all its records.
    """
    found = [
        _placed(some, raw_keys[name], forms[name])
        for name, some in roads.groupby("dataset", sort=True)
        if name in raw_keys and name in forms
    ]
    return pd.concat([pd.DataFrame(columns=["finding", "dataset", "row"]), *found], ignore_index=True)


def _placed(some: pd.DataFrame, keys: pa.Table, form: Dataset) -> pd.DataFrame:
    names = [name for name in keys.column_names if name != "row"]
    words = words_of(form, names)
    if not names or words.num_columns != len(names):
        return some.iloc[:0]
    wanted = keys.take(pa.array(some["row"].drop_duplicates().astype("int64")))
    left = pd.DataFrame({"row": wanted.column("row").to_pandas()})
    right = pd.DataFrame({"place": range(words.num_rows)})
    for name in names:
        left[name], right[name] = _comparable(wanted.column(name), words.column(name))
    pairs = left.merge(right, on=names, how="inner")[["row", "place"]]
    joined = some.merge(pairs, on="row", how="inner")
    return joined.assign(row=joined["place"])[["finding", "dataset", "row"]]


def _comparable(key: pa.ChunkedArray, raw: pa.ChunkedArray) -> tuple[pd.Series, pd.Series]:
    """A column of the key and the same of the form: numbers as numbers, all else as text without blanks around it."""
    text = raw.to_pandas().astype("str").str.strip()
    if is_text(key.type):
        return _text(key.to_pandas().astype("str").str.strip()), _text(text)
    if pa.types.is_integer(key.type) or pa.types.is_floating(key.type):
        return key.to_pandas().astype("float64"), pd.to_numeric(text, errors="coerce").astype("float64")
    return _text(key.cast(pa.large_string()).to_pandas().astype("str")), _text(text)


def _text(texts: pd.Series) -> pd.Series:
    return texts.where(texts.notna(), "")
