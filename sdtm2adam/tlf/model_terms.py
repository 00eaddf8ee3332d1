"""The terms of a Cox model of several covariates: their numbers of subjects, ratios and p-values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from sdtm2adam.analysis.cox_model import cox_model
from sdtm2adam.analysis.episodes import Episodes, split_at
from sdtm2adam.analysis.estimate import not_estimable
from sdtm2adam.analysis.regression import Model
from sdtm2adam.errors import InputError
from sdtm2adam.spec.display_plan import DisplayRow
from sdtm2adam.spec.patterns import Field, Format
from sdtm2adam.spec.regression_model import Covariate, RegressionText
from sdtm2adam.tlf.cells import Statistic
from sdtm2adam.tlf.collect import Place
from sdtm2adam.tlf.context import Context
from sdtm2adam.tlf.identity import Group
from sdtm2adam.tlf.members import Part
from sdtm2adam.tlf.methods.times import Times, parts_of, times_of
from sdtm2adam.tlf.population import Mask, as_texts
from sdtm2adam.tlf.study_time import times_at

IN_MODEL, EVENTS, LEFT_OUT = "IN_MODEL", "EVENTS", "LEFT_OUT"
_COUNT: Format = (Field("n", "xxx"),)


@dataclass(frozen=True, slots=True)
class Subjects:
    """The subjects of a model: their covariates, which are complete, and the rows of their time at risk."""

    values: dict[str, Any]
    complete: Mask
    times: Times
    episodes: Episodes


def counting(row: DisplayRow) -> DisplayRow:
    """The row of a model as one that counts subjects."""
    return replace(row, method="M_CNT", format=_COUNT)


def term_groups(covariate: Covariate, level: str) -> tuple[Group, ...]:
    """The groups of a term."""
    return (Group("COVARIATE", str(covariate.var), str(covariate.label)), Group("LEVEL", "", level))


def state_groups(state: str) -> tuple[Group, ...]:
    """The groups of a count over all covariates."""
    return (Group("STATE", "", state),)


def estimate_model(context: Context) -> None:
    """Numbers of subjects by level, and the ratio of each term with limits and two-sided Wald p-value.

    Subjects with a missing covariate are left out and counted. A covariate that changes counts from the beginning as
    unchanged, and from the day after its date as changed.

    Raises:
        InputError: a subject has no time to event, or a value of a factor that is no level.
    """
    text, row = _text(context), context.spec.rows[0]
    subjects = _subjects(context, text)
    _count_subjects(context, row, subjects)
    who = np.flatnonzero(subjects.complete)[subjects.episodes.subject]
    columns = {
        str(each.label): subjects.episodes.changed if each.changes else subjects.values[str(each.label)][who]
        for each in text.covariates
    }
    fitted = cox_model(
        subjects.episodes.stop,
        subjects.episodes.event,
        {name: _categories(text, name, column) for name, column in columns.items()},
        start=subjects.episodes.start,
        subject=who,
        strata=context.strata(np.ones(len(context.population), dtype=bool))[who] if text.strata else None,
        reference={str(each.label): each.reference for each in text.covariates if each.levels},
        ties=context.report.params.ties,
        conf=row.conf,
    )
    _store_terms(context, row, text, fitted, subjects)


def _subjects(context: Context, text: RegressionText) -> Subjects:
    times = times_of(context)
    values = {str(each.label): _values(context, each) for each in text.covariates if not each.changes}
    complete = np.ones(len(context.population), dtype=bool)
    for known in values.values():
        complete &= ~pd.isna(known)
    change = np.full(len(context.population), np.nan)
    for each in text.covariates:
        if each.changes:
            change = times_at(context, context.population.dates(each.var.split(".")[1]))
    episodes = split_at(times.time[complete], times.event[complete], change[complete])
    return Subjects(values, complete, times, episodes)


def _values(context: Context, covariate: Covariate) -> Any:
    """One value per subject: the label of its level, or a number in units of `per`."""
    variable = covariate.var.split(".")[1]
    if covariate.levels is None:
        return context.population.numbers(variable) / (covariate.per or 1.0)
    texts = as_texts(context.population.column(variable))
    found = (
        pd.Series(texts).map({value: str(label) for value, label in covariate.levels.items()}).to_numpy(dtype=object)
    )
    strange = pd.isna(found) & ~pd.isna(texts)
    if strange.any():
        at = int(np.flatnonzero(strange)[0])
        raise InputError(
            f"{int(strange.sum())} subjects have a value of {covariate.var} that is no level: {texts[at]} "
            f"(first: {context.population.subjects.iloc[at]})",
            where=covariate.var.where,
            mend="add the value to levels:, or correct the data",
        )
    return found


def _categories(text: RegressionText, name: str, column: Any) -> Any:
    """Levels in the order of the spec."""
    covariate = next(each for each in text.covariates if each.label == name)
    return pd.Categorical(column, categories=list(covariate.labels)) if covariate.levels else column


def _count_subjects(context: Context, row: DisplayRow, subjects: Subjects) -> None:
    complete, event = subjects.complete, subjects.times.event
    for state, chosen in ((IN_MODEL, complete), (EVENTS, complete & event), (LEFT_OUT, ~complete)):
        _count(context, row, state_groups(state), chosen)


def _count(context: Context, row: DisplayRow, groups: tuple[Group, ...], chosen: Mask) -> None:
    members = context.collector.members.put(Part(context.adsl, np.flatnonzero(chosen), "NUM"))
    context.collector.add(counting(row), Place(groups, members=members), {"n": Statistic(float(chosen.sum()))})


def _store_terms(context: Context, row: DisplayRow, text: RegressionText, fitted: Model, subjects: Subjects) -> None:
    whole = context.collector.members.put(*parts_of(subjects.times, subjects.complete))
    changed = np.zeros(len(context.population), dtype=bool)
    changed[np.flatnonzero(subjects.complete)[subjects.episodes.subject[subjects.episodes.changed == 1]]] = True
    for covariate in text.covariates:
        name = str(covariate.label)
        for level in covariate.labels or ("",):
            met = changed if covariate.changes else subjects.complete
            if covariate.levels is not None:
                met = subjects.complete & (subjects.values[name] == level)
            _count(context, row, term_groups(covariate, level), met)
        for level in covariate.terms:
            found = [each.ratio for each in fitted.effects if (each.term.covariate, each.term.level) == (name, level)]
            estimate = found[0] if found else not_estimable("no subject has this level", "WALD")
            context.collector.add_estimate(row, Place(term_groups(covariate, level), members=whole), estimate)


def _text(context: Context) -> RegressionText:
    assert isinstance(context.spec.text, RegressionText)
    return context.spec.text
