"""Kind `plot`: panels of histograms, distribution functions, paired lines, swimmers or waterfalls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from sdtm2adam.display.figure.panels import draw_panels
from sdtm2adam.model import Figure, Results
from sdtm2adam.spec.display_model import DisplayText
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec, Leaf
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.kind import Plan
from sdtm2adam.spec.plot_model import PlotText
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.kind import OutputKind
from sdtm2adam.tlf.plots.check import check_plot
from sdtm2adam.tlf.plots.geometries import GEOMETRIES
from sdtm2adam.tlf.plots.points import PanelPoints
from sdtm2adam.tlf.plots.shown import Page, Shown


class Plot(OutputKind):
    """A figure of panels; every point and bar is a result."""

    name = "plot"
    text: ClassVar[type[DisplayText]] = PlotText

    def plan(self, text: PlotText, report: Report, faults: Faults) -> Plan:
        """The arms as leaf columns, the panels as rows with an analysis each."""
        rows = []
        for at, panel in enumerate(text.panels, start=1):
            datasets = tuple(dict.fromkeys((str(text.data.dataset), "ADSL")))
            dataset, _, variable = str(panel.value or "").rpartition(".")
            rows.append(
                DisplayRow(
                    str(panel.title),
                    analysis=f"A_{text.id}_{at * 10:03d}",
                    method=GEOMETRIES[panel.geom].method,
                    dataset=dataset,
                    variable=variable,
                    condition=faults.condition(panel.where, datasets),
                    where=panel.where_in_file,
                )
            )
        levels = report.groupings[text.arms.by].levels if text.arms.by in report.groupings else {}
        taken = [str(arm) for arm in (text.arms.take if text.arms.take is not None else levels) if arm in levels]
        return Plan(tuple(rows), leaves=tuple(Leaf((str(text.arms.by),), (arm,)) for arm in taken))

    def check(self, text: PlotText, report: Report, plan: Plan, faults: Faults) -> None:
        """Note arms without look, and panels whose keys do not fit their geometry."""
        check_plot(text, report, plan, faults)

    def labels(self, text: PlotText) -> Iterable[tuple[str, str]]:
        """The labels of axes and marks."""
        for panel in text.panels:
            axes = (panel.x, panel.y) if panel.y is not None else (panel.x,)
            yield from ((label, label.where) for label in (axis.label for axis in axes))
            yield from ((mark.label, mark.label.where) for mark in panel.marks)

    def analyse(self, context: Context, read: Mapping[str, Results]) -> None:
        """The column N of each arm, then the results of each panel."""
        del read
        context.count_columns()
        for row, panel in zip(context.spec.rows, _text(context.spec).panels, strict=True):
            GEOMETRIES[panel.geom].analyse(PanelPoints(context, row, panel))

    def figures(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Figure, ...]:
        """The pictures; panels that are not alone stand on one page."""
        text = _text(spec)
        pages: list[Page] = []
        for row, panel in zip(spec.rows, text.panels, strict=True):
            pages += GEOMETRIES[panel.geom].pages(Shown(spec, report, results, row, panel))
        if not any(GEOMETRIES[panel.geom].alone for panel in text.panels):
            panels = tuple(panel for page in pages for panel in page.panels)
            pages = [Page(panels, tuple(line for page in pages for line in page.words))]
        return tuple(_drawn(text, page) for page in pages)


KIND = Plot()


def _drawn(text: PlotText, page: Page) -> Figure:
    png, svg = draw_panels(page.panels, text.size.lines)
    words = "\n".join((f"{text.number}: {text.title}.", *page.words))
    return Figure(png, text.size.lines, words, page.title, svg)


def _text(spec: DisplaySpec) -> PlotText:
    assert isinstance(spec.text, PlotText)
    return spec.text
