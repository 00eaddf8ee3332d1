"""Errors planted in the laboratory's forms and feeds: each is told, none is repaired, and nothing else changes."""

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest

from sdtm2adam.build.study import Built, Inputs, build
from sdtm2adam.pipeline.folder import raw_files
from sdtm2adam.resources import shelf
from sdtm2adam.simulate import FORMS, export_trial, simulate_trial
from sdtm2adam.spec.library import read_specs

Found = dict[tuple[str, str, str, str], int]


def change(raw: Path, form: str, column: str, value: str, where: dict[str, str]) -> str:
    """Types another value into one record; the key of the record."""
    path, how = raw / f"{form}.csv", FORMS[form]
    with path.open(encoding=how.encoding, newline="") as file:
        rows = list(csv.DictReader(file, delimiter=how.delimiter))
    row = next(row for row in rows if row[column] and all(row[name] == text for name, text in where.items()))
    row[column] = value
    with path.open("w", encoding=how.encoding, newline="") as file:
        writer = csv.DictWriter(file, how.columns, delimiter=how.delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return row.get("RECORDID", "")


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of twelve subjects."""
    folder = tmp_path_factory.mktemp("export")
    export_trial(simulate_trial(12, 3), folder)
    return folder


@pytest.fixture(scope="module")
def specs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The SDTM specs of the study alone."""
    folder, source = tmp_path_factory.mktemp("study"), shelf("specs") / "inovate"
    for name in ("raw", "sdtm", "tables"):
        shutil.copytree(source / name, folder / "specs" / name)
    shutil.copyfile(source / "study.yaml", folder / "study.yaml")
    return folder


def built(specs: Path, raw: Path) -> Built:
    read = read_specs(specs)
    return build(read, Inputs(raw=raw_files(read, raw), raw_folder=raw))


def issues(result: Built) -> Found:
    """Records by dataset, variable, rule and value; notes, and long texts of deviations, are left out."""
    told = [issue for issue in result.issues if str(issue.severity) != "note" and issue.dataset != "raw.DV"]
    return {(i.dataset, i.variable, i.rule, i.value): i.records for i in told}


@pytest.fixture(scope="module")
def clean(specs: Path, raw: Path) -> Built:
    return built(specs, raw)


@pytest.fixture(scope="module")
def planted(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The same export with errors, and the records that have them."""
    folder = Path(shutil.copytree(raw, tmp_path_factory.mktemp("planted") / "raw"))
    us, si = {"BILI_U": "mg/dL"}, {"BILI_U": "µmol/L"}
    keys = {
        "thousandfold": change(folder, "LB_HEM", "PLAT", "151000", {"PLAT_U": "10^9/L"}),
        "unit unknown": change(folder, "LB_CHEM", "CREAT_U", "mg/L", us),
        "unit missing": change(folder, "LB_CHEM", "GLUC_U", "", us),
        "comma": change(folder, "LB_CHEM", "K", "4,1", us),
        "limit": change(folder, "LB_CHEM", "ALT", "<5", us),
        "word": change(folder, "LB_CHEM", "AST", "hemolyzed", us),
        "greek": change(folder, "LB_CHEM", "BILI_U", "\u03bcmol/L", si),
        "dipstick": change(folder, "LB_URIN", "UTEST", "Turbidity", {"UTEST": "Nitrite"}),
        "date": change(folder, "EG", "EGDAT", "31 FEB 2013", {}),
    }
    change(folder, "LABRANGES", "LO", "abc", {"LABID": "LAB1001", "TEST": "GGT"})
    change(folder, "ECG", "QTCF", "4100", {"REP": "2"})
    change(folder, "ECG", "ECGDTM", "13/13/2013 09:00", {"REP": "3"})
    return folder, keys


@pytest.fixture(scope="module")
def marred(specs: Path, planted: tuple[Path, dict[str, str]]) -> Built:
    return built(specs, planted[0])


def lb(result: Built) -> pd.DataFrame:
    return result.datasets["LB"].frame.to_pandas().set_index(["LBSPID", "LBTESTCD"])


def test_the_clean_export_has_no_issue(clean: Built) -> None:
    assert {key: n for key, n in issues(clean).items() if key[0] in ("LB", "EG", "MB", "IS") or "raw." in key[0]} == {}


@pytest.mark.bad_input("B066", "B067", "B069", "B072")
def test_each_planted_error_is_told_and_nothing_else(clean: Built, marred: Built) -> None:
    new = {key: n for key, n in issues(marred).items() if key not in issues(clean)}
    told = {key[:3] for key in new}
    assert told == {
        ("LB", "", "LB-PLAUSIBLE"),
        ("LB", "LBSTRESC", "unit-unknown"),
        ("LB", "LBSTRESC", "unit-missing"),
        ("LB", "LBSTRESC", "number-unclear"),
        ("raw.LB_URIN", "UTEST", "raw-value"),
        ("LB", "LBTEST", "decode-unknown"),
        ("raw.LABRANGES", "LO", "not-a-number"),
        ("EG", "EGDTC", "date-unreadable"),
        ("raw.ECG", "ECGDTM", "raw-date"),
        ("raw.EG", "EGDAT", "raw-date"),
        ("EG", "", "EG-PLAUSIBLE"),
        ("EG", "", "EG-QTCF"),
    }


def test_no_planted_error_is_repaired(marred: Built, planted: tuple[Path, dict[str, str]]) -> None:
    results, keys = lb(marred), planted[1]
    platelets = results.loc[(keys["thousandfold"], "PLAT")]
    assert (platelets["LBSTRESN"], platelets["LBNRIND"]) == (151_000, "HIGH")
    for kind, test, text in (("comma", "K", "4,1"), ("limit", "ALT", "<5"), ("word", "AST", "hemolyzed")):
        row = results.loc[(keys[kind], test)]
        assert (row["LBORRES"], row["LBSTRESC"]) == (text, text)
        assert pd.isna(row["LBSTRESN"])
        assert pd.isna(row["LBNRIND"])
    for kind, test in (("unit unknown", "CREAT"), ("unit missing", "GLUC")):
        row = results.loc[(keys[kind], test)]
        assert pd.isna(row["LBSTRESC"])
        assert pd.isna(row["LBORNRLO"])  # no limits in a unit that is not the laboratory's
    assert results.loc[(keys["greek"], "BILI"), "LBORRESU"] == "umol/L"


def test_all_other_results_stay_as_they_were(clean: Built, marred: Built, planted: tuple[Path, dict[str, str]]) -> None:
    before, after = lb(clean), lb(marred)
    untouched = ~before.index.get_level_values(0).isin(list(planted[1].values()))
    ggt = (before.index.get_level_values(1) == "GGT") & (before["LBNAM"] == "LAB1001")
    same = before[untouched & ~ggt]
    compared = ["LBORRES", "LBORRESU", "LBSTRESC", "LBSTRESN", "LBORNRLO", "LBORNRHI", "LBNRIND", "VISITNUM", "LBDTC"]
    pd.testing.assert_frame_equal(same[compared], after.loc[same.index, compared])
    assert len(same) > 3_000
