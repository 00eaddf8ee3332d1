"""What is told of one column: the facts, the values it reads, and the value that the told steps lead to."""

from __future__ import annotations

from dataclasses import dataclass, field

from sdtm2adam.trace.story import Fact, Step

_NOTHING = object()


@dataclass
class Made:
    """How a column came to be. `retold`, where it is given, is compared with the value of the engine."""

    facts: list[Fact] = field(default_factory=list)
    reads: list[Step] = field(default_factory=list)
    retold: object = _NOTHING

    @property
    def has_retold(self) -> bool:
        """Whether the steps were followed to a value."""
        return self.retold is not _NOTHING
