"""How fast pages are written: rows per second into RTF and Word, beside python-docx cell by cell in the same run.

python benchmarks/documents.py [rows]
"""

import io
import sys
import time
from collections.abc import Callable
from datetime import datetime

import docx

from sdtm2adam.display.paginate import paginate
from sdtm2adam.document.docx import render_docx
from sdtm2adam.document.rtf import render_rtf
from sdtm2adam.model.display import Cell, Column, Display, Row, Section

CREATED = datetime(2016, 3, 8)
WIDTHS = (11, 12, 14, 16, 16, 16, 16, 16, 16)
TEXTS = ("95.3", "CR / CRi*", "08MAR2013   29", "NEGATIVE   29", "--FEB2014  359", "", "17JUN2014  463", "Alive ≥ 2 y")


def listing(rows: int) -> Display:
    """A listing of nine columns, one line a row."""
    columns = tuple(Column((f"Column {at}",), width, align="left") for at, width in enumerate(WIDTHS, 1))
    body = tuple(Row("", tuple(Cell(text, align="left") for text in (f"1001-{at:04d}", *TEXTS))) for at in range(rows))
    return Display(
        id="L16_2_6_1",
        titles=("Listing 16.2.6.1", "Response, MRD and HSCT by Subject", "Intent-to-Treat Population"),
        columns=columns,
        sections=(Section(body),),
        footnotes=("Day is relative to randomisation.",),
        header=(("Protocol INO-SIM-1022", "Page {page} of {pages}"),),
        footer=("Program: listing", "Created: 08MAR2016 00:00 UTC"),
        stub=False,
    )


def cell_by_cell(display: Display) -> bytes:
    """The same rows through python-docx's own calls."""
    document = docx.Document()
    table = document.add_table(rows=0, cols=len(display.columns))
    for row in display.sections[0].rows:
        for place, cell in zip(table.add_row().cells, row.cells, strict=True):
            place.text = cell.text
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of the best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def main(rows: int = 8000) -> None:
    """Print one line per step."""
    display = listing(rows)
    pages = paginate(display)
    few = max(rows // 20, 1)
    small = listing(few)
    took = {
        "cut into pages": seconds(lambda: paginate(display)) / rows,
        "RTF": seconds(lambda: render_rtf(pages, display, CREATED)) / rows,
        "Word": seconds(lambda: render_docx(pages, display, CREATED)) / rows,
        f"python-docx cell by cell ({few} rows)": seconds(lambda: cell_by_cell(small)) / few,
    }
    word = took["Word"]
    print(f"{rows} rows of {len(WIDTHS)} columns, {len(pages)} pages; CPU time, best of three")
    for name, each in took.items():
        print(f"{name:40} {rows * each:8.2f} s for {rows} rows {1 / each:10,.0f} rows/s {each / word:8.2f} x Word")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
