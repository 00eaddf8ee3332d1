"""The ODM-XML form of a package, read as a stream: CodeList elements with EnumeratedItems.

Source: ODM 1.3.2 with the extension for controlled terminology of NCI EVS (names of its namespace are `nciodm:` below).
Nothing outside the file is ever read: a document type, and with it every entity of its own, is refused.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from lxml import etree

from sdtm2adam.errors import InputError
from sdtm2adam.files.ct.package import Content, ListRow, TermRow, joined_synonyms, wrong
from sdtm2adam.files.faults import damaged

_LABELED = {"ODM", "Study", "MetaDataVersion"}
_LABELS = ("FileOID", "OID", "Name", "Description")


def read_odm(path: Path, data: bytes) -> Content:
    """The lists and terms of an ODM file; definitions are passed over.

    Raises:
        InputError: it is no sound XML, no ODM, or has a document type.
    """
    content = Content()
    try:
        events = etree.iterparse(
            io.BytesIO(data), events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True,
            huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        for number, (event, element) in enumerate(events):
            if not number:
                _check_root(path, element)
            name = etree.QName(element).localname
            if event == "start" and name in _LABELED:
                content.labels += [element.get(label) for label in _LABELS if element.get(label)]
            elif event == "end" and name == "CodeList":
                _read_list(content, element, f"{path}:{element.sourceline}")
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise damaged(path, f"is damaged XML ({error.msg})") from error
    return content


def _check_root(path: Path, root: Any) -> None:
    if root.getroottree().docinfo.doctype:
        mend = "get the file again from NCI EVS; a package has no document type and no entities"
        raise InputError("has a document type (DOCTYPE), which is not read", where=str(path), mend=mend)
    if etree.QName(root).localname != "ODM":
        mend = "name the tab-delimited text or the ODM-XML of a package, as NCI EVS publishes them"
        raise InputError(f"is no ODM: its root is {etree.QName(root).localname}", where=str(path), mend=mend)


def _read_list(content: Content, element: Any, where: str) -> None:
    code, extensible = _attribute(element, "ExtCodeID"), _attribute(element, "CodeListExtensible")
    if not code:
        name = element.get("Name") or element.get("OID")
        content.errors.append(wrong(f"the codelist {name} has no nciodm:ExtCodeID: it is no list of CDISC", where))
        return
    short, preferred = _texts(element, "CDISCSubmissionValue"), _texts(element, "PreferredTerm")
    content.lists.append(
        ListRow(code, "".join(short), (element.get("Name") or "").strip(), extensible, "".join(preferred), where)
    )
    for item in element:
        if etree.QName(item).localname in ("EnumeratedItem", "CodeListItem"):
            term, at = (item.get("CodedValue") or "").strip(), f"{where.rpartition(':')[0]}:{item.sourceline}"
            synonyms = joined_synonyms(iter(_texts(item, "CDISCSynonym")))
            preferred = _texts(item, "PreferredTerm")
            content.terms.append(TermRow(code, _attribute(item, "ExtCodeID"), term, synonyms, "".join(preferred), at))


def _attribute(element: Any, name: str) -> str:
    """An attribute of the extension, whatever namespace the year of the package gave it."""
    return next((value.strip() for key, value in element.attrib.items() if etree.QName(key).localname == name), "")


def _texts(element: Any, name: str) -> list[str]:
    """The texts of the children with a name."""
    return ["".join(child.itertext()).strip() for child in element if etree.QName(child).localname == name]
