"""Display specs: loaded strictly, checked whole, all faults told at once with file and line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sdtm2adam.errors import SpecError, SpecErrors, nearest
from sdtm2adam.spec.closed import read
from sdtm2adam.spec.display_check import check_display
from sdtm2adam.spec.display_model import DisplayText, TableText
from sdtm2adam.spec.display_plan import DisplaySpec
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.kind import Kind, Kinds, Plan
from sdtm2adam.spec.report import Report, load_report
from sdtm2adam.spec.settings import Naming
from sdtm2adam.spec.yaml import Map, Seq, Text, load

__all__ = ["DisplaySpec", "Report", "load_display_specs", "load_report"]


def load_display_specs(
    paths: Iterable[Path], report: Report, kinds: Kinds, naming: Naming | None = None
) -> dict[str, DisplaySpec]:
    """All display specs of a report, by output id.

    Args:
        paths: the spec files; an output that another one reads or extends must be among them.
        report: what they share.
        kinds: the kinds of outputs by name.
        naming: the settings of the study, put in the place of their names.

    Raises:
        SpecErrors: all faults of all specs, each with file, line and the way out.
    """
    faults = Faults()
    trees = _trees(sorted(paths), naming or Naming({}), faults)
    plans: dict[str, Plan] = {}
    specs = {}
    for name, tree in trees.items():
        text = _text(name, tree, trees, kinds, faults)
        if text is not None:
            plans[name] = kinds[text.kind].plan(text, report, faults)
            specs[name] = _spec(kinds[text.kind], text, report, plans[name], faults)
    specs = {name: kinds[spec.kind].linked(spec, plans, faults) for name, spec in specs.items()}
    if faults.found:
        raise SpecErrors(faults.found)
    return specs


def _trees(paths: list[Path], naming: Naming, faults: Faults) -> dict[str, Map]:
    trees: dict[str, Map] = {}
    for path in paths:
        try:
            tree = naming.replaced(load(path))
        except SpecError as error:
            faults.found.append(error)
            continue
        if not isinstance(tree, Map) or not tree.get("id"):
            faults.add("is no display spec: it has no id", path.name, "begin with id: T14_1_1")
            continue
        if tree["id"] in trees:
            faults.add(f"the id {str(tree['id'])!r} is taken", tree["id"].where, f"see {trees[tree['id']].where}")
        if tree["id"] != path.stem:
            faults.add(f"the id {str(tree['id'])!r} is not the name of the file", tree["id"].where, "make them equal")
        trees[str(tree["id"])] = tree
    return trees


def _text(name: str, tree: Map, trees: dict[str, Map], kinds: Kinds, faults: Faults) -> DisplayText | None:
    """One spec as a model of its kind; None where it cannot be read."""
    whole = _extended(tree, trees, faults)
    kind = whole.get("kind", "")
    if kind not in kinds:
        faults.unknown("kind", kind or "", kinds, getattr(kind, "where", "") or tree.where)
        return None
    try:
        return read(kinds[kind].text, _normal(whole), name, tree.where)
    except SpecErrors as errors:
        faults.found += errors.errors
        return None


def _extended(tree: Map, trees: dict[str, Map], faults: Faults) -> Map:
    """The spec it extends, with its own top-level keys in their place."""
    parent_id = tree.get("extends")
    if parent_id is None:
        return tree
    parent = trees.get(parent_id)
    if parent is None or "extends" in parent:
        what = f"extends {str(parent_id)!r}, which " + ("is unknown" if parent is None else "extends another one")
        faults.add(what, parent_id.where, nearest(parent_id, (name for name in trees if "extends" not in trees[name])))
        return tree
    own = {key: value for key, value in tree.items() if key != "extends"}
    if _is_edit(own.get("rows")):
        own["rows"] = _edited(parent["rows"], own["rows"], faults)
    return _merged(parent, tree, own)


_EDITS = {"replace", "after", "drop"}


def _is_edit(rows: Any) -> bool:
    return isinstance(rows, Seq) and any(isinstance(row, Map) and _EDITS & row.keys() for row in rows)


def _edited(rows: Seq, edits: Seq, faults: Faults) -> Seq:
    """Rows with `{label: X, replace: {...}}`, `{after: X, rows: [...]}` and `{drop: X}` applied at the top level."""
    edited = _copy(rows, rows)
    for edit in edits:
        label = edit.get("label") or edit.get("after") or edit.get("drop")
        places = [place for place, row in enumerate(edited) if isinstance(row, Map) and row.get("label") == label]
        if len(places) != 1:
            labels = [row["label"] for row in edited if isinstance(row, Map) and row.get("label")]
            faults.unknown("row to change", str(label), labels, edit.where)
        elif "replace" in edit:
            edited[places[0]] = _merged(edited[places[0]], edit, edit["replace"])
        elif "drop" in edit:
            del edited[places[0]]
        else:
            edited[places[0] + 1 : places[0] + 1] = edit["rows"]
    return edited


def _merged(under: Map, over: Map, values: dict[str, Any]) -> Map:
    """`under` with some values replaced; each key keeps its own place."""
    merged = Map(over.where)
    merged.update({**under, **values})
    merged.key_where = {**under.key_where, **{key: over.key_where.get(key, over.where) for key in values}}
    return merged


def _copy(seq: Seq, items: Iterable[Any]) -> Seq:
    copied = Seq(seq.where)
    copied.extend(items)
    return copied


def _normal(tree: Map) -> Map:
    """Short forms written out: `data: ADSL`, `row_defaults`."""
    values = {key: value for key, value in tree.items() if key != "row_defaults"}
    if isinstance(values.get("data"), Text):
        values["data"] = _dataset_alone(values["data"])
    if isinstance(tree.get("row_defaults"), Map) and isinstance(values.get("rows"), Seq):
        values["rows"] = _with_defaults(values["rows"], tree["row_defaults"])
    if isinstance(values.get("rows"), Seq):
        values["rows"] = _with_datasets(values["rows"])
    normal = Map(tree.where)
    normal.update(values)
    normal.key_where = dict(tree.key_where)
    return normal


def _dataset_alone(name: Text) -> Map:
    """`data: ADSL` as a mapping."""
    data = Map(name.where)
    data["dataset"], data.key_where["dataset"] = name, name.where
    return data


def _with_datasets(rows: Seq) -> Seq:
    """The rows with `data: ADSL` written out."""
    filled = []
    for row in rows:
        if isinstance(row, Map):
            own: dict[str, Any] = {"data": _dataset_alone(row["data"])} if isinstance(row.get("data"), Text) else {}
            if isinstance(row.get("rows"), Seq):
                own["rows"] = _with_datasets(row["rows"])
            row = _merged(row, row, own) if own else row
        filled.append(row)
    return _copy(rows, filled)


def _with_defaults(rows: Seq, defaults: Map) -> Seq:
    filled = []
    for row in rows:
        if isinstance(row, Map):
            row = _merged(defaults, row, row)
            if isinstance(row.get("rows"), Seq):
                row["rows"] = _with_defaults(row["rows"], defaults)
        filled.append(row)
    return _copy(rows, filled)


def _spec(kind: Kind, text: DisplayText, report: Report, plan: Plan, faults: Faults) -> DisplaySpec:
    condition = faults.condition(text.data.where, tuple(dict.fromkeys((str(text.data.dataset), "ADSL"))))
    check_display(kind, text, report, plan, faults)
    page = str(text.page_by[0].by) if isinstance(text, TableText) and text.page_by else ""
    made = (text, plan.rows, plan.leaves, condition, _hash(text, report), page)
    return DisplaySpec(*made, reads=kind.reads(text), notes=plan.notes, parts=plan.parts, made_by=kind)


def _hash(text: DisplayText, report: Report) -> str:
    """SHA-256 of the spec and of what it shares; blanks and comments do not count."""
    whole = json.dumps([text.model_dump(mode="json"), report.model_dump(mode="json")], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()
