"""The functions of dates as functions on series: dt, dtm, study_day, days, months, years; and recode.

Each is the function of the same name in an expression of a spec. The first argument is a pandas Series or an Arrow
array; others may be such of the same length, or one value for all. What comes back is of the kind of the first.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Literal

import pandas as pd
import pyarrow as pa

from sdtm2adam.build.pandas_columns import as_column, as_series
from sdtm2adam.build.verbs.making import with_columns
from sdtm2adam.build.verbs.said import tree_of
from sdtm2adam.errors import InputError
from sdtm2adam.model import Issue
from sdtm2adam.spec.producer import as_producer
from sdtm2adam.spec.yaml import Text

Series = Any
"""A pandas Series or an Arrow array."""
Value = Series | datetime.date | None
"""A series, or one date or date-time for all rows."""
Issues = list[Issue] | None
Side = Literal["first", "last"]


def dt(x: Series, *, impute: Side | None = None, upto: Literal["D", "M", "Y"] | None = None, min: Value = None,
       max: Value = None, issues: Issues = None) -> Series:  # fmt: skip
    """Dates of ISO 8601 texts.

    Args:
        x: texts, maybe partial (`2014-03`, `2014`).
        impute: the side to which a partial date is imputed; without it only whole dates are dates.
        upto: what may be imputed: D the day, M (default) day and month, Y all.
        min: no imputed date is before it, where the partial date allows that.
        max: none is after it, in the same way.
        issues: a list that gets texts that are no date; without it these stop.

    Returns:
        Dates: datetime64 in pandas, date32 in Arrow.

    Raises:
        SpecError: an argument is none of the words above.
        InputError: a whole text that is no date of the calendar; series of other lengths or indexes.

    Source:
        docs/spec-grammar.md, Expressions; ADaMIG 1.3, imputation of dates.

    >>> import pandas as pd
    >>> dt(pd.Series(["2014-03-05", "2014-03", None]), impute="last").dt.strftime("%d.%m.%Y").tolist()
    ['05.03.2014', '31.03.2014', nan]
    """
    words = {"impute": impute, "upto": upto}
    return _made("dt", {"x": x, "min": min, "max": max}, words, issues, of_days=("min", "max"))


def dtm(x: Series, *, impute: Side | None = None, upto: Literal["D", "M", "Y"] | None = None, min: Value = None,
        max: Value = None, time: Side | None = None, issues: Issues = None) -> Series:  # fmt: skip
    """Dates and times of ISO 8601 texts.

    Args:
        x: texts, maybe partial.
        impute: the side to which a partial date is imputed; without it only whole dates count.
        upto: what may be imputed: D the day, M (default) day and month, Y all.
        min: nothing imputed is before it, where the partial text allows that.
        max: nothing is after it, in the same way; of a date that is the end of the day.
        time: the side to which a missing time is imputed, by default that of `impute`, else first.
        issues: a list that gets texts that are no date or time; without it these stop.

    Returns:
        Date-times, without time zone.

    Raises:
        SpecError: an argument is none of the words above.
        InputError: a text that is no date or no time; series of other lengths or indexes.

    Source:
        docs/spec-grammar.md, Expressions; ADaMIG 1.3, imputation of dates and times.

    >>> import pandas as pd
    >>> dtm(pd.Series(["2014-03-05T10:30", "2014-03-05"]), time="last").astype(str).tolist()
    ['2014-03-05 10:30:59', '2014-03-05 23:59:59']
    """
    return _made("dtm", {"x": x, "min": min, "max": max}, {"impute": impute, "upto": upto, "time": time}, issues)


def study_day(d: Series, ref: Value) -> Series:
    """Study days: 1 on the reference date, -1 the day before; there is no day 0.

    Args:
        d: dates or date-times.
        ref: the reference date.

    Returns:
        Whole numbers; missing where a date is.

    Raises:
        InputError: series of other lengths or indexes.

    Source:
        SDTMIG 3.4, 4.4.4; ADaMIG 1.3, ADY.

    >>> import pandas as pd
    >>> dates = pd.Series(pd.to_datetime(["2014-01-04", "2014-01-05", None]))
    >>> study_day(dates, pd.Timestamp("2014-01-05")).tolist()
    [-1, 1, <NA>]
    """
    return _made("study_day", {"d": d, "ref": ref}, {}, None, plain=2)


def days(a: Series, b: Value) -> Series:
    """Days from one date to another, both counted.

    Args:
        a: dates or date-times.
        b: later ones.

    Returns:
        Whole numbers; missing where a date is.

    Raises:
        InputError: series of other lengths or indexes.

    Source:
        docs/spec-grammar.md, Expressions.

    >>> import pandas as pd
    >>> days(pd.Series(pd.to_datetime(["2014-01-05"])), pd.Timestamp("2014-01-06")).tolist()
    [2]
    """
    return _made("days", {"a": a, "b": b}, {}, None, plain=2)


def months(a: Series, b: Value) -> Series:
    """Days from one date to another, both counted, over 30.4375.

    Args:
        a: dates or date-times.
        b: later ones.

    Returns:
        Numbers; missing where a date is.

    Raises:
        InputError: series of other lengths or indexes.

    Source:
        docs/spec-grammar.md, Expressions.

    >>> import pandas as pd
    >>> months(pd.Series(pd.to_datetime(["2014-01-01"])), pd.Timestamp("2014-12-31")).round(4).tolist()
    [11.9918]
    """
    return _made("months", {"a": a, "b": b}, {}, None, plain=2)


def years(a: Series, b: Value) -> Series:
    """Days from one date to another, both counted, over 365.25.

    Args:
        a: dates or date-times.
        b: later ones.

    Returns:
        Numbers; missing where a date is.

    Raises:
        InputError: series of other lengths or indexes.

    Source:
        docs/spec-grammar.md, Expressions.

    >>> import pandas as pd
    >>> years(pd.Series(pd.to_datetime(["2014-01-01"])), pd.Timestamp("2014-12-31")).round(4).tolist()
    [0.9993]
    """
    return _made("years", {"a": a, "b": b}, {}, None, plain=2)


def recode(x: Series, map: Mapping[str, Any], *, issues: Issues = None) -> Series:
    """The values of a map.

    Args:
        x: texts or numbers.
        map: value to value; `_else` for values it does not have, `_missing` for none.
        issues: a list that gets values that the map does not have; without it these stop.

    Returns:
        Texts; numbers where all values of the map are numbers.

    Raises:
        InputError: a value is not in the map, and there is no `_else`.

    Source:
        docs/spec-grammar.md, Expressions.

    >>> import pandas as pd
    >>> recode(pd.Series(["M", "F", None]), {"M": "Male", "F": "Female", "_missing": "Unknown"}).tolist()
    ['Male', 'Female', 'Unknown']
    """
    producer = as_producer({"sql": Text("recode(X, 'MAP')", "x")})
    frame, _ = with_columns(_table({"x": x}, ()), {"MADE": producer}, maps={"MAP": tree_of(map, "map")}, issues=issues)
    return _given_back(frame["MADE"], x)


def _made(
    function: str,
    columns: Mapping[str, Any],
    words: Mapping[str, str | None],
    issues: Issues,
    *,
    of_days: tuple[str, ...] = (),
    plain: int = 1,
) -> Series:
    """What a function of expressions makes of columns; the first `plain` stand without a name in its call."""
    given = {name: values for name, values in columns.items() if values is not None}
    lacking = [name for name in list(columns)[:plain] if name not in given]
    if lacking:
        raise InputError("is None", where=lacking[0], mend="give a series or a date")
    named = [f"{name} := {name.upper()}" for name in list(columns)[plain:] if name in given]
    said = [f"{word} := '{value}'" for word, value in words.items() if value is not None]
    arguments = ", ".join([*(name.upper() for name in list(columns)[:plain]), *said, *named])
    producer = as_producer({"sql": Text(f"{function}({arguments})", function)})
    table = _table(given, of_days, dates=plain > 1, function=function if plain == 1 else "")
    frame, _ = with_columns(table, {"MADE": producer}, issues=issues)
    return _given_back(frame["MADE"], next(iter(columns.values())))


def _table(
    columns: Mapping[str, Any], of_days: tuple[str, ...], *, dates: bool = False, function: str = ""
) -> pa.Table:
    """The arguments as an Arrow table, one value for all repeated; `dates` says that all must be such."""
    first = next(iter(columns))
    series = columns[first]
    if not isinstance(series, (pd.Series, pa.Array, pa.ChunkedArray)):
        said = f"is a {type(series).__name__}, not a series"
        raise InputError(said, where=first, mend="give a pandas Series or an Arrow array")
    made = {}
    for name, values in columns.items():
        if not isinstance(values, (pd.Series, pa.Array, pa.ChunkedArray)):
            values = pa.array([values] * len(series))  # one value for all
        elif len(values) != len(series) or not _same_index(values, series):
            said = f"has other rows than {first}"
            raise InputError(said, where=name, mend="bring both to the same rows and the same index")
        if name == "x" and function:
            _refuse_other_than_text(values, function, name)
        date = True if name in of_days else None
        made[name.upper()] = as_column(values, f"{name}: {getattr(values, 'name', None) or ''}", date=date)
        if dates and not pa.types.is_temporal(made[name.upper()].type) and made[name.upper()].null_count < len(series):
            said = f"holds {made[name.upper()].type}, not dates"
            raise InputError(said, where=name, mend="dt() makes dates of ISO 8601 texts")
    return pa.table(made)


def _refuse_other_than_text(values: Series, function: str, where: str) -> None:
    """dt() and dtm() read ISO 8601: a column of dates is one already, a number might be a date of SAS or of a sheet."""
    column = as_column(values, where, date=False)
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_string(kind) or column.null_count == len(column):
        return
    mend = "give texts such as '2014-03-05'; a number is no date until its origin is known"
    if pa.types.is_temporal(kind):
        mend = "it needs no reading: use it as it is, or take its days with series.dt.normalize()"
    raise InputError(f"holds {kind}, and {function}() reads dates from ISO 8601 texts", where=where, mend=mend)


def _same_index(one: Series, other: Series) -> bool:
    both = isinstance(one, pd.Series) and isinstance(other, pd.Series)
    return bool(one.index.equals(other.index)) if both else True


def _given_back(made: pa.ChunkedArray, like: Series) -> Series:
    return as_series(made, like.index) if isinstance(like, pd.Series) else made
