"""The documents of a report: each output as RTF, Word and HTML, and all of them as one."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from sdtm2adam.display.page import Page
from sdtm2adam.display.paginate import paginate
from sdtm2adam.document.book import Output
from sdtm2adam.document.docx import render_docx, render_docx_report
from sdtm2adam.document.html import render_html
from sdtm2adam.document.html_index import render_index
from sdtm2adam.document.picture import picture_file
from sdtm2adam.document.rtf import render_rtf, render_rtf_report
from sdtm2adam.errors import SpecError
from sdtm2adam.files.atomic import write_bytes, write_text
from sdtm2adam.model import Display

_NAME = re.compile("[A-Za-z][A-Za-z0-9_]{0,39}")  # Word's names of bookmarks, everybody's names of files
_TAKEN = ("report", "index")


class DocumentWriter:
    """Writes the documents of outputs as they come, and those of the whole report at the end.

    Args:
        out: the output folder; documents go to `tlf`, their pages for machines to `results`.
        created: the time the documents bear.
        status: SHELL, DRAFT or FINAL, for the index.
    """

    def __init__(self, out: Path, created: datetime, status: str) -> None:
        self._out, self._created, self._status = out, created, status
        self._outputs: list[Output] = []

    def add(self, display: Display) -> list[Path]:
        """Writes one output: pages, RTF, Word, HTML, and its pictures as PNG and SVG.

        Raises:
            SpecError: its id cannot be the name of its files, or it does not fit on pages.
        """
        if not _NAME.fullmatch(display.id) or display.id.lower() in _TAKEN:
            mend = "an id has a letter first, then letters, digits and _, 40 at most, and is not report or index"
            raise SpecError(f"{display.id!r} cannot be the name of files", where=display.id, mend=mend)
        pages = paginate(display)
        self._outputs.append(Output(display, pages, self._status))
        written = self._out / "results" / f"{display.id}.display.json"
        write_text(written, json.dumps([_page(page) for page in pages], ensure_ascii=False, indent=1) + "\n")
        contents = {
            f"{display.id}.rtf": render_rtf(pages, display, self._created),
            f"{display.id}.docx": render_docx(pages, display, self._created),
            f"{display.id}.html": render_html(pages, display, self._created),
        }
        for at, figure in enumerate(display.figures, 1):
            contents[f"{display.id}-{at}.png"] = figure.png
            if figure.svg:
                contents[f"{display.id}-{at}.svg"] = picture_file(figure, "figure")
        return [written, *self._write(contents)]

    def finish(self) -> list[Path]:
        """Writes the report of all outputs as RTF and Word, and the index; nothing where there is no output."""
        if not self._outputs:
            return []
        return self._write(
            {
                "report.rtf": render_rtf_report(self._outputs, self._created),
                "report.docx": render_docx_report(self._outputs, self._created),
                "index.html": render_index(self._outputs, self._created),
            }
        )

    def _write(self, contents: dict[str, bytes]) -> list[Path]:
        for name, content in contents.items():
            write_bytes(self._out / "tlf" / name, content)
        return [self._out / "tlf" / name for name in contents]


def _page(page: Page) -> dict[str, object]:
    """A page for machines: every text with its place and the results it was made from; of a picture its text."""
    shown = {key: value for key, value in asdict(page).items() if key != "figure"}
    if page.figure is not None:
        shown["figure"] = {"alt": page.figure.alt, "lines": page.figure.lines, "title": page.figure.title}
    return shown
