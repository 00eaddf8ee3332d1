"""The trial design and the subjects' data speak of the same arms, elements, visits, criteria; names are those of CT."""

import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import yaml

from sdtm2adam.resources import shelf
from sdtm2adam.spec.packages import bundled_terminology

Datasets = Callable[[str], pd.DataFrame]
SPECS = shelf("specs") / "inovate"
PACKAGE = Path(__file__).parents[3].parent / "shared" / "standards" / "ct_sdtm_2025-03-28.csv.gz"


def names_of(codes: str, names: str) -> dict[str, str]:
    """Code and name of the tests of a questionnaire, by two lists of CT."""
    (tests,), (named,) = (bundled_terminology().called(short) for short in (codes, names))
    return {term: named.by_code[concept] for term, (concept, _, _) in tests.terms.items()}


def test_arms_and_elements_of_subjects_are_those_of_the_design(sdtm: Datasets) -> None:
    ta, te, dm, se = (sdtm(name) for name in ("TA", "TE", "DM", "SE"))
    arms = set(zip(ta["ARMCD"], ta["ARM"], strict=True))
    for code, name in (("ARMCD", "ARM"), ("ACTARMCD", "ACTARM")):
        assert set(zip(dm[code], dm[name], strict=True)) - {("", "")} == arms
    assert set(ta["ETCD"]) == set(te["ETCD"])
    planned = set(zip(ta["ARMCD"], ta["ETCD"], ta["ELEMENT"], ta["EPOCH"], ta["TAETORD"], strict=True))
    arm = se["USUBJID"].map(dm.set_index("USUBJID")["ARMCD"])
    known = arm != ""
    went = set(zip(arm[known], *(se.loc[known, name] for name in ("ETCD", "ELEMENT", "EPOCH", "TAETORD")), strict=True))
    assert went == planned
    assert not ta.duplicated(["ARMCD", "TAETORD"]).any()
    assert (te["TEENRL"] != "").all()


def test_elements_of_a_subject_follow_one_another(sdtm: Datasets) -> None:
    se = sdtm("SE").sort_values(["USUBJID", "SESEQ"])
    following = se["USUBJID"] == se["USUBJID"].shift(-1)
    ends, starts = se["SEENDTC"][following], se["SESTDTC"].shift(-1)[following]
    assert (ends.str.slice(0, 10) == starts.str.slice(0, 10)).all()
    assert (se["SESTDTC"].str.slice(0, 10) <= se["SEENDTC"].str.slice(0, 10)).all()
    assert (se["TAETORD"][following].to_numpy() < se["TAETORD"].shift(-1)[following].to_numpy()).all()


def test_long_term_follow_up_begins_with_progression_or_new_therapy(sdtm: Datasets) -> None:
    se, dm = sdtm("SE"), sdtm("DM").set_index("USUBJID")
    rs, cm = sdtm("RS"), sdtm("CM")
    failed = rs[(rs["RSEVAL"] == "INVESTIGATOR") & rs["RSSTRESC"].isin(["PD", "RELAPSED DISEASE FROM CR"])]
    first = pd.concat(
        [
            failed.set_index("USUBJID")["RSDTC"],
            cm[cm["CMCAT"] == "FOLLOW-UP ANTICANCER THERAPY"].set_index("USUBJID")["CMSTDTC"],
        ]
    ).groupby(level=0).min()  # fmt: skip
    long_term = se[se["ETCD"] == "LTFU"].set_index("USUBJID")
    left = long_term["SESTDTC"].str.slice(0, 10)
    off = dm["RFENDTC"].reindex(left.index).str.slice(0, 10)
    assert (left == pd.concat([first.reindex(left.index), off], axis=1).max(axis=1)).all()
    alone = first[first.index.difference(long_term.index)]
    assert (alone >= dm["RFPENDTC"].reindex(alone.index).str.slice(0, 10)).all()
    assert len(long_term) > 100


def test_every_epoch_of_the_data_is_one_of_the_design(sdtm: Datasets, output: Path) -> None:
    epochs = set(sdtm("TA")["EPOCH"])
    looked_at = 0
    for path in sorted((output / "sdtm").glob("*.xpt")):
        rows = sdtm(path.stem.upper())
        if "EPOCH" in rows and path.stem not in ("ta",):
            assert set(rows["EPOCH"]) - {""} <= epochs, path.stem
            looked_at += 1
    assert looked_at > 12


