"""A page: every line of it final, nothing left for a renderer to decide."""

from dataclasses import dataclass

from sdtm2adam.model.display import Figure


@dataclass(frozen=True, slots=True)
class PageRow:
    """One row of the grid, `lines` high.

    `texts` are final: padded on the left to where they stand in their column, `\\n` between lines. `spans` counts the
    leaf columns each text stands over. `ruled` (column heads only) says which texts have a rule under them.
    `result_ids` name, text by text, the statistics printed; empty for labels, heads and blank rows.
    """

    texts: tuple[str, ...]
    spans: tuple[int, ...]
    lines: int = 1
    ruled: tuple[bool, ...] = ()
    result_ids: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    `header` and `footer` are (left, right) pairs with the page numbers in place. `titles` are centred by whoever
    draws them. `widths` are the leaf columns in characters and fill the line. `head` and `body` are rows of the grid;
    a page of a figure has neither, but `figure`. `footnotes` are wrapped lines, `noted`
    the statistics printed in them.
    """

    number: int
    header: tuple[tuple[str, str], ...]
    titles: tuple[str, ...]
    widths: tuple[int, ...]
    head: tuple[PageRow, ...]
    body: tuple[PageRow, ...]
    footnotes: tuple[str, ...]
    footer: tuple[str, str]
    figure: Figure | None = None
    noted: tuple[str, ...] = ()

    @property
    def lines(self) -> int:
        """The lines of the text area in use: a blank, titles, a blank, head, body or figure, a blank, footnotes."""
        grid = sum(row.lines for row in self.head + self.body) + (self.figure.lines if self.figure else 0)
        return 3 + len(self.titles) + grid + len(self.footnotes)


def spread(widths: tuple[int, ...], spans: tuple[int, ...]) -> list[int]:
    """The width in characters of each text of a row.

    >>> spread((29, 13, 13), (1, 2))
    [29, 26]
    """
    found, column = [], 0
    for span in spans:
        found.append(sum(widths[column : column + span]))
        column += span
    return found
