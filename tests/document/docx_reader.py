"""The texts of a Word document, read by python-docx, with their page, region, row and column."""

import io
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from rtf_reader import Place


def read_docx(archive: bytes) -> list[Place]:
    """All texts of a Word document with where they stand.

    A page begins with a break before a paragraph or with a section; header and footer stand on the first page of
    the section that has them.
    """
    document = docx.Document(io.BytesIO(archive))
    sections = list(document.sections)
    found = _frames(1, sections[0])
    page, passed, after_table, counts = 1, 0, False, {"title": 0, "footnote": 0}
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            found += _table(page, block)
            after_table = True
            continue
        if block.paragraph_format.page_break_before:
            page, after_table, counts = page + 1, False, {"title": 0, "footnote": 0}
        after_table |= bool(block._p.findall(f".//{qn('w:drawing')}"))
        if block.text:
            region = "footnote" if after_table else "title"
            found.append((page, region, counts[region], 0, block.text))
            counts[region] += 1
        if block._p.findall(f"./{qn('w:pPr')}/{qn('w:sectPr')}"):
            page, passed, after_table, counts = page + 1, passed + 1, False, {"title": 0, "footnote": 0}
            found += _frames(page, sections[passed])
    return found


def _frames(page: int, section: Any) -> list[Place]:
    found: list[Place] = []
    for name in ("header", "footer"):
        part = getattr(section, name)
        if not part.is_linked_to_previous:
            found += _frame(page, name, part)
    return found


def _frame(page: int, name: str, part: Any) -> list[Place]:
    return [
        (page, name, row, column, text)
        for row, paragraph in enumerate(part.paragraphs)
        for column, text in enumerate(paragraph.text.split("\t"))
    ]


def _table(page: int, table: Table) -> list[Place]:
    found: list[Place] = []
    counts = {"head": 0, "row": 0}
    for row in table._tbl.tr_lst:
        region = "head" if row.findall(f".//{qn('w:tblHeader')}") else "row"
        for column, cell in enumerate(row.tc_lst):
            text = "\n".join(Paragraph(p, None).text for p in cell.p_lst)  # type: ignore[arg-type]
            found.append((page, region, counts[region], column, text))
        counts[region] += 1
    return found
