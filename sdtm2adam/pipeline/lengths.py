"""Lengths of text variables in transport files: one for all files of a study in which a variable stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pyarrow.compute as pc

from sdtm2adam.model import Dataset, Issue, Severity

_MOST_BYTES = 200


def with_lengths(datasets: Iterable[Dataset]) -> tuple[list[Dataset], tuple[Issue, ...]]:
    """The datasets with the length of each text variable: its longest value in bytes over all of them.

    A length that a spec declares stays, and serves the other datasets as well; where the files then differ, it is
    told. A supplemental dataset has the lengths of its own values.

    Args:
        datasets: as they are written, texts in ASCII.

    Source: FDA, Study Data Technical Conformance Guide, 3.3.3.
    """
    all_of_them = list(datasets)
    common: dict[str, int] = {}
    for dataset in filter(_shares, all_of_them):
        for name, length in _lengths(dataset).items():
            common[name] = max(common.get(name, 1), length)
    made = [_with(dataset, common if _shares(dataset) else _lengths(dataset)) for dataset in all_of_them]
    return made, tuple(issue for dataset in filter(_shares, made) for issue in _other_lengths(dataset, common))


def _shares(dataset: Dataset) -> bool:
    return not dataset.name.startswith("SUPP")


def _lengths(dataset: Dataset) -> dict[str, int]:
    """The declared length of each text variable, or that of its longest value, if greater."""
    return {
        variable.name: max(variable.length or 1, _longest(dataset, variable.name))
        for variable in dataset.variables
        if variable.type == "text"
    }


def _longest(dataset: Dataset, name: str) -> int:
    found = pc.max(pc.binary_length(pc.ascii_rtrim(pc.unique(dataset.frame[name]), " "))).as_py()
    return min(found or 1, _MOST_BYTES)  # a longer text is refused where the file is written


def _with(dataset: Dataset, lengths: dict[str, int]) -> Dataset:
    variables = (
        replace(variable, length=lengths[variable.name])
        if variable.type == "text" and variable.length is None
        else variable
        for variable in dataset.variables
    )
    return replace(dataset, variables=tuple(variables))


def _other_lengths(dataset: Dataset, common: dict[str, int]) -> list[Issue]:
    return [
        Issue(
            dataset=dataset.name,
            rule="length-differs",
            severity=Severity.WARNING,
            variable=variable.name,
            text=f"{variable.name} is declared with {variable.length} bytes; in other datasets it has "
            f"{common[variable.name]}. Declare the same length in each spec, or none",
            records=0,
            source="TCG 3.3.3, SD1082",
        )
        for variable in dataset.variables
        if variable.type == "text" and variable.length != common[variable.name]
    ]
