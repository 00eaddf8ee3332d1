"""What study.yaml says of a run: the time that files bear, from which weight on issues count, the report's status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from os import environ

from sdtm2adam.errors import Sdtm2adamError, SpecError, SpecErrors, UsageError, nearest
from sdtm2adam.model import Issue, Severity
from sdtm2adam.spec.library import Specs

FINAL = "FINAL"
STATUSES = ("DRAFT", FINAL)
_WEIGHTS = (Severity.NOTE, Severity.WARNING, Severity.ERROR)


@dataclass(frozen=True)
class Settings:
    """The settings of a run, checked."""

    created: datetime
    fail_at: Severity
    status: str

    def exit_code(self, issues: tuple[Issue, ...]) -> int:
        """1 if an issue weighs as much as `fail_at`, else 0."""
        limit = _WEIGHTS.index(self.fail_at)
        return int(any(_WEIGHTS.index(issue.severity) >= limit for issue in issues))


def read_settings(specs: Specs) -> Settings:
    """The settings of a study; found wrong before any data are read.

    Raises:
        SpecErrors: all that study.yaml says wrongly.
        UsageError: SOURCE_DATE_EPOCH is no number of seconds.
    """
    errors: list[Sdtm2adamError] = []
    for name, said, known in (
        ("fail_at", specs.study.fail_at, [str(weight.value) for weight in _WEIGHTS]),
        ("status", specs.study.status, list(STATUSES)),
    ):
        if str(said) not in known:
            hint = nearest(str(said), known)
            errors.append(SpecError(f"{name} cannot be {str(said)!r}", where=said.where or "study.yaml", mend=hint))
    moments = []
    for declared in filter(None, (specs.study.run_time, specs.study.cutoff)):
        try:
            moments.append(_moment(str(declared)))
        except ValueError:
            what, mend = f"{str(declared)!r} is no ISO 8601 date", "write 2016-03-08 or 2016-03-08T12:00"
            errors.append(SpecError(what, where=declared.where or "study.yaml", mend=mend))
    if errors:
        raise SpecErrors(errors)
    created = _epoch() or next(iter(moments), datetime(1980, 1, 1, tzinfo=UTC))
    return Settings(created, Severity(str(specs.study.fail_at)), str(specs.study.status))


def _moment(text: str) -> datetime:
    """A date or date and time; without a zone it is UTC, so that the machine's zone changes nothing."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _epoch() -> datetime | None:
    """SOURCE_DATE_EPOCH: seconds since 1970, by which builds all over the world fix the time of their files."""
    said = environ.get("SOURCE_DATE_EPOCH")
    if not said:
        return None
    try:
        return datetime.fromtimestamp(int(said), UTC)
    except (ValueError, OverflowError, OSError) as error:
        mend = "set it to a whole number of seconds since 1970, or unset it"
        raise UsageError(f"{said!r} is no number of seconds", where="SOURCE_DATE_EPOCH", mend=mend) from error
