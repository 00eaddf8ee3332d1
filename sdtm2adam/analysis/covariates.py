"""Covariates of a regression: numbers as they are, texts as factors against a reference level."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sdtm2adam.analysis.risk import Floats
from sdtm2adam.errors import UsageError

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Term:
    """One coefficient of a model: a number, or a level of a factor against its reference.

    Args:
        covariate: its name.
        level: the level of a factor; empty for a number.
        reference: the reference level of a factor; empty for a number.
        reason: why the term cannot be estimated whatever the data of the others; else empty.
    """

    covariate: str
    level: str = ""
    reference: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Design:
    """The columns of a regression over the rows without a missing covariate.

    Args:
        columns: terms x complete rows.
        terms: what each column is for.
        complete: of all rows, those without a missing covariate.
    """

    columns: Floats
    terms: tuple[Term, ...]
    complete: Mask


def design_of(n: int, covariates: Mapping[str, npt.ArrayLike], reference: Mapping[str, str] | None = None) -> Design:
    """Terms and columns of covariates.

    Numbers and 0/1 flags are one term each. Texts are factors: one term for each level but the reference, levels in
    alphabetical order, or in that of a pandas Categorical; the reference is the first, or the one named. Missing are
    NaN, None and blank text; a row with a missing covariate is not complete. Levels are those of the complete rows.

    Args:
        n: rows.
        covariates: values by name, one per row, in the order in which the terms shall stand.
        reference: reference level of a factor, by name.

    Raises:
        UsageError: no covariate, another number of values, an infinite value, or a reference for what is no factor.

    >>> design = design_of(3, {"AGE": [64, 71, 55], "SEX": ["F", "M", None]})
    >>> [(term.covariate, term.level, term.reference) for term in design.terms], design.complete.tolist()
    ([('AGE', '', ''), ('SEX', 'M', 'F')], [True, True, False])
    """
    if not covariates:
        raise UsageError("no covariate", where="regression", mend="name at least one covariate")
    series = {name: _as_series(name, values, n) for name, values in covariates.items()}
    unknown = [name for name in reference or () if name not in series or _is_number(series[name])]
    if unknown:
        raise UsageError(f"a reference for {unknown[0]}", where="regression", mend="give references of text covariates")
    complete = ~np.any([each.isna().to_numpy() for each in series.values()], axis=0)
    columns, terms = [np.empty((0, int(complete.sum())))], []
    for name, each in series.items():
        made, said = _terms_of(name, each[complete], (reference or {}).get(name))
        columns.append(made)
        terms += said
    return Design(np.concatenate(columns), tuple(terms), complete)


def _as_series(name: str, values: npt.ArrayLike, n: int) -> "pd.Series[object]":
    """The values as numbers or texts, blank text as missing."""
    series = pd.Series(values).reset_index(drop=True)
    if series.size != n:
        raise UsageError(f"{series.size} values of {name} for {n} rows", where=name, mend="give one value per row")
    if series.dtype == object:
        series = series.infer_objects()
    if _is_number(series):
        numbers = series.astype("Float64").astype("float64")
        if np.isinf(numbers.to_numpy()).any():
            raise UsageError(f"an infinite value of {name}", where=name, mend="set it missing or correct it")
        return numbers
    if isinstance(series.dtype, pd.CategoricalDtype):
        return series
    texts = series.astype("string").str.strip()
    return texts.mask(texts == "")


def _is_number(series: "pd.Series[object]") -> bool:
    return bool(pd.api.types.is_numeric_dtype(series) or pd.api.types.is_bool_dtype(series))


def _terms_of(name: str, values: "pd.Series[object]", reference: str | None) -> tuple[Floats, list[Term]]:
    """Columns (terms x rows) and terms of one covariate over the complete rows."""
    if _is_number(values):
        return values.to_numpy(dtype=np.float64)[None, :], [Term(name)]
    ordered = values.cat.categories if isinstance(values.dtype, pd.CategoricalDtype) else sorted(values.unique())
    present = set(values.unique())
    levels = [str(level) for level in ordered if level in present]
    if not levels:
        return np.zeros((1, values.size)), [Term(name, reason=f"no value of {name}")]
    first = levels[0] if reference is None else reference
    others = [level for level in levels if level != first]
    if not others:
        return np.zeros((1, values.size)), [Term(name, first, first, f"{name} has one level only")]
    reason = "" if first in levels else f"no row has the reference level {first} of {name}"
    texts = values.astype("string").to_numpy(dtype=object)
    columns = np.array([texts == level for level in others], dtype=np.float64)
    return columns, [Term(name, level, first, reason) for level in others]
