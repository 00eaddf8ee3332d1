"""What stands around the body of an output: titles, page header and footer, footnotes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sdtm2adam.model import Results
from sdtm2adam.spec.display_plan import DisplaySpec, all_rows
from sdtm2adam.spec.patterns import fields
from sdtm2adam.spec.report import Params, Report
from sdtm2adam.tlf.chosen_methods import filled, unsaid
from sdtm2adam.tlf.identity import Naming

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_HASH = 7


@dataclass(frozen=True, slots=True)
class Stamp:
    """What one printing of an output is called: SHELL, DRAFT or FINAL, when it was made, and from which data."""

    status: str
    created: datetime
    data_hash: str = ""


def stamp_of(report: Report, status: str | None, created: datetime | None, data_hash: str, shell: bool) -> Stamp:
    """The stamp, as the report declares it where nothing else is said; time: run time, else cut-off at 00:00 UTC."""
    declared = str(report.study.run_time or report.study.cutoff)
    moment = created or datetime.fromisoformat(declared)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return Stamp("SHELL" if shell else status or report.study.status, moment, data_hash)


def date_text(day: date) -> str:
    """A date as displays print it, whatever the locale.

    >>> date_text(date(2016, 3, 8))
    '08MAR2016'
    """
    return f"{day.day:02d}{_MONTHS[day.month - 1]}{day.year:04d}"


def titles(spec: DisplaySpec, report: Report) -> tuple[str, ...]:
    """Number, title and population."""
    return str(spec.text.number), str(spec.text.title), str(report.sets[spec.text.population].label)


def page_header(report: Report, stamp: Stamp) -> tuple[tuple[str, str], ...]:
    """The three lines on top of each page, left and right."""
    study = report.study
    simulated = ", simulated" if study.synthetic else ""
    third = " - ".join(filter(None, (str(study.sponsor), "SYNTHETIC DATA" if study.synthetic else "")))
    return (
        (f"Protocol {study.id} ({study.name}{simulated})", "Page {page} of {pages}"),
        (str(study.report), f"Data cut-off: {_cutoff(report)}"),
        (third, stamp.status),
    )


def page_footer(spec: DisplaySpec, stamp: Stamp) -> tuple[str, str]:
    """The line at the foot of each page, left and right."""
    data = stamp.data_hash[:_HASH] or "none"
    left = f"Program: {spec.kind}  Spec: {spec.hash[:_HASH]}  Data: {data}"
    return left, f"Created: {date_text(stamp.created)} {stamp.created:%H:%M} UTC"


def footnotes(spec: DisplaySpec, report: Report, results: Results | None = None) -> tuple[str, ...]:
    """The notes in the order of the spec, short ones with markers side by side, and the source line last.

    Numbers in notes are those of `results`; without results their patterns are printed.
    """
    numbers = note_numbers(spec, report, results)
    lines: list[str] = []
    beside = False
    for marker, text in _notes(spec, report):
        for name, number in numbers.items():
            text = text.replace(name, number)
        joined = f"{lines[-1]} {text}" if marker and beside else ""
        if joined and len(joined) <= report.width(spec.text.layout):
            lines[-1] = joined
        else:
            lines.append(text)
        beside = bool(marker)
    return (*lines, *filter(None, (unsaid(spec, report),)), source_line(spec, report))


def note_ids(spec: DisplaySpec, report: Report) -> tuple[str, ...]:
    """The results that footnotes print."""
    naming = Naming(spec.id, report)
    groups = naming.pooled_groups(spec.leaves[0]) if spec.notes else ()
    return tuple(naming.id_of(row, part.name, groups) for row in spec.notes for part in fields(row.format))


def note_numbers(spec: DisplaySpec, report: Report, results: Results | None) -> dict[str, str]:
    """What stands in the place of each `{ID.statistic:pattern}` of the footnotes."""
    asked = [(row, part) for row in spec.notes for part in fields(row.format)]
    found: dict[str, str] = {}
    if results is not None and asked:
        found = dict(zip(results.frame["result_id"], results.frame["formatted"], strict=True))
    return {
        f"{{{row.label}.{part.name}:{part.pattern}}}": found[name] if found else part.pattern
        for (row, part), name in zip(asked, note_ids(spec, report), strict=True)
    }


def _notes(spec: DisplaySpec, report: Report) -> Iterator[tuple[str, str]]:
    """(marker, text) of each note; values of the settings are filled in."""
    for note in spec.text.footnotes:
        if isinstance(note, str):
            yield "", _filled(str(report.footnotes[note]), report.params)
            continue
        for key, text in note.items():
            marker = "" if key == "x" else key
            whole = _filled(str(text), report.params)
            yield marker, f"[{marker}] {whole}" if marker else whole


def _filled(text: str, params: Params) -> str:
    text = filled(text, params)
    for name, value in params.model_dump().items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def source_line(spec: DisplaySpec, report: Report) -> str:
    """Where the numbers of an output come from."""
    others = [row.source.dataset for row in all_rows(spec.rows) if row.source is not None]
    others += [str(part.text.data.dataset) for part in spec.parts]
    datasets = ", ".join(dict.fromkeys(("ADSL", *spec.text.datasets, *others)))
    numbers = sorted({row.analysis for row in (*all_rows(spec.rows), *spec.notes) if row.analysis}) or [
        f"A_{spec.id}_010"
    ]
    analyses = numbers[0] if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"
    return f"Source: {datasets}  Analysis: {analyses}  Data cut-off: {_cutoff(report)}"


def _cutoff(report: Report) -> str:
    return date_text(date.fromisoformat(report.study.cutoff))
