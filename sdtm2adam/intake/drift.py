"""What has changed in a form since the previous transfer, as issues; and what of it no run can go on with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

import pyarrow as pa

from sdtm2adam.compute.iso import DateForms
from sdtm2adam.errors import InputError, Sdtm2adamError, listed
from sdtm2adam.intake.difference import LISTING, MOST_KEYS, Difference, difference, duplicated
from sdtm2adam.intake.renamed import Renamed, renamed_columns
from sdtm2adam.intake.retyped import Retyped, retyped
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec.study import Contract

SHRUNK = 0.05
"""An extract with fewer records than the previous one by more than this share has lost something."""
_KINDS = {"number": "a number", "integer": "a whole number", "date": "a date", "time": "a time",
          "datetime": "a date with time"}  # fmt: skip


@dataclass(frozen=True)
class FormDrift:
    """What has changed in one form: issues, what stops a run, and the listing of all differences."""

    issues: tuple[Issue, ...] = ()
    errors: tuple[Sdtm2adamError, ...] = ()
    listing: pa.Table = field(default_factory=LISTING.empty_table)


@dataclass(frozen=True)
class Form:
    """One form in two transfers.

    `uses` tells who reads each column; `needed` are the columns the contract itself depends on (key, subject,
    condition); `housekeeping` the patterns of columns that are never submitted, whose values are not compared.
    """

    name: str
    contract: Contract
    before: pa.Table
    after: pa.Table
    uses: Mapping[str, Sequence[str]]
    needed: frozenset[str]
    housekeeping: Sequence[str]
    dates: DateForms
    where: str

    def is_apart(self, column: str) -> bool:
        """Whether a column is housekeeping and nobody needs it."""
        named = any(fnmatchcase(column, pattern) for pattern in self.housekeeping)
        return named and column not in self.uses and column not in self.needed

    @property
    def key(self) -> list[str]:
        """The key of the contract, if both transfers have all of it."""
        key = [str(column) for column in self.contract.key]
        there = set(self.before.column_names) & set(self.after.column_names)
        return key if set(key) <= there else []

    def issue(self, rule: str, severity: Severity, text: str, *, column: str = "", records: int = 0,
              keys: Sequence[str] = ()) -> Issue:  # fmt: skip
        """An issue of this form."""
        return Issue(
            dataset=f"raw.{self.name}", rule=rule, severity=severity, text=text, variable=column, records=records,
            keys=tuple(keys), source="data: previous",
        )  # fmt: skip


def compare_form(form: Form) -> FormDrift:
    """All that has changed in a form."""
    if form.before.equals(form.after):
        return FormDrift((_same(form),))
    issues = list(_rows(form))
    errors: list[Sdtm2adamError] = []
    unique, duplicates = _unique_key(form)
    issues += duplicates
    for one in (_columns(form, unique), _types(form)):
        issues += one.issues
        errors += one.errors
    found = _difference(form, unique)
    issues += _of_records(form, found, unique)
    return FormDrift(tuple(issues), tuple(errors), found.listing)


def _same(form: Form) -> Issue:
    return form.issue(
        "raw-extract-same", Severity.NOTE, f"{form.name} is the same as in the previous transfer, value by value",
        records=len(form.after),
    )  # fmt: skip


def _rows(form: Form) -> Iterator[Issue]:
    old, new = len(form.before), len(form.after)
    if old and not new:
        text = f"{form.name} has no record; the previous transfer had {old:,}"
        yield form.issue("raw-extract-empty", Severity.WARNING, text, records=old)
    elif new < (1 - SHRUNK) * old:
        text = f"{form.name} has {new:,} records, {old - new:,} fewer than the previous transfer ({old:,})"
        yield form.issue("raw-extract-shrunk", Severity.WARNING, text, records=old - new)


def _unique_key(form: Form) -> tuple[list[str], list[Issue]]:
    """The key, if it tells records apart in both transfers; and an error where it does not in this one."""
    if not form.key:
        return [], []
    many, keys = duplicated(form.after, form.key)
    if many:
        text = f"{form.name}: {many:,} keys [{', '.join(form.key)}] stand more than once; records cannot be compared"
        return [], [form.issue("raw-key-duplicated", Severity.ERROR, text, records=many, keys=keys)]
    before, keys = duplicated(form.before, form.key)
    if before:
        text = f"{form.name}: {before:,} keys stood more than once in the previous transfer; records are not compared"
        return [], [form.issue("raw-key-duplicated", Severity.WARNING, text, records=before, keys=keys)]
    return form.key, []


def _counted(number: int) -> str:
    return f"{number:,} record{'' if number == 1 else 's'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


# --- columns --------------------------------------------------------------------------------------------------------


def _columns(form: Form, key: Sequence[str]) -> FormDrift:
    """Columns new, gone and renamed."""
    old, now = form.before.column_names, form.after.column_names
    gone = [column for column in old if column not in now]
    new = [column for column in now if column not in old]
    renamed = {one.old: one for one in renamed_columns(form.before, form.after, key, gone, new)}
    issues, errors = [], list[Sdtm2adamError]()
    for column in (column for column in gone if not form.is_apart(column)):
        if column in form.uses or column in form.needed:
            errors.append(_cannot_go_on(form, column, renamed.get(column)))
        else:
            issues.append(_gone(form, column, renamed.get(column)))
    continued = {one.new for one in renamed.values()}
    known = {*form.contract.columns, *form.contract.not_submitted}
    for column in (c for c in new if c not in continued and c not in known and not form.is_apart(c)):
        filled = len(form.after) - form.after[column].null_count
        text = f"{form.name}.{column} is new; {filled:,} values: map it, or declare it in the contract"
        issues.append(form.issue("raw-column-new", Severity.WARNING, text, column=column, records=filled))
    return FormDrift(tuple(issues), tuple(errors))


def _gone(form: Form, column: str, other: Renamed | None) -> Issue:
    filled = len(form.before) - form.before[column].null_count
    if other:
        text = f"{form.name}.{column} is now called {other.new} ({_agree(other)}); no spec reads it"
        return form.issue("raw-column-renamed", Severity.WARNING, text, column=column, records=filled)
    text = f"{form.name}.{column} is gone with {filled:,} values; no spec reads it"
    return form.issue("raw-column-gone", Severity.WARNING, text, column=column, records=filled)


def _agree(other: Renamed) -> str:
    return f"the same in {other.same:,} of {other.compared:,} {other.of}"


def _cannot_go_on(form: Form, column: str, other: Renamed | None) -> InputError:
    readers = form.uses.get(column, ())
    who = f"{listed(list(readers), 3)} read{'s' * (len(readers) == 1)} it" if readers else "its contract needs it"
    if other:
        return InputError(
            f"form {form.name}: the column {column} of the previous transfer is now called {other.new} "
            f"({_agree(other)}), and {who}",
            where=form.where,
            mend=f"ask why it was renamed; then rename it in raw/{form.name}.yaml and in the specs, or in the export",
        )
    return InputError(
        f"form {form.name}: the column {column} of the previous transfer is gone, and {who}",
        where=form.where,
        mend=f"ask for a complete export; or take the column out of raw/{form.name}.yaml and the specs",
    )


# --- types ----------------------------------------------------------------------------------------------------------


def _types(form: Form) -> FormDrift:
    """Columns whose values no longer are what the contract says."""
    issues, errors = [], list[Sdtm2adamError]()
    decimal = str(form.contract.read.decimal)
    there = set(form.before.column_names) & set(form.after.column_names)
    for column, said in form.contract.columns.items():
        if said is None or column not in there:
            continue
        found = retyped(form.before, form.after, column, said, decimal, form.dates)
        if found is None:
            continue
        if _stops(form, found):
            errors.append(_broken(form, found))
        issues.append(_retyped(form, found))
    return FormDrift(tuple(issues), tuple(errors))


def _stops(form: Form, found: Retyped) -> bool:
    """Whether a spec would go on with wrong values: numbers lost, or days that are others."""
    is_number = found.type in ("number", "integer") and found.systematic
    return (is_number or found.misread) and found.column in form.uses


def _broken(form: Form, found: Retyped) -> InputError:
    return InputError(
        f"{_said(form, found)}; {listed(list(form.uses[found.column]), 3)} read"
        f"{'s' * (len(form.uses[found.column]) == 1)} it",
        where=form.where,
        mend=f"ask what has changed in the export; then say so in raw/{form.name}.yaml or in dates: of study.yaml",
    )


def _retyped(form: Form, found: Retyped) -> Issue:
    if found.forms[0]:
        rule = "raw-column-retyped" if found.systematic else "raw-date-form-changed"
        severity = Severity.ERROR if found.systematic else Severity.WARNING
    else:
        rule = "raw-column-retyped" if found.systematic else "raw-value-untyped"
        severity = Severity.ERROR if found.systematic else Severity.WARNING
    return form.issue(rule, severity, _said(form, found), column=found.column, records=found.misfits)


def _said(form: Form, found: Retyped) -> str:
    name, first = f"{form.name}.{found.column}", listed([repr(text) for text in found.examples], 3)
    if found.forms[0]:
        text = f"{name} was written {found.forms[0]} and is now written {found.forms[1]}"
        if not found.misfits:
            return f"{text}; all dates are read as before"
        what = "would be read as another day or not at all" if found.misread else "cannot be read"
        return f"{text}: {found.misfits:,} of {found.filled:,} {what} ({first})"
    few = "" if found.systematic else ", more than in the previous transfer"
    return f"{name}: {found.misfits:,} of {found.filled:,} values are not {_KINDS[found.type]} ({first}){few}"


# --- records --------------------------------------------------------------------------------------------------------


def _difference(form: Form, key: Sequence[str]) -> Difference:
    """The differences of records; none where no key names them."""
    if not key:
        return Difference()
    columns = [
        column
        for column in form.before.column_names
        if column in form.after.column_names and column not in key and not form.is_apart(column)
    ]
    return difference(form.name, form.before, form.after, key, columns)


def _of_records(form: Form, found: Difference, key: Sequence[str]) -> Iterator[Issue]:
    counts = found.counts
    if gone := counts.get("gone", 0):
        text = f"{form.name}: {_counted(gone)} of the previous transfer {_are(gone)} gone"
        yield form.issue("raw-records-gone", Severity.WARNING, text, records=gone, keys=found.keys["gone"])
    if new := counts.get("new", 0):
        text = f"{form.name}: {_counted(new)} {_are(new)} new"
        yield form.issue("raw-records-new", Severity.NOTE, text, records=new, keys=found.keys["new"])
    for column, many in found.by_column.items():
        text = f"{form.name}.{column} has changed in {_counted(many)}"
        keys = found.column_keys[column][:MOST_KEYS]
        yield form.issue("raw-values-changed", Severity.NOTE, text, column=column, records=many, keys=keys)
    if not key and not form.contract.key:
        text = f"{form.name} has no key in its contract: its records are not compared with the previous transfer"
        yield form.issue("raw-no-key", Severity.WARNING, text)
