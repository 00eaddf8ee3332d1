"""The tab-delimited form of a package: a line per codelist, and a line per term that names its codelist.

Source: the text files of NCI EVS; they know no quotes, so a line break or a tab is always an end.
"""

from __future__ import annotations

import codecs
from pathlib import Path

from sdtm2adam.errors import InputError, UsageError
from sdtm2adam.files.ct.package import Content, ListRow, TermRow, joined_synonyms, wrong
from sdtm2adam.spec.codelists import alike

_COLUMNS = {
    "code": "Code",
    "codelist": "Codelist Code",
    "extensible": "Codelist Extensible (Yes/No)",
    "name": "Codelist Name",
    "term": "CDISC Submission Value",
    "synonyms": "CDISC Synonym(s)",
    "preferred": "NCI Preferred Term",
}


def read_text(path: Path, data: bytes, encoding: str) -> Content:
    """The lists and terms of a text file; definitions are passed over.

    Raises:
        InputError: it is not in that encoding, or its first line has not the columns of a package.
        UsageError: there is no such encoding.
    """
    lines = [line.removesuffix("\r") for line in _decoded(path, data, encoding).split("\n")]
    head = [alike(name) for name in lines[0].split("\t")]
    missing = [name for name in _COLUMNS.values() if alike(name) not in head]
    if missing:
        what = f"is no package of controlled terminology: its first line has no column {', '.join(missing)}"
        mend = "name the tab-delimited text or the ODM-XML of a package, as NCI EVS publishes them"
        raise InputError(what, where=f"{path}:1", mend=mend)
    places = {key: head.index(alike(name)) for key, name in _COLUMNS.items()}
    content = Content()
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            _read_line(content, line.split("\t"), places, len(head), f"{path}:{number}")
    return content


def _decoded(path: Path, data: bytes, encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding).name
    except LookupError as error:
        mend = "write a name such as utf-8, cp1252 or utf-16"
        raise UsageError(f"there is no encoding {encoding!r}", where="--encoding", mend=mend) from error
    try:
        return data.decode("utf-8-sig" if codec == "utf-8" else codec)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"is not {encoding}: byte {data[error.start]:#04x} cannot be read"
        likely = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "cp1252"
        mend = f"name the encoding of the file, as in --encoding {likely}; it is not guessed"
        raise InputError(what, where=f"{path}:{line}", mend=mend) from error


def _read_line(content: Content, fields: list[str], places: dict[str, int], width: int, where: str) -> None:
    if len(fields) != width:
        content.errors.append(wrong(f"has {len(fields)} fields where the first line has {width}", where))
        return
    row = {key: fields[place].strip() for key, place in places.items()}
    quoted = [text for text in row.values() if len(text) > 1 and text[0] == text[-1] == '"']
    if quoted:
        content.errors.append(wrong(f"{quoted[0]} stands in quotes, as a spreadsheet writes it", where))
    elif row["codelist"]:
        synonyms = joined_synonyms(iter([row["synonyms"]]))
        content.terms.append(TermRow(row["codelist"], row["code"], row["term"], synonyms, row["preferred"], where))
    else:
        content.lists.append(ListRow(row["code"], row["term"], row["name"], row["extensible"], row["preferred"], where))
