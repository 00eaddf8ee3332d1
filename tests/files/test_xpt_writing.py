from dataclasses import replace
from datetime import date, datetime, time

import numpy as np
import pyarrow as pa
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from xpt_samples import CREATED, USUBJID, column, dataset_of, texts, written

from sdtm2adam.files.xpt import read_xpt, read_xpt_variables
from sdtm2adam.files.xpt.ibm import LARGEST, SMALLEST
from sdtm2adam.model import Variable

FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NUMBERS = st.one_of(
    st.none(),
    st.just(0.0),
    st.floats(min_value=SMALLEST, max_value=LARGEST),
    st.floats(min_value=-LARGEST, max_value=-SMALLEST),
)
PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=200)

VARIABLES = (
    USUBJID,
    Variable("AESEQ", "Sequence Number", "integer"),
    Variable("AETERM", "Reported Term for the Adverse Event", "text", length=20),
    Variable("AVAL", "Analysis Value", "float", format="8.2"),
    Variable("ASTDT", "Analysis Start Date", "date"),
    Variable("ASTDTM", "Analysis Start Datetime", "datetime"),
    Variable("ASTTM", "Analysis Start Time", "time"),
)
ADAE = dataset_of(
    {
        "USUBJID": ["S-1", "S-1", "S-22"],
        "AESEQ": [1, 2, None],
        "AETERM": ["NAUSEA", "  leading", None],
        "AVAL": [0.1, -1e70, None],
        "ASTDT": [date(2024, 2, 29), date(1582, 1, 1), None],
        "ASTDTM": [datetime(2024, 2, 29, 23, 59, 59, 123456), datetime(1959, 12, 31), None],
        "ASTTM": [time(0, 0), time(23, 59, 59, 999999), None],
    },
    VARIABLES,
    name="ADAE",
)


def test_every_value_comes_back(tmp_path):
    back = read_xpt(written(ADAE, tmp_path))
    assert back.to_pydict() == ADAE.frame.to_pydict()
    assert back.schema.types == [
        pa.string(), pa.float64(), pa.string(), pa.float64(), pa.date32(), pa.timestamp("us"), pa.time64("us"),
    ]  # fmt: skip


def test_the_header_tells_names_labels_lengths_and_formats(tmp_path):
    told = read_xpt_variables(written(ADAE, tmp_path))
    assert [(v.name, v.label, v.type, v.length, v.format) for v in told] == [
        ("USUBJID", "Unique Subject Identifier", "text", 4, ""),
        ("AESEQ", "Sequence Number", "float", 8, ""),
        ("AETERM", "Reported Term for the Adverse Event", "text", 20, ""),
        ("AVAL", "Analysis Value", "float", 8, "8.2"),
        ("ASTDT", "Analysis Start Date", "date", 8, "DATE9."),
        ("ASTDTM", "Analysis Start Datetime", "datetime", 8, "DATETIME20."),
        ("ASTTM", "Analysis Start Time", "time", 8, "TIME8."),
    ]


def test_another_reader_finds_the_same(tmp_path):
    adae, meta = pyreadstat.read_xport(str(written(ADAE, tmp_path)), disable_datetime_conversion=True)
    assert (meta.table_name, meta.file_label) == ("ADAE", "Adverse Events")
    assert meta.column_names_to_labels == {variable.name: variable.label for variable in VARIABLES}
    assert meta.original_variable_types["ASTDTM"] == "DATETIME20"
    assert meta.creation_time == CREATED
    assert adae["AETERM"].tolist()[:2] == ["NAUSEA", "  leading"]
    assert adae["AVAL"].tolist()[:2] == [0.1, -1e70]
    assert adae["ASTDT"].tolist()[:2] == [23435, -138061]  # SAS: '29FEB2024'd, '01JAN1582'd
    assert adae["ASTDTM"].tolist()[:2] == [2024870399.123456, -86400]  # '29FEB2024:23:59:59'dt, '31DEC1959:00:00:00'dt
    assert adae["ASTTM"].tolist()[:2] == [0, 86399.999999]
    assert adae.iloc[2].isna().tolist() == [False, True, False, True, True, True, True]


def test_the_file_consists_of_records_of_eighty_bytes(tmp_path):
    raw = written(ADAE, tmp_path).read_bytes()
    assert len(raw) % 80 == 0
    assert raw[:80] == b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!000000000000000000000000000000  "
    assert raw[240:320] == b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!000000000000000001600000000140  "
    assert raw[560:640] == b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!000000000700000000000000000000  "
    assert raw[144:160] == raw[160:176] == raw[464:480] == raw[480:496] == b"01MAR26:12:30:05"


def test_the_same_dataset_gives_the_same_bytes(tmp_path):
    first = written(ADAE, tmp_path).read_bytes()
    in_pieces = replace(ADAE, frame=pa.concat_tables([ADAE.frame.slice(0, 1), ADAE.frame.slice(1)]))
    assert written(in_pieces, tmp_path).read_bytes() == first


def test_our_bytes_are_those_of_the_usual_writer(tmp_path):
    dataset = dataset_of(
        {"USUBJID": ["S-1", "S-22"], "AVAL": [0.1, -118.625]}, (USUBJID, Variable("AVAL", "Analysis Value", "float"))
    )
    pyreadstat.write_xport(dataset.frame.to_pandas(), str(tmp_path / "theirs.xpt"), file_format_version=5)
    theirs, ours = (tmp_path / "theirs.xpt").read_bytes(), written(dataset, tmp_path).read_bytes()
    assert theirs[-80:] == ours[-80:]


