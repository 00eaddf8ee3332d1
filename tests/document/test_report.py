"""The report of all outputs as one RTF and one Word document: contents, numbers, and the text of the single files."""

import io
import re
from dataclasses import replace
from datetime import datetime

import docx
import pytest
import sample_displays as samples
from docx.oxml.ns import qn
from docx_reader import read_docx
from rtf_reader import Place, read_rtf

from sdtm2adam.display.characters import text_width
from sdtm2adam.display.page import Page
from sdtm2adam.display.paginate import paginate
from sdtm2adam.document.book import Output, sheets
from sdtm2adam.document.docx import render_docx, render_docx_report
from sdtm2adam.document.rtf import render_rtf, render_rtf_report

CREATED = datetime(2016, 3, 8)
OUTPUTS = [Output(display, paginate(display), "DRAFT") for display in samples.everything().values()]
BOOK = sheets(OUTPUTS)
RTF = render_rtf_report(OUTPUTS, CREATED)
WORD = render_docx_report(OUTPUTS, CREATED)
READ = {"rtf": read_rtf(RTF), "docx": read_docx(WORD)}
FRAME = ("header", "footer")


def on_page(found: list[Place], number: int) -> list[tuple[str, int, int, str]]:
    return sorted(place[1:] for place in found if place[0] == number and place[1] not in FRAME)


@pytest.mark.parametrize("kind", READ)
def test_every_page_of_every_output_is_there_with_the_text_of_its_own_file(kind: str) -> None:
    assert max(place[0] for place in READ[kind]) == len(BOOK)
    render, read = {"rtf": (render_rtf, read_rtf), "docx": (render_docx, read_docx)}[kind]
    alone = {one.display.id: read(render(one.pages, one.display, CREATED)) for one in OUTPUTS}
    for sheet in BOOK:
        if not sheet.contents:
            own = on_page(alone[sheet.display.id], sheet.page.number)
            assert on_page(READ[kind], sheet.number) == own


def header_of(page: Page) -> list[tuple[int, int, str]]:
    return [(row, column, text) for row, pair in enumerate(page.header) for column, text in enumerate(pair)]


@pytest.mark.parametrize("kind", READ)
def test_every_page_bears_its_number_within_the_output_and_within_the_report(kind: str) -> None:
    footer: list[tuple[int, int, str]] = []
    for sheet in BOOK:
        frame = [place for place in READ[kind] if place[0] == sheet.number]
        assert [place[2:] for place in frame if place[1] == "header"] == header_of(sheet.page)
        own = [place[2:] for place in frame if place[1] == "footer"]
        footer = own or footer  # Word: a section without one has that of the section before
        assert [text for _, _, text in footer[:3]] == [*sheet.page.footer, ""]
        assert re.fullmatch(rf"Report page \d+ of {len(BOOK)}", footer[3][2])


def test_the_contents_name_every_output_with_its_first_page() -> None:
    first = {sheet.display.id: sheet.number for sheet in BOOK if sheet.first}
    for found in READ.values():
        rows: dict[int, list[str]] = {}
        for page, region, row, _, text in found:
            if page == 1 and region == "row":
                rows.setdefault(row, []).append(text)
        lines = [row for row in rows.values() if any(row)]
        for number, title, page in lines:
            (output,) = [one for one in OUTPUTS if one.number == number]
            assert title.rstrip(" .").replace("\n ", "") == output.title
            assert int(page) == first[output.display.id]
        assert len(lines) == len(OUTPUTS)


def test_contents_lead_to_bookmarks_and_page_numbers_are_fields() -> None:
    ids = [sheet.display.id for sheet in BOOK if sheet.first]
    written = RTF.decode("ascii")
    assert re.findall(r"\\bkmkstart (\w+)", written) == re.findall(r"\\bkmkend (\w+)", written) == ids
    assert re.findall(r'HYPERLINK \\\\l "(\w+)"', written) == re.findall(r"PAGEREF (\w+)", written) == ids[1:]
    document = docx.Document(io.BytesIO(WORD))
    body = document.element.body
    assert [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))] == ids
    marks = [mark.get(qn("w:id")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert marks == [mark.get(qn("w:id")) for mark in body.iter(qn("w:bookmarkEnd"))]
    assert len(set(marks)) == len(marks)
    assert [link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))] == ids[1:]
    fields = [part.text.split() for part in body.iter(qn("w:instrText"))]
    assert fields == [["PAGEREF", name, "\\h"] for name in ids[1:]]


def test_report_numbers_are_fields() -> None:
    footers = RTF.decode("ascii").split("{\\footer")[1:]
    assert len(footers) == len(BOOK)
    for number, part in enumerate(footers, 1):
        fields = re.findall(r"\\fldinst \{(\w+)\}\}\{\\fldrslt \{(\d+)\}", part)
        assert fields[:2] == [("PAGE", str(number)), ("NUMPAGES", str(len(BOOK)))]
    sections = docx.Document(io.BytesIO(WORD)).sections
    own = [section.footer for section in sections if not section.footer.is_linked_to_previous]
    assert len(own) == len(OUTPUTS) + 1
    for footer in own:
        assert [part.text.strip() for part in footer._element.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_pictures_have_ids_of_their_own() -> None:
    document = docx.Document(io.BytesIO(WORD))
    numbers = [shape._inline.docPr.get("id") for shape in document.inline_shapes]
    assert len(set(numbers)) == len(numbers) == 2


def test_same_outputs_in_any_order_give_the_same_bytes() -> None:
    assert render_rtf_report(OUTPUTS[::-1], CREATED) == RTF
    assert render_docx_report(OUTPUTS[::-1], CREATED) == WORD


def test_contents_longer_than_a_page_count_themselves() -> None:
    many = []
    for at in range(90):
        display = samples.two(samples.counts("a"), titles=(f"Table 14.{at}", "A title " * 15, "Population"))
        many.append(Output(replace(display, id=f"T14_{at}"), paginate(display), "DRAFT"))
    book = sheets(many)
    contents = [sheet for sheet in book if sheet.contents]
    assert len(contents) > 1
    assert [sheet.page.header[0][1] for sheet in contents][-1] == f"Page {len(contents)} of {len(contents)}"
    assert int(contents[0].page.body[0].texts[2].strip()) == len(contents) + 1
    assert [sheet.number for sheet in book] == list(range(1, len(contents) + 91))


def test_a_wide_title_fills_its_lines_of_the_contents_and_no_more() -> None:
    display = samples.two(samples.counts("a"), titles=("Table 1", "白血病 " * 40, "Population"))
    (contents, _) = sheets([Output(display, paginate(display), "DRAFT")])
    number, title, page = contents.page.body[0].texts
    assert title.count("\n") == page.count("\n") > 0
    assert all(text_width(line) < 105 for line in title.split("\n"))
    assert number == "Table 1"
