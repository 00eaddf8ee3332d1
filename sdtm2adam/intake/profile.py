"""What a column holds, found from all its values: how many, of which type, in which form, which answers."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.intake.date_forms import form_of_most, forms_mixed, forms_of, words_in

DATE_LIKE = (
    r"(?i)([0-9]{1,4}|[A-Z]{2,4})([ ./-]?([0-9]{1,4}|[A-Z]{2,4})){2}([ T:][0-9]{2}(:[0-9]{2}){1,2})?"
    r"|[0-9]{4}(-[0-9]{2})?(-[0-9]{2}(T[0-9]{2}(:[0-9]{2}){0,2})?)?|[0-9]{4}---[0-9]{2}"
    r"|(?i)(UN|UNK|UNKN|NK|UK|XX|XXX)"
)
_SHAPES = {
    "whole": r"[+-]?[0-9]{1,15}",
    "number": r"[+-]?([0-9]{1,15}(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?",
    "comma": r"[+-]?[0-9]{1,15},[0-9]+",
    "identifier": r"0[0-9]+",
    "time": r"([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?",
    "date": DATE_LIKE,
}
_MOST_ANSWERS, _LONGEST_ANSWER, _MOST_DATES, _MOST_VALUES, _FEW = 12, 60, 200_000, 100, 5
_NEARLY, _OFTEN = 0.9, 2.5


@dataclass(frozen=True)
class ColumnProfile:
    """One column of a raw file.

    `type` is that of a contract and fits every value. `forms` are the forms of its dates: one, or several that read
    all of them alike (`ambiguous`), or several that do so together (`mixed`). `nearly` is the type that all but a few
    of the values have, `others` the first of these few. `answers` are the values of a small closed list, `values` all
    values where they are at most a hundred. `leading_zeros` are the first of the texts of digits that begin with 0, for
    which a column of numbers is held to be text.
    """

    name: str
    records: int
    filled: int
    distinct: int
    longest: int
    type: str = "text"
    forms: tuple[str, ...] = ()
    ambiguous: bool = False
    mixed: bool = False
    unknown_words: tuple[str, ...] = ()
    nearly: str = ""
    others: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    decimal_comma: bool = False
    leading_zeros: tuple[str, ...] = ()

    @property
    def always(self) -> bool:
        """Whether every record has a value."""
        return 0 < self.filled == self.records


def profile_columns(frame: pa.Table) -> list[ColumnProfile]:
    """A profile of each column of a file of texts."""
    return [_profile(column, frame[column], len(frame)) for column in frame.column_names]


@dataclass(frozen=True)
class _Values:
    """The different values of a column, without blanks around them, the most frequent first, and how often each is."""

    texts: pa.Array
    counts: pa.Array

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> _Values:
        counted = pc.value_counts(pc.utf8_trim_whitespace(column))
        table = pa.table({"x": counted.field("values"), "n": counted.field("counts")})
        table = table.filter(pc.fill_null(pc.not_equal(table["x"], ""), False))
        table = table.sort_by([("n", "descending"), ("x", "ascending")]).combine_chunks()
        return cls(_whole_array(table["x"]), _whole_array(table["n"]))

    def __len__(self) -> int:
        return len(self.texts)

    def like(self, shape: str) -> pa.Array:
        """Which values have a shape."""
        return pc.match_substring_regex(self.texts, f"^(?:{shape})$")

    def records(self, which: pa.Array) -> int:
        """How many records have one of some values."""
        return pc.sum(self.counts.filter(which)).as_py() or 0

    def some(self, which: pa.Array, most: int) -> tuple[str, ...]:
        """The first of some values."""
        return tuple(self.texts.filter(which).slice(0, most).to_pylist())


def _whole_array(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _profile(name: str, column: pa.ChunkedArray, records: int) -> ColumnProfile:
    values = _Values.of(column)
    if not len(values):
        return ColumnProfile(name, records, 0, 0, 0)
    basis = ColumnProfile(
        name=name,
        records=records,
        filled=pc.sum(values.counts).as_py(),
        distinct=len(values),
        longest=pc.max(pc.binary_length(values.texts)).as_py(),
        values=tuple(values.texts.to_pylist()) if len(values) <= _MOST_VALUES else (),
    )
    return _typed(values, basis)


def _typed(values: _Values, basis: ColumnProfile) -> ColumnProfile:
    """The profile with the type that all values have, else with the one that nearly all have."""
    filled = basis.filled
    shaped = {kind: values.records(values.like(shape)) for kind, shape in _SHAPES.items()}
    numbers = 0 if shaped["identifier"] else shaped["number"]
    commas = shaped["comma"] + shaped["whole"] if shaped["comma"] and not shaped["identifier"] else 0
    dates = sorted(values.some(values.like(DATE_LIKE), _MOST_DATES)) if _may_be_dates(basis, shaped) else []
    is_day = bool(dates) and shaped["whole"] == filled and forms_of(dates) == ("YYYYMMDD",)
    if numbers == filled and not is_day:
        return _with(basis, type="integer" if shaped["whole"] == filled else "number", answers=_answers(values))
    if commas == filled:
        return _with(basis, type="number", decimal_comma=True)
    if shaped["time"] == filled:
        return _with(basis, type="time")
    if shaped["date"] == filled and (dated := _dated(basis, dates)):
        return dated
    return _nearly(values, basis, {"number": numbers, "time": shaped["time"]}, dates, shaped)


def _may_be_dates(basis: ColumnProfile, shaped: dict[str, int]) -> bool:
    return shaped["date"] >= _NEARLY * basis.filled and basis.distinct <= _MOST_DATES


def _nearly(
    values: _Values, basis: ColumnProfile, counts: dict[str, int], dates: list[str], shaped: dict[str, int]
) -> ColumnProfile:
    """The profile of a column of texts, with the type that nearly all of them have."""
    answers = _answers(values)
    for kind, count in counts.items():
        if _NEARLY * basis.filled <= count < basis.filled:
            others = values.some(pc.invert(values.like(_SHAPES[kind])), _FEW)
            return _with(basis, nearly=kind, others=others, answers=answers)
    form, unread = form_of_most(dates, _NEARLY)
    if form:
        others = (*unread, *values.some(pc.invert(values.like(DATE_LIKE)), _FEW))[:_FEW]
        return _with(basis, nearly="date", forms=(form,), others=others, unknown_words=words_in(dates))
    has_zeros = shaped["identifier"] and shaped["number"] >= _NEARLY * basis.filled
    zeros = values.some(values.like(_SHAPES["identifier"]), _FEW) if has_zeros else ()
    return _with(basis, answers=answers, leading_zeros=zeros)


def _with(basis: ColumnProfile, **more: object) -> ColumnProfile:
    return ColumnProfile(**{**vars(basis), **more})


def _dated(basis: ColumnProfile, dates: list[str]) -> ColumnProfile | None:
    """The profile of a column of dates; None if they are none."""
    forms = forms_of(dates)
    mixed = () if forms else forms_mixed(dates)
    if not forms and not mixed:
        return None
    timed = [":" in text for text in dates]
    kind = "datetime" if all(timed) else "date"
    words = words_in(dates)
    return _with(
        basis, type=kind, forms=forms or mixed, ambiguous=len(forms) > 1, mixed=bool(mixed), unknown_words=words
    )


def _answers(values: _Values) -> tuple[str, ...]:
    """The values, if they are few, short and come again; the most frequent first."""
    few = len(values) <= _MOST_ANSWERS and pc.max(pc.utf8_length(values.texts)).as_py() <= _LONGEST_ANSWER
    again = pc.sum(values.counts).as_py() >= _OFTEN * len(values)
    return tuple(values.texts.to_pylist()) if few and again else ()
