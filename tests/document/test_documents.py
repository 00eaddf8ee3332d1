"""RTF and Word say what the pages say, to the letter."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import docx
import pytest
import sample_displays as samples
from docx.oxml.ns import qn
from docx_reader import read_docx
from html_reader import read_html
from hypothesis import given, settings
from hypothesis import strategies as st
from rtf_reader import Place, read_rtf

from sdtm2adam.display.characters import visible
from sdtm2adam.display.page import Page
from sdtm2adam.display.paginate import paginate
from sdtm2adam.document.book import Output
from sdtm2adam.document.docx import render_docx, render_docx_report
from sdtm2adam.document.html import render_html
from sdtm2adam.document.rtf import render_rtf, render_rtf_report
from sdtm2adam.document.rtf_text import escape_rtf
from sdtm2adam.errors import InternalError
from sdtm2adam.model.display import Display, Figure

CREATED = datetime(2016, 3, 8)
DISPLAYS = samples.everything()


def places(pages: Sequence[Page]) -> list[Place]:
    """What a reader must find in a document of these pages."""
    found: list[Place] = []
    first = pages[0]
    for region, lines in (("header", first.header), ("footer", (first.footer,))):
        found += [(1, region, row, col, text) for row, pair in enumerate(lines) for col, text in enumerate(pair)]
    for page in pages:
        found += [(page.number, "title", row, 0, text) for row, text in enumerate(page.titles)]
        for at, row in enumerate(page.head):
            texts = [text for text, ruled in zip(row.texts, row.ruled, strict=True) for text in [text, ""][: 1 + ruled]]
            found += [(page.number, "head", at, column, text) for column, text in enumerate(texts)]
        for at, row in enumerate(page.body):
            found += [(page.number, "row", at, column, text) for column, text in enumerate(row.texts)]
        found += [(page.number, "footnote", row, 0, text) for row, text in enumerate(page.footnotes)]
    return sorted(found)


def html_places(pages: Sequence[Page]) -> list[Place]:
    """The same for HTML: header and footer on every page, a ruled head is one cell."""
    kept = [place for place in places(pages) if place[1] not in ("header", "footer", "head")]
    for page in pages:
        for region, lines in (("header", page.header), ("footer", (page.footer,))):
            kept += [
                (page.number, region, row, col, text) for row, pair in enumerate(lines) for col, text in enumerate(pair)
            ]
        for at, row in enumerate(page.head):
            kept += [(page.number, "head", at, column, text) for column, text in enumerate(row.texts)]
    return sorted(kept)


def rtf(display: Display) -> bytes:
    return render_rtf(paginate(display), display, CREATED)


def word(display: Display) -> bytes:
    return render_docx(paginate(display), display, CREATED)


def web(display: Display) -> bytes:
    return render_html(paginate(display), display, CREATED)


def document_xml(archive: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(archive)) as parts:
        return parts.read("word/document.xml").decode()


@pytest.mark.parametrize("name", DISPLAYS)
def test_rtf_holds_every_text_of_the_pages_in_its_place(name: str) -> None:
    assert sorted(read_rtf(rtf(DISPLAYS[name]))) == places(paginate(DISPLAYS[name]))


@pytest.mark.parametrize("name", DISPLAYS)
def test_word_holds_every_text_of_the_pages_in_its_place(name: str) -> None:
    assert sorted(read_docx(word(DISPLAYS[name]))) == places(paginate(DISPLAYS[name]))


@pytest.mark.parametrize("name", DISPLAYS)
def test_html_holds_every_text_of_the_pages_in_its_place(name: str) -> None:
    assert sorted(read_html(web(DISPLAYS[name]))) == html_places(paginate(DISPLAYS[name]))


@pytest.mark.parametrize("name", DISPLAYS)
def test_same_display_gives_same_bytes(name: str) -> None:
    display = DISPLAYS[name]
    assert rtf(display) == rtf(display)
    assert word(display) == word(display)
    assert web(display) == web(display)


def test_word_archive_is_sorted_and_holds_no_clock() -> None:
    with zipfile.ZipFile(io.BytesIO(word(DISPLAYS["T14_2_1"]))) as parts:
        names = parts.namelist()
        assert names == sorted(names)
        assert names[0] == "[Content_Types].xml"
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in names if "thumbnail" in name]
    properties = docx.Document(io.BytesIO(word(DISPLAYS["T14_2_1"]))).core_properties
    assert properties.created.replace(tzinfo=None) == properties.modified.replace(tzinfo=None) == CREATED


def test_times_are_written_in_utc() -> None:
    display, tokyo = DISPLAYS["T14_2_1"], datetime(2016, 3, 8, 9, tzinfo=timezone(timedelta(hours=9)))
    assert render_rtf(paginate(display), display, tokyo) == rtf(display)
    assert render_docx(paginate(display), display, tokyo) == word(display)
    assert render_html(paginate(display), display, tokyo) == web(display)


@pytest.mark.parametrize("text", samples.HOSTILE)
@pytest.mark.bad_input("B081", "B084", "B085")
def test_hostile_text_stays_text_in_every_format(text: str) -> None:
    display = samples.hostile()
    for found in (read_rtf(rtf(display)), read_docx(word(display)), read_html(web(display))):
        bodies = [place[4] for place in found if place[1] == "row"]
        assert bodies.count(visible(text)) == 2


@pytest.mark.bad_input("B081")
def test_rtf_of_hostile_texts_opens_no_field_but_page_numbers() -> None:
    written = rtf(samples.hostile()).decode("ascii")
    assert re.findall(r"(?<!\\)\\fldinst *\{?([A-Z]+)", written) == ["PAGE", "NUMPAGES"]
    assert not re.search(r"(?<!\\)\\(object|bin)", written)


@given(st.text())
@pytest.mark.bad_input("B081")
def test_any_text_survives_rtf(text: str) -> None:
    shown = visible(text)
    written = b"{\\rtf1 \\trowd\\trhdr " + escape_rtf(shown).encode("ascii") + b"\\cell\\row}"
    assert read_rtf(written)[0][4] == shown


@given(st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF), max_size=40))
@settings(max_examples=30, deadline=None)
@pytest.mark.bad_input("B082", "B088")
def test_any_text_survives_every_document(text: str) -> None:
    columns = (samples.Column(("Label",), 60, align="left"), samples.Column(("Text",), 73, align="left"))
    rows = (samples.Row("one", (samples.Cell(text, align="left"),)),)
    display = samples.display("T1", columns, samples.Section(rows))
    expected = places(paginate(display))
    assert sorted(read_rtf(rtf(display))) == expected
    assert sorted(read_docx(word(display))) == expected
    assert sorted(read_html(web(display))) == html_places(paginate(display))


@given(st.lists(st.text(max_size=12), min_size=7, max_size=7))
@settings(max_examples=40, deadline=None)
def test_any_text_survives_in_every_place_of_every_document(texts: list[str]) -> None:
    title, label, cell, note, section, left, right = texts
    columns = (samples.Column(("Label",), 60, align="left"), samples.Column(("Text",), 73))
    rows = (samples.Row(label, (samples.Cell(cell, align="center"),)), samples.Row(label + "x", gap=True))
    display = samples.display(
        "T1",
        columns,
        samples.Section(rows, title=section),
        titles=(title, "Title"),
        footnotes=(note,),
        header=((left[:6], right[:5]),),
        footer=(right[:6], left[:5]),
    )
    pages = paginate(display)
    outputs = [Output(display, pages)]
    expected = renumbered(places(pages))
    assert renumbered(read_rtf(rtf(display))) == expected
    assert renumbered(read_docx(word(display))) == expected
    assert renumbered(read_html(web(display))) == renumbered(html_places(pages))
    bodies = [place for place in expected if place[1] not in ("header", "footer")]
    for found in (read_rtf(render_rtf_report(outputs, CREATED)), read_docx(render_docx_report(outputs, CREATED))):
        later = renumbered([(page - 1, *place) for page, *place in found if page == 2])
        assert [place for place in later if place[1] not in ("header", "footer")] == bodies


def renumbered(found: list[Place]) -> list[Place]:
    """Titles and footnotes counted without the empty ones, which are no paragraphs to a reader."""
    kept, counts = [], Counter[tuple[int, str]]()
    for page, region, row, column, text in sorted(found):
        if region not in ("title", "footnote"):
            kept.append((page, region, row, column, text))
        elif text:
            kept.append((page, region, counts[page, region], column, text))
            counts[page, region] += 1
    return kept


@pytest.mark.bad_input("B090")
def test_rtf_rows_have_exact_heights_and_end_at_the_right_margin() -> None:
    written = rtf(DISPLAYS["T14_1_2"]).decode("ascii")
    rows = re.findall(r"\\trowd.*?(?=\\pard)", written)
    assert {re.findall(r"\\cellx(\d+)", row)[-1] for row in rows} == {"14364"}
    assert all("\\trkeep" in row for row in rows)
    assert {int(height) % 220 for height in re.findall(r"\\trrh-(\d+)", written)} == {0}
    assert written.count("\\pagebb") == len(paginate(DISPLAYS["T14_1_2"])) - 1


def test_spanning_rules_stop_one_character_short() -> None:
    written = rtf(DISPLAYS["T14_2_1"]).decode("ascii")
    head = re.search(r"\\trowd.*?(?=\\pard)", written).group()  # type: ignore[union-attr]
    ends = re.findall(r"(\\clbrdrb\\brdrs\\brdrw10)?\\cellx(\d+)", head)
    assert [int(end) for ruled, end in ends if ruled] == [(29 + 26 * group - 1) * 108 for group in (1, 2, 3, 4)]


def test_word_rows_are_exact_unbroken_and_fill_the_grid() -> None:
    xml = document_xml(word(DISPLAYS["T14_2_1"]))
    rows = xml.count("<w:tr>")
    assert rows == xml.count("<w:cantSplit/>") == xml.count('w:hRule="exact"')
    assert xml.count("<w:tblHeader/>") == 2
    assert sum(map(int, re.findall(r'<w:gridCol w:w="(\d+)"', xml))) == 14364
    for row in re.findall(r"<w:tr>.*?</w:tr>", xml):
        assert sum(map(int, re.findall(r'<w:tcW w:w="(\d+)"', row))) == 14364


@pytest.mark.parametrize("name", ["T14_2_1", "F14_2_3"])
def test_first_title_has_bookmark_and_outline_level(name: str) -> None:
    display = DISPLAYS[name]
    written = rtf(display).decode("ascii")
    title = display.titles[0]
    assert f"\\outlinelevel0 {{\\*\\bkmkstart {name}}}{title}{{\\*\\bkmkend {name}}}" in written
    assert written.count("\\outlinelevel") == written.count("\\bkmkstart") == 1
    xml = document_xml(word(display))
    assert xml.count("<w:outlineLvl ") == xml.count("<w:bookmarkStart ") == 1
    assert f'w:name="{name}"' in xml


def test_page_numbers_are_fields_with_planned_results() -> None:
    display = DISPLAYS["T14_1_2"]
    total = len(paginate(display))
    assert f"{{\\*\\fldinst {{NUMPAGES}}}}{{\\fldrslt {{{total}}}}}" in rtf(display).decode("ascii")
    header = docx.Document(io.BytesIO(word(display))).sections[0].header
    assert header.paragraphs[0].text.endswith(f"Page 1 of {total}")
    assert [part.text.strip() for part in header._element.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_figure_is_as_wide_as_the_grid_with_text_for_those_who_cannot_see_it() -> None:
    display = DISPLAYS["F14_2_3"]
    written = rtf(display).decode("ascii")
    assert written.count("\\picwgoal14364\\pichgoal6160") == 2
    assert display.figures[0].png.hex() in written
    assert "\\u10?".join(map(escape_rtf, display.figures[0].alt.split("\n"))) in written
    found = docx.Document(io.BytesIO(word(display)))
    assert [(shape.width, shape.height) for shape in found.inline_shapes] == [(14364 * 635, 6160 * 635)] * 2
    assert [shape._inline.docPr.get("descr") for shape in found.inline_shapes] == [one.alt for one in display.figures]


def test_a_picture_that_is_no_png_is_refused() -> None:
    display = replace(DISPLAYS["F14_2_3"], figures=(Figure(b"GIF89a", 20, ""),))
    for render in (render_rtf, render_docx):
        with pytest.raises(InternalError, match="not a PNG"):
            render(paginate(display), display, CREATED)


@pytest.mark.parametrize(("layout", "paper"), [("grid9", (15840, 12240)), ("grid9_a4", (16838, 11906))])
def test_paper_is_landscape_with_the_margins_of_the_layout(layout: str, paper: tuple[int, int]) -> None:
    display = replace(DISPLAYS["T14_2_1"], layout=layout)
    assert f"\\paperw{paper[0]}\\paperh{paper[1]}" in rtf(display).decode("ascii")
    section = docx.Document(io.BytesIO(word(display))).sections[0]
    assert (section.page_width.twips, section.page_height.twips) == paper
    assert section.left_margin.twips + section.right_margin.twips == paper[0] - 14364
