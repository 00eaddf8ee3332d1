"""ADRS derived a second time, subject by subject, from the definitions of the trial.

Remission is CR or CRi before new anticancer therapy and transplant. Residual disease counts among responders, from
remission to the end of treatment, and is negative if any measurement is; one that was never measured is not negative.
"""

import re
from dataclasses import dataclass
from datetime import date

from second_subject import EVALUATORS, Record, Settings, Subject, first_of

RANK = ["CR", "CRi", "PR", "TREATMENT FAILURE", "PD", "RELAPSED DISEASE FROM CR", "INDETERMINATE RESPONSE", "NE"]
CYCLE = re.compile(r"C(\d)D\d+$")
"""Visits of the days of a cycle."""
VALUE = {answer: rank for rank, answer in enumerate([*RANK, "MISSING"], start=1)}
VALUE |= {"N": 0, "Y": 1, "NEGATIVE": 1, "POSITIVE": 2}


@dataclass(frozen=True)
class Row:
    """One record of ADRS."""

    usubjid: str
    parameter: str
    day: date | None
    answer: str
    value: float | None
    flag: str
    seq: int | None = None


def row(subject: Subject, parameter: str, answer: str, day: date | None = None, seq: int | None = None) -> Row:
    value = VALUE.get(answer)
    return Row(subject.usubjid, parameter, day, answer, None if value is None else float(value), "Y", seq)


def derive_responses(subject: Subject, settings: Settings) -> list[Row]:
    """All records of ADRS of one subject."""
    made = []
    for by in EVALUATORS:
        made += assessments(subject, by)
        if by == "INV" or subject.first_randomised:
            made += best_responses(subject, by, settings)
    return made + failures(subject, settings)


def counted(subject: Subject, by: str) -> list[Record]:
    """The assessments that may be the best response: one a day, the last, before any other treatment."""
    stop = min((d for d in (subject.new_therapy, transplanted(subject)) if d), default=date.max)
    if subject.randomised is None:
        return []
    days: dict[date, Record] = {}
    for each in sorted(subject.answers[by], key=lambda r: r.seq):
        if each.day and subject.randomised <= each.day < stop:
            days[each.day] = each
    return [days[day] for day in sorted(days)]


def transplanted(subject: Subject) -> date | None:
    return subject.transplant.day if subject.transplant else None


def assessments(subject: Subject, by: str) -> list[Row]:
    """Each assessment as it was made."""
    fit = counted(subject, by)
    return [
        Row(subject.usubjid, f"OVR{by}", a.day, a.says, float(VALUE[a.says]), "Y" if a in fit else "", a.seq)
        for a in subject.answers[by]
    ]


def remission(subject: Subject, by: str, settings: Settings) -> Record | None:
    """The first CR or CRi."""
    return next((a for a in counted(subject, by) if a.says in settings["REMISSION"]), None)


def best(subject: Subject, by: str) -> Record | None:
    """The best answer, dated by the first day on which it was given."""
    return min(counted(subject, by), key=lambda a: (RANK.index(a.says), a.day), default=None)


def best_responses(subject: Subject, by: str, settings: Settings) -> list[Row]:
    """Best response, remission of either kind, its cycle, and residual disease."""
    top, first = best(subject, by), remission(subject, by, settings)
    made = [dated(subject, f"BOR{by}", top, top.says) if top else row(subject, f"BOR{by}", "MISSING")]
    made.append(yes_or_no(subject, f"CRCRI{by}", first))
    for parameter, answer in ((f"CR{by}", "CR"), (f"CRI{by}", "CRi")):
        made.append(yes_or_no(subject, parameter, top if top and top.says == answer else None))
    if first:
        made.append(cycle(subject, f"RCYC{by}", first))
        made += residual_disease(subject, by, first, settings)
    return made


def dated(subject: Subject, parameter: str, record: Record, answer: str) -> Row:
    return row(subject, parameter, answer, record.day, record.seq)


def yes_or_no(subject: Subject, parameter: str, record: Record | None) -> Row:
    return dated(subject, parameter, record, "Y") if record else row(subject, parameter, "N")


def cycle(subject: Subject, parameter: str, first: Record) -> Row:
    """The number of the cycle of the last dose up to the day of remission."""
    given = [dose for dose in subject.doses if CYCLE.match(dose.says) and dose.day and dose.day <= first.day]
    last = given[-1] if given else None
    number = float(CYCLE.match(last.says).group(1)) if last else None
    return Row(subject.usubjid, parameter, first.day, "", number, "Y")


def residual_disease(subject: Subject, by: str, first: Record, settings: Settings) -> list[Row]:
    """The status of a responder, and whether it counts as negative."""
    until = subject.treatment_end if subject.treated else None
    window = [m for m in subject.mrd if m.day and first.day <= m.day and (until is None or m.day <= until)]
    for answer in ("NEGATIVE", "POSITIVE"):
        found = next((m for m in window if m.says == answer), None)
        if found:
            status = dated(subject, f"MRDS{by}", found, answer)
            if answer == "NEGATIVE":
                return [status, dated(subject, f"MRD{by}", found, "Y")]
            return [status, row(subject, f"MRD{by}", "N", seq=found.seq)]
    return [row(subject, f"MRDS{by}", "MISSING"), row(subject, f"MRD{by}", settings["MRD_UNKNOWN"])]


def failures(subject: Subject, settings: Settings) -> list[Row]:
    """Progression and relapse by investigator, therapy or transplant without remission, the last valid assessment."""
    after = [a for a in subject.answers["INV"] if a.day and subject.randomised and a.day >= subject.randomised]
    made = []
    for parameter, answers in (
        ("PD", settings["RELAPSE"]),
        ("PROG", ["PD"]),
        ("RELAPSE", ["RELAPSED DISEASE FROM CR"]),
    ):
        made.append(yes_or_no(subject, parameter, first_of(a for a in after if a.says in answers)))
    if remission(subject, "INV", settings) is None:
        for parameter, record in (("NEWIND", subject.induction), ("HSCTNOCR", subject.transplant)):
            made.append(row(subject, parameter, "Y", record.day) if record else row(subject, parameter, "N"))
    last = last_valid(subject, settings)
    return [*made, dated(subject, "LSTA", last, last.says)] if last else made


def valid_assessments(subject: Subject, settings: Settings) -> list[Record]:
    """The investigator's assessments from randomisation on that say something."""
    valid = [a for a in subject.answers["INV"] if a.day and a.says not in settings["NOT_VALID"]]
    return [a for a in valid if subject.randomised and a.day >= subject.randomised]


def last_valid(subject: Subject, settings: Settings) -> Record | None:
    """The last of them."""
    return max(valid_assessments(subject, settings), key=lambda a: (a.day, a.seq), default=None)
