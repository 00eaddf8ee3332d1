"""Which records of a raw form count: those its contract keeps, each once, none after the data cut-off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.build.coded import BLANKS, codes_of
from sdtm2adam.build.contract_checks import Broken, tell_broken
from sdtm2adam.build.functions import compile_expression
from sdtm2adam.build.plan import Plan
from sdtm2adam.build.quoting import literal, name
from sdtm2adam.build.raw_columns import subject_column
from sdtm2adam.build.relation import Relation
from sdtm2adam.compute.iso import DateForms, Unreadable, is_readable
from sdtm2adam.errors import InputError, SpecError, listed, nearest
from sdtm2adam.model import MOST_KEYS, Issue, Severity
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.study import Contract, Study
from sdtm2adam.spec.yaml import Text

_DATES = ("date", "datetime")


def names_in(plan: Plan, contract: Contract, table: str, condition: str) -> tuple[int, tuple[str, ...]]:
    """How many records of a raw table (`f`) meet a condition, and their names by the contract's key."""
    keys = [str(key) for key in contract.key] or list(plan.warehouse.types(table))[:1]
    shown = " || ', ' || ".join(f"{literal(key + '=')} || coalesce(f.{name(key)}, '')" for key in keys)
    order = ", ".join(f"try_cast(f.{name(key)} AS DOUBLE) NULLS LAST, f.{name(key)}" for key in keys)
    count = plan.warehouse.one(f"SELECT count(*) FROM {table} f WHERE {condition}")
    if not count:
        return 0, ()
    rows = plan.warehouse.rows(f"SELECT {shown} FROM {table} f WHERE {condition} ORDER BY {order} LIMIT {MOST_KEYS}")
    return count, tuple(row[0] for row in rows)


def kept_by_contract(plan: Plan, form: str, contract: Contract, table: str, column: Callable[[str], str]) -> str:
    """The records that meet `where`; the others are counted and named. `column` is the SQL of a typed column."""
    assert contract.where is not None
    said = Text(contract.where, contract.where.where)
    condition = compile_expression(said, lambda _, n: column(n), {}).sql
    text = f"are left out by the contract: not ({contract.where})"
    return _without(plan, form, contract, table, f"NOT coalesce({condition}, false)", "raw-records-excluded", text)


def roster_of(plan: Plan, specs: Specs, form: str, contract: Contract) -> Relation:
    """The form that lists the subjects which records of this one may have.

    Raises:
        SpecError: there is no such form, or it or this one has no subjects.
    """
    assert contract.subjects is not None
    listing = str(contract.subjects)
    if listing not in specs.contracts or listing == form:
        mend = nearest(listing, [one for one in specs.contracts if one != form])
        raise SpecError(
            f"form {form}: subjects names no other form {listing}", where=contract.subjects.where, mend=mend
        )
    for one in (form, listing):
        if not subject_column(specs, specs.contracts[one]) or specs.study.subject is None:
            said = f"form {form}: subjects needs forms with subjects, and {one} has none"
            raise SpecError(said, where=contract.subjects.where, mend=f"say subject: of raw/{one}.yaml")
    return plan.relations[f"raw.{listing}"]


def of_known_subjects(plan: Plan, form: str, contract: Contract, table: str, subject: str) -> str:
    """The records of subjects that the form named in `subjects` lists; the others are counted and named.

    A record without a subject is kept: it is told as such. `subject` is the SQL of the unique identifier.
    """
    listing = plan.relations[f"raw.{contract.subjects}"]
    known = f"SELECT USUBJID FROM {listing.rows} WHERE USUBJID IS NOT NULL"
    condition = f"coalesce({subject} NOT IN ({known}), false)"
    text = f"name a subject that {contract.subjects} does not list, and are left out"
    return _without(plan, form, contract, table, condition, "raw-subject-unknown", text, Severity.ERROR)


def cutoff_errors(study: Study, form: str, contract: Contract) -> list[SpecError]:
    """What is wrong with the data cut-off of a form: every form that has dates says by which it is cut, or `none`."""
    place = f"raw/{form}.yaml"
    dated = [column for column, said in contract.columns.items() if said is not None and said.type in _DATES]
    if study.cutoff_rule is not None and study.cutoff is None:
        where = "study.yaml"
        return [SpecError("cutoff_rule without cutoff", where=where, mend="say the day: cutoff: 2016-03-08")]
    wrong = [column for column in contract.cutoff if column != "none" and column not in contract.columns]
    if wrong:
        mend = nearest(str(wrong[0]), contract.columns)
        return [SpecError(f"form {form}: cutoff names no column {wrong[0]}", where=wrong[0].where or place, mend=mend)]
    if study.cutoff_rule is not None and dated and not contract.cutoff:
        said = f"form {form} has dates, and says not by which of them its records are cut off"
        return [SpecError(said, where=place, mend=f"add cutoff: {dated[0]}, or cutoff: none")]
    return []


