"""Copies of a conforming study with defects planted into single records, and what checks tell of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from sdtm2adam.model import Dataset, Issue

Row = dict[str, Any]
Where = Callable[[Row], Any]


def any_record(_: Row) -> bool:
    """Whichever record comes first."""
    return True


@dataclass(frozen=True)
class Defect:
    """One defect: how it is planted, and the rule or kind of expectation under which it must be told.

    `plant` gives the subject whose record is wrong, or an empty text where no subject is meant.
    """

    name: str
    dataset: str
    variable: str
    rule: str
    plant: Callable[["Planted"], str]


@dataclass(frozen=True)
class Told:
    """One record (or one thing without records) that a rule names."""

    dataset: str
    rule: str
    variable: str
    where: str


def filled(*names: str) -> Where:
    """Records in which all of these have a value."""
    return lambda row: all(row[name] not in (None, "") for name in names)


class Planted:
    """A copy of the datasets. Each change takes a subject of its own in its dataset, so that defects stay apart."""

    def __init__(self, datasets: Mapping[str, Dataset]) -> None:
        self.datasets = dict(datasets)
        self._rows: dict[str, list[Row]] = {}
        self._taken: set[tuple[str, Any]] = set()

    def rows(self, name: str) -> list[Row]:
        """The records of a dataset; what is done to them is done to the copy."""
        if name not in self._rows:
            self._rows[name] = self.datasets[name].frame.to_pylist()
        return self._rows[name]

    def find(self, name: str, where: Where = any_record) -> Row:
        """The first record like this of a subject that nothing was planted into yet."""
        for row in self.rows(name):
            if (name, row.get("USUBJID", id(row))) not in self._taken and where(row):
                self._taken.add((name, row.get("USUBJID", id(row))))
                return row
        raise LookupError(f"{name} has no such record left")

    def change(self, name: str, where: Where = any_record, **values: Any) -> str:
        """Gives a record other values; a function makes the value from the record."""
        row = self.find(name, where)
        made = {column: value(row) if callable(value) else value for column, value in values.items()}
        row.update(made)
        return str(row.get("USUBJID", ""))

    def repeat(self, name: str, where: Where = any_record, **values: Any) -> str:
        """Adds a record again, with other values where they are said."""
        row = self.find(name, where)
        self.rows(name).append(
            {**row, **{key: value(row) if callable(value) else value for key, value in values.items()}}
        )
        return str(row.get("USUBJID", ""))

    def remove(self, name: str, where: Where = any_record) -> str:
        """Takes a record away."""
        row = self.find(name, where)
        self._rows[name] = [one for one in self.rows(name) if one is not row]
        return str(row.get("USUBJID", ""))

    def describe(self, name: str, variable: str = "", **said: Any) -> str:
        """Changes what is said of a variable, or of the dataset where no variable is named."""
        dataset = self.datasets[name]
        if variable:
            variables = tuple(replace(one, **said) if one.name == variable else one for one in dataset.variables)
            self.datasets[name] = replace(dataset, variables=variables)
        else:
            self.datasets[name] = replace(dataset, **said)
        return ""

    def with_rows(self) -> dict[str, Dataset]:
        """The datasets with all that was planted."""
        return self.datasets | {
            name: replace(self.datasets[name], frame=pa.Table.from_pylist(rows, self.datasets[name].frame.schema))
            for name, rows in self._rows.items()
            if name in self.datasets
        }


def told(issues: Iterable[Issue]) -> set[Told]:
    """Each record that issues name, under each check that says so; of an issue that names none, its value and count."""
    return {
        Told(one.dataset, rule, one.variable, where)
        for one in issues
        for rule in (one.rule, *(_name(source) for source in one.source.split("; ")[1:]))
        for where in (one.keys or (f"{one.value} {one.text} {one.records}",))
    }


def _name(source: str) -> str:
    """The rule of a source, or the kind of its expectation: `after-death` of `VS.after-death.VSDTC (CG0171)`."""
    name = source.split()[0]
    return name.split(".")[1] if "." in name else name
