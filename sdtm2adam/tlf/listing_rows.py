"""Lays out a listing: its columns, and rows of cells, a section per page group of each of its sections."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sdtm2adam.model import Cell, Column, Results, Row, Section
from sdtm2adam.spec.display_plan import DisplaySpec
from sdtm2adam.spec.listing_model import ListingSection, ListingText
from sdtm2adam.spec.patterns import split_fields
from sdtm2adam.spec.report import Report


def columns(text: ListingText) -> tuple[Column, ...]:
    """The columns of a listing."""
    return tuple(Column((str(column.label),), column.width, align="left") for column in text.columns)


def sections(spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Section, ...]:
    """The rows of a listing; a section without records says so under its title."""
    text = spec.text
    assert isinstance(text, ListingText)
    found: list[Section] = []
    for section, row in zip(text.sections or (None,), spec.rows, strict=True):
        title = str(section.title) if section is not None else ""
        if results is None:
            rows = (_shell_row(text, section),)
            found += [Section(rows, _title(title, label)) for label in _page_labels(text, report)]
        else:
            frame = results.frame[results.frame["analysis_id"] == row.analysis]
            found += list(_sections(text, title, frame)) or [Section((), title)]
    return tuple(found)


def _title(title: str, label: str) -> str:
    return "\n".join(filter(None, (title, label)))


def _shell_row(text: ListingText, section: ListingSection | None) -> Row:
    return Row("", tuple(Cell(_shell_text(str(value)), align="left") for value in text.cells(section)))


def _shell_text(template: str) -> str:
    """A cell of the shell: the pattern of each field; of fields without a blank between only one is known at a time."""
    shown = {"date": "DDMONYYYY", "day": "xxxx", "*": "*"}
    texts: list[str] = []
    after_field = False
    for part in split_fields(template, ""):
        if isinstance(part, str):
            texts.append(part)
        elif not after_field or part.pattern == "*":
            texts.append(shown.get(part.pattern, part.pattern if part.pattern.startswith("x") else "xxxx"))
        after_field = not isinstance(part, str)
    return "".join(texts).replace("|", "\n")


def _page_labels(text: ListingText, report: Report) -> list[str]:
    if not text.page_by:
        return [""]
    page = text.page_by[0]
    return [str(page.label).replace("{label}", label) for label in report.groupings[page.by].labels.values()]


def _sections(text: ListingText, title: str, frame: Any) -> Iterator[Section]:
    width = len(text.columns)
    count = len(frame) // width
    texts = frame["stat_c"].to_numpy(dtype=object).reshape(width, count).T
    ids = frame["result_id"].to_numpy(dtype=object).reshape(width, count).T
    pages = frame["g1_level"].to_numpy(dtype=object)[:count]
    for page in dict.fromkeys(pages):
        chosen = np.flatnonzero(pages == page)
        label = str(text.page_by[0].label).replace("{label}", page) if text.page_by else ""
        yield Section(tuple(_rows(text, texts[chosen], ids[chosen])), _title(title, label))


def _rows(text: ListingText, texts: Any, ids: Any) -> Iterator[Row]:
    """Rows of cells; the leading group columns are left out where they repeat the row above."""
    grouped = text.leading
    before: tuple[str, ...] = ()
    for values, names in zip(texts, ids, strict=True):
        heads = tuple(values[:grouped])
        repeated = bool(heads) and heads == before
        cells = [
            Cell("" if repeated and place < grouped else value, align="left", result_ids=(name,) if value else ())
            for place, (value, name) in enumerate(zip(values, names, strict=True))
        ]
        yield Row("", tuple(cells), parents=heads, continued=repeated)
        before = heads
