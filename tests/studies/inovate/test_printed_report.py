"""What a word processor prints of the run: every output with its planned pages, alone and in the report of all."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

MISSING = [tool for tool in ("soffice", "pdftotext", "pdfinfo") if shutil.which(tool) is None]
pytestmark = [pytest.mark.office, pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")]
WORD = re.compile(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)"')
FORMATS = ("rtf", "docx")
LETTER = (792.0, 612.0)


def command(*words: str | Path) -> str:
    return subprocess.run(list(map(str, words)), check=True, capture_output=True, timeout=600).stdout.decode()


@pytest.fixture(scope="module")
def printed(output: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every document of the run as rtf/NAME.pdf and docx/NAME.pdf."""
    folder = tmp_path_factory.mktemp("printed")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    for ending in FORMATS:
        files = sorted((output / "tlf").glob(f"*.{ending}"))
        command("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder / ending, *files)
    return folder


def planned(output: Path) -> dict[str, list[dict[str, Any]]]:
    return {
        path.name.removesuffix(".display.json"): json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((output / "results").glob("*.display.json"))
    }


def count(pdf: Path) -> int:
    found = re.search(r"Pages: +(\d+)", command("pdfinfo", pdf))
    assert found
    return int(found[1])


def test_every_output_has_its_planned_pages_and_the_same_text_in_both_formats(output: Path, printed: Path) -> None:
    for name, pages in planned(output).items():
        texts = []
        for ending in FORMATS:
            assert count(printed / ending / f"{name}.pdf") == len(pages), (name, ending)
            texts.append(command("pdftotext", "-layout", printed / ending / f"{name}.pdf", "-"))
        assert texts[0] == texts[1], name
        for page, shown in zip(pages, texts[0].split("\f"), strict=False):
            words = " ".join(shown.split())
            for line in (*page["titles"], *page["footnotes"], *page["footer"], page["header"][0][1]):
                assert " ".join(line.split()) in words, (name, page["number"])


def test_the_report_has_the_pages_of_all_outputs_after_its_contents(output: Path, printed: Path) -> None:
    total = sum(map(len, planned(output).values()))
    texts = [command("pdftotext", "-layout", printed / ending / "report.pdf", "-") for ending in FORMATS]
    assert texts[0] == texts[1]
    pages = texts[0].split("\f")[:-1]
    contents = sum("Table of Contents" in page for page in pages)
    assert [count(printed / ending / "report.pdf") for ending in FORMATS] == [len(pages)] * 2
    assert len(pages) == contents + total
    for number, page in enumerate(pages, 1):
        assert f"Report page {number} of {len(pages)}\n" in page


@pytest.mark.parametrize("ending", FORMATS)
def test_nothing_is_printed_outside_the_margins(printed: Path, ending: str) -> None:
    for pdf in sorted((printed / ending).glob("*.pdf")):
        boxes = WORD.findall(command("pdftotext", "-bbox", pdf, "-"))
        assert boxes
        for box in boxes:
            x_min, y_min, x_max, y_max = map(float, box)
            assert 36.3 <= x_min <= x_max <= LETTER[0] - 36.3, pdf.name
            assert 35 <= y_min <= y_max <= LETTER[1] - 26, pdf.name
