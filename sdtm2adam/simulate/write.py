"""Writing the raw exports: one file per form, whole or not at all, each folder marked as synthetic."""

import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from sdtm2adam.errors import UsageError
from sdtm2adam.files.atomic import write_atomically, write_text
from sdtm2adam.simulate.expected import expect
from sdtm2adam.simulate.forms import FORMS
from sdtm2adam.simulate.observation import Forms, observe_parts
from sdtm2adam.simulate.snapshot import as_snapshot, write_contracts
from sdtm2adam.simulate.truth import STUDYID, Trial
from sdtm2adam.simulate.vendor_files import as_sent

Format = Literal["csv", "parquet", "odm"]
_PLAIN = pacsv.WriteOptions(quoting_header="none")
_MARK = f"""SYNTHETIC DATA

Every record in this folder was made by a random number generator (study {STUDYID}).
No person stands behind any of them. The trial resembles published results; it proves nothing about any medicine.
"""


def write_raw(forms: Forms, folder: Path, format: Format = "csv") -> list[Path]:  # noqa: A002 - the word users know
    """Write the raw exports of a trial into a folder, `<FORM>.csv` or `<FORM>.parquet`.

    As `odm`, some forms stand in one ODM-XML snapshot with contracts that read it beside it, and the others as CSV.
    As CSV, the feeds of `vendor_files` come in the files of their vendors (`CFLOW.xlsx`, `EAC.xlsx`, `mrd.xpt`).
    Each file is written beside its place and renamed; `SYNTHETIC.txt` says what the folder holds.

    Raises:
        UsageError: the forms are not those of the study, the format is not known, or the folder cannot be written to.
    """
    if set(forms) != set(FORMS):
        strange = ", ".join(sorted(set(forms) ^ set(FORMS)))
        raise UsageError(
            f"not the forms of the study: {strange}", where="write_raw", mend="pass what observe() returns"
        )
    return _write_parts([forms], folder, format)


def write_messy(forms: Forms, folder: Path, format: Format = "csv") -> list[Path]:  # noqa: A002
    """Write raw exports with errors in them: their columns may be other than those of the study."""
    return _write_parts([forms], folder, format)


def write_log(lines: pa.Table, path: Path) -> Path:
    """Write a log of what was planted or changed, as CSV."""
    write_atomically(path, lambda temporary: pacsv.write_csv(lines, temporary, _PLAIN))
    return path


def export_trial(trial: Trial, folder: Path, format: Format = "csv", truth: bool = False) -> list[Path]:  # noqa: A002
    """Observe a trial part by part and write it: memory does not grow with the number of subjects.

    With `truth`, `folder/truth` gets what SDTM and ADaM should say, as Parquet.
    """
    written = _write_parts(observe_parts(trial), folder, format)
    return written + (write_truth(trial, folder / "truth") if truth else [])


def write_truth(trial: Trial, folder: Path) -> list[Path]:
    """Write what SDTM and ADaM should say of the trial: `subjects.parquet` and `adverse_events.parquet`."""
    written = []
    for name, rows in expect(trial).items():
        path = folder / f"{name}.parquet"
        write_atomically(path, lambda temporary, rows=rows: pq.write_table(rows, temporary))  # type: ignore[misc]
        written.append(path)
    write_text(folder / "SYNTHETIC.txt", _MARK)
    return written


def _write_parts(parts: Iterable[Forms], folder: Path, format: str) -> list[Path]:  # noqa: A002
    if format not in ("csv", "parquet", "odm"):
        mend = "ask for csv, parquet or odm"
        raise UsageError(f"no raw export is written as {format!r}", where="format", mend=mend)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix=".simulate.", suffix=".tmp", dir=folder))
    except OSError as error:
        raise UsageError(f"cannot write here: {error}", where=str(folder), mend="choose a folder you own") from error
    try:
        staged = [as_sent(path) for path in _stage(parts, stage, "parquet" if format == "parquet" else "csv")]
        staged = as_snapshot(staged) if format == "odm" else staged
        for path in staged:
            write_atomically(folder / path.name, lambda temporary, path=path: _move(path, temporary))  # type: ignore[misc]
        write_text(folder / "SYNTHETIC.txt", _MARK)
        return [folder / path.name for path in staged] + (write_contracts(folder) if format == "odm" else [])
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _move(path: Path, to: Path) -> None:
    path.replace(to)


def _stage(parts: Iterable[Forms], stage: Path, format: str) -> list[Path]:  # noqa: A002
    """Write all parts, form by form, into one folder."""
    paths = {name: stage / f"{name}.{format}" for name in FORMS}
    writers: dict[str, Any] = {}
    try:
        for part in parts:
            for name, rows in part.items():
                if name not in writers:
                    writers[name] = _writer(name, paths[name], rows.schema)
                writers[name].write_table(rows)
    finally:
        for writer in writers.values():
            writer.close()
    if format == "csv":
        _encode(paths)
    return list(paths.values())


def _encode(paths: dict[str, Path]) -> None:
    """Files are written in UTF-8; those of another encoding are small, and written anew."""
    for name, path in paths.items():
        if FORMS[name].encoding != "utf-8":
            path.write_bytes(path.read_bytes().decode("utf-8").encode(FORMS[name].encoding))


def _writer(name: str, path: Path, schema: pa.Schema) -> Any:
    if path.suffix == ".parquet":
        return pq.ParquetWriter(path, schema, compression="zstd")
    options = pacsv.WriteOptions(delimiter=FORMS[name].delimiter, quoting_header="none")
    return pacsv.CSVWriter(path, schema, write_options=options)
