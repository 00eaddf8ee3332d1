"""Lays out a listing: its columns, and rows of cells, a section per page group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sdtm2adam.model import Cell, Column, Results, Row, Section
from sdtm2adam.spec.display_model import ListingText
from sdtm2adam.spec.display_plan import DisplaySpec
from sdtm2adam.spec.patterns import split_fields
from sdtm2adam.spec.report import Report


def columns(spec: DisplaySpec) -> tuple[Column, ...]:
    """The columns of a listing; none for a figure."""
    if not isinstance(spec.text, ListingText):
        return ()
    return tuple(Column((str(column.label),), column.width, align="left") for column in spec.text.columns)


def sections(spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Section, ...]:
    """The rows of a listing, a section per page group; none for a figure."""
    if not isinstance(spec.text, ListingText):
        return ()
    if results is None:
        return tuple(Section((_shell_row(spec.text),), title) for title in _shell_titles(spec.text, report))
    return tuple(_sections(spec.text, results.frame)) or (Section(()),)


def _shell_row(text: ListingText) -> Row:
    return Row("", tuple(Cell(_shell_text(str(column.value)), align="left") for column in text.columns))


def _shell_text(template: str) -> str:
    """A cell of the shell: the pattern of each field."""
    shown = {"date": "DDMONYYYY", "day": "xxxx", "*": "*"}
    parts = [
        part
        if isinstance(part, str)
        else shown.get(part.pattern, part.pattern if part.pattern.startswith("x") else "xxxx")
        for part in split_fields(template, "")
    ]
    return "".join(parts).replace("|", "\n")


def _shell_titles(text: ListingText, report: Report) -> list[str]:
    if not text.page_by:
        return [""]
    page = text.page_by[0]
    labels = [str(label) for _, label in report.groupings[page.by].levels.values()]
    return [str(page.label).replace("{label}", label) for label in labels]


def _sections(text: ListingText, frame: Any) -> Iterator[Section]:
    width = len(text.columns)
    count = len(frame) // width
    texts = frame["stat_c"].to_numpy(dtype=object).reshape(width, count).T
    ids = frame["result_id"].to_numpy(dtype=object).reshape(width, count).T
    pages = frame["g1_level"].to_numpy(dtype=object)[:count]
    for page in dict.fromkeys(pages):
        chosen = np.flatnonzero(pages == page)
        title = str(text.page_by[0].label).replace("{label}", page) if text.page_by else ""
        yield Section(tuple(_rows(text, texts[chosen], ids[chosen])), title)


def _rows(text: ListingText, texts: Any, ids: Any) -> Iterator[Row]:
    """Rows of cells; the leading group columns are left out where they repeat the row above."""
    grouped = next((place for place, column in enumerate(text.columns) if not column.group), len(text.columns))
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
