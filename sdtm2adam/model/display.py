"""A display: an output as text cells on a grid of characters, before it is cut into pages.

Renderers see this and nothing else: no data, no methods, no patterns. Without results the same shape is the shell.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one cell.

    `span` counts the leaf columns it stands over. `align` is `decimal` (padded so that the numbers of a column
    and `stat_class` align), `center` or `left`. A `\\n` in the text starts a new line in the cell.
    `result_ids` name the statistics the text was made from.
    """

    text: str
    span: int = 1
    align: str = "decimal"
    stat_class: str = ""
    result_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a label in the stub and cells under the columns; `cells` is empty in a row that is only a label.

    `indent` counts levels of two characters. `gap` asks for a blank row before. `keep_with_next` glues the row to the
    next one (an estimate to its interval, a preferred term to its grades): no page break between them.
    `block` starts a block that moves to the next page whole if it fits there. `parents` are the labels above the row,
    outermost first, repeated with ` (continued)` on a new page when `continued` is set.
    `break_before` is empty, `always` or `if_full`. The cells of a `head` are heads of the columns for the rows below.
    """

    label: str
    cells: tuple[Cell, ...] = ()
    indent: int = 0
    gap: bool = False
    keep_with_next: bool = False
    block: bool = False
    parents: tuple[str, ...] = ()
    continued: bool = False
    break_before: str = ""
    head: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One leaf column: its heads from the outermost to the innermost, its width in characters, its path.

    Neighbours with the same outer head share one spanning head with a rule under it. `|` breaks a line in a head.
    The stub, if there is one, is the first column of the display and has no path.
    """

    heads: tuple[str, ...]
    width: int
    path: tuple[str, ...] = ()
    align: str = "center"


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that start on a new page; `title` is printed as a title line (`Treatment: InO`), empty for none.

    `columns` stand over the rows in place of those of the display, with other heads and the same widths.
    """

    rows: tuple[Row, ...]
    title: str = ""
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One page of a figure: a PNG picture, its height in lines of the grid, its text for those who cannot see it.

    `svg` is the same picture as SVG, its texts as text; empty where there is none.
    """

    png: bytes
    lines: int
    alt: str
    title: str = ""
    svg: bytes = b""


@dataclass(frozen=True, slots=True)
class Display:
    """A whole output.

    `header` is three (left, right) pairs printed on top of each page; the text `{page}` and `{pages}` in them become
    page fields. `noted` are the statistics printed in footnotes. `footer` is one (left, right) pair. `titles` are
    centred. `columns` starts with the stub unless `stub` is False (listings). A display wider than the page is cut into
    panels of columns; the stub and `repeated` columns on the left stand in each of them. `empty` is printed where there
    are no rows.
    """

    id: str
    titles: tuple[str, ...]
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    footnotes: tuple[str, ...]
    header: tuple[tuple[str, str], ...]
    footer: tuple[str, str]
    stub: bool = True
    figures: tuple[Figure, ...] = ()
    empty: str = "No subjects met the criteria."
    layout: str = "grid9"
    noted: tuple[str, ...] = ()
    repeated: int = 0
