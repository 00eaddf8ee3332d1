"""Which groups of items an ODM-XML file holds."""

from __future__ import annotations

from pathlib import Path

from sdtm2adam.files.faults import unreadable
from sdtm2adam.files.odm.columns import Definitions
from sdtm2adam.files.odm.read import check_root
from sdtm2adam.files.safe_xml import elements, forget, local_name, read_root

_TAGS = ("ItemGroupData", "FormDef", "ItemGroupDef")


def groups_in(path: Path) -> dict[str, frozenset[str]]:
    """The item groups that have records or are defined, by OID, each with the OIDs of the forms it belongs to.

    Those with records come first, in the order of the file.

    Raises:
        InputError: the file is no snapshot of ODM 1.2 or 1.3, declares a DTD, or is cut or damaged.
    """
    found: dict[str, set[str]] = {}
    defined = Definitions()
    try:
        with path.open("rb") as file:
            check_root(read_root(file, str(path)), path)
            file.seek(0)
            for _, element in elements(file, _TAGS, str(path)):
                kind = local_name(element)
                if kind != "ItemGroupData":
                    defined.take(kind, element)
                    continue
                forms = found.setdefault(element.get("ItemGroupOID", ""), set())
                forms |= {element.getparent().get("FormOID", "")} - {""}
                forget(element)
    except OSError as error:
        raise unreadable(path, error) from error
    for form, groups in defined.of_forms.items():
        for group in groups:
            found.setdefault(group, set()).add(form)
    for group in defined.of_groups:
        found.setdefault(group, set())
    return {group: frozenset(forms) for group, forms in found.items()}


def is_odm(path: Path) -> bool:
    """Whether the outermost element of an XML file is that of ODM.

    Raises:
        InputError: the file is no XML, declares a DTD, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            return read_root(file, str(path)).name == "ODM"
    except OSError as error:
        raise unreadable(path, error) from error
