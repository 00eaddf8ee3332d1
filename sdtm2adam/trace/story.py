"""What an explanation is made of: steps, each a value with the facts that made it and the values it was made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One thing that is said of a value: its `kind` (record, spec, codelist, date, unit, picked ...) and a sentence."""

    kind: str
    text: str


@dataclass(frozen=True)
class Step:
    """A value, how it was made, and what it was made of.

    `told`: its story stands above already, and is not told again.
    """

    name: str
    value: object
    facts: tuple[Fact, ...] = ()
    reads: tuple[Step, ...] = ()
    told: bool = False

    def of_kind(self, kind: str) -> list[str]:
        """The texts of the facts of one kind, in their order."""
        return [fact.text for fact in self.facts if fact.kind == kind]

    def walk(self) -> list[Step]:
        """This step and all below it."""
        return [self, *(step for read in self.reads for step in read.walk())]


@dataclass(frozen=True)
class Explanation:
    """Why a value is what it is.

    `record` are the keys of the record and their values, `number` its place in the file counted from 1 of `of`.
    `changes` are remarks on the run itself, `disagreements` values that come out differently when they are made again.
    """

    dataset: str
    variable: str
    value: object
    record: tuple[tuple[str, object], ...]
    number: int
    of: int
    origin: str
    root: Step
    changes: tuple[str, ...] = ()
    disagreements: tuple[str, ...] = ()


def shown(value: object) -> str:
    """A value as a person should see it: texts in quotes, so that blanks and the text NA are seen.

    >>> shown("NA"), shown(7.0), shown(7.10), shown(None)
    ("'NA'", '7', '7.1', 'missing')
    """
    if value is None:
        return "missing"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value)


def plain(value: object) -> str:
    """A value as text without quotes; whole numbers without a decimal point.

    >>> plain("A"), plain(3.0), plain(None)
    ('A', '3', '')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def named(record: tuple[tuple[str, object], ...]) -> str:
    """The keys of a record in one line."""
    return ", ".join(f"{name}={plain(value)}" for name, value in record)
