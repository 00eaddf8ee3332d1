"""Pages as RTF, through the templates in templates/rtf."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sdtm2adam.display.characters import visible
from sdtm2adam.display.layout import Layout, layout_named
from sdtm2adam.display.page import Page, PageRow
from sdtm2adam.document.book import REPORT_PAGE, Output, Sheet, report_title, sheets
from sdtm2adam.document.fields import field_parts
from sdtm2adam.document.grid import GridCell, head_cells, row_ends
from sdtm2adam.document.png import png_size
from sdtm2adam.document.rtf_text import Rtf, escape_rtf, literal
from sdtm2adam.model.display import Display, Figure
from sdtm2adam.resources import shelf

_NEW_LINE = r"\u10?"  # in a property: \line would be printed as a line beside the picture
_TOP, _BOTTOM = r"\clbrdrt\brdrs\brdrw10", r"\clbrdrb\brdrs\brdrw10"


def render_rtf(pages: Sequence[Page], display: Display, created: datetime) -> bytes:
    """The pages of a display as an RTF document.

    Tables are native tables on the grid, the column header is marked as such and repeated, rows have exact heights
    and do not break, each page begins with a page break. Page numbers are fields that hold the planned numbers. The
    first title has outline level 1 and a bookmark named for the display.

    Args:
        pages: what `paginate` made of the display.
        display: the display itself, for its name and the page header.
        created: the time written into the document's properties; UTC where it names no zone.
    """
    layout = layout_named(display.layout, where=display.id)
    section = {
        "layout": layout,
        "header": [[field_parts(text, 1, len(pages)) for text in pair] for pair in display.header],
        "footer": [[field_parts(text, 1, len(pages)) for text in display.footer]],
        "pages": (
            _page_content(
                page,
                layout,
                display.id,
                begins=page.number > 1,
                bookmark=page.number == 1,
                last=page is pages[-1],
            )
            for page in pages
        ),
    }
    return _document(" - ".join(display.titles), layout, created, [section])


def render_rtf_report(outputs: Sequence[Output], created: datetime) -> bytes:
    """A whole report as one RTF document: contents, then every output, with the text of its own document.

    Each page is a section, so that it bears its number within the output; the number within the report is a field in
    the footer. The contents lead to bookmarks named for the outputs, their page numbers are fields.

    Args:
        outputs: those of the report, at least one; they are brought into order.
        created: the time written into the document's properties; UTC where it names no zone.
    """
    book = sheets(outputs)
    layout = layout_named(book[0].display.layout)
    return _document(report_title(book), layout, created, map(_section, book))


def _document(title: str, layout: Layout, created: datetime, sections: Iterable[dict[str, object]]) -> bytes:
    template = _environment().get_template("document.rtf.jinja")
    return template.render(
        layout=layout,
        title=title,
        font=_font(layout.half_points),
        created=created.astimezone(UTC) if created.tzinfo else created,
        sections=sections,
    ).encode("ascii")


def _section(sheet: Sheet) -> dict[str, object]:
    page, layout = sheet.page, layout_named(sheet.display.layout)
    numbers = field_parts(REPORT_PAGE, sheet.number, sheet.total)
    content = _page_content(page, layout, sheet.display.id, begins=False, bookmark=sheet.first, last=True)
    if sheet.contents:
        content["rows"] = list(_rows(page, layout, linked=True))
    return {
        "layout": layout,
        "header": [[[(text, "")] for text in pair] for pair in page.header],
        "footer": [[[(text, "")] for text in page.footer], [[], numbers]],
        "pages": [content],
    }


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    """The templates, sandboxed; whatever they print is escaped unless it is RTF already."""
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(shelf("templates") / "rtf", encoding="utf-8"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=literal,
        autoescape=False,
    )
    environment.filters["rtf"] = Rtf
    return environment


def _font(size: int) -> Rtf:
    """The font for all scripts: Latin, East Asian and right-to-left; without the last two they come in 12 pt."""
    return Rtf(rf"\rtlch\af0\afs{size}\ltrch\loch\f0\hich\f0\dbch\af0\fs{size}")


def _page_content(
    page: Page, layout: Layout, name: str, *, begins: bool, bookmark: bool, last: bool
) -> dict[str, object]:
    return {
        "begins": begins,
        "bookmark": name if bookmark else "",
        "last": last,
        "titles": page.titles,
        "rows": list(_rows(page, layout)),
        "footnotes": page.footnotes,
        "figure": _picture(page.figure, layout, name) if page.figure else None,
    }


def _rows(page: Page, layout: Layout, *, linked: bool = False) -> Iterator[tuple[Rtf, Rtf]]:
    """Each row of the grid as its definition and its texts."""
    for row, cells in zip(page.head, head_cells(page, layout), strict=True):
        ends = tuple((_rules(cell), cell.end) for cell in cells)
        yield _definition(row.lines * layout.line, ends, head=True), _texts(cell.text for cell in cells)
    last = len(page.body) - 1
    for at, row in enumerate(page.body):
        rule = _BOTTOM if at == last else ""
        ends = tuple((rule, end) for end in row_ends(page.widths, row.spans, layout))
        texts = _linked(row) if linked and row.result_ids else _texts(row.texts)
        yield _definition(row.lines * layout.line, ends, head=False), texts


def _linked(row: PageRow) -> Rtf:
    """A line of the contents: its number leads to the output, its page is a field."""
    (target,) = row.result_ids[0]
    number, title, page = row.texts
    blanks = page[: -len(page.lstrip())]
    to_output = (
        rf'{{\field{{\*\fldinst {{HYPERLINK \\l "{escape_rtf(target)}"}}}}{{\fldrslt {{{escape_rtf(number)}}}}}}}'
    )
    on_page = rf"{{\field{{\*\fldinst {{PAGEREF {escape_rtf(target)} \\h}}}}{{\fldrslt {{{page.lstrip()}}}}}}}"
    return Rtf(rf"{to_output}\cell {escape_rtf(title)}\cell {escape_rtf(blanks)}{on_page}\cell ")


def _rules(cell: GridCell) -> str:
    return (_TOP if cell.top else "") + (_BOTTOM if cell.bottom else "")


@cache
def _definition(height: int, ends: tuple[tuple[str, int], ...], *, head: bool) -> Rtf:
    cells = "".join(rf"{rules}\cellx{end}" for rules, end in ends)
    header = r"\trhdr" if head else ""
    padding = r"\trgaph0\trleft0\trpaddl0\trpaddr0\trpaddt0\trpaddb0\trpaddfl3\trpaddfr3\trpaddft3\trpaddfb3"
    return Rtf(rf"\trowd{padding}\trautofit0\trrh-{height}\trkeep{header}{cells}")


def _texts(texts: Iterable[str]) -> Rtf:
    return Rtf("".join(f"{escape_rtf(text)}\\cell " for text in texts))


def _picture(figure: Figure, layout: Layout, where: str) -> dict[str, object]:
    width, height = png_size(figure.png, where=where)
    return {
        "width": width,
        "height": height,
        "goal_width": layout.grid_width,
        "goal_height": figure.lines * layout.line,
        "alt": Rtf(_NEW_LINE.join(map(escape_rtf, visible(figure.alt).split("\n")))),
        "hex": Rtf(figure.png.hex()),
    }
