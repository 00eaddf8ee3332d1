"""Criteria sets of disease response: measures, conditions on them, and the responses they make, as data.

A set is a YAML file. Its conditions are judged at each assessment as true, false, or not to be judged, because a
measure is missing; its responses are looked at in their order, and the first that is true is given.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.producer import Texts
from sdtm2adam.spec.yaml import Text

Status = Literal["V", "D", "M", "P"]
STATUSES = {
    "V": "read in a source",
    "D": "arithmetic from what was read",
    "M": "from memory, not verified",
    "P": "a proposal of ours",
}
"""What the status of a threshold says; V and D are verified, M and P are not."""
NOT_EVALUABLE = "NE"
MOST_CONDITIONS = 60
COMPARATORS = ("<=", ">=", "<", ">", "=")
_IS = re.compile(r"(<=|>=|<|>|=) *(-?[0-9]+(?:\.[0-9]+)?)")

_RATIO = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,8})?")
_CHANGE = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,8})?")


def _fault(kind: str, what: str, mend: str) -> PydanticCustomError:
    return PydanticCustomError(kind, "{what}", {"what": what, "mend": mend})


def _days(value: Any) -> Any:
    """`before: 7`, or `before: any` for the last value known, however old."""
    if value in (None, "any") or (isinstance(value, str) and value.isdigit() and int(value) <= 100_000):
        return None if value in (None, "any") else int(value)
    raise _fault("days", f"{str(value)!r} is no number of days", "write a whole number, or any")


def _check_digits(number: str, form: re.Pattern[str]) -> None:
    """Ratios and changes are compared as decimals, and more digits than these would be rounded."""
    if not form.fullmatch(number):
        mend = "at most 8 digits after the point, and before it 3 of a ratio, 12 of a change"
        raise _fault("digits", f"{number} has too many digits", mend)


def _yes(value: Any) -> Any:
    if not isinstance(value, bool) and value not in ("true", "false"):
        raise _fault("yes_no", f"{str(value)!r} is neither true nor false", "say one")
    return value is True or value == "true"


Days = Annotated[int | None, BeforeValidator(_days)]
YesNo = Annotated[bool, BeforeValidator(_yes)]


def _check_source(status: Status, source: Text | None) -> None:
    if status in ("V", "D") and source is None:
        raise _fault("source", f"the status {status} says that it was read, and no source", "name the source")
    if status in ("M", "P") and source is not None:
        raise _fault("source", f"the status {status} has a source", "leave it out, or verify it: V or D")


class Cited(Closed):
    """What bears a status, and the source it was read in."""

    status: Status
    source: Text | None = None

    @model_validator(mode="after")
    def _source_of_what_was_read(self) -> Cited:
        _check_source(self.status, self.source)
        return self


class Measure(Cited):
    """What is measured: a number with its unit, one of several texts (best first), or an event that has only a date.

    `before`, `after`: how many days from the day of the assessment a value may lie; `take`: which of several counts.
    The status is that of these days.
    """

    label: Text
    variable: Text
    unit: Text | None = None
    values: Texts = ()
    event: YesNo = False
    worse: Literal["higher", "lower"] | None = None
    before: Days = 0
    after: Days = 0
    take: Literal["nearest", "best", "worst"] = "nearest"
    optional: YesNo = False

    @model_validator(mode="after")
    def _one_kind(self) -> Measure:
        kinds = [self.unit is not None, bool(self.values), self.event]
        if sum(kinds) != 1:
            raise _fault("measure", "a measure has a unit, or values, or is an event", "say one of them")
        if (self.unit is not None) != (self.worse is not None):
            raise _fault("worse", "worse: says which numbers are worse, and only of numbers", "say higher or lower")
        if not re.fullmatch(r"[A-Z][A-Z0-9]{0,5}", self.variable):
            raise _fault("variable", f"{self.variable} is no name", "capital letters and digits, at most 6")
        if not is_plain(self.label, 32):
            raise _fault("label", f"the label {self.label!r} is not plain", "at most 32 ASCII characters")
        if not all(is_plain(value, 40) for value in self.values) or len(set(self.values)) != len(self.values):
            raise _fault("values", "a value stands twice or is not plain", "each once, at most 40 ASCII characters")
        return self

    @property
    def kind(self) -> Literal["number", "text", "event"]:
        """What its values are."""
        return "event" if self.event else "text" if self.values else "number"


Reference = Literal["baseline", "nadir", "peak"]


class Condition(Closed):
    """One threshold on a measure, one look at earlier assessments, or several conditions together."""

    label: Text | None = None
    measure: Text | None = None
    is_: Texts = Field(default=(), alias="is")
    at: Reference | None = None
    ratio_to: Reference | None = None
    change_from: Reference | None = None
    free_of: dict[str, Days] = Field(default_factory=dict)
    had: Text | None = None
    all: Texts = ()
    any: Texts = ()
    none: Texts = ()
    at_least: Annotated[int | None, BeforeValidator(_days)] = None
    of: Texts = ()
    status: Status | None = None
    source: Text | None = None

    @model_validator(mode="after")
    def _one_meaning(self) -> Condition:
        group = bool(self.all or self.any or self.none or self.of)
        if (self.measure is not None) + (self.had is not None) + group != 1:
            raise _fault("condition", "a condition has a measure, or had, or all, any, none, of", "say one of them")
        if (self.at_least is None) != (not self.of):
            raise _fault("condition", "at_least and of belong together", "say at_least: 2 and of: [A, B, C]")
        if (self.status is None) != (self.measure is None):
            raise _fault("status", "a condition on a measure has a status, no other does", "say V, D, M or P")
        if self.measure is None and (self.is_ or self.at or self.ratio_to or self.change_from or self.free_of):
            raise _fault("condition", "is, at, ratio_to, change_from, free_of belong to a measure", "name the measure")
        if sum(one is not None for one in (self.at, self.ratio_to, self.change_from)) > 1:
            raise _fault("condition", "at, ratio_to and change_from exclude each other", "keep one")
        if (self.ratio_to or self.change_from) and self.compares_numbers:
            _check_digits(self.threshold[1], _RATIO if self.ratio_to else _CHANGE)
        if self.label is not None and not is_plain(self.label, 40):
            raise _fault("label", f"the label {self.label!r} is not plain", "at most 40 ASCII characters")
        if self.status is not None:
            _check_source(self.status, self.source)
        return self

    @property
    def reference(self) -> Reference | None:
        """The earlier value it looks at."""
        return self.at or self.ratio_to or self.change_from

    @property
    def threshold(self) -> tuple[str, str]:
        """The comparator and the number of a condition on a number."""
        found = _IS.fullmatch(self.is_[0]) if len(self.is_) == 1 else None
        assert found is not None
        return found[1], found[2]

    @property
    def compares_numbers(self) -> bool:
        """Whether `is` is a comparator and a number."""
        return len(self.is_) == 1 and _IS.fullmatch(self.is_[0]) is not None

    @property
    def members(self) -> tuple[Text, ...]:
        """The conditions it names."""
        return (*self.all, *self.any, *self.none, *self.of, *((self.had,) if self.had is not None else ()))


class Response(Cited):
    """One response: given where all of `all`, one of `any` and none of `none` are met.

    `rank` orders responses, the best first; with `instead_of` the trace tells why that response was not given.
    """

    response: Text
    label: Text | None = None
    rank: Annotated[int | None, BeforeValidator(_days)] = None
    instead_of: Text | None = None
    all: Texts = ()
    any: Texts = ()
    none: Texts = ()

    @model_validator(mode="after")
    def _some_condition(self) -> Response:
        if not (self.all or self.any or self.none):
            raise _fault("response", f"{self.response} has no condition", "name conditions in all, any or none")
        if self.response == NOT_EVALUABLE or not is_plain(self.response, 40) or not is_plain(self.shown, 40):
            mend = f"at most 40 ASCII characters; {NOT_EVALUABLE} is given where no response can be judged"
            raise _fault("response", f"{self.response} cannot be a response of a set", mend)
        return self

    @property
    def shown(self) -> str:
        """How traces call it."""
        return str(self.label or self.response)

    @property
    def members(self) -> tuple[Text, ...]:
        """The conditions it names."""
        return (*self.all, *self.any, *self.none)


class CriteriaSet(Closed):
    """One criteria set.

    `assessed_by`: the measures whose days are assessments. `remission`: the condition that means remission.
    `mrd`: a second list, judged beside the responses.
    """

    criteria: Text
    title: Text
    note: Text | None = None
    sources: dict[str, Text] = Field(default_factory=dict)
    assessed_by: Texts
    measures: dict[str, Measure]
    conditions: dict[str, Condition]
    remission: Text | None = None
    responses: tuple[Response, ...]
    mrd: tuple[Response, ...] = ()

    @property
    def unverified(self) -> list[str]:
        """What of the set was not read in a source, each with its status."""
        cited: list[tuple[str, str | None]] = [
            *(
                (f"days of {one.label}", one.status)
                for one in self.measures.values()
                if one.before != 0 or one.after != 0
            ),
            *((name, one.status) for name, one in self.conditions.items() if one.status is not None),
            *((one.shown, one.status) for one in (*self.responses, *self.mrd)),
        ]
        return [f"{name} ({status})" for name, status in cited if status not in ("V", "D")]


def is_plain(text: str, most: int) -> bool:
    """Whether a text may stand in reasons: some ASCII characters, and none that parts reasons."""
    return 0 < len(text) <= most and text.isascii() and text.isprintable() and ";" not in text
