"""Kind `tte`: time to event by Kaplan-Meier, log-rank and Cox."""

from typing import ClassVar

from sdtm2adam.tlf.kind import TableKind
from sdtm2adam.tlf.methods.counts import count_subjects
from sdtm2adam.tlf.methods.times import compare_arms, compare_groups, estimate_curve


class TimeToEvent(TableKind):
    """Events, quantiles, landmark rates, and comparisons of two arms."""

    name = "tte"
    methods: ClassVar = {
        "M_CNT": count_subjects,
        "M_KMQ": estimate_curve,
        "M_KMT": estimate_curve,
        "M_RMST": estimate_curve,
        "M_RKM": estimate_curve,
        "M_KMTD": compare_arms,
        "M_LR": compare_arms,
        "M_COX": compare_arms,
        "M_INT": compare_groups,
        "M_TREND": compare_groups,
    }


KIND = TimeToEvent()
