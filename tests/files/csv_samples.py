"""Small CSV files: their rows, or what is told of them."""

import pyarrow as pa
import pytest

from sdtm2adam.errors import InputError, InputErrors
from sdtm2adam.files.csv import read_csv


def rows(tmp_path, text, **declared):
    """The rows of a file with this content."""
    path = tmp_path / "AE.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    table = read_csv(path, **declared)
    assert set(table.schema.types) == {pa.string()}
    return [tuple(row.values()) for row in table.to_pylist()]


def refusal(tmp_path, text, **declared):
    """Where and what is told of a file with this content, `where` without its folder."""
    with pytest.raises(InputError) as caught:
        rows(tmp_path, text, **declared)
    errors = caught.value.errors if isinstance(caught.value, InputErrors) else (caught.value,)
    assert all(error.mend for error in errors)
    return [(error.where.removeprefix(str(tmp_path)).lstrip("/\\"), error.what) for error in errors]