def test_every_planned_visit_is_in_the_design(sdtm: Datasets, output: Path) -> None:
    tv = sdtm("TV")
    planned = set(zip(tv["VISITNUM"], tv["VISIT"], strict=True))
    assert tv["VISITNUM"].is_unique
    assert (tv["TVSTRL"] != "").all()
    for path in sorted((output / "sdtm").glob("*.xpt")):
        rows = sdtm(path.stem.upper())
        if {"VISITNUM", "VISIT"} <= set(rows) and path.stem != "tv":
            some = rows[(rows["VISIT"] != "") & ~rows["VISIT"].str.startswith("UNSCHEDULED")]
            assert set(zip(some["VISITNUM"], some["VISIT"], strict=True)) <= planned, path.stem


def test_criteria_not_met_are_criteria_of_the_trial(sdtm: Datasets) -> None:
    ti, ie = sdtm("TI"), sdtm("IE")
    columns = ["IETESTCD", "IETEST", "IECAT"]
    assert len(ie)
    assert set(map(tuple, ie[columns].to_numpy())) <= set(map(tuple, ti[columns].to_numpy()))
    assert len(ti) == 14 + 22
    assert ti["IETEST"].str.len().max() <= 200


def test_the_summary_has_a_value_or_the_reason_for_none(sdtm: Datasets) -> None:
    ts = sdtm("TS")
    assert ((ts["TSVAL"] != "") != (ts["TSVALNF"] != "")).all()
    assert set(ts["TSVALNF"]) <= {"", "NA", "UNK", "PINF"}
    numbered = ts.sort_values(["TSPARMCD", "TSSEQ"]).groupby("TSPARMCD")["TSSEQ"].apply(list)
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in numbered)
    value = ts.set_index("TSPARMCD")["TSVAL"]
    assert value["SSTDTC"] == sdtm("DM")["RFICDTC"].min()
    assert value["ACTSUB"] == str((sdtm("DM")["ARMCD"] != "").sum())
    assert set(value["FCNTRY"]) >= set(sdtm("DM")["COUNTRY"])
    study = yaml.safe_load((SPECS / "study.yaml").read_text(encoding="utf-8"))
    assert value["DCUTDTC"] == str(study["cutoff"])
    coded = ts["TSVALCD"] != ""
    assert (ts.loc[coded, "TSVCDREF"] != "").all()


def test_names_of_summary_parameters_are_those_of_ct(sdtm: Datasets) -> None:
    ts = sdtm("TS")
    names = names_of("TSPARMCD", "TSPARM")
    assert (ts["TSPARMCD"].map(names) == ts["TSPARM"]).all()


def test_names_of_questions_are_those_of_ct(sdtm: Datasets) -> None:
    names = names_of("EOR01TC", "EOR01TN") | names_of("EQ5D01TC", "EQ5D01TN")
    assert len(names) == 36
    qs = sdtm("QS").drop_duplicates("QSTESTCD").set_index("QSTESTCD")["QSTEST"].drop("QSALL")
    assert qs.to_dict() == names


@pytest.mark.skipif(not PACKAGE.exists(), reason="the whole package of terms is not here")
def test_terms_of_the_summary_and_the_questionnaires_are_in_the_package(sdtm: Datasets) -> None:
    with gzip.open(PACKAGE) as file:
        rows = list(csv.DictReader(io.TextIOWrapper(file, encoding="utf-8")))
    by_code: dict[str, set[str]] = {}
    for row in rows:
        by_code.setdefault(row["term_code"], set()).add(row["submission_value"])
    ts = sdtm("TS")[lambda all_: all_["TSVCDREF"] == "CDISC CT"]
    assert len(ts) > 10
    assert all(value in by_code[code] for code, value in zip(ts["TSVALCD"], ts["TSVAL"], strict=True))
    listed = {(row["codelist_code"], row["submission_value"], row["term_code"]) for row in rows}
    for short in ("QSCAT", "EOR01TC", "EOR01TN", "EQ5D01TC", "EQ5D01TN", "PKUNIT"):
        (found,) = bundled_terminology().called(short)
        assert {(found.code, term, concept) for term, (concept, _, _) in found.terms.items()} <= listed
