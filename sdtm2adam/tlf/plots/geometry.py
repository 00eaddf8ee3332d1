"""What every geometry does."""

from __future__ import annotations

from typing import ClassVar

from sdtm2adam.tlf.plots.points import PanelPoints
from sdtm2adam.tlf.plots.shown import Page, Shown


class Geometry:
    """One way to draw the subjects of a panel: the keys it takes, its results, its pages.

    `needs` are keys of a panel that must be there, `takes` those that may. `method` is the id of its points. `alone`
    tells that it fills a page. `timed` tells that it needs `time` and `censor` of the data.
    """

    needs: ClassVar[tuple[str, ...]] = ()
    takes: ClassVar[tuple[str, ...]] = ()
    method: ClassVar[str] = ""
    alone: ClassVar[bool] = False
    timed: ClassVar[bool] = False

    def analyse(self, panel: PanelPoints) -> None:
        """Store the results behind all that is drawn."""
        raise NotImplementedError

    def pages(self, shown: Shown) -> list[Page]:
        """The shapes and the words of each page; of a geometry that is not alone there is one."""
        raise NotImplementedError
