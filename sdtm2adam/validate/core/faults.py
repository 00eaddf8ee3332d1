"""What was asked of CORE and not answered: never passed, always told, with where and how to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sdtm2adam.errors import listed
from sdtm2adam.model import MOST_KEYS, Issue, Severity
from sdtm2adam.validate.core.answer_words import (
    EXECUTION_ERROR,
    ISSUE_REPORTED,
    SKIPPED,
    SUCCESS,
    CoreReport,
    Trouble,
)
from sdtm2adam.validate.core.asked import AskedFile
from sdtm2adam.validate.core.issues import STUDY

COULD_NOT_RUN = "core-could-not-run"
_OLDEST = (0, 15)
_UNREAD = "the most frequent cause is a byte outside ASCII in the file (`core-not-ascii`): write its text in ASCII"
_NO_REASON = "CORE does not say why"
_MOST_REASON = 200
BY_HAND = "run the same command by hand with `-l debug` (docs/core.md)"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that was not answered. `distrusts`: nothing else of the report is to be believed."""

    dataset: str
    what: str
    mend: str
    distrusts: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What CORE was asked: the standard as CORE calls it, its version with dots, terminology, the files."""

    standard: str
    version: str
    terminology: tuple[str, ...]
    files: tuple[AskedFile, ...]

    @property
    def told(self) -> str:
        """The standard and its version in words."""
        return f"{self.standard.upper()} {self.version}"


def faults_of(report: CoreReport, question: Question) -> list[Fault]:
    """What is wrong with a report that was read, against what was asked."""
    return [
        *_of_question(report, question),
        *_of_datasets(report, question.files),
        *_of_rules(report, question),
        *_of_counts(report),
    ]


def _of_question(report: CoreReport, question: Question) -> list[Fault]:
    """Whether the report answers what was asked, from an engine that tells what failed."""
    faults = []
    if (report.standard.upper(), report.version) != (question.standard.upper(), question.version):
        told = f"{report.standard or 'no standard'} {report.version}".strip()
        what = f"its report is of {told}, asked was {question.told}"
        faults.append(Fault(STUDY, what, f"look what lies at the path given; {BY_HAND}", distrusts=True))
    absent = sorted(set(question.terminology) - set(report.terminology))
    if absent:
        judged = listed(report.terminology) if report.terminology else "none"
        what = f"it judged by the terminology {judged}, not by {listed(absent)}"
        faults.append(Fault(STUDY, what, "a define.xml 2.1 brings its own terminology: ask for the same"))
    parts = tuple(int(part) for part in report.engine.split(".")[:2] if part.isdigit())
    if len(parts) < len(_OLDEST) or parts < _OLDEST:
        what = f"CORE {report.engine or 'of unknown version'} counts rules that failed as skipped or as passed"
        faults.append(Fault(STUDY, what, "install CORE 0.15 or later (docs/core.md)"))
    return faults


def _of_datasets(report: CoreReport, asked: tuple[AskedFile, ...]) -> list[Fault]:
    """Whether exactly the datasets that were given were read, each with all its records."""
    read: Counter[str] = Counter()
    unknown = {name for name, records in report.datasets if records is None}
    for name, records in report.datasets:
        read[name] += records or 0
    given = {one.dataset: one for one in asked}
    faults = [
        Fault(name, f"the file {one.path.name} was not read, so no rule looked at it", _UNREAD)
        for name, one in given.items()
        if name not in read
    ]
    faults += [
        Fault(name, f"{read[name]:,} of {one.records:,} records of {one.path.name} were read", BY_HAND)
        for name, one in given.items()
        if name in read and name not in unknown and read[name] != one.records
    ]
    if "" in read:
        faults.append(Fault(STUDY, "its report has datasets without a name, whose files it could not read", _UNREAD))
    others = sorted(set(read) - set(given) - {""})
    if others:
        what = f"its report is of other datasets than those given: {listed(others)}"
        faults.append(Fault(STUDY, what, f"look what lies at the path given; {BY_HAND}", distrusts=True))
    return faults


def _of_rules(report: CoreReport, question: Question) -> list[Fault]:
    if any(one.status in (SUCCESS, ISSUE_REPORTED) for one in report.rules):
        return []
    states = Counter(one.status.lower() for one in report.rules)
    told = ", ".join(f"{count:,} {state}" for state, count in sorted(states.items())) or "it knows none"
    what = f"no rule ran for {question.told} ({told})"
    return [Fault(STUDY, what, "`core list-rule-sets` shows which standards and versions CORE has rules for")]


def _of_counts(report: CoreReport) -> list[Fault]:
    """Whether all that was found is named."""
    faults = []
    if report.limit not in ("", "0", "None"):
        what = f"CORE stops at {report.limit} issues of a rule, and leaves out records and datasets after that"
        faults.append(Fault(STUDY, what, "take MAX_ERRORS_PER_RULE out of the .env file beside CORE"))
    named = Counter(one.rule for one in report.details)
    named.update(one.rule for one in report.troubles)
    told = {one.rule for one in report.rules}
    skipped = {one.rule for one in report.rules if one.status == SKIPPED}
    short = {rule for rule, count in report.summed if count > named[rule]} - skipped
    short |= {one.rule for one in report.rules if one.status == ISSUE_REPORTED and not named[one.rule]}
    if short:
        what = f"its report counts more issues than it names, for {listed(sorted(short))}"
        faults.append(Fault(STUDY, what, BY_HAND))
    if set(named) - told:
        what = f"its report names issues of rules it does not list: {listed(sorted(set(named) - told))}"
        faults.append(Fault(STUDY, what, BY_HAND))
    return faults


def troubles_of(report: CoreReport) -> tuple[Trouble, ...]:
    """Each rule that could not run, in each dataset where it could not, with the reason."""
    told = {one.rule for one in report.troubles}
    ended = (SUCCESS, ISSUE_REPORTED, SKIPPED)
    untold = [
        Trouble(one.rule, "", _NO_REASON if one.status == EXECUTION_ERROR else f"its state is {one.status!r}")
        for one in report.rules
        if one.status not in ended and one.rule not in told
    ]
    return (*report.troubles, *untold)


def fault_issues(faults: Iterable[Fault], engine: str = "") -> list[Issue]:
    """One error for each dataset, and one for the study."""
    texts: dict[str, list[str]] = {}
    for fault in faults:
        texts.setdefault(fault.dataset, []).append(f"{_sentence(fault.what)} To mend: {fault.mend}.")
    return [
        Issue(
            dataset, COULD_NOT_RUN, Severity.ERROR, f"CDISC CORE: {' '.join(said)}", records=0, source=_source(engine)
        )
        for dataset, said in sorted(texts.items())
    ]


def trouble_issues(report: CoreReport) -> list[Issue]:
    """One error for each dataset: its keys are the rules that could not run there, its values the reasons."""
    found: dict[str, dict[str, str]] = {}
    for one in sorted(troubles_of(report), key=lambda one: (one.dataset, one.rule, one.why)):
        found.setdefault(one.dataset or STUDY, {}).setdefault(one.rule, one.why[:_MOST_REASON])
    return [
        Issue(
            dataset,
            COULD_NOT_RUN,
            Severity.ERROR,
            f"CDISC CORE: {_count(reasons)} of {len(report.rules):,} could not run: {listed(list(reasons))}. What they "
            f"look for has not been looked for. To mend: see the reasons; bytes outside ASCII and missing datasets are "
            f"the most frequent ones, and some rules of CORE have faults of their own: accept these with the reason.",
            records=len(reasons),
            keys=tuple(f"rule {rule}" for rule in list(reasons)[:MOST_KEYS]),
            source=_source(report.engine),
            values=tuple(list(reasons.values())[:MOST_KEYS]),
        )
        for dataset, reasons in sorted(found.items())
    ]


def _count(reasons: dict[str, str]) -> str:
    return f"{len(reasons):,} {'rule' if len(reasons) == 1 else 'rules'}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def _source(engine: str) -> str:
    return f"CDISC CORE {engine}".strip()
