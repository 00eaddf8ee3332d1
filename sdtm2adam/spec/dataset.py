"""The spec of one dataset: records x variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.criteria import Days
from sdtm2adam.spec.producer import As, By, Inputs, Pick, Producer, Texts, Type
from sdtm2adam.spec.yaml import Map, Text

_KINDS = ("from_", "pick", "tte", "agg", "response", "python")
"""The keys of which a block has one."""


def _yes_or_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise PydanticCustomError(
            "yes_no", "{said} is neither true nor false", {"said": repr(str(value)), "mend": "say one"}
        )
    return bool(value == "true")


YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]


class Dedupe(Closed):
    """Rows saved twice: one row is kept per group, the others are counted and listed."""

    by: Texts
    order: Texts = ()
    take: Literal["first", "last"] = "first"


class Expand(Closed):
    """One row per day between two dates."""

    from_: Text = Field(alias="from")
    to: Text
    every: int = Field(default=1, ge=1)
    as_: Text = Field(alias="as")


def _of_censoring(value: int) -> int:
    if value < 1:
        what = "cnsr: {value} says of a censoring that it is an event: CNSR is 0 for those in events, 1 or more else"
        mend = "leave it out for 1, or write 2, 3, ... to tell censorings apart; what ends the time stands in events"
        raise PydanticCustomError("cnsr", what, {"value": value, "mend": mend})
    return value


class Source(Closed):
    """A source of events or censorings: whose date may end the time."""

    from_: Text = Field(alias="from")
    where: Text | None = None
    date: Text
    desc: Text | None = None
    censor: Text | None = None
    cnsr: Annotated[int, AfterValidator(_of_censoring)] = 1
    set: dict[str, Producer] = Field(default_factory=dict)
    const: dict[str, Text] = Field(default_factory=dict)


class Tte(Closed):
    """Time to event: the earliest event, else the latest censoring."""

    start: Producer
    events: tuple[Text | Source, ...]
    censors: tuple[Text | Source, ...]
    until: Producer | None = None

    @model_validator(mode="after")
    def _some_of_both(self) -> Tte:
        for word, said in (("events", self.events), ("censors", self.censors)):
            if not said:
                mend = {"word": word, "mend": "name one source or more: a time ends by an event or by a censoring"}
                raise PydanticCustomError("tte", "{word} names no source", mend)
        return self


class Assessed(Closed):
    """The records of one measure of a response: whose they are, when, what, in which unit."""

    from_: Texts = Field(alias="from")
    as_: As = Field(default_factory=dict, alias="as")
    where: Text | None = None
    date: Text
    value: Text | None = None
    unit: Text | None = None
    before: Days | Literal["set"] = "set"
    after: Days | Literal["set"] = "set"


class Confirmed(Closed):
    """Responses that count if they, or better ones, are seen again at least so many days later."""

    responses: Texts
    days: int = Field(ge=1)


class ResponseBlock(Closed):
    """Disease response by a named criteria set, at each assessment."""

    criteria: Text
    accept_unverified: YesNo = False
    start: Producer
    until: Producer | None = None
    assessments: dict[str, Assessed]
    confirm: Confirmed | None = None


class GroupBlock(Closed):
    """One row per group."""

    from_: Texts = Field(alias="from")
    as_: As = Field(default_factory=dict, alias="as")
    by: Texts
    where: Text | None = None
    value: dict[str, Text]


class PythonBlock(Closed):
    """The rows that a function of an installed package makes, with the columns it declares."""

    call: Text
    method: Text
    inputs: Inputs
    columns: dict[str, Type]

    @model_validator(mode="after")
    def _some_of_both(self) -> PythonBlock:
        for word, said in (("inputs", self.inputs), ("columns", self.columns)):
            if not said:
                mend = "name what the function gets, and what it gives with types: columns: {AVAL: float}"
                raise PydanticCustomError("python", "{word} is empty", {"word": word, "mend": mend})
        return self


class Per(Closed):
    """The rows a `pick` block starts from, where they are not those of one dataset: a grid."""

    from_: Text = Field(alias="from")
    where: Text | None = None
    cross: Text | None = None


def _as_copy(value: Any) -> Any:
    """`copy: all`, `copy: [A, B]` or `copy: {except: [A]}`."""
    if isinstance(value, Map):
        return {"all": True, **value}
    if isinstance(value, Text):
        return {"all": True} if value == "all" else {"names": [value]}
    return {"names": [] if value is None else value}


class Copy(Closed):
    """Columns carried over under their own name."""

    all: bool = False
    names: Texts = ()
    except_: Texts = Field(default=(), alias="except")


Copied = Annotated[Copy, BeforeValidator(_as_copy)]


class Block(Closed):
    """One block of records: where rows come from, and what is made only for them."""

    id: Text | None = None
    foreach: tuple[dict[str, Text], ...] | Text | None = None
    from_: Texts | None = Field(default=None, alias="from")
    pick: Pick | None = None
    tte: Tte | None = None
    agg: GroupBlock | None = None
    python: PythonBlock | None = None
    response: ResponseBlock | None = None
    per: Per | Text | None = None
    as_: As = Field(default_factory=dict, alias="as")
    where: Text | None = None
    dedupe: Dedupe | None = None
    expand: Expand | None = None
    visit: Text | None = None
    unpivot: dict[str, dict[str, Producer]] = Field(default_factory=dict)
    into: Text | None = None
    copy_: Copied | None = Field(default=None, alias="copy")
    set: dict[str, Producer] = Field(default_factory=dict)
    const: dict[str, Text] = Field(default_factory=dict)
    having: Text | None = None
    supp: dict[str, Producer] = Field(default_factory=dict)

    @property
    def kind(self) -> str:
        """from, pick, tte, agg, response or python."""
        return next(name.rstrip("_") for name in _KINDS if getattr(self, name) is not None)

    @model_validator(mode="after")
    def _one_source(self) -> Block:
        used = [name for name in _KINDS if getattr(self, name) is not None]
        if len(used) != 1:
            said = " and ".join(name.rstrip("_") for name in used) or "none"
            what = "a block has one of from, pick, tte, agg, response, python; here: {said}"
            raise PydanticCustomError("block", what, {"said": said, "mend": "keep one"})
        return self


class Relate(Closed):
    """One kind of relationship of RELREC: records of two domains that carry the same link, within the subject."""

    id: Text
    left: Text
    right: Text
    by: By

    @model_validator(mode="after")
    def _some_link(self) -> Relate:
        if not self.by:
            raise PydanticCustomError("relate", "by names no link", {"mend": "say by: {MINE: THEIRS}"})
        return self


class Check(Closed):
    """A row check of the spec's own: a row of `where` passes when `expect` is true."""

    id: Text
    where: Text | None = None
    expect: Text
    severity: Literal["note", "warning", "error"] = "error"
    text: Text


