"""Kind `listing`: one row per record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from sdtm2adam.model import Column, Results, Section
from sdtm2adam.spec.display_check import check_listing
from sdtm2adam.spec.display_model import DisplayText, ListingText
from sdtm2adam.spec.display_plan import DisplaySpec
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.kind import Plan
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf import listing_rows
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.kind import OutputKind
from sdtm2adam.tlf.listing import list_records


class Listing(OutputKind):
    """Records in columns; each cell is a result of its own."""

    name = "listing"
    text: ClassVar[type[DisplayText]] = ListingText

    def check(self, text: ListingText, report: Report, plan: Plan, faults: Faults) -> None:
        """Note columns that do not fill the line, and fields that cannot be read."""
        del plan
        check_listing(text, report, faults)

    def labels(self, text: ListingText) -> Iterable[tuple[str, str]]:
        """The heads of the columns."""
        return [(column.label, column.label.where) for column in text.columns]

    def analyse(self, context: Context, read: Mapping[str, Results]) -> None:
        """One row per record."""
        del read
        list_records(context)

    def columns(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Column, ...]:
        """The columns as the spec writes them."""
        del report, results
        return listing_rows.columns(spec)

    def sections(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Section, ...]:
        """A section per page group."""
        return listing_rows.sections(spec, report, results)


KIND = Listing()
