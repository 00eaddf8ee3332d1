"""The table `meta.define_structure`: where a define.xml is not as the XML Schema of its version has it.

The schemas of Define-XML 2.0 and 2.1, both with analysis results (ARM 1.0), come with the package odmlib; libxml2 holds
the document against them. What is in the namespace of a vendor is taken out first, as ODM lets a document be extended.
"""

from __future__ import annotations

import importlib.util
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

MOST_FAULTS = 1000
"""So many faults of a document have a row each; the others are counted in one row more."""

_ODM, _DEF = "http://www.cdisc.org/ns/odm/v1.3", "http://www.cdisc.org/ns/def/v2."
_PREFIXES = {
    f"{_DEF}0": "def", f"{_DEF}1": "def", "http://www.cdisc.org/ns/arm/v1.0": "arm", _ODM: "",
    "http://www.w3.org/1999/xlink": "xlink", "http://www.w3.org/XML/1998/namespace": "xml",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi", "http://www.w3.org/2000/09/xmldsig#": "ds",
}  # fmt: skip
_SCHEMAS = {f"{_DEF}0": "arm/1.0/arm1-0-0.xsd", f"{_DEF}1": "arm/1.0-define2.1/arm1-0-0.xsd"}
_ENCODINGS = ("UTF-8", "UTF8", "US-ASCII", "ASCII")


@dataclass(frozen=True)
class _Saying:
    """What libxml2 says, the kind of fault it is, and how it is told here."""

    said: str
    kind: str
    told: str


_WANTED = r"Expected is (?:one of )?\( (?P<wanted>.*) \)\."
_LENGTH = r"The value '(?P<value>.*)' has a length of '\d+'; .* of '(?P<wanted>\d+)'\."
_TYPE = r"(?:(?:local )?atomic|union|list) type(?: '(?P<wanted>.*)')?\."
_SAYINGS = (
    _Saying(rf"This element is not expected\. {_WANTED}", "order", "{element} may not stand here; what may: {wanted}"),
    _Saying(r"This element is not expected\.", "order", "{element} may not stand here; nothing more may"),
    _Saying(r"Element content is not allowed, .*", "order", "{element} holds an element, and may hold none"),
    _Saying(rf"Missing child element\(s\)\. {_WANTED}", "lacks", "{element} lacks an element: {wanted}"),
    _Saying(
        r"The attribute '(?P<attribute>.*)' is required but missing\.",
        "lacks", "{element} lacks the attribute {attribute}",
    ),
    _Saying(
        r"The attribute '(?P<attribute>.*)' is not allowed\.",
        "attribute", "{element} may not have an attribute {attribute}",
    ),
    _Saying(
        r"\[facet 'enumeration'\] The value '(?P<value>.*)' is not an element of the set \{(?P<wanted>.*)\}\.",
        "value", "{what} is '{value}', which is none of {wanted}",
    ),
    _Saying(
        r"\[facet 'pattern'\] The value '(?P<value>.*)' is not accepted by the pattern '(?P<wanted>.*)'\.",
        "value", "{what} is '{value}', which is not of the shape {wanted}",
    ),
    _Saying(rf"\[facet 'maxLength'\] {_LENGTH}", "value", "{what} is '{value}', which is longer than {wanted}"),
    _Saying(rf"\[facet 'minLength'\] {_LENGTH}", "value", "{what} is '{value}', which is shorter than {wanted}"),
    _Saying(
        rf"'(?P<value>.*)' is not a valid value of the {_TYPE}",
        "value", "{what} is '{value}', which is no {wanted}",
    ),
    _Saying(
        r"Duplicate key-sequence \[(?P<value>.*)\] in (?:unique|key) identity-constraint '.*'\.",
        "twice", "{what} is {value} a second time",
    ),
    _Saying(r"Character content .* is not allowed,? because .*", "text", "{element} holds text, and may hold none"),
)  # fmt: skip
_NAME = re.compile(r"\{([^{}'\s]+)\}([A-Za-z_][\w.-]*|\*)")
_HEAD = re.compile(r"Element '(?P<element>[^']*)'(?:, attribute '(?P<attribute>[^']*)')?: (?P<said>.*)", re.DOTALL)
_SECOND = "No precomputed value available"
"""How the message of libxml2 begins that only follows from another."""

Row = tuple[str, str, int | None, str | None, str | None, str, str | None, str | None, str | None, str]


