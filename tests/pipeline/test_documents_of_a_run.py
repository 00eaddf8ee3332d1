"""What is written of an output, and of all of them."""

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from sdtm2adam.errors import SpecError
from sdtm2adam.model.display import Cell, Column, Display, Figure, Row, Section
from sdtm2adam.pipeline.documents import DocumentWriter

TABLE = Display(
    id="T14_1",
    titles=("Table 14.1", "Title", "Population"),
    columns=(Column(("",), 33, align="left"), Column(("All",), 100)),
    sections=(Section((Row("n", (Cell("12"),)),)),),
    footnotes=("Note.",),
    header=(("Study", "Page {page} of {pages}"),),
    footer=("Program", "Created"),
)


@pytest.fixture
def writer(tmp_path: Path) -> DocumentWriter:
    return DocumentWriter(tmp_path, datetime(2016, 3, 8), "DRAFT")


def test_an_output_is_written_in_every_format_and_all_of_them_as_one(writer: DocumentWriter, tmp_path: Path) -> None:
    files = [path.relative_to(tmp_path).as_posix() for path in (*writer.add(TABLE), *writer.finish())]
    assert files == [
        "results/T14_1.display.json",
        "tlf/T14_1.rtf",
        "tlf/T14_1.docx",
        "tlf/T14_1.html",
        "tlf/report.rtf",
        "tlf/report.docx",
        "tlf/index.html",
    ]
    assert all((tmp_path / name).is_file() for name in files)


def test_pictures_are_files_as_well(writer: DocumentWriter, tmp_path: Path) -> None:
    sys.path.insert(0, str(Path(__file__).parents[1] / "display"))
    from sample_displays import picture

    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><path id="a"/></svg>'
    figures = (Figure(picture(20), 20, "Seen: 1 & 2", svg=svg), Figure(picture(20), 20, "Again"))
    writer.add(replace(TABLE, id="F14_1", figures=figures, sections=()))
    assert sorted(path.name for path in (tmp_path / "tlf").iterdir() if "-" in path.name) == [
        "F14_1-1.png",
        "F14_1-1.svg",
        "F14_1-2.png",
    ]
    assert "<desc" in (tmp_path / "tlf/F14_1-1.svg").read_text(encoding="utf-8")


def test_without_outputs_nothing_is_written(writer: DocumentWriter, tmp_path: Path) -> None:
    assert writer.finish() == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["report", "Index", "14_1", "T 1", "T-1", "../T1", "T" * 41, "Tä"])
def test_an_id_that_cannot_be_a_file_or_a_bookmark_is_refused(writer: DocumentWriter, name: str) -> None:
    with pytest.raises(SpecError, match="cannot be the name of files"):
        writer.add(replace(TABLE, id=name))
