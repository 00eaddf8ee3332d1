"""Column heads: one row of the grid per level, spanning heads ruled, the lowest lines at the bottom."""

from collections.abc import Sequence

from sdtm2adam.display.align import centred
from sdtm2adam.display.page import PageRow
from sdtm2adam.display.wrap import WordTooLong, wrap
from sdtm2adam.errors import SpecError
from sdtm2adam.model.display import Column


def head_rows(columns: Sequence[Column], *, where: str) -> tuple[PageRow, ...]:
    """The rows of the column header.

    Neighbours with the same outer heads share one spanning head with a rule under it. Columns with fewer levels than
    others stand at the bottom.

    Raises:
        SpecError: a word of a head is wider than its column.
    """
    depth = max([1, *(len(column.heads) for column in columns)])
    stacks = [("",) * (depth - len(column.heads)) + column.heads for column in columns]
    return tuple(_level(columns, stacks, level, where) for level in range(depth))


def head_groups(columns: Sequence[Column]) -> list[int]:
    """The columns that share an outermost head, as the number of columns in each group."""
    groups: list[int] = []
    for at, column in enumerate(columns):
        outer = column.heads[0] if len(column.heads) > 1 else ""
        before = columns[at - 1].heads if at else ()
        if outer and len(before) > 1 and before[0] == outer:
            groups[-1] += 1
        else:
            groups.append(1)
    return groups


def _level(columns: Sequence[Column], stacks: list[tuple[str, ...]], level: int, where: str) -> PageRow:
    leaf = level == len(stacks[0]) - 1
    texts: list[list[str]] = []
    spans: list[int] = []
    for at, span in _runs(stacks, level, leaf):
        width = sum(column.width for column in columns[at : at + span])
        texts.append(_head(stacks[at][level], width, columns[at].align if leaf else "center", where))
        spans.append(span)
    lines = max(map(len, texts))
    return PageRow(
        texts=tuple("\n".join([""] * (lines - len(text)) + text) for text in texts),
        spans=tuple(spans),
        lines=lines,
        ruled=tuple(not leaf and any(text) for text in texts),
    )


def _runs(stacks: list[tuple[str, ...]], level: int, leaf: bool) -> list[tuple[int, int]]:
    """(first column, number of columns) of each head of a level."""
    runs: list[tuple[int, int]] = []
    for at, stack in enumerate(stacks):
        same = at > 0 and not leaf and bool(stack[level]) and stack[: level + 1] == stacks[at - 1][: level + 1]
        if same:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((at, 1))
    return runs


def _head(text: str, width: int, align: str, where: str) -> list[str]:
    try:
        lines = [line for part in text.split("|") for line in wrap(part, width - 1)]
    except WordTooLong as word:
        raise SpecError(
            f"the word {str(word)!r} of the head {text!r} is wider than its column of {width - 1} characters",
            where=where,
            mend="widen the column, shorten the head, or break it with |",
        ) from None
    return [centred(line, width) if align != "left" and line else line for line in lines]
