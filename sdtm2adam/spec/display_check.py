"""What can be told of a display before any data are read: names, markers, widths."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdtm2adam.spec.display_model import DisplayText, TableText
from sdtm2adam.spec.display_plan import DisplayRow, all_rows, leaves
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.kind import Kind, Plan
from sdtm2adam.spec.method_settings import SETTING_NAMES, UNCUT
from sdtm2adam.spec.methods import COMPARING, DIFFERENCES, RATIOS
from sdtm2adam.spec.patterns import Field
from sdtm2adam.spec.report import ALL, NAMED, ColumnSet, Nest, Params, Report
from sdtm2adam.spec.yaml import Map, Text

MARKER = re.compile(r"\[([a-z])\]")
MOST_GROUPS = 4
"""Groups that a result can have: those of its columns and pages, and of its row."""


def check_display(kind: Kind, text: DisplayText, report: Report, plan: Plan, faults: Faults) -> None:
    """Note what is wrong with one display, beside its rows."""
    for what, name, known in (("analysis set", text.population, report.sets), ("layout", text.layout, report.layouts)):
        if name not in known:
            faults.unknown(what, name, known, name.where)
    _check_footnotes(kind, text, report, plan, faults)
    kind.check(text, report, plan, faults)


def check_columns(text: TableText, report: Report, rows: tuple[DisplayRow, ...], faults: Faults) -> None:
    """Note what is wrong with the columns of a table: their set, widths, labels and cells that do not fit."""
    if text.columns not in report.column_sets:
        faults.unknown("column set", text.columns, report.column_sets, text.columns.where)
        return
    columns = report.column_sets[text.columns]
    count = len(leaves(report, columns.nest))
    _check_panels(text, columns, count, report, faults)
    arms = max(1, len(report.take(columns.nest[-1])))
    ref = report.groupings[columns.nest[-1].by].ref
    for row in all_rows(rows):
        if len(text.page_by) + len(columns.nest) + len(row.factors) > MOST_GROUPS:
            faults.add(f"a cell has more than {MOST_GROUPS} groups", row.where, "take fewer columns, pages or levels")
        if row.method in COMPARING:
            _check_compared(row, arms, ref in report.take(columns.nest[-1]), faults)
        _check_label(row, columns, faults)
        room = columns.width * (1 if row.place == "column" else arms) - 1
        widest = widest_text(row, uncut=report.params.ci_prop in UNCUT)
        if len(widest) > room:
            faults.add(f"{widest!r} does not fit a cell of {room} characters", row.where, "take a wider column set")


def _check_compared(row: DisplayRow, arms: int, has_ref: bool, faults: Faults) -> None:
    """Note a comparison without a reference arm, and one cell over more than two arms."""
    if not has_ref:
        mend = "give the grouping ref:, and take that level into the columns"
        faults.add(f"{row.method} compares with an arm that is not there", row.where, mend)
    elif row.place != "column" and arms != 2:
        mend = "leave place: out, then each arm is compared with ref in its own column"
        faults.add(f"{row.method} compares two arms, but stands over {arms}", row.where, mend)


def page_nests(text: TableText, report: Report, faults: Faults) -> tuple[Nest, ...]:
    """The storey of heads that page groups make over the column set; what is wrong with it goes to `faults`."""
    nests = []
    for page in text.page_by:
        grouping = report.groupings.get(page.by)
        if grouping is None:
            faults.unknown("grouping", page.by, report.groupings, page.by.where)
            continue
        if grouping.dataset != "ADSL":
            faults.add(f"{page.by} groups no subjects", page.by.where, "pages take groupings of ADSL")
        known = (*grouping.levels, ALL)
        for level in page.take or ():
            if level not in known:
                faults.unknown(f"level of {page.by}", level, known, level.where)
        if page.take is None or set(page.take) <= set(known):
            nests.append(Nest(by=page.by, take=page.take))
    return tuple(nests)


def _check_panels(text: TableText, columns: ColumnSet, count: int, report: Report, faults: Faults) -> None:
    """Note columns that do not fill the line, or with `panels` make no panels that each repeat the stub."""
    total = columns.stub + count * columns.width
    if not text.panels:
        check_width(total, text, report, faults, text.columns)
    elif text.layout in report.layouts:
        chars = report.width(text.layout)
        if total <= chars:
            what = f"{count} columns of {columns.width} characters and a stub of {columns.stub} fit into {chars}"
            faults.add(what, text.columns.where, "drop panels:, the table is no wider than the page")
        elif columns.stub + columns.width > chars:
            what = f"a column of {columns.width} characters does not fit beside a stub of {columns.stub} into {chars}"
            faults.add(what, text.columns.where, "narrow the columns or the stub")


def check_width(width: int, text: DisplayText, report: Report, faults: Faults, place: Text) -> None:
    """Note widths of columns that do not fill the line."""
    if text.layout in report.layouts and width != report.width(text.layout):
        chars = report.width(text.layout)
        wide = width > chars and "panels" in type(text).model_fields
        mend = "change a width, or say panels: true to cut the columns into panels" if wide else "change a width"
        faults.add(f"the widths of the columns sum to {width}, not {chars}", place.where, mend)


def _check_label(row: DisplayRow, columns: ColumnSet, faults: Faults) -> None:
    for name in NAMED.findall(row.label):
        if name not in SETTING_NAMES:
            faults.unknown("setting in a label", name, SETTING_NAMES, row.where)
    labels = [row.label, *(level.label for level in (row.each.levels if row.each else ()))]
    words = [word for label in labels for word in label.split()]
    for word in words:
        if len(word) > columns.stub - 1:
            faults.add(
                f"the word {word!r} is longer than the stub ({columns.stub - 1} characters)",
                row.where,
                "shorten the label",
            )


def widest_text(row: DisplayRow, *, uncut: bool = False) -> str:
    """The widest text the cells of a row may hold, with the blank after a comma left out.

    Args:
        row: the row.
        uncut: whether the limits of a proportion may pass 0 and 100 percent.

    >>> from sdtm2adam.spec.patterns import parse_format
    >>> widest_text(DisplayRow("", method="M_CP", format=parse_format("({lower:xx.x}, {upper:xx.x})")))
    '(99.9,100.0)'
    """
    parts = [part if isinstance(part, str) else widest_number(row.method, part, uncut=uncut) for part in row.format]
    return "".join(parts).replace(", ", ",") + (" F" if row.method == "M_PROP_P" else "")


def widest_number(method: str, part: Field, *, uncut: bool = False) -> str:
    """The widest text of one statistic."""
    if method in RATIOS and part.name != "p":
        return ">99.99"
    if method in DIFFERENCES:
        return "-100.0"
    if method == "M_CP" and part.name == "lower" and uncut:
        return "-99.9"
    if part.name == "p":
        return "<0.0001"
    if method == "M_PAIR" and part.name in ("change", "min", "max"):
        return "-" + part.pattern.replace("x", "9")
    if method in ("M_CP", "M_KMT", "M_CNT") and part.name in ("est", "upper", "pct"):
        return "100.0"
    if part.pattern == "+":
        return "+"
    return part.pattern.replace("x", "9")


def _check_footnotes(kind: Kind, text: DisplayText, report: Report, plan: Plan, faults: Faults) -> None:
    """Every marker has its footnote, every footnote its marker, every library name is known."""
    defined: dict[str, str] = {}
    for note in text.footnotes:
        if isinstance(note, Map):
            for key in (key for key in note if key != "x"):
                if key in defined:
                    what = f"two footnotes have the marker {key}"
                    faults.add(
                        what, note.key_where[key], f"the first is at {defined[key]}: give each a letter of its own"
                    )
                defined.setdefault(key, note.key_where[key])
            for line in note.values():
                for name in NAMED.findall(line):
                    if name not in Params.model_fields:
                        faults.unknown("setting in a footnote", name, Params.model_fields, line.where)
            odd = [key for key in note if not re.fullmatch("[a-z]", key)]
            for key in odd:
                faults.add(
                    f"{key!r} is no marker", note.key_where[key], "use one letter, or x for a note without marker"
                )
        elif note not in report.footnotes:
            faults.unknown("footnote", note, report.footnotes, note.where)
    if isinstance(text, TableText) and not plan.rows:
        return
    used = {marker: where for label, where in _labels(kind, text, plan.rows) for marker in MARKER.findall(label)}
    for marker in sorted(used.keys() - defined.keys()):
        faults.add(f"the marker [{marker}] has no footnote", used[marker], f"add {marker}: to footnotes")
    for marker in sorted(defined.keys() - used.keys()):
        faults.add(f"the footnote {marker} has no marker", defined[marker], f"put [{marker}] into a label, or drop it")


def _labels(kind: Kind, text: DisplayText, rows: tuple[DisplayRow, ...]) -> Iterator[tuple[str, str]]:
    yield text.title, text.title.where
    for row in all_rows(rows):
        yield row.label, row.where
        yield from ((level.label, row.where) for level in (row.each.levels if row.each else ()))
    yield from kind.labels(text)
