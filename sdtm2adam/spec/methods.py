"""The methods that rows of tables name: the statistics each gives, and which of them compare arms."""

METHOD_STATISTICS: dict[str, tuple[str, ...]] = {
    "M_CNT": ("n", "pct", "events"),
    "M_CONT": ("n", "mean", "sd", "median", "q1", "q3", "min", "max", "geo_mean", "geo_cv"),
    "M_PAIR": ("n", "before", "after", "change", "min", "max", "p"),
    "M_SHIFT": ("n", "pct"),
    "M_AGREE": ("n", "pct"),
    "M_CP": ("est", "lower", "upper"),
    "M_DIFF": ("est", "lower", "upper"),
    "M_PROP_P": ("p",),
    "M_CMH": ("p",),
    "M_INT": ("p",),
    "M_TREND": ("p",),
    "M_KMQ": ("est", "lower", "upper", "min", "minc", "max", "maxc"),
    "M_KMT": ("est", "lower", "upper"),
    "M_KMTD": ("est", "lower", "upper"),
    "M_RKM": ("est",),
    "M_LR": ("p",),
    "M_COX": ("est", "lower", "upper"),
    "M_COXM": ("est", "lower", "upper", "p"),
    "M_EAIR": ("n", "years", "est", "lower", "upper"),
}
"""The statistics each method gives."""

COMPARING = ("M_DIFF", "M_PROP_P", "M_CMH", "M_INT", "M_TREND", "M_KMTD", "M_LR", "M_COX")
"""Methods that compare the arms of a span."""
