"""Dates: parts not known, dates that never were, ends before starts, infusions past midnight, and 24:00."""

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.simulate.entry import DAY_UNKNOWN, MONTH_UNKNOWN
from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.mess.scene import Scene
from sdtm2adam.simulate.streams import Bools, Floats, Ints
from sdtm2adam.simulate.text import Text, choose, dates, days_of, join, labels
from sdtm2adam.simulate.vendor_files import FILES

_HISTORIES = {"ALLHX": ("DXDAT", "DFRDAT", "REL1DAT"), "PRTX": ("STDAT", "ENDAT"), "MH": ("MHSTDAT",)}
_SPANS = {"AE": ("AESTDAT", "AEENDAT"), "CM": ("CMSTDAT", "CMENDAT")}
_DATE = re.compile(r"(?:DAT|DT)$|^(?:LASTDOSE|SVLASTAL|ENGANC|ENGPLT|VDDEFSTD|CollDate)$")
_HANDLING = {"FINALDT", "EFFDT", "QRYDT", "OPENDT", "CLOSEDT"}
"""Dates of the handling of data, not of the trial."""
_IMPOSSIBLE = {
    "DD MON YYYY": ("31 FEB {y}", "31 APR {y}"),
    "DDMONYYYY": ("31FEB{y}", "31APR{y}"),
    "YYYY-MM-DD": ("{y}-02-31", "{y}-04-31"),
    "MM/DD/YYYY": ("02/31/{y}", "04/31/{y}"),
}
_FAR = {"DD MON YYYY": (7, 11), "DDMONYYYY": (5, 9), "YYYY-MM-DD": (0, 4), "MM/DD/YYYY": (6, 10)}
"""Where the year stands in a date of each form."""
_FAR_YEAR = "2103"
_FIRST_YEAR, _LAST_YEAR = 1920, 2040


def day_unknown(date: Text) -> Text:
    """`12 MAR 2011` as `UN MAR 2011`."""
    return join("UN", pc.utf8_slice_codeunits(date, 2))


def month_unknown(date: Text) -> Text:
    """`12 MAR 2011` as `UN UNK 2011`."""
    return join("UN UNK ", pc.utf8_slice_codeunits(date, 7))


def partial_dates(scene: Scene) -> None:
    """Days and months not remembered: in histories (as in the clean export), of drugs before consent, of 1 % of AEs."""
    for form, columns in _HISTORIES.items():
        for column in columns:
            if scene.has(form, column):
                values = scene.column(form, column)
                unknown = pc.fill_null(pc.starts_with(values, "UN"), False)
                scene.tell(
                    form, scene.key(form).filter(unknown), column, values.filter(unknown), values.filter(unknown)
                )
    if scene.has("AE", "AESTDAT"):
        rows = scene.choose("AE", _complete(scene, "AE", "AESTDAT") & ~scene.equals("AE", "AEOUT", "Fatal"), 0.01)
        scene.change("AE", rows, "AESTDAT", day_unknown(scene.column("AE", "AESTDAT").take(pa.array(rows))))
    if scene.has("CM", "CMSTDAT") and scene.has("ENROL", "ICFDAT"):
        before = days_of(scene.column("CM", "CMSTDAT")) < _consent(scene, "CM")
        for part, share, unknown_part in (("month", MONTH_UNKNOWN, month_unknown), ("day", DAY_UNKNOWN, day_unknown)):
            rows = scene.choose("CM", before, share, part=part)
            scene.change("CM", rows, "CMSTDAT", unknown_part(scene.column("CM", "CMSTDAT").take(pa.array(rows))))


def _complete(scene: Scene, form: str, column: str) -> Bools:
    return np.isfinite(days_of(scene.column(form, column), FORMS[form].dates or "DD MON YYYY"))


def _consent(scene: Scene, form: str) -> Floats:
    """The day of consent of the subject of each record."""
    place = scene.rows_of("ENROL", scene.subject(form))
    day = days_of(scene.column("ENROL", "ICFDAT"))
    return np.where(place >= 0, day[place], np.nan)


def date_columns(scene: Scene, form: str) -> list[str]:
    """The columns of a form that hold dates of the trial."""
    names = [] if FORMS[form].dates not in _FAR else scene.forms[form].column_names
    return [name for name in names if _DATE.search(name) and name not in _HANDLING]


