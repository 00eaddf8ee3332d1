"""Arguments of Python as the tree a spec would be: each text knows the argument it came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sdtm2adam.errors import SpecError, SpecErrors
from sdtm2adam.spec.closed import Closed, read
from sdtm2adam.spec.yaml import Map, Seq, Text

Model = TypeVar("Model", bound=Closed)
_PYTHON_WORDS = {"from_": "from", "as_": "as", "else_": "else", "class_": "class"}
"""Keys of the grammar that are words of Python, as they are written there."""


def tree_of(said: Any, where: str) -> Any:
    """A Python value as a tree of a spec.

    >>> tree_of({"from_": "EX", "order": ["EXSTDTC"]}, "among[0]")
    {'from': 'EX', 'order': ['EXSTDTC']}

    Args:
        said: texts, numbers, None, and lists and mappings of these.
        where: the argument.

    Raises:
        SpecError: something else.
    """
    if isinstance(said, (Map, Seq, Text)):
        return said  # it has its place already
    if isinstance(said, Mapping):
        return _map(said, where, lambda key: f"{where}.{key}")
    if isinstance(said, (list, tuple)):
        made = Seq(where)
        made.extend(tree_of(item, f"{where}[{i}]") for i, item in enumerate(said))
        return made
    if said is None:
        return None
    if isinstance(said, str):
        return Text(said, where)
    if isinstance(said, (int, float)) and not isinstance(said, bool):
        return Text(repr(said), where)
    what = f"{said!r} is a {type(said).__name__}" if isinstance(said, bool) else f"is a {type(said).__name__}"
    named = "give the frame a name and say that: frames={'EX': ex}, from_='EX'"
    mend = named if hasattr(said, "columns") else "say it as in a spec: docs/spec-grammar.md"
    raise SpecError(f"{what}, not a text of the grammar", where=where, mend=mend)


def _map(said: Mapping[Any, Any], where: str, place: Any) -> Map:
    made = Map(where)
    for key, value in said.items():
        if not isinstance(key, str):
            raise SpecError(f"the key {key!r} is no text", where=where, mend="write it in quotes")
        word = _PYTHON_WORDS.get(key, key)
        made[word], made.key_where[word] = tree_of(value, place(key)), place(key)
    return made


def arguments(said: Mapping[str, Any]) -> Map:
    """The arguments that are not None, by the words of the grammar; each is placed at its name in Python."""
    python = {word: written for written, word in _PYTHON_WORDS.items()}
    given = {key: value for key, value in said.items() if value is not None}
    return _map(given, "arguments", lambda key: python.get(key, key))


def model_of(model: type[Model], said: Map, verb: str) -> Model:
    """Arguments as the model that a spec would be.

    Raises:
        SpecError: the one thing, or SpecErrors: all that is wrong.
    """
    try:
        return read(model, said, verb, verb)
    except SpecErrors as errors:
        raise alone(errors) from errors


def alone(errors: SpecErrors) -> SpecError:
    """The only one of several errors, or all of them."""
    only = errors.errors[0]
    return only if len(errors.errors) == 1 and isinstance(only, SpecError) else errors
