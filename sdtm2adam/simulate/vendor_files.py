"""Feeds in the files their vendors send: workbooks with titles and real dates, a SAS transport file, a byte-order mark.

Each is made from the feed as CSV when all subjects are in it. What a cell or a number cannot hold as it was written
(`54.0`, a partial date) stays text, as it does in the files of laboratories: no value is changed by its carrier.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from sdtm2adam.files.csv import read_csv
from sdtm2adam.files.raw_text import decimal_text
from sdtm2adam.files.xlsx.write import Cell, Sheet, write_xlsx
from sdtm2adam.files.xpt import write_xpt
from sdtm2adam.model import Dataset, Variable
from sdtm2adam.simulate.truth import STUDYID

_BOM = b"\xef\xbb\xbf"
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_SENT = datetime(2016, 3, 8)
"""The time the transport file says it was made: that of the last transfer."""
_TEXT_DATES = 3
"""Every third date of a workbook is a text, as where sites typed it."""

FILES = {"CFLOW": "CFLOW.xlsx", "EAC": "EAC.xlsx", "MRD": "mrd.xpt"}
"""The feeds that do not come as CSV, and the names of their files."""


def as_sent(path: Path) -> Path:
    """The file as its vendor sends it, made beside the staged CSV file, which it replaces; other files stay.

    Args:
        path: a form or feed as CSV, `<FORM>.csv`.
    """
    make = _MAKERS.get(path.stem)
    if make is None or path.suffix != ".csv":
        return path
    sent = path.with_name(FILES.get(path.stem, path.name))
    make(path, sent)
    if sent != path:
        path.unlink()
    return sent


def _marked(path: Path, sent: Path) -> None:
    """UTF-8 with a byte-order mark, as Excel saves it."""
    sent.write_bytes(_BOM + path.read_bytes())


def _flow(path: Path, sent: Path) -> None:
    titles = [f"{STUDYID}: central flow cytometry", "Synthetic data", "Percentages are of the cells named"]
    groups = {"Blasts": ("BlastPct", "CD10Pct")}
    write_xlsx(sent, [Sheet("Immunophenotyping", _cells(path, ("CollDate", "RecvDate")), titles, groups)])


def _committee(path: Path, sent: Path) -> None:
    titles = [f"{STUDYID}: endpoint adjudication committee", "Synthetic data"]
    write_xlsx(sent, [Sheet("Adjudication", _cells(path, ("ASSESSDT", "FINALDT")), titles)])


def _cells(path: Path, dates: tuple[str, ...]) -> dict[str, list[Cell]]:
    """The columns of a feed as cells."""
    frame = read_csv(path)
    columns: dict[str, list[Cell]] = {}
    for name in frame.column_names:
        texts = frame[name].to_pylist()
        columns[name] = (
            [text if row % _TEXT_DATES == 2 else _date(text) for row, text in enumerate(texts)]
            if name in dates
            else [_number(text) for text in texts]
        )
    return columns


def _date(text: str | None) -> Cell:
    """A real date where the text is one."""
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return text


def _number(text: str | None) -> Cell:
    """A number where its shortest form is the text."""
    if text is None or not _NUMBER.fullmatch(text) or decimal_text(float(text)) != text:
        return text
    return float(text)


def _residual_disease(path: Path, sent: Path) -> None:
    """A transport file: a column is of numbers or dates if all its texts are, else of texts."""
    frame = read_csv(path)
    variables, columns = [], []
    for name in frame.column_names:
        kind, values = _typed(frame[name].combine_chunks())
        form = {"date": "DATE9.", "float": "BEST12."}.get(kind, "")
        variables.append(Variable(name, name, kind, format=form))
        columns.append(values)
    table = pa.table(columns, names=frame.column_names)
    dataset = Dataset("MRD", "Residual Disease", "raw", "", "", ("ACCNO",), tuple(variables), table, pa.table({}))
    write_xpt(dataset, sent, _SENT)


def _typed(texts: pa.Array) -> tuple[str, pa.Array]:
    """A column as dates (DDMONYYYY) or numbers if each text is one, else as texts."""
    values = texts.to_pylist()
    said = [text for text in values if text is not None]
    if said and all(isinstance(_number(text), float) for text in said):
        return "float", texts.cast(pa.float64())
    days = pc.strptime(texts, format="%d%b%Y", unit="s", error_is_null=True).cast(pa.date32())
    back = pc.utf8_upper(pc.strftime(days, format="%d%b%Y"))  # 31FEB2014 is read as a day of March
    if said and days.null_count == texts.null_count and back.equals(texts):
        return "date", days
    return "text", texts


_MAKERS: dict[str, Callable[[Path, Path], None]] = {
    "CFLOW": _flow,
    "EAC": _committee,
    "MRD": _residual_disease,
    "CODING": _marked,
    "SITES": _marked,
}
