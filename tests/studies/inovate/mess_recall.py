"""How much of the planted mess a build reports, normalises and keeps, and what it reports beyond."""

from collections import defaultdict
from dataclasses import dataclass, field

from mess_judges import JUDGES
from messy_study import STUDYID, MessyStudy, Record, named_by

SAID_BY: dict[str, set[str]] = {
    "impossible-date": {"date-unreadable", "raw-date"},
    "end-before-start": {"AE-END-BEFORE-START", "CM-END-BEFORE-START"},
    "unit-mix": {"LB-UNIT-CHANGED"},
    "unit-mix-chemistry": {"LB-UNIT-CHANGED"},
    "unit-wrong": {"unit-missing", "LB-PLAUSIBLE"},
    "text-result": {"LB-RESULT-NOT-A-NUMBER"},
    "duplicate": {"duplicates-dropped"},
    "own-words": {"raw-value"},
    "code-mismatch": {"raw-pair"},
    "wrong-visit": {"LB-VISIT-DATE", "VS-VISIT-DATE", "PR-VISIT-DATE"},
    "death-date": {"AE-FATAL-DATE", "SS-DEAD-DATE", "DS-DEATH-DATE"},
    "after-death": {"LB-AFTER-DEATH", "CM-AFTER-DEATH"},
    "fatal-event": {"AE-FATAL-WITHOUT-FORM", "AE-GRADE5-FATAL"},
    "serious-reason": {"AE-SERIOUS-REASON", "AE-REASON-NOT-SERIOUS"},
    "last-dose": {"DS-LAST-DOSE"},
    "dose-unit": {"EX-INO-DOSE-PLANNED"},
    "screened-twice": {"DM-SCREENED-BEFORE"},
    "central-sample": {"CP-NOT-DONE", "CP-HEMODILUTE", "DM-NO-CENTRAL-CD22"},
    "committee": {"RS-COMMITTEE-DIFFERS"},
    "orphan-subject": {"raw-subject-unknown"},
    "soft-deleted": {"raw-records-excluded"},
    "long-text": {"raw-too-long"},
}
"""The rules that report a kind. One of DM is about the subject of the record; any other must name the record."""

_VISIT_DATES = {"LB-VISIT-DATE", "VS-VISIT-DATE", "PR-VISIT-DATE"}
FOLLOWS: dict[str, set[str]] = {
    **{rule: {"impossible-date"} for rule in _VISIT_DATES},
    "ADSL-LAST-DOSE": {"last-dose", "impossible-date"},
    "DS-LAST-DOSE": {"impossible-date"},
    "DM-DEATH-DATE-CONFLICT": {"death-date", "impossible-date"},
    "DM-NO-CENTRAL-CD22": {"orphan-subject", "impossible-date"},
    "ADSL-RANDOMISATION-DATED": {"impossible-date"},
    "ADSL-DOSE-DATED": {"impossible-date"},
    "ADSL-AFTER-TREATMENT-DATED": {"impossible-date"},
    "ADSL-LAST-ALIVE": {"impossible-date"},
    "ADSL-CAUSE-OF-DEATH": {"fatal-event"},
    "ADSL-DEATH-DATED": {"fatal-event", "impossible-date"},
    "DD-EVENT-NOT-FATAL": {"fatal-event"},
    "SV-DATED-BUT-NOT-MADE": {"wrong-visit"},
    "SS-DEAD-DATE": {"fatal-event", "impossible-date"},
    "DS-DEATH-DATE": {"fatal-event", "impossible-date"},
}
"""What an error makes a rule say of other records of the same subject, and rightly so."""


@dataclass
class Recall:
    """Records planted, and those that were not dealt with as expected."""

    planted: set[Record] = field(default_factory=set)
    missed: set[Record] = field(default_factory=set)

    @property
    def share(self) -> float:
        """The part that was dealt with as expected."""
        return 1 - len(self.missed) / len(self.planted)


def reported(study: MessyStudy) -> dict[str, Recall]:
    """By kind, the records to be reported, and those that no rule of the kind names."""
    records: dict[str, set[Record]] = defaultdict(set)
    subjects: dict[str, set[str]] = defaultdict(set)
    for issue in study.messy.issues:
        for record, who in named_by(issue):
            records[issue.rule].add(record)
            subjects[issue.rule].add(who)
    found: dict[str, Recall] = defaultdict(Recall)
    for line in study.log[study.log["expect"] == "report"].itertuples():
        record = (line.form, line.RECORDID)
        who = study.subject_of.get(record, "")
        said = any(
            record in records[rule] or (rule.startswith("DM-") and who in subjects[rule]) for rule in SAID_BY[line.kind]
        )
        found[line.kind].planted.add(record)
        found[line.kind].missed |= set() if said else {record}
    return found


def as_expected(study: MessyStudy) -> dict[str, Recall]:
    """By kind, the records to be kept or normalised, and those that are not."""
    found: dict[str, Recall] = defaultdict(Recall)
    for line in study.log[study.log["expect"] != "report"].itertuples():
        record = (line.form, line.RECORDID)
        found[line.kind].planted.add(record)
        found[line.kind].missed |= set() if JUDGES[line.kind](study, line) else {record}
    return found


def false_alarms(study: MessyStudy) -> list[tuple[str, Record, str]]:
    """What is said of the messy export and not of the clean one, of records to which nothing was done."""
    before = {(issue.rule, issue.variable, named) for issue in study.clean.issues for named in named_by(issue)}
    planted = {(line.form, line.RECORDID) for line in study.log.itertuples()}
    kinds: dict[str, set[str]] = defaultdict(set)
    for line in study.log.itertuples():
        kinds[study.subject_of.get((line.form, line.RECORDID), "")].add(line.kind)
        if line.kind == "orphan-subject":  # the subject whose record is gone
            kinds[f"{STUDYID}-{line.clean}"].add(line.kind)
    return [
        (issue.rule, record, who)
        for issue in study.messy.issues
        for record, who in named_by(issue)
        if (issue.rule, issue.variable, (record, who)) not in before
        and record not in planted
        and not FOLLOWS.get(issue.rule, set()) & kinds[who or study.subject_of.get(record, "")]
    ]
