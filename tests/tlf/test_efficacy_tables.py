"""Tables of disposition, CD22, strata, MRD, times and grades: the laws, shell and final, and hardly any subjects."""

import re

import pandas as pd
import pytest
from adam_frames import subjects
from efficacy_frames import efficacy_trial
from laws import check_all

from sdtm2adam.model import Display, Results
from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import DisplaySpec, load_display_specs
from sdtm2adam.spec.display_plan import all_rows
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

OUTPUTS = (
    "T14_1_1",
    "T14_1_3",
    "T14_1_4",
    "T14_2_2",
    "T14_2_3",
    "T14_2_4",
    "T14_2_5",
    "T14_2_11",
    "T14_2_12",
    "T14_3_5",
)


@pytest.fixture(scope="module")
def specs(report, naming) -> dict[str, DisplaySpec]:
    folder = shelf("specs") / "inovate" / "tlf"
    names = (*OUTPUTS, "T14_2_1", "T14_2_6")
    return load_display_specs([folder / f"{name}.yaml" for name in names], report, KINDS, naming)


@pytest.fixture(scope="module")
def analysed(report, specs) -> dict[str, Results]:
    data = efficacy_trial()
    return {name: analyse(specs[name], report, data) for name in OUTPUTS}


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_table_keeps_the_laws(name, report, specs, analysed):
    check_all(analysed[name], lay_out(specs[name], report, analysed[name]))


@pytest.mark.parametrize("name", OUTPUTS)
def test_order_of_records_changes_nothing(name, report, specs, analysed):
    data = efficacy_trial()
    shuffled = {key: frame.sample(frac=1, random_state=3).reset_index(drop=True) for key, frame in data.items()}
    again = analyse(specs[name], report, shuffled)
    pd.testing.assert_frame_equal(again.frame, analysed[name].frame)


@pytest.mark.parametrize(
    "change",
    [
        lambda adsl: adsl[adsl["TRT01PN"] == 1],
        lambda adsl: adsl[adsl["TRT01PN"] == 2],
        lambda adsl: adsl.assign(ITTFL="N", ITT218FL="N", SAFFL="N", RESPFL="N"),
        lambda adsl: adsl.iloc[:1],
        lambda adsl: adsl.assign(CD22GR1N=9, MESFBL=float("nan"), CD22BL=float("nan"), MESFGR1=pd.NA),
    ],
    ids=["no SC", "no InO", "nobody", "one subject", "all CD22 missing"],
)
def test_every_table_is_made_whatever_is_empty(specs, report, change):
    data = efficacy_trial(40)
    data["ADSL"] = change(data["ADSL"]).reset_index(drop=True)
    for name in OUTPUTS:
        results = analyse(specs[name], report, data)
        check_all(results, lay_out(specs[name], report, results))


def labels(display: Display) -> list[tuple]:
    return [
        (re.sub(r"N=(xxx|\d+)", "N", row.label), row.indent, [cell.span for cell in row.cells])
        for section in display.sections
        for row in section.rows
    ]


@pytest.mark.parametrize("name", OUTPUTS)
def test_the_shell_differs_in_digits_only(name, report, specs, analysed):
    shell, final = lay_out(specs[name], report, None), lay_out(specs[name], report, analysed[name])
    assert {row[0] for row in labels(final) if row not in labels(shell)} <= {"Missing"}
    assert [row for row in labels(shell) if row not in labels(final)] == []
    assert [re.sub(r"x+|\d+", "", note) for note in shell.footnotes] == [
        re.sub(r"x+|\d+", "", n) for n in final.footnotes
    ]
    assert shell.noted == ()


def test_analysis_ids_are_those_once_published(specs):
    """Renumbering would break every reference to a result: change this list only on purpose."""
    rows = {name: [row.analysis for row in (*all_rows(specs[name].rows), *specs[name].notes)] for name in OUTPUTS}
    assert {name: max(ids).rpartition("_")[2] for name, ids in rows.items()} == {
        "T14_1_1": "140",
        "T14_1_3": "130",
        "T14_1_4": "090",
        "T14_2_2": "140",
        "T14_2_3": "180",
        "T14_2_4": "190",
        "T14_2_5": "240",
        "T14_2_11": "140",
        "T14_2_12": "040",
        "T14_3_5": "100",
    }


def test_few_responders_are_tested_exactly_or_not_at_all(report, specs, seen):
    """CD22 >= 90 %: 6 of 7 against 0 of 5; < 90 %: 3 responders on SC; Missing: 5 of 5 against 1 of 8."""
    groups = ((1, 1, 7, 6), (2, 1, 5, 0), (1, 2, 9, 6), (2, 2, 3, 1), (1, 9, 5, 5), (2, 9, 8, 1))
    adsl = subjects(*(group[:3] for group in groups)).assign(RESPFL="Y")
    negative = [at < yes for *_, size, yes in groups for at in range(size)]
    values = {"MRDINV": ("Y", "N"), "MRDSINV": ("NEGATIVE", "POSITIVE"), "BORINV": ("CR", "CR")}
    records = pd.concat(
        pd.DataFrame(
            {"USUBJID": adsl["USUBJID"], "PARAMCD": name, "AVALC": [yes if is_ else no for is_ in negative], "ASEQ": at}
        )
        for at, (name, (yes, no)) in enumerate(values.items(), start=1)
    ).astype({"PARAMCD": "str", "AVALC": "str"})
    results = analyse(specs["T14_2_3"], report, {"ADSL": adsl, "ADRS": records.reset_index(drop=True)})
    display = lay_out(specs["T14_2_3"], report, results)
    check_all(results, display)
    rows = dict(line.strip().split(" | ", 1) for line in seen(display).splitlines() if " | " in line)
    assert rows["1-sided p-value [e]"] == "0.0076 F | NC | 0.0047 F | <0.0001"
    assert rows["Interaction p-value [f]"].strip(" |") == "NC"
    assert rows["Best response CRi, N"] == " | ".join("0" * 8)
    rows = [line.strip() for line in seen(display, "Best response CRi, N").splitlines()]
    assert rows[1:3] == ["MRD negative, n (%)" + " | 0" * 8, "95% CI" + " | (NE, NE)" * 8]