def impossible_dates(scene: Scene) -> None:
    """One date of a thousand, of any form: 31 February, 31 April, or a year a hundred years ahead.

    A date that is a number, as those of a transport file, can be of a wrong year alone.
    """
    cells = [(form, column) for form in scene.forms for column in date_columns(scene, form)]
    where = [np.flatnonzero(_complete(scene, form, column) & scene.free(form)) for form, column in cells]
    if not where:
        return
    drawn = {form: scene.uniform(form, len(date_columns(scene, form))) for form in dict.fromkeys(f for f, _ in cells)}
    u = np.concatenate(
        [
            drawn[form][rows, date_columns(scene, form).index(column)]
            for (form, column), rows in zip(cells, where, strict=True)
        ]
    )
    cell = np.repeat(np.arange(len(cells)), [len(rows) for rows in where])
    row = np.concatenate(where)
    few = np.argsort(u, kind="stable")[: max(6, round(0.001 * len(u)))]
    form_number = np.array([list(drawn).index(form) for form, _ in cells])[cell[few]]
    _, first = np.unique(np.column_stack([form_number, row[few]]), axis=0, return_index=True)
    few = few[np.sort(first)]  # one date of a record
    for number in np.unique(cell[few]):
        form, column = cells[number]
        rows = row[few[cell[few] == number]]
        scene.take(form, rows)
        scene.change(form, rows, column, _impossible(scene, form, column, rows))


def _impossible(scene: Scene, form: str, column: str, rows: Ints) -> Text:
    shape = FORMS[form].dates
    clean = scene.column(form, column).take(pa.array(rows))
    day = days_of(clean, shape)
    year = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    years = [str(y) for y in range(_FIRST_YEAR, _LAST_YEAR)]
    never = [labels([text.format(y=y) for y in years], year - _FIRST_YEAR) for text in _IMPOSSIBLE[shape]]
    far = pc.binary_replace_slice(clean.cast(pa.binary()), *_FAR[shape], _FAR_YEAR.encode()).cast(pa.string())
    if FILES.get(form, "").endswith(".xpt"):
        return far
    u = scene.uniform(form, 1, "which")[rows, 0]
    return choose(u < 0.5, far, choose(u < 0.75, never[0], never[1]))


def end_before_start(scene: Scene) -> None:
    """Half a percent of events and drugs end one to ten days before they start."""
    for form, (start, end) in _SPANS.items():
        if not scene.has(form, start, end):
            continue
        first, last = (days_of(scene.column(form, name)) for name in (start, end))
        could = np.isfinite(first) & np.isfinite(last)
        if form == "AE":
            could &= ~scene.equals("AE", "AEOUT", "Fatal")
        rows = scene.choose(form, could, 0.005)
        back = 1 + np.floor(10 * scene.uniform(form, 1, "days")[rows, 0])
        scene.change(form, rows, end, dates(first[rows] - back))


def past_midnight(scene: Scene) -> None:
    """Infusions that begin before midnight and end after it, on a form that has one date."""
    if scene.has("EX_INO", "EXSTTIM", "EXENTIM"):
        rows = scene.choose("EX_INO", scene.known("EX_INO", "EXENTIM"), 0.005)
        scene.change("EX_INO", rows, "EXSTTIM", pa.repeat("23:30", len(rows)))
        scene.change("EX_INO", rows, "EXENTIM", pa.repeat("00:30", len(rows)))


def clock_24(scene: Scene) -> None:
    """Midnight written as 24:00 of the day that ends: the end of an infusion, an electrocardiogram."""
    if scene.has("EX_INO", "EXSTTIM", "EXENTIM"):
        rows = scene.choose("EX_INO", scene.known("EX_INO", "EXENTIM"), count=2)
        scene.change("EX_INO", rows, "EXSTTIM", pa.repeat("23:00", len(rows)))
        scene.change("EX_INO", rows, "EXENTIM", pa.repeat("24:00", len(rows)))
    if scene.has("ECG", "ECGDTM"):
        moment = scene.column("ECG", "ECGDTM")
        timed = np.asarray(pc.fill_null(pc.match_substring_regex(moment, r"\d \d\d:\d\d"), False))
        rows = scene.choose("ECG", timed, count=3)
        clock = r" \d\d:\d\d(:\d\d)?$"
        scene.change("ECG", rows, "ECGDTM", pc.replace_substring_regex(moment.take(pa.array(rows)), clock, " 24:00"))
