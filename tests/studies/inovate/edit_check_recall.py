"""What the edit checks say of the clean and of the messy export of one trial, and how much of it is true."""

import re
from collections import defaultdict
from collections.abc import Iterable

import pyarrow as pa
from messy_study import STUDYID, MessyStudy, Record

from sdtm2adam.model.finding import Finding
from sdtm2adam.resources import shelf
from sdtm2adam.validate.life.findings import findings_of
from sdtm2adam.validate.sql.check import Check, read_edit_checks
from sdtm2adam.validate.sql.run import NOT_RUN, run_checks

BUNDLED = shelf("validation") / "edit_checks"
OWN = shelf("specs") / "inovate" / "validation" / "edit_checks"

REPORT = "report"

FELT_ELSEWHERE = {
    "impossible-date", "death-date", "fatal-event", "after-death", "wrong-visit", "end-before-start", "last-dose",
    "dose-unit", "soft-deleted", "own-words",
}  # fmt: skip
"""Kinds whose errors make other records of the same subject disagree with the one that is wrong."""


def edit_checks() -> tuple[Check, ...]:
    """The edit checks of a run of the trial: the bundled ones and the study's own."""
    return read_edit_checks(BUNDLED, OWN)


def said(study: MessyStudy, which: str) -> tuple[Finding, ...]:
    """What edit checks say of the clean or of the messy build, one finding a record; all of them ran or had no data."""
    built = getattr(study, which)
    found = run_checks(edit_checks(), built.datasets, raw=built.raw, raw_keys=built.raw_keys)
    assert not [(one.check.id, one.why) for one in found.ran if one.state == NOT_RUN]
    return findings_of(found.issues, built.datasets, built.raw_keys)


def weighty(findings: Iterable[Finding]) -> list[Finding]:
    """Findings that are no notes."""
    return [one for one in findings if one.severity != "note"]


def records_of(study: MessyStudy) -> int:
    """How many records the messy export has."""
    tables: Iterable[pa.Table] = study.messy.raw.values()
    return sum(table.num_rows for table in tables)


def named(findings: Iterable[Finding], planted: Iterable[Record]) -> set[Record]:
    """The planted records that findings name: by number anywhere, in feeds by the parts of their keys."""
    numbers: set[str] = set()
    feeds: dict[str, list[set[str]]] = defaultdict(list)
    for one in findings:
        parts = _parts(one)
        numbers |= {part for part in parts if part.isdigit()}
        for form in {one.dataset, *(f"raw.{name.partition(' ')[0]}" for name in one.raw)}:
            feeds[form].append(parts)
    return {
        (form, key)
        for form, key in planted
        if key in numbers or (not key.isdigit() and any(set(key.split("/")) <= parts for parts in feeds[f"raw.{form}"]))
    }


def _parts(one: Finding) -> set[str]:
    """The values of the keys that a finding names: its own, those of its raw records, those that it shows."""
    text = ", ".join((one.key, one.value, *one.raw)).replace(f"{STUDYID}-", "")
    shown = re.findall(r"(?:RECORDID|USUBJID|Accession|ACCNO|CYCLE|SUBJ)=([^,;]+)", text)
    return {part.strip() for part in shown}


def false_alarms(study: MessyStudy, findings: Iterable[Finding]) -> list[Finding]:
    """Findings that name no record with an error, of subjects without one that other records would show."""
    errors = study.log[study.log["expect"] == REPORT]
    wrong: set[Record] = set(zip(errors["form"], errors["RECORDID"], strict=True))
    felt = errors[errors["kind"].isin(FELT_ELSEWHERE)]
    subjects = {study.subject_of.get(record, "") for record in zip(felt["form"], felt["RECORDID"], strict=True)}
    return [one for one in findings if not named([one], wrong) and (one.subject or "?") not in subjects]
