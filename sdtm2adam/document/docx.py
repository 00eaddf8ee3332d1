"""Pages as a Word document: python-docx for the frame, one string of XML for the rows."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any

import docx
from docx.shared import Twips
from lxml import etree

from sdtm2adam.display.characters import visible
from sdtm2adam.display.layout import Layout, layout_named
from sdtm2adam.display.page import Page, PageRow
from sdtm2adam.document.archive import without_clock
from sdtm2adam.document.book import Output, Sheet, report_title, sheets
from sdtm2adam.document.docx_frame import section_properties, set_frame, set_report_frame
from sdtm2adam.document.grid import GridCell, head_cells, row_ends
from sdtm2adam.document.png import png_size
from sdtm2adam.document.wordml import cell_properties, escape_xml, linked_runs, paragraph, row, run
from sdtm2adam.model.display import Display, Figure

_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FULL_LINE = '<w:ind w:right="-6"/>'  # 133 characters are 2 twips wider than the grid; a full line must not wrap


def render_docx(pages: Sequence[Page], display: Display, created: datetime) -> bytes:
    """The pages of a display as a Word document, with the same text and the same pages as the RTF.

    Tables are native tables on the grid, the column header is marked as such and repeated, rows have exact heights
    and do not break, each page begins with a page break. Page numbers are fields that hold the planned numbers. The
    first title has outline level 1 and a bookmark named for the display. The bytes depend on the input alone.

    Args:
        pages: what `paginate` made of the display.
        display: the display itself, for its name and the page header.
        created: the time written into the document's properties; UTC where it names no zone.
    """
    layout = layout_named(display.layout, where=display.id)
    document = docx.Document()
    set_frame(document, display, layout, created, len(pages))
    before, mark, after = etree.tostring(document.element, encoding="unicode").partition("<w:sectPr")
    blocks = (
        block
        for page in pages
        for block in _page(
            page, display.id, layout, document.part, mark=int(page.number == 1), begins=page.number > 1, at=page.number
        )
    )
    return _saved(document, (before, *blocks, mark, after))


def render_docx_report(outputs: Sequence[Output], created: datetime) -> bytes:
    """A whole report as one Word document: contents, then every output, with the text of its own document.

    Each page is a section, so that it bears its number within the output; the number within the report is a field in
    the footer. The contents lead to bookmarks named for the outputs, their page numbers are fields.

    Args:
        outputs: those of the report, at least one; they are brought into order.
        created: the time written into the document's properties; UTC where it names no zone.
    """
    book = sheets(outputs)
    document = docx.Document()
    set_report_frame(document, report_title(book), layout_named(book[0].display.layout), created)
    before, _, after = etree.tostring(document.element, encoding="unicode").partition("<w:sectPr")
    blocks = (block for sheet in book for block in _sheet(sheet, document.part))
    return _saved(document, (before, *blocks, after[after.index("</w:body>") :]))


def _saved(document: Any, pieces: Iterable[str]) -> bytes:
    held = io.BytesIO()
    document.save(held)
    body = "".join((_DECLARATION, *pieces)).encode()  # never parsed: cell by cell it takes fifteen times as long
    return without_clock(held.getvalue(), {"word/document.xml": body})


def _sheet(sheet: Sheet, part: Any) -> Iterator[str]:
    """A page of the book and the properties of its section: in its last paragraph, those of the last page after it."""
    page, display, layout = sheet.page, sheet.display, layout_named(sheet.display.layout)
    mark = sheet.number if sheet.first else 0
    blocks = _page(page, display.id, layout, part, mark=mark, at=sheet.number, linked=sheet.contents)
    *others, last = blocks
    section = section_properties(sheet, layout, part)
    yield from others
    if sheet.number == sheet.total:
        yield from (last, section)
    elif "<w:pPr>" in last:
        yield last.replace("</w:pPr>", f"{section}</w:pPr>", 1)
    else:
        yield last.replace("<w:p>", f"<w:p><w:pPr>{section}</w:pPr>", 1)


def _page(
    page: Page, name: str, layout: Layout, part: Any, *, mark: int, at: int, begins: bool = False, linked: bool = False
) -> Iterator[str]:
    """A blank, titles, a blank, the table or the place of the picture, a blank, footnotes.

    `mark` is the id of the bookmark on the first title, 0 for none, `at` the place of the page in the document,
    `begins` asks for a page break, `linked` for texts that lead to other outputs.
    """
    yield paragraph(properties="<w:pageBreakBefore/>" if begins else "")
    for place, title in enumerate(page.titles):
        text, level = run(title), ""
        if mark and place == 0:
            number = mark - 1
            start = f'<w:bookmarkStart w:id="{number}" w:name="{escape_xml(name)}"/>'
            text, level = f'{start}{text}<w:bookmarkEnd w:id="{number}"/>', '<w:outlineLvl w:val="0"/>'
        yield paragraph(text, _FULL_LINE + '<w:jc w:val="center"/>' + level)
    yield paragraph()
    yield _picture(page.figure, at, layout, part, name) if page.figure else _table(page, layout, linked=linked)
    yield paragraph()
    for note in page.footnotes:
        yield paragraph(run(note), _FULL_LINE)


def _table(page: Page, layout: Layout, *, linked: bool) -> str:
    heads = head_cells(page, layout)
    bodies = {row.spans: row_ends(page.widths, row.spans, layout) for row in page.body}
    ends = {cell.end for cells in heads for cell in cells}.union(*bodies.values())
    edges = tuple(sorted({0, *ends}))
    columns = "".join(f'<w:gridCol w:w="{end - start}"/>' for start, end in pairwise(edges))
    head = (_head_row(item, cells, edges, layout) for item, cells in zip(page.head, heads, strict=True))
    last = len(page.body) - 1
    body = (
        _body_row(item, bodies[item.spans], edges, layout, last=at == last, linked=linked)
        for at, item in enumerate(page.body)
    )
    title = escape_xml(" - ".join(page.titles[:2]))
    margins = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("top", "left", "bottom", "right"))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{edges[-1]}" w:type="dxa"/><w:tblInd w:w="0" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar><w:tblCaption w:val="{title}"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{''.join(head)}{''.join(body)}</w:tbl>"
    )


def _head_row(item: PageRow, cells: Sequence[GridCell], edges: tuple[int, ...], layout: Layout) -> str:
    drawn = []
    for cell in cells:
        rules = tuple(side for side, ruled in (("top", cell.top), ("bottom", cell.bottom)) if ruled)
        drawn.append(_cell(cell.text, _properties(cell.start, cell.end, edges, rules)))
    return row(drawn, item.lines * layout.line, head=True)


def _body_row(
    item: PageRow, ends: tuple[int, ...], edges: tuple[int, ...], layout: Layout, *, last: bool, linked: bool
) -> str:
    properties = _row_properties(ends, edges, ("bottom",) if last else ())
    if linked and item.result_ids:
        texts = linked_runs(item)
        return row(map(_filled, texts, properties), item.lines * layout.line)
    return row(map(_cell, item.texts, properties), item.lines * layout.line)


@cache
def _row_properties(ends: tuple[int, ...], edges: tuple[int, ...], rules: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_properties(start, end, edges, rules) for start, end in pairwise((0, *ends)))


def _properties(start: int, end: int, edges: tuple[int, ...], rules: tuple[str, ...]) -> str:
    return cell_properties(end - start, edges.index(end) - edges.index(start), rules)


def _cell(text: str, properties: str) -> str:
    return _filled(run(text), properties)


def _filled(content: str, properties: str) -> str:
    return f"<w:tc>{properties}<w:p>{content}</w:p></w:tc>"


def _picture(figure: Figure, number: int, layout: Layout, part: Any, where: str) -> str:
    """The picture in a paragraph of its own, as wide as the grid and a whole number of lines high."""
    png_size(figure.png, where=where)
    width, height = Twips(layout.grid_width), Twips(figure.lines * layout.line)
    inline = part.new_pic_inline(io.BytesIO(figure.png), width, height)
    inline.docPr.set("id", str(number))
    inline.docPr.set("descr", visible(figure.alt))
    for side in ("distT", "distB", "distL", "distR"):
        inline.set(side, "0")
    drawing = f"<w:drawing>{etree.tostring(inline, encoding='unicode')}</w:drawing>"
    drawn = f'<w:r><w:rPr><w:sz w:val="2"/></w:rPr>{drawing}</w:r>'
    return paragraph(drawn, '<w:spacing w:line="240" w:lineRule="auto"/>')  # an exact line would cut the picture
