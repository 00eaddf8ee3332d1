"""An issue: something in the data that a person must know of."""

from dataclasses import dataclass
from enum import StrEnum

MOST_KEYS = 10_000
"""How many records of one issue are named; `records` counts all."""


class Severity(StrEnum):
    """How much an issue weighs; `error` is what `fail_at` stops at by default."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """One kind of fault in one variable of one dataset, with the records that have it.

    `records` counts all of them, `keys` names them (at most `MOST_KEYS`), each as `USUBJID=..., AESEQ=...`.
    `text` is written for a data manager. `source` says which spec line or suite found it. `values` and `queries`, where
    they are known, go with `keys` one by one: what each record has, and what is asked of the site that typed it.
    """

    dataset: str
    rule: str
    severity: Severity
    text: str
    variable: str = ""
    value: str = ""
    records: int = 1
    keys: tuple[str, ...] = ()
    source: str = ""
    values: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
