"""The grid of characters in twips: where cells end, and where the rules under spanning heads stop."""

from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from sdtm2adam.display.layout import Layout
from sdtm2adam.display.page import Page, PageRow, spread


@dataclass(frozen=True, slots=True)
class GridCell:
    """One drawn cell: its text, the twips at which it begins and ends, the rules on it."""

    text: str
    start: int
    end: int
    top: bool = False
    bottom: bool = False


def head_cells(page: Page, layout: Layout) -> list[list[GridCell]]:
    """The cells of the column header, row by row.

    A ruled head is drawn as a cell one character short and an empty cell of one character, so that the rules of
    neighbours do not touch. Rules run above the first and under the last row.
    """
    return [
        _head_row(page, row, layout, top=at == 0, bottom=at == len(page.head) - 1) for at, row in enumerate(page.head)
    ]


@cache
def row_ends(widths: tuple[int, ...], spans: tuple[int, ...], layout: Layout) -> tuple[int, ...]:
    """The twips at which the cells of a row end.

    >>> from sdtm2adam.display.layout import layout_named
    >>> row_ends((29, 13, 13), (1, 2), layout_named("grid9"))
    (3132, 5940)
    """
    return tuple(accumulate(width * layout.char for width in spread(widths, spans)))


def _head_row(page: Page, row: PageRow, layout: Layout, *, top: bool, bottom: bool) -> list[GridCell]:
    cells: list[GridCell] = []
    start = 0
    ends = row_ends(page.widths, row.spans, layout)
    for text, end, ruled in zip(row.texts, ends, row.ruled, strict=True):
        if ruled:
            cells.append(GridCell(text, start, end - layout.char, top=top, bottom=True))
            cells.append(GridCell("", end - layout.char, end, top=top, bottom=bottom))
        else:
            cells.append(GridCell(text, start, end, top=top, bottom=bottom))
        start = end
    return cells
