"""The study's table of visits: what its lines must be, as SQL, and how its labels are spelled."""

from __future__ import annotations

from dataclasses import replace

from sdtm2adam.build.quoting import literal
from sdtm2adam.build.terminology import Terms
from sdtm2adam.compute.units import as_number
from sdtm2adam.errors import SpecError
from sdtm2adam.spec.codelists import alike
from sdtm2adam.spec.library import Rows, Specs
from sdtm2adam.spec.yaml import Text


def visit_table(specs: Specs, said: Text) -> str:
    """SQL of the planned visits: label, number, name, planned day.

    Raises:
        SpecError: there is no such table, or it lacks a column or lines, has a number that is none, or a label twice.
    """
    rows = _rows(specs, said)
    lines = ", ".join(
        f"({_text(row.get('LABEL'))}, {_number(said, row, 'VISITNUM')}, {_text(row.get('VISIT'))}, "
        f"{_number(said, row, 'VISITDY')})"
        for row in rows
    )
    return f"(VALUES {lines})"


def label_terms(specs: Specs) -> Terms | None:
    """The labels in the spelling of the table: blanks and case do not tell visits apart; others stay as they came."""
    visits = specs.study.visits
    rows = specs.tables.get(("", str(visits.table))) if visits is not None else None
    if visits is None or rows is None:
        return None
    labels = [*(row.get("LABEL") for row in rows), visits.unscheduled]
    known = {str(label): str(label) for label in labels if label is not None}
    terms = Terms.of("VISIT", known, [])
    return replace(terms, closed=False) if terms is not None else None


def _rows(specs: Specs, said: Text) -> Rows:
    rows = specs.tables.get(("", str(said)))
    if rows is None:
        raise SpecError(f"no table {said!r}", where=said.where, mend="add it to tables: of study.yaml")
    if not rows:
        raise SpecError(f"table {said} has no lines", where=said.where, mend="write a line for each planned visit")
    for column in ("LABEL", "VISITNUM", "VISIT"):
        if column not in rows[0]:
            mend = f"its first line must be LABEL,VISITNUM,VISIT,VISITDY and is {','.join(rows[0])}"
            raise SpecError(f"table {said} has no column {column}", where=said.where, mend=mend)
    labels = [alike(str(row["LABEL"])) for row in rows]
    twice = sorted(str(row["LABEL"]) for row, label in zip(rows, labels, strict=True) if labels.count(label) > 1)
    if twice:
        what = f"table {said}: the label {twice[0]} stands twice; blanks and case do not tell labels apart"
        raise SpecError(what, where=said.where, mend="keep one line of it")
    return rows


def _number(said: Text, row: dict[str, str | None], column: str) -> str:
    value = row.get(column)
    if value is not None and as_number(value) is None:
        what = f"table {said}: {column} {value!r} of the visit {row.get('LABEL')} is no number"
        raise SpecError(what, where=said.where, mend="correct the line")
    return f"cast({literal(value)} as double)"


def _text(value: str | None) -> str:
    return f"cast({literal(value)} as varchar)"
