"""HTML that needs nothing from elsewhere, that those who cannot see can read, and in which data are never code."""

import re
from base64 import b64encode
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from xml.etree import ElementTree

import pytest
import sample_displays as samples
from html_reader import Element, tree
from hypothesis import given, settings
from hypothesis import strategies as st

from sdtm2adam.display.characters import visible
from sdtm2adam.display.figure.kaplan_meier import Curve, Look, Panel, Scale, draw_kaplan_meier
from sdtm2adam.display.paginate import paginate
from sdtm2adam.document.book import Output
from sdtm2adam.document.html import render_html
from sdtm2adam.document.html_index import render_index
from sdtm2adam.document.picture import picture_file
from sdtm2adam.model.display import Display, Figure

CREATED = datetime(2016, 3, 8)
DISPLAYS = samples.everything()
LOOK = Look(Scale("Months", 0, 12, 3), Scale("Survival (%)", 0, 100, 20), "|", "Number at risk", 28)


def drawn(title: str = "Overall", alt: str = "Survival.\nAt risk: 5, 4 & <3>") -> Figure:
    curve = Curve("InO", "solid", "#1F3A93", (2.0, 5.0), (80.0, 40.0), ((5.0, 40.0),), ("5", "4", "2", "1", "0"))
    png, svg = draw_kaplan_meier((Panel("All", (curve,), (("InO: 3/5", curve),)),), LOOK)
    return Figure(png, 28, alt, title, svg)


DISPLAYS["SVG"] = replace(DISPLAYS["F14_2_3"], figures=(drawn(), drawn("Again")))
OUTPUTS = [Output(display, paginate(display), "DRAFT") for display in samples.everything().values()]


def web(display: Display) -> bytes:
    return render_html(paginate(display), display, CREATED)


def every_file() -> dict[str, bytes]:
    return {name: web(display) for name, display in DISPLAYS.items()} | {"index": render_index(OUTPUTS, CREATED)}


FILES = every_file()


def elements(html: bytes) -> list[Element]:
    def within(element: Element) -> list[Element]:
        inner = [item for item in element.content if isinstance(item, Element)]
        return [element, *(found for item in inner for found in within(item))]

    return within(tree(html))


@pytest.mark.parametrize("name", FILES)
def test_nothing_comes_from_elsewhere(name: str) -> None:
    for element in elements(FILES[name]):
        assert element.tag not in ("link", "iframe", "object", "embed", "base", "video", "audio")
        for key, value in element.attributes.items():
            assert not key.startswith("on"), f"{element.tag} {key}"
            assert key != "style"
            if key in ("src", "srcset", "data", "action", "poster"):
                assert (value or "").startswith("data:image/png;base64,")
            if key in ("href", "xlink:href"):
                assert re.fullmatch(r"#[\w.-]+|[\w-]+\.(html|rtf|docx)", value or "")
    assert b"@import" not in FILES[name]
    assert b"url(http" not in FILES[name]


