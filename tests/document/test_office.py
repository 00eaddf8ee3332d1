"""What a word processor makes of the documents: the pages that were planned, and the same from both formats."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import sample_displays as samples

from sdtm2adam.display.layout import layout_named
from sdtm2adam.display.paginate import paginate
from sdtm2adam.document.book import Output, sheets
from sdtm2adam.document.docx import render_docx, render_docx_report
from sdtm2adam.document.rtf import render_rtf, render_rtf_report
from sdtm2adam.model.display import Display

TOOLS = ("soffice", "pdftotext", "pdftoppm", "pdfinfo")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
pytestmark = [pytest.mark.office, pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")]
WORD = re.compile(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"')


def full_line(chars: str) -> str:
    return (chars * 133)[:133]


def displays() -> dict[str, Display]:
    """The samples, one on A4, and one whose lines and pages are as full as they can be."""
    found = samples.everything()
    found["A4"] = replace(found["T14_1_2"], layout="grid9_a4")
    columns = (samples.Column(("Stub",), 67, align="left"), samples.Column(("Text",), 66, align="left"))
    rows = [samples.Row("M" * 66, (samples.Cell("W" * 65, align="left"),)) for _ in range(90)]
    notes = (full_line("abcdefghi "), full_line("N"))
    found["FULL"] = samples.display(
        "FULL", columns, samples.Section(tuple(rows)), titles=(full_line("T"),) * 3, footnotes=notes
    )
    tall = replace(found["F14_2_3"].figures[0], png=samples.picture(32), lines=32)
    found["TALL"] = replace(found["F14_2_3"], figures=(tall, tall, tall))
    found["TALL_A4"] = replace(found["TALL"], layout="grid9_a4")
    found["FULL_A4"] = replace(found["FULL"], layout="grid9_a4")
    return found


DISPLAYS = displays()
REPORTS = {
    "report": [Output(display, paginate(display)) for display in samples.everything().values()],
    "report_of_full_pages": [
        Output(replace(display, id=name), paginate(display))
        for name, display in DISPLAYS.items()
        if name.startswith(("FULL", "TALL", "A4", "T14_2_1"))
    ],
}


def run(*command: str | Path | int) -> str:
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=300).stdout.decode()


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every display and report as rtf/NAME.pdf and docx/NAME.pdf."""
    folder = tmp_path_factory.mktemp("office")
    created = datetime(2016, 3, 8)
    whole = {"rtf": render_rtf_report, "docx": render_docx_report}
    for suffix, render in (("rtf", render_rtf), ("docx", render_docx)):
        (folder / suffix).mkdir()
        for name, display in DISPLAYS.items():
            (folder / suffix / f"{name}.{suffix}").write_bytes(render(paginate(display), display, created))
        for name, outputs in REPORTS.items():
            (folder / suffix / f"{name}.{suffix}").write_bytes(whole[suffix](outputs, created))
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        files = sorted((folder / suffix).iterdir())
        run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder / suffix, *files)
    return folder


def planned_pages(name: str) -> int:
    return len(sheets(REPORTS[name])) if name in REPORTS else len(paginate(DISPLAYS[name]))


@pytest.mark.parametrize("name", [*DISPLAYS, *REPORTS])
def test_page_count_is_the_planned_one(printed: Path, name: str) -> None:
    planned = planned_pages(name)
    for suffix in ("rtf", "docx"):
        assert f"Pages:           {planned}\n" in run("pdfinfo", printed / suffix / f"{name}.pdf")


@pytest.mark.parametrize("name", [*DISPLAYS, *REPORTS])
def test_both_formats_print_the_same_text(printed: Path, name: str) -> None:
    rtf, docx = (run("pdftotext", "-layout", printed / suffix / f"{name}.pdf", "-") for suffix in ("rtf", "docx"))
    assert rtf == docx
    assert "Page 1 of" in rtf


