"""Column panels: a display wider than the page is cut between columns, with the stub or its like repeated."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from sdtm2adam.display.heads import head_groups
from sdtm2adam.display.page import PageRow
from sdtm2adam.errors import SpecError
from sdtm2adam.model.display import Column, Display


@dataclass(frozen=True, slots=True)
class Panel:
    """Columns `first` to before `beyond` of the display, after the `lead` first ones, which stand in every panel."""

    lead: int
    first: int
    beyond: int

    def columns(self, display: Display) -> tuple[Column, ...]:
        """The columns of the panel, with those that are repeated."""
        return display.columns[: self.lead] + display.columns[self.first : self.beyond]

    def select(self, row: PageRow) -> PageRow:
        """The part of a row that stands in this panel; a text over several columns stands over those in the panel."""
        texts, spans, ids = [], [], []
        column = 0
        for at, (text, span) in enumerate(zip(row.texts, row.spans, strict=True)):
            inside = self._inside(column, column + span)
            if inside:
                texts.append(text if inside == span else "\n".join(line.lstrip(" ") for line in text.split("\n")))
                spans.append(inside)
                ids.append(row.result_ids[at] if row.result_ids else ())
            column += span
        return replace(row, texts=tuple(texts), spans=tuple(spans), result_ids=tuple(ids) if row.result_ids else ())

    def _inside(self, first: int, beyond: int) -> int:
        """How many of the columns `first` to before `beyond` are in the panel, the repeated ones among them."""
        repeated = max(min(beyond, self.lead) - first, 0)
        return max(min(beyond, self.beyond) - max(first, self.first), 0) + repeated


def column_panels(display: Display, rows: Sequence[PageRow], chars: int) -> tuple[Panel, ...]:
    """The panels of a display: one, if its columns fit into the line.

    Panels break between groups of columns that share an outer head and never inside a cell over several columns,
    unless one such group alone is wider than the page.

    Raises:
        SpecError: no columns, or a column that does not fit beside the stub.
    """
    widths = [column.width for column in display.columns]
    lead = max(display.repeated, int(display.stub))
    if len(widths) <= int(display.stub):
        raise SpecError("no columns to print", where=display.id, mend="name a column set, or list the columns")
    if sum(widths) <= chars:
        return (Panel(0, 0, len(widths)),)
    room = chars - sum(widths[:lead])
    whole = _borders(display, rows)
    panels, first = [], lead
    while first < len(widths):
        beyond = _panel_end(widths, first, room, whole)
        if beyond == first:
            raise SpecError(
                f"the column {' / '.join(display.columns[first].heads)!r} of {widths[first]} characters does not fit "
                f"into the {room} characters beside {'the stub' if display.stub else 'the columns that are repeated'}",
                where=display.id,
                mend="narrow the column or the stub",
            )
        panels.append(Panel(lead, first, beyond))
        first = beyond
    return tuple(panels)


def _panel_end(widths: Sequence[int], first: int, room: int, whole: set[int]) -> int:
    fitting = [at for at, used in enumerate(accumulate(widths[first:]), first + 1) if used <= room]
    at_border = [at for at in fitting if at in whole]
    return (at_border or fitting or [first])[-1]


def _borders(display: Display, rows: Sequence[PageRow]) -> set[int]:
    """The columns before which nothing is cut: no group of heads, no cell over several columns."""
    borders = set(accumulate(head_groups(display.columns)))
    for spans in {row.spans for row in rows if len(row.spans) > 1}:
        borders &= set(accumulate(spans))
    return borders
