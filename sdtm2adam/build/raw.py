"""Raw forms and feeds, read by their contracts: text kept as it came, numbers where the contract declares them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pyarrow as pa

from sdtm2adam.build.by_codes import MOST_LENT
from sdtm2adam.build.coded import by_value, coded, codes_of, without_blanks
from sdtm2adam.build.contract_checks import Broken, check_contract, spelled, tell_all_broken
from sdtm2adam.build.functions import compile_expression
from sdtm2adam.build.gone import with_gone_columns
from sdtm2adam.build.node import Node
from sdtm2adam.build.numbering import row_numbers
from sdtm2adam.build.plan import Definition, Plan
from sdtm2adam.build.quoting import aliased, name
from sdtm2adam.build.raw_columns import collected, columns_of, subject_column
from sdtm2adam.build.raw_issues import raw_issues
from sdtm2adam.build.raw_records import (
    before_cutoff,
    check_dates,
    cutoff_errors,
    kept_by_contract,
    of_known_subjects,
    refuse_duplicates,
    roster_of,
)
from sdtm2adam.build.relation import Relation
from sdtm2adam.build.sources import adopt
from sdtm2adam.errors import InputError
from sdtm2adam.files.raw_table import read_raw
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.study import Contract
from sdtm2adam.spec.yaml import Text

SUBJECT = "USUBJID"
COMMA = "~comma"
"""The column of a form that tells the records whose decimal mark is a comma."""
_NUMBERS = {"number": "DOUBLE", "integer": "BIGINT"}
_SHAPES = {"DOUBLE": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?", "BIGINT": r"[+-]?[0-9]+(\.0*)?"}
"""What a number looks like; words like inf and nan, and digits with signs between, are none."""


def declare_raw(
    plan: Plan, specs: Specs, form: str, contract: Contract, path: Path | None, folder: Path | None, *, empty: bool
) -> None:
    """The relation `raw.FORM`; its file is read when something needs it.

    Args:
        plan: the plan.
        specs: of the study: how a subject is named, what is housekeeping.
        form: the name of the form.
        contract: its contract.
        path: the file; None where there is none.
        folder: where it should be, for messages.
        empty: make the columns without rows, for a dry run.
    """
    plan.errors.extend(cutoff_errors(specs.study, form, contract))
    names: dict[str, object] = {column: Definition("", given=True) for column in columns_of(specs, contract)}
    if subject_column(specs, contract) and specs.study.subject:
        names[SUBJECT] = Definition("", given=True)
    names.update({collected(column): Definition("", given=True) for column in _numbers(contract)})
    patterns = [str(pattern) for pattern in specs.study.housekeeping]
    apart = {column for column in names if any(fnmatchcase(column, pattern) for pattern in patterns)}
    key = tuple(map(str, contract.key))
    relation = Relation(f"raw.{form}", names=names, order=key, apart=frozenset({*apart, *key}))

    def make(node: Node) -> None:
        if contract.subjects is not None:
            node.needs.append(plan.rows_node(roster_of(plan, specs, form, contract)))

        def run() -> None:
            frame = (
                _empty(columns_of(specs, contract)) if empty else read_form(plan, specs, form, contract, path, folder)
            )
            _store(plan, specs, form, contract, relation, frame)

        node.run = run

    plan.rows_makers[relation] = make
    plan.relations[relation.key] = relation


def _numbers(contract: Contract) -> list[str]:
    return [column for column, said in contract.columns.items() if said is not None and said.type in _NUMBERS]


def _empty(columns: list[str]) -> pa.Table:
    return pa.table({column: pa.array([], pa.string()) for column in columns})


def read_form(
    plan: Plan, specs: Specs, form: str, contract: Contract, path: Path | None, folder: Path | None
) -> pa.Table:
    """The file of a form as texts, under the names of its contract; what the contract does not know is told.

    Raises:
        InputErrors: the file is missing or damaged, or lacks a column of the contract.
    """
    if path is None:
        raise InputError(
            f"the file {contract.file} of form {form} is not there",
            where=str(folder / str(contract.file)) if folder else f"raw/{form}.yaml",
            mend="put it there, or name another folder with --data raw=DIR",
        )
    frame = _texts(plan, specs, form, contract, path)
    declared, subject = columns_of(specs, contract), subject_column(specs, contract)
    frame = with_gone_columns(plan, form, contract, frame, path, declared, subject)
    _note_unknown(plan, specs, form, contract, frame)
    return frame


def _texts(plan: Plan, specs: Specs, form: str, contract: Contract, path: Path) -> pa.Table:
    """The file as texts, with the names of the contract; what its reader found becomes issues."""
    if path.name == Path(str(contract.file)).name:
        found = read_raw(path, contract.read, contract.names, columns_of(specs, contract))
    else:  # the same form as Parquet: nothing but texts, under the names of the contract
        found = read_raw(path)
    plan.issues.extend(raw_issues(specs, form, contract, found))
    return found.frame


def _note_unknown(plan: Plan, specs: Specs, form: str, contract: Contract, frame: pa.Table) -> None:
    patterns = [str(pattern) for pattern in specs.study.housekeeping]
    known = set(columns_of(specs, contract))
    for column in frame.column_names:
        if column in known or any(fnmatchcase(column, pattern) for pattern in patterns):
            continue
        filled = len(frame) - frame[column].null_count
        plan.issues.append(
            Issue(
                dataset=f"raw.{form}",
                rule="raw-column-new",
                severity=Severity.WARNING,
                variable=column,
                records=filled,
                text=f"column {column} is not in the contract; {filled:,} of its values are not submitted",
                source=f"raw/{form}.yaml",
            )
        )


def _store(plan: Plan, specs: Specs, form: str, contract: Contract, relation: Relation, frame: pa.Table) -> None:
    """The records that count, numbered by key, then by all columns; typed as the contract says."""
    frame = coded(frame)
    lent = plan.warehouse.lend(frame)
    loaded = spelled(plan, form, contract, lent, frame)
    if contract.where is not None:
        loaded = kept_by_contract(plan, form, contract, loaded, lambda n: _value(specs, contract, n))
    if contract.subjects is not None:
        loaded = of_known_subjects(plan, form, contract, loaded, usubjid(specs, contract))
    refuse_duplicates(plan, form, contract, loaded)
    loaded = before_cutoff(plan, specs.study, form, contract, loaded)
    texts = frame if loaded == lent else coded(plan.warehouse.arrow(f"SELECT * FROM {loaded}"))
    check_contract(plan, form, contract, loaded, texts, subject_column(specs, contract))
    check_dates(plan, specs, form, contract, loaded, texts)
    columns = [column for column in columns_of(specs, contract) if column != SUBJECT]
    numbers = [(column, broken) for column in columns if (broken := _no_number(specs, contract, column)) is not None]
    tell_all_broken(plan, form, contract, loaded, texts, numbers)
    _keep(plan, specs, contract, relation, columns, _in_order(plan, specs, contract, texts))


def _in_order(plan: Plan, specs: Specs, contract: Contract, frame: pa.Table) -> pa.Table:
    """The records by their key, which is unique; without one by subject, then by all columns as text."""
    subject = subject_column(specs, contract)
    others = [*([subject] if subject else []), *(c for c in sorted(frame.column_names) if c != subject)]
    keys = [_rank(plan, contract, column, frame) for column in (map(str, contract.key) if contract.key else others)]
    places = row_numbers(keys, frame.num_rows, lambda rows, _: rows)
    order = np.empty_like(places)
    order[places] = np.arange(len(places))
    return frame.take(pa.array(order)).append_column("_row", pa.array(np.arange(len(places))))


def _rank(plan: Plan, contract: Contract, column: str, frame: pa.Table) -> pa.ChunkedArray:
    """A column that is ordered as the records are: as text, a number of the key as number and then as text."""
    if not contract.key or _kind(contract, column) is None:
        return frame[column]
    order = f"row_number() OVER (ORDER BY try_cast({_of(column)} AS DOUBLE) NULLS FIRST, {_of(column)})"
    return pa.chunked_array([by_value(plan.warehouse, column, codes_of(frame[column]), order)])


def _keep(
    plan: Plan, specs: Specs, contract: Contract, relation: Relation, columns: list[str], frame: pa.Table
) -> None:
    """Makes the numbered records the rows of a relation; what hangs on one column is made once per distinct text."""
    warehouse, comma = plan.warehouse, contract.read.decimal == ","
    made: dict[str, pa.Array | pa.ChunkedArray] = {"_row": frame["_row"]}
    by_row: dict[str, str] = {}
    for column in columns:
        chunk = codes_of(frame[column])
        if _kind(contract, column) is None:
            made[column] = without_blanks(chunk)
        elif comma:
            by_row[column] = _value(specs, contract, column)
            by_row[collected(column)] = _collected(specs, contract, column)
        else:
            made[column] = by_value(warehouse, column, chunk, _value(specs, contract, column))
            made[collected(column)] = chunk
    if comma:
        by_row[COMMA] = _has_comma(specs, contract)
    if SUBJECT in relation.names:
        by_row[SUBJECT] = usubjid(specs, contract)
    if by_row:
        items = ", ".join(aliased(expression, column) for column, expression in by_row.items())
        rows = warehouse.arrow(f"SELECT {items} FROM {warehouse.lend(frame)} f ORDER BY f._row")
        made.update({column: rows[column] for column in by_row})
    found = pa.table(made)
    small = found.num_rows * found.num_columns <= MOST_LENT
    adopt(plan, relation, warehouse.lend(found) if small else warehouse.register(found))
    if small:
        for column, values in made.items():
            relation.codes.put(column, values)


def _of(column: str) -> str:
    """A column of the file as it was read."""
    return f"f.{name(column)}"


def usubjid(specs: Specs, contract: Contract) -> str:
    """SQL of the unique subject identifier of a record (`f`), by the rule of the study."""
    assert specs.study.subject is not None
    shared, own = str(specs.study.subject.column), subject_column(specs, contract)
    if own == SUBJECT:  # the feed names subjects by their unique identifier already
        return f"trim({_of(own)})"
    text = specs.study.subject.usubjid
    return compile_expression(text, lambda _, n: f"trim({_of(own if n == shared else n)})", {}).sql


def _value(specs: Specs, contract: Contract, column: str) -> str:
    """SQL of a column of a record: a number where the contract declares one, else its text."""
    if column == SUBJECT and subject_column(specs, contract):
        return usubjid(specs, contract)
    kind = _kind(contract, column)
    return _text(column) if kind is None else _number(specs, contract, column, kind)


def _text(column: str) -> str:
    """A text as it came; blanks alone, no-break spaces among them, are missing."""
    value = _of(column)
    may_be_blank = f"({value} < '!' OR ({value} >= chr(160) AND {value} < chr(161)))"
    return f"CASE WHEN {may_be_blank} AND trim(replace({value}, chr(160), ' ')) = '' THEN NULL ELSE {value} END"


def _kind(contract: Contract, column: str) -> str | None:
    said = contract.columns.get(column)
    return _NUMBERS.get(str(said.type)) if said is not None else None


def _number(specs: Specs, contract: Contract, column: str, kind: str) -> str:
    """SQL of a number; where the decimal mark is a comma, a text with a point is none: it may part thousands."""
    text = _with_point(specs, contract, column)
    return f"CASE WHEN regexp_full_match({text}, '{_SHAPES[kind]}') THEN try_cast({text} AS {kind}) END"


def _with_point(specs: Specs, contract: Contract, column: str) -> str:
    """SQL of a number's text with a point for its decimal mark; null where that is a comma and the text has a point."""
    text = f"trim({_of(column)})"
    if contract.read.decimal != ",":
        return text
    point = f"CASE WHEN contains({text}, '.') THEN NULL ELSE replace({text}, ',', '.') END"
    return f"(CASE WHEN {_has_comma(specs, contract)} THEN {point} ELSE {text} END)"


def _collected(specs: Specs, contract: Contract, column: str) -> str:
    """SQL of the text of a number as it was collected; a declared decimal comma is written as a point."""
    if contract.read.decimal != ",":
        return _of(column)
    text = _with_point(specs, contract, column)
    return f"CASE WHEN regexp_full_match({text}, '{_SHAPES['DOUBLE']}') THEN {text} ELSE {_of(column)} END"


def _has_comma(specs: Specs, contract: Contract) -> str:
    """SQL that is true for the records whose decimal mark is a comma."""
    said = contract.read.decimal_where
    if said is None:
        return "true"
    condition = compile_expression(
        Text(said, said.where), lambda _, n: _of(n) if n != SUBJECT else usubjid(specs, contract), {}
    )
    return f"coalesce({condition.sql}, false)"


def _no_number(specs: Specs, contract: Contract, column: str) -> Broken | None:
    kind = _kind(contract, column)
    if kind is None:
        return None
    condition = f"{_of(column)} IS NOT NULL AND ({_number(specs, contract, column, kind)}) IS NULL"
    what = "is not a number" if kind == "DOUBLE" else "is not a whole number"
    return Broken("not-a-number", Severity.ERROR, condition, what, whole=contract.read.decimal_where is not None)
