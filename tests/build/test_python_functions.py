"""`python`: values by a function of an installed package, and all that is refused."""

import sys

import pytest
from functions_study import DM, adx, study
from harness import STUDY, is_drawn, shown

from sdtm2adam.errors import InputError

pytestmark = pytest.mark.usefixtures("trial_rules")


def made(tmp_path, function, kind="float", uses="[WEIGHT, HEIGHT]", more="", beside="", **options):
    verb = f"{{call: 'trial_rules.derive:{function}', method: A rule., uses: {uses}{more}}}"
    line = f"X: {{python: {verb}, type: {kind}{beside}}}"
    return study(tmp_path, adx(line), **options).build()


def fault(tmp_path, function, kind="float", **options):
    with pytest.raises(InputError) as told:
        made(tmp_path, function, kind, **options)
    return told.value


# --- values -----------------------------------------------------------------------------------------------------------


def test_a_function_makes_one_value_for_each_row(tmp_path):
    dataset = made(tmp_path, "bmi").datasets["ADX"]
    is_drawn(dataset, "USUBJID X\nS1-1 25\nS1-2 .\nS1-3 23.6")
    variable = next(v for v in dataset.variables if v.name == "X")
    assert (variable.type, variable.method, variable.origin) == ("float", "A rule.", "Derived")


def test_a_function_gets_the_named_columns_in_the_order_of_rows_and_is_called_once(tmp_path):
    dm = "\n".join([DM.split("\n")[0], *reversed(DM.split("\n")[1:])])
    dataset = made(tmp_path, "bmi", dm=dm).datasets["ADX"]
    is_drawn(dataset, "USUBJID X\nS1-1 25\nS1-2 .\nS1-3 23.6")
    assert sys.modules["trial_rules.derive"].CALLS == [(["WEIGHT", "HEIGHT"], 3, ["float64", "float64"])]


def test_lint_finds_the_function_and_does_not_call_it(tmp_path):
    spec = adx("X: {python: {call: 'trial_rules.derive:raises', method: A rule., uses: [WEIGHT]}, type: float}")
    assert study(tmp_path, spec).lint() > 0
    assert sys.modules["trial_rules.derive"].CALLS == []


def test_a_function_is_not_called_where_there_are_no_rows(tmp_path):
    dataset = made(tmp_path, "raises", dm=DM.split("\n")[0]).datasets["ADX"]
    assert dataset.frame.num_rows == 0
    assert "X" in dataset.frame.column_names


def test_inputs_are_other_datasets_by_name(tmp_path):
    for inputs in ("[LB]", "{LB: [USUBJID, LBSTRESN]}"):
        built = made(tmp_path / inputs[1:3], "worst", uses="[USUBJID]", more=f", inputs: {inputs}")
        is_drawn(built.datasets["ADX"], "USUBJID X\nS1-1 7\nS1-2 .\nS1-3 2")


def test_what_a_function_does_to_its_frames_is_not_seen(tmp_path):
    spec = adx("""
X: {python: {call: 'trial_rules.derive:spoil', method: A rule., uses: [USUBJID], inputs: [LB]}, type: text}
Y: {agg: {from: LB, value: sum(LBSTRESN)}}
""")  # fmt: skip
    is_drawn(study(tmp_path, spec).build().datasets["ADX"], "USUBJID X Y\nS1-1 x 12\nS1-2 x .\nS1-3 x 2")


@pytest.mark.parametrize(
    ("function", "kind", "values"),
    [
        ("texts", "text", "x x x"),
        ("none", "text", ". . ."),
        ("none", "date", ". . ."),
        ("missing", "float", ". . ."),
        ("missing", "text", ". . ."),
        ("blank", "text", ". . ."),
        ("halves", "float", "0.5 0.5 0.5"),
        ("wholes", "integer", "2 2 2"),
        ("dates", "date", "2014-01-05 2014-01-05 2014-01-05"),
        ("moments", "datetime", "2014-01-05T10:30:00 2014-01-05T10:30:00 2014-01-05T10:30:00"),
    ],
)
def test_values_are_of_the_type_that_is_said(tmp_path, function, kind, values):
    dataset = made(tmp_path, function, kind).datasets["ADX"]
    assert shown(dataset, "X")[1:] == values.split()


def test_the_type_is_the_standards_where_none_is_said(tmp_path):
    spec = "dataset: ADSL\nclass: ADSL\nkeys: [USUBJID]\nrecords:\n  - {from: DM, copy: [WEIGHT, HEIGHT]}\nvariables:\n"
    line = "  AGE: {python: {call: 'trial_rules.derive:wholes', method: A rule.}}\n"
    dataset = study(tmp_path, spec + line).build().datasets["ADSL"]
    assert shown(dataset, "AGE")[1:] == ["2", "2", "2"]


def test_when_guards_a_function_too(tmp_path):
    built = made(tmp_path, "bmi", beside=", when: HEIGHT > 170")
    assert shown(built.datasets["ADX"], "X")[1:] == ["25", ".", "."]


def test_a_value_of_sdtm_goes_into_the_domain_of_its_variable(tmp_path):
    spec = """dataset: VS
keys: [VSTESTCD]
records:
  - from: DM
    const: {VSTESTCD: BMI}
    set: {VSSTRESN: {python: {call: 'trial_rules.derive:bmi', method: A rule., uses: [WEIGHT, HEIGHT]}}}
    having: VSSTRESN is not null
"""
    dataset = study(tmp_path, spec).build().datasets["VS"]
    is_drawn(dataset, "USUBJID VSTESTCD VSSTRESN\nS1-1 BMI 25\nS1-3 BMI 23.6")


