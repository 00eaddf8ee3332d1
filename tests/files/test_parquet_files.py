from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sdtm2adam.errors import InputError, InternalError
from sdtm2adam.files import parquet
from sdtm2adam.files.parquet import read_parquet, write_parquet

LB = pa.table(
    {
        "USUBJID": ["S-1", "S-1", None],
        "LBSEQ": pa.array([1, 2, None], pa.int64()),
        "LBSTRESN": [0.1 + 0.2, float("nan"), None],
        "ADT": [date(2024, 2, 29), None, date(1960, 1, 1)],
        "ADTM": pa.array([datetime(2024, 2, 29, 23, 59, 59, 1), None, None], pa.timestamp("us")),
        "SOURCES": [["AE", "DS"], [], None],
    }
)


def test_a_table_comes_back_as_it_was(tmp_path):
    write_parquet(LB, tmp_path / "lb.parquet")
    back = read_parquet(tmp_path / "lb.parquet")
    assert back.schema == LB.schema
    assert str(back.to_pylist()) == str(LB.to_pylist())  # NaN is not equal to itself, its text is


def test_the_metadata_of_fields_are_kept(tmp_path):
    field = pa.field("AE_TERM", pa.string(), metadata={b"original": b"AE TERM"})
    write_parquet(pa.table([["x"]], schema=pa.schema([field])), tmp_path / "ae.parquet")
    assert read_parquet(tmp_path / "ae.parquet").schema.field("AE_TERM").metadata == {b"original": b"AE TERM"}


def test_a_table_without_rows_keeps_its_columns(tmp_path):
    write_parquet(LB.slice(0, 0), tmp_path / "lb.parquet")
    assert read_parquet(tmp_path / "lb.parquet").schema == LB.schema


def test_the_same_values_give_the_same_bytes_however_they_are_held(tmp_path):
    chunks = pa.concat_tables([LB.slice(0, 1), LB.slice(1, 2)])
    encoded = chunks.set_column(0, "USUBJID", chunks["USUBJID"].dictionary_encode())
    pandas_made = chunks.replace_schema_metadata({b"pandas": b"{}"})
    for number, table in enumerate([LB, chunks, encoded, pandas_made]):
        write_parquet(table, tmp_path / f"{number}.parquet")
    assert len({(tmp_path / f"{number}.parquet").read_bytes() for number in range(4)}) == 1


def test_large_tables_are_written_in_groups_and_compared(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "_GROUP_ROWS", 2)
    write_parquet(LB, tmp_path / "lb.parquet")
    assert pq.ParquetFile(tmp_path / "lb.parquet").metadata.num_row_groups == 2
    assert read_parquet(tmp_path / "lb.parquet").num_rows == 3


def test_least_and_greatest_values_are_noted_of_all_but_texts(tmp_path):
    write_parquet(LB, tmp_path / "lb.parquet")
    group = pq.ParquetFile(tmp_path / "lb.parquet").metadata.row_group(0)
    noted = {group.column(i).path_in_schema: group.column(i).statistics for i in range(group.num_columns)}
    assert noted["USUBJID"] is None
    assert (noted["LBSEQ"].min, noted["LBSEQ"].max, noted["ADT"].max) == (1, 2, date(2024, 2, 29))


def test_a_file_that_reads_back_otherwise_is_not_left(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "_write", lambda table, path: pq.write_table(table.slice(1), path))
    with pytest.raises(InternalError, match="not the table that was written"):
        write_parquet(LB, tmp_path / "lb.parquet")
    assert list(tmp_path.iterdir()) == []


def test_one_changed_value_is_noticed(tmp_path, monkeypatch):
    other = LB.set_column(2, "LBSTRESN", pa.array([0.3, float("nan"), None]))
    monkeypatch.setattr(parquet, "_write", lambda _table, path: pq.write_table(other, path))
    with pytest.raises(InternalError, match="not the table that was written"):
        write_parquet(LB, tmp_path / "lb.parquet")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"PAR1", "not a whole Parquet file"),
        (b"USUBJID,AETERM\nS-1,Nausea\n", "not a whole Parquet file"),
    ],
)
def test_what_is_not_parquet_is_refused(tmp_path, content, says):
    (tmp_path / "ae.parquet").write_bytes(content)
    with pytest.raises(InputError, match=says) as caught:
        read_parquet(tmp_path / "ae.parquet")
    assert caught.value.where == str(tmp_path / "ae.parquet")


def test_a_file_cut_in_the_middle_is_refused(tmp_path):
    write_parquet(LB, tmp_path / "lb.parquet")
    whole = (tmp_path / "lb.parquet").read_bytes()
    (tmp_path / "lb.parquet").write_bytes(whole[:-20])
    with pytest.raises(InputError, match=r"not a whole Parquet file|damaged"):
        read_parquet(tmp_path / "lb.parquet")


def test_a_damaged_page_is_refused(tmp_path):
    write_parquet(LB, tmp_path / "lb.parquet")
    whole = bytearray((tmp_path / "lb.parquet").read_bytes())
    whole[4:60] = b"\xff" * 56
    (tmp_path / "lb.parquet").write_bytes(whole)
    with pytest.raises(InputError, match="Parquet file"):
        read_parquet(tmp_path / "lb.parquet")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        read_parquet(tmp_path / "ae.parquet")


def test_folder_names_add_no_columns(tmp_path):
    (tmp_path / "STUDYID=X").mkdir()
    write_parquet(LB, tmp_path / "STUDYID=X" / "lb.parquet")
    assert "STUDYID" not in read_parquet(tmp_path / "STUDYID=X" / "lb.parquet").column_names
