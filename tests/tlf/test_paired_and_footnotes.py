"""Paired change, geometric mean, and numbers of the data in footnotes."""

import numpy as np
import pandas as pd
import pytest
from adam_frames import adsl
from laws import check_all

from sdtm2adam.errors import InputError, SpecErrors
from sdtm2adam.spec.display import load_display_specs
from sdtm2adam.tlf import analyse, lay_out
from sdtm2adam.tlf.kinds import KINDS

SPEC = """\
id: T1
number: Table 1
kind: summary
title: A Table
population: AS_ITT
columns: C2
data: ADCP
rows:
  - {var: ADCP.AVAL, before: ADCP.BASE, label: Change, where: "ADCP.PARAMCD = 'POS'", block: pair, decimals: 1}
  - {var: MESFBL, label: "MESF [b]", block: cont_g, decimals: 0}
notes: [{id: CUTS, var: MESFBL}]
footnotes: [{a: Wilcoxon.}, {b: "Quartiles {CUTS.q1:xxx}, {CUTS.median:xxx.x}, {CUTS.q3:xxx}."}]
"""


def loaded(tmp_path, report, text: str = SPEC):
    (tmp_path / "T1.yaml").write_text(text, encoding="utf-8")
    return load_display_specs([tmp_path / "T1.yaml"], report, KINDS)["T1"]


def data(before: list[float], after: list[float], mesf: list[float]) -> dict[str, pd.DataFrame]:
    """All subjects in the first arm."""
    lines = "\n".join(["USUBJID N CD22GR1N", *(f"{at} 1 1" for at in range(len(mesf)))])
    subjects = adsl(lines).assign(MESFBL=np.array(mesf, dtype=float))
    records = pd.DataFrame({"USUBJID": [str(at) for at in range(len(before))], "BASE": before, "AVAL": after})
    records = records.assign(PARAMCD="POS", ASEQ=1).astype({"USUBJID": "str", "PARAMCD": "str", "BASE": float})
    return {"ADSL": subjects, "ADCP": records}


def first_column(spec, report, seen, frames) -> list[str]:
    results = analyse(spec, report, frames)
    display = lay_out(spec, report, results)
    check_all(results, display)
    return [line.split(" | ")[1] for line in seen(display).splitlines() if " | " in line]


def test_few_pairs_are_tested_exactly(tmp_path, report, seen):
    """wilcox.test(c(8, 15, 29, 37), c(10, 20, 30, 40), paired = TRUE): p = 0.125; one pair has no baseline."""
    frames = data([10, 20, 30, 40, np.nan], [8, 15, 29, 37, 5], [1] * 5)
    cells = first_column(loaded(tmp_path, report), report, seen, frames)
    assert cells[:5] == ["4", "25.00", "22.00", "-2.50 (-5.0, -1.0)", "0.1250"]
    assert analyse(loaded(tmp_path, report), report, frames).frame.set_index("op_id").loc["M_PAIR.p", "stat_c"].iloc[
        0
    ] == ("WILCOXON EXACT")


@pytest.mark.parametrize(
    ("before", "after", "cells"),
    [
        ([], [], ["0", "NE", "NE", "NE", "NE"]),
        ([10.3], [10.1], ["1", "10.30", "10.10", "-0.20 (-0.2, -0.2)", ">0.9999"]),
        ([7.0], [7.0], ["1", "7.00", "7.00", "0.00 (0.0, 0.0)", "NE"]),
    ],
    ids=["no pair", "one pair", "no change"],
)
def test_hardly_any_pairs(tmp_path, report, seen, before, after, cells):
    assert first_column(loaded(tmp_path, report), report, seen, data(before, after, [1, 2]))[:5] == cells


def test_several_pairs_of_a_subject_stop(tmp_path, report):
    frames = data([10.0], [8.0], [1])
    frames["ADCP"] = pd.concat([frames["ADCP"], frames["ADCP"].assign(ASEQ=2)], ignore_index=True)
    with pytest.raises(InputError, match=r"1 subjects have more than one value of ADCP.AVAL"):
        analyse(loaded(tmp_path, report), report, frames)


@pytest.mark.parametrize(
    ("values", "cells"),
    [
        ([50, 100, 200], ["3", "100 (78.5)"]),  # the variance of the logarithms is ln(2)^2; 100 sqrt(e^0.480453 - 1)
        ([50], ["1", "50 (NE)"]),
        ([0, 50], ["2", "NE"]),
        ([], ["0", "NE"]),
    ],
    ids=["three", "one", "zero", "none"],
)
def test_geometric_mean(tmp_path, report, seen, values, cells):
    frames = data([], [], [*values, np.nan])
    assert first_column(loaded(tmp_path, report), report, seen, frames)[5:7] == cells


def test_numbers_in_a_footnote_are_results_over_all_columns(tmp_path, report):
    frames = data([], [], [1, 2, 3, 4, 5, np.nan])
    frames["ADSL"].loc[4, ["TRT01P", "TRT01PN"]] = ["Standard of Care", 2]
    spec = loaded(tmp_path, report)
    results = analyse(spec, report, frames)
    shell, final = lay_out(spec, report, None), lay_out(spec, report, results)
    assert shell.footnotes[0] == "[a] Wilcoxon. [b] Quartiles xxx, xxx.x, xxx."
    assert final.footnotes[0] == "[a] Wilcoxon. [b] Quartiles 2, 3.0, 4."
    printed = results.frame.set_index("result_id").loc[list(final.noted)]
    assert printed["stat"].tolist() == [2, 3, 4]
    assert set(printed["g1_level"]) == {""}
    assert set(printed["analysis_id"]) == {"A_T1_030"}
    behind = results.members[results.members["member_id"] == printed["member_id"].iloc[0]]
    assert sorted(behind["usubjid"]) == ["0", "1", "2", "3", "4"]
    assert final.footnotes[-1].startswith("Source: ADSL, ADCP  Analysis: A_T1_010 to A_T1_030")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("{CUTS.q1:xxx}, {CUTS.median:xxx.x}, {CUTS.q3:xxx}", "none", "T1.yaml:11: no footnote prints CUTS -> write"),
        ("CUTS.q1", "CUTZ.q1", "T1.yaml:1: unknown id in a footnote 'CUTZ' -> did you mean CUTS?"),
        ("CUTS.q1:xxx}", "CUTS.q1:xxx", "T1.yaml:12: 'Quartiles {CUTS.q1:xxx"),
        ("CUTS.q1", "CUTS.p1", "T1.yaml:11: the format asks for 'p1', which M_CONT does not give"),
        ("before: ADCP.BASE, ", "", "T1.yaml:9: the format asks for 'before', which M_CONT does not give"),
        (
            "before: ADCP.BASE",
            "before: AGE",
            "T1.yaml:9: AGE is of another dataset than ADCP.AVAL -> pair values of one",
        ),
        (
            "decimals: 1}",
            "decimals: 1, digits: 8}",
            "T1.yaml:9: '-99999999.99 (-99999999.9,-99999999.9)' does not fit a cell of 25",
        ),
        ("block: pair, decimals: 1", "flag: Y", "T1.yaml:9: before: needs a block of paired values -> give block:"),
    ],
)
def test_faults_of_pairs_and_notes_are_told(tmp_path, report, old, new, fault):
    with pytest.raises(SpecErrors) as errors:
        loaded(tmp_path, report, SPEC.replace(old, new))
    found = [f"{error.where}: {error.what} -> {error.mend}" for error in errors.value.errors]
    assert any(line.startswith(fault) for line in found), found
