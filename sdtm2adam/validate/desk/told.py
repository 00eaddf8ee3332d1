"""Findings with the records they name: of the dataset, and the raw records behind them with their listings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.display.characters import visible
from sdtm2adam.model import Dataset, Finding
from sdtm2adam.validate.desk.keyed import pairs_of, without_raw
from sdtm2adam.validate.desk.origin import RAW, raw_records
from sdtm2adam.validate.desk.people import People
from sdtm2adam.validate.desk.raw_places import in_forms
from sdtm2adam.validate.desk.slices import Rows, records_slice, slice_of

_MOST_RECORDS = 20
"""Records of one finding that the page shows; how many there are is told."""

_COLUMNS = ("finding", "dataset", "row")


@dataclass(frozen=True, slots=True)
class Told:
    """Findings as they lie in the page.

    `records` has the records of each dataset that findings name; `forms` the raw forms, with all records of the
    subjects concerned. `own` and `raw` say for each finding which rows of which of them are meant, and how many in all.
    """

    findings: dict[str, Any]
    records: list[dict[str, Any]]
    forms: list[dict[str, Any]]
    own: list[list[list[int]]]
    raw: list[list[list[int]]]
    subjects: tuple[str, ...]


def tell(
    findings: Sequence[Finding],
    datasets: Mapping[str, Dataset],
    raw: Mapping[str, pa.Table],
    raw_keys: Mapping[str, pa.Table],
    people: People,
) -> Told:
    """Finds the records that findings name and the raw records behind them.

    Args:
        findings: in the order in which they are to be shown.
        datasets: SDTM and ADaM, by name.
        raw: raw forms by name (`AE`); a finding of a form is in the dataset `raw.AE`.
        raw_keys: the keys of the raw records as lineage numbers them (`in_forms`).
        people: the subjects of the study.
    """
    forms = {f"{RAW}{name}": _as_dataset(name, frame) for name, frame in raw.items()}
    everything = {**datasets, **forms}
    own = _own_pairs(findings, everything)
    roads = in_forms(raw_records(own[own["dataset"].isin(list(datasets))], datasets), raw_keys, forms)
    named = _named_pairs(findings, forms)
    behind = pd.concat([named, own[own["dataset"].isin(list(forms))], roads], ignore_index=True)
    behind = behind[behind["dataset"].isin(list(forms))].drop_duplicates(ignore_index=True)
    columns = {name: people.column_in(forms[name].frame) for name in sorted(set(behind["dataset"]))}
    subjects, sites = _who(findings, own, behind, everything, columns, people)
    in_datasets = own[own["dataset"].isin(list(datasets))]
    records = {name: _rows(some) for name, some in in_datasets.groupby("dataset", sort=True)}
    listed = {
        name: _listed(forms[name].frame, columns[name], _rows(some))
        for name, some in behind.groupby("dataset", sort=True)
    }
    return Told(
        slice_of(_table(findings, subjects, sites)),
        [records_slice(datasets[name], rows) for name, rows in records.items()],
        [_form(forms[name], columns[name], rows) for name, rows in listed.items()],
        _references(in_datasets, records, len(findings)),
        _references(behind, listed, len(findings)),
        subjects,
    )


def _as_dataset(name: str, frame: pa.Table) -> Dataset:
    """A raw form seen as a dataset, so that its records are found in the same way."""
    return Dataset(f"{RAW}{name}", "", "raw", "", "", (), (), frame, pa.table({}))


def _own_pairs(findings: Sequence[Finding], everything: Mapping[str, Dataset]) -> pd.DataFrame:
    keys: dict[str, dict[int, str]] = {}
    for number, finding in enumerate(findings):
        if finding.key and finding.dataset in everything:
            keys.setdefault(finding.dataset, {})[number] = without_raw(finding.key)[0]
    return _all_pairs(keys, everything)


def _named_pairs(findings: Sequence[Finding], forms: Mapping[str, Dataset]) -> pd.DataFrame:
    """The raw records that findings, or their keys, name themselves."""
    keys: dict[tuple[str, int], dict[int, str]] = {}
    for number, finding in enumerate(findings):
        in_key = without_raw(finding.key)[1]
        for at, text in enumerate(dict.fromkeys([*finding.raw, *([in_key] if in_key else [])])):
            form, _, key = text.removeprefix(RAW).partition(" ")
            if f"{RAW}{form}" in forms:
                keys.setdefault((f"{RAW}{form}", at), {})[number] = key
    found = [_all_pairs({form: some}, forms) for (form, _), some in keys.items()]
    return pd.concat([pd.DataFrame(columns=list(_COLUMNS)), *found], ignore_index=True)


def _all_pairs(keys: Mapping[str, Mapping[int, str]], everything: Mapping[str, Dataset]) -> pd.DataFrame:
    found = [pairs_of(everything[name], some).assign(dataset=name) for name, some in sorted(keys.items())]
    whole = pd.concat([pd.DataFrame(columns=list(_COLUMNS)), *found], ignore_index=True)
    return whole.astype({"finding": "int64", "row": "int64", "dataset": "object"})[list(_COLUMNS)]


def _rows(some: pd.DataFrame) -> Rows:
    return np.unique(some["row"].to_numpy(dtype="int64"))


def _who(
    findings: Sequence[Finding],
    own: pd.DataFrame,
    behind: pd.DataFrame,
    everything: Mapping[str, Dataset],
    columns: Mapping[str, str],
    people: People,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The subject and site of each finding: its own, else the one that all records it names have."""
    theirs: dict[int, set[str]] = {}
    for name, some in pd.concat([own, behind], ignore_index=True).groupby("dataset", sort=True):
        frame, column = everything[name].frame, columns.get(name, "USUBJID")
        if column in frame.column_names:
            texts = frame.column(column).take(pa.array(some["row"].astype("int64"))).to_pylist()
            for number, text in zip(some["finding"], texts, strict=True):
                theirs.setdefault(number, set()).add(people.named(text or ""))
    alone = {number: next(iter(names)) for number, names in theirs.items() if len(names) == 1}
    named = tuple(people.named(f.subject) or alone.get(number, "") for number, f in enumerate(findings))
    sites = tuple(f.site or people.site(subject) for f, subject in zip(findings, named, strict=True))
    return named, sites


