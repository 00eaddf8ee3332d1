"""The response library as a function: frames in, responses and the records that decided out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from sdtm2adam.build.pandas_columns import as_column
from sdtm2adam.build.quoting import literal, name
from sdtm2adam.build.response.judged import Confirmation, Judged, columns, judge
from sdtm2adam.build.response.measured import Inputs, Measured, Window, usable
from sdtm2adam.errors import InputError, SpecError, nearest
from sdtm2adam.spec.criteria import CriteriaSet, Measure
from sdtm2adam.spec.criteria_sets import bundled_criteria

Frame = Any
"""A pandas DataFrame or an Arrow table."""
_IS_NUMBER = (
    "TRY_CAST(VALUE AS DOUBLE) IS NOT NULL AND (typeof(VALUE) <> 'VARCHAR' "
    "OR regexp_full_match(trim(CAST(VALUE AS VARCHAR)), '[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?'))"
)
"""SQL of a value that is a number, also held as text: what the database reads beside that, as 1_000, nobody wrote."""
_COLUMNS = ("USUBJID", "START", "UNTIL", "DATE", "VALUE", "UNIT", "DOMAIN", "SEQ")


def derive_response(
    subjects: Frame,
    assessments: Mapping[str, Frame],
    criteria: str | CriteriaSet,
    *,
    accept_unverified: bool = False,
    confirm: Confirmation | None = None,
    threads: int | None = None,
) -> tuple[Frame, Frame]:
    """Disease response of each subject at each assessment, by a criteria set, with reason and records.

    Each condition of the set is true, false, or not to be judged, because a measure is missing. Of the responses the
    first that is true is given; one that cannot be judged is passed over and told; where none is true the assessment
    is not evaluable (NE). Relapse and progression look at the earlier assessments of the subject and at baseline, the
    last value on or before the start. The SQL is that of `response` blocks.

    Args:
        subjects: one row for each subject: `USUBJID`, `START` (date), and where known `UNTIL`, the last day that
            counts. A subject without a start has no response.
        assessments: for each measure of the set a frame of its records: `USUBJID`, `DATE` (whole dates), `VALUE` and,
            of numbers, `UNIT`; where known `DOMAIN` and `SEQ`, by which the result calls a record (`LB 12`).
            Records of subjects that `subjects` does not have are not looked at.
        criteria: a bundled set by its name (`INO-VATE`), or one read by `spec.criteria_sets.read_criteria`.
        accept_unverified: take a set with thresholds that nobody verified.
        confirm: which responses are looked for again, and after how many days.
        threads: of the database.

    Returns:
        Two frames of the kind of `subjects`. The responses: `USUBJID, ADT, AVALC, AVAL` (the rank), `REMFL`, `RESPWHY`,
        `RESPNJ`, `RESPREC`, and each measure with its date, by subject and date. The records that decided: `USUBJID,
        ADT, MEASURE, ROW` (the place in the frame of the measure, from 0), `DOMAIN, SEQ`.

    Raises:
        SpecError: there is no such set, it is not accepted, or a measure is unknown or missing.
        InputError: a column is missing, a date or value cannot be used, a unit is not that of the set.
    """
    chosen = bundled_criteria(criteria) if isinstance(criteria, str) else criteria
    _check(chosen, assessments, accept_unverified)
    connection = duckdb.connect(":memory:", config={"threads": threads} if threads else {})
    try:
        connection.execute("SET enable_external_access = false")
        made, records = _Door(connection, chosen).derive(subjects, assessments, confirm)
    finally:
        connection.close()
    return (made, records) if isinstance(subjects, pa.Table) else (made.to_pandas(), records.to_pandas())


def _check(criteria: CriteriaSet, assessments: Mapping[str, Frame], accepted: bool) -> None:
    where = f"criteria set {criteria.criteria}"
    if criteria.unverified and not accepted:
        what = f"has what nobody verified: {', '.join(criteria.unverified)}"
        raise SpecError(what, where=where, mend="verify it, or say accept_unverified=True")
    for key in assessments:
        if key not in criteria.measures:
            raise SpecError(f"has no measure {key!r}", where=where, mend=nearest(key, criteria.measures))
    missing = [key for key, one in criteria.measures.items() if key not in assessments and not one.optional]
    if missing:
        raise SpecError(f"needs {', '.join(missing)}", where=where, mend="give a frame of each, even if it is empty")


@dataclass
class _Door:
    """One call in a database of its own."""

    connection: duckdb.DuckDBPyConnection
    criteria: CriteriaSet
    _tables: int = 0
    _kind: pa.DataType | None = None

    def create(self, select: str) -> str:
        self._tables += 1
        self.connection.execute(f"CREATE TABLE t{self._tables} AS {select}")
        return f"t{self._tables}"

    def derive(
        self, subjects: Frame, assessments: Mapping[str, Frame], confirm: Confirmation | None
    ) -> tuple[pa.Table, pa.Table]:
        ids = self._subjects(subjects)
        measured: dict[str, Measured] = {}
        rows: list[tuple[str, str]] = []
        for number, (key, frame) in enumerate(assessments.items()):
            table = self._measure(key, frame, ids, number)
            measure = self.criteria.measures[key]
            measured[key] = Measured(measure, table, Window(measure.before, measure.after))
            rows.append((key, table))
        judged = judge(Inputs(self.criteria, ids, measured), confirm, self.create)
        own = [name(c) for c in columns(self.criteria, measured, confirmed=confirm is not None) if c != "ADT"]
        made = f"SELECT u.USUBJID, j._d AS ADT, {', '.join(f'j.{c}' for c in own)} FROM {judged.rows} j"
        made = f"{made} JOIN {ids} u ON u._row = j._row ORDER BY ALL"
        return self._arrow(made), self._records(judged, ids, rows)

    def _records(self, judged: Judged, ids: str, rows: list[tuple[str, str]]) -> pa.Table:
        parts = [
            f"SELECT u.USUBJID, d._d AS ADT, {literal(key)} AS MEASURE, m._input AS ROW, m._domain AS DOMAIN, "
            f"m._seq AS SEQ "
            f"FROM {judged.records} d JOIN {ids} u ON u._row = d._row JOIN {table} m "
            f"ON d._nr = {number} AND m._srow = d._srow"
            for number, (key, table) in enumerate(rows)
        ]
        return self._arrow(f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY ALL")

    def _arrow(self, select: str) -> pa.Table:
        return self.connection.sql(select).to_arrow_table()

    # --- frames to tables ---------------------------------------------------------------------------------------

    def _lend(self, frame: Frame, what: str, needed: list[str]) -> str:
        """A table of the columns that are known; what else a frame has is not looked at."""
        if not isinstance(frame, (pd.DataFrame, pa.Table)):
            mend = "give a pandas DataFrame or an Arrow table"
            raise InputError(f"is a {type(frame).__name__}, not a frame", where=what, mend=mend)
        names = [str(column) for column in (frame.columns if isinstance(frame, pd.DataFrame) else frame.column_names)]
        for column in needed:
            if names.count(column) != 1:
                said = f"has {'two columns' if column in names else 'no column'} {column}"
                raise InputError(said, where=what, mend=f"add it; {nearest(column, names)}" if column not in names
                                 else "drop one")  # fmt: skip
        known = [column for column in _COLUMNS if column in names]
        table = pa.table({column: as_column(frame[column], f"{what}: {column}", date=False) for column in known})
        table = table.append_column("_input", pa.array(range(table.num_rows), pa.int64()))
        if table.num_rows:
            self._same_kind(table["USUBJID"].type, what)
        alias = f"lent{self._tables}"
        self.connection.register(alias, table)
        made = self.create(f"SELECT * FROM {alias}")
        self.connection.unregister(alias)
        return made

    def _same_kind(self, kind: pa.DataType, what: str) -> None:
        """Subjects are texts in all frames, or whole numbers in all: 1, 1.0 and '01' would not find each other."""
        if not pa.types.is_string(kind) and not pa.types.is_integer(kind):
            raise InputError(f"has USUBJID as {kind}", where=what, mend="make it text")
        self._kind = self._kind or kind
        if pa.types.is_string(kind) != pa.types.is_string(self._kind):
            raise InputError(f"has USUBJID as {kind}, subjects as {self._kind}", where=what, mend="make both text")

    def _has(self, table: str, column: str) -> bool:
        return column in {row[0] for row in self.connection.execute(f"DESCRIBE {table}").fetchall()}

    def _count(self, select: str) -> int:
        found = self.connection.execute(select).fetchone()
        assert found is not None
        return int(found[0])

    def _subjects(self, frame: Frame) -> str:
        lent = self._lend(frame, "subjects", ["USUBJID", "START"])
        until = "TRY_CAST(UNTIL AS DATE)" if self._has(lent, "UNTIL") else "CAST(NULL AS DATE)"
        table = self.create(
            f"SELECT row_number() OVER (ORDER BY USUBJID) - 1 AS _row, CAST(USUBJID AS VARCHAR) AS USUBJID, "
            f"TRY_CAST(START AS DATE) AS _start, {until} AS _until FROM {lent}"
        )
        if self._count(f"SELECT count(*) - count(DISTINCT USUBJID) FROM {table}"):
            raise InputError("a subject stands twice, or none is named", where="subjects", mend="give one row for each")
        for column in ("START", *(["UNTIL"] if self._has(lent, "UNTIL") else [])):
            lost = f"SELECT count(*) FROM {lent} WHERE {column} IS NOT NULL AND TRY_CAST({column} AS DATE) IS NULL"
            if self._count(lost):
                raise InputError(f"{column} is no date", where="subjects", mend="give dates")
        return self.create(f"SELECT * FROM {table} WHERE _start IS NOT NULL")

    def _measure(self, key: str, frame: Frame, ids: str, number: int) -> str:
        measure = self.criteria.measures[key]
        needed = ["USUBJID", "DATE"] + (["VALUE"] if measure.kind != "event" else [])
        lent = self._lend(frame, key, needed + (["UNIT"] if measure.kind == "number" else []))
        self._refuse(key, measure, lent)
        kind = "DOUBLE" if measure.kind == "number" else "VARCHAR"
        value = usable(f"CAST(VALUE AS {kind})", measure) if measure.kind != "event" else "NULL"
        domain = "CAST(DOMAIN AS VARCHAR)" if self._has(lent, "DOMAIN") else literal(key)
        seq = "CAST(SEQ AS BIGINT)" if self._has(lent, "SEQ") else "CAST(NULL AS BIGINT)"
        rows = (
            f"SELECT u._row, CAST(l.DATE AS DATE) AS _d, {value} AS _v, {domain} AS _domain, {seq} AS _seq, l._input "
            f"FROM {lent} l JOIN {ids} u ON u.USUBJID = CAST(l.USUBJID AS VARCHAR)"
        )
        place = "row_number() OVER (ORDER BY _row, _d, _v, _domain, _seq, _input) - 1"
        return self.create(
            f"SELECT *, {number} AS _nr, {place} AS _srow, concat_ws(' ', _domain, _seq) AS _ref FROM ({rows})"
        )

    def _refuse(self, key: str, measure: Measure, lent: str) -> None:
        """Refuses dates, values and units that the set cannot use."""
        faults = [("DATE IS NULL OR TRY_CAST(DATE AS DATE) IS NULL", "have no whole date", "leave them out")]
        if self._has(lent, "SEQ"):
            faults.append(
                ("SEQ IS NOT NULL AND TRY_CAST(SEQ AS BIGINT) IS NULL", "have no number as SEQ", "number them")
            )
        if measure.kind == "number":
            faults.append((f"VALUE IS NOT NULL AND NOT ({_IS_NUMBER})", "are no numbers", "give numbers"))
            unit = f"VALUE IS NOT NULL AND CAST(UNIT AS VARCHAR) IS DISTINCT FROM {literal(str(measure.unit))}"
            faults.append((unit, f"are not in {measure.unit}", "convert them, and say so in UNIT"))
        elif measure.kind == "text":
            values = ", ".join(literal(str(value)) for value in measure.values)
            named = f"none of {', '.join(measure.values)}"
            faults.append(
                (f"VALUE IS NOT NULL AND CAST(VALUE AS VARCHAR) NOT IN ({values})", f"are {named}", "translate them")
            )
        for condition, said, mend in faults:
            if count := self._count(f"SELECT count(*) FROM {lent} WHERE {condition}"):
                raise InputError(f"{count:,} records {said}", where=key, mend=mend)
