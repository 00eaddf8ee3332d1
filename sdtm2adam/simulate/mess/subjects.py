"""Who is who: strata that differ, subjects screened twice, failed or never dosed, and numbers mistyped in feeds."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.simulate.mess.labs import lab_forms
from sdtm2adam.simulate.mess.scene import Scene
from sdtm2adam.simulate.streams import Bools, Ints
from sdtm2adam.simulate.text import Text, dates, days_of, join, numbers

_STRATA = {"STRAT_DFR": ("ALLHX", "DFRCAT"), "STRAT_SALV": ("ALLHX", "SALV")}
_EXPOSURE = ("EX_INO", "EX_FLAG", "EX_MXN", "EX_HIDAC")
_OFTEN = 35
"""Days between the two screenings."""


def strata(scene: Scene) -> None:
    """Strata typed wrongly at randomisation: in the clean export; the log says which."""
    if not scene.has("IVRS", "SUBJ"):
        return
    for column, (form, field) in _STRATA.items():
        if scene.has("IVRS", column) and scene.has(form, field):
            _tell_stratum(scene, column, _of_subject(scene, form, field))
    if scene.has("IVRS", "STRAT_AGE") and scene.has("ENROL", "AGE"):
        age = pc.cast(_of_subject(scene, "ENROL", "AGE"), pa.int64())
        _tell_stratum(scene, "STRAT_AGE", pc.if_else(pc.less(age, 55), "<55", ">=55"))


def _of_subject(scene: Scene, form: str, field: str) -> Text:
    """The value of a form of each randomised subject."""
    place = scene.rows_of(form, scene.subject("IVRS"))
    return scene.column(form, field).take(pa.array(place, mask=place < 0))


def _tell_stratum(scene: Scene, column: str, crf: Text) -> None:
    typed = scene.column("IVRS", column)
    differs = pc.fill_null(pc.not_equal(typed, crf), False)
    scene.tell("IVRS", scene.key("IVRS").filter(differs), column, crf.filter(differs), typed.filter(differs))


def screened_twice(scene: Scene) -> None:
    """1 % of the randomised failed screening before, under another number, five weeks earlier."""
    if not (scene.has("ENROL", "PREVSUBJ") and scene.has("IVRS", "SUBJ") and scene.has("IE", "ELIG")):
        return
    randomised = np.asarray(pc.is_in(scene.subject("ENROL"), value_set=scene.subject("IVRS")))
    rows = scene.choose("ENROL", randomised, 0.01)
    who = scene.subject("ENROL").take(pa.array(rows))
    before = join(pc.utf8_slice_codeunits(who, 0, 5), "9", pc.utf8_slice_codeunits(who, 6))
    scene.change("ENROL", rows, "PREVSUBJ", before)
    _screen(scene, "ENROL", rows, before, ("ICFDAT", "ENROLDAT"), **_age_then(scene, rows))
    for form, columns, more in (
        ("IE", ("IEDAT",), _NOT_MET),
        ("VISIT", ("VISDAT",), {}),
        *((form, ("LBDAT",), {}) for form in lab_forms(scene)),
    ):
        if scene.has(form, *columns):
            _screen(scene, form, scene.rows_of(form, who), before, columns, **more)


_NOT_MET = {
    "ELIG": "No", "ELIG_STD": "0", "IETYPE": "Exclusion", "IETYPE_STD": "2", "IECODE": "E11", "IERES": "Yes",
    "IERES_STD": "1", "SFREAS": "Bilirubin above 1.5 x ULN",
}  # fmt: skip


def _age_then(scene: Scene, rows: Ints) -> dict[str, Text]:
    """The age at the first screening, which the year of birth allows."""
    if not scene.has("ENROL", "AGE", "BRTHYR", "ICFDAT"):
        return {}
    day = dates(days_of(scene.column("ENROL", "ICFDAT"))[rows] - _OFTEN)
    year = np.asarray(pc.cast(pc.utf8_slice_codeunits(day, 7), pa.float64()))
    age, born = (np.asarray(pc.cast(scene.column("ENROL", name), pa.float64()))[rows] for name in ("AGE", "BRTHYR"))
    return {"AGE": numbers(np.minimum(age, year - born))}


def _screen(scene: Scene, form: str, rows: Ints, before: Text, columns: tuple[str, ...], **more: Text | str) -> None:
    """The records of the first screening."""
    kept = rows >= 0
    at = rows[kept]
    scene.take(form, at)
    earlier = {name: dates(days_of(scene.column(form, name))[at] - _OFTEN) for name in columns}
    saved = days_of(pc.utf8_slice_codeunits(scene.column(form, "SAVETS"), 0, 11))[at] - _OFTEN
    changed: dict[str, Text | str] = {**earlier, **more, "SAVETS": join(dates(saved), " 10:00")}
    number = before.filter(pa.array(kept))
    copies = scene.copy(form, at, SUBJECT=number, **changed)
    scene.add(form, copies)
    scene.tell(form, copies["RECORDID"], "SUBJECT", "", number, "keep")


def screen_failures(scene: Scene) -> None:
    """Screen failures have samples, and a few a drug as well."""
    for form in lab_forms(scene):
        failed = pa.array(_failed(scene, form))
        scene.tell(
            form,
            scene.key(form).filter(failed),
            "SUBJECT",
            scene.subject(form).filter(failed),
            scene.subject(form).filter(failed),
        )


def _failed(scene: Scene, form: str) -> Bools:
    """Which records are of subjects who were not randomised."""
    if not scene.has("IVRS", "SUBJ"):
        return np.zeros(scene.forms[form].num_rows, dtype=bool)
    return ~np.asarray(pc.is_in(scene.subject(form), value_set=scene.subject("IVRS")))


def never_dosed(scene: Scene) -> None:
    """Randomised to standard of care and never dosed: in the clean export."""
    if not scene.has("IVRS", "ARMTXT"):
        return
    dosed = [scene.subject(form) for form in _EXPOSURE if form in scene.forms]
    never = pc.invert(pc.is_in(scene.subject("IVRS"), value_set=pa.concat_arrays([_flat(each) for each in dosed])))
    arm = scene.column("IVRS", "ARMTXT").filter(never)
    scene.tell("IVRS", scene.key("IVRS").filter(never), "ARMTXT", arm, arm)


def _flat(values: Text) -> Text:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def mistyped(scene: Scene) -> None:
    """Two records of feeds whose subject lost a digit: `1001-007`."""
    for form, column, count in (("CFLOW", "Patient", 1), ("EAC", "SUBJ", 1)):
        if scene.has(form, column):
            rows = scene.choose(form, scene.known(form, column), count=count)
            clean = scene.column(form, column).take(pa.array(rows))
            scene.change(form, rows, column, pc.replace_substring_regex(clean, "-0", "-"))
