from datetime import datetime

import pyarrow as pa
import pytest

from sdtm2adam.errors import InputError, UsageError
from sdtm2adam.files.parquet import write_parquet
from sdtm2adam.files.read import find_dataset, read_dataset
from sdtm2adam.files.xpt import write_xpt
from sdtm2adam.model import Dataset, Variable

AE = pa.table({"USUBJID": ["S-1"]})


def write_ae_xpt(folder):
    variables = (Variable("USUBJID", "Unique Subject Identifier", "text"),)
    dataset = Dataset("AE", "Adverse Events", "sdtm", "Events", "", ("USUBJID",), variables, AE, pa.table({}))
    write_xpt(dataset, folder / "ae.xpt", datetime(2026, 1, 1))


@pytest.mark.parametrize("name", ["AE", "ae", "Ae"])
@pytest.mark.parametrize("file", ["ae.parquet", "AE.PARQUET"])
def test_parquet_is_found_whatever_the_case(tmp_path, name, file):
    write_parquet(AE, tmp_path / file)
    assert read_dataset(tmp_path, name).equals(AE)


def test_a_transport_file_is_found(tmp_path):
    write_ae_xpt(tmp_path)
    assert read_dataset(tmp_path, "AE").equals(AE)


def test_two_formats_of_one_dataset_are_an_error(tmp_path):
    write_ae_xpt(tmp_path)
    write_parquet(AE, tmp_path / "ae.parquet")
    with pytest.raises(InputError, match=r"ae\.parquet and ae\.xpt are the same dataset"):
        read_dataset(tmp_path, "AE")


@pytest.mark.bad_input("B018")
def test_names_that_differ_in_case_are_an_error(tmp_path):
    write_parquet(AE, tmp_path / "ae.parquet")
    write_parquet(AE, tmp_path / "AE.parquet")
    if len(list(tmp_path.iterdir())) == 1:
        pytest.skip("this file system does not tell upper from lower case")
    with pytest.raises(InputError, match=r"AE\.parquet and ae\.parquet are the same dataset"):
        read_dataset(tmp_path, "AE")


def test_a_missing_dataset_names_the_nearest(tmp_path):
    write_parquet(AE, tmp_path / "adae.parquet")
    with pytest.raises(InputError, match="there is no dataset ADEA") as caught:
        read_dataset(tmp_path, "ADEA")
    assert "did you mean adae?" in caught.value.mend


@pytest.mark.parametrize("name", ["../ae", "/etc/passwd", "ae.parquet", "", "A E", "CON", "com1", "A" * 40])
@pytest.mark.bad_input("B018")
def test_names_that_lead_elsewhere_are_refused(tmp_path, name):
    with pytest.raises(UsageError, match="cannot be the name of a dataset"):
        read_dataset(tmp_path, name)


@pytest.mark.bad_input("B018")
def test_a_link_out_of_the_folder_is_refused(tmp_path):
    inside = tmp_path / "sdtm"
    inside.mkdir()
    write_parquet(AE, tmp_path / "ae.parquet")
    try:
        (inside / "ae.parquet").symlink_to(tmp_path / "ae.parquet")
    except OSError:
        pytest.skip("links cannot be made here")
    with pytest.raises(InputError, match="link to another folder"):
        read_dataset(inside, "AE")


def test_a_link_within_the_folder_is_followed(tmp_path):
    write_parquet(AE, tmp_path / "ae_v1.parquet")
    try:
        (tmp_path / "ae.parquet").symlink_to(tmp_path / "ae_v1.parquet")
    except OSError:
        pytest.skip("links cannot be made here")
    assert read_dataset(tmp_path, "AE").equals(AE)


def test_a_folder_that_bears_the_name_is_not_a_dataset(tmp_path):
    (tmp_path / "ae.xpt").mkdir()
    with pytest.raises(InputError, match="there is no dataset AE"):
        find_dataset(tmp_path, "AE")


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        read_dataset(tmp_path / "sdtm", "AE")
