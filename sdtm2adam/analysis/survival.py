"""Time to event: Kaplan-Meier, log-rank and Cox. Every method, from one door."""

from sdtm2adam.analysis.cox import cox
from sdtm2adam.analysis.cox_model import cox_model
from sdtm2adam.analysis.episodes import split_at
from sdtm2adam.analysis.interaction import cox_interaction
from sdtm2adam.analysis.kaplan_meier import KaplanMeier, at_risk, band, kaplan_meier
from sdtm2adam.analysis.landmark import rate_difference, survival_rate
from sdtm2adam.analysis.logrank import log_rank, log_rank_groups
from sdtm2adam.analysis.survival_time import follow_up, quantile, restricted_mean

__all__ = [
    "KaplanMeier",
    "at_risk",
    "band",
    "cox",
    "cox_interaction",
    "cox_model",
    "follow_up",
    "kaplan_meier",
    "log_rank",
    "log_rank_groups",
    "quantile",
    "rate_difference",
    "restricted_mean",
    "split_at",
    "survival_rate",
]
