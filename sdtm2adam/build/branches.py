"""Which rows reach a part of an expression: a branch of `case` that is not taken loses nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlglot import exp

from sdtm2adam.build.probe import Probe


@dataclass(frozen=True)
class _Step:
    """A place in a `case`: the branches before `number` are not taken; that one is, if `taken`."""

    case: exp.Expr
    number: int
    taken: bool


@dataclass
class Branches:
    """The branches that the parts of one expression stand in, while it is rewritten from its leaves."""

    _steps: list[list[_Step]] = field(default_factory=list)
    _conditions: dict[int, tuple[exp.Expr, list[str]]] = field(default_factory=dict)

    @contextmanager
    def watched(self, node: exp.Expr, probes: Sequence[Probe]) -> Iterator[None]:
        """Remembers where a node stands whose rewriting adds probes; of a `case` the conditions, rewritten by then."""
        if isinstance(node, (exp.Case, exp.If)):
            self._conditions[id(node)] = (node, _conditions(node))
        steps = list(_steps(node))
        known = len(probes)
        yield
        self._steps += [steps] * (len(probes) - known)

    def within(self, probes: Sequence[Probe]) -> list[Probe]:
        """The probes, each of the rows alone that reach what it watches."""
        return [self._reached(probe, steps) for probe, steps in zip(probes, self._steps, strict=True)]

    def _reached(self, probe: Probe, steps: Sequence[_Step]) -> Probe:
        for step in steps:
            conditions = self._conditions[id(step.case)][1]
            parts = [f"({one}) IS NOT TRUE" for one in conditions[: step.number]]
            parts += [f"({conditions[step.number]})"] if step.taken else []
            if parts:
                probe = probe.within(" AND ".join(parts))
        return probe


def _conditions(case: exp.Case | exp.If) -> list[str]:
    """The condition of each branch as SQL; `case X when 1` asks whether X is 1."""
    if isinstance(case, exp.If):
        return [str(case.this.sql("duckdb"))]
    asked = [str(branch.this.sql("duckdb")) for branch in case.args["ifs"]]
    subject = case.this.sql("duckdb") if case.this is not None else ""
    return [f"({subject}) = ({one})" for one in asked] if subject else asked


def _steps(node: exp.Expr) -> Iterator[_Step]:
    """From the innermost `case` around a node to the outermost."""
    child, parent = node, node.parent
    while parent is not None:
        if isinstance(parent, exp.Case) and child.arg_key == "default":
            yield _Step(parent, len(parent.args["ifs"]), False)
        elif isinstance(parent, exp.If) and isinstance(parent.parent, exp.Case):
            number = next(at for at, one in enumerate(parent.parent.args["ifs"]) if one is parent)
            yield _Step(parent.parent, number, child.arg_key == "true")
        elif isinstance(parent, exp.If) and child.arg_key in ("true", "false"):
            taken = child.arg_key == "true"
            yield _Step(parent, 0 if taken else 1, taken)
        child, parent = parent, parent.parent
