"""What a browser makes of the HTML: the planned pages, no complaint, a search that finds."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import sample_displays as samples
from browser import PROGRAM, Browser, browser

from sdtm2adam.display.figure.kaplan_meier import Curve, Look, Panel, Scale, draw_kaplan_meier
from sdtm2adam.display.layout import layout_named
from sdtm2adam.display.paginate import paginate
from sdtm2adam.document.book import Output
from sdtm2adam.document.html import render_html
from sdtm2adam.document.html_index import render_index
from sdtm2adam.model.display import Display, Figure

MISSING = [tool for tool in ("pdfinfo", "pdftotext") if shutil.which(tool) is None] + ["chromium"] * (PROGRAM is None)
pytestmark = [pytest.mark.browser, pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")]
WORD = re.compile(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"')
CREATED = datetime(2016, 3, 8)


def displays() -> dict[str, Display]:
    """The samples, one on A4, one with full pages, and pictures as SVG."""
    found = samples.everything()
    found["A4"] = replace(found["T14_1_2"], layout="grid9_a4")
    columns = (samples.Column(("Stub",), 67, align="left"), samples.Column(("Text",), 66, align="left"))
    rows = [samples.Row("M" * 66, (samples.Cell("W" * 65, align="left"),)) for _ in range(90)]
    found["FULL"] = samples.display("FULL", columns, samples.Section(tuple(rows)))
    look = Look(Scale("Months", 0, 12, 3), Scale("Survival (%)", 0, 100, 20), "|", "Number at risk", 32)
    curve = Curve("InO", "solid", "#1F3A93", (2.0, 5.0), (80.0, 40.0), ((5.0, 40.0),), ("5", "4", "2", "1", "0"))
    png, svg = draw_kaplan_meier((Panel("<All> & $x$", (curve,), (("InO: 3/5", curve),)),), look)
    pictures = (Figure(png, 32, "Survival.\nAt risk: 5", "Overall", svg), Figure(png, 32, "Survival.", "Again", svg))
    found["SVG"] = replace(found["F14_2_3"], figures=pictures)
    return found


DISPLAYS = displays()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Browser, Path]]:
    """A browser, and a folder with every display and the index."""
    folder = tmp_path_factory.mktemp("web")
    for name, display in DISPLAYS.items():
        (folder / f"{name}.html").write_bytes(render_html(paginate(display), display, CREATED))
    outputs = [Output(display, paginate(display), "DRAFT") for display in samples.everything().values()]
    (folder / "index.html").write_bytes(render_index(outputs, CREATED))
    with browser(folder / "profile") as started:
        yield started, folder


@pytest.mark.parametrize("name", DISPLAYS)
def test_a_page_shows_what_was_planned_and_complains_of_nothing(opened: tuple[Browser, Path], name: str) -> None:
    window, folder = opened
    window.open(folder / f"{name}.html")
    assert window.complaints == []
    pages = paginate(DISPLAYS[name])
    assert window.ask("document.querySelectorAll('section.page').length") == len(pages)
    shown = window.ask("document.querySelector('thead, figcaption').getBoundingClientRect().width")
    assert shown == pytest.approx(718, abs=4) or shown == pytest.approx(718 * 96 / 72, abs=4)


@pytest.mark.parametrize("name", DISPLAYS)
def test_printed_it_has_the_planned_pages_and_nothing_outside_the_margins(
    opened: tuple[Browser, Path], name: str
) -> None:
    window, folder = opened
    window.open(folder / f"{name}.html")
    pdf = folder / f"{name}.pdf"
    pdf.write_bytes(window.printed())
    pages = paginate(DISPLAYS[name])
    layout = layout_named(DISPLAYS[name].layout)
    info = output_of("pdfinfo", str(pdf))
    assert re.search(rf"^Pages: +{len(pages)}$", info, re.MULTILINE)
    size = re.search(r"Page size: +([\d.]+) x ([\d.]+)", info)
    assert size is not None
    assert [float(part) for part in size.groups()] == pytest.approx(
        [layout.paper_width / 20, layout.paper_height / 20], abs=0.6
    )
    left, right = layout.margin_left / 20, (layout.paper_width - layout.margin_right) / 20
    boxes = WORD.findall(output_of("pdftotext", "-bbox", str(pdf), "-"))
    assert boxes
    for box in boxes:
        x_min, y_min, x_max, y_max = map(float, box)
        assert left - 1 <= x_min <= x_max <= right + 1
        assert layout.header_distance / 20 - 2 <= y_min <= y_max <= (layout.paper_height - layout.footer_distance) / 20


@pytest.mark.parametrize("name", ["T14_1_2", "T14_2_1", "T14_3_2_2"])
def test_paper_from_the_browser_shows_each_page_number_on_its_page(opened: tuple[Browser, Path], name: str) -> None:
    window, folder = opened
    window.open(folder / f"{name}.html")
    pdf = folder / f"{name}.pdf"
    pdf.write_bytes(window.printed())
    total = len(paginate(DISPLAYS[name]))
    for number in range(1, total + 1):
        page = output_of("pdftotext", "-layout", "-f", str(number), "-l", str(number), str(pdf), "-")
        assert f"Page {number} of {total}" in page


def test_footnotes_end_above_the_footer(opened: tuple[Browser, Path]) -> None:
    window, folder = opened
    for name in ("FULL", "SVG"):
        window.open(folder / f"{name}.html")
        ends = window.ask(
            "[...document.querySelectorAll('.page')].map(page => [page.querySelector('.notes').getBoundingClientRect()"
            ".bottom, page.querySelector('.page > footer').getBoundingClientRect().top])"
        )
        assert all(notes <= footer for notes, footer in ends)


def search(window: Browser, text: str) -> list[str]:
    window.ask(
        f"const box = document.querySelector('input'); box.value = {text!r}; box.dispatchEvent(new Event('input'))"
        if window.ask("typeof box") == "undefined"
        else f"box.value = {text!r}; box.dispatchEvent(new Event('input'))"
    )
    found: list[str] = window.ask(
        "[...document.querySelectorAll('tbody tr')].filter(row => !row.hidden && row.offsetHeight)"
        ".map(row => row.querySelector('a').textContent)"
    )
    return found


def test_the_index_finds_outputs_by_every_word_of_the_search(opened: tuple[Browser, Path]) -> None:
    window, folder = opened
    window.open(folder / "index.html")
    assert window.complaints == []
    assert window.ask("document.querySelector('form').offsetHeight") > 0
    assert len(search(window, "")) == 7
    assert search(window, "remission CR/CRi") == ["Table 14.2.1"]
    assert search(window, "KAPLAN meier") == ["Figure 14.2.3"]
    assert search(window, "hepatobiliary") == ["Table 14.3.2.2"]
    assert search(window, "no such output") == []
    assert window.ask("document.querySelector('output').textContent") == "0 of 7 outputs"
    assert len(search(window, "")) == 7


@pytest.mark.bad_input("B085")
def test_a_script_that_is_not_ours_does_not_run_and_the_list_stays(opened: tuple[Browser, Path]) -> None:
    window, folder = opened
    changed = (folder / "index.html").read_bytes().replace(b"form.hidden = false", b"form.hidden  = false")
    (folder / "changed.html").write_bytes(changed)
    window.open(folder / "changed.html")
    assert any("Content Security Policy" in complaint for complaint in window.complaints)
    assert window.ask("document.querySelector('form').offsetHeight") == 0
    assert window.ask("[...document.querySelectorAll('tbody tr')].filter(row => row.offsetHeight).length") == 7


def output_of(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()
