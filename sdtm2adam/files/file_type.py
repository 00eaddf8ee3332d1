"""What a file really is, by its first bytes: a name proves nothing."""

import zipfile
from pathlib import Path

from sdtm2adam.errors import InputError
from sdtm2adam.files.faults import empty, unreadable

SAS7BDAT = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
_HEAD_BYTES = 4096
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

TYPES = {
    "xpt": "a SAS transport file of version 5",
    "xpt8": "a SAS transport file of version 8",
    "cport": "a SAS CPORT file",
    "sas7bdat": "a SAS dataset (sas7bdat)",
    "parquet": "a Parquet file",
    "xlsx": "an Excel workbook (.xlsx)",
    "xlsb": "a binary Excel workbook (.xlsb)",
    "xls": "an Excel workbook of before 2007 (.xls) or another old Office file",
    "locked": "an Office file protected by a password",
    "docx": "a Word document",
    "ods": "an OpenDocument file",
    "zip": "a ZIP archive",
    "gzip": "a gzip archive",
    "7z": "a 7z archive",
    "pdf": "a PDF document",
    "r": "a file of R",
    "spss": "an SPSS file",
    "stata": "a Stata file",
    "xml": "an XML file",
    "html": "a web page",
    "text": "a text file",
}
"""The kinds of files that are known by their first bytes, in words."""

_MARKS = (
    (b"HEADER RECORD*******LIBRARY", "xpt"),
    (b"HEADER RECORD*******LIBV8", "xpt8"),
    (b"**COMPRESSED**", "cport"),
    (b"LIB CONTROL", "cport"),
    (SAS7BDAT, "sas7bdat"),
    (b"PAR1\x15", "parquet"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"%PDF", "pdf"),
    (b"RDX2\n", "r"),
    (b"RDX3\n", "r"),
    (b"$FL2", "spss"),
    (b"<stata_dta>", "stata"),
)
_MENDS = {
    "xpt8": "write version 5 with the XPORT engine of SAS",
    "cport": "unpack it with PROC CIMPORT of SAS, and write it with the XPORT engine or as CSV",
    "xls": "save it as an Excel workbook (.xlsx)",
    "xlsb": "save it as an Excel workbook (.xlsx)",
    "locked": "save it without the password; passwords are not asked for and not stored",
    "ods": "save it as an Excel workbook (.xlsx) or as CSV",
    "zip": "unpack it",
    "gzip": "unpack it",
    "7z": "unpack it",
}
_ENDING = {"xpt": ".xpt", "sas7bdat": ".sas7bdat", "parquet": ".parquet", "xlsx": ".xlsx", "xml": ".xml"}


def file_type(path: Path) -> str:
    """The kind of a file, a key of `TYPES`.

    Raises:
        InputError: it cannot be read, or is empty.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise unreadable(path, error) from error
    if not head:
        raise empty(path)
    for mark, kind in _MARKS:
        if head.startswith(mark):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _in_zip(path)
    if head.startswith(_OLE):
        return "locked" if _ENCRYPTED in path.read_bytes() else "xls"
    return _markup(head)


def check_type(path: Path, meant: str) -> None:
    """Refuse a file that is not of the kind its name says.

    Args:
        path: the file.
        meant: the kind: text, xlsx, xpt, sas7bdat, xml or parquet.

    Raises:
        InputError: it is of another kind, which is named; or it is empty, or cannot be read.
    """
    found = file_type(path)
    if found == meant or (found == "text" and meant == "xpt"):  # the reader of XPT tells where such a file ends
        return
    what = f"this is {TYPES[found]}, not {TYPES[meant]} as its name says"
    raise InputError(what, where=str(path), mend=_mend(found, meant))


def _mend(found: str, meant: str) -> str:
    if found in _ENDING:
        return f"name it {_ENDING[found]} here and in file: of its contract, or get the right file from its source"
    if found == "text" and meant != "text":
        return "if it is delimited text, name it .csv; if not, it is damaged: get it again from its source"
    return _MENDS.get(found, "get the right file from its source")


def _in_zip(path: Path) -> str:
    """A ZIP archive by what it holds; Office files are such archives."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return "xlsx" if path.suffix.lower() in (".xlsx", ".xlsm") else "zip"  # cut: its reader says so
    for name, kind in (("xl/workbook.bin", "xlsb"), ("xl/workbook.xml", "xlsx"), ("word/document.xml", "docx")):
        if name in names:
            return kind
    if "[Content_Types].xml" in names and any(name.endswith("workbook.xml") for name in names):
        return "xlsx"
    return "ods" if {"mimetype", "content.xml"} <= names else "zip"


def _markup(head: bytes) -> str:
    """XML, a web page or text, in any of the Unicode encodings."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:200]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        start = head[2:].replace(b"\0", b"").lstrip()[:200]
    lower = start.lower()
    if lower.startswith((b"<!doctype html", b"<html")):
        return "html"
    return "xml" if lower.startswith(b"<") else "text"