def before_cutoff(plan: Plan, study: Study, form: str, contract: Contract, table: str) -> str:
    """The records up to the data cut-off, by the study's rule; the later ones are counted and named.

    A record is dated by the first of the contract's `cutoff` columns that has a value. A partial date counts as the
    first or the last day it may be (`cutoff_rule`); a record without a readable date is kept.
    """
    columns = [str(column) for column in contract.cutoff if column != "none"]
    if study.cutoff_rule is None or study.cutoff is None or not columns:
        return table
    forms = DateForms(tuple(map(str, study.dates.formats)), tuple(map(str, study.dates.missing)), study.dates.century)
    value = f"coalesce({', '.join(f'''nullif(trim(f.{name(column)}), '')''' for column in columns)})"
    said = [row[0] for row in plan.warehouse.rows(f"SELECT DISTINCT {value} FROM {table} f WHERE {value} IS NOT NULL")]
    last = str(study.cutoff)[:10]
    later = sorted(text for text in said if _day(text, forms, first=study.cutoff_rule == "earliest") > last)
    if not later:
        return table
    late = plan.warehouse.register(pa.table({"text": pa.array(later, pa.string())}))
    condition = f"coalesce({value} IN (SELECT text FROM {late}), false)"
    text = f"are dated after the data cut-off {last} by {' or '.join(columns)} (rule: {study.cutoff_rule} possible day)"
    return _without(plan, form, contract, table, condition, "after-cutoff", text)


def check_dates(plan: Plan, specs: Specs, form: str, contract: Contract, table: str, frame: pa.Table) -> None:
    """Tells what is no date or time in the columns that a contract declares as such, whoever reads them.

    A date is one if any form of date reads it that the study or a variable of its specs declares. `frame` has the
    texts of the records, coded.
    """
    readers = _forms(specs)
    for column, said in contract.columns.items():
        if said is None or said.type not in (*_DATES, "time"):
            continue
        value = f"trim(replace(f.{name(column)}, chr(160), ' '))"
        trimmed = pc.utf8_trim(pc.replace_substring(codes_of(frame[column]).dictionary, "\xa0", " "), BLANKS)
        texts = [text for text in pc.unique(trimmed).to_pylist() if text]
        if said.type == "date":
            _tell_times(plan, form, contract, table, column, [t for t in texts if _has_time(t, readers)])
        wrong = sorted(text for text in texts if not is_readable(text, readers, is_time=said.type == "time"))
        if not wrong:
            continue
        listed_texts = plan.warehouse.register(pa.table({"text": pa.array(wrong, pa.string())}))
        what = f"is no {'time' if said.type == 'time' else 'date'} that a declared form reads"
        condition = f"{value} IN (SELECT text FROM {listed_texts})"
        tell_broken(plan, form, contract, table, column, Broken("raw-date", Severity.WARNING, condition, what))


def _has_time(text: str, readers: list[DateForms]) -> bool:
    for reader in readers:
        try:
            return "T" in (reader.iso(text) or "")
        except Unreadable:
            continue
    return False


def _tell_times(plan: Plan, form: str, contract: Contract, table: str, column: str, texts: list[str]) -> None:
    """One issue for a column of dates that has times: a workbook often adds 00:00:00, which nobody collected."""
    if not texts:
        return
    listed_texts = plan.warehouse.register(pa.table({"text": pa.array(sorted(texts), pa.string())}))
    own = [str(key) for key in contract.key] or [column]
    shown = " || ', ' || ".join(f"{literal(key + '=')} || coalesce(f.{name(key)}, '')" for key in own)
    count, keys = plan.warehouse.rows(
        f"SELECT count(*), list({shown} ORDER BY {', '.join(f'f.{name(key)}' for key in own)})[1:{MOST_KEYS}] "
        f"FROM {table} f WHERE trim(replace(f.{name(column)}, chr(160), ' ')) IN (SELECT text FROM {listed_texts})"
    )[0]
    text = (
        f"{form}.{column}: {count:,} dates have a time, as {min(texts)!r}, and the contract says date: the time goes "
        f"on into SDTM; say datetime if it was collected, else take the date alone by left({column}, 10) in the spec"
    )
    plan.issues.append(
        Issue(
            dataset=f"raw.{form}", rule="raw-date-time", severity=Severity.WARNING, variable=column,
            value=texts[0] if len(texts) == 1 else "", records=count, keys=tuple(keys), text=text,
            source=f"raw/{form}.yaml",
        )
    )  # fmt: skip


def _forms(specs: Specs) -> list[DateForms]:
    """The forms of dates of the study, and those that single variables declare."""
    dates = specs.study.dates
    return [DateForms(formats, tuple(map(str, dates.missing)), dates.century) for formats in specs.date_forms]


def _day(text: str, forms: DateForms, *, first: bool) -> str:
    """The first or last day a raw date may be, as ISO 8601; empty for what is no date."""
    try:
        iso = forms.iso(text) or ""
    except Unreadable:
        return ""
    if len(iso) >= 10 and "---" not in iso:
        return iso[:10]
    year, month = iso[:4], iso[5:7].strip("-")
    if not year or (month and len(iso) != 7):  # unknown, or a day of an unknown month
        return f"{year}-01-01" if year and first else f"{year}-12-31" if year else ""
    if first:
        return f"{year}-{month or '01'}-01"
    following = date(int(year) + (month in ("", "12")), int(month or 12) % 12 + 1, 1)
    return (following - timedelta(days=1)).isoformat()


def _without(
    plan: Plan,
    form: str,
    contract: Contract,
    table: str,
    condition: str,
    rule: str,
    text: str,
    severity: Severity = Severity.NOTE,
) -> str:
    count, keys = names_in(plan, contract, table, condition)
    if not count:
        return table
    plan.issues.append(
        Issue(
            dataset=f"raw.{form}",
            rule=rule,
            severity=severity,
            records=count,
            keys=keys,
            text=f"{count:,} records {text}",
            source=f"raw/{form}.yaml",
        )
    )
    return plan.warehouse.create(f"SELECT * FROM {table} f WHERE NOT ({condition})")


def refuse_duplicates(plan: Plan, form: str, contract: Contract, table: str) -> None:
    """Each key names one record.

    Raises:
        InputError: a key stands more than once.
    """
    key = [str(column) for column in contract.key]
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
