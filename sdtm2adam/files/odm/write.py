"""Writing records as a CDISC ODM-XML 1.3 snapshot, as a stream."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import IO
from xml.sax.saxutils import quoteattr

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.errors import UsageError
from sdtm2adam.files.atomic import write_atomically

NAMESPACE = "http://www.cdisc.org/ns/odm/v1.3"
_BREAKS = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
_NO_CHARACTER = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"


@dataclass(frozen=True, slots=True)
class OdmForm:
    """How the records of a form become an item group; all names are columns.

    `subject` becomes SubjectKey, `event` StudyEventOID, `repeat` ItemGroupRepeatKey, `site` LocationOID. `units` are
    the columns that hold the unit of another (`{TEMP: TEMPU}`), which becomes a MeasurementUnitRef. `event` empty: all
    records are of the event `COMMON`. The other columns are items, with `prefix` before their names as OID.
    """

    name: str
    columns: Sequence[str]
    subject: str
    event: str = ""
    repeat: str = ""
    site: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""

    @property
    def items(self) -> list[str]:
        """The columns that become items."""
        keys = {self.subject, self.event, self.repeat, self.site, *self.units.values()}
        return [column for column in self.columns if column not in keys]

    @property
    def names(self) -> dict[str, str]:
        """What `names:` of a contract says to read the records back."""
        keys = {self.subject: "SubjectKey", self.event: "StudyEventOID", self.repeat: "ItemGroupRepeatKey"}
        said = {column: name for column, name in {**keys, self.site: "LocationOID"}.items() if column}
        said |= {unit: f"{self.prefix}{column}.unit" for column, unit in self.units.items()}
        return said | ({column: f"{self.prefix}{column}" for column in self.items} if self.prefix else {})


def write_odm(
    path: Path, study: str, forms: Sequence[OdmForm], parts: Iterable[Mapping[str, pa.Table]], created: str
) -> None:
    """Write the records of forms as one ODM 1.3 snapshot, whole or not at all; the same records give the same bytes.

    The subjects stand in the order of their keys within a part. Missing values are left out, as EDC systems do.

    Args:
        path: the file.
        study: its StudyOID.
        forms: the forms, in the order in which they stand under an event.
        parts: tables of texts by form; a subject stands in one part only. Memory does not grow with their number.
        created: the time the file says it was made, ISO 8601.

    Raises:
        UsageError: a key or repeat is missing, a unit stands without its value, a text holds a character that XML
            cannot; or the file cannot be written.

    Source: CDISC Operational Data Model, version 1.3.2.
    """

    def write(temporary: Path) -> None:
        with tempfile.TemporaryFile() as data, temporary.open("wb") as file:
            events: dict[str, None] = {}
            units: dict[str, None] = {}
            for tables in parts:
                for text in _subjects(forms, tables, events, units, path):
                    data.write(text.encode("utf-8"))
            data.seek(0)
            _head(file, study, forms, list(events), list(units), created)
            shutil.copyfileobj(data, file, 1 << 20)
            file.write(b"</ClinicalData>\n</ODM>\n")

    write_atomically(path, write)


def _head(
    file: IO[bytes], study: str, forms: Sequence[OdmForm], events: list[str], units: list[str], created: str
) -> None:
    """The metadata: units, events, forms, groups, items."""
    name = f"<StudyName>{_inner(study)}</StudyName><StudyDescription>{_inner(study)}</StudyDescription>"
    refs = "".join(f'<FormRef FormOID={_quoted("F." + form.name)} Mandatory="No"/>' for form in forms)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<ODM xmlns="{NAMESPACE}" FileType="Snapshot" ODMVersion="1.3.2"',
        f"FileOID={_quoted(study + '.snapshot')} CreationDateTime={_quoted(created)}>",
        f"<Study OID={_quoted(study)}>",
        f"<GlobalVariables>{name}<ProtocolName>{_inner(study)}</ProtocolName></GlobalVariables>",
        *_unit_definitions(units),
        '<MetaDataVersion OID="MDV.1" Name="1">',
        *(
            f'<StudyEventDef OID={_quoted(event)} Name={_quoted(event)} Repeating="Yes" Type="Common">{refs}'
            "</StudyEventDef>"
            for event in events
        ),
        *(
            f'<FormDef OID={_quoted("F." + form.name)} Name={_quoted(form.name)} Repeating="No">'
            f'<ItemGroupRef ItemGroupOID={_quoted(form.name)} Mandatory="No"/></FormDef>'
            for form in forms
        ),
        *(_group_definition(form) for form in forms),
        *_item_definitions(forms, units),
        "</MetaDataVersion></Study>",
        f'<ClinicalData StudyOID={_quoted(study)} MetaDataVersionOID="MDV.1">',
    ]
    file.write(("\n".join(lines) + "\n").encode("utf-8"))


def _unit_definitions(units: list[str]) -> list[str]:
    if not units:
        return []
    return [
        "<BasicDefinitions>",
        *(
            f"<MeasurementUnit OID={_quoted('MU.' + unit)} Name={_quoted(unit)}><Symbol><TranslatedText>"
            f"{_inner(unit)}</TranslatedText></Symbol></MeasurementUnit>"
            for unit in units
        ),
        "</BasicDefinitions>",
    ]


def _group_definition(form: OdmForm) -> str:
    items = "".join(f'<ItemRef ItemOID={_quoted(form.prefix + item)} Mandatory="No"/>' for item in form.items)
    return f'<ItemGroupDef OID={_quoted(form.name)} Name={_quoted(form.name)} Repeating="Yes">{items}</ItemGroupDef>'


def _item_definitions(forms: Sequence[OdmForm], units: list[str]) -> list[str]:
    found: dict[str, str] = {}
    refs = "".join(f"<MeasurementUnitRef MeasurementUnitOID={_quoted('MU.' + unit)}/>" for unit in units)
    for form in forms:
        for item in form.items:
            inside = refs if item in form.units else ""
            oid = _quoted(form.prefix + item)
            found[form.prefix + item] = (
                f'<ItemDef OID={oid} Name={_quoted(item)} DataType="text" Length="2000">{inside}</ItemDef>'
            )
    return list(found.values())


def _subjects(
    forms: Sequence[OdmForm],
    tables: Mapping[str, pa.Table],
    events: dict[str, None],
    units: dict[str, None],
    path: Path,
) -> Iterator[str]:
    """SubjectData of one part, subject by subject."""
    rows = {form.name: _Rows(form, tables[form.name], path) for form in forms if form.name in tables}
    subjects = sorted({subject for table in rows.values() for subject in table.places})
    for subject in subjects:
        found = [(form, *row) for form in rows.values() for row in form.of(subject)]
        sites = list(dict.fromkeys(site for *_, site in found if site))
        yield f"<SubjectData SubjectKey={_quoted(subject)}>\n"
        if sites:
            yield f"<SiteRef LocationOID={_quoted(sites[0])}/>\n"
        order = {event: number for number, event in enumerate(dict.fromkeys(event for _, event, *_ in found))}
        found.sort(key=lambda row: order[row[1]])  # stable: forms stay in their order, records in that of the table
        for event, of_event in groupby(found, key=lambda row: row[1]):
            events.setdefault(event)
            yield f'<StudyEventData StudyEventOID={_quoted(event)} StudyEventRepeatKey="1">\n'
            for form, records in groupby(of_event, key=lambda row: row[0]):
                yield f"<FormData FormOID={_quoted('F.' + form.form.name)}>\n"
                for number, (_, _, record, _) in enumerate(records, start=1):
                    yield form.group(record, number, units)
                yield "</FormData>\n"
            yield "</StudyEventData>\n"
        yield "</SubjectData>\n"


class _Rows:
    """The records of one form, by subject."""

    def __init__(self, form: OdmForm, table: pa.Table, path: Path) -> None:
        self.form, self.where = form, f"{path}: {form.name}"
        self.texts = {column: table[column].combine_chunks().cast(pa.string()) for column in form.columns}
        for column, values in self.texts.items():
            self._check(column, values)
        self.lists = {column: values.to_pylist() for column, values in self.texts.items()}
        self.places: dict[str, list[int]] = {}
        for number, subject in enumerate(self.lists[form.subject]):
            self.places.setdefault(subject, []).append(number)

    def _check(self, column: str, values: pa.Array) -> None:
        keys = (self.form.subject, self.form.event, self.form.repeat)
        if column in keys and values.null_count:
            what = f"{column} is missing in {values.null_count:,} records"
            raise UsageError(what, where=self.where, mend="name another column as the key, or keep it as an item")
        if pc.any(pc.match_substring_regex(values, _NO_CHARACTER)).as_py():
            mend = "write the records as CSV or Parquet"
            raise UsageError(f"{column} holds a control character, which XML cannot", where=self.where, mend=mend)

    def of(self, subject: str) -> Iterator[tuple[str, int, str]]:
        """Event, record and site of each record of a subject."""
        form, lists = self.form, self.lists
        for record in self.places.get(subject, ()):
            site = lists[form.site][record] if form.site else ""
            yield (lists[form.event][record] if form.event else "COMMON"), record, site or ""

    def group(self, record: int, number: int, units: dict[str, None]) -> str:
        """One record as ItemGroupData."""
        form, lists = self.form, self.lists
        repeat = lists[form.repeat][record] if form.repeat else str(number)
        lines = [f"<ItemGroupData ItemGroupOID={_quoted(form.name)} ItemGroupRepeatKey={_quoted(repeat)}>"]
        for item in form.items:
            value = lists[item][record]
            unit = lists[form.units[item]][record] if item in form.units else None
            if value is None and unit is None:
                continue
            said = 'IsNull="Yes"' if value is None else f"Value={_quoted(value)}"
            line = f"<ItemData ItemOID={_quoted(form.prefix + item)} {said}"
            if unit is not None:
                units.setdefault(unit)
                line += f"><MeasurementUnitRef MeasurementUnitOID={_quoted('MU.' + unit)}/></ItemData>"
            else:
                line += "/>"
            lines.append(line)
        return "".join(lines) + "</ItemGroupData>\n"


def _quoted(text: str) -> str:
    return quoteattr(text, _BREAKS)


def _inner(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
