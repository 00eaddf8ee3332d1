"""How fast a listing becomes documents: beside rtflite and python-docx cell by cell in the same run.

RTFLITE_PYTHON=... python benchmarks/documents.py [rows]
"""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import docx

from sdtm2adam.display.paginate import paginate
from sdtm2adam.document.docx import render_docx
from sdtm2adam.document.html import render_html
from sdtm2adam.document.rtf import render_rtf
from sdtm2adam.model.display import Cell, Column, Display, Row, Section

ROWS = 8000
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


def by_rtflite(display: Display) -> float | None:
    """CPU seconds of rtflite for the same rows, by the Python named in RTFLITE_PYTHON; None where it has none."""
    said = {
        "widths": WIDTHS,
        "rows": [[cell.text for cell in row.cells] for row in display.sections[0].rows],
        "titles": display.titles,
        "footnotes": display.footnotes,
        "lines": 36,
    }
    program = [os.environ.get("RTFLITE_PYTHON", sys.executable), str(Path(__file__).with_name("rtflite_listing.py"))]
    done = subprocess.run(program, input=json.dumps(said), capture_output=True, encoding="utf-8", check=False)
    return float(done.stdout) if done.returncode == 0 else None


def measured(rows: int = ROWS) -> dict[str, float | None]:
    """CPU seconds of each step and of the others, in one run. Ours are best of three, theirs are run once."""
    display = listing(rows)
    pages = paginate(display)
    start = time.process_time()
    cell_by_cell(display)
    cells = time.process_time() - start
    return {
        "pages": seconds(lambda: paginate(display)),
        "RTF": seconds(lambda: render_rtf(pages, display, CREATED)),
        "Word": seconds(lambda: render_docx(pages, display, CREATED)),
        "HTML": seconds(lambda: render_html(pages, display, CREATED)),
        "rtflite": by_rtflite(display),
        "python-docx cell by cell": cells,
    }


def lines(rows: int = ROWS) -> list[list[str]]:
    """One line per document: what it took from rows to bytes, what the other took, what is wanted."""
    took = measured(rows)
    found = []
    for kind, other, wanted in (("RTF", "rtflite", 15), ("Word", "python-docx cell by cell", 8), ("HTML", "", 0)):
        own = (took["pages"] or 0) + (took[kind] or 0)
        what = f"listing of {rows:,} rows, 9 columns, to {kind}"
        here = f"{own:.2f} s CPU, {took['pages']:.2f} of them for pages"
        theirs = took.get(other)
        if theirs is None:
            found.append([what, here, f"{other} is not here" if other else "", "", f"{wanted} x" if other else "", ""])
        else:
            ratio = theirs / own
            met = "yes" if ratio >= wanted else "NO"
            found.append([what, here, f"{other}: {theirs:.1f} s CPU", f"{ratio:.1f} x", f"{wanted} x", met])
    return found


def main(rows: int = ROWS) -> None:
    """Print one line per document."""
    for line in lines(rows):
        print(" | ".join(line))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
