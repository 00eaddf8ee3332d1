"""Where findings stand, compared with those of the cut before: new, still open, changed, resolved or accepted.

Only what was looked at again can be resolved. A finding of the cut before that is not met now stays open, and its text
says why, where its rule did not run on its dataset, and where the issue has more records than it names.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from sdtm2adam.model import Issue, Severity
from sdtm2adam.model.finding import Finding, State
from sdtm2adam.validate.life.accepted import RULES, Accepted, apply_accepted
from sdtm2adam.validate.life.findings import NOT_NAMED, finding_id, findings_of, in_order, text_of_rest
from sdtm2adam.validate.told_once import rules_of

OPEN_STATES = frozenset({State.NEW, State.OPEN, State.CHANGED})

ALL = "*"

_WEIGHT = {Severity.NOTE: 0, Severity.WARNING: 1, Severity.ERROR: 2}
_EARLIER = " (open since an earlier cut; {})"
_NOT_CHECKED = _EARLIER.format("its rule did not run on this one")
_NOT_THERE = _EARLIER.format("its dataset or variable is not there now")
_NOT_ASKED = _EARLIER.format("its stage was not checked now")
_NOT_TOLD = _EARLIER.format("the issue has more records now than it names")


@dataclass(frozen=True, slots=True)
class Ran:
    """Which rules ran on which datasets, as pairs of rule and dataset; `*` stands for all of either.

    `did_not` takes out of `did` what could not run: `Ran(did={("*", "*")}, did_not={("CORE-000123", "*")})`. What is in
    none of the two did not run. `not_there` has the datasets that are gone or cannot be read, as `("AE", "")`, and the
    variables that are gone, as `("AE", "AESEV")`; `not_asked` has the datasets of other stages than the one told.
    """

    did: frozenset[tuple[str, str]] = frozenset()
    did_not: frozenset[tuple[str, str]] = frozenset()
    not_there: frozenset[tuple[str, str]] = frozenset()
    not_asked: frozenset[str] = frozenset()

    @classmethod
    def of(cls, did: Collection[tuple[str, str]], did_not: Collection[tuple[str, str]] = ()) -> Ran:
        """From pairs of rule and dataset."""
        return cls(frozenset(did), frozenset(did_not))

    def covers(self, rule: str, dataset: str) -> bool:
        """Whether a rule ran on a dataset."""
        named = {(rule, dataset), (rule, ALL), (ALL, dataset), (ALL, ALL)}
        return bool(named & self.did) and not named & self.did_not

    def why_not(self, one: Finding) -> str:
        """Why nobody looked again at what a finding tells, as its text says it; empty where somebody did.

        A finding without a record tells of a variable that may have been missing then as well.
        """
        if (one.dataset, "") in self.not_there or (one.key and (one.dataset, one.variable) in self.not_there):
            return _NOT_THERE
        if one.dataset in self.not_asked:
            return _NOT_ASKED
        return "" if self.covers(one.rule, one.dataset) else _NOT_CHECKED


@dataclass(frozen=True, slots=True)
class Life:
    """Findings with their states, in order; and issues about the accepted ones, which are among the findings too."""

    findings: tuple[Finding, ...]
    issues: tuple[Issue, ...] = ()

    @property
    def open(self) -> tuple[Finding, ...]:
        """Those that are neither resolved nor accepted."""
        return still_open(self.findings)


def compare_findings(
    now: Sequence[Finding],
    before: Sequence[Finding],
    accepted: Accepted | None = None,
    *,
    ran: Ran,
    gates: Collection[tuple[str, str]] = (),
) -> Life:
    """The findings of this cut with their states, and those of the cut before that are not met any more.

    A finding is new where the cut before does not have it or had it resolved; changed where the record has another
    value, with the former one as `before`; else still open. One of the cut before that is gone is resolved: it stays in
    this cut's list with what the record had as `before`, and is in no later one.

    Args:
        now: from `findings_of`.
        before: of the cut before, as they were written then; none for the first cut.
        accepted: what the study leaves as it is.
        ran: which rules ran on which datasets in this cut.
        gates: pairs of dataset and rule whose gate is broken (`Report.gates_broken`): an error there is never accepted.
    """
    known = {one.id: one for one in before}
    met = {one.id for one in now}
    earlier = [one for one in before if one.state is not State.RESOLVED]
    moved = _moved(now, [one for one in earlier if one.id not in met])
    found = [_compared(one, known.get(one.id) or moved.get(one.id)) for one in now]
    gone = met | {one.id for one in moved.values()}
    found += [_gone(one, met, ran) for one in earlier if one.id not in gone and one.rule not in RULES]
    found, issues = apply_accepted(found, accepted or Accepted(), frozenset(gates))
    told = [_compared(one, known.get(one.id)) for one in findings_of(issues, {})]
    of_entries = {one.id for one in told}
    done = [_resolved(one) for one in earlier if one.rule in RULES and one.id not in of_entries]
    return Life(in_order([*found, *told, *done]), issues)


def _moved(now: Sequence[Finding], gone: Sequence[Finding]) -> dict[str, Finding]:
    """What a record was told under a rule that another check stands for in this cut, by the id of the new finding."""
    told = {(one.rule, one.dataset, one.key): one for one in gone if one.key}
    return {
        one.id: told[rule, one.dataset, one.key]
        for one in now
        if "; " in one.source
        for rule in sorted(rules_of(one.source), reverse=True)
        if (rule, one.dataset, one.key) in told
    }


def _compared(one: Finding, before: Finding | None) -> Finding:
    if before is None or before.state is State.RESOLVED:
        return one
    if before.value != one.value:
        return replace(one, state=State.CHANGED, before=before.value)
    return replace(one, state=State.OPEN)


def _gone(one: Finding, met: set[str], ran: Ran) -> Finding:
    """A finding of the cut before that is not met in this one."""
    if why := ran.why_not(one):
        return _kept(one, why)
    if one.key and finding_id(one.rule, one.dataset, one.variable, NOT_NAMED) in met:
        return _kept(one, _NOT_TOLD)
    return _resolved(one)


def _kept(one: Finding, why: str) -> Finding:
    return replace(one, state=State.OPEN, before="", accepted=None, text=_first_text(one) + why)


def _resolved(one: Finding) -> Finding:
    """Of one that was accepted it still says by whom: its query was never asked, or was taken back then."""
    return replace(one, state=State.RESOLVED, before=one.value, value="", text=_first_text(one))


def _first_text(one: Finding) -> str:
    text = one.text
    for why in (_NOT_CHECKED, _NOT_THERE, _NOT_ASKED, _NOT_TOLD):
        text = text.removesuffix(why)
    return text


def still_open(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings that are neither resolved nor accepted."""
    return tuple(one for one in findings if one.state in OPEN_STATES)


