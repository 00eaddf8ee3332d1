"""Display specs: loaded strictly, checked whole, all faults told at once with file and line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sdtm2adam.errors import SpecError, SpecErrors, nearest
from sdtm2adam.spec.closed import read
from sdtm2adam.spec.display_check import check_display
from sdtm2adam.spec.display_model import KINDS, DisplayText, KmText, TableText
from sdtm2adam.spec.display_plan import BoxValue, DisplayRow, DisplaySpec, Leaf, leaves
from sdtm2adam.spec.display_rows import expand
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.report import ALL, Report, load_report
from sdtm2adam.spec.settings import Naming
from sdtm2adam.spec.yaml import Map, Seq, Text, load

__all__ = ["DisplaySpec", "Report", "load_display_specs", "load_report"]


def load_display_specs(paths: Iterable[Path], report: Report, naming: Naming | None = None) -> dict[str, DisplaySpec]:
    """All display specs of a report, by output id.

    Args:
        paths: the spec files; an output that another one reads or extends must be among them.
        report: what they share.
        naming: the settings of the study, put in the place of their names.

    Raises:
        SpecErrors: all faults of all specs, each with file, line and the way out.
    """
    faults = Faults()
    trees = _trees(sorted(paths), naming or Naming({}), faults)
    texts = {name: text for name, tree in trees.items() if (text := _text(name, tree, trees, faults)) is not None}
    rows: dict[str, dict[str, DisplayRow]] = {}
    specs = {}
    for name, text in texts.items():
        rows[name] = {}
        specs[name] = _spec(text, report, rows[name], faults)
    for name, spec in specs.items():
        if isinstance(spec.text, KmText):
            specs[name] = replace(spec, box=_box(spec.text, rows, faults))
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


def _text(name: str, tree: Map, trees: dict[str, Map], faults: Faults) -> DisplayText | None:
    """One spec as a model of its kind; None where it cannot be read."""
    whole = _extended(tree, trees, faults)
    kind = whole.get("kind", "")
    if kind not in KINDS:
        faults.unknown("kind", kind or "", KINDS, getattr(kind, "where", "") or tree.where)
        return None
    try:
        return read(KINDS[kind], _normal(whole), name, tree.where)
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


def _is_edit(rows: Any) -> bool:
    return isinstance(rows, Seq) and any(isinstance(row, Map) and ("replace" in row or "after" in row) for row in rows)


def _edited(rows: Seq, edits: Seq, faults: Faults) -> Seq:
    """Rows with `{label: X, replace: {...}}` and `{after: X, rows: [...]}` applied at the top level."""
    edited = _copy(rows, rows)
    for edit in edits:
        label = edit.get("label") or edit.get("after")
        places = [place for place, row in enumerate(edited) if isinstance(row, Map) and row.get("label") == label]
        if len(places) != 1:
            labels = [row["label"] for row in edited if isinstance(row, Map) and row.get("label")]
            faults.unknown("row to change", str(label), labels, edit.where)
        elif "replace" in edit:
            edited[places[0]] = _merged(edited[places[0]], edit, edit["replace"])
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
        data = Map(values["data"].where)
        data["dataset"], data.key_where["dataset"] = values["data"], values["data"].where
        values["data"] = data
    if isinstance(tree.get("row_defaults"), Map) and isinstance(values.get("rows"), Seq):
        values["rows"] = _with_defaults(values["rows"], tree["row_defaults"])
    normal = Map(tree.where)
    normal.update(values)
    normal.key_where = dict(tree.key_where)
    return normal


def _with_defaults(rows: Seq, defaults: Map) -> Seq:
    filled = []
    for row in rows:
        if isinstance(row, Map):
            row = _merged(defaults, row, row)
            if isinstance(row.get("rows"), Seq):
                row["rows"] = _with_defaults(row["rows"], defaults)
        filled.append(row)
    return _copy(rows, filled)


def _spec(text: DisplayText, report: Report, named: dict[str, DisplayRow], faults: Faults) -> DisplaySpec:
    condition = faults.condition(text.data.where, tuple(dict.fromkeys((str(text.data.dataset), "ADSL"))))
    rows: tuple[DisplayRow, ...] = ()
    columns: tuple[Leaf, ...] = ()
    if isinstance(text, TableText) and text.columns in report.column_sets:
        columns = leaves(report, report.column_sets[text.columns].nest)
        rows, found = expand(text, report, columns, faults)
        named.update(found)
    if isinstance(text, KmText) and {text.panels.by, text.curves.by} <= report.groupings.keys():
        columns = _panels(text, report)
    check_display(text, report, rows, faults)
    return DisplaySpec(text, rows, columns, condition, _hash(text, report))


def _panels(text: KmText, report: Report) -> tuple[Leaf, ...]:
    """The curves of a figure as leaf columns: panel, then arm."""
    arms = report.groupings[text.curves.by].levels
    panels = dict.fromkeys(str(panel) for page in text.pages for panel in page)
    return tuple(Leaf((str(text.panels.by), str(text.curves.by)), (panel, arm)) for panel in panels for arm in arms)


def _hash(text: DisplayText, report: Report) -> str:
    """SHA-256 of the spec and of what it shares; blanks and comments do not count."""
    whole = json.dumps([text.model_dump(mode="json"), report.model_dump(mode="json")], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def _box(text: KmText, rows: dict[str, dict[str, DisplayRow]], faults: Faults) -> dict[str, dict[str, BoxValue]]:
    """Where the numbers in the box of each panel come from."""
    if text.box is None:
        return {}
    if text.box.read not in rows:
        faults.unknown("output to read", text.box.read, rows, text.box.read.where)
        return {}
    named = rows[text.box.read]
    panels = dict.fromkeys(str(panel) for page in text.pages for panel in page)
    for panel in text.box.in_:
        if panel not in panels:
            faults.unknown("panel", panel, panels, text.box.read.where)
    chosen = {panel: {**text.box.values, **text.box.in_.get(panel, {})} for panel in panels}
    return {
        panel: {name: _box_value(value, named, faults) for name, value in values.items()}
        for panel, values in chosen.items()
    }


def _box_value(value: Text, named: dict[str, DisplayRow], faults: Faults) -> BoxValue:
    if value == "N":
        return BoxValue(None, "n")
    name, _, statistic = value.partition(".")
    lines = named[name].own_lines if name in named else ()
    given = {field: line for line in reversed(lines) for field in _statistics(line)}
    if name not in named:
        faults.unknown("row id", name, [*named, "N"], value.where)
    elif statistic not in given:
        faults.unknown(f"statistic of {name}", statistic, given, value.where)
    return BoxValue(given.get(statistic, DisplayRow(label=ALL)), statistic)


def _statistics(row: DisplayRow) -> tuple[str, ...]:
    return tuple(part.name for part in row.format if not isinstance(part, str))
