"""Raw forms and feeds, read by their contracts: text kept as it came, numbers where the contract declares them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pyarrow as pa

from sdtm2adam.build.contract_checks import Broken, check_contract, spelled, tell_all_broken
from sdtm2adam.build.functions import compile_expression
from sdtm2adam.build.gone import with_gone_columns
from sdtm2adam.build.node import Node
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
    loaded = spelled(plan, form, contract, plan.warehouse.register(frame))
    if contract.where is not None:
        loaded = kept_by_contract(plan, form, contract, loaded, lambda n: _value(specs, contract, n))
    if contract.subjects is not None:
        loaded = of_known_subjects(plan, form, contract, loaded, usubjid(specs, contract))
    refuse_duplicates(plan, form, contract, loaded)
    loaded = before_cutoff(plan, specs.study, form, contract, loaded)
    check_contract(plan, form, contract, loaded, subject_column(specs, contract))
    check_dates(plan, specs, form, contract, loaded)
    columns = [column for column in columns_of(specs, contract) if column != SUBJECT]
    numbers = [(column, broken) for column in columns if (broken := _no_number(specs, contract, column)) is not None]
    tell_all_broken(plan, form, contract, loaded, numbers)
    items = [aliased(_value(specs, contract, column), column) for column in columns]
    items += [aliased(_collected(specs, contract, column), collected(column)) for column in _numbers(contract)]
    if contract.read.decimal == ",":
        items.append(aliased(_has_comma(specs, contract), COMMA))
    if SUBJECT in relation.names:
        items.append(aliased(usubjid(specs, contract), SUBJECT))
    table = plan.warehouse.create(
        f"SELECT row_number() OVER (ORDER BY {_order(specs, contract, frame)}) - 1 AS _row, {', '.join(items)} "
        f"FROM {loaded} f"
    )
    adopt(plan, relation, table)


def _order(specs: Specs, contract: Contract, frame: pa.Table) -> str:
    """Records are numbered by their key, which is unique; without one by subject, then by all columns as text."""
    if contract.key:
        return ", ".join(_key_order(contract, str(column)) for column in contract.key)
    subject = subject_column(specs, contract)
    columns = [*([subject] if subject else []), *(c for c in sorted(frame.column_names) if c != subject)]
    return ", ".join(f"{_of(column)} NULLS FIRST" for column in columns)


def _of(column: str) -> str:
    """A column of the file as it was read."""
    return f"f.{name(column)}"


def _key_order(contract: Contract, column: str) -> str:
    said = contract.columns.get(column)
    if said is not None and str(said.type) in _NUMBERS:
        return f"try_cast({_of(column)} AS DOUBLE) NULLS FIRST, {_of(column)}"
    return f"{_of(column)} NULLS FIRST"


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
    return Broken("not-a-number", Severity.ERROR, condition, what)
