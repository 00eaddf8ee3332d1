"""ADTTE derived a second time, subject by subject, from the definitions of the trial.

Survival runs from randomisation to death. Progression-free survival ends with relapse, progression, deterioration,
death, and by the trial's own definition with new induction therapy or transplant without remission; it is censored at
the last valid assessment. A time counts its first day.
"""

from dataclasses import dataclass
from datetime import date

from second_responses import best, last_valid, remission, transplanted, valid_assessments
from second_subject import Record, Settings, Subject, after, earliest, first_of

WRITTEN_FOR = {
    "OS_CENSORS": ["WITHDREW", "LOST", "ALIVE"],
    "PFS_CENSORS": ["LEFT", "NOEVENT", "START"],
    "DOR_CENSORS": ["LEFTREM", "INREM"],
    "DORHSCT_CENSORS": ["TOHSCT", "LEFTREM", "INREM"],
    "TTR_CENSORS": ["LEFT", "NORESP", "START"],
    "HSCT_CENSORS": ["DIED", "WITHDREW", "LOST", "NOHSCT"],
    "VOD_CENSORS": ["DIED", "WITHDREW", "LOST", "NOVOD", "VODEND"],
}
"""Where times are censored is written out below; a study that says otherwise needs another derivation."""

KINDS = {
    "RELAPSE": "Relapse from CR/CRi", "PD": "Progressive disease", "DEATH": "Death",
    "DETER": "Discontinued for global deterioration", "NEWIND": "New induction therapy without CR/CRi",
    "HSCTNOCR": "HSCT without CR/CRi",
}  # fmt: skip


@dataclass(frozen=True)
class Source:
    """The record of an analysis dataset that gives a date: of ADRS by parameter, of others by sequence number."""

    dataset: str
    variable: str
    parameter: str = ""
    seq: int | None = None


@dataclass(frozen=True)
class End:
    """How a time ends."""

    day: date
    censored: int
    says: str
    source: Source


@dataclass(frozen=True)
class Time:
    """One record of ADTTE."""

    usubjid: str
    parameter: str
    start: date
    end: End

    @property
    def days(self) -> int:
        return (self.end.day - self.start).days + 1


def of_adsl(variable: str) -> Source:
    return Source("ADSL", variable)


def of_adrs(parameter: str, seq: int | None = None) -> Source:
    return Source("ADRS", "ADT", parameter, seq)


def derive_times(subject: Subject, settings: Settings) -> list[Time]:
    """All records of ADTTE of one subject."""
    assert {name: settings[name] for name in WRITTEN_FOR} == WRITTEN_FOR
    made = [*survival(subject), *to_transplant(subject), *to_occlusion(subject, settings)]
    if subject.randomised is None:
        return made
    start = subject.randomised
    for parameter, events in (("PFS", settings["PFS_EVENTS"]), ("PFSSTD", settings["PFSSTD_EVENTS"])):
        event = first_event(failures(subject, events, start, settings))
        made.append(
            Time(subject.usubjid, parameter, start, event or at_assessment(subject, settings, "No event at cut-off"))
        )
    first = remission(subject, "INV", settings)
    event = End(first.day, 0, "CR/CRi", of_adrs("CRCRIINV")) if first else None
    end = event or at_assessment(subject, settings, "No CR/CRi at last assessment")
    made.append(Time(subject.usubjid, "TTR", start, end))
    return made + durations(subject, first, settings)


def first_event(events: list[End]) -> End | None:
    """The earliest; of several on that day the one named first."""
    return min(events, key=lambda e: e.day, default=None)


def failures(subject: Subject, names: list[str], start: date, settings: Settings) -> list[End]:
    """What ends a time without progression from a day on, in the order of names."""
    refractory = remission(subject, "INV", settings) is None
    found: dict[str, tuple[Record | None, Source]] = {}
    for name, answer in (("RELAPSE", "RELAPSED DISEASE FROM CR"), ("PD", "PD")):
        record = first_of(a for a in subject.answers["INV"] if a.says == answer and a.day and a.day >= start)
        found[name] = record, of_adrs("OVRINV", record.seq if record else None)
    worse = first_of(r for r in subject.deterioration if r.day and r.day >= start)
    found["DETER"] = worse, Source("DS", "DSSTDTC", seq=worse.seq if worse else None)
    found["NEWIND"] = subject.induction if refractory else None, of_adrs("NEWIND")
    found["HSCTNOCR"] = subject.transplant if refractory else None, of_adrs("HSCTNOCR")
    found["DEATH"] = Record(subject.death, 0), of_adsl("DTHDT")
    ends = []
    for name in names:
        record, source = found[name]
        if record and record.day and record.day >= start:
            ends.append(End(record.day, 0, KINDS[name], source))
    return ends


