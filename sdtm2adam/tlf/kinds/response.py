"""Kind `response`: proportions of responders, their differences and tests."""

from typing import ClassVar

from sdtm2adam.spec.methods import OF_RATES
from sdtm2adam.tlf.kind import TableKind
from sdtm2adam.tlf.methods.counts import count_subjects
from sdtm2adam.tlf.methods.proportions import compare_groups, compare_proportions, estimate_proportion


class Response(TableKind):
    """Rates with exact intervals, and comparisons of two arms."""

    name = "response"
    methods: ClassVar = {
        "M_CNT": count_subjects,
        "M_CP": estimate_proportion,
        **dict.fromkeys(OF_RATES, compare_proportions),
        "M_INT": compare_groups,
        "M_TREND": compare_groups,
    }


KIND = Response()