def _listed(frame: pa.Table, column: str, marked: Rows) -> Rows:
    """The rows of a form that belong to the subjects of the marked ones, and the marked ones."""
    if not column:
        return marked
    texts = frame.column(column).cast(pa.large_string()).combine_chunks()
    wanted = texts.take(pa.array(marked)).drop_null()
    theirs = np.asarray(pc.is_in(texts, value_set=pc.unique(wanted), skip_nulls=True))
    return np.union1d(np.flatnonzero(theirs), marked)


def _form(form: Dataset, column: str, rows: Rows) -> dict[str, Any]:
    records = records_slice(form, rows)
    return {**records, "name": visible(form.name.removeprefix(RAW)), "subject": visible(column), "at": rows.tolist()}


def _references(pairs: pd.DataFrame, slices: Mapping[str, Rows], findings: int) -> list[list[list[int]]]:
    """For each finding `[slice, how many, row, row, ...]` of each slice it has records in."""
    told: list[list[list[int]]] = [[] for _ in range(findings)]
    order = {name: at for at, name in enumerate(slices)}
    for (number, name), some in pairs.groupby(["finding", "dataset"], sort=False):
        rows = np.searchsorted(slices[name], some["row"].to_numpy(dtype="int64"))
        told[number].append([order[name], len(rows), *rows[:_MOST_RECORDS].tolist()])
    return told


def _table(findings: Sequence[Finding], subjects: Sequence[str], sites: Sequence[str]) -> pa.Table:
    accepted = [finding.accepted for finding in findings]
    columns: dict[str, Sequence[str]] = {
        **{name: [getattr(f, name) for f in findings] for name in ("id", "rule", "dataset", "variable", "key")},
        **{name: [getattr(f, name) for f in findings] for name in ("value", "before", "text", "query", "source")},
        "severity": [finding.severity.value for finding in findings],
        "state": [finding.state.value for finding in findings],
        "subject": subjects,
        "site": sites,
        **{name: [getattr(one, name) if one else "" for one in accepted] for name in ("who", "when", "why")},
        "raw": ["; ".join(finding.raw) for finding in findings],
    }
    arrays = [pa.array([value or None for value in values], pa.large_string()) for values in columns.values()]
    return pa.table(arrays, names=list(columns))
