"""The key of a record, as an issue names it, taken apart."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

_NEXT = re.compile(r", (?=[A-Za-z_]\w*=)")
_NAMED = re.compile(r"[A-Za-z_]\w*=")
_RAW = ", raw."
_IDS = ("USUBJID", "POOLID")  # no verbatim texts: what follows them is a name, of a variable or not


@dataclass(frozen=True, slots=True)
class Key:
    """What names a record: variables with their values, and the raw record it came from (`AE RECORDID=12`)."""

    text: str
    pairs: tuple[tuple[str, str], ...] = ()
    raw: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that are named."""
        return tuple(name for name, _ in self.pairs)

    def value(self, name: str) -> str:
        """The value of a variable; empty where it is not named."""
        return dict(self.pairs).get(name, "")


def read_key(text: str, known: Collection[str] = ()) -> Key:
    """The parts of a key.

    Args:
        text: as in `Issue.keys`.
        known: variables of the dataset, if it is there: a comma in a verbatim text starts no other variable then.

    >>> read_key("USUBJID=S-1, AESTDTC=2015-01-02, AETERM=pain, severe, raw.AE RECORDID=12").pairs
    (('USUBJID', 'S-1'), ('AESTDTC', '2015-01-02'), ('AETERM', 'pain, severe'))
    >>> read_key("USUBJID=S-1, raw.EAC SUBJ=1, CYCLE=2").raw
    'EAC SUBJ=1, CYCLE=2'
    >>> read_key("line 12")
    Key(text='line 12', pairs=(), raw='')
    """
    before, comma, raw = f", {text}".rpartition(_RAW)
    own, raw = (before.removeprefix(", "), raw) if comma else (text, "")
    if not _NAMED.match(own):
        return Key(text, (), raw)
    pairs: list[tuple[str, str]] = []
    for part in _NEXT.split(own):
        name, _, value = part.partition("=")
        if pairs and known and name not in known and pairs[-1][0] not in _IDS:
            last, before_it = pairs[-1]
            pairs[-1] = (last, f"{before_it}, {part}")
        else:
            pairs.append((name, value))
    return Key(text, tuple(pairs), raw)
