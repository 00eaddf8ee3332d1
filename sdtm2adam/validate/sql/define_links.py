"""Whether the links of define.xml lead somewhere: each reference to an OID, and each OID that nothing refers to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sdtm2adam.files.safe_xml import local_name

_TARGETS = {
    "ItemOID": "ItemDef", "CodeListOID": "CodeList", "ValueListOID": "ValueListDef", "WhereClauseOID": "WhereClauseDef",
    "MethodOID": "MethodDef", "CommentOID": "CommentDef", "leafID": "leaf", "ArchiveLocationID": "leaf",
    "StandardOID": "Standard", "ItemGroupOID": "ItemGroupDef",
}  # fmt: skip
"""The attribute that refers, and the element it refers to."""
_DEFINED = ("ItemDef", "CodeList", "ValueListDef", "WhereClauseDef", "MethodDef", "CommentDef", "leaf")
"""Elements that stand in the document for the sake of what refers to them."""


def links_of(tree: Any) -> Iterator[tuple[str, str, str, str]]:
    """(kind, source, target, state) of a MetaDataVersion, in the order of the document.

    `kind` is the element that is meant, `source` the OID of what refers to it. `state`: `resolved`, `broken` (nothing
    has the OID), `twice` (several have it), `unused` (nothing refers to it).
    """
    parts = [one for one in tree.iter() if isinstance(one.tag, str)]
    defined: Counter[tuple[str, str]] = Counter()
    for part in parts:
        oid = part.get("OID") or (part.get("ID") if local_name(part) == "leaf" else None)
        if oid:
            defined[local_name(part), oid] += 1
    used: set[tuple[str, str]] = set()
    for part in parts:
        for name, target in part.attrib.items():
            kind = _TARGETS.get(name.rpartition("}")[2])
            if kind is None:
                continue
            used.add((kind, target))
            yield kind, _owner(part), target, "resolved" if (kind, target) in defined else "broken"
    for (kind, oid), times in defined.items():
        if times > 1:
            yield kind, oid, oid, "twice"
        elif kind in _DEFINED and (kind, oid) not in used:
            yield kind, oid, oid, "unused"


def _owner(part: Any) -> str:
    """The OID of the element, or of the nearest one around it that has one."""
    while part is not None:
        oid = part.get("OID")
        if oid:
            return str(oid)
        part = part.getparent()
    return ""
