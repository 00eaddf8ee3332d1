"""Kind `summary`: continuous and categorical variables."""

from typing import ClassVar

from sdtm2adam.tlf.kind import TableKind
from sdtm2adam.tlf.methods.continuous import summarise_variable
from sdtm2adam.tlf.methods.counts import count_subjects


class Summary(TableKind):
    """Blocks of n, mean, median and so on, and subjects by level."""

    name = "summary"
    methods: ClassVar = {"M_CNT": count_subjects, "M_CONT": summarise_variable}


KIND = Summary()
