"""The texts of a Word document, read by python-docx, with their page, region, row and column."""

import io
from typing import Any

import docx
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from rtf_reader import Place


def read_docx(archive: bytes) -> list[Place]:
    """All texts of a Word document with where they stand."""
    document = docx.Document(io.BytesIO(archive))
    section = document.sections[0]
    found = [place for name in ("header", "footer") for place in _frame(name, getattr(section, name))]
    page, after_table, counts = 1, False, {"title": 0, "footnote": 0}
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
    return found


def _frame(name: str, part: Any) -> list[Place]:
    return [
        (1, name, row, column, text)
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
