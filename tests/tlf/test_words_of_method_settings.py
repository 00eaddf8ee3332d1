"""The words of settings: known to specs and functions alike, refused where unknown, printed by the bundled study."""

from typing import get_args

import pytest
from method_outputs import RESPONSE, TIMES, report_of, spec_of

from sdtm2adam.analysis.settings import SETTINGS, like
from sdtm2adam.errors import SpecErrors
from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.spec.method_settings import DEFAULTS, PROFILES, SETTING_NAMES, MethodSettings
from sdtm2adam.tlf.frame import footnotes
from sdtm2adam.tlf.kinds import KINDS


def test_the_words_of_specs_are_those_of_the_functions():
    assert set(SETTING_NAMES) == SETTINGS.keys()
    for name, setting in SETTINGS.items():
        assert get_args(MethodSettings.model_fields[name].annotation) == setting.words
    assert like("defaults") == DEFAULTS
    for profile in get_args(MethodSettings.model_fields["like"].annotation):
        assert MethodSettings(like=profile).model_dump(exclude={"like"}) == like(profile)
    assert all(DEFAULTS[name] != word for words in PROFILES.values() for name, word in words.items())


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ({"ci_prop": "wilsn"}, "'wilsn' is not one of clopper_pearson, wilson, wilson_cc"),
        ({"km_ci": "logs"}, "'logs' is not one of loglog, log, plain"),
        ({"like": "stata"}, "'stata' is not one of defaults, sas, r"),
        ({"kmci": "log"}, "unknown key 'kmci'"),
        ({"ci_diff_strat": "wald", "weights": "inverse_variance"}, "the stratified interval wald has no weights inv"),
    ],
)
def test_an_unknown_word_is_refused_with_file_line_and_the_nearest_word(tmp_path, naming, words, fault):
    with pytest.raises(SpecErrors) as errors:
        report_of(tmp_path, naming, words)
    found = [error for error in errors.value.errors if fault in error.what]
    assert len(found) == 1
    assert found[0].where.startswith("report.yaml:")
    nearest = {"ci_prop": "did you mean wilson", "km_ci": "did you mean log", "kmci": "did you mean km_ci"}
    assert nearest.get(next(iter(words)), "") in found[0].mend


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("{ties} ties", "{tie} ties", "unknown setting in a footnote 'tie' -> did you mean ties?"),
        ("{log_rank} p", "{logrank} p", "unknown setting in a label 'logrank' -> did you mean log_rank?"),
    ],
)
def test_a_name_that_is_no_setting_is_refused(tmp_path, naming, old, new, fault):
    report = report_of(tmp_path, naming, {})
    with pytest.raises(SpecErrors) as errors:
        spec_of(tmp_path, report, TIMES.replace(old, new))
    found = [f"{error.where}: {error.what} -> {error.mend}" for error in errors.value.errors]
    assert any(line.startswith("T1.yaml:") and fault in line for line in found), found


def test_an_interval_that_may_pass_zero_needs_a_wider_cell(tmp_path, naming):
    spec_of(tmp_path, report_of(tmp_path, naming, {}), RESPONSE.replace("columns: C2", "columns: C8"))
    with pytest.raises(SpecErrors, match=r"'\(-99.9,100.0\)' does not fit a cell of 12 characters"):
        spec_of(
            tmp_path, report_of(tmp_path, naming, {"ci_prop": "wald"}), RESPONSE.replace("columns: C2", "columns: C8")
        )


@pytest.fixture(scope="module")
def study(tmp_path_factory, naming):
    """The footnotes of all outputs of the bundled study under some settings, by output."""

    def load(**words):
        report = report_of(tmp_path_factory.mktemp("report"), naming, words)
        paths = (shelf("specs") / "inovate" / "tlf").glob("*.yaml")
        specs = load_display_specs(paths, report, KINDS, naming)
        return {name: " ".join(footnotes(spec, report)[:-1]) for name, spec in specs.items()}

    return load


def test_the_footnotes_of_the_study_follow_its_settings(study):
    words = {"percentile": "r7", "km_ci": "plain", "log_rank": "peto_peto", "ci_prop": "jeffreys"}
    default, other = study(), study(like="sas", **words)
    assert "[a] Exact (Clopper-Pearson). [b]" in default["T14_2_1"]
    assert "[c] Miettinen-Nurminen. [d]" in default["T14_2_1"]
    assert "Brookmeyer-Crowley, log-log." in default["T14_2_6"]
    assert "Cox model, Efron ties." in default["T14_2_6"]
    assert "[a] Jeffreys. [b]" in other["T14_2_1"]
    assert "[c] Wald. [d]" in other["T14_2_1"]
    assert "Brookmeyer-Crowley, linear." in other["T14_2_6"]
    assert "[c] Confidence intervals: log-log; of the difference" in default["T14_2_6"]
    assert "[c] Confidence intervals: linear; of the difference" in other["T14_2_6"]
    assert "Cox model, Breslow ties." in other["T14_2_6"]
    assert "[b] InO minus SC; Wald." in other["T14_3_2_4"]
    assert "Cox model, Peto-Peto test." in other["T14_2_7"]
    assert other["F14_2_4"].startswith("Wald intervals;")
    percentiles = "Percentiles: linear interpolation at 1 + (n - 1) p (R type 7)."
    assert {name for name, text in other.items() if percentiles in text} == {"T14_1_2", "T14_3_1", "F14_1_1"}
    assert percentiles.replace(":", " (not cut points):") in other["T14_1_3"]  # groups are made by ADaM
    assert {name for name, text in other.items() if "Ties in Cox models: Breslow." in text} >= {"F14_2_3", "F14_2_5"}
    assert not any("Ties in Cox models" in text or "Percentiles:" in text for text in default.values())
