"""The dashboard of the data manager: one HTML file that needs no network, with all it shows in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import pyarrow as pa
from markupsafe import Markup

from sdtm2adam.display.characters import visible
from sdtm2adam.document.html import content_hash, html_template
from sdtm2adam.model import Dataset, Finding, Severity, State
from sdtm2adam.resources import shelf
from sdtm2adam.validate.desk.about import About, Cut
from sdtm2adam.validate.desk.embed import embedded
from sdtm2adam.validate.desk.labs import key_labs
from sdtm2adam.validate.desk.people import People
from sdtm2adam.validate.desk.profile import events_of
from sdtm2adam.validate.desk.slices import slice_of
from sdtm2adam.validate.desk.told import tell
from sdtm2adam.validate.run import LookedAt

_SCRIPTS = (
    *("start", "data", "elements", "address", "counting", "table", "filters"),
    *("overview", "trend", "lists", "finding", "records", "dates", "timeline", "profile", "main"),
)
"""The scripts of the page, in the order in which they stand in it."""

_WEIGHT = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
_CLOSED = (State.RESOLVED, State.ACCEPTED)


def render_dashboard(
    findings: Sequence[Finding],
    looked_at: Sequence[LookedAt],
    datasets: Mapping[str, Dataset],
    *,
    about: About | None = None,
    raw: Mapping[str, pa.Table] = {},
    raw_keys: Mapping[str, pa.Table] = {},
    history: Sequence[Cut] = (),
) -> bytes:
    """Findings as a dashboard: by rule, site, subject and dataset, down to the raw record and the subject's profile.

    It is a page without network, clock or framework: the same arguments give the same bytes. A policy in it forbids
    all scripts and styles but its own. It holds data of subjects: the findings, the records they name, the raw
    forms of the subjects concerned as far as a finding leads there, and of all subjects doses, key laboratory results,
    responses, adverse events, transplants, disposition and death.

    Args:
        findings: in any order.
        looked_at: what was looked at in each dataset; told beside what was found, and where nothing was.
        datasets: SDTM and ADaM, by name. Sites and subjects are those of DM, else of ADSL.
        about: the study, its marks and its cut.
        raw: raw forms by name (`AE`), in the order of their records; without them no raw record is shown.
        raw_keys: the keys of the raw records as lineage numbers them, by `raw.AE` (`Built.raw_keys`, or what a run
            wrote as lineage/raw.AE.parquet); without them lineage leads to no raw record, and only those are shown that
            findings or their keys name.
        history: the cuts of the data so far, the oldest first; with it there is a trend.
    """
    about = about or About()
    ordered = sorted(findings, key=_order)
    people = People(datasets)
    told = tell(ordered, datasets, raw, raw_keys, people)
    source, labs = key_labs(datasets)
    parts: dict[str, Any] = {
        "study": _study(about, looked_at, datasets, history, people.source, source),
        "findings": {"table": told.findings, "own": told.own, "raw": told.raw},
        "subjects": slice_of(people.table(told.subjects), people.labels),
        "events": slice_of(events_of(datasets)),
        "labs": slice_of(labs),
        **{f"record-{at}": records for at, records in enumerate(told.records)},
        **{f"form-{at}": form for at, form in enumerate(told.forms)},
    }
    parts["study"]["records"], parts["study"]["forms"] = len(told.records), len(told.forms)
    return _page(about, parts, summary_of(findings, looked_at, about.failed))


def summary_of(findings: Sequence[Finding], looked_at: Sequence[LookedAt], failed_checks: int = 0) -> str:
    """What was looked at, and what is open, as a sentence: nothing found is never said without it."""
    there = [one for one in looked_at if one.variables]
    failed = {"expectation": sum(one.could_not_run for one in looked_at), "check": failed_checks}
    parts = [
        _count(len(there), "dataset"),
        _count(sum(one.records for one in there), "record"),
        _count(sum(one.expectations for one in there), "expectation"),
    ]
    weights = Counter(finding.severity for finding in findings if finding.state not in _CLOSED)
    found = ", ".join(_count(weights[one], one.value) for one in reversed(Severity) if weights[one])
    idle = " and ".join(_count(number, word) for word, number in failed.items() if number)
    ended = f" {idle} could not run." if idle else ""
    return f"Looked at {', '.join(parts)}.{ended} Open: {found or 'no issues'}."


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _order(finding: Finding) -> tuple[Any, ...]:
    words = (finding.dataset, finding.rule, finding.variable, finding.subject, finding.key, finding.value)
    return (_WEIGHT[finding.severity], *words, finding.id, repr(finding))


def _study(
    about: About,
    looked_at: Sequence[LookedAt],
    datasets: Mapping[str, Dataset],
    history: Sequence[Cut],
    people: str,
    labs: str,
) -> dict[str, Any]:
    labels = {name: dataset.label for name, dataset in datasets.items()}
    return {
        "study": visible(about.study),
        "said": [visible(text) for text in about.said],
        "failed": about.failed,
        "people": people,
        "labs": labs,
        "looked": [{**asdict(one), "dataset": visible(one.dataset), "label": visible(labels.get(one.dataset, ""))}
                   for one in sorted(looked_at)],
        "history": [{**asdict(cut), "label": visible(cut.label)} for cut in history],
    }  # fmt: skip


def _page(about: About, parts: Mapping[str, Any], summary: str) -> bytes:
    folder = shelf("templates") / "html" / "issues"
    style = (folder / "issues.css").read_text(encoding="utf-8")
    script = "\n".join((folder / f"{name}.js").read_text(encoding="utf-8") for name in _SCRIPTS)
    page = html_template("issues/issues.html.jinja").render(
        about=about,
        summary=summary,
        style=Markup(style),
        style_hash=content_hash(style),
        script=Markup(script),
        script_hash=content_hash(script),
        parts=[(name, embedded(part)) for name, part in parts.items()],
    )
    return page.encode()
