"""Running checks: each is put to each dataset it is for, and what it selects becomes issues."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from sdtm2adam.model import MOST_KEYS, Dataset, Issue
from sdtm2adam.spec.codelists import Terminology
from sdtm2adam.spec.packages import bundled_terminology
from sdtm2adam.validate.records import Records, canonical_text, side_by_side
from sdtm2adam.validate.sql.bind import Bound, bound, reads_metadata
from sdtm2adam.validate.sql.check import Check
from sdtm2adam.validate.sql.grammar import RAW, ROW
from sdtm2adam.validate.sql.meta import META_TABLES
from sdtm2adam.validate.sql.patience import Patience
from sdtm2adam.validate.sql.raw_names import raw_keys
from sdtm2adam.validate.sql.store import Database, Store

RAN, NOT_APPLICABLE, NOT_RUN = "ran", "not applicable", "could not run"
MOST_VALUES = 10
"""How many rows of one variable of a table of metadata get an issue of their own."""
LONGEST_SECONDS = 600.0
"""How long one check may take in one dataset: a join without a condition would never end."""
_SHOWN = 60


@dataclass(frozen=True)
class Ran:
    """What came of one check: its state, in how many datasets it ran, and why it did not run."""

    check: Check
    state: str
    datasets: tuple[str, ...] = ()
    why: str = ""
    issues: int = 0


@dataclass(frozen=True)
class Findings:
    """The issues that checks found, and what came of each check."""

    issues: tuple[Issue, ...]
    ran: tuple[Ran, ...]

    def count(self, state: str) -> int:
        """How many checks are in a state."""
        return sum(one.state == state for one in self.ran)

    @property
    def summary(self) -> str:
        """How many ran, were not applicable, could not run."""
        return ", ".join(f"{self.count(state):,} {state}" for state in (RAN, NOT_APPLICABLE, NOT_RUN))


@dataclass
class _Told:
    """What is gathered for one check while it is put to datasets."""

    issues: list[Issue] = field(default_factory=list)
    datasets: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def run_checks(
    checks: Sequence[Check],
    datasets: Mapping[str, Dataset],
    *,
    raw: Mapping[str, pa.Table] = {},
    terminology: Terminology | None = None,
    meta: Mapping[str, Callable[[Store], pa.Table]] = {},
    part: bool = False,
    raw_keys: Mapping[str, Any] = {},
    alike: Collection[str] = (),
    database: Database | None = None,
) -> Findings:
    """Puts checks to the data of a study.

    Args:
        checks: of the rule pack, or edit checks.
        datasets: SDTM and ADaM, by name; not changed.
        raw: raw forms by name, as texts; dates in ISO 8601.
        terminology: what values are compared with; by default the bundled packages.
        meta: more tables of the schema `meta`.
        part: the datasets are a part of a package: what asks for all of it does not apply.
        raw_keys: of a build: for each form (`raw.AE`) a table of its records in order, with the columns of its key.
        alike: ids of the checks that could not run where they mix types, whatever the values are.
        database: to lay the tables down in; by default one that ends with the call.
    """
    known = terminology or bundled_terminology()
    with nullcontext(database) if database is not None else Database() as place:
        store = Store(place, datasets, raw, known, {**META_TABLES, **meta})
        try:
            return put_checks(checks, store, part=part, raw_keys=raw_keys, alike=alike)
        finally:
            store.drop()


def put_checks(
    checks: Sequence[Check],
    store: Store,
    *,
    part: bool = False,
    raw_keys: Mapping[str, Any] = {},
    alike: Collection[str] = (),
) -> Findings:
    """What `run_checks` does, with the tables of a store that others use too."""
    told: list[tuple[Check, _Told]] = []
    teller = _Teller(store, raw_keys)
    with Patience(LONGEST_SECONDS, store.warehouse.connection.interrupt) as patience:
        for check in checks:
            one = _Told()
            told.append((check, one))
            if part and check.whole:
                one.idle.append("the data are declared a part of a package")
                continue
            for case in bound(check, store, alike=check.id in alike):
                _put(case, store, teller, one, patience)
    issues = tuple(issue for _, one in told for issue in one.issues)
    return Findings(issues, tuple(_ran(check, one) for check, one in told))


def _put(case: Bound, store: Store, teller: _Teller, told: _Told, patience: Patience) -> None:
    if case.why:
        told.idle.append(case.why)
        return
    try:
        if case.alike:
            store.warehouse.types_of(case.alike)
        with patience.question():
            found = store.warehouse.arrow(case.sql) if store.warehouse.any(case.sql) else None
    except duckdb.InterruptException:
        told.failed.append(f"{case.dataset}: it took longer than {patience.seconds:,.0f} seconds")
        return
    except duckdb.Error as error:
        told.failed.append(f"{case.dataset}: {_one_line(error)}")
        return
    told.datasets.append(case.dataset)
    if found is not None:
        told.issues += teller.issues(case, found)


def _ran(check: Check, told: _Told) -> Ran:
    datasets = tuple(dict.fromkeys(told.datasets))
    if told.failed:
        return Ran(check, NOT_RUN, datasets, "; ".join(told.failed), len(told.issues))
    if not datasets:
        return Ran(check, NOT_APPLICABLE, (), "; ".join(dict.fromkeys(told.idle)))
    return Ran(check, RAN, datasets, "", len(told.issues))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split("LINE 1:")[0].split())[:200]


class _Teller:
    """Turns what was selected into issues."""

    def __init__(self, store: Store, raw_keys: Mapping[str, Any]) -> None:
        self._store, self._raw_keys = store, raw_keys
        self._records: dict[str, Records] = {}

    def issues(self, case: Bound, found: pa.Table) -> list[Issue]:
        """The issues of one check in one dataset."""
        frame = found.to_pandas(types_mapper=_kept)
        shown = [case.names.get(name, name) if case.names else name for name in case.check.query.shown]
        frame.columns = pd.Index([*shown, ROW])
        frame = frame.sort_values([ROW, *shown], kind="stable", na_position="last").drop_duplicates(ROW)
        if reads_metadata(case.check):
            return self._of_metadata(case, frame, shown)
        return [self._of_records(case, frame, shown)]

    def _of_records(self, case: Bound, frame: pd.DataFrame, shown: list[str]) -> Issue:
        check, base = case.check, case.check.query.base
        name = f"raw.{base.name}" if base.schema == RAW else case.dataset if check.of else base.name
        rows = frame[ROW].head(MOST_KEYS).astype("int64").tolist()
        texts = {column: canonical_text(frame[column].head(MOST_KEYS)) for column in shown}
        values = side_by_side(texts)
        total = self._total(base.schema, name)
        verb = "does" if len(frame) == 1 else "do"
        text = f"{_said(check, case, name)} {len(frame):,} of {total:,} records {verb} not meet this."
        first = texts[shown[0]].iloc[0]
        return Issue(
            name, check.id, check.severity, text, shown[0] if self._has(base.schema, name, shown[0]) else "",
            "" if pd.isna(first) else str(first), len(frame), self._keys(base.schema, name, rows), _source(check),
            tuple(values), tuple(_asked(check, texts, case)) if check.asks else (),
        )  # fmt: skip

    def _of_metadata(self, case: Bound, frame: pd.DataFrame, shown: list[str]) -> list[Issue]:
        """One issue for each row; of many rows of one variable the first, and one for the rest."""
        check = case.check
        texts = {column: canonical_text(frame[column]) for column in shown}
        issues: list[Issue] = []
        seen: Counter[tuple[str, str]] = Counter()
        for place in range(len(frame)):
            row = {column: "" if pd.isna(value := texts[column].iloc[place]) else str(value) for column in shown}
            dataset = row.get("dataset") or check.about or "study"
            where = (dataset, row.get("variable", ""))
            seen[where] += 1
            if seen[where] > MOST_VALUES:
                continue
            value = row.get("value", "")
            rest = {
                key: one for key, one in row.items()
                if key not in ("dataset", "variable", "value", "records", "places") and one
            }  # fmt: skip
            said = "".join(f" {key.replace('_', ' ')}: {one}." for key, one in rest.items())
            good = _said(check, case, dataset)
            told = f"{good} Found {value[:_SHOWN]!r}." if value else good
            records = int(row["records"]) if row.get("records") else 0
            issues.append(
                Issue(dataset, check.id, check.severity, f"{told}{said}", where[1], value, records,
                      self._with_value(dataset, where[1], value, row.get("places", "")), _source(check))
            )  # fmt: skip
        issues += [
            Issue(dataset, check.id, check.severity,
                  f"{_said(check, case, dataset)} {number - MOST_VALUES:,} more values do not.",
                  variable, "", 0, (), _source(check))
            for (dataset, variable), number in seen.items()
            if number > MOST_VALUES
        ]  # fmt: skip
        return issues

    def _with_value(self, dataset: str, variable: str, value: str, places: str) -> tuple[str, ...]:
        """The keys of the records at these places (rows from 0); without them, of those with the value."""
        if not (value or places) or dataset not in self._store.datasets:
            return ()
        own = self._own(dataset)
        if places:
            return own.keys_of([int(one) for one in places.split()])
        if not own.has(variable):
            return ()
        frame = self._store.datasets[dataset].frame
        column = frame.column(variable)
        same = pa.compute.equal(column.cast(pa.string()), pa.scalar(value, pa.string()))
        return own.first_keys(same.to_numpy(zero_copy_only=False) == True)  # noqa: E712 - null is not true

    def _own(self, name: str) -> Records:
        if name not in self._records:
            self._records[name] = Records(self._store.datasets[name])
        return self._records[name]

    def _has(self, schema: str, name: str, column: str) -> bool:
        table = self._store.table(schema, name.removeprefix("raw.") if schema == RAW else name)
        return table is not None and column in table[1]

    def _total(self, schema: str, name: str) -> int:
        frame = self._store.raw[name.removeprefix("raw.")] if schema == RAW else self._store.datasets[name].frame
        return int(frame.num_rows)

    def _keys(self, schema: str, name: str, rows: list[int]) -> tuple[str, ...]:
        if schema == RAW:
            return raw_keys(self._store.raw[name.removeprefix("raw.")], rows, self._raw_keys.get(name))
        return self._own(name).keys_of(rows)


def _kept(kind: pa.DataType) -> object:
    """Whole numbers that may be missing stay whole; texts are texts."""
    if pa.types.is_integer(kind):
        return pd.Int64Dtype()
    return None


def _said(check: Check, case: Bound, dataset: str) -> str:
    """What is true of good data, in the names of a dataset; a technical rejection criterion says so."""
    text = check.text
    for said, name in sorted((case.names or {}).items(), key=lambda pair: -len(pair[0])):
        text = text.replace(said, name)
    text = re.sub(r"--(?=[A-Z])", dataset[:2], text)
    return f"{text} Agencies reject a package for this." if check.rejects else text


def _source(check: Check) -> str:
    return f"{check.id} ({', '.join(check.ids)})" if check.ids else check.id


def _asked(check: Check, texts: Mapping[str, pd.Series], case: Bound) -> list[str]:
    """The query for each record, with its values; what is missing is said to be missing."""
    names = {name: (case.names or {}).get(name, name) for name in check.query.shown}
    columns = {said: texts[name].fillna("(missing)").tolist() for said, name in names.items()}
    count = len(next(iter(columns.values())))
    return [
        re.sub(r"\{([^{}]*)\}", lambda hole, i=i: columns[hole.group(1)][i], check.asks)  # type: ignore[misc]
        for i in range(count)
    ]
