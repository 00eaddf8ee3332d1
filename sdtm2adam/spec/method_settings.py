"""The words by which a report chooses among methods, and what SAS and R choose without options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from sdtm2adam.spec.closed import Closed

PROFILES: dict[str, dict[str, str]] = {
    "sas": {"ci_diff": "wald", "ci_diff_strat": "sato", "ties": "breslow"},
    "r": {"ci_diff": "wald_cc", "km_ci": "log", "percentile": "r7"},
}
"""What is chosen where `like` names SAS or R and the setting itself is not said; all others stay at their defaults."""

UNCUT = ("agresti_coull", "wald")
"""Intervals of a proportion that may pass 0 and 100 percent."""


class MethodSettings(Closed):
    """One word per choice; the first is the default. `like` fills those that are not said."""

    like: Literal["defaults", "sas", "r"] = "defaults"
    ci_prop: Literal["clopper_pearson", "wilson", "wilson_cc", "agresti_coull", "jeffreys", "wald"] = "clopper_pearson"
    ci_diff: Literal[
        "miettinen_nurminen", "mee", "newcombe", "newcombe_cc", "wald", "wald_cc", "anderson_hauck"
    ] = "miettinen_nurminen"  # fmt: skip
    ci_diff_strat: Literal["miettinen_nurminen", "newcombe", "wald", "sato"] = "miettinen_nurminen"
    weights: Literal["mantel_haenszel", "miettinen_nurminen", "inverse_variance"] = "mantel_haenszel"
    ties: Literal["efron", "breslow"] = "efron"
    km_ci: Literal["loglog", "log", "plain"] = "loglog"
    km_quantile: Literal["midpoint", "first"] = "midpoint"
    log_rank: Literal["logrank", "peto_peto"] = "logrank"
    percentile: Literal["sas5", "sas4", "r7"] = "sas5"

    @model_validator(mode="before")
    @classmethod
    def _like(cls, said: Any) -> Any:
        """What is said, over what the profile says."""
        if not isinstance(said, Mapping) or not isinstance(said.get("like"), str):
            return said
        return {**PROFILES.get(said["like"], {}), **said}

    @model_validator(mode="after")
    def _weighted(self) -> MethodSettings:
        """Only the score interval has other weights than those of Mantel and Haenszel."""
        if self.ci_diff_strat != "miettinen_nurminen" and self.weights != "mantel_haenszel":
            raise PydanticCustomError(
                "weights",
                "the stratified interval {ci} has no weights {weights}",
                {
                    "ci": self.ci_diff_strat,
                    "weights": self.weights,
                    "mend": "write weights: mantel_haenszel, or ci_diff_strat: miettinen_nurminen",
                },
            )
        return self


SETTING_NAMES: tuple[str, ...] = tuple(name for name in MethodSettings.model_fields if name != "like")
"""The settings that choose a method."""

DEFAULTS: dict[str, str] = {name: str(MethodSettings.model_fields[name].default) for name in SETTING_NAMES}
"""The word of each setting where nothing is said."""
