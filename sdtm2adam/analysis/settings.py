"""The words by which a statistician names a method: defaults, alternatives, and what SAS and R do by themselves."""

from dataclasses import dataclass

from sdtm2adam.errors import UsageError


@dataclass(frozen=True, slots=True)
class Setting:
    """One choice of method.

    Args:
        title: what is chosen, as a footnote calls it.
        says: each allowed word with the phrase that a footnote prints for it; the first word is the default.
        sas: the word for what SAS does without options.
        r: the word for what R does without options.
    """

    title: str
    says: dict[str, str]
    sas: str
    r: str

    @property
    def words(self) -> tuple[str, ...]:
        """The allowed words, the default first."""
        return tuple(self.says)

    @property
    def default(self) -> str:
        """The word that holds where none is given."""
        return self.words[0]


SETTINGS: dict[str, Setting] = {
    "ci_prop": Setting(
        "Confidence interval of a proportion",
        {
            "clopper_pearson": "exact (Clopper-Pearson)",
            "wilson": "Wilson score",
            "wilson_cc": "Wilson score with continuity correction",
            "agresti_coull": "Agresti-Coull",
            "jeffreys": "Jeffreys",
            "wald": "Wald",
        },
        sas="clopper_pearson",
        r="clopper_pearson",
    ),
    "ci_diff": Setting(
        "Confidence interval of a difference",
        {
            "miettinen_nurminen": "Miettinen-Nurminen",
            "mee": "Mee",
            "newcombe": "Newcombe",
            "newcombe_cc": "Newcombe with continuity correction",
            "wald": "Wald",
            "wald_cc": "Wald with continuity correction",
            "anderson_hauck": "Anderson-Hauck",
        },
        sas="wald",
        r="wald_cc",
    ),
    "ci_diff_strat": Setting(
        "Confidence interval of a stratified difference",
        {
            "miettinen_nurminen": "stratified Miettinen-Nurminen",
            "newcombe": "stratified Newcombe",
            "wald": "stratified Wald",
            "sato": "Mantel-Haenszel with Sato variance",
        },
        sas="sato",
        r="miettinen_nurminen",
    ),
    "weights": Setting(
        "Strata",
        {
            "mantel_haenszel": "Mantel-Haenszel weights",
            "miettinen_nurminen": "Miettinen-Nurminen weights",
            "inverse_variance": "inverse-variance weights",
        },
        sas="mantel_haenszel",
        r="mantel_haenszel",
    ),
    "ties": Setting("Ties in Cox models", {"efron": "Efron", "breslow": "Breslow"}, sas="breslow", r="efron"),
    "km_ci": Setting(
        "Scale of Kaplan-Meier confidence intervals",
        {"loglog": "log-log", "log": "log", "plain": "linear"},
        sas="loglog",
        r="log",
    ),
    "km_quantile": Setting(
        "Kaplan-Meier quantiles",
        {
            "midpoint": "midpoint of the interval where survival equals 1 - q",
            "first": "first time at which survival is 1 - q or less",
        },
        sas="midpoint",
        r="midpoint",
    ),
    "log_rank": Setting(
        "Test of survival curves",
        {"logrank": "log-rank", "peto_peto": "Peto-Peto"},
        sas="logrank",
        r="logrank",
    ),
    "percentile": Setting(
        "Percentiles",
        {
            "sas5": "empirical distribution with averaging (SAS definition 5, R type 2)",
            "sas4": "weighted average at (n + 1) p (SAS definition 4, R type 6)",
            "r7": "linear interpolation at 1 + (n - 1) p (R type 7)",
        },
        sas="sas5",
        r="r7",
    ),
}
"""Every setting by its name, as `params` of a report calls it."""


def setting(name: str) -> Setting:
    """The setting of a name.

    Raises:
        UsageError: there is none of that name.

    >>> setting("ties").words
    ('efron', 'breslow')
    """
    if name not in SETTINGS:
        raise UsageError(f"no setting {name}", where="settings of the statistics", mend=f"one of {', '.join(SETTINGS)}")
    return SETTINGS[name]


def allowed(name: str, word: str) -> str:
    """The word, refused where the setting does not know it.

    Raises:
        UsageError: the setting has no such word.

    >>> allowed("km_ci", "plain")
    'plain'
    """
    words = setting(name).words
    if word not in words:
        raise UsageError(f"{name} = {word}", where=f"setting {name}", mend=f"one of {', '.join(words)}")
    return word


def says(name: str, word: str) -> str:
    """What a footnote prints for the word of a setting.

    >>> says("km_ci", "loglog")
    'log-log'
    """
    return setting(name).says[allowed(name, word)]


def like(profile: str) -> dict[str, str]:
    """All settings at once: our `defaults`, or what `sas` or `r` does without options.

    Raises:
        UsageError: the profile is none of the three.

    >>> like("sas")["ties"], like("r")["percentile"], like("defaults")["km_ci"]
    ('breslow', 'r7', 'loglog')
    """
    pick = {"defaults": "default", "sas": "sas", "r": "r"}.get(profile)
    if pick is None:
        raise UsageError(f"profile {profile}", where="settings of the statistics", mend="one of defaults, sas, r")
    return {name: str(getattr(choice, pick)) for name, choice in SETTINGS.items()}
