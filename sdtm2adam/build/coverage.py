"""Coverage: each column that a contract declares is read by a spec, is housekeeping, or goes nowhere on purpose."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from fnmatch import fnmatchcase

from sdtm2adam.build.node import ROWS, Node
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import name
from sdtm2adam.build.raw_columns import collected, subject_column
from sdtm2adam.errors import SpecError, listed
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec import sql
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.study import Contract

LOST = "raw-column-lost"
CONTRADICTION = "raw-column-contradiction"
Uses = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Form -> column -> who reads it, in words (`AE.AETERM`, `records of AE`)."""


def uses_of(plan: Plan) -> dict[str, dict[str, tuple[str, ...]]]:
    """Who reads each raw column, as the planned nodes of all datasets say.

    A column that records are only compared by, because `dedupe: {by: all}` compares all of them, is not read by that.
    """
    found: dict[str, dict[str, dict[str, None]]] = {}
    for reader in plan.nodes.values():
        for need in reader.needs:
            if need.name == ROWS or not need.relation.key.startswith("raw.") or need in reader.compares:
                continue
            columns = found.setdefault(need.relation.key.removeprefix("raw."), {})
            columns.setdefault(need.name.removesuffix(collected("")), {})[_told(reader)] = None
    return {form: {c: tuple(sorted(who)) for c, who in columns.items()} for form, columns in found.items()}


def unread_columns(specs: Specs, uses: Uses) -> dict[str, list[str]]:
    """The columns of each contract that are declared and read by nobody; forms without such are left out.

    Not lost are: what a spec reads, housekeeping, what is declared not submitted, the subject (it becomes USUBJID),
    the columns of the contract's `where`, and a key of one column, which names the record in the lineage.
    """
    found = {}
    for form, contract in specs.contracts.items():
        spoken_for = {*uses.get(form, {}), *contract.not_submitted, *columns_of_contract(specs, contract)}
        lost = [c for c in contract.columns if c not in spoken_for and not is_housekeeping(specs, c)]
        if lost:
            found[form] = lost
    return found


def columns_of_contract(specs: Specs, contract: Contract) -> set[str]:
    """What the contract itself reads: subject, `where`, and a key of one column."""
    key = [str(column) for column in contract.key]
    return {subject_column(specs, contract), *columns_of_where(contract), *(key if len(key) == 1 else [])} - {""}


def columns_of_where(contract: Contract) -> set[str]:
    """The columns that say which records of a form count and how they are read; none of a condition no one can read."""
    found = {str(column) for column in contract.cutoff if column != "none"}
    for condition in (contract.where, contract.read.decimal_where):
        try:
            found |= {column for _, column in sql.columns(sql.parse(condition))} if condition is not None else set()
        except SpecError:
            continue
    return found


def is_housekeeping(specs: Specs, column: str) -> bool:
    """Whether a column is one of the EDC system that no study submits."""
    return any(fnmatchcase(column, str(pattern)) for pattern in specs.study.housekeeping)


def coverage_issues(specs: Specs, uses: Uses, plan: Plan | None = None) -> list[Issue]:
    """What is lost, and what is used although it is declared to go nowhere.

    Args:
        specs: of the study.
        uses: who reads each raw column.
        plan: after the computation, to count values; None where no data were read.
    """
    lost = [
        _lost(form, column, counts.get(column))
        for form, columns in unread_columns(specs, uses).items()
        for counts in [_filled(plan, form, columns)]
        for column in columns
    ]
    return [*lost, *_contradictions(specs, uses)]


def rows_to_count(plan: Plan, specs: Specs, forms: Container[str]) -> list[Node]:
    """The rows of the forms that have lost columns, so that their values can be counted.

    Args:
        plan: with all nodes that the datasets need.
        specs: of the study.
        forms: those whose file is there.
    """
    lost = unread_columns(specs, uses_of(plan))
    return [plan.rows_node(plan.relations[f"raw.{form}"]) for form in lost if form in forms]


def _filled(plan: Plan | None, form: str, columns: list[str]) -> dict[str, int]:
    """The number of values of each column, among the records the contract takes; empty where they were not read."""
    relation = plan.relations[f"raw.{form}"] if plan else None
    if plan is None or relation is None or not relation.rows:
        return {}
    texts = [collected(column) if collected(column) in relation.types else column for column in columns]
    counts = plan.warehouse.rows(f"SELECT {', '.join(f'count({name(text)})' for text in texts)} FROM {relation.rows}")
    return dict(zip(columns, counts[0], strict=True))


def _lost(form: str, column: str, values: int | None) -> Issue:
    how_many = "" if values is None else f"; {values:,} value{' is' if values == 1 else 's are'} lost"
    return Issue(
        dataset=f"raw.{form}",
        rule=LOST,
        severity=Severity.ERROR,
        variable=column,
        records=values or 0,
        text=f"{form}.{column} is declared and read by no spec{how_many}: map it, or say under not_submitted why not",
        source=f"raw/{form}.yaml",
    )


def _contradictions(specs: Specs, uses: Uses) -> Iterator[Issue]:
    for form, contract in specs.contracts.items():
        for column in contract.not_submitted:
            if readers := uses.get(form, {}).get(column):
                yield Issue(
                    dataset=f"raw.{form}",
                    rule=CONTRADICTION,
                    severity=Severity.ERROR,
                    variable=column,
                    records=0,
                    text=f"{form}.{column} is declared not submitted, and is read by {listed(readers, 3)}: "
                    "take it out of not_submitted, or out of the spec",
                    source=f"raw/{form}.yaml",
                )


def _told(reader: Node) -> str:
    """Who reads, for a person: hidden steps bear the name of their variable."""
    dataset = reader.relation.key.split("/")[0]
    if reader.name == ROWS:
        return f"records of {dataset}"
    if reader.name.startswith("@"):
        return f"lookup {reader.name[1:]} of {dataset}"
    return f"{dataset}.{reader.name.removeprefix('_~').split('~')[0]}"
