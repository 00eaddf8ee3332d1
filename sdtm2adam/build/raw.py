"""Raw forms and feeds, read by their contracts: text kept as it came, numbers where the contract declares them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pyarrow as pa

from sdtm2adam.build.contract_checks import Broken, check_contract, tell_broken
from sdtm2adam.build.functions import compile_expression
from sdtm2adam.build.node import Node
from sdtm2adam.build.plan import Definition, Plan
from sdtm2adam.build.quoting import aliased, literal, name
from sdtm2adam.build.raw_issues import raw_issues
from sdtm2adam.build.relation import Relation
from sdtm2adam.build.sources import adopt
from sdtm2adam.errors import InputError, InputErrors, Sdtm2adamError, listed, nearest
from sdtm2adam.files.raw_table import read_raw
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.study import Contract
from sdtm2adam.spec.yaml import Text

SUBJECT = "USUBJID"
_NUMBERS = {"number": "DOUBLE", "integer": "BIGINT"}
_SHAPES = {"DOUBLE": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?", "BIGINT": r"[+-]?[0-9]+(\.0*)?"}
"""What a number looks like; words like inf and nan, and digits with signs between, are none."""


def columns_of(specs: Specs, contract: Contract) -> list[str]:
    """The columns a contract speaks of: declared, not submitted, key and subject."""
    subject = subject_column(specs, contract)
    found = [*contract.columns, *contract.not_submitted, *map(str, contract.key), *([subject] if subject else [])]
    return list(dict.fromkeys(found))


def subject_column(specs: Specs, contract: Contract) -> str:
    """The column that names the subject; empty for a form without one."""
    if contract.subject is not None:
        return "" if contract.subject == "none" else str(contract.subject)
    column = str(specs.study.subject.column) if specs.study.subject else ""
    return column if column in contract.columns else ""


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
    names: dict[str, object] = {column: Definition("", given=True) for column in columns_of(specs, contract)}
    if subject_column(specs, contract) and specs.study.subject:
        names[SUBJECT] = Definition("", given=True)
    names.update({collected(column): Definition("", given=True) for column in _numbers(contract)})
    patterns = [str(pattern) for pattern in specs.study.housekeeping]
    apart = {column for column in names if any(fnmatchcase(column, pattern) for pattern in patterns)}
    key = tuple(map(str, contract.key))
    relation = Relation(f"raw.{form}", names=names, order=key, apart=frozenset({*apart, *key}))

    def make(node: Node) -> None:
        def run() -> None:
            frame = _empty(columns_of(specs, contract)) if empty else _read(plan, specs, form, contract, path, folder)
            _store(plan, specs, form, contract, relation, frame)

        node.run = run

    plan.rows_makers[relation] = make
    plan.relations[relation.key] = relation


def collected(column: str) -> str:
    """The column with the text of a number as it was collected."""
    return f"{column}~text"


def _numbers(contract: Contract) -> list[str]:
    return [column for column, said in contract.columns.items() if said is not None and said.type in _NUMBERS]


def _empty(columns: list[str]) -> pa.Table:
    return pa.table({column: pa.array([], pa.string()) for column in columns})


def _read(plan: Plan, specs: Specs, form: str, contract: Contract, path: Path | None, folder: Path | None) -> pa.Table:
    if path is None:
        raise InputError(
            f"the file {contract.file} of form {form} is not there",
            where=str(folder / str(contract.file)) if folder else f"raw/{form}.yaml",
            mend="put it there, or name another folder with --data raw=DIR",
        )
    frame = _texts(plan, specs, form, contract, path)
    missing = [column for column in columns_of(specs, contract) if column not in frame.column_names]
    if missing:
        errors: list[Sdtm2adamError] = [
            InputError(
                f"form {form} has no column {column}, which its contract declares",
                where=str(path),
                mend=f"{nearest(column, frame.column_names)} Else ask for a complete export, or change raw/{form}.yaml",
            )
            for column in missing
        ]
        raise InputErrors(errors)
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
    """Numbers the rows by key, then by all columns; types what the contract types; leaves out what `where` drops."""
    loaded = plan.warehouse.register(frame)
    key = [str(column) for column in contract.key]
    _refuse_duplicates(plan, form, contract, loaded, key)
    check_contract(plan, form, contract, loaded, subject_column(specs, contract))
    order = ", ".join(
        [*(_key_order(contract, column) for column in key), *(_of(c) for c in sorted(frame.column_names))]
    )
    items = [
        _typed(plan, form, contract, loaded, column) for column in columns_of(specs, contract) if column != SUBJECT
    ]
    items += [aliased(_collected(contract, column), collected(column)) for column in _numbers(contract)]
    if SUBJECT in relation.names:
        items.append(aliased(_usubjid(specs, contract), SUBJECT))
    table = plan.warehouse.create(
        f"SELECT row_number() OVER (ORDER BY {order}) - 1 AS _row, {', '.join(items)} FROM {loaded} f"
    )
    if contract.where is not None:
        table = _kept(plan, form, contract, table)
    adopt(plan, relation, table)


def _of(column: str) -> str:
    """A column of the file as it was read."""
    return f"f.{name(column)}"


def _key_order(contract: Contract, column: str) -> str:
    said = contract.columns.get(column)
    if said is not None and str(said.type) in _NUMBERS:
        return f"try_cast({_of(column)} AS DOUBLE) NULLS FIRST, {_of(column)}"
    return f"{_of(column)} NULLS FIRST"


def _usubjid(specs: Specs, contract: Contract) -> str:
    assert specs.study.subject is not None
    shared, own = str(specs.study.subject.column), subject_column(specs, contract)
    if own == SUBJECT:  # the feed names subjects by their unique identifier already
        return f"trim({_of(own)})"
    text = specs.study.subject.usubjid
    return compile_expression(text, lambda _, n: f"trim({_of(own if n == shared else n)})", {}).sql


def _typed(plan: Plan, form: str, contract: Contract, table: str, column: str) -> str:
    said = contract.columns.get(column)
    kind = _NUMBERS.get(str(said.type)) if said is not None else None
    if kind is None:
        return name(column)
    value = (
        f"CASE WHEN {_is_number(contract, column, kind)} THEN try_cast({_with_point(contract, column)} AS {kind}) END"
    )
    tell_broken(plan, form, contract, table, column, Broken(
        "not-a-number", Severity.ERROR, f"{name(column)} IS NOT NULL AND ({value}) IS NULL",
        "is not a number" if kind == "DOUBLE" else "is not a whole number",
    ))  # fmt: skip
    return aliased(value, column)


def _is_number(contract: Contract, column: str, kind: str) -> str:
    """SQL: the text is a number, with the decimal mark that the contract declares and no other."""
    shape = _SHAPES[kind].replace(r"\.", ",") if contract.read.decimal == "," else _SHAPES[kind]
    return f"regexp_full_match(trim({_of(column)}), '{shape}')"


def _with_point(contract: Contract, column: str) -> str:
    text = f"trim({_of(column)})"
    return f"replace({text}, ',', '.')" if contract.read.decimal == "," else text


def _collected(contract: Contract, column: str) -> str:
    """SQL: the text of a number as it was collected; a declared decimal comma is written as a point."""
    if contract.read.decimal != ",":
        return _of(column)
    shaped = _is_number(contract, column, "DOUBLE")
    return f"CASE WHEN {shaped} THEN {_with_point(contract, column)} ELSE {_of(column)} END"


def _refuse_duplicates(plan: Plan, form: str, contract: Contract, table: str, key: list[str]) -> None:
    if not key:
        return
    names = ", ".join(map(name, key))
    groups = f"SELECT {names}, count(*) AS n FROM {table} GROUP BY ALL HAVING n > 1"
    twice = plan.warehouse.rows(f"{groups} ORDER BY {names} LIMIT 1")
    if not twice:
        return
    many = plan.warehouse.one(f"SELECT count(*) FROM ({groups})")
    shown = ", ".join(f"{k}={v}" for k, v in zip(key, twice[0], strict=False))
    same = " AND ".join(f"{name(k)} = {literal(v)}" for k, v in zip(key, twice[0], strict=False))
    others = [column for column in plan.warehouse.types(table) if column not in key]
    counts = ", ".join(f"count(DISTINCT coalesce({name(column)}, ''))" for column in others) or "1"
    spread = plan.warehouse.rows(f"SELECT {counts} FROM {table} WHERE {same}")[0]
    differing = [column for column, count in zip(others, spread, strict=False) if count > 1]
    how = f"they differ in {listed(differing, 5)}" if differing else "they are the same in all columns"
    raise InputError(
        f"form {form}: the key [{', '.join(key)}] is not unique: {many:,} of them stand more than once; "
        f"first: {shown} stands {twice[0][-1]} times; {how}",
        where=f"{contract.file} (contract raw/{form}.yaml)",
        mend="correct the records at their source, or name the columns that tell records apart in key: of the contract",
    )


def _kept(plan: Plan, form: str, contract: Contract, table: str) -> str:
    assert contract.where is not None
    condition = compile_expression(Text(contract.where, contract.where.where), lambda _, n: name(n), {}).sql
    dropped = plan.warehouse.one(f"SELECT count(*) FROM {table} WHERE NOT coalesce({condition}, false)")
    if dropped:
        plan.issues.append(
            Issue(
                dataset=f"raw.{form}",
                rule="raw-records-excluded",
                severity=Severity.NOTE,
                records=dropped,
                text=f"{dropped:,} records are left out by the contract: not ({contract.where})",
                source=contract.where.where or literal(form),
            )
        )
    return plan.warehouse.create(f"SELECT * FROM {table} WHERE {condition} ORDER BY _row")
