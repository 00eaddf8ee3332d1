"""Suites made from metadata alone: what the spec and the standard say of a dataset is what is expected of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sdtm2adam.errors import InternalError
from sdtm2adam.model import Dataset
from sdtm2adam.validate.analysis import analysis_of
from sdtm2adam.validate.content import content_of
from sdtm2adam.validate.cross import across
from sdtm2adam.validate.expectation import Expectation, Suite
from sdtm2adam.validate.structure import is_sdtm, structure_of

__all__ = ["Expectation", "Suite", "cross_suite", "suite_of"]


def suite_of(dataset: Dataset) -> Suite:
    """The suite of one dataset, made from its metadata and nothing else.

    Structure (keys, identifiers, columns, types, text) guards the door of the stage: these are gates. Values
    (terms, flags, dates, study days, pairs, baseline, time to event) are data checks and guard nothing.

    Args:
        dataset: its records are not looked at.
    """
    made = [*structure_of(dataset), *content_of(dataset)]
    if not is_sdtm(dataset):
        made += analysis_of(dataset)
    return _suite(dataset.name, made)


def cross_suite(datasets: Mapping[str, Dataset]) -> Suite:
    """What the datasets of a study expect of each other, made from their metadata.

    Args:
        datasets: all datasets of the study, SDTM and ADaM, by name.
    """
    made = (expectation for name in sorted(datasets) for expectation in across(datasets[name], datasets))
    return _suite("across datasets", made)


def _suite(name: str, made: Iterable[Expectation]) -> Suite:
    """A suite; an id made twice is a mistake of ours, unless it is the same expectation."""
    by_id: dict[str, Expectation] = {}
    for expectation in made:
        known = by_id.setdefault(expectation.id, expectation)
        if known.kind != expectation.kind or known.variables != expectation.variables:
            raise InternalError(
                f"two expectations are called {expectation.id}", where=f"suite {name}", mend="report this"
            )
    return Suite(name, tuple(by_id.values()))
