"""Time to event: Kaplan-Meier, log-rank and Cox. Every method, from one door."""

from sdtm2adam.analysis.cox import cox
from sdtm2adam.analysis.interaction import cox_interaction
from sdtm2adam.analysis.kaplan_meier import (
    KaplanMeier,
    at_risk,
    follow_up,
    kaplan_meier,
    quantile,
)
from sdtm2adam.analysis.landmark import rate_difference, survival_rate
from sdtm2adam.analysis.logrank import log_rank

__all__ = [
    "KaplanMeier",
    "at_risk",
    "cox",
    "cox_interaction",
    "follow_up",
    "kaplan_meier",
    "log_rank",
    "quantile",
    "rate_difference",
    "survival_rate",
]
