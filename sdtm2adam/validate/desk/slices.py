"""Rows of a table as they lie in the page: every text once, rows as numbers of their texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.display.characters import visible
from sdtm2adam.model import Dataset
from sdtm2adam.validate.records import CannotAsk, Records, is_text

Rows = npt.NDArray[np.int64]
"""Positions of rows in a table."""

_WORTH_A_POOL = 0.7
"""Above this share of distinct texts a column is written as it is."""


def slice_of(frame: pa.Table, labels: Mapping[str, str] = {}) -> dict[str, Any]:
    """A table of texts for the page.

    Returns:
        `size`, and `columns`: each its name, label, texts and codes. A code is the number of a text from 1, 0 where
        there is no value; one code for all rows where they share it, none where the texts are those of the rows.
        Characters that cannot be seen, or turn the reading direction, are shown as their code.
    """
    columns = [
        [visible(name), visible(labels.get(name, "")), *_coded(frame.column(at))]
        for at, name in enumerate(frame.column_names)
    ]
    return {"size": frame.num_rows, "columns": columns}


def records_slice(dataset: Dataset, rows: Rows) -> dict[str, Any]:
    """Some records of a dataset with all their variables, numbers and dates as text."""
    taken = replace(dataset, frame=dataset.frame.take(pa.array(rows)))
    labels = {variable.name: variable.label for variable in dataset.variables}
    return {"name": dataset.name, "label": visible(dataset.label), **slice_of(in_words(taken), labels)}


def in_words(dataset: Dataset) -> pa.Table:
    """The records of a dataset with every value as text: `1`, not `1.0`, dates as ISO 8601."""
    frame, records = dataset.frame, Records(dataset)
    texts = [_texts(frame.column(at), records, name) for at, name in enumerate(frame.column_names)]
    return pa.table(texts, names=frame.column_names)


def words_of(dataset: Dataset, names: Sequence[str]) -> pa.Table:
    """The same of some variables; of those that are not there it has no column."""
    here = [name for name in dict.fromkeys(names) if dataset.frame.column_names.count(name) == 1]
    return in_words(replace(dataset, frame=dataset.frame.select(here)))


def as_arrow(texts: pd.Series) -> pa.Array:
    """Texts of pandas in Arrow."""
    return pa.Array.from_pandas(texts.astype("str"), type=pa.large_string())


def _texts(column: pa.ChunkedArray, records: Records, name: str) -> pa.ChunkedArray | pa.Array:
    if is_text(column.type):
        return column.cast(pa.large_string())
    try:
        return as_arrow(records.as_text(name))
    except CannotAsk:  # a name that stands twice, or a type no dataset should have: shown all the same
        values = column.to_pylist()
        return pa.array([None if value is None else str(value) for value in values], pa.large_string())


def _coded(column: pa.ChunkedArray) -> tuple[list[str | None], list[int] | int | None]:
    whole = column.cast(pa.large_string()).combine_chunks()
    whole = pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
    coded = whole.dictionary_encode()
    pool = [visible(text) for text in coded.dictionary.to_pylist()]
    if len(pool) > 1 and len(pool) > _WORTH_A_POOL * len(whole):
        return [None if text is None else visible(text) for text in whole.to_pylist()], None
    codes = pc.fill_null(pc.add(coded.indices.cast(pa.int64()), 1), 0).to_pylist()
    if len(set(codes)) <= 1:
        return list(pool), codes[0] if codes else 0
    return list(pool), codes
