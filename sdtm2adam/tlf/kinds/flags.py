"""Kind `flags`: subjects who meet a condition, each row with a base of its own."""

from typing import ClassVar

from sdtm2adam.tlf.kind import TableKind
from sdtm2adam.tlf.methods.counts import count_subjects


class Flags(TableKind):
    """Rows of counts: disposition, overviews, deaths."""

    name = "flags"
    methods: ClassVar = {"M_CNT": count_subjects}


KIND = Flags()