# --- what a function gives that no column can be ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "kind", "said"),
    [
        ("short", "float", "gives 2 values for 3 rows"),
        ("turned", "float", "gives a Series with another index than the rows have"),
        ("bare", "float", "gives a ndarray, not a Series"),
        ("nothing", "float", "gives a NoneType, not a Series"),
        ("texts", "float", "gives X as string, where float was said"),
        ("halves", "text", "gives X as double, where text was said"),
        ("halves", "integer", "gives values of X that are no integer"),
        ("halves", "date", "gives X as double, where date was said"),
        ("dates", "float", "gives X as timestamp[us], where float was said"),
        ("moments", "date", "gives X, which is a date by its name, and has times of day"),
        ("zoned", "datetime", "gives X, which has a time zone"),
        ("mixed", "float", "gives X, which holds values of several types"),
        ("infinite", "float", "gives infinite values of X"),
        ("exits", "float", "raises SystemExit: 3 (derive.py:"),
    ],
)
def test_anything_else_is_an_error_that_says_what_came(tmp_path, function, kind, said):
    error = fault(tmp_path, function, kind)
    assert said in error.what
    assert error.what.startswith(f"ADX.X: trial_rules.derive:{function} ")
    assert error.where.startswith("specs/adam/ADX.yaml:")
    assert error.mend


def test_what_a_function_raises_is_told_with_its_own_last_line(tmp_path):
    said = fault(tmp_path, "raises").what
    assert "raises ValueError: invalid literal for int() with base 10: 'x' (derive.py:" in said
    assert 'return rows["WEIGHT"] / int("x"))' in said


# --- which functions may be called ------------------------------------------------------------------------------------


def refused(
    tmp_path, call, *, allowed="[trial_rules]", body=", method: A rule.", uses="[WEIGHT]", beside=", type: float"
):
    line = f"X: {{python: {{call: '{call}', uses: {uses}{body}}}{beside}}}"
    return study(tmp_path, adx(line), study=STUDY + f"packages: {allowed}\n").fault(lint_only=True)


@pytest.mark.parametrize(
    ("call", "said", "mend"),
    [
        ("trial_rules.derive.bmi", "'trial_rules.derive.bmi' names no function", "write package.module:function"),
        ("trial_rules.derive:bmi()", "names no function", "write package.module:function"),
        ("trial_rules.derive:bmy", "trial_rules.derive has no function bmy", "did you mean bmi?"),
        ("trial_rules.derive:CALLS", "has no function CALLS", "known:"),
        ("trial_rules.derive:Maker", "has no function Maker", "known:"),
        ("trial_rules.derive:system", "is a function of posix, which trial_rules only passes on", "write a function"),
        ("trial_rules.nowhere:bmi", "trial_rules.nowhere cannot be imported: ModuleNotFoundError", "correct the name"),
        ("trial_rules.broken:bmi", "cannot be imported: ModuleNotFoundError: No module named 'nowhere", "correct"),
        (
            "pandas:to_datetime",
            "the package pandas is not one that study.yaml names",
            "packages: [trial_rules, pandas]",
        ),
        ("os:system", "the package os is not one that study.yaml names", "name it in study.yaml"),
    ],
)
def test_a_function_that_cannot_be_called_is_refused_before_data(tmp_path, call, said, mend):
    message = refused(tmp_path, call)
    assert said in message
    assert mend in message
    assert message.startswith("specs/adam/ADX.yaml:")


@pytest.mark.parametrize("package", ["os", "subprocess", "builtins", "shutil", "sdtm2adam"])
def test_python_itself_and_sdtm2adam_are_never_called(tmp_path, package):
    message = refused(tmp_path, f"{package}:system", allowed=f"[{package}]")
    assert "specs cannot call it" in message


def test_a_package_that_is_not_there_is_told(tmp_path):
    message = refused(tmp_path, "no_such_rules:bmi", allowed="[no_such_rules]")
    assert "the package no_such_rules is not installed" in message


@pytest.mark.parametrize("place", ["study", "work"])
def test_files_beside_the_study_or_in_the_folder_of_work_are_never_run(tmp_path, monkeypatch, place):
    folder = tmp_path / place
    folder.mkdir()
    (folder / "local_rules.py").write_text("from pathlib import Path\nPath(__file__).with_name('ran').touch()\n")
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(str(folder))
    message = refused(tmp_path, "local_rules:bmi", allowed="[local_rules]")
    assert f"local_rules is not installed: its files lie in {folder}" in message
    assert not (folder / "ran").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"body": ""}, "the key 'method' is missing"),
        ({"beside": ""}, "ADX.X: what type the function gives is not said"),
        ({"uses": "[WEIGT]"}, "unknown name 'WEIGT' in 'WEIGT'"),
        ({"uses": "[WEIGHT, WEIGHT]"}, "uses names WEIGHT twice"),
        ({"uses": "[WEIGHT / 2]"}, "unknown name 'WEIGHT / 2'"),
        ({"body": ", method: A rule., inputs: [LBB]"}, "no source 'LBB'"),
        ({"body": ", method: A rule., inputs: {LB: [LBTEST]}"}, "inputs: LB has no LBTEST"),
        ({"body": ", method: A rule., input: [LB]"}, "unknown key 'input'"),
        ({"beside": ", type: number"}, "'number' is not one of"),
    ],
)
def test_what_is_said_wrongly_is_told_before_data(tmp_path, options, said):
    assert said in refused(tmp_path, "trial_rules.derive:bmi", **options)


def test_a_study_that_names_no_packages_calls_none(tmp_path):
    spec = adx("X: {python: {call: 'trial_rules.derive:bmi', method: A rule., uses: [WEIGHT, HEIGHT]}, type: float}")
    message = study(tmp_path, spec, study=STUDY).fault(lint_only=True)
    assert "the package trial_rules is not one that study.yaml names" in message
