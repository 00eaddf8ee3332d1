"""The words of the settings: each is known to the function that it steers, and to no other."""

import pytest

from sdtm2adam.analysis import difference_limits, rate_limits
from sdtm2adam.analysis.proportions import difference, proportion, stratified_difference
from sdtm2adam.analysis.settings import SETTINGS, allowed, like, says, setting
from sdtm2adam.analysis.summary import percentile
from sdtm2adam.analysis.survival import band, cox, kaplan_meier, log_rank, quantile
from sdtm2adam.errors import UsageError

CURVE = kaplan_meier([1, 2, 3, 4], [1, 1, 0, 1])
ARMS = ([1, 2, 3, 4], [1, 1, 1, 1], [0, 1, 1, 0])
CALLS = {
    "ci_prop": lambda word: proportion(3, 10, method=word),
    "ci_diff": lambda word: difference(3, 10, 5, 11, method=word),
    "ci_diff_strat": lambda word: stratified_difference([3, 1], [9, 4], [1, 2], [5, 5], method=word),
    "weights": lambda word: stratified_difference([3, 1], [9, 4], [1, 2], [5, 5], weights=word),
    "ties": lambda word: cox(*ARMS, ties=word),
    "km_ci": lambda word: band(CURVE, conf_type=word),
    "km_quantile": lambda word: quantile(CURVE, 0.5, definition=word),
    "log_rank": lambda word: log_rank(*ARMS, weight=word),
    "percentile": lambda word: percentile([1.0, 2.0], 0.5, word),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_every_word_is_understood_and_others_are_refused_with_the_list(name):
    for word in SETTINGS[name].words:
        CALLS[name](word)
        assert says(name, word)
    with pytest.raises(UsageError, match=", ".join(SETTINGS[name].words)):
        CALLS[name]("other")


def test_the_methods_have_a_word_each():
    assert sorted(SETTINGS["ci_prop"].words) == sorted(rate_limits.METHODS)
    assert sorted(SETTINGS["ci_diff"].words) == sorted(difference_limits.METHODS)


@pytest.mark.parametrize("profile", ["defaults", "sas", "r"])
def test_a_profile_names_an_allowed_word_for_each_setting(profile):
    words = like(profile)
    assert list(words) == list(SETTINGS)
    assert all(allowed(name, word) == word for name, word in words.items())


def test_the_defaults_are_those_of_the_report():
    assert like("defaults") == {
        "ci_prop": "clopper_pearson",
        "ci_diff": "miettinen_nurminen",
        "ci_diff_strat": "miettinen_nurminen",
        "weights": "mantel_haenszel",
        "ties": "efron",
        "km_ci": "loglog",
        "km_quantile": "midpoint",
        "log_rank": "logrank",
        "percentile": "sas5",
    }


def test_unknown_settings_and_profiles_are_refused():
    with pytest.raises(UsageError, match="no setting sides"):
        setting("sides")
    with pytest.raises(UsageError, match="one of defaults, sas, r"):
        like("stata")
