"""A picture as plain SVG: drawing and text, no style sheet, nothing about the program that drew it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

FAMILY = "'Courier New', 'Liberation Mono', Cousine, monospace"
_SVG = "{http://www.w3.org/2000/svg}"
_UNSEEN = (f"{_SVG}metadata", f"{_SVG}style")
_LINES = {"stroke-linejoin": "round", "stroke-linecap": "butt"}


def plain_svg(drawn: bytes) -> bytes:
    """What matplotlib drew, with styles as attributes and the texts in the font of the tables.

    A page that forbids styles from elsewhere shows it as it is, and its styles do not reach the page around it.
    """
    root = etree.fromstring(drawn, etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True))
    for element in list(root.iter(*_UNSEEN)):
        element.getparent().remove(element)
    for element in root.iter(etree.Element):
        for name, value in _styles(element):
            element.set(name, value)
        if element.tag == f"{_SVG}text":
            element.set("font-family", FAMILY)
            element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    for name, value in _LINES.items():
        root.set(name, value)
    etree.cleanup_namespaces(root)
    return bytes(etree.tostring(root, encoding="utf-8")) + b"\n"


def _styles(element: Any) -> Iterator[tuple[str, str]]:
    for declaration in element.attrib.pop("style", "").split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            yield name.strip(), value.strip()
