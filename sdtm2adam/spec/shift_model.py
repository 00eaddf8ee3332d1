"""The words of a shift table: one level against another, per arm."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.display_model import NOTHING, DisplayText, Levels
from sdtm2adam.spec.yaml import Text


class Side(Closed):
    """A variable and its levels: those down the grid, or those across it."""

    var: Text
    levels: Levels = Field(min_length=1)

    @property
    def labels(self) -> tuple[str, ...]:
        """The levels as they are printed; values that share a label share a row or column."""
        return tuple(dict.fromkeys(map(str, self.levels.values())))


class ShiftRow(Closed):
    """One grid: levels `from` down and levels `to` across, of one record per subject."""

    label: Text
    from_: Side = Field(alias="from")
    to: Side
    where: Text | None = None
    gap: bool = True


class ShiftColumns(Closed):
    """The arms, beside each other (`columns`) or one below the other (`rows`), and the widths in characters."""

    by: Text
    arms: Literal["columns", "rows"]
    stub: int
    width: int
    head: Text = Text("{label}|(N={N})")
    across: Text = NOTHING


class ShiftText(DisplayText):
    """A shift table.

    `total` is the label of the sums. `agreement` counts the subjects whose two levels have one label, in percent of
    those in the grid; `unpaired` counts those of the column N who are not in the grid.
    """

    columns: ShiftColumns
    rows: tuple[ShiftRow, ...] = Field(min_length=1)
    stub_head: Text = NOTHING
    show: Text = Text("n_pct")
    total: Text = Text("Total")
    agreement: Text | None = None
    unpaired: Text | None = None
