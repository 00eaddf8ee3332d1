"""Closed models: an unknown key is an error with file, line and the nearest known word."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from sdtm2adam.errors import SpecError, SpecErrors, nearest
from sdtm2adam.spec.yaml import Map, where_of


class Closed(BaseModel):
    """Base of all spec models: nothing beside the declared keys, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


Model = TypeVar("Model", bound=Closed)


def read(model: type[Model], tree: Any, name: str, where: str) -> Model:
    """The tree as a model; all faults of it are raised together.

    Args:
        model: what the tree must be.
        tree: as `yaml.load` gives it.
        name: what is read, for messages (`ADSL`).
        where: the file, for a tree that is no mapping.

    Raises:
        SpecErrors: each with file, line and the way out.
    """
    if not isinstance(tree, Map):
        raise SpecError("is empty or no mapping", where=where, mend="write `key: value` lines")
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        details = _told_once(error.errors())
        raise SpecErrors([_spec_error(detail, model, tree, name) for detail in details]) from error


def _told_once(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """One message for one mistake: not both branches of a union, not the missing key beside its misspelling."""
    extra = [detail for detail in details if detail["type"] == "extra_forbidden"]
    kept = []
    for detail in details:
        place = detail["loc"][:-1]
        if detail["type"] == "text_expected" and any(
            d is not detail and d["loc"][: len(place)] == place for d in details
        ):
            continue
        wanted = str(detail["loc"][-1]) if detail["loc"] else ""
        if detail["type"] == "missing" and any(
            d["loc"][:-1] == place and nearest(str(d["loc"][-1]), [wanted]).startswith("did you") for d in extra
        ):
            continue
        kept.append(detail)
    return kept


def _spec_error(detail: ErrorDetails, model: type[Closed], tree: Any, name: str) -> SpecError:
    path = tuple(step for step in detail["loc"] if _is_in(tree, detail["loc"], step))
    place = ".".join(str(step) for step in (name, *path))
    where = f"{where_of(tree, path)}: {place}" if path else where_of(tree, ())
    if detail["type"] == "extra_forbidden":
        known = _allowed(model, detail["loc"][:-1])
        return SpecError(
            f"unknown key {str(detail['loc'][-1])!r}", where=where, mend=f"{nearest(str(detail['loc'][-1]), known)}"
        )
    if detail["type"] == "missing":
        return _missing(detail["loc"][-1], where)
    context = detail.get("ctx") or {}
    if detail["type"] == "literal_error":
        known = [word.strip(" '") for word in str(context.get("expected", "")).replace(" or ", ",").split(",")]
        what = f"{str(detail['input'])!r} is not one of {', '.join(known)}"
        return SpecError(what, where=where, mend=nearest(str(detail["input"]), known))
    if (plain := _plain(detail, context)) is not None:
        return SpecError(plain[0], where=where, mend=plain[1])
    mend = str(context.get("mend", "see docs/spec-grammar.md for what may stand here"))
    return SpecError(detail["msg"].removeprefix("Value error, "), where=where, mend=mend)


def _missing(step: int | str, where: str) -> SpecError:
    """A key that is not there, or an item of a list, which is counted from 1."""
    what = f"item {step + 1} of the list is missing" if isinstance(step, int) else f"the key {step!r} is missing"
    return SpecError(what, where=where, mend="add it")


def _plain(detail: ErrorDetails, context: dict[str, Any]) -> tuple[str, str] | None:
    """What pydantic says of a wrong kind of value, in the words of YAML."""
    given = detail["input"]
    said = "nothing" if given is None else "a mapping" if isinstance(given, dict) else repr(given)
    said = "a list" if isinstance(given, (list, tuple)) else said
    match detail["type"]:
        case "dict_type" | "model_type":
            return f"a mapping is expected here, not {said}", "write NAME: VALUE lines below it, or leave the key out"
        case "tuple_type" | "list_type":
            return (
                f"a list is expected here, not {said}",
                "write - ITEM lines below it, or [A, B], or leave the key out",
            )
        case "int_parsing" | "int_type" | "int_from_float":
            return f"{said} is no whole number", "write digits alone"
        case "greater_than_equal":
            return f"{given} is too small", f"{context['ge']} is the least"
        case "less_than_equal":
            return f"{given} is too large", f"{context['le']} is the most"
    return None


def _is_in(tree: Any, loc: tuple[str | int, ...], step: str | int) -> bool:
    for part in loc:
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            return False
        if part == step:
            return True
    return False


def _allowed(model: type[Closed], loc: tuple[str | int, ...]) -> list[str]:
    """The keys allowed at a place: walks the annotations of the model."""
    current: Any = model
    for step in loc:
        found = _models_in(current.model_fields[str(step)].annotation) if _is_field(current, step) else [current]
        current = found[0] if found else current
    return [field.alias or key for key, field in current.model_fields.items()]


def _is_field(model: Any, step: str | int) -> bool:
    return isinstance(step, str) and step in model.model_fields


def _models_in(annotation: Any) -> list[Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models_in(part)]
