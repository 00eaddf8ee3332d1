"""Sites that write 1,5 for 1.5, in all their results and doses: the last thing that happens to an export."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.simulate.mess.labs import lab_forms, tests
from sdtm2adam.simulate.mess.log import Log
from sdtm2adam.simulate.mess.scene import Forms, Scene
from sdtm2adam.simulate.text import join

NAME = "decimal-comma"
_COUNTRIES = {"FRA", "ESP"}
_POINTS = {
    "BM": ("BMBLAST",),
    "VS": ("TEMP", "WEIGHT", "HEIGHT"),
    "EX_INO": ("BSA", "PLANDOSE", "EXDOSE"),
}


def write_commas(forms: Forms, log: Log) -> tuple[Forms, Log]:
    """Commas for points at the sites of France and Spain: laboratory results, vital signs, doses.

    The log has a line for each value of a record that has no other error; the lines of other errors say what stands
    there now.
    """
    scene, made, lines = Scene(forms, 0), dict(forms), log.table()
    if not scene.has("SITES", "COUNTRY"):
        return forms, log
    there = pc.is_in(scene.column("SITES", "COUNTRY"), value_set=pa.array(sorted(_COUNTRIES)))
    sites = scene.column("SITES", "SITEID").filter(there)
    written = Log()
    for form in [*lab_forms(scene), *(name for name in _POINTS if name in forms)]:
        at_site = pc.is_in(pc.utf8_slice_codeunits(scene.subject(form), 0, 4), value_set=sites)
        of_form = lines.filter(pc.equal(lines["form"], form))
        odd = pc.is_in(scene.key(form), value_set=of_form["RECORDID"].combine_chunks())
        for column in _POINTS.get(form) or tests(scene, form):
            if not scene.has(form, column):
                continue
            clean = scene.column(form, column)
            pointed = pc.and_(at_site, pc.fill_null(pc.match_substring_regex(clean, r"^[<>]?\d+\.\d+$"), False))
            messy = pc.if_else(pointed, pc.replace_substring(clean, ".", ","), clean)
            made[form] = made[form].set_column(made[form].column_names.index(column), column, messy)
            told = pc.and_(pointed, pc.invert(odd))
            written.add(
                form, scene.key(form).filter(told), column, NAME, clean.filter(told), messy.filter(told), _EXPECT
            )
            lines = _as_written(lines, form, column, scene.key(form).filter(pc.and_(pointed, odd)))
    return made, Log([lines, written.table()])


_EXPECT = "normalise"


def _as_written(lines: pa.Table, form: str, column: str, keys: pa.Array) -> pa.Table:
    """The log with commas in what is said of values that were written with them."""
    named = pc.is_in(
        join(lines["form"], "|", lines["column"], "|", lines["RECORDID"]), value_set=join(f"{form}|{column}|", keys)
    )
    if not np.asarray(named).any():
        return lines
    messy = pc.if_else(named, pc.replace_substring(lines["messy"], ".", ","), lines["messy"])
    return lines.set_column(lines.column_names.index("messy"), "messy", messy)
