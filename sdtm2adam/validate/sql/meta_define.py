"""What define.xml 2.0 and 2.1 say: datasets, variables, values, terms, and whether what they refer to is there.

A document that cannot be read is a row with its fault. Elements are found by their local names; attributes of the
define namespace by theirs, whatever its version.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from sdtm2adam.build.quoting import name as quoted
from sdtm2adam.errors import InputError
from sdtm2adam.files.safe_xml import elements, local_name, read_root
from sdtm2adam.validate.sql.classes import is_sdtm
from sdtm2adam.validate.sql.define_links import links_of
from sdtm2adam.validate.sql.meta import table_of
from sdtm2adam.validate.sql.meta_define_structure import structure_of
from sdtm2adam.validate.sql.meta_define_values import define_values
from sdtm2adam.validate.sql.store import Store

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Define:
    """One define.xml: its MetaDataVersion, or the fault for which there is none."""

    path: Path
    stage: str
    version: str = ""
    study: str = ""
    tree: Any = None
    fault: str = ""
    by_oid: Mapping[tuple[str, str], Any] = field(default_factory=dict)


def read_define(path: Path) -> Define:
    """A define.xml; a damaged one has its fault. Nothing is raised."""
    try:
        data = path.read_bytes()
        root = read_root(io.BytesIO(data), str(path))
        if root.name != "ODM":
            return Define(path, _by_folder(path), fault=f"its outermost element is {root.name}, not ODM")
        found = [one for _, one in elements(io.BytesIO(data), ("MetaDataVersion", "StudyName"), str(path))]
    except OSError as error:
        return Define(path, _by_folder(path), fault=f"cannot read it ({error.strerror or error})")
    except InputError as error:
        return Define(path, _by_folder(path), fault=error.what)
    tree = next((one for one in found if local_name(one) == "MetaDataVersion"), None)
    if tree is None:
        return Define(path, _by_folder(path), fault="it has no MetaDataVersion")
    study = next(((one.text or "").strip() for one in found if local_name(one) == "StudyName"), "")
    by_oid = {(local_name(one), oid): one for one in tree if isinstance(one.tag, str) and (oid := one.get("OID"))}
    return Define(path, _stage(tree, path), said(tree, "DefineVersion"), study, tree, "", by_oid)


def _by_folder(path: Path) -> str:
    return "adam" if {part.lower() for part in path.parts[:-1]} & {"adam", "analysis"} else "sdtm"


def _stage(tree: Any, path: Path) -> str:
    """By the standard it names (2.1: of each kind IG), else by the purpose of its datasets, else by its folder."""
    named = said(tree, "StandardName") + "".join(
        said(one, "Name") for one in children(tree, "Standard", deep=True) if said(one, "Type") == "IG"
    )
    if named:
        return "adam" if "ADAM" in named.upper() else "sdtm"
    purposes = {said(one, "Purpose") for one in children(tree, "ItemGroupDef")}
    return "adam" if purposes == {"Analysis"} else "sdtm" if purposes == {"Tabulation"} else _by_folder(path)


def said(element: Any, name: str) -> str:
    """The value of an attribute, whatever its namespace; empty where there is none."""
    value = element.get(name)
    if value is None:
        value = next((text for key, text in element.attrib.items() if key.rpartition("}")[2] == name), "")
    return str(value).strip()


def children(element: Any, name: str, *, deep: bool = False) -> list[Any]:
    """The elements of a name within an element; with `deep`, at any depth."""
    found = element.iter() if deep else element
    return [one for one in found if isinstance(one.tag, str) and local_name(one) == name and one is not element]


def text_of(element: Any, name: str = "Description") -> str | None:
    """The English, or else the first, text of a description; None where there is none."""
    texts = [one for holder in children(element, name) for one in children(holder, "TranslatedText")]
    english = [one for one in texts if (one.get(_XML_LANG) or "en").startswith("en")]
    found = " ".join("".join((english or texts)[0].itertext()).split()) if texts else ""
    return found or None


def define_tables(*paths: Path) -> Mapping[str, Callable[[Store], pa.Table]]:
    """Makers of the tables `meta.define_...` for `run_checks(meta=...)`; none where there is no define.xml.

    Args:
        paths: of the documents, as a rule one for each stage.
    """
    defines = [read_define(path) for path in sorted(paths)]
    if not defines:
        return {}
    makers: Sequence[tuple[str, Callable[[Define], Iterator[tuple[Any, ...]]]]] = (
        ("define_datasets", _datasets), ("define_variables", _variables), ("define_terms", _terms),
        ("define_links", lambda one: ((one.stage, *link) for link in links_of(one.tree))),
        ("define_structure", lambda one: structure_of(one.path, one.stage)),
    )  # fmt: skip
    whole = [one for one in defines if one.tree is not None]
    tables = {
        name: lambda _, name=name, rows=rows: table_of(name, [row for one in whole for row in rows(one)])
        for name, rows in makers
    }
    return {
        "define_files": lambda _: table_of("define_files", [_file(one) for one in defines]),
        "define_repeats": lambda store: table_of(
            "define_repeats", [row for one in whole for row in _repeats(one, store)]
        ),
        "define_values": lambda store: define_values(whole, store),
        **tables,
    }


def _repeats(one: Define, store: Store) -> Iterator[tuple[Any, ...]]:
    """Datasets with records that have the same keys, by the keys of the document; how many such records there are."""
    for row in _datasets(one):
        name, keys = row[0], [key for key in (row[10] or "").split(", ") if key]
        dataset = store.datasets.get(name)
        own = dataset is not None and is_sdtm(dataset) == (one.stage == "sdtm")
        table = store.table("", name) if own else None
        if table is None or not keys or not set(keys) <= set(table[1]):
            continue
        listed = ", ".join(quoted(key) for key in keys)
        groups = f"SELECT count(*) AS many FROM {table[0]} GROUP BY {listed} HAVING count(*) > 1"
        ((records,),) = store.warehouse.rows(f"SELECT coalesce(sum(many), 0) FROM ({groups})")
        if records:
            yield name, one.stage, ", ".join(keys), int(records)


def _file(one: Define) -> tuple[Any, ...]:
    standards = None
    if one.tree is not None:
        listed = [
            f"{said(each, 'Name')} {said(each, 'PublishingSet')} {said(each, 'Version')}".replace("  ", " ")
            for each in children(one.tree, "Standard", deep=True)
        ]
        standards = "; ".join(listed) or f"{said(one.tree, 'StandardName')} {said(one.tree, 'StandardVersion')}".strip()
    return one.path.name, one.stage, one.version or None, one.study or None, standards or None, one.fault or None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _yes(text: str) -> str | None:
    return {"Yes": "Y", "No": "N"}.get(text)


def _datasets(one: Define) -> Iterator[tuple[Any, ...]]:
    leaves = {said(leaf, "ID"): said(leaf, "href") for leaf in children(one.tree, "leaf", deep=True)}
    for group in children(one.tree, "ItemGroupDef"):
        items = children(group, "ItemRef")
        keyed = sorted((key, said(item, "ItemOID")) for item in items if (key := _number(said(item, "KeySequence"))))
        keys = [said(one.by_oid[name], "Name") if (name := ("ItemDef", oid)) in one.by_oid else oid for _, oid in keyed]
        classes = [said(each, "Name") for each in children(group, "Class")]
        yield (
            said(group, "Name") or None, one.stage, said(group, "OID"), said(group, "Domain") or None,
            text_of(group), (said(group, "Class") or "; ".join(classes)) or None, said(group, "Structure") or None,
            said(group, "Purpose") or None, _yes(said(group, "Repeating")), _yes(said(group, "IsReferenceData")),
            ", ".join(keys) or None, leaves.get(said(group, "ArchiveLocationID")) or None,
            _yes(said(group, "HasNoData")), said(group, "CommentOID") or None, len(items),
        )  # fmt: skip


def _variables(one: Define) -> Iterator[tuple[Any, ...]]:
    """Variables of datasets, and below each those of its value-level list (`of_value`: Y)."""
    for group in children(one.tree, "ItemGroupDef"):
        dataset = said(group, "Name") or None
        for place, item in enumerate(children(group, "ItemRef"), 1):
            definition = one.by_oid.get(("ItemDef", said(item, "ItemOID")))
            yield _variable(one, dataset, item, definition, place, None)
            for listed in children(definition, "ValueListRef") if definition is not None else ():
                values = one.by_oid.get(("ValueListDef", said(listed, "ValueListOID")))
                for number, value in enumerate(children(values, "ItemRef") if values is not None else (), 1):
                    own = one.by_oid.get(("ItemDef", said(value, "ItemOID")))
                    yield _variable(one, dataset, value, own, number, said(definition, "Name"))


def _variable(one: Define, dataset: str | None, item: Any, definition: Any, place: int, parent: str | None) -> Any:
    get: Callable[[str], str] = lambda name: said(definition, name) if definition is not None else ""  # noqa: E731
    within: Callable[[str], list[Any]] = lambda name: children(definition, name) if definition is not None else []  # noqa: E731
    origins = [said(origin, "Type") for origin in within("Origin")]
    lists = [said(each, "CodeListOID") for each in within("CodeListRef")]
    values = [said(each, "ValueListOID") for each in within("ValueListRef")]
    return (
        dataset, parent or get("Name") or None, one.stage, said(item, "ItemOID"),
        _number(said(item, "OrderNumber")) or place, text_of(definition) if definition is not None else None,
        get("DataType") or None, _number(get("Length")), _number(get("SignificantDigits")),
        get("DisplayFormat") or None, _yes(said(item, "Mandatory")), _number(said(item, "KeySequence")),
        said(item, "Role") or None, next(iter(lists), None), next(iter(origins), None),
        said(item, "MethodOID") or None, (get("CommentOID") or said(item, "CommentOID")) or None,
        next(iter(values), None), "Y" if parent is not None else "N", _yes(said(item, "HasNoData")),
    )  # fmt: skip


def _terms(one: Define) -> Iterator[tuple[Any, ...]]:
    """The terms of each codelist; one row without a term for a list that has none or leads to a dictionary."""
    for codes in children(one.tree, "CodeList"):
        head = (one.stage, said(codes, "OID"), said(codes, "Name") or None, said(codes, "DataType") or None)
        external = [said(each, "Dictionary") or "external" for each in children(codes, "ExternalCodeList")]
        tail = (
            said(codes, "StandardOID") or None, "Y" if said(codes, "IsNonStandard") == "Yes" else "N",
            next(iter(external), None),
        )  # fmt: skip
        terms = [*children(codes, "EnumeratedItem"), *children(codes, "CodeListItem")]
        for term in terms:
            code = next((said(alias, "Name") for alias in children(term, "Alias")), None)
            extended = _yes(said(term, "ExtendedValue")) or "N"
            yield (*head, said(term, "CodedValue") or None, text_of(term, "Decode"), code, extended, *tail)
        if not terms:
            yield (*head, None, None, None, None, *tail)