def at_assessment(subject: Subject, settings: Settings, why: str) -> End:
    """Censored at the last valid assessment, or on the first day if there is none."""
    last = last_valid(subject, settings)
    if last is None:
        assert subject.randomised is not None
        return End(subject.randomised, 2, "No adequate assessment", of_adsl("RANDDT"))
    return End(last.day, 1, "Withdrew/lost before event" if subject.left else why, of_adrs("LSTA"))


def durations(subject: Subject, first: Record | None, settings: Settings) -> list[Time]:
    """Duration of remission: of all responders, by best response, and with follow-up that stops at transplant."""
    if first is None:
        return []
    start, top, last = first.day, best(subject, "INV"), last_valid(subject, settings)
    event = first_event(failures(subject, settings["DOR_EVENTS"], start, settings))
    why = "Withdrew/lost in remission" if subject.left else "In remission at cut-off"
    assessed = End(last.day, 1, why, of_adrs("LSTA"))
    made = [Time(subject.usubjid, "DOR", start, event or assessed)]
    made.append(Time(subject.usubjid, {"CR": "DORCR", "CRi": "DORCRI"}[top.says], start, event or assessed))
    graft = transplanted(subject)
    if graft and not (event and event.day <= graft):
        seen = [a for a in valid_assessments(subject, settings) if start <= a.day <= graft]
        latest = min((a for a in seen if a.day == max(b.day for b in seen)), key=lambda a: a.seq, default=None)
        if latest is None:
            return made
        stopped = End(latest.day, 1, "HSCT", of_adrs("OVRINV", latest.seq))
        return [*made, Time(subject.usubjid, "DORHSCT", start, stopped)]
    return [*made, Time(subject.usubjid, "DORHSCT", start, event or assessed)]


def last_contact(subject: Subject, why: str, day: date | None = None) -> End | None:
    """Censored where the subject was last known alive."""
    day = day or subject.last_alive
    return End(day, 1, subject.left or why, of_adsl("LSTALVDT")) if day else None


def survival(subject: Subject) -> list[Time]:
    """Overall survival, from randomisation and from transplant."""
    graft = transplanted(subject)
    made = []
    for parameter, start in (("OS", subject.randomised), ("OSHSCT", graft)):
        end = last_contact(subject, "Alive at data cut-off")
        if subject.death:
            end = End(subject.death, 0, "Death", of_adsl("DTHDT"))
        if start and end and end.day >= start:
            made.append(Time(subject.usubjid, parameter, start, end))
    return made


def to_transplant(subject: Subject) -> list[Time]:
    """Time to transplant; a death before it is censored with a code of its own."""
    if subject.randomised is None:
        return []
    graft = transplanted(subject)
    if graft and graft >= subject.randomised:
        end = End(graft, 0, "HSCT", of_adsl("HSCTDT"))
    elif subject.death:
        end = End(subject.death, 2, "Died without event", of_adsl("DTHDT"))
    else:
        end = last_contact(subject, "No HSCT at data cut-off")
    return [Time(subject.usubjid, "TTHSCT", subject.randomised, end)] if end and end.day >= subject.randomised else []


def to_occlusion(subject: Subject, settings: Settings) -> list[Time]:
    """Time from first dose to VOD/SOS, as long as it is collected."""
    start = subject.first_dose
    if start is None:
        return []
    stop = after(subject.randomised, int(settings["VOD_DAYS"])) if subject.randomised else date.max
    onset = first_of(r for r in subject.occlusions if r.day and start <= r.day <= stop)
    if onset:
        end = End(onset.day, 0, "VOD/SOS", Source("ADAE", "ASTDT", seq=onset.seq))
    elif subject.death and subject.death <= stop:
        end = End(subject.death, 2, "Died without event", of_adsl("DTHDT"))
    elif subject.last_alive and subject.last_alive > stop:
        end = End(stop, 1, "End of collection of VOD/SOS", of_adsl("RANDDT"))
    elif subject.last_alive == stop and not subject.left:
        end = End(stop, 1, "No VOD/SOS at data cut-off", of_adsl("LSTALVDT"))
    else:
        end = last_contact(subject, "No VOD/SOS at data cut-off", earliest([subject.last_alive]))
    return [Time(subject.usubjid, "TTVOD", start, end)] if end and end.day >= start else []