def structure_of(path: Path, stage: str) -> Iterator[Row]:
    """The rows of a document that is well formed, in its order.

    Each is (stage, file, line, element, place, kind, attribute, value, wanted, fault). `place` is the nearest element
    with an OID, as `ItemGroupDef IG.AE`. `kind` is `order`, `lacks`, `attribute`, `value`, `twice`, `text`, `other`,
    `encoding`, `many` (faults that have no row) or `unjudged` (there is no schema for its version).
    """
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    tree = etree.parse(io.BytesIO(path.read_bytes()), parser)
    root, head = tree.getroot(), (stage, path.name)
    encoding = (tree.docinfo.encoding or "UTF-8").upper()
    if encoding not in _ENCODINGS:
        yield *head, 1, None, None, "encoding", None, encoding, "UTF-8", f"it is written in {encoding}, not in UTF-8"
    namespace = _namespace(root)
    if namespace is None:
        fault = f"it has no namespace of Define-XML 2.0 or 2.1 ({_DEF}0, {_DEF}1), so its structure was not judged"
        yield *head, 1, None, None, "unjudged", None, None, None, fault
        return
    _without_vendors(root)
    schema = _schema(_SCHEMAS[namespace])
    schema.validate(tree)
    yield from _rows(head, tree, list(schema.error_log))


def _namespace(root: Any) -> str | None:
    """The namespace of Define-XML that the document is in: that of its DefineVersion, else one that it declares."""
    version = next(root.iterfind("{*}Study/{*}MetaDataVersion"), root)
    used = (name[1:].partition("}")[0] for name in version.attrib if name.endswith("}DefineVersion"))
    declared = sorted(set(version.nsmap.values()) & set(_SCHEMAS))
    return next((each for each in (*used, *declared) if each in _SCHEMAS), None)


@cache
def _schema(path: str) -> etree.XMLSchema:
    """A schema of odmlib, which is not imported for it."""
    found = importlib.util.find_spec("odmlib")
    assert found is not None
    assert found.origin is not None
    return etree.XMLSchema(etree.parse(str(Path(found.origin).parent / "schemas" / path)))


def _without_vendors(root: Any) -> None:
    """Take out the elements and attributes in namespaces that are not of ODM, Define-XML or what they build on."""
    for element in list(root.iter(etree.Element)):
        for name in [each for each in element.attrib if _foreign(each)]:
            del element.attrib[name]
        if _foreign(element.tag) and element.getparent() is not None:
            element.getparent().remove(element)


def _foreign(name: str) -> bool:
    return name.startswith("{") and name[1:].partition("}")[0] not in _PREFIXES


def _rows(head: tuple[str, str], tree: Any, errors: list[Any]) -> Iterator[Row]:
    """A row for each fault of an element and attribute; of those that follow from one, the first."""
    if not errors:
        return
    names = {prefix: uri for one in tree.iter(etree.Element) for prefix, uri in one.nsmap.items() if prefix}
    told: set[tuple[object, ...]] = set()
    for place, error in enumerate(errors):
        found = _HEAD.fullmatch(error.message)
        if found is None or _SECOND in found["said"]:
            continue
        if len(told) == MOST_FAULTS:
            more = f"{len(errors) - place} more faults of its structure are not listed; mend these first"
            yield *head, None, None, None, "many", None, None, None, more
            return
        element = next(iter(tree.xpath(error.path, namespaces=names)), None) if error.path else None
        row = (*head, error.line, _short(found["element"]), _place(element), *_told(element, found))
        key = (error.path, *row[5:8])
        if key not in told:
            told.add(key)
            yield row


def _told(element: Any, found: re.Match[str]) -> tuple[str, str | None, str | None, str | None, str]:
    """What libxml2 says, as (kind, attribute, value, wanted, fault)."""
    name, attribute, said = (_short(found[part] or "") for part in ("element", "attribute", "said"))
    matches = ((one, re.fullmatch(one.said, said, re.DOTALL)) for one in _SAYINGS)
    saying, match = next(((one, match) for one, match in matches if match), (None, None))
    if saying is None or match is None:
        return "other", attribute or None, None, None, f"{name}{f' ({attribute})' * bool(attribute)}: {said}"
    parts = match.groupdict()
    value, wanted = parts.get("value"), parts.get("wanted")
    if saying.kind == "twice":
        value = (value or "").strip("'")
        attribute = _attribute_with(element, value)
    attribute = parts.get("attribute") or attribute
    what = f"{attribute} of {name}" if attribute else f"the text of {name}"
    fault = saying.told.format(
        element=name, attribute=attribute, what=what, value=value, wanted=wanted or "value of its type"
    )
    return saying.kind, attribute or None, value, wanted, fault


def _attribute_with(element: Any, value: str) -> str:
    """The attribute by which an element stands twice: libxml2 says its value alone, and of several values none."""
    names = element.attrib.items() if element is not None else ()
    return next((_short(name) for name, text in names if text == value), "")


def _place(element: Any) -> str | None:
    while element is not None:
        oid = element.get("OID") or element.get("ID")
        if oid:
            return f"{_short(element.tag)} {oid}"
        element = element.getparent()
    return None


def _short(text: str) -> str:
    """Names with the prefixes that people know instead of their namespaces."""

    def prefixed(found: re.Match[str]) -> str:
        prefix = _PREFIXES.get(found[1], found[1])
        return f"{prefix}:{found[2]}" if prefix else found[2]

    return _NAME.sub(prefixed, text)
