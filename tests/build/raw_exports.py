"""The same raw rows in each format: the file or files, and what the contract of each form says to read it."""

import csv
import shutil
from datetime import date, datetime, time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
from pandas import DataFrame

from sdtm2adam.files.odm.write import OdmForm, write_odm
from sdtm2adam.files.xlsx.write import Sheet, write_xlsx

ROWS = Path(__file__).parents[1] / "files" / "same_rows"
TYPES = {
    "DEMOG": {"AGE": "number", "INFORMED_DATE": "date", "INFORMED_TIME": "time"},
    "AE": {"RECORDID": "number"},
    "LAB": {"RECORDID": "number", "COLLECTED": "datetime", "HGB": "number", "CREATININE": "number"},
}
FORMS = tuple(TYPES)


def rows_of(form: str) -> dict[str, list[str | None]]:
    """The rows of a form by column, as its CSV file holds them."""
    with (ROWS / f"{form}.csv").open(encoding="utf-8", newline="") as file:
        head, *lines = csv.reader(file)
    return {name: [line[place] or None for line in lines] for place, name in enumerate(head)}


def typed(form: str, column: str, values: list[str | None]) -> list:
    """The values as numbers and dates where the column is one of these."""
    make = {
        "number": float, "date": date.fromisoformat, "time": time.fromisoformat, "datetime": datetime.fromisoformat
    }.get(TYPES[form].get(column, ""), str)  # fmt: skip
    return [None if value is None else make(value) for value in values]


def as_csv(folder: Path) -> dict[str, str]:
    """UTF-8 with commas, and a byte-order mark."""
    for form in FORMS:
        (folder / f"{form}.csv").write_bytes(b"\xef\xbb\xbf" + (ROWS / f"{form}.csv").read_bytes())
    return {form: f"file: {form}.csv" for form in FORMS}


def as_french_csv(folder: Path) -> dict[str, str]:
    """Windows-1252 with semicolons and decimal commas."""
    for form in FORMS:
        rows = rows_of(form)
        for column, kind in TYPES[form].items():
            if kind == "number":
                rows[column] = [value and value.replace(".", ",") for value in rows[column]]
        with (folder / f"{form}.csv").open("w", encoding="cp1252", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
            writer.writerow(rows)
            writer.writerows(zip(*rows.values(), strict=True))
    said = 'read: {encoding: cp1252, delimiter: ";", decimal: ","}'
    return {form: f"file: {form}.csv\n{said}" for form in FORMS}


def as_xlsx(folder: Path) -> dict[str, str]:
    """One workbook: a sheet per form, titles and merged names above the columns, real numbers and dates."""
    sheets = [
        Sheet(
            form,
            {column: typed(form, column, values) for column, values in rows_of(form).items()},
            titles=["Study S1", form],
            groups={"Result": ("HGB", "CREATININE")} if form == "LAB" else {},
            formats={"INFORMED_TIME": "hh:mm", "COLLECTED": "dd/mm/yyyy hh:mm:ss"},
        )
        for form in FORMS
    ]
    write_xlsx(folder / "export.xlsx", sheets)
    names = "names: {HGB: Result_HGB, HGB_U: Result_HGB_U, CREATININE: Result_CREATININE}"
    return {
        form: f"file: export.xlsx\nread: {{sheet: {form}, header: {list(sheet.header)}}}"
        + (f"\n{names}" if form == "LAB" else "")
        for form, sheet in zip(FORMS, sheets, strict=True)
    }


def as_xpt(folder: Path) -> dict[str, str]:
    """Transport files, whose names have eight letters at most, written by another program."""
    said = {}
    for form in FORMS:
        rows = rows_of(form)
        short = {column: column[:6] + str(n) if len(column) > 8 else column for n, column in enumerate(rows)}
        frame, formats = DataFrame(), {}
        for column, values in rows.items():
            frame[short[column]], form_at = _sas(TYPES[form].get(column, ""), typed(form, column, values))
            if form_at:
                formats[short[column]] = form_at
        pyreadstat.write_xport(
            frame, str(folder / f"{form}.xpt"), file_format_version=5, table_name=form, variable_format=formats
        )
        names = [f"{column}: {name}" for column, name in short.items() if name != column]
        said[form] = f"file: {form}.xpt\nnames: {{{', '.join(names)}}}"
    return said


def _sas(kind: str, values: list) -> tuple[list, str]:
    """Values as SAS counts them, and their format."""
    if kind == "":
        return [value or "" for value in values], ""
    if kind == "number":
        return values, ""
    if kind == "date":
        return [value and float((value - date(1960, 1, 1)).days) for value in values], "DATE9."
    if kind == "time":
        return [value and float(value.hour * 3600 + value.minute * 60) for value in values], "TIME5."
    return [value and (value - datetime(1960, 1, 1)).total_seconds() for value in values], "DATETIME20."


def as_odm(folder: Path) -> dict[str, str]:
    """One ODM snapshot of all forms."""
    columns = {form: list(rows_of(form)) for form in FORMS}
    forms = [
        OdmForm("DEMOG", columns["DEMOG"], "SUBJECT", prefix="IT."),
        OdmForm("AE", columns["AE"], "SUBJECT", repeat="RECORDID", prefix="IT."),
        OdmForm(
            "LAB", columns["LAB"], "SUBJECT", "FOLDER", prefix="IT.",
            units={"HGB": "HGB_U", "CREATININE": "CREATININE_U"},
        ),
    ]  # fmt: skip
    tables = {form: pa.table(rows_of(form)) for form in FORMS}
    write_odm(folder / "export.xml", "S1", forms, [tables], "2014-10-02T00:00:00")
    names = {form.name: ", ".join(f"{column}: {item}" for column, item in form.names.items()) for form in forms}
    return {form: f"file: export.xml\nread: {{oid: {form}}}\nnames: {{{names[form]}}}" for form in FORMS}


def as_parquet(folder: Path) -> dict[str, str]:
    """Parquet of texts, under the name of the CSV file that the contract speaks of."""
    for form in FORMS:
        pq.write_table(pa.table(rows_of(form)), folder / f"{form}.parquet")
    return {form: f"file: {form}.csv" for form in FORMS}


def as_sas7bdat(folder: Path) -> dict[str, str]:
    """SAS datasets, made once by R."""
    for form in FORMS:
        shutil.copy(ROWS / f"{form.lower()}.sas7bdat", folder / f"{form}.sas7bdat")
    return {form: f"file: {form}.sas7bdat" for form in FORMS}


FORMATS = {
    function.__name__.removeprefix("as_"): function
    for function in (as_csv, as_french_csv, as_xlsx, as_xpt, as_odm, as_parquet, as_sas7bdat)
}
