"""Kind `summary`: continuous and categorical variables."""

from typing import ClassVar

from sdtm2adam.tlf.kind import TableKind
from sdtm2adam.tlf.methods.continuous import summarise_variable
from sdtm2adam.tlf.methods.counts import count_subjects
from sdtm2adam.tlf.methods.paired import summarise_pairs


class Summary(TableKind):
    """Blocks of n, mean, median and so on, subjects by level, and changes of paired values."""

    name = "summary"
    methods: ClassVar = {"M_CNT": count_subjects, "M_CONT": summarise_variable, "M_PAIR": summarise_pairs}


KIND = Summary()
