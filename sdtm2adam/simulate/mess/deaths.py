"""Death: dates that disagree, records after it, fatal events without a death form and the reverse."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.simulate.mess.labs import lab_forms
from sdtm2adam.simulate.mess.scene import Scene
from sdtm2adam.simulate.parameters import read_parameters
from sdtm2adam.simulate.streams import Bools, Ints
from sdtm2adam.simulate.text import Text, dates, days_of, epoch_day, join
from sdtm2adam.simulate.visits import FOLDERS


def _died(scene: Scene) -> Text:
    return scene.subject("DEATH")


def _told_by(scene: Scene, form: str, column: str, answer: str) -> Ints:
    """For each death form the record of another form that tells of the death; -1 where there is none."""
    found = np.flatnonzero(scene.equals(form, column, answer))
    place = pc.index_in(_died(scene), value_set=scene.subject(form).take(pa.array(found)))
    at = np.asarray(pc.fill_null(place, -1), dtype=np.int64)
    return np.where(at >= 0, found[at], -1) if len(found) else np.full(len(at), -1)


def _has_free(scene: Scene, form: str, rows: Ints) -> Bools:
    free = scene.free(form)
    return (rows >= 0) & (free[rows] if len(free) else False)


_TELLERS = (
    ("SURV", "SVSTAT", "Dead", "SVDAT"),
    ("EOS", "EOSRSN", "Death", "EOSDAT"),
    ("AE", "AEOUT", "Fatal", "AEENDAT"),
)


def death_dates(scene: Scene) -> None:
    """3 % of the deaths: the contact, the end of study or the fatal event give a date some days before the form's."""
    for form, column, answer, date in _TELLERS:
        if not (scene.has("DEATH", "DTHDAT") and scene.has(form, column, date)):
            continue
        teller = _told_by(scene, form, column, answer)
        could = _has_free(scene, form, teller)
        chosen = scene.choose("DEATH", could, 0.01, part=form)
        rows = teller[chosen]
        scene.take(form, rows)
        back = 2 + np.floor(9 * scene.uniform("DEATH", 1, "days")[chosen, 0])
        scene.change(form, rows, date, dates(days_of(scene.column("DEATH", "DTHDAT"))[chosen] - back))


def after_death(scene: Scene) -> None:
    """Two subjects with a blood sample and a new drug after their death."""
    cut = epoch_day(read_parameters("design")["cutoff"])
    if not scene.has("DEATH", "DTHDAT"):
        return
    death = days_of(scene.column("DEATH", "DTHDAT"))
    forms = [form for form in (*lab_forms(scene)[:1], "CM") if form in scene.forms]
    sources = {form: _last_of(scene, form, _died(scene)) for form in forms}
    could = death + 12 <= cut
    for form, rows in sources.items():
        could &= _has_free(scene, form, rows)
    chosen = scene.choose("DEATH", could, count=2)
    for form, rows in sources.items():
        at, day = rows[chosen], death[chosen]
        scene.take(form, at)
        saved = join(dates(day + 9), " 10:00")
        changed: dict[str, Text | str] = {"SAVETS": saved}
        if form == "CM":
            changed |= {"CMSTDAT": dates(day + 3), "CMENDAT": dates(day + 4), "CMONGO": "No", "CMONGO_STD": "0"}
        else:
            changed |= {"LBDAT": dates(day + 5), "FOLDER": FOLDERS[-1], "FOLDERSEQ": str(len(FOLDERS))}
        copies = scene.copy(form, at, **changed)
        scene.add(form, copies)
        scene.code_added(form, at)
        date = "CMSTDAT" if form == "CM" else "LBDAT"
        scene.tell(form, copies["RECORDID"], date, "", changed[date])


def _last_of(scene: Scene, form: str, subjects: Text) -> Ints:
    """The last record of each subject in a form; -1 where there is none."""
    there = scene.subject(form)
    place = pc.index_in(subjects, value_set=pa.array(there.to_numpy(zero_copy_only=False)[::-1], pa.string()))
    at = np.asarray(pc.fill_null(place, -1), dtype=np.int64)
    return np.where(at >= 0, len(there) - 1 - at, -1)


def fatal_without_form(scene: Scene) -> None:
    """1 % of the deaths: a fatal event without a death form, and a death form whose event is not fatal."""
    if not (scene.has("DEATH", "DTHAENO") and scene.has("AE", "AEOUT")):
        return
    event = _told_by(scene, "AE", "AEOUT", "Fatal")
    could = _has_free(scene, "AE", event) & scene.known("DEATH", "DTHAENO")
    lost = scene.choose("DEATH", could, 0.01, part="lost")
    scene.take("AE", event[lost])
    scene.remove("DEATH", lost)
    gone = join("no death form ", scene.key("DEATH").take(pa.array(lost)))
    scene.tell("AE", scene.key("AE").take(pa.array(event[lost])), "AEOUT", "Fatal", gone)
    alive = scene.choose("DEATH", could & _has_free(scene, "AE", event), 0.01, part="alive")
    rows = event[alive]
    scene.take("AE", rows)
    scene.change("AE", rows, "AEOUT", pa.repeat("Not resolved", len(rows)))
    scene.change("AE", rows, "AEOUT_STD", pa.repeat("4", len(rows)), told=False)
