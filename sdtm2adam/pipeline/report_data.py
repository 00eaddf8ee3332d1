"""What a report says as data: its results together, and the whole report in the CDISC Analysis Results Standard."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from sdtm2adam.files.atomic import write_text
from sdtm2adam.model import Issue
from sdtm2adam.pipeline.results_data import write_results_data
from sdtm2adam.submit.ars import ReportParts, reporting_event


def write_report_data(whole: ReportParts, out: Path, created: datetime) -> tuple[list[Path], list[Issue]]:
    """Writes results, members and `ars.json` of a report.

    Args:
        whole: all outputs with their results, displays and files.
        out: the output folder.
        created: the time the XPT files bear.

    Returns:
        The files, and what XPT files say otherwise than the results.
    """
    files, issues = write_results_data(whole.results, out, created)
    path = out / "results" / "ars.json"
    write_text(path, json.dumps(reporting_event(whole), ensure_ascii=False, indent=1) + "\n")
    return [*files, path], issues
