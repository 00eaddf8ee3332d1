"""Kind `model`: the ratios of a regression of several covariates, a line per term."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from sdtm2adam.model import Column, Results, Section
from sdtm2adam.spec.display_check import check_width, widest_text
from sdtm2adam.spec.display_model import DisplayText
from sdtm2adam.spec.display_plan import DisplayRow, DisplaySpec
from sdtm2adam.spec.faults import Faults
from sdtm2adam.spec.kind import Plan
from sdtm2adam.spec.methods import METHOD_STATISTICS
from sdtm2adam.spec.patterns import Field
from sdtm2adam.spec.regression_model import Covariate, RegressionText
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf import model_rows
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.kind import OutputKind
from sdtm2adam.tlf.model_terms import estimate_model


class Regression(OutputKind):
    """A table of one Cox model."""

    name = "model"
    text: ClassVar[type[DisplayText]] = RegressionText
    stub: ClassVar[bool] = True

    def plan(self, text: RegressionText, report: Report, faults: Faults) -> Plan:
        """One analysis; its format has the statistics of all columns."""
        parts: list[Field] = []
        for column in text.columns[1:]:
            if column.show is None or column.show not in report.formats:
                known = [*report.formats]
                faults.unknown("format", column.show or "", known, (column.show or column.label).where)
                continue
            form = faults.format(report.formats[column.show], column.show.where)
            parts += [part for part in form if isinstance(part, Field)]
        row = DisplayRow(
            "",
            analysis=f"A_{text.id}_010",
            method=str(text.method),
            format=tuple(part for part in parts if part.name != "n"),
            conf=text.conf or report.params.conf[0],
            stratified=text.strata,
            where=text.id.where,
        )
        return Plan((row,))

    def check(self, text: RegressionText, report: Report, plan: Plan, faults: Faults) -> None:
        """Note columns that do not fit, covariates that cannot be read, and data without times."""
        check_width(sum(column.width for column in text.columns), text, report, faults, text.id)
        if text.columns[0].show is not None:
            faults.add("the first column holds the covariates", text.columns[0].label.where, "drop show:")
        for column in text.columns[1:]:
            _check_column(column.show or "", column.width, column.label.where, report, plan.rows[0], faults)
        if text.data.time is None or text.data.censor is None:
            faults.add("a Cox model needs time and censor", text.data.dataset.where, "add them to data:")
        names = [str(each.label) for each in text.covariates]
        for at, each in enumerate(text.covariates):
            _check_covariate(each, faults)
            if str(each.label) in names[:at]:
                faults.add(f"two covariates are called {names[at]!r}", each.label.where, "rename one")
        changing = [each for each in text.covariates if each.changes]
        for each in changing[1:]:
            faults.add("a second covariate changes in time", each.label.where, "a model takes one date")

    def labels(self, text: RegressionText) -> Iterable[tuple[str, str]]:
        """The heads, the covariates and their levels."""
        yield from ((column.label, column.label.where) for column in text.columns)
        for each in text.covariates:
            yield each.label, each.label.where
            yield from ((label, label.where) for label in (each.levels or {}).values())
        yield from ((label, label.where) for label in text.counts)

    def analyse(self, context: Context, read: Mapping[str, Results]) -> None:
        """The counts and the terms."""
        del read
        estimate_model(context)

    def columns(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Column, ...]:
        """The columns as the spec writes them."""
        del report, results
        assert isinstance(spec.text, RegressionText)
        return model_rows.columns(spec.text)

    def sections(self, spec: DisplaySpec, report: Report, results: Results | None) -> tuple[Section, ...]:
        """The rows."""
        return model_rows.sections(spec, report, results)


KIND = Regression()


def _check_column(show: str, width: int, where: str, report: Report, row: DisplayRow, faults: Faults) -> None:
    """A format may ask for the number of subjects alone, or for what the model gives."""
    if show not in report.formats:
        return
    form = faults.format(report.formats[show], where)
    names = {part.name for part in form if isinstance(part, Field)}
    given = METHOD_STATISTICS["M_COXM"]
    if names != {"n"} and not names <= set(given):
        faults.add(f"the format {show} asks for {', '.join(sorted(names))}", where, f"use n, or {', '.join(given)}")
    widest = widest_text(DisplayRow("", method="M_CNT" if names == {"n"} else row.method, format=form))
    if len(widest) > width - 1:
        faults.add(f"{widest!r} does not fit a cell of {width - 1} characters", where, "widen the column")


def _check_covariate(covariate: Covariate, faults: Faults) -> None:
    where = covariate.var.where
    if not covariate.var.startswith("ADSL.") or covariate.var.count(".") != 1:
        faults.add(f"{str(covariate.var)!r} is no variable of ADSL", where, "write ADSL.VARIABLE")
    if covariate.levels is None:
        if covariate.ref is not None:
            faults.add("a number has no reference", covariate.ref.where, "drop ref:, or list levels:")
    elif covariate.changes or covariate.per is not None:
        faults.add("a factor has levels alone", where, "drop per: and changes:, or levels:")
    elif covariate.reference not in covariate.labels:
        faults.unknown("level", covariate.reference, covariate.labels, where)
    elif len(covariate.labels) < 2:
        faults.add(f"the factor {str(covariate.label)!r} has one level", where, "give two labels")
    if covariate.changes and covariate.per is not None:
        faults.add("a date has no unit", where, "drop per:")
