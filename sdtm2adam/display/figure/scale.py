"""The axes of pictures."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis: label, ends and distance of the ticks."""

    label: str
    start: float
    end: float
    step: float

    @property
    def ticks(self) -> tuple[float, ...]:
        """The ticks, ends included where they fall on one."""
        count = int((self.end - self.start) / self.step + 1e-9)
        return tuple(self.start + at * self.step for at in range(count + 1))

    @property
    def labels(self) -> tuple[str, ...]:
        """The ticks as they are printed."""
        return tuple(f"{tick:g}" for tick in self.ticks)
