"""Reading CSV files: text in, text kept."""

import codecs
import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow_csv

from sdtm2adam.errors import InputError, InputErrors, InternalError, UsageError, nearest
from sdtm2adam.files.csv_structure import Structure, read_structure
from sdtm2adam.files.faults import damaged, unreadable
from sdtm2adam.files.raw_names import name_errors, named, plain_name
from sdtm2adam.files.raw_text import blank_is_missing

_OTHER_DELIMITERS = {";": "semicolon", "\t": "tab", "|": "bar", ",": "comma"}
_SMALLEST_BLOCK = 4 << 20


def read_csv(
    path: Path, *, encoding: str = "utf-8", delimiter: str = ",", expected: Sequence[str] | None = None
) -> pa.Table:
    """Read a CSV file with every value as the text it is.

    `NA` stays `NA` and `007` stays `007`; nothing is trimmed or converted. A field that is empty, or holds nothing but
    blanks, no-break spaces or other white space, is missing. Line breaks inside quotes are kept. A line without any
    character is no record. Rows keep the order of the file.

    Column names are those of the first line without blanks around them; each character other than an ASCII letter,
    a digit or `_` becomes `_`. The name as it stands in the file is kept in the field's metadata under `original`.

    Args:
        path: the file. It must end with a line break, as one that was cut does not.
        encoding: how its bytes are text; a byte-order mark is accepted. It is never guessed.
        delimiter: one ASCII character. It is never guessed.
        expected: names of columns that must be there; others may be, in any order.

    Returns:
        One text column for each column of the file; no rows if there is only the line of names.

    Raises:
        InputError: the file cannot be read, is empty, cut or damaged; names its line.
        InputErrors: rows with too many or too few fields, columns that are missing or named twice; all at once.
        UsageError: there is no such encoding, or the delimiter cannot be one.
    """
    codec = _checked(encoding, delimiter)
    try:
        structure = read_structure(path, codec, delimiter)
        names = _header(path, codec, delimiter)
    except OSError as error:
        raise unreadable(path, error) from error
    _check_columns(path, names, delimiter, expected)
    _check_rows(path, structure)
    table = _read(path, codec, delimiter, structure, names)
    columns = [blank_is_missing(column) for column in table.columns]
    return pa.table(columns, schema=named(names))


def _checked(encoding: str, delimiter: str) -> str:
    """The name Python knows the encoding by."""
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n\0':
        mend = "give one ASCII character, for example a comma or a semicolon"
        raise UsageError(f"{delimiter!r} cannot be a delimiter", where="delimiter", mend=mend)
    try:
        codec = codecs.lookup(encoding).name
        io.TextIOWrapper(io.BytesIO(), codec)  # refuses codecs that are no text, such as hex
    except LookupError as error:
        mend = "name one that Python knows, for example utf-8, cp1252 or utf-16"
        raise UsageError(f"no encoding is called {encoding!r}", where="encoding", mend=mend) from error
    return codec


def _header(path: Path, codec: str, delimiter: str) -> list[str]:
    """The names in the first line as they stand there; its quotes have been checked."""
    with path.open(encoding="utf-8-sig" if codec == "utf-8" else codec, newline="") as file:
        try:
            return next(csv.reader(file, delimiter=delimiter))
        except csv.Error as error:
            raise damaged(path, f"the first line cannot be one of column names ({error})") from error


def _check_columns(path: Path, names: Sequence[str], delimiter: str, expected: Sequence[str] | None) -> None:
    plain = [plain_name(name) for name in names]
    where = f"{path}, line 1"
    if len(names) == 1 and list(expected or ()) != plain:
        raise _one_column(where, names[0], delimiter)
    places = [f"column {number}" for number in range(1, len(names) + 1)]
    mend = "name it, or take a delimiter too many from the end of the lines"
    errors = name_errors(names, places, where, mend)
    for wanted in expected or ():
        if wanted not in plain:
            mend = f"correct the name here or in the contract of the file; {nearest(wanted, plain)}"
            errors.append(InputError(f"the column {wanted} is missing", where=where, mend=mend))
    if errors:
        raise InputErrors(errors)


def _one_column(where: str, header: str, delimiter: str) -> InputError:
    others = [word for sign, word in _OTHER_DELIMITERS.items() if sign in header and sign != delimiter]
    hint = f"; its first line holds a {' and a '.join(others)}" if others else ""
    what = f"with the delimiter {delimiter!r} the file has one column{hint}"
    return InputError(what, where=where, mend="declare the delimiter of the file; it is not guessed")


def _check_rows(path: Path, structure: Structure) -> None:
    """Rows with more or fewer fields than the header has names: whose value would be whose is open."""
    mend = "correct the line: a delimiter inside a value needs quotes around the value"
    errors = [
        InputError(f"{fields} fields where {structure.columns} are expected", where=f"{path}, line {line}", mend=mend)
        for line, fields in structure.uneven
    ]
    more = structure.uneven_rows - len(errors)
    if more:
        errors.append(InputError(f"{more:,} more rows have the wrong number of fields", where=str(path), mend=mend))
    if errors:
        raise InputErrors(errors)


def _read(path: Path, codec: str, delimiter: str, structure: Structure, names: Sequence[str]) -> pa.Table:
    columns = [str(number) for number in range(len(names))]
    table = arrow_csv.read_csv(
        path,
        arrow_csv.ReadOptions(
            column_names=columns,
            skip_rows_after_names=1,
            encoding=codec,
            block_size=max(_SMALLEST_BLOCK, 4 * structure.longest),
        ),
        arrow_csv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=structure.breaks_inside,
            ignore_empty_lines=structure.columns > 1,
        ),
        arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )
    if table.num_rows != structure.records:
        what = f"{structure.records:,} records were counted and {table.num_rows:,} read"
        raise InternalError(what, where=str(path), mend="report this as a fault of sdtm2adam")
    return table
