"""The ids by which specs, results and footnotes call the methods, and the function behind each."""

from collections.abc import Callable

from sdtm2adam.analysis.cox import cox
from sdtm2adam.analysis.cox_model import cox_model
from sdtm2adam.analysis.interaction import cox_interaction, logistic_interaction
from sdtm2adam.analysis.kaplan_meier import kaplan_meier
from sdtm2adam.analysis.landmark import rate_difference, survival_rate
from sdtm2adam.analysis.logistic import logistic_model
from sdtm2adam.analysis.logrank import log_rank, log_rank_groups
from sdtm2adam.analysis.paired import paired_change, signed_rank_test
from sdtm2adam.analysis.proportion_tests import cmh_test, one_sided_test, two_sided_test
from sdtm2adam.analysis.proportions import difference, proportion
from sdtm2adam.analysis.rates import exposure_adjusted_rate
from sdtm2adam.analysis.ratios import common_odds_ratio, odds_ratio, relative_risk
from sdtm2adam.analysis.stratified import stratified_difference
from sdtm2adam.analysis.summary import summarise, summarise_geometric
from sdtm2adam.analysis.survival_time import follow_up, quantile, restricted_mean

METHODS: dict[str, tuple[Callable[..., object], ...]] = {
    "M_CNT": (),
    "M_SHIFT": (),
    "M_AGREE": (),
    "M_AE": (),
    "M_LIST": (),
    "M_HIST": (),
    "M_ECDF": (),
    "M_PAIRED": (),
    "M_SWIMMER": (),
    "M_WATERFALL": (),
    "M_CONT": (summarise,),
    "M_GEO": (summarise_geometric,),
    "M_PAIR": (paired_change, signed_rank_test),
    "M_EAIR": (exposure_adjusted_rate,),
    "M_CP": (proportion,),
    "M_DIFF": (difference,),
    "M_DIFFS": (stratified_difference,),
    "M_PROP_P": (one_sided_test,),
    "M_PROP_2": (two_sided_test,),
    "M_CMH": (cmh_test,),
    "M_ORT": (odds_ratio,),
    "M_RRT": (relative_risk,),
    "M_ORS": (common_odds_ratio,),
    "M_OR": (logistic_model,),
    "M_KM": (kaplan_meier,),
    "M_KMQ": (quantile,),
    "M_KMT": (survival_rate,),
    "M_KMTD": (rate_difference,),
    "M_RMST": (restricted_mean,),
    "M_RKM": (follow_up,),
    "M_LR": (log_rank,),
    "M_LRK": (log_rank_groups,),
    "M_COX": (cox,),
    "M_COXM": (cox_model,),
    "M_INT": (logistic_interaction, cox_interaction),
    "M_TREND": (logistic_interaction, cox_interaction),
}
"""Functions by method id, in the order of docs/methods.md; those without one are counted or printed by the outputs."""
