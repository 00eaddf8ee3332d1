"""The methods that rows of tables name: the statistics each gives, and which of them compare arms."""

METHOD_STATISTICS: dict[str, tuple[str, ...]] = {
    "M_CNT": ("n", "pct", "events"),
    "M_CONT": ("n", "mean", "sd", "median", "q1", "q3", "min", "max", "geo_mean", "geo_cv"),
    "M_PAIR": ("n", "before", "after", "change", "min", "max", "p"),
    "M_SHIFT": ("n", "pct"),
    "M_AGREE": ("n", "pct"),
    "M_CP": ("est", "lower", "upper"),
    "M_DIFF": ("est", "lower", "upper"),
    "M_DIFFS": ("est", "lower", "upper"),
    "M_PROP_P": ("p",),
    "M_PROP_2": ("p",),
    "M_CMH": ("p",),
    "M_ORT": ("est", "lower", "upper", "p"),
    "M_RRT": ("est", "lower", "upper", "p"),
    "M_ORS": ("est", "lower", "upper", "p"),
    "M_INT": ("p",),
    "M_TREND": ("p",),
    "M_KMQ": ("est", "lower", "upper", "min", "minc", "max", "maxc"),
    "M_KMT": ("est", "lower", "upper"),
    "M_KMTD": ("est", "lower", "upper"),
    "M_RMST": ("est", "lower", "upper"),
    "M_RKM": ("est",),
    "M_LR": ("p",),
    "M_COX": ("est", "lower", "upper"),
    "M_COXM": ("est", "lower", "upper", "p"),
    "M_EAIR": ("n", "years", "est", "lower", "upper"),
}
"""The statistics each method gives."""

OF_RATES = ("M_DIFF", "M_DIFFS", "M_PROP_P", "M_PROP_2", "M_CMH", "M_ORT", "M_RRT", "M_ORS")
"""Methods that compare the proportions of two arms."""

COMPARING = (*OF_RATES, "M_INT", "M_TREND", "M_KMTD", "M_LR", "M_COX")
"""Methods that compare the arms of a span."""

RATIOS = ("M_COX", "M_COXM", "M_ORT", "M_RRT", "M_ORS")
"""Methods that give a ratio, which is printed as a hazard ratio is."""

DIFFERENCES = ("M_DIFF", "M_DIFFS", "M_KMTD")
"""Methods that give a difference of proportions."""
