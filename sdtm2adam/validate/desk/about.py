"""What is said of a study on its dashboard, and what was counted at its cuts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class About:
    """What stands over a dashboard.

    `study` is its number, `title` its name. `marks` are words no reader may miss (`DRAFT`, `SYNTHETIC`). `cut` names
    the cut of the data. `said` are sentences of engines about what they looked at (`212 rules ran, 8 not applicable`);
    `failed` is how many of their checks could not run.
    """

    study: str = ""
    title: str = ""
    marks: tuple[str, ...] = ()
    cut: str = ""
    said: tuple[str, ...] = ()
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Cut:
    """The findings of one cut of the data: what was open then by severity, and what was new or resolved."""

    label: str
    errors: int
    warnings: int
    notes: int
    new: int
    resolved: int
