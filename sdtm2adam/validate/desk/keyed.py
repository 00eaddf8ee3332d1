"""Records found by their keys in words: `USUBJID=..., AESEQ=3`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from sdtm2adam.model import Dataset
from sdtm2adam.validate.desk.slices import words_of
from sdtm2adam.validate.records import is_text

_BETWEEN = re.compile(r", (?=[A-Za-z_]\w*=)")
_FROM_RAW = re.compile(r"(?:^|, )raw\.(?=\S+ \w+=)")
_WHOLE = r"(?<=\d)\.0+$"
_ROW = re.compile(r"row (\d+)")

PAIRS = ("finding", "row")
"""The columns of what is found: the number of the finding, the position of the record."""


def without_raw(key: str) -> tuple[str, str]:
    """A key without the raw record it names, and that raw record.

    >>> without_raw("USUBJID=01, AESEQ=, raw.AE RECORDID=7")
    ('USUBJID=01, AESEQ=', 'AE RECORDID=7')
    """
    own, *raw = _FROM_RAW.split(key, maxsplit=1)
    return own, "".join(raw)


def pairs_of(dataset: Dataset, keys: Mapping[int, str]) -> pd.DataFrame:
    """The records that keys name.

    Args:
        dataset: where they are looked for.
        keys: a key in words for each finding, or `row 5` (the first is 1).

    Returns:
        A row for each finding and record (`PAIRS`), in order. A key that names several records has several; one that
        names none, or speaks of variables that are not there, has no row.
    """
    named: dict[tuple[str, ...], dict[int, list[str]]] = {}
    by_row: list[tuple[int, int]] = []
    for finding, key in keys.items():
        parts = [part.partition("=") for part in _BETWEEN.split(key)]
        if row := _ROW.fullmatch(key):
            by_row.append((finding, int(row[1]) - 1))
        elif key and all(equals for _, equals, _ in parts):
            named.setdefault(tuple(name for name, _, _ in parts), {})[finding] = [value for _, _, value in parts]
    found = [_joined(dataset, names, values) for names, values in named.items()]
    rows = pd.DataFrame([pair for pair in by_row if pair[1] < dataset.frame.num_rows], columns=list(PAIRS))
    whole = pd.concat([rows, *found], ignore_index=True).astype("int64")
    return whole.sort_values(list(PAIRS), ignore_index=True)


def _joined(dataset: Dataset, names: Sequence[str], values: Mapping[int, Sequence[str]]) -> pd.DataFrame:
    columns = [f"key{at}" for at in range(len(names))]
    asked = pd.DataFrame(list(values.values()), columns=columns, dtype="str")
    asked["finding"] = list(values)
    words = words_of(dataset, names)
    if len(set(names)) != len(names) or words.num_columns != len(names):
        return pd.DataFrame(columns=list(PAIRS))
    records = pd.DataFrame({column: words.column(at).to_pandas() for at, column in enumerate(columns)}).astype("str")
    records = records.where(records.notna(), "")
    records["row"] = range(len(records))
    for at, name in enumerate(names):
        if not is_text(dataset.frame.schema.field(name).type):
            asked[f"key{at}"] = asked[f"key{at}"].str.replace(_WHOLE, "", regex=True)
    return asked.merge(records, on=columns, how="inner")[list(PAIRS)]
