"""A kind of output as far as its spec goes: the words it has, how they are planned, what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sdtm2adam.spec.display_model import DisplayText
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec, Leaf
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.report import Report


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows of an output with their analyses, those with an id, the leaf columns, those of footnotes, its parts."""

    rows: tuple[DisplayRow, ...] = ()
    named: Mapping[str, DisplayRow] = field(default_factory=dict)
    leaves: tuple[Leaf, ...] = ()
    notes: tuple[DisplayRow, ...] = ()
    parts: tuple[DisplaySpec, ...] = ()


class Kind:
    """A kind of output: one object per kind, without state.

    `name` is what `kind:` says in a spec, `text` the model of its words. `methods` are those that its rows may use, by
    id; empty where an output has no rows of its own.
    """

    name: ClassVar[str] = ""
    text: ClassVar[type[DisplayText]] = DisplayText
    methods: ClassVar[Mapping[str, Any]] = {}

    def plan(self, text: Any, report: Report, faults: Faults) -> Plan:
        """The rows and leaf columns of an output; what is wrong with them goes to `faults`."""
        del text, report, faults
        return Plan()

    def check(self, text: Any, report: Report, plan: Plan, faults: Faults) -> None:
        """Note what can be told to be wrong before data are read, beside rows, footnotes, population and layout."""

    def labels(self, text: Any) -> Iterable[tuple[str, str]]:
        """Texts beside rows and title that may bear a marker such as `[a]`, each with file and line."""
        del text
        return ()

    def reads(self, text: Any) -> tuple[str, ...]:
        """The outputs whose results this one prints."""
        del text
        return ()

    def linked(self, spec: DisplaySpec, plans: Mapping[str, Plan], faults: Faults) -> DisplaySpec:
        """The spec with what it takes from other outputs found.

        Args:
            spec: the spec, planned.
            plans: what each output has: rows with an id, columns.
            faults: gets what is not there.
        """
        del plans, faults
        return spec


Kinds = Mapping[str, Kind]
"""The kinds of outputs by name."""
