"""Pieces of WordprocessingML as text: paragraphs, fields, rows. All texts in them are escaped here."""

import re
from collections.abc import Iterable, Sequence

from sdtm2adam.display.characters import visible
from sdtm2adam.display.page import PageRow

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = f'xmlns:w="{W}"'
_SPECIAL = re.compile('[&<>"\r\t]')
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\t": "&#9;"}


def escape_xml(text: str) -> str:
    """A text as XML content or attribute; characters that XML cannot hold are shown as their code.

    >>> escape_xml('a < b & "c"')
    'a &lt; b &amp; &quot;c&quot;'
    """
    return _SPECIAL.sub(lambda match: _ENTITIES[match.group()], visible(text))


def run(text: str) -> str:
    """A run of text; line breaks become breaks inside the paragraph.

    >>> run("95.3\\n 12")
    '<w:r><w:t xml:space="preserve">95.3</w:t><w:br/><w:t xml:space="preserve"> 12</w:t></w:r>'
    """
    if not text:
        return ""
    held = escape_xml(text)
    if "\n" in held:
        held = held.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    return f'<w:r><w:t xml:space="preserve">{held}</w:t></w:r>'


def field(name: str, result: str) -> str:
    """A field that Word computes, with the result it shows until then."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {name} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{result}</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def linked_runs(row: PageRow) -> tuple[str, str, str]:
    """A line of the contents: its number leads to the output, its page is a field."""
    (target,) = row.result_ids[0]
    number, title, page = row.texts
    blanks = page[: -len(page.lstrip())]
    to_output = f'<w:hyperlink w:anchor="{escape_xml(target)}" w:history="1">{run(number)}</w:hyperlink>'
    return to_output, run(title), run(blanks) + field(f"PAGEREF {escape_xml(target)} \\h", page.lstrip())


def paragraph(content: str = "", properties: str = "") -> str:
    """A paragraph of runs."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>" if properties else f"<w:p>{content}</w:p>"


def line(parts: Iterable[Sequence[tuple[str, str]]], width: int, rule: str = "") -> str:
    """A line of the page header or footer: a left and a right text, page numbers as fields."""
    left, right = ("".join(field(name, text) if name else run(text) for text, name in side) for side in parts)
    properties = f'{rule}<w:tabs><w:tab w:val="right" w:pos="{width}"/></w:tabs>'
    return paragraph(f"{left}<w:r><w:tab/></w:r>{right}", properties)


def row(cells: Iterable[str], height: int, *, head: bool = False) -> str:
    """A row of exact height, in twips, that does not break over pages."""
    mark = "<w:tblHeader/>" if head else ""
    properties = f'<w:cantSplit/><w:trHeight w:val="{height}" w:hRule="exact"/>{mark}'
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def cell_properties(width: int, span: int, rules: Iterable[str]) -> str:
    """The properties of a cell: width in twips, columns of the fine grid it covers, the sides with a rule."""
    covered = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    borders = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in rules)
    ruled = f"<w:tcBorders>{borders}</w:tcBorders>" if borders else ""
    return f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{covered}{ruled}</w:tcPr>'
