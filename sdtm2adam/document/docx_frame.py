"""What a Word document is besides its pages: paper, font, header and footer, properties without a clock."""

from datetime import UTC, datetime
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.parts.hdrftr import FooterPart, HeaderPart
from docx.shared import Twips

from sdtm2adam.display.characters import visible
from sdtm2adam.display.layout import Layout
from sdtm2adam.document.book import REPORT_PAGE, Sheet
from sdtm2adam.document.fields import field_parts
from sdtm2adam.document.wordml import NAMESPACES, line
from sdtm2adam.model.display import Display

_FOOTER_RULE = '<w:pBdr><w:top w:val="single" w:sz="4" w:space="1" w:color="000000"/></w:pBdr>'
_FRAMES = {
    "header": ("hdr", CONTENT_TYPE.WML_HEADER, RELATIONSHIP_TYPE.HEADER, HeaderPart),
    "footer": ("ftr", CONTENT_TYPE.WML_FOOTER, RELATIONSHIP_TYPE.FOOTER, FooterPart),
}
_UNUSED_PARTS = ("thumbnail", "extended-properties", "stylesWithEffects", "customXml", "numbering")


def set_frame(document: Any, display: Display, layout: Layout, created: datetime, total: int) -> None:
    """Give a new python-docx document the frame of a display."""
    _set_paper(document.sections[0], layout)
    set_report_frame(document, " - ".join(display.titles), layout, created)
    section = document.sections[0]
    pairs = [[field_parts(text, 1, total) for text in pair] for pair in display.header]
    _fill(section.header, "".join(line(pair, layout.grid_width) for pair in pairs))
    footer = [field_parts(text, 1, total) for text in display.footer]
    _fill(section.footer, line(footer, layout.grid_width, _FOOTER_RULE))


def set_report_frame(document: Any, title: str, layout: Layout, created: datetime) -> None:
    """Give a new python-docx document styles and properties, and take away what its template brings."""
    _set_styles(document, layout)
    _set_properties(document, title, created)
    _drop_unused_parts(document)


def section_properties(sheet: Sheet, layout: Layout, part: Any) -> str:
    """The section of one page of a book: paper, a header of its own, the footer where an output begins.

    Other pages take the footer of the page before.
    """
    pairs = [[[(text, "")] for text in pair] for pair in sheet.page.header]
    references = _reference("header", sheet, part, [line(pair, layout.grid_width) for pair in pairs])
    if sheet.first:
        numbers = field_parts(REPORT_PAGE, sheet.number, sheet.total)
        own = line([[(text, "")] for text in sheet.page.footer], layout.grid_width, _FOOTER_RULE)
        references += _reference("footer", sheet, part, [own, line(([], numbers), layout.grid_width)])
    margins = {
        "top": layout.margin_top,
        "right": layout.margin_right,
        "bottom": layout.margin_bottom,
        "left": layout.margin_left,
        "header": layout.header_distance,
        "footer": layout.footer_distance,
        "gutter": 0,
    }
    sides = " ".join(f'w:{side}="{twips}"' for side, twips in margins.items())
    size = f'w:w="{layout.paper_width}" w:h="{layout.paper_height}" w:orient="landscape"'
    return f'<w:sectPr>{references}<w:type w:val="nextPage"/><w:pgSz {size}/><w:pgMar {sides}/></w:sectPr>'


def _reference(kind: str, sheet: Sheet, part: Any, lines: list[str]) -> str:
    tag, content_type, relation, made = _FRAMES[kind]
    element = parse_xml(f"<w:{tag} {NAMESPACES}>{''.join(lines)}</w:{tag}>")
    new = made(PackURI(f"/word/{kind}{sheet.number}.xml"), content_type, element, part.package)
    return f'<w:{kind}Reference w:type="default" r:id="{part.relate_to(new, relation)}"/>'


def _set_paper(section: Any, layout: Layout) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Twips(layout.paper_width), Twips(layout.paper_height)
    section.left_margin, section.right_margin = Twips(layout.margin_left), Twips(layout.margin_right)
    section.top_margin, section.bottom_margin = Twips(layout.margin_top), Twips(layout.margin_bottom)
    section.header_distance, section.footer_distance = Twips(layout.header_distance), Twips(layout.footer_distance)
    section.gutter = Twips(0)


def _set_styles(document: Any, layout: Layout) -> None:
    """One font, one size, exact lines, nothing else: the cells need no properties of their own."""
    font = " ".join(f'w:{script}="{layout.font}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))
    element = document.styles.element
    for child in list(element):
        element.remove(child)
    styles = parse_xml(
        f"<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts {font}/><w:noProof/>"
        f'<w:sz w:val="{layout.half_points}"/><w:szCs w:val="{layout.half_points}"/><w:lang w:val="en-GB"/>'
        '</w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:widowControl w:val="0"/>'
        f'<w:spacing w:before="0" w:after="0" w:line="{layout.line}" w:lineRule="exact"/></w:pPr></w:pPrDefault>'
        "</w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
        '<w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style></w:styles>'
    )
    element.extend(list(styles))
    for setting in document.settings.element.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")


def _set_properties(document: Any, title: str, created: datetime) -> None:
    properties = document.core_properties
    properties.title = visible(title)[:255]
    properties.author = properties.last_modified_by = "sdtm2adam"
    properties.comments = properties.keywords = properties.subject = ""
    properties.created = properties.modified = created.astimezone(UTC) if created.tzinfo else created
    properties.revision = 1


def _drop_unused_parts(document: Any) -> None:
    """The template's preview, list styles and the name of the program that made it are of no use here."""
    for holder in (document.part.package, document.part):
        for key, relationship in list(holder.rels.items()):
            if relationship.reltype.rsplit("/", 1)[-1] in _UNUSED_PARTS:
                del holder.rels[key]


def _fill(part: Any, lines: str) -> None:
    part.is_linked_to_previous = False
    element = part._element
    for child in list(element):
        element.remove(child)
    element.extend(list(parse_xml(f"<w:hdr {NAMESPACES}>{lines}</w:hdr>")))