def _as_include(value: Any) -> Any:
    return {name: _as_copy(chosen) for name, chosen in value.items()} if isinstance(value, Map) else value


Table = Text | tuple[dict[str, Text], ...]


def _dataset_name(value: Text) -> Text:
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{0,31}", value):
        raise PydanticCustomError(
            "dataset", "{name} is no dataset name", {"name": repr(str(value)), "mend": "capital letters, digits and _"}
        )
    return value


class DatasetSpec(Closed):
    """One spec file."""

    dataset: Annotated[Text, AfterValidator(_dataset_name)]
    label: Text | None = None
    extends: Text | None = None
    klass: Text | None = Field(default=None, alias="class")
    structure: Text | None = None
    keys: Texts = ()
    output: YesNo = True
    inputs: dict[str, Text] = Field(default_factory=dict)
    include: Annotated[dict[str, Copy], BeforeValidator(_as_include)] = Field(default_factory=dict)
    maps: dict[str, dict[str, Text]] = Field(default_factory=dict)
    tables: dict[str, Table] = Field(default_factory=dict)
    lookups: dict[str, Pick] = Field(default_factory=dict)
    sources: dict[str, Source] = Field(default_factory=dict)
    work: tuple[Block, ...] = ()
    records: tuple[Block, ...] = ()
    relate: tuple[Relate, ...] = ()
    variables: dict[str, Producer] = Field(default_factory=dict)
    supp: dict[str, Producer] = Field(default_factory=dict)
    checks: tuple[Check, ...] = ()


def formats_in(spec: Closed) -> Iterator[Texts]:
    """The forms of dates that producers anywhere in a spec declare of their own."""
    for field in type(spec).model_fields:
        yield from _formats_of(field, getattr(spec, field))


def _formats_of(field: str, value: Any) -> Iterator[Texts]:
    if field == "formats" and value is not None:
        yield value
    elif isinstance(value, Closed):
        yield from formats_in(value)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _formats_of("", one)
    elif isinstance(value, tuple):
        for one in value:
            yield from _formats_of("", one)