@pytest.mark.parametrize("name", FILES)
def test_the_policy_allows_the_styles_and_scripts_of_the_file_and_no_others(name: str) -> None:
    found = elements(FILES[name])
    metas = [one.attributes for one in found if one.tag == "meta"]
    (policy,) = [one["content"] for one in metas if one.get("http-equiv") == "Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in (policy or "").split(";"))
    assert rules["default-src"] == "'none'"
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        hashes = [
            "'sha256-" + b64encode(sha256(one.text.encode()).digest()).decode() + "'" for one in found if one.tag == tag
        ]
        assert " ".join(hashes) == rules.get(rule, "")


@pytest.mark.parametrize("name", FILES)
def test_language_title_and_ids_are_as_they_should_be(name: str) -> None:
    found = elements(FILES[name])
    (html,) = [one for one in found if one.tag == "html"]
    assert html.attributes["lang"] == "en"
    assert next(one for one in found if one.tag == "title").text
    assert len([one for one in found if one.tag == "h1"]) == 1
    ids = [one.attributes["id"] for one in found if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for one in found:
        for key in ("aria-labelledby", "aria-describedby", "for"):
            assert all(part in ids for part in (one.attributes.get(key) or "").split())


@pytest.mark.parametrize("name", ["T14_1_2", "T14_2_1", "T14_3_2_2"])
def test_tables_are_tables_with_caption_and_scope(name: str) -> None:
    for page, table in zip(paginate(DISPLAYS[name]), tree(FILES[name]).find("table"), strict=True):
        caption = next(table.find("caption"))
        assert [line.text for line in caption.find("h1", "p")] == list(page.titles)
        heads = [head for part in table.find("thead") for head in part.find("th")]
        assert {head.attributes["scope"] for head in heads} <= {"col", "colgroup"}
        assert [head.attributes["scope"] == "colgroup" for head in heads] == ["colspan" in h.attributes for h in heads]
        labels = [head for part in table.find("tbody") for head in part.find("th")]
        assert {head.attributes["scope"] for head in labels} == {"row"}
        assert [label.text for label in labels] == [row.texts[0] for row in page.body if row.texts[0]]
        assert len(list(table.find("col"))) == len(page.widths)


def test_a_picture_is_drawn_named_and_described() -> None:
    pictures = list(tree(FILES["SVG"]).find("svg"))
    assert [one.attributes["role"] for one in pictures] == ["img", "img"]
    assert [next(one.find("title")).text for one in pictures] == ["Overall", "Again"]
    assert [next(one.find("desc")).text for one in pictures] == ["Survival.\nAt risk: 5, 4 & <3>"] * 2
    assert "Months" in [text.text for text in pictures[0].find("text")]


def test_a_picture_without_svg_is_shown_as_png_with_its_text() -> None:
    pictures = [one.attributes for one in tree(FILES["F14_2_3"]).find("img")]
    assert [one["alt"] for one in pictures] == [figure.alt for figure in DISPLAYS["F14_2_3"].figures]


@given(st.text(max_size=20))
@settings(max_examples=20, deadline=None)
def test_any_text_describes_a_picture(text: str) -> None:
    svg = ElementTree.fromstring(picture_file(replace(PICTURE, alt=text, title=text), "figure"))
    described = svg.find("{http://www.w3.org/2000/svg}desc")
    assert described is not None
    assert described.text == (visible(text) or None)


PICTURE = drawn()


def test_the_index_lists_all_outputs_by_kind_and_number() -> None:
    index = tree(FILES["index"])
    assert [head.text for head in index.find("h2")] == ["Tables (5)", "Figures (1)", "Listings (1)"]
    rows = [row for part in index.find("tbody") for row in part.find("tr")]
    cells = [[cell.text for cell in row.find("th", "td")] for row in rows]
    assert cells[3][:5] == [
        "Table 14.2.1",
        "Complete Remission (CR/CRi) per Investigator by Baseline CD22 Positivity",
        "Intent-to-Treat Population",
        "DRAFT",
        "1",
    ]
    links = [[link.attributes["href"] for link in row.find("a")] for row in rows]
    assert links[3] == ["T14_2_1.html", "T14_2_1.rtf", "T14_2_1.docx"]


@pytest.mark.bad_input("B085")
def test_the_index_shows_hostile_texts_as_they_are() -> None:
    index = tree(FILES["index"])
    texts = [cell.text for part in index.find("tbody") for cell in part.find("th", "td")]
    assert "Table {\\b 1}" in texts
    assert samples.HOSTILE[3] in texts


def test_numbers_are_sorted_as_numbers() -> None:
    def numbered(number: str) -> Output:
        display = samples.two(samples.counts("a"), titles=(number, "Title", "Population"))
        return Output(replace(display, id=number.replace(" ", "_")), paginate(display), "DRAFT")

    numbers = ["Listing 16.2.4", "Table 14.2.10", "Figure 14.1.1", "Table 14.2.9", "Appendix 1", "Table 14.2"]
    index = tree(render_index([numbered(number) for number in numbers], CREATED))
    shown = [next(row.find("a")).text for part in index.find("tbody") for row in part.find("tr")]
    assert shown == ["Table 14.2", "Table 14.2.9", "Table 14.2.10", "Figure 14.1.1", "Listing 16.2.4", "Appendix 1"]


@given(st.text(max_size=30))
@settings(max_examples=20, deadline=None)
def test_any_title_survives_the_index(text: str) -> None:
    display = samples.two(samples.counts("a"), titles=("Table 1", text, text))
    index = tree(render_index([Output(display, paginate(display), "DRAFT")], CREATED))
    cells = [cell.text for part in index.find("tbody") for cell in part.find("td")]
    assert cells[:2] == [visible(text)] * 2