@pytest.mark.parametrize("name", [*DISPLAYS, *REPORTS])
def test_both_formats_look_the_same_to_the_pixel(printed: Path, name: str) -> None:
    pictures = []
    for suffix in ("rtf", "docx"):
        run("pdftoppm", "-r", "80", printed / suffix / f"{name}.pdf", printed / suffix / name)
        pictures.append([pixels(path) for path in sorted((printed / suffix).glob(f"{name}-*.ppm"))])
    for rtf, docx in zip(*pictures, strict=True):
        difference = np.abs(rtf - docx)
        # on A4 the end of the footer rule comes out 4 of 255 lighter: rounding inside the word processor
        assert difference.max() <= 8
        assert (difference > 0).sum() <= 9


def pixels(path: Path) -> np.ndarray:
    magic, size, depth, raw = path.read_bytes().split(b"\n", 3)
    assert (magic, depth) == (b"P6", b"255")
    return np.frombuffer(raw, np.uint8).astype(int).reshape(*reversed(tuple(map(int, size.split()))), 3)


@pytest.mark.parametrize("name", [*DISPLAYS, "report"])
def test_no_text_lies_outside_the_margins(printed: Path, name: str) -> None:
    layout = layout_named(DISPLAYS[name].layout if name in DISPLAYS else "grid9")
    left, right = layout.margin_left / 20, (layout.paper_width - layout.margin_right) / 20
    bottom = (layout.paper_height - layout.footer_distance) / 20
    for suffix in ("rtf", "docx"):
        boxes = WORD.findall(run("pdftotext", "-bbox", printed / suffix / f"{name}.pdf", "-"))
        assert boxes
        for box in boxes:
            x_min, y_min, x_max, y_max = map(float, box)
            assert left - 0.6 <= x_min <= x_max <= right + 0.6
            assert layout.header_distance / 20 - 1 <= y_min <= y_max <= bottom + 1


@pytest.mark.parametrize("name", ["T14_1_2", "T14_2_1", "T14_3_2_2", "FULL"])
def test_paper_shows_the_lines_of_the_plain_text(printed: Path, name: str) -> None:
    shown = [
        " ".join(line.split())
        for line in run("pdftotext", "-layout", printed / "rtf" / f"{name}.pdf", "-").splitlines()
    ]
    for page in paginate(DISPLAYS[name]):
        for row in page.body:
            first = " ".join(" ".join(text.split("\n")[0] for text in row.texts).split())
            assert not first or first in shown


@pytest.mark.parametrize("suffix", ["rtf", "docx"])
@pytest.mark.parametrize("name", REPORTS)
def test_a_report_prints_each_number_on_its_page(printed: Path, name: str, suffix: str) -> None:
    book = sheets(REPORTS[name])
    pages = run("pdftotext", "-layout", printed / suffix / f"{name}.pdf", "-").split("\f")
    for sheet, shown in zip(book, pages, strict=False):
        assert sheet.page.header[0][1] in shown
        assert f"Report page {sheet.number} of {len(book)}\n" in shown
        assert sheet.page.titles[0].strip() in shown
        assert " ".join(sheet.page.footer[0].split()) in " ".join(shown.split())


def test_a_report_looks_as_its_outputs_do_alone(printed: Path) -> None:
    book = sheets(REPORTS["report"])
    first = next(sheet.number for sheet in book if sheet.display.id == "T14_2_1")
    run("pdftoppm", "-r", "80", "-f", first, "-l", first, printed / "rtf" / "report.pdf", printed / "in_report")
    run("pdftoppm", "-r", "80", printed / "rtf" / "T14_2_1.pdf", printed / "alone")
    (one,), (other,) = (sorted(printed.glob(f"{name}-*.ppm")) for name in ("in_report", "alone"))
    footer = round((layout_named("grid9").paper_height - layout_named("grid9").margin_bottom) / 20 / 72 * 80)
    assert (pixels(one)[:footer] == pixels(other)[:footer]).all()
