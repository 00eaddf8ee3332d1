"""From records to the raw records they came from, along the lineage of the datasets."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from sdtm2adam.model import Dataset

RAW = "raw."
"""What the name of a raw form begins with, where it stands beside datasets."""

_STEPS = 8  # ADaM of ADaM of SDTM of SDTM of raw has five
_ROADS = ("finding", "dataset", "row")


def raw_records(pairs: pd.DataFrame, datasets: Mapping[str, Dataset]) -> pd.DataFrame:
    """The raw records behind records of datasets.

    A record is followed to the record it was made of, and so on until a raw form is reached. Where a dataset has one
    record a subject (DM, ADSL), the records that its variables were picked from are followed too, since it is made of
    many forms.

    Args:
        pairs: `finding`, `dataset`, `row`.
        datasets: with their lineage; one without has no raw records.

    Returns:
        `finding`, `dataset` (the form, `raw.AE`), `row`: once each, those of the record itself first.
    """
    here = pairs[list(_ROADS)]
    picked = [_picked(name, some, datasets[name]) for name, some in here.groupby("dataset", sort=True)]
    roads = [_followed(here, datasets), *(_followed(some, datasets) for some in picked)]
    return pd.concat(roads, ignore_index=True).drop_duplicates(ignore_index=True)


def _followed(here: pd.DataFrame, datasets: Mapping[str, Dataset]) -> pd.DataFrame:
    found = [pd.DataFrame(columns=list(_ROADS))]
    for _ in range(_STEPS):
        is_raw = here["dataset"].str.startswith(RAW)
        found.append(here[is_raw])
        here = here[~is_raw & here["dataset"].isin(list(datasets))].drop_duplicates()
        if here.empty:
            break
        steps = [_step(some, datasets[name]) for name, some in here.groupby("dataset", sort=True)]
        here = pd.concat(steps, ignore_index=True)
    return pd.concat(found, ignore_index=True)


def _step(some: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    return _linked(some, dataset.lineage, "source", "source_row")


def _picked(name: str, some: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """What a dataset of one record a subject was picked from; of others nothing."""
    lineage = dataset.lineage
    subjects = dataset.frame.column("USUBJID") if "USUBJID" in dataset.frame.column_names else None
    if subjects is None or len(subjects.unique()) != len(subjects):
        return pd.DataFrame(columns=list(_ROADS))
    picks = [column.removesuffix(".source") for column in lineage.column_names if column.endswith(".source")]
    found = [_linked(some, lineage, f"{pick}.source", f"{pick}.row") for pick in picks]
    whole = pd.concat([pd.DataFrame(columns=list(_ROADS)), *found], ignore_index=True)
    return whole[whole["dataset"] != name]


def _linked(some: pd.DataFrame, lineage: pa.Table, source: str, row: str) -> pd.DataFrame:
    if not {source, row} <= set(lineage.column_names) or lineage.num_rows == 0:
        return pd.DataFrame(columns=list(_ROADS))
    rows = some[some["row"] < lineage.num_rows]
    taken = lineage.select([source, row]).take(pa.array(rows["row"].astype("int64")))
    linked = pd.DataFrame(
        {
            "finding": rows["finding"].to_numpy(),
            "dataset": taken.column(source).cast(pa.large_string()).to_pandas(),
            "row": taken.column(row).to_pandas(),
        }
    )
    linked = linked[linked["dataset"].notna() & linked["row"].notna()]
    return linked.astype({"row": "int64"})
