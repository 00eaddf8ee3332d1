"""The rows of a display as final texts on the grid, before they are cut into pages."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import accumulate

from sdtm2adam.display.align import Alignment, centred, tightened
from sdtm2adam.display.characters import text_width, visible
from sdtm2adam.display.check import label_lines
from sdtm2adam.display.page import PageRow
from sdtm2adam.display.wrap import wrap
from sdtm2adam.errors import InternalError, SpecError, SpecErrors
from sdtm2adam.model.display import Cell, Column, Display, Row

CONTINUED = " (continued)"


@dataclass(slots=True)
class _Text:
    """One cell on its way to the grid: where it stands, and its lines."""

    cell: Cell
    first: int
    width: int
    lines: list[str]

    @property
    def too_wide(self) -> bool:
        if self.cell.align == "left":  # it was wrapped
            return False
        return any(text_width(line) >= self.width for line in self.lines)

    def key(self, line: int) -> tuple[object, ...]:
        return self.first, self.cell.span, self.cell.stat_class, line


class Body:
    """All rows of a display, each text where it stands in its column.

    Numbers align over the whole display, so that all pages look alike. Labels wrap in the stub with a hanging indent
    of two characters, cells with `align="left"` wrap in their column; others must fit. In a display without stub the
    label of a row is printed only where the row has no cells.

    Raises:
        SpecErrors: cells that are too wide for their columns; all of them at once.
        InternalError: a row whose cells do not cover the columns.
    """

    def __init__(self, display: Display) -> None:
        self.display = display
        self.stub: Column | None = display.columns[0] if display.stub and display.columns else None
        self.columns: tuple[Column, ...] = display.columns[1:] if self.stub else display.columns
        self._edges = [0, *accumulate(column.width for column in self.columns)]
        self._alignment = Alignment()
        self._errors: list[SpecError] = []
        texts = [[self._texts(row) for row in section.rows] for section in display.sections]
        for row_texts in (row_texts for section in texts for row_texts in section):
            self._learn(row_texts)
        self.sections: list[list[PageRow]] = [
            [self._row(row, row_texts) for row, row_texts in zip(section.rows, section_texts, strict=True)]
            for section, section_texts in zip(display.sections, texts, strict=True)
        ]
        if self._errors:
            raise SpecErrors(self._errors)

    def message(self, text: str) -> PageRow:
        """A row with one text over all columns."""
        width = sum(column.width for column in self.display.columns)
        lines = wrap(text, width - 1, cut=True)
        return PageRow(("\n".join(lines),), (len(self.display.columns),), len(lines))

    def opening(self, section: int, at: int) -> tuple[list[PageRow], PageRow]:
        """What stands on top of a page that begins with a row: the labels above it, ` (continued)`, and the row.

        In a listing the parents are the texts of the first columns, left out while they stay the same; they are
        printed again in the row itself.
        """
        rows = self.display.sections[section].rows
        row, page_row = rows[at], self.sections[section][at]
        if not (row.continued and row.parents):
            return [], page_row
        if self.stub is None:
            cells = [
                replace(cell, text=parent) if not cell.text else cell
                for cell, parent in zip(row.cells, row.parents, strict=False)
            ]
            filled = replace(row, cells=(*cells, *row.cells[len(cells) :]))
            return [], self._row(filled, self._texts(filled))
        indents = _indents_above(rows, at)
        labels = [Row(label + CONTINUED, indent=indents[level]) for level, label in enumerate(row.parents)]
        return [self._row(label, []) for label in labels], page_row

    def _texts(self, row: Row) -> list[_Text]:
        """The cells of a row with their lines, blanks after commas dropped where they must be."""
        texts: list[_Text] = []
        first = 0
        for cell in row.cells:
            beyond = first + cell.span
            width = self._edges[min(beyond, len(self.columns))] - self._edges[min(first, len(self.columns))]
            texts.append(_Text(cell, first, width, _lines(cell, width)))
            first = beyond
        if row.cells and first != len(self.columns):
            raise InternalError(
                f"the cells cover {first} columns, the display has {len(self.columns)}",
                where=f"{self.display.id}, row {row.label!r}",
                mend="give the row a cell, empty if need be, under each column",
            )
        if any(text.too_wide for text in texts):
            for text in texts:
                text.lines = text.lines if text.cell.align == "left" else tightened(text.lines)
        self._errors += [self._too_wide(row, text) for text in texts if text.too_wide]
        return texts

    def _learn(self, texts: Iterable[_Text]) -> None:
        for text in texts:
            if text.cell.align == "decimal":
                for number, line in enumerate(text.lines):
                    self._alignment.learn(text.key(number), line)

    def _row(self, row: Row, texts: list[_Text]) -> PageRow:
        label = self._label(row) if self.stub or (row.label and not texts) else []
        placed = [label, *map(self._placed, texts)] if self.stub else list(map(self._placed, texts)) or [label]
        if row.cells:
            spans = tuple(text.cell.span for text in texts)
        else:
            spans = (1,) * len(self.columns) if self.stub else (len(self.columns),)
            placed += [[""]] * len(self.columns) if self.stub else []
        ids = () if row.head else tuple(text.cell.result_ids for text in texts)
        return PageRow(
            texts=tuple(map("\n".join, placed)),
            spans=(1, *spans) if self.stub else spans,
            lines=max(map(len, placed)),
            result_ids=((), *ids) if self.stub and ids else ids,
        )

    def _placed(self, text: _Text) -> list[str]:
        match text.cell.align:
            case "left":
                return text.lines
            case "center":
                return [centred(line, text.width) if line else line for line in text.lines]
            case _:
                place = self._alignment.place
                return [place(text.key(at), line, text.width) if line else line for at, line in enumerate(text.lines)]

    def _label(self, row: Row) -> list[str]:
        return label_lines(row, self.stub.width if self.stub else sum(column.width for column in self.columns))

    def _too_wide(self, row: Row, text: _Text) -> SpecError:
        column = self.columns[text.first]
        return SpecError(
            f"{text.cell.text!r} is wider than its column, which holds {text.width - 1} characters",
            where=f"{self.display.id}, row {row.label!r}, column {' / '.join(column.heads)!r}",
            mend="widen the column in the column set, or choose a shorter format",
        )


def _lines(cell: Cell, width: int) -> list[str]:
    text = cell.text
    if text.isascii() and text.isprintable() and len(text) < width:
        return [text]
    if cell.align != "left":
        return visible(text).split("\n")
    lines = visible(text).split("\n")
    return [piece for line in lines for piece in wrap(line, width - 1, hang=_hang(line), cut=True)]


def _hang(line: str) -> int:
    """Where an indented line of a cell goes on: two characters further in."""
    indent = len(line) - len(line.lstrip(" "))
    return indent + 2 if indent else 0


def _indents_above(rows: tuple[Row, ...], at: int) -> list[int]:
    """The indents of the parents of a row, as they were printed above it; by level where they were not."""
    parents = rows[at].parents
    found: dict[int, int] = {}
    for row in reversed(rows[:at]):
        level = len(row.parents)
        if level < len(parents) and level not in found and row.label == parents[level]:
            if row.parents == parents[:level]:
                found[level] = row.indent
            if len(found) == len(parents):
                break
    return [found.get(level, level) for level in range(len(parents))]
