"""Nodes: one column, the rows of one relation, or one lookup, with what it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sdtm2adam.build.functions import Compiled
from sdtm2adam.build.relation import From, Relation
from sdtm2adam.errors import SpecError

ROWS = "#rows"


@dataclass(eq=False)
class Node:
    """One step of the computation.

    A node with `expression` is a column that needs its own row only: all that are ready are computed in one SELECT.
    A node with `run` makes its tables by itself. A `plain` node copies a column of the row its
    own row came from, and may be done together with the rows. What it `compares` it needs only to tell records apart:
    the value goes nowhere. `needed`: by another node that is computed with it.
    """

    relation: Relation
    name: str
    where: str
    expression: Callable[[From], Compiled] | None = None
    run: Callable[[], None] | None = None
    needs: list[Node] = field(default_factory=list)
    done: bool = False
    plain: bool = False
    compares: frozenset[Node] = frozenset()
    needed: bool = False

    @property
    def title(self) -> str:
        """How messages call it: `ADSL.AGE`, `rows of ADSL`, `lookup RAND of ADSL`."""
        if self.name == ROWS:
            return f"rows of {self.relation.key}"
        if self.name.startswith("@"):
            return f"lookup {self.name[1:]} of {self.relation.key}"
        return f"{self.relation.key}.{self.variable}"

    @property
    def variable(self) -> str:
        """The variable it is a column of, also where its value stands in a hidden one; empty for rows and lookups."""
        return "" if self.name[0] in "#@" else self.name.replace("_~", "").split("~")[0]


class Unfinished:
    """The nodes under construction, innermost last; what needs itself is a circle."""

    def __init__(self) -> None:
        self.stack: list[Node] = []

    def circle(self, node: Node) -> SpecError:
        """The error for a node that needs itself: only the circle, not what hangs on it."""
        chain = self.stack[self.stack.index(node) :]
        first = min(range(len(chain)), key=lambda i: chain[i].title)
        chain = [*chain[first:], *chain[:first]]
        path = " needs ".join(step.title for step in [*chain, chain[0]])
        mend = "break it: one of these must come from other data"
        error = SpecError(f"a circle: {path}", where=chain[0].where, mend=mend)
        error.titled = True
        return error


def rounds(nodes: Iterable[Node]) -> list[list[Node]]:
    """The nodes in levels: each level needs only levels before it.

    >>> rounds([])
    []
    """
    level: dict[Node, int] = {}

    def depth(root: Node) -> int:
        stack = [root]
        while stack:
            node = stack[-1]
            missing = [need for need in node.needs if need not in level]
            if missing:
                stack.extend(missing)
                continue
            stack.pop()
            level[node] = 1 + max((level[need] for need in node.needs), default=-1)
        return level[root]

    for node in nodes:
        if node not in level:
            depth(node)
    result: list[list[Node]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
    for node, place in level.items():
        result[place].append(node)
    return [sorted(nodes_of, key=lambda node: (node.relation.key, node.name)) for nodes_of in result]
