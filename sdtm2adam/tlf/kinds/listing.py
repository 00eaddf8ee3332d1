"""Kind `listing`: one row per record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from sdtm2adam.model import Column, Results, Section
from sdtm2adam.spec.display_model import DisplayText
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.kind import Plan
from sdtm2adam.spec.listing_check import check_listing
from sdtm2adam.spec.listing_model import ListingText
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf import listing_rows
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.kind import OutputKind
from sdtm2adam.tlf.listing import METHOD, list_records


class Listing(OutputKind):
    """Records in columns; each cell is a result of its own."""

    name = "listing"
    text: ClassVar[type[DisplayText]] = ListingText

    def plan(self, text: ListingText, report: Report, faults: Faults) -> Plan:
        """One analysis per section; a section of its own data has its own condition."""
        del report
        rows = [DisplayRow("", analysis=f"A_{text.id}_010", method=METHOD)]
        if text.sections:
            rows = []
        for at, section in enumerate(text.sections, start=1):
            dataset = str((section.data or text.data).dataset)
            where = section.data.where if section.data is not None else None
            condition = faults.condition(where, tuple(dict.fromkeys((dataset, "ADSL"))))
            rows.append(
                DisplayRow(
                    "", f"A_{text.id}_{at * 10:03d}", METHOD, (), dataset, "USUBJID", condition,
                    where=section.title.where,
                )
            )  # fmt: skip
        return Plan(tuple(rows))

    def check(self, text: ListingText, report: Report, plan: Plan, faults: Faults) -> None:
        """Note columns that do not fill the line, and fields that cannot be read."""
        del plan
        check_listing(text, report, faults)

    def labels(self, text: ListingText) -> Iterable[tuple[str, str]]:
        """The heads of the columns and the titles of the sections."""
        yield from ((column.label, column.label.where) for column in text.columns)
        yield from ((section.title, section.title.where) for section in text.sections)

    def analyse(self, context: Context, read: Mapping[str, Results]) -> None:
        """One row per record."""
        del read
        list_records(context)

    def columns(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Column, ...]:
        """The columns as the spec writes them."""
        del report, results
        assert isinstance(spec.text, ListingText)
        return listing_rows.columns(spec.text)

    def sections(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Section, ...]:
        """A section per page group of each section."""
        return listing_rows.sections(spec, report, results)

    def repeated(self, spec: DisplaySpec) -> int:
        """The grouped columns on the left."""
        assert isinstance(spec.text, ListingText)
        return spec.text.leading


KIND = Listing()
