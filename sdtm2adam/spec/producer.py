"""Producers: what makes the value of a variable. A bare text is a SQL expression; everything else is one verb."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.yaml import Map, Text


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, Text) else value


def _as_by(value: Any) -> Any:
    """`by: [A, {MINE: THEIRS}]`, `by: A`, `by: {MINE: THEIRS}` all become pairs."""
    if value is None or isinstance(value, (Text, Map)):
        value = [] if value is None else [value]
    pairs: list[tuple[Text, Text]] = []
    for item in value:
        pairs.extend([(Text(mine, getattr(theirs, "where", "")), theirs) for mine, theirs in item.items()]
                     if isinstance(item, Map) else [(item, item)])  # fmt: skip
    return pairs


Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_list)]
By = Annotated[tuple[tuple[Text, Text], ...], BeforeValidator(_as_by)]
Take = Literal["first", "last"]
Type = Literal["text", "integer", "float", "date", "datetime", "time"]
"""The types of a variable."""
As = dict[str, Texts]
"""A new name for the first column of a list that each source has."""


class Confirm(Closed):
    """Keep a candidate only if the rows after it, up to and including the first with `until`, meet `require`."""

    until: Text
    require: Text


class Candidate(Closed):
    """One source of a `pick` among several."""

    from_: Texts = Field(alias="from")
    as_: As = Field(default_factory=dict, alias="as")
    by: By | None = None
    where: Text | None = None
    set: dict[str, Producer] = Field(default_factory=dict)
    const: dict[str, Text] = Field(default_factory=dict)
    confirm: Confirm | None = None


class Else(Closed):
    """The values of a row for which nothing was found."""

    set: dict[str, Producer] = Field(default_factory=dict)
    const: dict[str, Text] = Field(default_factory=dict)


class Pick(Closed):
    """The value from one other row."""

    from_: Texts = Field(default=(), alias="from")
    as_: As = Field(default_factory=dict, alias="as")
    by: By | None = None
    where: Text | None = None
    order: Texts = ()
    take: Take = "first"
    ties: Literal["error", "any"] = "error"
    set: dict[str, Producer] = Field(default_factory=dict)
    const: dict[str, Text] = Field(default_factory=dict)
    value: Text | None = None
    among: tuple[Candidate, ...] = ()
    else_: Else | Text | None = Field(default=None, alias="else")
    confirm: Confirm | None = None

    @model_validator(mode="after")
    def _one_source(self) -> Pick:
        if bool(self.from_) == bool(self.among):
            raise PydanticCustomError(
                "pick", "pick needs either from or among", {"mend": "name one source in from, or several in among"}
            )
        if self.among and self.confirm is not None:
            raise PydanticCustomError(
                "pick", "confirm stands beside among", {"mend": "move it into the source of among that it confirms"}
            )
        return self

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The sources: those of `among`, or the only one."""
        if self.among:
            return self.among
        values: dict[str, Any] = {"from": self.from_, "as": self.as_, "by": None, "where": self.where}
        only = Candidate.model_validate(values)
        said = {"by": self.by, "set": self.set, "const": self.const, "confirm": self.confirm}
        return (only.model_copy(update=said),)


class Exists(Closed):
    """`then` (Y) where another dataset has a matching row."""

    from_: Texts = Field(alias="from")
    as_: As = Field(default_factory=dict, alias="as")
    by: By | None = None
    where: Text | None = None
    then: Text = Text("Y")
    else_: Text | None = Field(default=None, alias="else")


class Agg(Closed):
    """One number over the matching rows of another dataset."""

    from_: Texts = Field(alias="from")
    as_: As = Field(default_factory=dict, alias="as")
    by: By | None = None
    where: Text | None = None
    value: Text
    else_: Text | None = Field(default=None, alias="else")


class Flag(Closed):
    """Y on the first, last or all rows of this dataset."""

    by: Texts | None = None
    where: Text | None = None
    order: Texts = ()
    take: Literal["first", "last", "all"] = "first"
    until: Text | None = None


class Seq(Closed):
    """1, 2, 3, ... within a group of own rows."""

    by: Texts | None = None
    order: Texts = ()


def _as_inputs(value: Any) -> Any:
    """`inputs: [LB]` is all columns of LB, `inputs: {LB: [LBTESTCD, LBORRES]}` those named."""
    if isinstance(value, (Text, list)):
        return {str(name): None for name in ([value] if isinstance(value, Text) else value)}
    return value


Inputs = Annotated[dict[str, Texts | None], BeforeValidator(_as_inputs)]


class Python(Closed):
    """A function of an installed package that study.yaml names: one value per row."""

    call: Text
    method: Text
    uses: Texts = ()
    inputs: Inputs = Field(default_factory=dict)


class Standardize(Closed):
    """Results in standard units; text results through a codelist."""

    codelist: Text | None = None


VERBS = ("sql", "const", "datetime", "pick", "exists", "agg", "flag", "seq", "imputed", "decode", "standardize",
         "auto", "python")  # fmt: skip


class _Producer(Closed):
    """What makes one variable: exactly one verb, and what is said of the variable beside it."""

    sql: Text | None = None
    const: Text | None = None
    datetime: Texts | None = None
    pick: Pick | None = None
    exists: Exists | None = None
    agg: Agg | None = None
    flag: Flag | None = None
    seq: Seq | None = None
    imputed: Text | None = None
    decode: Text | None = None
    standardize: Standardize | None = None
    auto: Text | None = None
    python: Python | None = None

    when: Text | None = None
    like: Text | None = None
    formats: Texts | None = None
    label: Text | None = None
    type: Type | None = None
    length: int | None = Field(default=None, ge=1, le=200)
    format: Text | None = None
    codelist: Text | None = None
    origin: Text | None = None
    eval: Text | None = None
    method: Text | None = None
    core: Text | None = None

    @property
    def verb(self) -> str:
        """The one verb; empty for a variable whose column the blocks make."""
        return next((verb for verb in VERBS if getattr(self, verb) is not None), "")

    @property
    def where(self) -> str:
        """The place the verb stands at, for messages."""
        return _place(getattr(self, self.verb)) if self.verb else ""

    @model_validator(mode="after")
    def _one_verb(self) -> _Producer:
        verbs = [verb for verb in VERBS if getattr(self, verb) is not None]
        if len(verbs) > 1:
            raise PydanticCustomError(
                "producers", "has two producers: {verbs}", {"verbs": " and ".join(verbs), "mend": "keep one of them"}
            )
        return self


def _place(body: Any) -> str:
    """The first place found in the body of a verb."""
    if isinstance(body, Text):
        return body.where
    if isinstance(body, Closed):
        body = [getattr(body, name) for name in type(body).model_fields]
    if isinstance(body, dict):
        body = list(body.values())
    if isinstance(body, (list, tuple)):
        return next((place for item in body if (place := _place(item))), "")
    return ""


def _as_producer(value: Any) -> Any:
    """A bare text is `auto` or a SQL expression; a list joins date and time; nothing means: made by the blocks."""
    if value is None:
        return {}
    if isinstance(value, Text):
        return {"auto": value} if value == "auto" else {"sql": value}
    if isinstance(value, list):
        return {"datetime": value}
    return value


Producer = Annotated[_Producer, BeforeValidator(_as_producer)]

Candidate.model_rebuild()
Else.model_rebuild()
Pick.model_rebuild()


def as_producer(said: Any) -> _Producer:
    """A producer made by the program, from what a spec might say."""
    return _Producer.model_validate(_as_producer(said))
