"""Written files as plain frames and texts, read by libraries that had no part in writing them."""

import re
import zipfile
from pathlib import Path

import pandas as pd
import pyreadstat
from docx_reader import read_docx
from lxml import etree

DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"


def read_xpt(path: Path) -> pd.DataFrame:
    """A SAS transport file; dates as datetimes, empty text as empty text."""
    frame, about = pyreadstat.read_xport(str(path))
    for name, shape in about.original_variable_types.items():
        if shape and re.match(r"DATE\d*|E8601DA|YYMMDD", shape):
            frame[name] = pd.to_datetime(frame[name])
    return frame


def body_rows(path: Path) -> list[list[str]]:
    """The rows of a Word table over all pages, labels with their indent; no blank rows, no repeated labels."""
    rows: dict[tuple[int, int], list[str]] = {}
    for page, region, row, _, text in read_docx(path.read_bytes()):
        if region == "row":
            rows.setdefault((page, row), []).append(text)
    return [
        [cells[0].rstrip(), *(cell.strip() for cell in cells[1:])]
        for cells in rows.values()
        if any(cell.strip() for cell in cells) and not cells[0].endswith(" (continued)")
    ]


def column_heads(path: Path) -> set[tuple[str, ...]]:
    """The innermost heads of the columns, one entry per different page."""
    rows: dict[tuple[int, int], list[str]] = {}
    for page, region, row, _, text in read_docx(path.read_bytes()):
        if region == "head":
            rows.setdefault((page, row), []).append(" ".join(text.split()))
    last = {page: cells for (page, _), cells in sorted(rows.items())}
    return {tuple(cells[1:]) for cells in last.values()}


def alternative_texts(path: Path) -> list[str]:
    """What the pictures of a Word document say to those who cannot see them."""
    with zipfile.ZipFile(path) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
    return [picture.get("descr") for picture in body.iter(DRAWING)]


def footnote_lines(path: Path) -> list[str]:
    """The notes under the table of the first page, line by line."""
    return [text for page, region, _, _, text in read_docx(path.read_bytes()) if region == "footnote" and page == 1]
