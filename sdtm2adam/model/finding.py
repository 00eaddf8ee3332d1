"""A finding: one issue in one record, with its own life from one cut of the data to the next."""

from dataclasses import dataclass
from enum import StrEnum

from sdtm2adam.model.issue import Severity


class State(StrEnum):
    """Where a finding stands, compared with the cut before."""

    NEW = "new"
    OPEN = "still open"
    CHANGED = "changed"
    RESOLVED = "resolved"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Why a finding is left as it is, as a named person said on a day (ISO 8601)."""

    who: str
    when: str
    why: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One issue in one record, or in a dataset or variable as a whole (`key` is empty then).

    `id` is the same in every cut: it is made of rule, dataset, variable and what the record is called through all cuts,
    never of a sequence number. `value` is what the record has, `before` what it had in the cut before. `subject` and
    `site` are empty where the record has none. `raw` names the raw records that the record came from, each as
    `AE RECORDID=12`. `query` asks the site.
    """

    id: str
    rule: str
    severity: Severity
    dataset: str
    variable: str
    key: str
    value: str
    text: str
    query: str = ""
    subject: str = ""
    site: str = ""
    source: str = ""
    raw: tuple[str, ...] = ()
    state: State = State.NEW
    before: str = ""
    accepted: Acceptance | None = None
