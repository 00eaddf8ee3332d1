"""XML from outside, streamed: without document types, so without entities, and never from the network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any
from xml.parsers import expat

from lxml import etree

from sdtm2adam.errors import InputError
from sdtm2adam.files.faults import damaged_at

_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Root:
    """The outermost element: its namespace, name and attributes."""

    namespace: str
    name: str
    attributes: dict[str, str]


class _Found(Exception):  # noqa: N818 - ends the parsing, no error
    """The root was met."""


def read_root(file: IO[bytes], where: str) -> Root:
    """Read a document as far as its outermost element.

    Raises:
        InputError: it declares a document type (DTD), by which entities could be smuggled in; or it is no XML.
    """
    root: list[Root] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        root.append(Root(namespace, local, attributes))
        raise _Found

    def refuse(*_: object) -> None:
        mend = "export it without one; a document type can make a file read others, or grow without end"
        raise InputError("the file declares a document type (DTD), which is not read", where=where, mend=mend)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    try:
        while piece := file.read(_PIECE):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except _Found:
        return root[0]
    except expat.ExpatError as error:
        raise damaged_at(
            f"{where}, line {error.lineno}", f"this is no XML ({expat.ErrorString(error.code)})"
        ) from error
    raise damaged_at(where, "the file holds no XML element")


def elements(file: IO[bytes], tags: Sequence[str], where: str, *, starts: bool = False) -> Iterator[tuple[str, Any]]:
    """The elements with these names, in any namespace, each when it ends (and, with `starts`, when it begins).

    The document must have passed `read_root`. What is read stays in memory until the caller clears it.

    Raises:
        InputError: the document is cut or not well formed; names its line.
    """
    parsed = etree.iterparse(
        file, events=("start", "end") if starts else ("end",), tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        yield from parsed
    except etree.XMLSyntaxError as error:
        raise damaged_at(f"{where}, line {error.lineno}", f"the XML is damaged ({error.msg})") from error


def local_name(element: Any) -> str:
    """The name of an element without its namespace."""
    tag: str = element.tag
    return tag[tag.find("}") + 1 :]


def forget(element: Any) -> None:
    """Empty an element that was read, and remove the one of its kind before it: memory does not grow with the file."""
    element.clear()
    before = element.getprevious()
    if before is not None and before.tag == element.tag:
        element.getparent().remove(before)
