"""Kind `flags`: subjects who meet a condition, each row with a base of its own."""

from typing import ClassVar

from sdtm2adam.tlf.kind import TableKind
from sdtm2adam.tlf.methods.continuous import summarise_variable
from sdtm2adam.tlf.methods.counts import count_subjects
from sdtm2adam.tlf.methods.proportions import estimate_proportion


class Flags(TableKind):
    """Rows of counts, with exact intervals and the days to an event: disposition, overviews, deaths."""

    name = "flags"
    methods: ClassVar = {"M_CNT": count_subjects, "M_CP": estimate_proportion, "M_CONT": summarise_variable}


KIND = Flags()
