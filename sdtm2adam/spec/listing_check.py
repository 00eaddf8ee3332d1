"""What can be told of a listing before data are read: widths, fields, sections, pages."""

from __future__ import annotations

import re

from sdtm2adam.errors import SpecError
from sdtm2adam.spec.display_check import check_width
from sdtm2adam.spec.display_model import Source
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.listing_model import ListingSection, ListingText
from sdtm2adam.spec.patterns import fields, split_fields
from sdtm2adam.spec.report import Report
from sdtm2adam.spec.yaml import Text

LISTED = re.compile(r"(?P<first>[\w.]+)(?:(?P<sign><>|\?)(?P<second>[\w.]+))?")
"""A field of a listing: one variable, the first known of two, or a comparison of two."""
_NUMBER = re.compile(r"x+(\.x+)?")


def check_listing(text: ListingText, report: Report, faults: Faults) -> None:
    """Note what is wrong with the columns, sections and pages of a listing."""
    _check_widths(text, report, faults)
    for column in text.columns:
        _check_cell(column.value, report, faults)
    names = [str(column.name) for column in text.columns if column.name is not None]
    for section in text.sections:
        _check_section(text, section, names, report, faults)
    _check_sort(text.sort, text.data, faults)
    for page in text.page_by:
        if page.by not in report.groupings:
            faults.unknown("grouping", page.by, report.groupings, page.by.where)
    if text.day_one is not None and not text.day_one.startswith("ADSL."):
        faults.add(f"{str(text.day_one)!r} is no date of ADSL", text.day_one.where, "write day_one: ADSL.TRTSDT")


def _check_widths(text: ListingText, report: Report, faults: Faults) -> None:
    """Columns fill the line, or are cut into panels that each repeat the grouped ones."""
    if text.layout not in report.layouts:
        return
    chars, total = report.width(text.layout), sum(column.width for column in text.columns)
    if not text.panels:
        check_width(total, text, report, faults, text.id)
        return
    lead = sum(column.width for column in text.columns[: text.leading])
    if total <= chars or not 0 < text.leading < len(text.columns):
        what = f"{len(text.columns)} columns of {total} characters, {text.leading} of them grouped, make no panels"
        faults.add(what, text.id.where, "drop panels:, or group: the first columns, which every panel repeats")
    for column in text.columns[text.leading :]:
        if column.width > chars - lead:
            what = f"the column {str(column.label)!r} does not fit beside the {lead} characters of the grouped columns"
            faults.add(what, column.label.where, "narrow it")


def _check_section(
    text: ListingText, section: ListingSection, names: list[str], report: Report, faults: Faults
) -> None:
    for name, value in section.values.items():
        if name not in names:
            faults.unknown("column of the listing", name, names, value.where)
        _check_cell(value, report, faults)
    _check_sort(section.sort or (), section.data or text.data, faults)


def _check_sort(sort: tuple[Text, ...], data: Source, faults: Faults) -> None:
    known = [str(data.dataset), "ADSL"]
    for name in sort:
        if name.count(".") != 1 or name.split(".")[0] not in known:
            faults.unknown("variable to sort by", name, [f"{one}.VARIABLE" for one in known], name.where)


def _check_cell(value: Text, report: Report, faults: Faults) -> None:
    """A cell of a listing: its fields and how each is printed."""
    try:
        parts = fields(split_fields(value, value.where))
    except SpecError as error:
        faults.found.append(error)
        return
    words = ("", "date", "day", *report.decodes)
    for part in parts:
        if not LISTED.fullmatch(part.name):
            faults.add(f"{part.name!r} is no field", value.where, "write {VARIABLE}, {A?B}, or {A<>B:*}")
        elif "<>" not in part.name and part.pattern not in words and not _NUMBER.fullmatch(part.pattern):
            faults.unknown("pattern", part.pattern, words[1:], value.where)
