"""Populations that are empty, one-sided or not what the report knows."""

import pandas as pd
import pytest
from adam_frames import ARMS, subjects, trial
from laws import check_all

from sdtm2adam.errors import InputError, SpecError
from sdtm2adam.tlf import analyse, lay_out

TABLES = ("T14_1_2", "T14_2_1", "T14_2_6", "T14_3_2_2", "L16_2_6_1", "F14_2_3")


def analysed(specs, report, data):
    done = {}
    for name in TABLES:
        done[name] = analyse(specs[name], report, data, done)
    return done


@pytest.mark.parametrize(
    "change",
    [
        lambda adsl: adsl[adsl["TRT01PN"] == 1],
        lambda adsl: adsl[adsl["TRT01PN"] == 2].assign(SAFFL="Y", TRT01AN=2),
        lambda adsl: adsl.assign(ITTFL="N", SAFFL="N"),
        lambda adsl: adsl.iloc[:1],
        lambda adsl: adsl.assign(CD22GR1N=9),
    ],
    ids=["no SC", "no InO", "nobody", "one subject", "all CD22 missing"],
)
@pytest.mark.bad_input("B093")
def test_every_output_is_made_whatever_arm_is_empty(specs, report, change):
    data = trial()
    data["ADSL"] = change(data["ADSL"]).reset_index(drop=True)
    for name, results in analysed(specs, report, data).items():
        display = lay_out(specs[name], report, results)
        check_all(results, display)
        if display.stub:
            assert len(display.columns) in (7, 9)


@pytest.mark.bad_input("B093")
def test_no_subjects_print_0_without_percentage(specs, report, seen):
    data = trial()
    data["ADSL"] = data["ADSL"].assign(ITTFL="N")
    display = lay_out(specs["T14_2_1"], report, analyse(specs["T14_2_1"], report, data))
    assert seen(display, "CR/CRi", "CR").splitlines() == [
        "  CR/CRi" + " | 0" * 8,
        "    95% CI [a]" + " | (NE, NE)" * 8,
    ]
    assert display.columns[1].heads[1] == "InO|(N=0)"


@pytest.mark.bad_input("B096")
def test_an_unknown_arm_stops(specs, report):
    data = trial()
    data["ADSL"].loc[0, "TRT01PN"] = 3
    with pytest.raises(InputError) as error:
        analyse(specs["T14_1_2"], report, data)
    assert "is no level of G_TRTP: 3 (first: INO-SIM-1022-00000)" in error.value.what
    assert error.value.where == "ADSL.TRT01PN"


def test_a_subject_without_arm_stops(specs, report):
    data = trial()
    data["ADSL"]["TRT01PN"] = data["ADSL"]["TRT01PN"].where(data["ADSL"].index > 0)
    with pytest.raises(InputError, match="no level of G_TRTP: missing"):
        analyse(specs["T14_1_2"], report, data)


def test_a_subject_twice_in_adsl_stops(specs, report):
    data = trial()
    data["ADSL"] = pd.concat([data["ADSL"], data["ADSL"].iloc[:1]], ignore_index=True)
    with pytest.raises(InputError, match="1 subjects stand more than once in ADSL"):
        analyse(specs["T14_1_2"], report, data)


def test_a_missing_variable_is_told_with_the_nearest(specs, report):
    data = trial()
    data["ADRS"] = data["ADRS"].rename(columns={"AVALC": "AVALCC"})
    with pytest.raises(SpecError, match=r"unknown variable ADRS.AVALC") as error:
        analyse(specs["T14_2_1"], report, data)
    assert error.value.mend == "did you mean AVALCC?"


def test_a_missing_dataset_is_told(specs, report):
    with pytest.raises(SpecError, match=r"T14_2_1.yaml:9: unknown dataset 'ADRS'"):
        analyse(specs["T14_2_1"], report, {"ADSL": subjects((1, 1, 3), (2, 1, 3))})


@pytest.mark.bad_input("B096")
def test_labels_with_odd_characters_are_labels(specs, report, seen):
    data = trial()
    data["ADAE"]["AEDECOD"] = data["ADAE"]["AEDECOD"].str.replace("Term A", "A|B, 50% {x} \\par 'q'", regex=False)
    results = analyse(specs["T14_3_2_2"], report, data)
    display = lay_out(specs["T14_3_2_2"], report, results)
    check_all(results, display)
    assert "A|B, 50% {x} \\par 'q' |" in seen(display)
    assert ARMS[1] == "Inotuzumab Ozogamicin"


@pytest.mark.bad_input("B097")
def test_an_event_without_grade_counts_in_any_but_not_in_grade_3(specs, report, seen):
    data = trial()
    data["ADAE"]["ATOXGRN"] = float("nan")
    display = lay_out(specs["T14_3_2_2"], report, analyse(specs["T14_3_2_2"], report, data))
    first, second = seen(display).splitlines()[:2]
    assert "100.0" in first or "9" in first
    assert second == "  Grade ≥3" + " | 0" * 6


def test_types_of_other_readers_make_the_same_table(specs, report):
    data = trial()
    other = {name: frame.copy() for name, frame in data.items()}
    other["ADSL"] = other["ADSL"].assign(
        TRT01AN=other["ADSL"]["TRT01AN"].astype("Int64"),
        AGE=other["ADSL"]["AGE"].astype("Int64"),
        CD22GR1N=other["ADSL"]["CD22GR1N"].astype("float64"),
        SEX=other["ADSL"]["SEX"].astype(object),
        HSCTDT=other["ADSL"]["HSCTDT"].dt.date,
    )
    other["ADAE"] = other["ADAE"].assign(ATOXGRN=other["ADAE"]["ATOXGRN"].astype("Int64"))
    for name in ("T14_1_2", "T14_3_2_2", "L16_2_6_1"):
        made = [lay_out(specs[name], report, analyse(specs[name], report, frames)) for frames in (data, other)]
        assert made[0].sections == made[1].sections


@pytest.mark.parametrize(
    ("name", "dataset", "variable"),
    [("T14_1_2", "ADSL", "AGE"), ("T14_2_6", "ADTTE", "AVAL"), ("T14_2_6", "ADTTE", "CNSR")],
)
def test_a_text_where_a_number_is_needed_stops(specs, report, name, dataset, variable):
    data = trial()
    data[dataset][variable] = data[dataset][variable].astype(str)
    with pytest.raises((InputError, SpecError), match=rf"{dataset}.{variable} is a text"):
        analyse(specs[name], report, data)
