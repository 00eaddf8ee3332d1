"""Study days expected from the dates they belong to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sdtm2adam.model import Dataset, Severity
from sdtm2adam.validate.expectation import Expectation, expectation_of
from sdtm2adam.validate.structure import is_sdtm


def _has(dataset: Dataset | None, *names: str) -> bool:
    return dataset is not None and {variable.name for variable in dataset.variables}.issuperset(names)


def study_days(dataset: Dataset, datasets: Mapping[str, Dataset]) -> Iterator[Expectation]:
    """Study days of SDTM are counted from the subject's reference start date."""
    if not is_sdtm(dataset) or not _has(dataset, "USUBJID"):
        return
    if not _has(datasets.get("DM"), "USUBJID", "RFSTDTC"):
        return
    for variable in dataset.variables:
        date = variable.name.removesuffix("DY") + "DTC"
        if re.fullmatch(r"\w\w(ST|EN)?DY", variable.name) and variable.type != "text" and _has(dataset, date):
            yield from days_of(dataset.name, variable.name, date, "RFSTDTC", other="DM", of="CG0006, SD1083, SD2006")


def days_of(
    name: str, variable: str, date: str, reference: str, *, of: str, other: str | None = None
) -> Iterator[Expectation]:
    """A study day is right where it is given, and given where both dates are complete.

    Args:
        name: the dataset.
        variable: the study day.
        date: the date it belongs to.
        reference: the variable of the day 1, in the dataset itself or in `other`.
        of: public rule ids.
        other: the dataset that has `reference`, by subject; None for the dataset itself.
    """
    start = f"{other}.{reference}" if other else reference
    more = {"reference": reference} | ({"other": other} if other else {})
    yield expectation_of(
        name, "study-day", (variable, date), f"{variable} counts the days of {date} from {start}, which is day 1.",
        source=of, **more,
    )  # fmt: skip
    yield expectation_of(
        name, "study-day-missing", (variable, date), f"{variable} has a value where {date} and {start} are complete.",
        severity=Severity.WARNING, source=of, **more,
    )  # fmt: skip