def test_the_input_is_not_changed(tmp_path):
    before = ADAE.frame.to_pydict()
    written(ADAE, tmp_path)
    assert ADAE.frame.to_pydict() == before


def test_nan_is_written_as_missing(tmp_path):
    assert read_xpt(written(column([1.0, float("nan")], "float"), tmp_path))["AEVAL"].to_pylist() == [1.0, None]


def test_a_column_without_any_value_is_written(tmp_path):
    frame = pa.table({"USUBJID": ["S-1"], "AEVAL": pa.nulls(1)})
    for kind in ("text", "float", "date", "datetime", "time"):
        dataset = replace(column([None], kind), frame=frame)
        assert read_xpt(written(dataset, tmp_path))["AEVAL"].to_pylist() == [None]


def test_dictionary_encoded_texts_are_written(tmp_path):
    dataset = texts(["A", "B", None])
    encoded = replace(dataset, frame=dataset.frame.set_column(1, "AETERM", dataset.frame["AETERM"].dictionary_encode()))
    assert read_xpt(written(encoded, tmp_path))["AETERM"].to_pylist() == ["A", "B", None]


@pytest.mark.parametrize("of", [pa.large_string(), pa.string_view()])
def test_texts_of_any_arrow_kind_are_written(tmp_path, of):
    dataset = texts(["A", None])
    other = replace(dataset, frame=dataset.frame.set_column(1, "AETERM", dataset.frame["AETERM"].cast(of)))
    assert read_xpt(written(other, tmp_path))["AETERM"].to_pylist() == ["A", None]


@pytest.mark.parametrize(
    ("kind", "value", "of"),
    [
        ("datetime", datetime(2024, 1, 2, 3, 4, 5), pa.timestamp("s")),
        ("datetime", datetime(2024, 1, 2, 3, 4, 5, 6000), pa.timestamp("ms")),
        ("time", time(3, 4, 5), pa.time32("s")),
        ("float", 0.5, pa.float32()),
        ("float", 0.5, pa.decimal128(10, 2)),
        ("integer", 5, pa.uint8()),
        ("integer", 5, pa.decimal128(38, 0)),
    ],
)
def test_numbers_of_any_arrow_kind_are_written(tmp_path, kind, value, of):
    dataset = column([None], kind)
    typed = pa.array([value, None]).cast(of)
    other = replace(dataset, frame=pa.table({"USUBJID": ["S-1", "S-2"], "AEVAL": typed}))
    assert read_xpt(written(other, tmp_path))["AEVAL"].to_pylist() == [value, None]


def test_a_dataset_without_records_keeps_its_variables(tmp_path):
    path = written(texts([], length=12), tmp_path)
    assert read_xpt(path).num_rows == 0
    assert [variable.length for variable in read_xpt_variables(path)] == [1, 12]


def test_trailing_blanks_are_padding_and_do_not_count(tmp_path):
    path = written(texts(["AB   ", "   "], length=2), tmp_path)
    assert read_xpt(path)["AETERM"].to_pylist() == ["AB", None]


@pytest.mark.parametrize("rows", [1, 2, 65_535, 65_536, 65_537, 131_072])
def test_datasets_longer_than_one_piece_are_written_whole(tmp_path, rows):
    frame = pa.table({"USUBJID": [f"S-{row}" for row in range(rows)], "AEVAL": np.arange(rows, dtype=np.float64)})
    dataset = replace(column([1.0], "float"), frame=frame)
    assert read_xpt(written(dataset, tmp_path)).equals(frame)


@FEW
@given(st.lists(NUMBERS, min_size=1, max_size=30))
def test_numbers_come_back_to_us_and_to_another_reader(tmp_path, numbers):
    path = written(column(numbers, "float"), tmp_path)
    assert read_xpt(path)["AEVAL"].to_pylist() == numbers
    theirs = pyreadstat.read_xport(str(path))[0]["AEVAL"]
    assert [None if value != value else value for value in theirs] == numbers


@FEW
@given(st.lists(st.one_of(st.none(), PRINTABLE), min_size=1, max_size=20))
def test_texts_come_back_without_trailing_blanks(tmp_path, values):
    path = written(texts(values), tmp_path)
    stripped = [(value or "").rstrip(" ") for value in values]
    assert read_xpt(path)["AETERM"].to_pylist() == [value or None for value in stripped]
    assert pyreadstat.read_xport(str(path))[0]["AETERM"].tolist() == stripped


@FEW
@given(
    st.lists(
        st.one_of(st.none(), st.dates(min_value=date(1582, 1, 1), max_value=date(3999, 12, 31))),
        min_size=1,
        max_size=20,
    )
)
def test_dates_come_back(tmp_path, dates):
    assert read_xpt(written(column(dates, "date"), tmp_path))["AEVAL"].to_pylist() == dates


@FEW
@given(
    st.lists(st.datetimes(min_value=datetime(1750, 1, 1), max_value=datetime(2200, 1, 1)), min_size=1, max_size=20),
    st.lists(st.times(), min_size=20, max_size=20),
)
def test_datetimes_and_times_come_back_to_the_microsecond(tmp_path, datetimes, times):
    assert read_xpt(written(column(datetimes, "datetime"), tmp_path))["AEVAL"].to_pylist() == datetimes
    assert read_xpt(written(column(times, "time"), tmp_path))["AEVAL"].to_pylist() == times
