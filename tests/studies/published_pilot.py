"""The SDTM that the pharmaverse publishes of the CDISC pilot, and how datasets of its raw forms are held against it."""

import csv
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
from matched_records import RECORD, Comparison, compare

from sdtm2adam.pipeline.run import RunResult

STUDY = Path(__file__).resolve().parent / "pharmaverse_raw"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
RAW, PUBLISHED = SHARED / "pharmaverseraw" / "parquet", SHARED / "pharmaversesdtm" / "parquet"

EVENT = ["USUBJID", "AETERM", "AELLT", "AEDTC", "AEENDTC", "AESEV", "AEREL", "AEOUT"]
KEYS = {
    "AE": EVENT,
    "DM": ["USUBJID"],
    "DS": ["USUBJID", "DSDECOD"],
    "EX": ["USUBJID", "EXSTDTC"],
    "VS": ["USUBJID", "VSTESTCD", "VISITNUM", "VSTPTNUM", "VSDTC"],
    "SUPPAE": [*EVENT, "QNAM"],
    "SUPPDM": ["USUBJID", "QNAM"],
}
TIES = {"AE": ["AESTDTC", "AESEQ"], "SUPPAE": ["AESTDTC", "IDVARVAL"]}
CELLS = {"AE": 41685, "DM": 7956, "DS": 11050, "EX": 10047, "VS": 711432, "SUPPAE": 11910, "SUPPDM": 11970}
EXTRA = "(extra record)"


def compare_all(made: RunResult) -> dict[str, Comparison]:
    """Each dataset against the published one."""
    own = {name: dataset.frame.to_pandas() for name, dataset in made.datasets.items()}
    given = {name: published(name) for name in KEYS}
    return {
        name: compare(_keyed(own, name), _keyed(given, name), key, TIES.get(name, []), list(given[name].columns))
        for name, key in KEYS.items()
    }


def published(name: str) -> pd.DataFrame:
    """A published dataset."""
    return pq.read_table(PUBLISHED / f"{name.lower()}.parquet").to_pandas()


def _keyed(datasets: dict[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """A dataset with its natural key: that of a qualifier is the key of the record it belongs to."""
    if name != "SUPPAE":
        return datasets[name]
    events = datasets["AE"].assign(IDVARVAL=datasets["AE"]["AESEQ"].astype(int).astype(str))
    parents = events[["IDVARVAL", "AESTDTC", *EVENT]]
    return datasets[name].merge(parents, on=["USUBJID", "IDVARVAL"], how="left", validate="many_to_one")


def listed() -> dict[tuple[str, str], dict[str, str]]:
    """The differences that are known, by dataset and variable."""
    with (STUDY / "differences.csv").open(encoding="utf-8", newline="") as file:
        return {(row["dataset"], row["variable"]): row for row in csv.DictReader(file)}


def found(compared: dict[str, Comparison]) -> dict[tuple[str, str], tuple[int, int]]:
    """(dataset, variable) -> records, cells that differ."""
    counts = {
        (name, variable): (cells // (len(published(name).columns) if variable == RECORD else 1), cells)
        for name, one in compared.items()
        for variable, cells in one.unequal.items()
    }
    return counts | {(name, EXTRA): (one.extra, 0) for name, one in compared.items() if one.extra}
