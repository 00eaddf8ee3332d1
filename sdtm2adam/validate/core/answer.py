"""What CORE answered: its issues, and how much it has looked at."""

from __future__ import annotations

from dataclasses import dataclass

from sdtm2adam.model import Issue
from sdtm2adam.validate.core.faults import COULD_NOT_RUN


@dataclass(frozen=True, slots=True)
class CoreAnswer:
    """The answer of one run of CORE.

    `ran`, `skipped` and `could_not_run` count rules. A rule that ran in some datasets and failed in one counts as one
    that could not run. `terminology` lists the packages of controlled terminology that CORE says it judged by,
    `datasets` what it has read, `records` how many records it says it has read. `engine` is empty where there is no
    report.
    """

    issues: tuple[Issue, ...]
    engine: str = ""
    standard: str = ""
    version: str = ""
    terminology: tuple[str, ...] = ()
    ran: int = 0
    skipped: int = 0
    could_not_run: int = 0
    datasets: tuple[str, ...] = ()
    records: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether all that was asked was looked at; only then does no issue mean that CORE found nothing."""
        return not any(issue.rule == COULD_NOT_RUN for issue in self.issues)

    @property
    def summary(self) -> str:
        """One line: nothing found is never said without how much was looked at."""
        if not self.engine:
            return "CDISC CORE could not run: nothing was looked at"
        rules = [_count(self.ran, "rule") + " ran"]
        rules += [f"{self.skipped:,} skipped"] if self.skipped else []
        rules += [f"{self.could_not_run:,} could not run"] if self.could_not_run else []
        looked_at = f"{_count(self.records, 'record')} of {_count(len(self.datasets), 'dataset')}"
        terms = f", terminology {', '.join(self.terminology)}" if self.terminology else ", no terminology"
        found = sum(issue.rule != COULD_NOT_RUN for issue in self.issues)
        return (
            f"CDISC CORE {self.engine}, {self.standard} {self.version}{terms}: {', '.join(rules)}; "
            f"{looked_at} looked at; {_count(found, 'issue')}"
        )


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
