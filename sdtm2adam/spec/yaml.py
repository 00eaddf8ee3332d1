"""Strict reading of YAML 1.2: every scalar stays text, every value knows its file and line.

Refused, each with file and line: duplicate keys, anchors, aliases, merge keys, tags, several documents, a text that
a comma inside `{ }` or `[ ]` has split, files that are too large or too deep.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import yaml
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sdtm2adam.errors import SpecError

MAX_BYTES = 2_000_000
MAX_DEPTH = 40

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Text(str):
    """A scalar, with the place it stands at (`ADSL.yaml:12`) and the settings that were put into it."""

    __slots__ = ("settings", "where")
    settings: tuple[str, ...]
    where: str

    def __new__(cls, text: str, where: str = "", settings: tuple[str, ...] = ()) -> Text:
        """A text that stands at `where`."""
        self = super().__new__(cls, text)
        self.where, self.settings = where, settings
        return self

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Pydantic keeps the text and its place; the JSON schema says string."""
        return core_schema.no_info_plain_validator_function(
            cls._keep,
            json_schema_input_schema=core_schema.str_schema(),
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def _keep(cls, value: Any) -> Text:
        if isinstance(value, Text):
            return value
        if isinstance(value, str):
            return cls(value)
        raise PydanticCustomError("text_expected", "a text is expected here, not {kind}", {"kind": _kind(value)})


class Map(dict[str, Any]):
    """A mapping, with its place and the place of each key."""

    __slots__ = ("key_where", "where")

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where
        self.key_where: dict[str, str] = {}


class Seq(list[Any]):
    """A sequence, with its place."""

    __slots__ = ("where",)

    def __init__(self, where: str) -> None:
        super().__init__()
        self.where = where


def _kind(value: Any) -> str:
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list) else "nothing"


def where_of(tree: Any, path: tuple[str | int, ...], default: str = "") -> str:
    """The file and line of the deepest part of `path` that is in the tree."""
    where = getattr(tree, "where", default)
    for step in path:
        if isinstance(tree, Map) and step in tree:
            where, tree = tree.key_where[str(step)], tree[str(step)]
        elif isinstance(tree, Seq) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
            where = getattr(tree, "where", where)
    return where


def load(path: Path, name: str | None = None) -> Any:
    """The tree of one YAML file: `Map`, `Seq`, `Text`, or None for a value left empty.

    Args:
        path: the file, UTF-8.
        name: how messages call it; by default its file name.

    Raises:
        SpecError: the file cannot be read, is no YAML, or uses what is refused.
    """
    shown = name or path.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise SpecError(
            f"cannot be read ({error.strerror})", where=str(path), mend="check the name and the permissions"
        ) from error
    if len(raw) > MAX_BYTES:
        raise SpecError(f"is larger than {MAX_BYTES:,} bytes", where=shown, mend="put data into a table, not a spec")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise SpecError("is not UTF-8", where=f"{shown}:{line}", mend="save the file as UTF-8") from error
    return loads(text, shown)


def loads(text: str, name: str) -> Any:
    """The tree of a YAML text; `name` stands in messages for the file."""
    if "\t" in text:
        line = text[: text.index("\t")].count("\n") + 1
        raise SpecError("has a tab", where=f"{name}:{line}", mend="indent with blanks")
    try:
        events = yaml.parse(text, Loader=_Loader)
        return _Builder(iter(events), name).document()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}:{mark.line + 1}" if mark else name
        problem = str(getattr(error, "problem", None) or "is not YAML")
        hints = [hint for said, hint in _HINTS.items() if said in problem]
        raise SpecError(problem, where=where, mend="; ".join([*hints, _YAML_HINT])) from error


_INDENT = "begin the line in the same column as the lines it belongs to"
_HINTS = {"'-' indicator": _INDENT, "expected key": _INDENT, "mapping values": _INDENT}
"""What else may be behind a problem, by a part of its words."""
_YAML_HINT = (
    "a text that starts with ' \" [ { > * & % @ or holds ': ' or ' #' must stand in quotes; "
    "see also the lines just above"
)


class _Builder:
    """Builds the tree from the parser's events, refusing what specs may not use."""

    def __init__(self, events: Iterator[Any], name: str) -> None:
        self.events, self.name = events, name

    def document(self) -> Any:
        next(self.events)
        event = next(self.events)
        if isinstance(event, yaml.StreamEndEvent):
            return None
        tree = self._node(next(self.events), depth=0, flow=False)
        next(self.events)
        if not isinstance(following := next(self.events), yaml.StreamEndEvent):
            self._refuse(following, "holds a second document (---)", "one file holds one document")
        return tree

    def _refuse(self, event: Any, what: str, mend: str) -> NoReturn:
        raise SpecError(what, where=self._where(event), mend=mend)

    def _where(self, event: Any) -> str:
        return f"{self.name}:{event.start_mark.line + 1}"

    def _node(self, event: Any, depth: int, flow: bool) -> Any:
        if depth > MAX_DEPTH:
            self._refuse(event, f"is nested deeper than {MAX_DEPTH} levels", "flatten it")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._refuse(event, "uses an anchor or alias", "write it out, or use foreach, extends or include")
        if getattr(event, "tag", None):
            self._refuse(event, f"uses the tag {event.tag}", "leave the tag out; a spec is plain text")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, flow)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth)
        return self._mapping(event, depth)

    def _scalar(self, event: Any, flow: bool) -> Text | None:
        if event.implicit[0] and event.value == "":
            return None
        if flow and event.implicit[0] and not _balanced(event.value):
            self._refuse(
                event,
                f"{event.value!r} looks like a part of a text that a comma has split",
                "a text with a comma inside { } or [ ] must be in quotes, or use the indented form",
            )
        return Text(event.value, self._where(event))

    def _sequence(self, start: Any, depth: int) -> Seq:
        seq = Seq(self._where(start))
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            seq.append(self._node(event, depth + 1, bool(start.flow_style)))
        return seq

    def _mapping(self, start: Any, depth: int) -> Map:
        result, flow = Map(self._where(start)), bool(start.flow_style)
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self._key(event, result, flow)
            value_event = next(self.events)
            value = self._node(value_event, depth + 1, flow)
            if flow and value is None:
                self._refuse(
                    event,
                    f"{str(key)!r} has no value",
                    "a text with a comma inside { } must be in quotes, or use the indented form",
                )
            result[str(key)] = value
            result.key_where[str(key)] = key.where
        return result

    def _key(self, event: Any, result: Map, flow: bool) -> Text:
        if not isinstance(event, yaml.ScalarEvent):
            self._refuse(event, "a key is not a plain text", "use a name as key")
        key = self._node(event, 0, flow)
        if key is None or key == "<<":
            self._refuse(event, "has an empty key or a merge key (<<)", "write the keys out")
        if key in result:
            self._refuse(
                event, f"the key {str(key)!r} stands twice", f"the first is at {result.key_where[key]}: keep one"
            )
        assert isinstance(key, Text)
        return key


def _balanced(text: str) -> bool:
    """Whether round brackets match outside quotes.

    >>> _balanced("coalesce(A"), _balanced("x in ('(', 'b')")
    (False, True)
    """
    depth, quoted = 0, False
    for character in text:
        if character == "'":
            quoted = not quoted
        elif not quoted:
            depth += (character == "(") - (character == ")")
            if depth < 0:
                return False
    return depth == 0 and not quoted
