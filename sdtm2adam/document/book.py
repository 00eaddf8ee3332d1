"""A report as one book: contents first, then every output, each page numbered through."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sdtm2adam.display.characters import text_width
from sdtm2adam.display.page import Page
from sdtm2adam.display.paginate import paginate
from sdtm2adam.display.wrap import wrap
from sdtm2adam.model.display import Cell, Column, Display, Row, Section

CONTENTS = "CONTENTS"
REPORT_PAGE = "Report page {page} of {pages}"
_GROUPS = ("Table", "Figure", "Listing")
_WIDTHS = (20, 105, 8)
_NUMBERS = re.compile("[0-9]+")


@dataclass(frozen=True, slots=True)
class Output:
    """One output of a report: its display, the pages that were made of it, and its status (SHELL, DRAFT, FINAL)."""

    display: Display
    pages: tuple[Page, ...]
    status: str = ""

    @property
    def number(self) -> str:
        """The number, with its word: `Table 14.2.1`."""
        return self.display.titles[0]

    @property
    def title(self) -> str:
        """What stands between number and population."""
        return " ".join(self.display.titles[1:-1] or self.display.titles[1:])

    @property
    def population(self) -> str:
        """The last title line, where there are three or more."""
        return self.display.titles[-1] if len(self.display.titles) > 2 else ""

    @property
    def group(self) -> str:
        """The word before the number: `Table`, `Figure`, `Listing`."""
        return self.number.split(" ")[0]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the book.

    `number` counts through the book of `total` pages. `first` says that an output begins here. The texts of a page
    of the contents lead to the outputs that their result ids name.
    """

    page: Page
    display: Display
    number: int
    total: int
    first: bool

    @property
    def contents(self) -> bool:
        """Whether this is a page of the table of contents."""
        return self.display.id == CONTENTS


def in_order(outputs: Sequence[Output]) -> list[Output]:
    """Tables, figures, listings and what else there is, each by number: 14.2.9 before 14.2.10."""

    def place(output: Output) -> tuple[int, str, list[int], str]:
        known = _GROUPS.index(output.group) if output.group in _GROUPS else len(_GROUPS)
        return known, output.group, [int(part) for part in _NUMBERS.findall(output.number)], output.display.id

    return sorted(outputs, key=place)


def sheets(outputs: Sequence[Output]) -> tuple[Sheet, ...]:
    """The pages of the book; empty without outputs."""
    if not outputs:
        return ()
    ordered = in_order(outputs)
    ahead = len(_contents(ordered, [0] * len(ordered)).pages)
    starts = [ahead + 1]
    for output in ordered:
        starts.append(starts[-1] + len(output.pages))
    total = starts[-1] - 1
    book = [_contents(ordered, starts[:-1]), *ordered]
    pages = ((page, output.display, page is output.pages[0]) for output in book for page in output.pages)
    return tuple(Sheet(page, display, at, total, first) for at, (page, display, first) in enumerate(pages, 1))


def report_title(book: Sequence[Sheet]) -> str:
    """What the document is called: what stands on the left of the page header, and the contents."""
    left = (left for left, _ in book[0].display.header)
    return " - ".join(filter(None, (*left, "all outputs")))


def _contents(ordered: Sequence[Output], starts: Sequence[int]) -> Output:
    """The table of contents: number, title, first page in the book."""
    model = ordered[0].display
    heads = ("Number", "Title", "   Page")
    display = Display(
        id=CONTENTS,
        titles=("Table of Contents",),
        columns=tuple(Column((head,), width, align="left") for head, width in zip(heads, _WIDTHS, strict=True)),
        sections=(Section(tuple(_lines(ordered, starts))),),
        footnotes=(),
        header=model.header,
        footer=("Program: contents", model.footer[1]),
        stub=False,
        layout=model.layout,
    )
    return Output(display, paginate(display))


def _lines(ordered: Sequence[Output], starts: Sequence[int]) -> Iterator[Row]:
    group = ordered[0].group
    for output, start in zip(ordered, starts, strict=True):
        *lines, last = wrap(output.title, _WIDTHS[1] - 5, hang=2, cut=True)
        dotted = "\n".join([*lines, last + " " + "." * (_WIDTHS[1] - 2 - text_width(last))])
        texts = (output.number, dotted, "\n" * len(lines) + f"{start:>{_WIDTHS[2] - 1}}")
        cells = (Cell(text, align="left", result_ids=(output.display.id,)) for text in texts)
        yield Row("", tuple(cells), gap=output.group != group)
        group = output.group
