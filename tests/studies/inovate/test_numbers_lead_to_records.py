"""Every number leads back: members to rows of ADaM, those to rows of SDTM, those to the records as collected."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

Datasets = Callable[[str], pd.DataFrame]

TRACED = ["ADSL", "ADRS"]


@pytest.fixture(scope="module")
def members(output: Path) -> pd.DataFrame:
    found = pd.read_parquet(output / "results" / "T14_2_1.members.parquet")
    found = found[["dataset", "usubjid", "keyseq", "paramcd"]].drop_duplicates()
    assert set(found["dataset"]) == set(TRACED)
    return found


def lineage(output: Path, name: str) -> pd.DataFrame:
    """The lineage of a dataset, in the order of its rows."""
    rows = pd.read_parquet(output / "lineage" / f"{name}.parquet")
    assert rows["row"].tolist() == list(range(len(rows)))
    return rows


def data(output: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(output / "data" / f"{name}.parquet")


def member_rows(output: Path, adam: Datasets, members: pd.DataFrame, name: str) -> pd.DataFrame:
    """Where each member of a dataset stands in the XPT file; every one is there, once."""
    some = members[members["dataset"] == name]
    written = adam(name)
    keys = written["USUBJID"] + "|" + (written["ASEQ"].astype(int).astype(str) if name == "ADRS" else "")
    place = pd.Series(range(len(written)), keys)
    assert place.index.is_unique
    found = place.reindex(some["usubjid"] + "|" + some["keyseq"].astype(str))
    assert found.notna().all()
    chosen = written.iloc[found.astype(int)]
    if name == "ADRS":
        assert chosen["PARAMCD"].tolist() == some["paramcd"].tolist()
    assert chosen["USUBJID"].tolist() == data(output, name).iloc[found.astype(int)]["USUBJID"].tolist()
    return lineage(output, name).iloc[found.astype(int)].assign(USUBJID=chosen["USUBJID"].to_numpy())


@pytest.mark.parametrize("name", TRACED)
def test_every_member_is_a_row_of_its_dataset(output: Path, adam: Datasets, members: pd.DataFrame, name: str) -> None:
    assert len(member_rows(output, adam, members, name)) > 300


def test_every_member_says_where_it_comes_from(output: Path, adam: Datasets, members: pd.DataFrame) -> None:
    """Only subjects without any assessment have a record that comes from none."""
    assert member_rows(output, adam, members, "ADSL")["source"].eq("DM").all()
    rows = member_rows(output, adam, members, "ADRS")
    missing = data(output, "ADRS").iloc[rows.loc[rows["source"].isna(), "row"]]
    assert set(missing["AVALC"]) == {"MISSING"}
    assert rows["source"].notna().sum() > 300


def test_every_response_counted_comes_from_its_own_assessment(
    output: Path, adam: Datasets, members: pd.DataFrame
) -> None:
    """ADRS row -> RS row with the same sequence number -> the raw record whose number RS carries."""
    rows = member_rows(output, adam, members, "ADRS")
    assert (rows["source"].dropna() == "RS").all()
    assert rows["source"].notna().sum() > 300
    picked = rows[rows["source"] == "RS"]
    rs = data(output, "RS").iloc[picked["source_row"].astype(int)]
    assert rs["RSSEQ"].tolist() == data(output, "ADRS").iloc[picked["row"]]["RSSEQ"].tolist()
    origin = lineage(output, "RS").iloc[picked["source_row"].astype(int)]
    assert set(origin["source"]) == {"raw.RESP"}
    raw = pd.read_parquet(output / "lineage" / "raw.RESP.parquet")
    assert raw["row"].tolist() == list(range(len(raw)))
    numbers = raw["RECORDID"].iloc[origin["source_row"].astype(int)].astype(str)
    assert numbers.tolist() == rs["RSSPID"].astype(str).tolist()


# --- every edge of the study


def edges(output: Path, name: str) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Column of the lineage, source, and the rows with their source rows."""
    rows = lineage(output, name)
    for column in [each for each in rows.columns if each == "source" or each.endswith(".source")]:
        place = "source_row" if column == "source" else column.removesuffix("source") + "row"
        for kind, part in rows[rows[column].notna()].groupby(column):
            yield column, str(kind), part[["row", place]].set_axis(["row", "origin"], axis=1).astype(int)
    many = output / "lineage" / f"{name}.edges.parquet"  # records that were made from many
    if many.exists():
        for kind, part in pd.read_parquet(many).groupby("source"):
            yield "source", str(kind), part[["row", "source_row"]].set_axis(["row", "origin"], axis=1).astype(int)


