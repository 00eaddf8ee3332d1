"""issues.xlsx: the findings of a cut as a workbook that a data manager filters, with a sheet for each dataset.

Every cell is written as a text or a number, never as a formula or a link from data. Control characters are shown as
their codes. A text longer than a cell holds is cut and says so where it is cut; findings beyond the rows of a sheet go
on in a further sheet; both are told in the summary.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sdtm2adam.display.characters import visible
from sdtm2adam.files.xlsx.write import lay_workbook
from sdtm2adam.model.finding import Finding
from sdtm2adam.validate.life.files import Cut
from sdtm2adam.validate.life.findings import in_order
from sdtm2adam.validate.life.sheets import COLUMNS, Column, Table, headline, lines_of, sheet_names, summary
from sdtm2adam.validate.run import LookedAt

MOST_ROWS, MOST_CHARACTERS = 1_048_576, 32_767
"""What a sheet and a cell of Excel hold."""

SUMMARY, ALL = "Summary", "All findings"

_FIRST_WIDTH, _WIDTH = 34, 14
_LINE, _HIGHEST = 15, 405  # points: of a line of text, and of the highest row that Excel knows
_HEAD = {"bold": True, "bg_color": "#1F3864", "font_color": "#FFFFFF", "valign": "top", "text_wrap": True, "border": 1}
_LOOKS: dict[str, dict[str, Any]] = {
    "error": {"bold": True, "bg_color": "#F8CBAD", "font_color": "#5B0F00"},
    "warning": {"bg_color": "#FFE699", "font_color": "#3F3000"},
    "note": {"bg_color": "#F2F2F2", "font_color": "#262626"},
    "new": {"bold": True, "bg_color": "#DDEBF7", "font_color": "#0B2545"},
    "still open": {},
    "changed": {"bold": True, "italic": True, "bg_color": "#EADCF4", "font_color": "#34104F"},
    "resolved": {"italic": True, "font_strikeout": True, "font_color": "#404040"},
    "accepted": {"italic": True, "bg_color": "#E2EFDA", "font_color": "#1E3A12"},
}
"""How severities and states look; each is also told by its word, and by weight, slant or a line through it."""


def write_workbook(
    path: Path,
    cut: Cut,
    looked_at: Sequence[LookedAt] = (),
    *,
    created: datetime = datetime(1980, 1, 1),
    notes: Sequence[str] = (),
    most_rows: int = MOST_ROWS,
) -> tuple[str, ...]:
    """Writes the workbook, whole or not at all; the same findings give the same bytes.

    Sheets: `Summary` (what was looked at; findings by severity, state, dataset, site and rule; trend), `All findings`,
    and one for each dataset that has findings, with the names of its columns frozen and a filter on them.

    Args:
        path: the file.
        cut: findings with their states, in any order.
        looked_at: what was looked at in each dataset (`Report.looked_at`).
        created: the moment that the file bears; never the clock.
        notes: more lines for the summary, such as how many rules of a pack ran.
        most_rows: rows of a sheet, its heading among them; a test may ask for fewer.

    Returns:
        What could not be shown in one piece, as the summary says it.

    Raises:
        UsageError: the file cannot be written.
    """
    writer = _Workbook(cut, looked_at, most_rows)

    lay_workbook(
        path,
        lambda workbook: writer.write(workbook, notes),
        {"title": "Findings", "created": created.replace(tzinfo=None)},
        strings_to_formulas=False, strings_to_urls=False, strings_to_numbers=False, nan_inf_to_errors=False,
    )  # fmt: skip
    return writer.told


class _Workbook:
    """Lays findings out over sheets and writes them."""

    def __init__(self, cut: Cut, looked_at: Sequence[LookedAt], most_rows: int) -> None:
        self.cut, self.looked_at = cut, looked_at
        findings = in_order(cut.findings)
        by_dataset: dict[str, list[Finding]] = {}
        for one in sorted(findings, key=lambda one: one.dataset):
            by_dataset.setdefault(one.dataset, []).append(one)
        most = most_rows - 1
        self.parts: list[tuple[str, str, Sequence[Finding]]] = []
        for dataset, several in (("", findings), *by_dataset.items()):
            whole = ALL if several is findings else dataset
            starts = range(0, max(len(several), 1), most)
            self.parts += [
                (whole, f"{whole} {at // most + 1}" if at else whole, several[at : at + most]) for at in starts
            ]
        own = [name for whole, name, _ in self.parts if whole != ALL]
        self.sheets = sheet_names(own, [name for whole, name, _ in self.parts if whole == ALL])
        self.told = tuple(self._told(len(findings)))
        self.formats: dict[str, Any] = {}

    def _told(self, count: int) -> list[str]:
        more = [name for whole, name, _ in self.parts if name != whole]
        told = []
        if more:
            held = f"A sheet holds {len(self.parts[0][2]):,} of the {count:,} findings"
            told.append(f"{held}: they go on in {', '.join(self.sheets.get(name, name) for name in more)}.")
        long = sum(len(visible(column.of(one))) > MOST_CHARACTERS for one in self.cut.findings for column in COLUMNS)
        if long:
            what = f"{long:,} {'text is' if long == 1 else 'texts are'} longer than a cell holds"
            told.append(f"{what}, and cut where they say so; findings.json has them whole.")
        return told

    def write(self, workbook: Any, notes: Sequence[str]) -> None:
        """All sheets."""
        self.formats = {
            name: workbook.add_format({"valign": "top", "border": 1, **look}) for name, look in _LOOKS.items()
        }
        self.formats |= {
            "head": workbook.add_format(_HEAD),
            "head right": workbook.add_format({**_HEAD, "align": "right"}),
            "plain": workbook.add_format({"valign": "top"}),
            "wrap": workbook.add_format({"valign": "top", "text_wrap": True}),
            "title": workbook.add_format({"bold": True, "font_size": 16}),
            "part": workbook.add_format({"bold": True, "font_size": 12}),
            "link": workbook.add_format({"font_color": "#0B3D91", "underline": 1, "valign": "top"}),
            "number": workbook.add_format({"num_format": "#,##0", "valign": "top"}),
        }
        self._summary(workbook.add_worksheet(SUMMARY), [*headline(self.cut, self.looked_at), *notes, *self.told])
        for whole, name, several in self.parts:
            columns = [column for column in COLUMNS if whole == ALL or column.name != "Dataset"]
            self._findings(workbook.add_worksheet(self.sheets.get(name, name)), columns, several)

    def _summary(self, page: Any, lines: Sequence[str]) -> None:
        page.set_column(0, 0, _FIRST_WIDTH)
        page.set_column(1, 7, _WIDTH)
        page.set_portrait()
        page.fit_to_pages(1, 0)
        page.write_string(0, 0, "Findings", self.formats["title"])
        for row, line in enumerate(lines, start=1):
            self._text(page, row, 0, line, None)
        row = len(lines) + 2
        for table in summary(self.cut, self.looked_at):
            row = self._table(page, row, table)

    def _table(self, page: Any, row: int, table: Table) -> int:
        """One table of the summary; the row below it."""
        page.write_string(row, 0, table.title, self.formats["part"])
        for column, name in enumerate(table.names):
            page.write_string(row + 1, column, name, self.formats["head right" if column else "head"])
        for at, cells in enumerate(table.rows, start=row + 2):
            self._name(page, at, str(cells[0]), table.of_datasets)
            for column, cell in enumerate(cells[1:], start=1):
                page.write_number(at, column, cell, self.formats["number"])
        if not table.rows:
            page.write_string(row + 2, 0, "none", self.formats["plain"])
        return row + max(len(table.rows), 1) + 3

    def _name(self, page: Any, row: int, name: str, is_dataset: bool) -> None:
        """The first cell of a row: a severity, a rule, a site, or a dataset with a link to its sheet."""
        if is_dataset and name in self.sheets:
            sheet = self.sheets[name].replace("'", "''")
            page.write_url(row, 0, f"internal:'{sheet}'!A1", self.formats["link"], visible(name))
        else:
            self._text(page, row, 0, name, self.formats.get(name if name in _LOOKS else "plain"))

    def _findings(self, page: Any, columns: Sequence[Column], several: Sequence[Finding]) -> None:
        page.freeze_panes(1, 2)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(2, 0)
        page.repeat_rows(0)
        page.repeat_columns(0, 5)
        page.autofilter(0, 0, max(len(several), 1), len(columns) - 1)
        for at, column in enumerate(columns):
            page.set_column(at, at, column.width)
            page.write_string(0, at, column.name, self.formats["head"])
        looks = [self.formats["wrap" if column.wrap else "plain"] for column in columns]
        for row, finding in enumerate(several, start=1):
            texts = [column.of(finding) for column in columns]
            wrapped = (
                (text, column.width) for text, column in zip(texts, columns, strict=True) if column.wrap and text
            )
            lines = max((lines_of(text, width) for text, width in wrapped), default=1)
            if lines > 1:
                page.set_row(row, min(lines * _LINE, _HIGHEST))
            for at, text in enumerate(texts):
                if text:
                    self._text(page, row, at, text, self.formats.get(text) if at < 2 else looks[at])

    def _text(self, page: Any, row: int, column: int, text: str, look: Any) -> None:
        shown = visible(text)
        if len(shown) > MOST_CHARACTERS:
            end = f" ... [cut here: the text has {len(shown):,} characters]"
            shown = shown[: MOST_CHARACTERS - len(end)] + end
        page.write_string(row, column, shown, look)
