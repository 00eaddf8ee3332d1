"""Planted errors: what the log says is what stands in the files, and each kind is independent of the others."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from sdtm2adam.errors import UsageError
from sdtm2adam.simulate import KINDS, choose_kinds, plant
from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.mess import COLUMNS, Log
from sdtm2adam.simulate.mess.scene import FEED_KEYS, Forms

NOT_IN_ONE_EXPORT = {"drift"}
NEEDS_FORMS_TO_COME = {"unit-mix-chemistry": "LB_CHEM", "open-query": "QUERIES"}
NOT_A_CELL = {"no-mrd", "fatal-event", "central-sample", "duplicate", "split-event"}
"""Kinds whose lines tell of records, not of the value of a column."""


@pytest.fixture(scope="module")
def messy(forms: Forms) -> tuple[Forms, pd.DataFrame]:
    made, log = plant(forms, KINDS, 17)
    return made, log.table().to_pandas()


def keys(form: str, rows: pa.Table) -> list[str]:
    names = FEED_KEYS.get(form, ("RECORDID",))
    return ["/".join(parts) for parts in zip(*(rows[name].to_pylist() for name in names), strict=True)]


def cells(forms: Forms, form: str, column: str) -> dict[str, list[str]]:
    """The values of a column by the key of their record."""
    found: dict[str, list[str]] = {}
    for key, value in zip(keys(form, forms[form]), forms[form][column].to_pylist(), strict=True):
        found.setdefault(key, []).append(value or "")
    return found


def test_every_kind_is_planted_and_expects_what_the_design_says(messy: tuple[Forms, pd.DataFrame]) -> None:
    _, log = messy
    assert tuple(log.columns) == COLUMNS
    waiting = {kind for kind, form in NEEDS_FORMS_TO_COME.items() if form not in FORMS}
    assert {kind.name for kind in KINDS} - NOT_IN_ONE_EXPORT - waiting == set(log["kind"])
    assert [kind.number for kind in KINDS] == list(range(1, 36))
    by_number = {kind.number: kind.expect for kind in KINDS}
    assert {n for n, expect in by_number.items() if expect == "keep"} == {10, 17, 22, 24, 25, 28, 32, 35}
    assert {n for n, expect in by_number.items() if expect == "normalise"} == {1, 8, 12, 34}
    others = log[log["expect"] != log["kind"].map({kind.name: kind.expect for kind in KINDS})]
    assert set(others["kind"]) <= {"wrong-visit", "screened-twice"}  # samples between visits, the first screening
    assert set(others["expect"]) <= {"keep"}


def test_the_page_lists_the_kinds() -> None:
    page = (Path(__file__).parents[2] / "docs" / "simulated-mess.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (\d+) \| `([a-z0-9-]+)` \| (\w+) \|", page, re.MULTILINE)
    assert listed == [(str(kind.number), kind.name, kind.expect) for kind in KINDS]


def test_the_log_says_what_stands_in_the_exports(forms: Forms, messy: tuple[Forms, pd.DataFrame]) -> None:
    made, log = messy
    looked_at = 0
    told = log[(log["column"] != "") & ~log["kind"].isin(NOT_A_CELL)]
    for (form, column), lines in told.groupby(["form", "column"]):
        before, after = (cells(each, form, column) for each in (forms, made))
        for line in lines.itertuples():
            assert line.messy in after[line.RECORDID], line
            if line.RECORDID in before and line.kind not in ("stratum", "soft-deleted", "committee"):
                assert line.clean in before[line.RECORDID], line
            looked_at += 1
    assert looked_at > 3000


def test_nothing_but_what_is_logged_differs_from_the_clean_export(
    forms: Forms, messy: tuple[Forms, pd.DataFrame]
) -> None:
    made, log = messy
    records = set(zip(log["form"], log["RECORDID"], strict=True))
    for form, rows in forms.items():
        if form == "CODING":
            continue  # codes added records as those they were made from
        clean, odd = rows.to_pandas().fillna(""), made[form].to_pandas().fillna("")
        assert list(clean.columns) == list(odd.columns)
        lines = [set(zip(keys(form, each), *(frame[c] for c in frame.columns), strict=True)) for each, frame in
                 ((rows, clean), (made[form], odd))]  # fmt: skip
        for line in lines[0] ^ lines[1]:
            assert (form, line[0]) in records or form in ("DEATH", "EAC", "ECG"), line  # the key itself changed


def test_the_same_seed_plants_the_same_and_another_plants_others(forms: Forms) -> None:
    chosen = choose_kinds("impossible-date,duplicate,death-date")
    first, again, other = (plant(forms, chosen, seed) for seed in (4, 4, 5))
    assert first[1].table().equals(again[1].table())
    assert all(first[0][form].equals(again[0][form]) for form in forms)
    assert not first[1].table().equals(other[1].table())


@pytest.mark.parametrize("rest", [0, 1])
def test_a_kind_plants_the_same_whatever_others_are_planted(
    forms: Forms, messy: tuple[Forms, pd.DataFrame], rest: int
) -> None:
    half = [kind for kind in KINDS if kind.number % 2 == rest and kind.name != "decimal-comma"]
    alone = plant(forms, half, 17)[1].table().to_pandas()
    among = messy[1][messy[1]["kind"].isin([kind.name for kind in half])].reset_index(drop=True)
    number = among["messy"].str.fullmatch(r"[<>]?\d+,\d+")  # at some sites, among all, written with a comma
    among["messy"] = among["messy"].mask(number, among["messy"].str.replace(",", "."))
    pd.testing.assert_frame_equal(alone, among)


def test_the_order_of_the_records_moves_no_error(forms: Forms) -> None:
    turned = {form: rows.take(pa.array(range(rows.num_rows - 1, -1, -1))) for form, rows in forms.items()}
    kinds = choose_kinds("partial-date,duplicate,untidy-text,code-mismatch,wrong-visit,no-mrd")
    assert plant(forms, kinds, 3)[1].table().equals(plant(turned, kinds, 3)[1].table())


def test_forms_that_are_not_there_are_passed_over(forms: Forms) -> None:
    for rest in range(4):
        fewer = {form: rows for place, (form, rows) in enumerate(forms.items()) if place % 4 == rest}
        made, log = plant(fewer, KINDS, 2)
        assert list(made) == list(fewer)
        assert set(log.table()["form"].to_pylist()) <= set(fewer)


def test_no_kind_leaves_the_export_as_it_is(forms: Forms) -> None:
    made, log = plant(forms, (), 1)
    assert log.table().num_rows == 0
    assert all(made[form].equals(forms[form]) for form in forms)


def test_record_ids_stay_unique_but_for_deleted_records(messy: tuple[Forms, pd.DataFrame]) -> None:
    for form, rows in messy[0].items():
        if FORMS[form].kind == "form":
            frame = rows.to_pandas()
            kept = frame[frame["DELETED"].fillna("0") != "1"] if "DELETED" in frame else frame
            assert kept["RECORDID"].is_unique, form
    ae = messy[0]["AE"].to_pandas()
    assert ae["RECORDID"].duplicated().any()


def test_rates_are_those_of_the_design(messy: tuple[Forms, pd.DataFrame], forms: Forms) -> None:
    made, log = messy
    rate = log.groupby(["kind", "form"])["RECORDID"].nunique()
    assert rate["duplicate", "CM"] == round(0.004 * forms["CM"]["CMTRT"].drop_null().length())
    assert rate["untidy-text", "AE"] == pytest.approx(0.03 * len(forms["AE"]), rel=0.05)
    assert rate["after-death"].sum() == 4
    deaths = len(forms["DEATH"])
    assert 0.02 * deaths <= rate["death-date"].sum() <= 0.05 * deaths
    assert len(made["MRD"]) == len(forms["MRD"]) - rate["no-mrd", "MRD"]


def test_kinds_are_named_by_number_or_word() -> None:
    assert [kind.number for kind in choose_kinds("35, unit-mix,2")] == [2, 4, 35]
    assert choose_kinds("none") == ()
    assert len(choose_kinds("all")) == 35
    with pytest.raises(UsageError) as told:
        choose_kinds("unit-mixed")
    assert "'unit-mixed'" in str(told.value)
    assert "unit-mix" in told.value.mend


def test_a_form_to_come_is_messed_up_by_its_columns(forms: Forms) -> None:
    """The chemistry of local laboratories: the functions look for columns, not for forms."""
    chemistry = forms["LB_HEM"].rename_columns(
        [name.replace("PLAT", "BILI") if name.startswith("PLAT") else name for name in forms["LB_HEM"].column_names]
    )
    units = pa.array(["µmol/L"] * len(chemistry))
    chemistry = chemistry.set_column(chemistry.column_names.index("BILI_U"), "BILI_U", units)
    made, log = plant({**forms, "LB_HEM": chemistry}, choose_kinds("5"), 6)
    lines = log.table().to_pandas()
    lines = lines[lines["form"] == "LB_HEM"]
    assert set(lines["column"]) == {"BILI"}
    changed = made["LB_HEM"].to_pandas().set_index("RECORDID").loc[lines["RECORDID"]]
    assert (changed["BILI_U"] == "mg/dL").all()
    ratio = lines["clean"].astype(float).to_numpy() / changed["BILI"].astype(float).to_numpy()
    assert ratio[lines["clean"].astype(float) > 100] == pytest.approx(17.104, rel=0.01)


def test_a_log_of_nothing_is_a_table_without_lines() -> None:
    empty: Any = Log().table()
    assert empty.column_names == list(COLUMNS)
    assert empty.num_rows == 0


@pytest.mark.parametrize("seed", [17, 92717])
def test_who_was_screened_before_had_an_age_that_the_year_of_birth_allows(forms: Forms, seed: int) -> None:
    rows = plant(forms, choose_kinds("screened-twice"), seed)[0]["ENROL"].to_pandas()
    before = rows[rows["SUBJECT"].isin(rows["PREVSUBJ"].dropna())]
    assert len(before) == 3
    years = before["ICFDAT"].str[-4:].astype(int) - before["BRTHYR"].astype(int) - before["AGE"].astype(int)
    assert set(years) <= {0, 1}
