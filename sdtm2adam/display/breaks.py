"""Where pages break: heights and bonds in, page borders out. Knows nothing of texts.

The rules: a block moves to the next page whole if it fits on an empty one; a longer block breaks between units only,
with at least two units on each side where that can be had; rows that are bound to the next one never end a page.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

ALWAYS, IF_FULL = "always", "if_full"


@dataclass(frozen=True, slots=True)
class Part:
    """What the plan must know of one row: its height in lines and its bonds.

    `gap` is 1 for a blank line before the row, dropped at the top of a page. `bound` keeps it with the next row.
    """

    height: int
    gap: int = 0
    bound: bool = False
    block: bool = False
    before: str = ""


def plan_pages(parts: Sequence[Part], room: Callable[[int], int]) -> list[tuple[int, int]]:
    """The pages as (first, beyond last) row.

    Args:
        parts: the rows in order; none may be higher than the page.
        room: lines for rows on a page that begins with a given row (fewer where parent labels are repeated).

    >>> plan_pages([Part(1), Part(1), Part(1, block=True), Part(1), Part(1)], lambda first: 4)
    [(0, 2), (2, 5)]
    """
    plan = _Plan(parts, room)
    pages, first = [], 0
    while first < len(parts):
        beyond = plan.page_end(first)
        pages.append((first, beyond))
        first = beyond
    return pages


class _Plan:
    def __init__(self, parts: Sequence[Part], room: Callable[[int], int]) -> None:
        self.parts, self.room, self.count = parts, room, len(parts)
        self.filled = [0, *accumulate(part.height + part.gap for part in parts)]
        opens = [at == 0 or not parts[at - 1].bound for at in range(self.count)]
        self.units = [0, *accumulate(map(int, opens))]
        self.opens = [*opens, True]
        self.blocks = self._starts(lambda part: part.block)
        self.forced = self._starts(lambda part: part.before == ALWAYS)
        self.segments = self._starts(lambda part: part.before in (ALWAYS, IF_FULL))

    def _starts(self, wanted: Callable[[Part], bool]) -> list[int]:
        return [0, *(at for at, part in enumerate(self.parts) if at and wanted(part)), self.count]

    def height(self, first: int, beyond: int) -> int:
        """The lines of rows `first` to `beyond`, at the top of a page."""
        return self.filled[beyond] - self.filled[first] - self.parts[first].gap

    def page_end(self, first: int) -> int:
        """The row with which the page after the one beginning with `first` begins."""
        end = _after(self.forced, first)
        limit = self.filled[first] + self.parts[first].gap + self.room(first)
        full = min(bisect_right(self.filled, limit) - 1, end)
        full = max(full, first + 1)
        segment = _after(self.segments, first)
        while segment <= full and segment < end:  # what follows a soft break stays together if the page cannot take all
            following = _after(self.segments, segment)
            if following > full:
                return segment
            segment = following
        return end if full == end else self._break(first, full)

    def _break(self, first: int, full: int) -> int:
        start, beyond = self._block(full)
        if start == full:
            return full if self.opens[full] else self._unit_border(first, first, full, full)
        if start > first and self.height(start, beyond) <= self.room(start) and self.opens[start]:
            return start
        return self._unit_border(first, max(start, first), full, beyond)

    def _block(self, at: int) -> tuple[int, int]:
        """The block that row `at` belongs to."""
        place = bisect_right(self.blocks, at) - 1
        return self.blocks[place], self.blocks[min(place + 1, len(self.blocks) - 1)]

    def _unit_border(self, first: int, start: int, full: int, beyond: int) -> int:
        """The last border of units on the page with two units on both sides, or the best there is."""
        borders = [at for at in range(full, start, -1) if self.opens[at]]
        for before, after in ((2, 2), (1, 2)) if start == first else ((2, 2),):
            for at in borders:
                if self.units[at] - self.units[start] >= before and self.units[beyond] - self.units[at] >= after:
                    return at
        if start > first and self.opens[start]:
            return start
        earlier = borders or [at for at in range(full, first, -1) if self.opens[at]]
        return earlier[0] if earlier else full


def _after(starts: Sequence[int], at: int) -> int:
    return starts[min(bisect_left(starts, at + 1), len(starts) - 1)]
