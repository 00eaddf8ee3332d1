"""Records more than there should be: saved twice, measured twice, between visits, deleted, split; and wrong visits."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.simulate.baseline import count_before
from sdtm2adam.simulate.mess.labs import lab_forms, nudged
from sdtm2adam.simulate.mess.scene import Scene, added_id
from sdtm2adam.simulate.streams import Floats, Ints
from sdtm2adam.simulate.text import Text, choose, dates, days_of, join, labels, numbers, times
from sdtm2adam.simulate.visits import FOLDERS

_DATED = {"VS": "VSDAT", "BM": "BMDAT"}
_TIMED = {"VS": ("VSTIM", "PULSE")}
_GRADES = [f"Grade {grade}" for grade in range(6)]
_UNSCHEDULED = FOLDERS[-1]


def _measured(scene: Scene) -> dict[str, str]:
    """The forms of measurements by visit, with the column of their date."""
    forms = dict.fromkeys(lab_forms(scene), "LBDAT") | _DATED
    return {form: date for form, date in forms.items() if scene.has(form, date, "FOLDER")}


def saved_twice(scene: Scene) -> None:
    """0.4 % of laboratory records, drugs and vital signs were saved twice; only the RECORDID differs."""
    for form in [*lab_forms(scene), *(name for name in ("CM", "VS") if name in scene.forms)]:
        gate = scene.known(form, "CMTRT") if form == "CM" else np.ones(scene.forms[form].num_rows, dtype=bool)
        rows = scene.choose(form, gate, 0.004)
        copies = scene.copy(form, rows)
        scene.add(form, copies)
        scene.code_added(form, rows)
        scene.tell(form, copies["RECORDID"], "", "", join("the same as ", scene.key(form).take(pa.array(rows))))


def drawn_again(scene: Scene) -> None:
    """0.5 % of laboratory and vital signs records were repeated after 45 minutes, with a slightly other result."""
    forms = {
        form: ("LBTIM", "PLAT" if scene.has(form, "PLAT") else _first_test(scene, form)) for form in lab_forms(scene)
    }
    for form, (time, column) in (forms | _TIMED).items():
        if not scene.has(form, time, column):
            continue
        clock = _minutes(scene.column(form, time))
        rows = scene.choose(form, (clock < 23 * 60) & scene.known(form, column), 0.005)
        clean = scene.column(form, column).take(pa.array(rows))
        again = nudged(clean, 1.07)
        copies = scene.copy(form, rows, **{time: times(clock[rows] + 45), column: again})
        scene.add(form, copies)
        scene.tell(form, copies["RECORDID"], column, clean, again)


def _first_test(scene: Scene, form: str) -> str:
    names = scene.forms[form].column_names
    return next(str(name) for name in names if f"{name}_U" in names)


def _minutes(clock: Text) -> Floats:
    """HH:MM to minutes after midnight."""
    known = pc.fill_null(pc.match_substring_regex(clock, r"^\d\d:\d\d$"), False)
    plain = pc.if_else(known, clock, None)
    hour, minute = (pc.cast(pc.utf8_slice_codeunits(plain, *at), pa.float64()) for at in ((0, 2), (3, 5)))
    return np.asarray(pc.add(pc.multiply(hour, 60.0), minute).to_numpy(zero_copy_only=False))


def wrong_visits(scene: Scene) -> None:
    """Samples between visits (4 %, right as they are), and 0.3 % on the page of a visit two cycles later."""
    for form, date in _measured(scene).items():
        day, folder = days_of(scene.column(form, date)), scene.column(form, "FOLDER")
        planned = np.asarray(pc.match_substring_regex(folder, r"^C\d"))
        between = planned & (_days_to_next(scene, form, day) >= 6)
        rows = scene.choose(form, between, 0.04, part="unscheduled")
        changed = {date: dates(day[rows] + 3), "FOLDER": _UNSCHEDULED, "FOLDERSEQ": str(len(FOLDERS))}
        copies = scene.copy(form, rows, **changed, SAVETS=join(dates(day[rows] + 6), " 10:00"))
        scene.add(form, copies)
        scene.tell(form, copies["RECORDID"], "FOLDER", "", _UNSCHEDULED, "keep")
        rows = scene.choose(form, planned, 0.003, part="wrong")
        scene.change(form, rows, "FOLDER", two_cycles_on(folder.take(pa.array(rows))))


def two_cycles_on(folder: Text) -> Text:
    """`C1D8` as `C3D8`; the sixth cycle is followed by the first."""
    names = [name for name in FOLDERS if name.startswith("C") and name[1:2].isdigit()]
    later = [f"C{(int(name[1]) + 1) % 6 + 1}{name[2:]}" for name in names]
    return pa.array(later).take(pc.index_in(folder, value_set=pa.array(names)))


def _days_to_next(scene: Scene, form: str, day: Floats) -> Floats:
    """Days to the next record of the subject in the form; nan for the last one."""
    subject = scene.subject(form)
    who = np.asarray(pc.index_in(subject, value_set=pc.unique(subject)), dtype=np.int64)
    order = np.lexsort((day, who))
    same = np.r_[who[order][1:] == who[order][:-1], False]
    step = np.where(same, np.r_[np.diff(day[order]), np.nan], np.nan)
    found = np.empty(len(day))
    found[order] = step
    return found


def soft_deleted(scene: Scene) -> None:
    """0.2 % of the events stand twice: once as deleted, every other time under the same RECORDID."""
    if scene.has("AE", "DELETED", "AETERM"):
        rows = scene.choose("AE", scene.known("AE", "AETERM"), 0.002, least=2)
        term = join(scene.column("AE", "AETERM").take(pa.array(rows)), " (entered in error)")
        clean = scene.column("AE", "RECORDID").take(pa.array(rows))
        ids = choose(np.arange(len(rows)) % 2 == 0, clean, added_id(clean))
        copies = scene.copy("AE", rows, RECORDID=ids, AETERM=term, DELETED="1")
        scene.add("AE", copies)
        scene.tell("AE", copies["RECORDID"], "DELETED", "", "1")


def split_events(scene: Scene) -> None:
    """5 % of the events are on two lines: the severe part, then a milder one to the end."""
    if not scene.has("AE", "AENO", "AESTDAT", "AEENDAT", "GRADE"):
        return
    start, end = (days_of(scene.column("AE", name)) for name in ("AESTDAT", "AEENDAT"))
    grade = _grade(scene.column("AE", "GRADE"))
    rows = scene.choose("AE", (end - start >= 4) & (grade >= 2) & (grade < 5), 0.05)
    middle = np.floor((start + end)[rows] / 2)
    scene.change("AE", rows, "AEENDAT", dates(middle))
    milder = (grade[rows] - 1).astype(np.int64)
    copies = scene.copy(
        "AE", rows, AENO=_further_numbers(scene, rows), AESTDAT=dates(middle + 1), GRADE=labels(_GRADES, milder),
        GRADE_STD=numbers(milder.astype(float)), AESER="No", AESER_STD="0",
        **dict.fromkeys(_CRITERIA, _blank(len(rows))),
    )  # fmt: skip
    scene.add("AE", copies)
    scene.code_added("AE", rows)
    scene.tell("AE", copies["RECORDID"], "", "", join("continues ", scene.key("AE").take(pa.array(rows))))


_CRITERIA = ("SDTH", "SLIFE", "SHOSP", "SDISAB", "SCONG", "SMIE")


def _blank(rows: int) -> Text:
    return pa.nulls(rows, pa.string())


def _grade(labelled: Text) -> Floats:
    place = pc.index_in(labelled, value_set=pa.array(_GRADES))
    return np.asarray(pc.fill_null(place, -1), dtype=np.float64)


def _further_numbers(scene: Scene, rows: Ints) -> Text:
    """AENO for added events: on from the last one of the subject."""
    subject = scene.subject("AE")
    who = np.asarray(pc.index_in(subject, value_set=pc.unique(subject)), dtype=np.int64)
    number = np.asarray(pc.fill_null(pc.cast(scene.column("AE", "AENO"), pa.int64()), 0))
    last = np.zeros(int(who.max()) + 1, dtype=np.int64)
    np.maximum.at(last, who, number)
    further = count_before(who[rows]) if len(rows) else np.empty(0, dtype=np.int64)
    return numbers((last[who[rows]] + 1 + further).astype(float))
