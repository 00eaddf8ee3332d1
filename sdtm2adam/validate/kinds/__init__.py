"""All kinds of expectation: what each looks at, and how great-expectations is asked.

Each kind has a condition that marks the records that break it. Where great-expectations has an expectation of the
same meaning, that is asked, and the marks only name the records; else the marks are judged. The kinds are the rule
ids that issues carry, so their names are stable.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sdtm2adam.validate.expectation import Expectation
from sdtm2adam.validate.kinds import across, days, groups, privacy, raw, results, texts, values
from sdtm2adam.validate.kinds.case import Condition

Native = Callable[[Expectation], tuple[str, dict[str, Any]]]
"""Makes the name and the arguments of an expectation of great-expectations."""


class Grain(StrEnum):
    """What an expectation gives one answer for."""

    RECORD = "record"
    VARIABLE = "variable"
    COLUMNS = "columns"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of expectation."""

    condition: Condition
    grain: Grain = Grain.RECORD
    native: Native | None = None


def _not_null(expectation: Expectation) -> tuple[str, dict[str, Any]]:
    return "ExpectColumnValuesToNotBeNull", {"column": expectation.variables[0]}


def _in_set(expectation: Expectation) -> tuple[str, dict[str, Any]]:
    terms = list(expectation.argument("terms"))
    return "ExpectColumnValuesToBeInSet", {"column": expectation.variables[0], "value_set": terms}


def _between(expectation: Expectation) -> tuple[str, dict[str, Any]]:
    low, high = expectation.argument("low"), expectation.argument("high")
    return "ExpectColumnValuesToBeBetween", {
        "column": expectation.variables[0], "min_value": low, "max_value": high,
    }  # fmt: skip


def _unique(expectation: Expectation) -> tuple[str, dict[str, Any]]:
    if len(expectation.variables) == 1:  # great-expectations wants two columns for a compound key
        return "ExpectColumnValuesToBeUnique", {"column": expectation.variables[0]}
    return "ExpectCompoundColumnsToBeUnique", {
        "column_list": list(expectation.variables), "ignore_row_if": "never",
    }  # fmt: skip


def _ordered(expectation: Expectation) -> tuple[str, dict[str, Any]]:
    return "ExpectTableColumnsToMatchOrderedList", {"column_list": list(expectation.variables)}


def _there(expectation: Expectation) -> tuple[str, dict[str, Any]]:
    return "ExpectTableColumnsToMatchSet", {"column_set": list(expectation.variables), "exact_match": False}


KINDS: dict[str, Kind] = {
    # structure
    "columns": Kind(texts.in_order, Grain.COLUMNS, _ordered),
    "key-unique": Kind(groups.is_unique, native=_unique),
    "subject-once": Kind(groups.is_unique, native=_unique),
    "required-null": Kind(values.is_filled, native=_not_null),
    "constant": Kind(values.is_constant),
    "domain": Kind(values.is_term, native=_in_set),
    "sequence": Kind(groups.is_number_in_group),
    "type": Kind(texts.has_type, Grain.VARIABLE),
    "name": Kind(texts.has_name, Grain.VARIABLE),
    "label": Kind(texts.has_label, Grain.VARIABLE),
    "text-length": Kind(texts.fits_in_bytes, Grain.VARIABLE),
    "text-ascii": Kind(texts.is_ascii, Grain.VARIABLE),
    "text-blank": Kind(texts.is_trimmed, Grain.VARIABLE),
    "finite": Kind(texts.is_finite, Grain.VARIABLE),
    "expected-empty": Kind(texts.has_any_value, Grain.VARIABLE),
    # values
    "codelist": Kind(values.is_term, native=_in_set),
    "codelist-extended": Kind(values.is_known_term),
    "codelist-spelling": Kind(values.is_written_as_term),
    "flag": Kind(values.is_term, native=_in_set),
    "range": Kind(values.is_between, native=_between),
    "whole-number": Kind(values.is_whole),
    "date": Kind(values.is_date),
    "duration": Kind(values.is_duration),
    "code-form": Kind(values.is_code),
    "test-length": Kind(values.is_short),
    "day-zero": Kind(values.is_not_day_zero),
    "study-day": Kind(days.is_study_day),
    "study-day-missing": Kind(days.is_study_day_there),
    "start-end": Kind(values.is_not_after),
    "filled-with": Kind(values.is_filled_with),
    "filled-only-with": Kind(values.is_filled_only_with),
    "missing-with": Kind(values.is_missing_with),
    "one-to-one": Kind(groups.is_one_to_one),
    "flag-once": Kind(groups.is_flagged_once),
    "one-value": Kind(groups.is_one_value),
    # written by hand
    "filled": Kind(values.is_filled, native=_not_null),
    "empty": Kind(values.is_empty),
    "values": Kind(values.is_term, native=_in_set),
    "plausible": Kind(values.is_plausible),
    # analysis
    "change": Kind(values.is_change),
    "percent-change": Kind(values.is_percent_change),
    "baseline-value": Kind(values.is_baseline_value),
    "days-between": Kind(values.is_days_between),
    # across datasets
    "subject-known": Kind(across.is_found_in),
    "found-in": Kind(across.is_found_in),
    "same-value": Kind(across.is_same_as, Grain.VARIABLE),
    "after-death": Kind(across.is_not_after_death),
    "parent": Kind(across.is_parent_there),
    # raw forms
    "raw-column-gone": Kind(texts.in_order, Grain.COLUMNS, _there),
    "raw-key": Kind(groups.is_unique, native=_unique),
    "raw-no-subject": Kind(values.is_filled, Grain.VARIABLE),
    "raw-subject-unknown": Kind(raw.is_subject_listed, Grain.VARIABLE),
    "raw-test-subject": Kind(raw.is_no_test, Grain.VARIABLE),
    "raw-required": Kind(values.is_filled, Grain.VARIABLE),
    "raw-value": Kind(raw.is_value_of_contract, Grain.VARIABLE),
    "raw-too-long": Kind(raw.is_not_too_long, Grain.VARIABLE),
    "raw-pair": Kind(raw.is_pair, Grain.VARIABLE),
    "not-a-number": Kind(raw.is_number, Grain.VARIABLE),
    "raw-date": Kind(raw.is_readable_date, Grain.VARIABLE),
    "privacy": Kind(privacy.is_anonymous, Grain.VARIABLE),
    # results
    "result-status": Kind(values.is_term, native=_in_set),
    "result-value": Kind(results.has_value),
    "result-not-more": Kind(results.is_not_more),
    "result-order": Kind(results.is_in_order),
    "result-proportion": Kind(results.is_around_proportion),
    "result-percent": Kind(results.is_percentage),
    "result-part": Kind(results.is_within_denominator),
    "result-count": Kind(results.is_same_number),
    "result-sum": Kind(results.is_sum),
    "result-population": Kind(results.is_population_size),
    "result-members": Kind(results.is_size_of_members),
    "result-record": Kind(results.is_analysis_record),
}
