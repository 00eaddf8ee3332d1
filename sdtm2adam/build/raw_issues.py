"""What the reader of a raw file found, as issues of its form."""

from __future__ import annotations

from collections.abc import Iterator

from sdtm2adam.files.raw_names import plain_name
from sdtm2adam.files.raw_notice import RawTable
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.study import Contract


def raw_issues(specs: Specs, form: str, contract: Contract, found: RawTable) -> Iterator[Issue]:
    """An issue for each notice of the reader, and a warning for parts of the file that no contract reads.

    Args:
        specs: of the study; a workbook or an ODM file may serve several contracts.
        form: the name of the form.
        contract: its contract.
        found: what the reader gave.
    """
    columns = {plain_name(original): column for column, original in contract.names.items()}
    for notice in found.notices:
        yield Issue(
            dataset=f"raw.{form}",
            rule=notice.rule,
            severity=notice.severity,
            variable=columns.get(notice.column, notice.column),
            value=notice.value,
            records=notice.records,
            keys=notice.places,
            text=f"{form}: {notice.text}",
            source=str(contract.file),
        )
    same = {name: other for name, other in specs.contracts.items() if str(other.file) == str(contract.file)}
    if form != min(same):
        return
    read = {other.read.part for other in same.values()}
    for part in found.others:
        if part not in read:
            yield Issue(
                dataset=f"raw.{form}",
                rule="raw-part-new",
                severity=Severity.WARNING,
                value=part,
                text=f"{contract.file}: {part} is named by no contract; none of its records are submitted",
                source=str(contract.file),
            )
