"""The suites of raw forms: what their contracts say of them, put to the records that count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from sdtm2adam.build.raw_columns import columns_of, subject_column
from sdtm2adam.intake.by_contract import read_by_contract
from sdtm2adam.model import Dataset, Issue, Severity, Variable
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.study import Contract
from sdtm2adam.validate.expectation import Expectation, Suite, expectation_of
from sdtm2adam.validate.privacy import privacy_of
from sdtm2adam.validate.records import Records, canonical_text
from sdtm2adam.validate.run import Report, report_of

_NUMBERS = ("number", "integer")
_DATES = ("date", "datetime", "time")


def check_raw(
    specs: Specs, files: Mapping[str, Path], kept: Mapping[str, Any] = {}, told: Iterable[Issue] = ()
) -> Report:
    """Puts what the contracts say to the records of each raw form.

    The files are read again, apart from the build: what the build told already (the same form, rule and column) is not
    told twice, and what only this reading finds is.

    Args:
        specs: of the study.
        files: of the raw folder, by form.
        kept: for each form (`raw.AE`) the keys of the records that the build counts (`Built.raw_keys`): those that a
            contract leaves out (deleted, after the cut-off) are not judged. All records of a form without.
        told: the issues of the build.

    Raises:
        InputError: a file cannot be read.
    """
    tables = {form: raw_table(specs, form, path, kept.get(f"raw.{form}")) for form, path in sorted(files.items())}
    datasets = {
        f"raw.{form}": _dataset(form, specs.contracts[form], table)
        for form, table in tables.items()
        if table is not None
    }
    records = {name: Records(dataset) for name, dataset in datasets.items()}
    suites = {name: tuple(raw_suite(specs, name.removeprefix("raw."))) for name in datasets}
    report = report_of(suites, records)
    known = {(issue.dataset, issue.rule, issue.variable) for issue in told}
    new = [issue for issue in report.issues if (issue.dataset, issue.rule, issue.variable) not in known]
    return replace(report, issues=tuple(new))


def raw_table(specs: Specs, form: str, path: Path, kept: Any = None) -> pa.Table | None:
    """The records of a form as texts, those that count; None where the file has no such part.

    Two records of one key, of which the build left one out, cannot be told apart here: the build alone judges them.

    Args:
        specs: of the study.
        form: its name.
        path: its file.
        kept: the keys of the records that count, one column for each of the key; None for all.
    """
    contract = specs.contracts[form]
    table = read_by_contract(path, contract, columns_of(specs, contract))
    keys = [str(key) for key in contract.key]
    if table is None or kept is None or not keys or not set(keys) <= {*table.column_names, *kept.column_names}:
        return table
    mine, theirs = (
        pd.MultiIndex.from_arrays([_plain(one[key], contract, key) for key in keys]) for one in (table, kept)
    )
    return table.filter(pa.array(mine.isin(theirs) & ~mine.duplicated(keep=False)))


def _plain(column: pa.ChunkedArray, contract: Contract, name: str) -> pd.Series:
    """A key as text that compares: of a number the number, `1` for `01`."""
    values = pd.Series(column.to_pandas())
    said = contract.columns.get(name)
    if said is not None and said.type in _NUMBERS:
        values = pd.to_numeric(values, errors="coerce").astype("float64")
    return canonical_text(values).fillna("").astype("object")


def _dataset(form: str, contract: Contract, table: pa.Table) -> Dataset:
    variables = tuple(Variable(name, name, "text") for name in table.column_names)
    lineage = pa.table({"row": pa.array([], pa.int64())})
    keys = tuple(str(key) for key in contract.key)
    return Dataset(f"raw.{form}", form, "raw", "", "", keys, variables, table, lineage, per_subject=False)


def raw_suite(specs: Specs, form: str) -> Suite:
    """What the contract of a form says of it, as expectations.

    Args:
        specs: of the study; it says how subjects are named and dates are written.
        form: the name of the form.
    """
    contract = specs.contracts[form]
    made = [*_structure(specs, form, contract), *_values(form, contract), *_types(specs, form, contract)]
    made += privacy_of(specs, form)
    return Suite(f"raw.{form}", tuple(made))


def _of(form: str, kind: str, columns: Iterable[str], text: str, **more: Any) -> Iterator[Expectation]:
    """One expectation of all these columns, if there are any: an answer for each column."""
    if names := tuple(columns):
        source = f"raw/{form}.yaml"
        yield expectation_of(f"raw.{form}", kind, names, text, id_of="all", source=source, **more)


def _structure(specs: Specs, form: str, contract: Contract) -> Iterator[Expectation]:
    """Columns, keys and subjects."""
    yield from _of(form, "raw-column-gone", columns_of(specs, contract), "The file has the columns of its contract.",
                   others=True, severity=Severity.WARNING)  # fmt: skip
    if contract.key:
        yield expectation_of(f"raw.{form}", "raw-key", tuple(map(str, contract.key)), "A key names one record.",
                             source=f"raw/{form}.yaml")  # fmt: skip
    subject = subject_column(specs, contract)
    said = contract.columns.get(subject)
    if subject and not (said is not None and said.required):
        yield from _of(form, "raw-no-subject", [subject], "A record names its subject.")
    if subject:
        yield from _of(form, "raw-test-subject", [subject], "A subject is none of a test of the data capture system.",
                       severity=Severity.WARNING)  # fmt: skip
    if subject and contract.subjects is not None and str(contract.subjects) in specs.contracts:
        listing = str(contract.subjects)
        column = subject_column(specs, specs.contracts[listing])
        if column == subject:  # else they are named in two ways, which the build joins
            yield from _of(form, "raw-subject-unknown", [subject], f"{listing} lists every subject.",
                           other=f"raw.{listing}", column=column)  # fmt: skip


def _values(form: str, contract: Contract) -> Iterator[Expectation]:
    """Columns that are required, have values of their own, a longest text, or a code beside them."""
    said = {name: column for name, column in contract.columns.items() if column is not None}
    yield from _of(form, "raw-required", [name for name, one in said.items() if one.required],
                   "A required column has a value.")  # fmt: skip
    values = {name: tuple(map(str, one.values)) for name, one in said.items() if one.values}
    yield from _of(form, "raw-value", values, "A value is one of those of the contract.",
                   values=tuple(values.items()))  # fmt: skip
    longest = {name: one.max for name, one in said.items() if one.max is not None}
    yield from _of(form, "raw-too-long", longest, "A text is not longer than the contract says.",
                   severity=Severity.WARNING, longest=tuple(longest.items()))  # fmt: skip
    pairs = {name: str(one.pair) for name, one in said.items() if one.pair is not None}
    yield from _of(form, "raw-pair", pairs, "A label goes with one code.", severity=Severity.WARNING,
                   pairs=tuple(pairs.items()))  # fmt: skip


def _types(specs: Specs, form: str, contract: Contract) -> Iterator[Expectation]:
    """Columns of numbers and of dates."""
    types = {name: str(column.type) for name, column in contract.columns.items() if column is not None}
    numbers = {name: kind for name, kind in types.items() if kind in _NUMBERS}
    yield from _of(form, "not-a-number", numbers, "A number is one.", types=tuple(numbers.items()),
                   comma=contract.read.decimal == ",")  # fmt: skip
    dates = {name: kind for name, kind in types.items() if kind in _DATES}
    of_study = specs.study.dates
    yield from _of(
        form, "raw-date", dates, "A date or time is one that a form of the study reads.", severity=Severity.WARNING,
        types=tuple(dates.items()), forms=tuple(specs.date_forms), missing=tuple(map(str, of_study.missing)),
        century=of_study.century,
    )  # fmt: skip
