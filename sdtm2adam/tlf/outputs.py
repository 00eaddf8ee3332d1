"""The two doors of the room: analyse an output, lay it out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sdtm2adam.model import Display, Results
from sdtm2adam.spec.display_plan import DisplaySpec
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf import frame
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.kind import kind_of
from sdtm2adam.tlf.population import Frames


def analyse(
    spec: DisplaySpec,
    report: Report,
    datasets: Mapping[str, Any],
    read: Mapping[str, Results] | None = None,
) -> Results:
    """The results of one output: every statistic unrounded, with status and members, and what is odd in the data.

    Args:
        spec: the output.
        report: what displays share.
        datasets: ADaM datasets as pandas frames, by name; ADSL among them.
        read: results of other outputs, by id, for an output that prints numbers of theirs.

    Raises:
        SpecError: a dataset or variable is not there, or a condition does not fit its type.
        InputError: the data do not allow the output (an unknown arm, a subject without the time to event, a record
            that stands twice).
    """
    context, kind, others = Context(spec, report, Frames(datasets)), kind_of(spec), read or {}
    kind.analyse(context, others)
    results = kind.finished(context, context.collector.results(context.data_hash()), others)
    return replace(results, issues=tuple(sorted(filter(None, context.frames.strangers.values()))))


def lay_out(
    spec: DisplaySpec,
    report: Report,
    results: Results | None,
    *,
    status: str | None = None,
    created: datetime | None = None,
) -> Display:
    """The display of one output; without results its shell.

    Args:
        spec: the output.
        report: what displays share.
        results: as `analyse` made them; None for the shell.
        status: DRAFT or FINAL; by default what the report declares.
        created: when it was made; by default the declared run time, else the cut-off at 00:00 UTC.
    """
    data_hash = "" if results is None or results.frame.empty else str(results.frame["data_hash"].iloc[0])
    stamp = frame.stamp_of(report, status, created, data_hash, results is None)
    kind = kind_of(spec)
    return Display(
        id=spec.id,
        titles=frame.titles(spec, report),
        columns=kind.columns(spec, report, results),
        sections=kind.sections(spec, report, results),
        footnotes=frame.footnotes(spec, report, results),
        noted=frame.note_ids(spec, report) if results is not None else (),
        header=frame.page_header(report, stamp),
        footer=frame.page_footer(spec, stamp),
        stub=kind.stub,
        repeated=kind.repeated(spec),
        figures=kind.figures(spec, report, results),
        empty=str(spec.text.empty),
        layout=str(spec.text.layout),
    )
