"""The geometry of a page: a grid of characters in one monospaced font.

A monospaced grid makes RTF, Word and plain text equal by construction: a line has 133 characters wherever it is
printed, and the page plan is made here, never by the word processor. Lengths are in twips (1 pt = 20 twips).
"""

from dataclasses import dataclass

from sdtm2adam.errors import SpecError, nearest


@dataclass(frozen=True, slots=True)
class Layout:
    """A paper and the grid on it. Lengths in twips, `chars` and `lines` in grid units, `half_points` for the font."""

    name: str
    paper_width: int
    paper_height: int
    font: str = "Courier New"
    half_points: int = 18
    char: int = 108
    line: int = 220
    chars: int = 133
    lines: int = 42
    margin_top: int = 1440
    margin_bottom: int = 1080
    header_distance: int = 720
    footer_distance: int = 540
    rule_eighths: int = 4

    @property
    def grid_width(self) -> int:
        """The width of a full line, in twips.

        >>> layout_named("grid9").grid_width
        14364
        """
        return self.chars * self.char

    @property
    def margin_left(self) -> int:
        """The left margin in twips: what the grid leaves, halved and rounded down.

        >>> layout_named("grid9").margin_left, layout_named("grid9_a4").margin_left
        (738, 1237)
        """
        return (self.paper_width - self.grid_width) // 2

    @property
    def margin_right(self) -> int:
        """The right margin in twips: the rest."""
        return self.paper_width - self.grid_width - self.margin_left


LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (
        Layout("grid9", paper_width=15840, paper_height=12240),
        Layout("grid9_a4", paper_width=16838, paper_height=11906),
    )
}
"""Letter and A4, both landscape, with the same plan of pages."""


def layout_named(name: str, *, where: str = "layout") -> Layout:
    """The layout a display asks for.

    Raises:
        SpecError: there is no such layout.
    """
    if name not in LAYOUTS:
        raise SpecError(f"unknown layout {name!r}", where=where, mend=nearest(name, LAYOUTS))
    return LAYOUTS[name]
