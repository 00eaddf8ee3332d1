"""Draws a Kaplan-Meier figure from its results, or the empty frame of it."""

from __future__ import annotations

from sdtm2adam.display.figure.kaplan_meier import Curve, Look, Panel, draw_kaplan_meier
from sdtm2adam.model import Figure, Results
from sdtm2adam.spec.display_model import KmText
from sdtm2adam.spec.display_plan import DisplaySpec, Leaf
from sdtm2adam.spec.patterns import Field, fields, split_fields
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf.cells import NC, Statistic, statistic_text
from sdtm2adam.tlf.identity import Naming
from sdtm2adam.tlf.km import METHOD, STEP_STATISTICS, box_ids, panel_of, point_columns, scale, text_of


def figures(spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Figure, ...]:
    """The pictures, one per page; without results axes and patterns only."""
    text = text_of(spec)
    look = Look(scale(text.x), scale(text.y), str(text.censor_mark), str(text.risk_table.label), text.size.lines)
    pages = [tuple(_panel(spec, report, results, panel, look) for panel in page) for page in text.panel_pages]
    drawn = [(panels, *draw_kaplan_meier(panels, look)) for panels in pages]
    return tuple(Figure(png, look.lines, _alt(text, panels, look), svg=svg) for panels, png, svg in drawn)


def _panel(spec: DisplaySpec, report: Report, results: Results | None, panel: str, look: Look) -> Panel:
    text = text_of(spec)
    arms = report.groupings[text.curves.by]
    curves = {}
    for leaf in spec.leaves:
        if panel_of(leaf) == panel:
            style = text.curves.style[leaf.arm]
            empty = Curve(arms.label_of(leaf.arm), style.line, str(style.color), at_risk=("xxx",) * len(look.x.ticks))
            curves[leaf.arm] = empty if results is None else _curve(spec, report, results, leaf, empty)
    lines = tuple(_box_lines(spec, report, results, panel, curves)) if text.box is not None else ()
    title = report.groupings[text.panels.by].label_of(panel) if text.panels is not None else ""
    return Panel(title, tuple(curves.values()), lines)


def _curve(spec: DisplaySpec, report: Report, results: Results, leaf: Leaf, empty: Curve) -> Curve:
    """The steps, censorings and numbers at risk of one curve, from the results."""
    frame = results.frame
    groups = Naming(spec.id, report).column_groups(leaf)
    own = frame["output_id"] == spec.id
    for place, group in enumerate(groups, start=1):
        own &= frame[f"g{place}_level"] == group.level
    frame, (_, _, when) = frame[own], point_columns(leaf)
    steps = {
        name: frame.loc[frame["op_id"] == f"{METHOD}.{name}"].sort_values(when, kind="stable")
        for name in (*STEP_STATISTICS, "at_risk")
    }
    time, rate = steps["estimate"][when].to_numpy(), steps["estimate"]["stat"].to_numpy()
    censored = steps["n_censor"]["stat"].to_numpy() > 0
    marks = tuple(zip(time[censored].tolist(), rate[censored].tolist(), strict=True))
    risk = tuple(steps["at_risk"]["formatted"])
    return Curve(empty.label, empty.line, empty.color, tuple(time.tolist()), tuple(rate.tolist()), marks, risk)


def _box_lines(
    spec: DisplaySpec, report: Report, results: Results | None, panel: str, curves: dict[str, Curve]
) -> list[tuple[str, Curve | None]]:
    text = text_of(spec)
    assert text.box is not None
    lines: list[tuple[str, Curve | None]] = []
    ids = box_ids(spec, report)
    for template in text.box.rows_of(panel):
        of_curve = "{curve}" in template
        named = {part.name for part in fields(split_fields(template, spec.id))} - {"curve"}
        known = [(arm, curve) for arm, curve in curves.items() if named <= ids[(panel, arm)].keys()]
        for arm, curve in known if of_curve else known[:1]:
            line = _box_text(spec, report, results, (panel, arm), template.replace("{curve}", curve.label))
            lines.append((line, curve if of_curve else None))
    return lines


def _box_text(spec: DisplaySpec, report: Report, results: Results | None, place: tuple[str, str], template: str) -> str:
    """One line of the box; what is not calculated is said once."""
    parts = split_fields(template, spec.id)
    if results is None:
        return "".join(part if isinstance(part, str) else part.pattern for part in parts)
    ids, values = box_ids(spec, report)[place], spec.box[place[0]]
    found = results.frame.set_index("result_id").loc[:, ["stat", "stat_c", "status"]]
    texts = []
    for part in parts:
        if isinstance(part, Field):
            entry, value = found.loc[ids[part.name]], values[part.name]
            statistic = Statistic(entry["stat"], entry["stat_c"], entry["status"])
            method = value.row.method if value.row is not None else "M_CNT"
            texts.append(statistic_text(method, Field(value.statistic, part.pattern), statistic))
        else:
            texts.append(part)
    return "".join(texts).replace(f" ({NC}, {NC})", "")


def _alt(text: KmText, panels: tuple[Panel, ...], look: Look) -> str:
    """The picture in words: title, numbers in the box, numbers at risk."""
    lines = [f"{text.number}: {text.title}."]
    for panel in panels:
        lines.append((f"{panel.title}. " if panel.title else "") + "; ".join(line for line, _ in panel.box))
        ticks = ", ".join(f"{tick:g}" for tick in look.x.ticks)
        lines.append(f"{look.risk_label} at {look.x.label[:1].lower()}{look.x.label[1:]} {ticks}:")
        lines += [f"{curve.label}: {', '.join(curve.at_risk)}" for curve in panel.curves]
    return "\n".join(lines)
