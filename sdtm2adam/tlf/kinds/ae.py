"""Kind `ae`: subjects with adverse events by levels found in the data, sorted by frequency."""

from typing import ClassVar

from sdtm2adam.tlf.kind import TableKind
from sdtm2adam.tlf.methods.counts import count_subjects


class AdverseEvents(TableKind):
    """Rows per system organ class and preferred term."""

    name = "ae"
    methods: ClassVar = {"M_CNT": count_subjects}


KIND = AdverseEvents()
