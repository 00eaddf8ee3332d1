"""What is expected of the records of one dataset, and suites of such expectations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sdtm2adam.model import Severity


@dataclass(frozen=True, slots=True)
class Expectation:
    """One expectation of one dataset.

    `id` is stable and unique in a study (`AE.codelist.AESEV`). `kind` is the rule that issues carry; what a kind
    means is written in `sdtm2adam.validate.kinds`. `variables` are those looked at, the first being the one an issue
    names. `text` says the rule to a data manager, as a statement that is true of good data. A `gate` that is broken,
    or that could not run, keeps the dataset in its stage. `source` names public rule ids, or the file and line of a
    suite written by hand.
    """

    id: str
    dataset: str
    kind: str
    variables: tuple[str, ...]
    text: str
    severity: Severity = Severity.ERROR
    arguments: tuple[tuple[str, Any], ...] = ()
    gate: bool = False
    source: str = ""

    def argument(self, name: str, default: Any = None) -> Any:
        """The argument of this name, or `default` where it was not given."""
        return next((value for key, value in self.arguments if key == name), default)


@dataclass(frozen=True, slots=True)
class Suite:
    """Expectations under one name, ordered; their ids are unique."""

    name: str
    expectations: tuple[Expectation, ...]

    def __iter__(self) -> Iterator[Expectation]:
        return iter(self.expectations)

    def __len__(self) -> int:
        return len(self.expectations)


def expectation_of(
    dataset: str, kind: str, variables: tuple[str, ...], text: str, *, id_of: str = "", **more: Any
) -> Expectation:
    """An expectation whose id is made of the dataset, the kind and what it looks at.

    Args:
        dataset: the dataset's name.
        kind: a key of `sdtm2adam.validate.kinds.KINDS`.
        variables: the variables looked at.
        text: the rule, for a data manager.
        id_of: the last part of the id; by default the variables.
        more: `severity`, `gate`, `source`; all other words become arguments of the kind.

    >>> expectation_of("AE", "codelist", ("AESEV",), "AESEV is a term.", terms=("MILD",)).id
    'AE.codelist.AESEV'
    """
    own = {name: more.pop(name) for name in ("severity", "gate", "source") if name in more}
    last = id_of or "+".join(variables)
    identity = f"{dataset}.{kind}.{last}" if last else f"{dataset}.{kind}"
    return Expectation(identity, dataset, kind, variables, text, arguments=tuple(sorted(more.items())), **own)
