"""Findings and their life: one issue in one record, followed from cut to cut, accepted by name, told to the site."""

from sdtm2adam.validate.life.accepted import Accepted, read_accepted
from sdtm2adam.validate.life.files import (
    Cut,
    CutCount,
    read_findings,
    refuse_another_study,
    refuse_to_overwrite,
    write_findings,
)
from sdtm2adam.validate.life.findings import finding_id, findings_of
from sdtm2adam.validate.life.queries import as_json, write_queries
from sdtm2adam.validate.life.states import (
    Life,
    Ran,
    compare_findings,
    count_open,
    exit_code,
    issues_still_open,
    still_open,
)
from sdtm2adam.validate.life.workbook import write_workbook

__all__ = [
    "Accepted",
    "Cut",
    "CutCount",
    "Life",
    "Ran",
    "as_json",
    "compare_findings",
    "count_open",
    "exit_code",
    "finding_id",
    "findings_of",
    "issues_still_open",
    "read_accepted",
    "read_findings",
    "refuse_another_study",
    "refuse_to_overwrite",
    "still_open",
    "write_findings",
    "write_queries",
    "write_workbook",
]