def source_rows(output: Path, kind: str) -> pd.DataFrame:
    """The rows of a source: a built dataset, a raw form, or a table of the specs."""
    if kind.startswith("table."):
        return pd.read_csv(output.parent / "specs" / "tables" / f"{kind.removeprefix('table.').lower()}.csv")
    folder = "lineage" if kind.startswith("raw.") else "data"
    return pd.read_parquet(output / folder / f"{kind}.parquet")


NAMES = """
    ADAE ADBM ADCP ADEG ADEX ADLB ADRESP ADRS ADSL ADTTE
    AE CM CP DD DM DS DV EC EG EX FA IE IS LB MB MH PC PR QS RS SE SS VS TA TE TI TS TV
    SUPPAE SUPPCM SUPPCP SUPPDD SUPPDM SUPPDS SUPPDV SUPPEC SUPPEG SUPPEX SUPPFA SUPPMH SUPPPC
    SUPPPR SUPPQS SUPPRS SUPPSS RELREC
"""
BUILT = [*NAMES.split(), "SV"]


def test_lineage_is_asked_of_every_dataset(output: Path) -> None:
    assert {*NAMES.split(), "SV"} == {path.stem for path in (output / "data").glob("*.parquet")}


@pytest.mark.parametrize("name", BUILT)
def test_every_record_comes_from_rows_that_exist_and_are_of_its_subject(output: Path, name: str) -> None:
    """Each edge of the dataset; from one built dataset to another the subject is the same on both ends."""
    checked = set()
    for column, kind, rows in edges(output, name):
        origin = source_rows(output, kind)
        assert rows["origin"].between(0, len(origin) - 1).all(), (column, kind)
        if not kind.startswith(("raw.", "table.")) and name != "TS":  # the summary tells of the trial, not of subjects
            ours, theirs = data(output, name)["USUBJID"], origin["USUBJID"]
            assert (ours.to_numpy()[rows["row"]] == theirs.to_numpy()[rows["origin"]]).all(), (column, kind)
        if column == "source":
            checked |= set(rows["row"])
    if name != "ADRS":  # a subject without assessment has a record of its own there
        assert len(checked) == len(data(output, name))


@pytest.mark.parametrize("name", ["CM", "DV", "EC", "FA", "LB", "PR", "QS", "SS", "VS"])
def test_collected_records_come_from_the_raw_record_whose_number_they_carry(output: Path, name: str) -> None:
    numbers = data(output, name)[f"{name}SPID"].astype(str).to_numpy()
    checked = 0
    for column, kind, rows in edges(output, name):
        if column == "source":
            raw = pd.read_parquet(output / "lineage" / f"{kind}.parquet")["RECORDID"].astype(str).to_numpy()
            assert (numbers[rows["row"]] == raw[rows["origin"]]).all(), kind
            checked += len(rows)
    assert checked == len(numbers)


def test_exposure_comes_from_the_dose_collected_with_the_same_number(output: Path) -> None:
    ex, ec = data(output, "EX"), data(output, "EC")
    found = [(kind, rows) for column, kind, rows in edges(output, "EX") if column == "source"]
    assert [kind for kind, _ in found] == ["EC"]
    rows = found[0][1]
    assert sorted(rows["row"]) == list(range(len(ex)))
    for ours, theirs in (("EXSPID", "ECSPID"), ("EXTRT", "ECTRT")):
        assert (ex[ours].to_numpy()[rows["row"]] == ec[theirs].to_numpy()[rows["origin"]]).all()
