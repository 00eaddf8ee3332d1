"""Reading the records of one group of items from a CDISC ODM-XML file, as a stream."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pyarrow as pa

from sdtm2adam.errors import InputError, InputErrors, Sdtm2adamError, listed, nearest
from sdtm2adam.files.faults import unreadable
from sdtm2adam.files.odm.columns import Columns, Definitions
from sdtm2adam.files.raw_names import name_errors, named
from sdtm2adam.files.raw_notice import Notice, RawTable
from sdtm2adam.files.safe_xml import Root, elements, forget, local_name, read_root
from sdtm2adam.model import Severity

_VERSIONS = ("http://www.cdisc.org/ns/odm/v1.3", "http://www.cdisc.org/ns/odm/v1.2")
_ABOVE = {
    "ItemGroupData": ("ItemGroupOID", "ItemGroupRepeatKey"),
    "FormData": ("FormOID", "FormRepeatKey"),
    "StudyEventData": ("StudyEventOID", "StudyEventRepeatKey"),
    "SubjectData": ("SubjectKey",),
    "ClinicalData": ("StudyOID", "MetaDataVersionOID"),
}
LOCATION = "LocationOID"
CONTEXT = frozenset({LOCATION, *(name for names in _ABOVE.values() for name in names)})
"""What ODM says of a record beside its items; a column of a record where the contract asks for it."""
_TAGS = (
    "MeasurementUnit", "SiteRef", "ItemGroupData", "FormData", "StudyEventData", "SubjectData", "ClinicalData",
    "AdminData", "ReferenceData", "ItemGroupDef", "FormDef", "ItemDef",
)  # fmt: skip


def read_odm(path: Path, oid: str | None, asked: Collection[str] = ()) -> RawTable:
    """Read the records of one item group, or of one form, of an ODM 1.3 snapshot.

    An item group gives one record for each ItemGroupData, a form one for each FormData, with all items in it. Items are
    columns, named by their OIDs (`IT.AETERM` becomes `IT_AETERM`); the unit of an item, by its name, is the column
    `ITEM.unit` (`IT_TEMP_unit`). Items that the metadata of the file define are columns even if no record has them.
    Values stand in `Value` of ItemData or in the text of typed data (ItemDataInteger, ...); `IsNull` is missing.
    Memory grows with the records of the group alone, not with the file.

    Args:
        path: the file.
        oid: of the item group or the form.
        asked: names of columns; of SubjectKey, LocationOID, StudyEventOID, StudyEventRepeatKey, FormOID,
            FormRepeatKey, ItemGroupOID, ItemGroupRepeatKey, StudyOID and MetaDataVersionOID those in it are given.

    Returns:
        The records in the order of the file, and the other item groups of the file.

    Raises:
        InputError: the file is no snapshot of ODM 1.2 or 1.3, declares a DTD, is cut or damaged, or has no such group.

    Source: CDISC Operational Data Model, version 1.3.2.
    """
    try:
        with path.open("rb") as file:
            check_root(read_root(file, str(path)), path)
            file.seek(0)
            reader = _Reader(path, oid, sorted(CONTEXT & set(asked)))
            for event, element in elements(file, _TAGS, str(path), starts=True):
                reader.take(event, element)
    except OSError as error:
        raise unreadable(path, error) from error
    return reader.table()


def check_root(root: Root, path: Path) -> None:
    """Refuse XML that is no snapshot of ODM 1.2 or 1.3.

    Raises:
        InputError: it is not.
    """
    if root.name != "ODM" or "odm" not in root.namespace:
        mend = "export the study as ODM-XML 1.3, or name another file in its contract"
        raise InputError(f"this XML is not ODM: its outermost element is {root.name}", where=str(path), mend=mend)
    if root.namespace not in _VERSIONS:
        mend = "export it as ODM 1.3"
        raise InputError(f"this is ODM of another version ({root.namespace})", where=str(path), mend=mend)
    if root.attributes.get("FileType", "Snapshot") != "Snapshot":
        what = f"the file is {root.attributes['FileType']}: it tells changes, not the data as they are"
        raise InputError(what, where=str(path), mend="export a snapshot (FileType Snapshot)")


class _Reader:
    """Takes the elements of the file one by one, and collects the records of one group."""

    def __init__(self, path: Path, oid: str | None, context: list[str]) -> None:
        self.path, self.oid, self.context = path, oid, context
        self.columns, self.defined = Columns(), Definitions()
        self.units: dict[str, str] = {}
        self.groups: dict[str, int] = {}
        self.forms: dict[str, int] = {}
        self.in_form: set[str] = set()
        self.studies: dict[str, None] = {}
        self.location: str | None = None
        self.comments = 0

    def take(self, event: str, element: Any) -> None:
        """The next element."""
        kind = local_name(element)
        if event == "start":
            if kind == "SubjectData":
                self.location = None
            elif kind == "ClinicalData":
                self.studies.setdefault(element.get("StudyOID", ""))
            return
        if kind == "MeasurementUnit":
            self.units[element.get("OID", "")] = element.get("Name") or element.get("OID", "")
        elif kind == "SiteRef":
            if local_name(element.getparent()) == "SubjectData":
                self.location = element.get(LOCATION)
        elif kind == "ItemGroupData":
            self.group(element)
        elif kind == "FormData":
            self.form(element)
        elif kind in ("ItemGroupDef", "FormDef", "ItemDef"):
            self.defined.take(kind, element)
        else:
            forget(element)

    def group(self, element: Any) -> None:
        """One ItemGroupData."""
        oid = element.get("ItemGroupOID", "")
        self.groups[oid] = self.groups.get(oid, 0) + 1
        parent = element.getparent()
        form = parent.get("FormOID")
        if form == self.oid:
            self.in_form.add(oid)
            return  # kept until the form ends
        if oid == self.oid:
            self.record(element, element.iterchildren())
        forget(element)

    def form(self, element: Any) -> None:
        """One FormData."""
        oid = element.get("FormOID", "")
        self.forms[oid] = self.forms.get(oid, 0) + 1
        if oid == self.oid:
            self.record(element, (item for group in element.iterchildren("{*}ItemGroupData") for item in group))
        forget(element)

    def record(self, element: Any, items: Any) -> None:
        """The items of a group or form as one record."""
        values: dict[str, str | None] = {}
        for item in items:
            tag = local_name(item)
            if not tag.startswith("ItemData"):
                self.comments += tag == "Annotation"
                continue
            oid = item.get("ItemOID", "")
            if oid in values:
                raise self.fault(element, f"the item {oid} stands twice in one record", self._twice())
            if item.get("TransactionType", "Insert") not in ("Insert", "Upsert", "Context"):
                raise self.fault(element, f"the item {oid} is removed or updated by the file", _SNAPSHOT)
            values[oid] = _value(item, tag)
            self.unit(item, oid, values, element)
        above = self.above(element)
        for name in self.context:
            if name in values:
                raise self.fault(element, f"an item is called {name}, as ODM calls a key", "rename the item")
            values[name] = above.get(name)
        self.columns.add(values)

    def unit(self, item: Any, oid: str, values: dict[str, str | None], element: Any) -> None:
        """The unit of a value, if it names one."""
        for part in item:
            kind = local_name(part)
            if kind == "MeasurementUnitRef":
                unit = part.get("MeasurementUnitOID", "")
                if unit not in self.units:
                    mend = "export the metadata (Study with its BasicDefinitions) with the data"
                    raise self.fault(element, f"the unit {unit} of {oid} is not defined in the file", mend)
                values[f"{oid}.unit"] = self.units[unit]
            else:
                self.comments += kind == "Annotation"

    def above(self, element: Any) -> dict[str, str | None]:
        """What the elements around a record say of it."""
        found: dict[str, str | None] = {LOCATION: self.location}
        for around in (element, *element.iterancestors()):
            kind = local_name(around)
            if around.get("TransactionType", "Insert") not in ("Insert", "Upsert", "Context"):
                raise self.fault(element, f"a {kind} is removed or updated by the file", _SNAPSHOT)
            for name in _ABOVE.get(kind, ()):
                found[name] = around.get(name)
        return found

    def fault(self, element: Any, what: str, mend: str) -> InputError:
        """An error with the place of a record."""
        return InputError(what, where=f"{self.path}, line {element.sourceline}", mend=mend)

    def _twice(self) -> str:
        if self.oid in self.forms or self.oid not in self.groups:
            return "its groups repeat: name one item group in read: {oid: ...} instead of the form"
        return "correct the export: an item stands once in a group"

    def table(self) -> RawTable:
        """The records and what is to be told."""
        if len(self.studies) > 1:
            what = f"the file holds more than one study: {listed(list(self.studies))}"
            raise InputError(what, where=str(self.path), mend="export one study alone")
        known = list(dict.fromkeys([*self.groups, *self.forms, *self.defined.of_groups, *self.defined.of_forms]))
        if self.oid is None:
            mend = "write read: {oid: OID} in its contract"
            what = f"the contract names no group of items; the file has {listed(known)}"
            raise InputError(what, where=str(self.path), mend=mend)
        if self.oid not in known:
            mend = f"correct oid: in read: of its contract; {nearest(self.oid, known)}"
            what = f"the file has no item group or form {self.oid}"
            raise InputError(what, where=str(self.path), mend=mend)
        self.columns.expect([*self.defined.items(self.oid), *self.context])
        names = self.columns.names
        errors: list[Sdtm2adamError] = list(name_errors(names, names, str(self.path), "name the item"))
        if errors:
            raise InputErrors(errors)
        arrays = self.columns.arrays()
        in_form = set(self.defined.of_forms.get(self.oid, ())) | self.in_form
        others = tuple(group for group in self.groups if group != self.oid and group not in in_form)
        return RawTable(pa.table(arrays, schema=named(names)), self.notices(), others)

    def notices(self) -> tuple[Notice, ...]:
        """Comments of sites are no values; that there are some is told."""
        if not self.comments:
            return ()
        what = f"{self.comments:,} annotations (comments, flags) of {self.oid} are not read"
        return (Notice("raw-annotations", Severity.WARNING, what, records=self.comments),)


_SNAPSHOT = "export a snapshot: the data as they are, not their changes"


def _value(item: Any, tag: str) -> str | None:
    """The value of an item: an attribute of ItemData, the text of typed data."""
    if item.get("IsNull") == "Yes":
        return None
    value = item.get("Value") if tag == "ItemData" else item.text
    return None if value is None else str(value)
