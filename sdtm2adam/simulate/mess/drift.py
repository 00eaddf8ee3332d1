"""What changes in the structure of a later transfer: a column more, a column less, a column of another type."""

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.simulate.mess.log import Log
from sdtm2adam.simulate.mess.scene import Forms

NAME = "drift"
_NEW = ("AE", "AEREPDT", "date reported to the sponsor")
_DROPPED = ("RESP", "RSDRV")
_RETYPED = ("EOT", "NCYC", " cycles")


def drift(forms: Forms, log: Log) -> Forms:
    """The later transfer: AE has a new column, RESP lacks one, and EOT counts `3 cycles` where it counted 3."""
    made = dict(forms)
    form, column, _ = _NEW
    if form in made:
        rows = made[form]
        made[form] = rows.append_column(
            column, rows["AESTDAT"] if "AESTDAT" in rows.column_names else pa.nulls(len(rows))
        )
        log.add(form, pa.array([""]), column, NAME, "", "new column", "report")
    form, column = _DROPPED
    if form in made and column in made[form].column_names:
        made[form] = made[form].drop_columns([column])
        log.add(form, pa.array([""]), column, NAME, "column", "", "report")
    form, column, unit = _RETYPED
    if form in made and column in made[form].column_names:
        rows = made[form]
        clean = rows[column].combine_chunks()
        known = pc.is_valid(clean)
        messy = pc.binary_join_element_wise(clean, unit, "")
        made[form] = rows.set_column(rows.column_names.index(column), column, messy)
        log.add(
            form,
            rows["RECORDID"].combine_chunks().filter(known),
            column,
            NAME,
            clean.filter(known),
            messy.filter(known),
            "report",
        )
    return made
