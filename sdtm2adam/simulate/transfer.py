"""Two transfers of one export: what had been entered by the first cut, and what changed until the second.

The first transfer is the second one as it was then: records saved by the cut, without dates that lay ahead and what
follows from them, without some records entered late, with some values as they stood before they were corrected, and
with a few records that were deleted later.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.mess.dates import date_columns
from sdtm2adam.simulate.mess.labs import lab_forms, nudged, tests
from sdtm2adam.simulate.mess.log import COLUMNS
from sdtm2adam.simulate.mess.scene import Forms, Scene
from sdtm2adam.simulate.streams import Bools, Floats
from sdtm2adam.simulate.text import Text, days_of, epoch_day, join, labels

FIRST_CUT = "2014-10-02"
CHANGES = ("form", "RECORDID", "change", "column", "before", "after")
"""The columns of `changes_truth.csv`: a line for each new and gone record, and for each changed value."""

_LATE, _CORRECTED, _DELETED = 0.03, 0.005, 0.001
_LATE_DAYS = 90
_NEVER_LATE = {"ENROL", "IE"}
_CORRECTED_NUMBERS = {"VS": "PULSE", "BM": "BMCELL"}
_YES, _GOES_ON = {"": "Yes", "_STD": "1"}, {"": "Not resolved", "_STD": "4"}
_GRADES = [f"Grade {grade}" for grade in range(6)]
_LAST_DATES = ("RecvDate", "FINALDT", "ECGDTM", "ACTDTM")
"""Dates of feeds beside those of the trial: receipt, meeting, recording."""
_OF_RECORDS = ("CODING", "QUERIES")


def first_transfer(forms: Forms, seed: int) -> Forms:
    """The export as it was at the first cut.

    Args:
        forms: the export at the second cut, with its errors if it has any.
        seed: of what was late, corrected and deleted.
    """
    scene = Scene.of(forms, seed)
    cut = float(epoch_day(FIRST_CUT))
    with scene.planting("transfer", "", True):
        for form in forms:
            if FORMS[form].kind == "form":
                _take_back_dates(scene, form, cut)
        _take_back_deaths(scene, cut)
        entered = {form: _entered_by(scene, form, cut) for form in forms}
        _take_back_corrections(scene, entered)
        for form in forms:
            scene.remove(form, np.flatnonzero(~entered[form]))
        earlier = scene.messy()
    return _only_their_records(earlier)


def changes(first: Forms, second: Forms) -> pa.Table:
    """What is new, changed and gone from one transfer to the next, by form, record and column."""
    schema = pa.schema([(name, pa.string()) for name in CHANGES])
    parts = [schema.empty_table()]
    for form in second:
        parts += _changes_of(form, Scene(first, 0), Scene(second, 0))
    lines = pa.concat_tables(parts)
    lines = pa.table({name: pc.fill_null(lines[name], "") for name in CHANGES})
    by = lines.append_column("_record", pc.utf8_lpad(lines["RECORDID"], 40, " "))
    order = pc.sort_indices(by, sort_keys=[(name, "ascending") for name in ("form", "_record", "change", "column")])
    return lines.take(order).combine_chunks()


def log_of(first: Forms, log: pa.Table) -> pa.Table:
    """The lines of a log of errors that hold in the first transfer: the record is there, with the value."""
    scene, kept = Scene(first, 0), []
    for form in pc.unique(log["form"]).to_pylist():
        lines = log.filter(pc.equal(log["form"], form))
        holds = np.asarray(pc.is_in(lines["RECORDID"], value_set=scene.key(form)))
        for column in pc.unique(lines["column"]).to_pylist():
            if scene.has(form, column):
                there = join(scene.key(form), "|", pc.fill_null(scene.column(form, column), ""))
                told = pc.is_in(join(lines["RECORDID"], "|", lines["messy"]), value_set=there)
                holds &= np.asarray(pc.not_equal(lines["column"], column)) | np.asarray(told)
        kept.append(lines.filter(pa.array(holds)))
    return pa.concat_tables([log.schema.empty_table(), *kept]).select(list(COLUMNS))


# --- what was there ---------------------------------------------------------------------------------------------------


def _entered_by(scene: Scene, form: str, cut: float) -> Bools:
    """Which records were saved by the cut, less some of the last three months that came late."""
    day = _entry_day(scene, form)
    entered = ~(day > cut)
    if FORMS[form].kind == "form" and form not in _NEVER_LATE:
        u = scene.uniform(form, 1, "late")[:, 0]
        entered &= ~((day > cut - _LATE_DAYS) & (u < _LATE))
    return entered


def _entry_day(scene: Scene, form: str) -> Floats:
    """The day a record was saved; of a feed its last date; not a number where nothing says it."""
    if scene.has(form, "SAVETS"):
        return days_of(pc.utf8_slice_codeunits(scene.column(form, "SAVETS"), 0, 11))
    names = [*date_columns(scene, form), *(name for name in _LAST_DATES if scene.has(form, name))]
    days = [days_of(_date_of(scene.column(form, name)), FORMS[form].dates) for name in names if FORMS[form].dates]
    if not days:
        return np.full(scene.forms[form].num_rows, np.nan)
    return np.asarray(np.fmax.reduce(days))


def _date_of(values: Text) -> Text:
    """The date of a date with a time."""
    return pc.replace_substring_regex(values, r"[ T]\d?\d:\d\d(:\d\d)?$", "")


def _take_back_dates(scene: Scene, form: str, cut: float) -> None:
    """Dates that lay ahead are blank; an event or a drug that ends later is going on."""
    for column in date_columns(scene, form):
        rows = np.flatnonzero(days_of(scene.column(form, column)) > cut)  # a year typed wrongly is no such date
        scene.change(form, rows, column, pa.nulls(len(rows), pa.string()))
        ongoing = {"AEENDAT": "AEONGO", "CMENDAT": "CMONGO"}.get(column, "")
        for suffix, value in _YES.items():
            if scene.has(form, f"{ongoing}{suffix}") and ongoing:
                scene.change(form, rows, f"{ongoing}{suffix}", pa.repeat(value, len(rows)))
        if column == "AEENDAT":
            for suffix, value in _GOES_ON.items():
                scene.change(form, rows, f"AEOUT{suffix}", pa.repeat(value, len(rows)))


def _take_back_deaths(scene: Scene, cut: float) -> None:
    """A death that lay ahead: its event was of grade 4, and an episode of VOD had no end."""
    if scene.has("AE", "AEOUT", "SDTH", "SLIFE", "GRADE"):
        fatal = scene.equals("AE", "GRADE", "Grade 5") & (days_of(scene.column("AE", "AEENDAT")) > cut)
        rows = np.flatnonzero(fatal)
        for column, value in (("GRADE", "Grade 4"), ("GRADE_STD", "4"), ("SDTH", "No"), ("SLIFE", "Yes")):
            scene.change("AE", rows, column, pa.repeat(value, len(rows)))
    if scene.has("VOD", "VDOUT") and scene.has("DEATH", "DTHDAT"):
        died = scene.rows_of("DEATH", scene.subject("VOD"))
        death = np.where(died >= 0, days_of(scene.column("DEATH", "DTHDAT"))[died], np.nan)
        rows = np.flatnonzero(scene.equals("VOD", "VDOUT", "Fatal") & (death > cut))
        for suffix, value in _GOES_ON.items():
            scene.change("VOD", rows, f"VDOUT{suffix}", pa.repeat(value, len(rows)))


def _take_back_corrections(scene: Scene, entered: dict[str, Bools]) -> None:
    """Results and grades that were corrected later, and records that were deleted later."""
    numbers = {form: tests(scene, form)[0] for form in lab_forms(scene)} | _CORRECTED_NUMBERS
    for form, column in numbers.items():
        if not scene.has(form, column):
            continue
        could = scene.known(form, column) & entered[form]
        rows = scene.choose(form, could, _CORRECTED, part="corrected")
        scene.change(form, rows, column, nudged(scene.column(form, column).take(pa.array(rows)), 1.13))
        rows = scene.choose(form, could, _DELETED, part="deleted")
        again = nudged(scene.column(form, column).take(pa.array(rows)), 0.91)
        scene.add(form, scene.copy(form, rows, RECORDID=_taken_back_id(scene, form, rows), **{column: again}))
    if scene.has("AE", "GRADE", "GRADE_STD"):
        grade = pc.index_in(scene.column("AE", "GRADE"), value_set=pa.array(_GRADES))
        grade = np.asarray(pc.fill_null(grade, 0))
        ahead = days_of(scene.column("AE", "AEENDAT")) > epoch_day(FIRST_CUT)
        rows = scene.choose("AE", (grade >= 2) & (grade < 5) & ~ahead & entered["AE"], _CORRECTED, part="corrected")
        scene.change("AE", rows, "GRADE", labels(_GRADES, grade[rows] - 1))
        scene.change("AE", rows, "GRADE_STD", labels([str(k) for k in range(6)], grade[rows] - 1))


_FURTHER = 250


def _taken_back_id(scene: Scene, form: str, rows: np.ndarray) -> pa.Array:
    ids = pc.cast(scene.column(form, "RECORDID").take(pa.array(rows)), pa.int64())
    return pc.cast(pc.add(ids, _FURTHER), pa.string())


def _only_their_records(forms: Forms) -> Forms:
    """Feeds about records of forms speak of those that are there."""
    made = dict(forms)
    for feed in _OF_RECORDS:
        if feed not in made or not {"FORM", "RECORDID"} <= set(made[feed].column_names):
            continue
        there = [join(f"{form}/", rows["RECORDID"]) for form, rows in forms.items() if FORMS[form].kind == "form"]
        rows = made[feed]
        named = pc.is_in(join(rows["FORM"], "/", rows["RECORDID"]), value_set=pa.chunked_array(there).combine_chunks())
        made[feed] = rows.filter(named)
    return made


# --- what changed -----------------------------------------------------------------------------------------------------


def _changes_of(form: str, first: Scene, second: Scene) -> list[pa.Table]:
    before, after = first.key(form), second.key(form)
    place = pc.index_in(after, value_set=before)
    new = after.filter(pc.is_null(place))
    gone = before.filter(pc.invert(pc.is_in(before, value_set=after)))
    parts = [_lines(form, new, "new"), _lines(form, gone, "gone")]
    both = pc.is_valid(place)
    for column in second.forms[form].column_names:
        if not first.has(form, column):
            continue
        old = first.column(form, column).take(place.filter(both))
        now = second.column(form, column).filter(both)
        differs = pc.not_equal(pc.fill_null(old, ""), pc.fill_null(now, ""))
        keys = after.filter(both).filter(differs)
        parts.append(_lines(form, keys, "changed", column, old.filter(differs), now.filter(differs)))
    return parts


def _lines(
    form: str,
    keys: pa.Array,
    change: str,
    column: str = "",
    before: pa.Array | None = None,
    after: pa.Array | None = None,
) -> pa.Table:
    blank = pa.nulls(len(keys), pa.string())
    told = [pa.repeat(text, len(keys)) for text in (form, change, column)]
    values = (told[0], keys, told[1], told[2], blank if before is None else before, blank if after is None else after)
    return pa.table(dict(zip(CHANGES, values, strict=True)))