def count_open(findings: Sequence[Finding]) -> dict[Severity, int]:
    """How many findings of each severity are still open."""
    open_ = [one.severity for one in still_open(findings)]
    return {severity: open_.count(severity) for severity in Severity}


def exit_code(findings: Sequence[Finding], fail_at: Severity) -> int:
    """1 if a finding that is still open weighs as much as `fail_at`, else 0."""
    return int(any(_WEIGHT[one.severity] >= _WEIGHT[fail_at] for one in still_open(findings)))


def issues_still_open(issues: Sequence[Issue], findings: Sequence[Finding]) -> tuple[Issue, ...]:
    """Issues without the records whose findings are accepted; an issue of which nothing is left is gone.

    What a FINAL report is refused for: the errors among these. Findings of earlier cuts whose rules did not run are
    open as well and are no issues of this cut: `still_open` has them.

    Args:
        issues: those that the findings were made of.
        findings: of `compare_findings`.
    """
    closed = {
        (one.rule, one.dataset, one.variable, one.severity, one.key, one.text)
        for one in findings
        if one.state is State.ACCEPTED
    }
    if not closed:
        return tuple(issues)
    return tuple(left for issue in issues for left in _left(issue, closed))


def _left(issue: Issue, closed: set[tuple[str, str, str, Severity, str, str]]) -> list[Issue]:
    what = (issue.rule, issue.dataset, issue.variable, issue.severity)
    rest = max(issue.records - len(issue.keys), 0)
    rest_closed = (*what, "", text_of_rest(issue)) in closed
    if not issue.keys:
        return [] if rest_closed else [issue]
    kept = [place for place, key in enumerate(issue.keys) if (*what, key, issue.text) not in closed]
    records = len(kept) + (0 if rest_closed else rest)
    if records == 0:
        return []
    return [
        replace(
            issue,
            records=records,
            keys=tuple(issue.keys[place] for place in kept),
            values=tuple(issue.values[place] for place in kept if place < len(issue.values)),
            queries=tuple(issue.queries[place] for place in kept if place < len(issue.queries)),
        )
    ]
