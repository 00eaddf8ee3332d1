"""From columns to the table of a form: the key and system columns, the code pairs, the order of the rows."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.errors import InternalError
from sdtm2adam.simulate.baseline import count_before
from sdtm2adam.simulate.codes import code_list
from sdtm2adam.simulate.forms import FORMS, Form
from sdtm2adam.simulate.parameters import read_parameters
from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Bools, Floats, Ints
from sdtm2adam.simulate.text import Text, dates, epoch_day, join, labels, numbers
from sdtm2adam.simulate.truth import STUDYID
from sdtm2adam.simulate.visits import FOLDERS

MOST_RECORDS = 1000
"""Records of a subject on one form: fewer than this."""
_SUBJECT_STEP = 100_000
_FORM_NUMBER = {name: number for number, name in enumerate(FORMS, start=1)}
_FOLDER_SEQUENCE = {folder: number for number, folder in enumerate(FOLDERS, start=1)}
LOG = "Log"


def assemble(
    cohort: Cohort, form: str, who: Ints, day: Floats, folder: Text | str, columns: dict[str, Any]
) -> pa.Table:
    """The rows of a form, by subject and in the order they are given.

    Args:
        cohort: the subjects.
        form: name of the form.
        who: the subject of each row, its place in the cohort.
        day: the day the row was saved for, from randomisation.
        folder: the visit label, one for all rows or one each.
        columns: field -> text, one for all rows or one each; a field not named is blank. The code of a coded field
            is looked up.
    """
    shape = FORMS[form]
    order = np.argsort(who, kind="stable")
    given = {name: _whole(values, len(who)).take(pa.array(order)) for name, values in columns.items()}
    who, day = who[order], np.asarray(day, dtype=np.float64)[order]
    given |= _key(cohort, shape, who, _whole(folder, len(who)).take(pa.array(order)))
    given |= _system(cohort, shape, who, day, given["FOLDER"])
    for field in shape.coded:
        if field in given:
            given[f"{field}_STD"] = code(given[field], code_list(form, field))
    return table(shape, given, len(who))


def table(shape: Form, given: dict[str, Any], rows: int) -> pa.Table:
    """A table with exactly the columns of a form; what is not given is blank."""
    unknown = sorted(set(given) - set(shape.columns))
    if unknown:
        raise InternalError(f"{shape.name} has no column {unknown}", where="simulate", mend="name it in forms.py")
    blank = pa.nulls(rows, pa.string())
    return pa.table({name: _whole(given[name], rows) if name in given else blank for name in shape.columns})


def record_id(cohort: Cohort, form: str, who: Ints, place: Ints) -> Ints:
    """A number that no other record of the study has, whatever the number of subjects."""
    base = (cohort.number[who] + 1) * _SUBJECT_STEP + _FORM_NUMBER[form] * MOST_RECORDS
    return np.asarray(base + place, dtype=np.int64)


def code(values: Text, pairs: dict[str, str]) -> Text:
    """The codes of labels; a label outside the list is a mistake of the simulator, not of a site."""
    place = pc.index_in(values, value_set=pa.array(list(pairs)))
    if place.null_count != values.null_count:
        strange = pc.unique(values.filter(pc.and_(pc.is_null(place), pc.is_valid(values)))).to_pylist()
        what = f"labels {strange} are not among {list(pairs)}"
        raise InternalError(what, where="simulate", mend="add them to codes.py")
    return pa.array(list(pairs.values())).take(place)


def absolute(cohort: Cohort, who: Ints, day: Floats) -> Floats:
    """Days from randomisation as days from 1970."""
    return np.asarray(cohort.day_zero[who] + day, dtype=np.float64)


def first_of_each(*columns: Ints | Floats | Bools) -> Bools:
    """Where a row is the first one that has these values together.

    >>> first_of_each(np.array([1, 1, 2, 1]), np.array([5.0, 5.0, 5.0, np.inf])).tolist()
    [True, False, True, True]
    """
    first = np.zeros(len(columns[0]), dtype=bool)
    first[np.unique(np.column_stack(columns), axis=0, return_index=True)[1]] = True
    return first


def _key(cohort: Cohort, shape: Form, who: Ints, folder: Text) -> dict[str, Text]:
    place = count_before(who) + 1 if len(who) else np.empty(0, dtype=np.int64)
    return {
        "SUBJECT": cohort.subject.take(pa.array(who)),
        "FOLDER": folder,
        "FORM": _whole(shape.name, len(who)),
        "RECPOS": numbers(place.astype(np.float64)),
        "RECORDID": numbers(record_id(cohort, shape.name, who, place).astype(np.float64)),
    }


def _system(cohort: Cohort, shape: Form, who: Ints, day: Floats, folder: Text) -> dict[str, Text]:
    cut = epoch_day(read_parameters("design")["cutoff"])
    saved = np.minimum(absolute(cohort, who, day) + 3, cut)
    site = [str(1001 + index) for index in range(read_parameters("design")["sites"])]
    places = pa.array(list(_FOLDER_SEQUENCE))
    sequence = [str(number) for number in _FOLDER_SEQUENCE.values()]
    at = pc.index_in(folder, value_set=places)
    return {
        "PROJECTID": _whole(STUDYID, len(who)),
        "SITE": labels(site, cohort.site[who]),
        "SITENAME": labels([f"Simulated Site {number}" for number in site], cohort.site[who]),
        "FOLDERSEQ": pc.fill_null(pa.array(sequence).take(at), "0"),
        "PAGESEQ": _whole(str(_FORM_NUMBER[shape.name]), len(who)),
        "SAVETS": join(dates(saved), " 10:00"),
        "LOCKED": _whole("1", len(who)),
        "FROZEN": _whole("1", len(who)),
        "QUERYCNT": _whole("0", len(who)),
    }


def _whole(values: Any, rows: int) -> Text:
    if isinstance(values, str):
        return pa.repeat(values, rows)
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
