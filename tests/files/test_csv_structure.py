"""The structure of CSV files, counted piece by piece."""

import csv
import io

import numpy as np
import pytest
from csv_samples import rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdtm2adam.errors import InputError
from sdtm2adam.files import csv_structure
from sdtm2adam.files.csv_structure import Structure, read_structure

FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

FIELDS = st.text(st.sampled_from('ab",\n\r \u00e9\u00a0'), max_size=8)


@FEW
@given(
    st.lists(st.lists(FIELDS, min_size=3, max_size=3), max_size=12),
    st.sampled_from(
        [("\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_ALL), ("\r", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)]
    ),
    st.integers(min_value=1, max_value=40),
)
def test_what_was_written_is_read_however_the_file_is_cut_into_pieces(tmp_path, records, style, piece):
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator=style[0], quoting=style[1])
    writer.writerows([["A", "B", "C"], *records])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_structure, "CHUNK_BYTES", piece)
        read = rows(tmp_path, buffer.getvalue())
    assert read == [tuple(value if value.strip() else None for value in record) for record in records]


@FEW
@given(st.text(st.sampled_from('ab",\n\r'), max_size=40), st.integers(min_value=1, max_value=7))
def test_any_text_gives_the_same_answer_in_pieces_as_at_once(tmp_path, text, piece):
    path = tmp_path / "AE.csv"
    path.write_bytes(text.encode())

    def answer() -> Structure | str:
        try:
            return read_structure(path, "utf-8", ",")
        except InputError:
            return "refused"  # of several faults a piece may show another first

    whole = answer()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_structure, "CHUNK_BYTES", piece)
        assert answer() == whole


@pytest.mark.parametrize("piece", [1, 2, 3, 5, 1 << 18])
def test_lines_are_counted_over_pieces(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(csv_structure, "CHUNK_BYTES", piece)
    path = tmp_path / "AE.csv"
    path.write_bytes(b'A,B\r\n"x\r\ny\nz",1\r\n\r\n1\r\n"p\r\rq",2,3\r\n5,6\r\n')
    structure = read_structure(path, "utf-8", ",")
    assert structure.uneven == [(6, 1), (7, 3)]
    assert (structure.columns, structure.records, structure.breaks_inside) == (2, 4, True)


@pytest.mark.bad_input("B021")
def test_large_files_are_counted_as_they_are_read(tmp_path):
    random = np.random.default_rng(7)
    values = random.integers(0, 10**9, (50_000, 4)).astype(str)
    values[random.random((50_000, 4)) < 0.1] = "a,b\nc"
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows([["A", "B", "C", "D"], *values.tolist()])
    assert rows(tmp_path, buffer.getvalue()) == [tuple(row) for row in values.tolist()]
