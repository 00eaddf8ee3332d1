"""A display cut into pages, every line of them final."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sdtm2adam.display.body import Body
from sdtm2adam.display.breaks import Part, plan_pages
from sdtm2adam.display.characters import text_width, visible
from sdtm2adam.display.heads import head_rows
from sdtm2adam.display.layout import Layout, layout_named
from sdtm2adam.display.page import Page, PageRow
from sdtm2adam.display.panels import Panel, column_panels
from sdtm2adam.display.wrap import wrap
from sdtm2adam.errors import SpecError
from sdtm2adam.model.display import Display, Row, Section

_LEAST_BODY = 4
_MARKER = re.compile(r"\[[^\]]{1,3}\] ")


def paginate(display: Display) -> tuple[Page, ...]:
    """The pages of a display, as they will look in every format.

    A block of rows moves to the next page whole if it fits there; a longer one breaks between units (an estimate and
    its interval, a preferred term and its grades) with two or more units on each side; labels above are repeated with
    ` (continued)`. No page begins or ends with a blank row or ends with a label alone. A section begins a page. What
    is wider than the line is cut into panels of columns. A display of figures has one figure a page, and its rows,
    where it has any, on pages of their own.

    Raises:
        SpecErrors: texts that do not fit into their columns.
        SpecError: titles, heads and footnotes leave no room for rows, or columns cannot be placed.
    """
    frame = _Frame.of(display)
    pages = list(frame.figures())
    if not display.figures or any(section.rows for section in display.sections):
        pages += _tables(display, frame)
    return tuple(frame.numbered(page, at, len(pages)) for at, page in enumerate(pages, 1))


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands on every page, and how many lines it leaves."""

    display: Display
    layout: Layout
    titles: tuple[str, ...]
    footnotes: tuple[str, ...]

    @classmethod
    def of(cls, display: Display) -> "_Frame":
        layout = layout_named(display.layout, where=display.id)
        for left, right in (*display.header, display.footer):
            if text_width(visible(left)) + text_width(visible(right)) >= layout.chars:
                raise SpecError(
                    f"the line {left!r} / {right!r} is longer than {layout.chars} characters",
                    where=f"{display.id}, page header and footer",
                    mend="shorten one of the two texts",
                )
        titles = tuple(line for title in display.titles for line in wrap(title, layout.chars, cut=True))
        footnotes = tuple(line for note in display.footnotes for line in _footnote(note, layout.chars))
        return cls(display, layout, titles, footnotes)

    def titled(self, title: str) -> tuple[str, ...]:
        return self.titles + tuple(wrap(title, self.layout.chars, cut=True) if title else ())

    def room(self, titles: tuple[str, ...], head: int, least: int) -> int:
        """The lines left for rows or a figure under a column header of `head` lines."""
        used = 3 + len(titles) + head + len(self.footnotes)
        if self.layout.lines - used < least:
            raise SpecError(
                f"titles, column header and footnotes take {used} of the {self.layout.lines} lines of a page; "
                f"{least} are needed for what stands between them",
                where=self.display.id,
                mend="shorten the titles, heads or footnotes, or lower the figure",
            )
        return self.layout.lines - used

    def page(self, titles: tuple[str, ...], **content: object) -> Page:
        blank = Page(
            0, self.display.header, titles, (), (), (), self.footnotes, self.display.footer, noted=self.display.noted
        )
        return replace(blank, **content)  # type: ignore[arg-type]

    def figures(self) -> Iterator[Page]:
        for figure in self.display.figures:
            titles = self.titled(figure.title)
            self.room(titles, 0, figure.lines)
            yield self.page(titles, figure=figure)

    def numbered(self, page: Page, number: int, total: int) -> Page:
        def filled(pair: tuple[str, str]) -> tuple[str, str]:
            left, right = (visible(t).replace("{page}", str(number)).replace("{pages}", str(total)) for t in pair)
            return left, right

        header = tuple(filled(pair) for pair in page.header)
        return replace(page, number=number, header=header, footer=filled(page.footer))


def _tables(display: Display, frame: _Frame) -> Iterator[Page]:
    body = Body(display)
    chars = frame.layout.chars
    panels = column_panels(display, [row for section in body.sections for row in section], chars)
    for section, content in enumerate(_printed_sections(display)):
        headed = replace(display, columns=content.columns or display.columns)
        heads = [head_rows(panel.columns(headed), where=display.id) for panel in panels]
        head_lines = max(sum(row.lines for row in head) for head in heads)
        titles = frame.titled(content.title)
        room = frame.room(titles, head_lines, _LEAST_BODY)
        pages = _section_pages(body, section, room) if content.rows else [[body.message(display.empty)]]
        for rows in pages:
            for panel, head in zip(panels, heads, strict=True):
                placed = tuple(panel.select(row) if len(panels) > 1 else row for row in rows)
                yield frame.page(titles, widths=_widths(display, panel, chars), head=head, body=placed)


def _printed_sections(display: Display) -> tuple[Section, ...]:
    """All sections; one without rows if there is none at all."""
    return display.sections or (Section(()),)


def _widths(display: Display, panel: Panel, chars: int) -> tuple[int, ...]:
    """The widths of the columns of a panel; the last one takes what is left of the line."""
    widths = [column.width for column in panel.columns(display)]
    return (*widths[:-1], chars - sum(widths[:-1]))


def _section_pages(body: Body, section: int, room: int) -> Iterator[list[PageRow]]:
    """The rows of each page of a section."""
    rows, origins = _cut_to_height(body.sections[section], room)
    parts = [
        _part(body.display.sections[section].rows[origin], row, first_piece=at == 0 or origins[at - 1] != origin)
        for at, (row, origin) in enumerate(zip(rows, origins, strict=True))
    ]

    def opening(at: int) -> tuple[list[PageRow], PageRow]:
        first_piece = at == 0 or origins[at - 1] != origins[at]
        above, row = body.opening(section, origins[at]) if first_piece and at else ([], rows[at])
        return (above, row) if sum(item.lines for item in above) + row.lines <= room else ([], rows[at])

    def room_for(at: int) -> int:
        above, row = opening(at)
        return room - sum(item.lines for item in above) - row.lines + rows[at].lines

    for first, beyond in plan_pages(parts, room_for):
        above, opened = opening(first)
        page = [*above, opened]
        for row, part in zip(rows[first + 1 : beyond], parts[first + 1 : beyond], strict=True):
            page += [_blank(row), row] if part.gap else [row]
        yield page


def _part(row: Row, page_row: PageRow, *, first_piece: bool) -> Part:
    if not first_piece:
        return Part(page_row.lines)
    bound = row.keep_with_next or not row.cells
    return Part(page_row.lines, int(row.gap), bound, row.block, row.break_before)


def _blank(row: PageRow) -> PageRow:
    return PageRow(("",) * len(row.texts), row.spans)


def _cut_to_height(rows: list[PageRow], room: int) -> tuple[list[PageRow], list[int]]:
    """Rows higher than a page in pieces, and the row each piece comes from."""
    pieces, origins = [], []
    for at, row in enumerate(rows):
        for top in range(0, row.lines, room):
            piece = row
            if row.lines > room:
                texts = tuple("\n".join(text.split("\n")[top : top + room]) for text in row.texts)
                piece = replace(row, texts=texts, lines=min(room, row.lines - top))
            pieces.append(piece)
            origins.append(at)
    return pieces, origins


def _footnote(note: str, chars: int) -> list[str]:
    marker = _MARKER.match(note)
    return wrap(note, chars, hang=marker.end() if marker else 0, cut=True)
