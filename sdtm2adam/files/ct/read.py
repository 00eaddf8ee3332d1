"""Reading a package: its form is seen from its first bytes, its standard and date from what it or its name says."""

from __future__ import annotations

import re
from pathlib import Path

from sdtm2adam.errors import InputError, UsageError
from sdtm2adam.files.ct.odm import read_odm
from sdtm2adam.files.ct.package import Content, OfficialPackage, check_content
from sdtm2adam.files.ct.text import read_text
from sdtm2adam.files.faults import empty, unreadable
from sdtm2adam.spec.packages import STANDARDS, is_version

_OTHERS = ("SEND", "CDASH", "Protocol", "Glossary", "Define-XML", "DDF", "MRCT", "QRS", "QS-FT", "COA", "TMF")
_NAMES = {name.upper(): name for name in (*STANDARDS.values(), *_OTHERS)}
_STANDARD = re.compile(rf"(?<![A-Za-z])({'|'.join(map(re.escape, _NAMES))})(?:CT)?(?![A-Za-z])", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)", re.ASCII)
_FORMS = {b"PK": "a workbook or an archive", b"\xd0\xcf\x11\xe0": "an old workbook (.xls)", b"%PDF": "a PDF"}


def read_package(path: Path, *, kind: str | None = None, version: str | None = None,
                 encoding: str = "utf-8") -> OfficialPackage:  # fmt: skip
    """Reads and checks an official package of SDTM or ADaM controlled terminology.

    Args:
        path: tab-delimited text or ODM-XML.
        kind: `sdtm` or `adam`, where neither the file nor its name says it.
        version: the date of the package, likewise.
        encoding: of a text; it is not guessed. XML says its own.

    Returns:
        The lists and terms, terms sorted by list and value: the same whatever the form of the file.

    Raises:
        InputError, InputErrors: the file cannot be trusted, or is another package.
        UsageError: standard or date are not to be seen, or not those that were said.
    """
    if version is not None and not is_version(version):
        raise UsageError(f"{version!r} is no date", where="--version", mend="write it as 2025-03-28")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error
    content = _content(path, data, encoding)
    check_content(content, path)
    found, date = _standard(path, content, kind), _date(path, content, version)
    lists = {row.code: row for row in sorted(content.lists)}
    terms = sorted(content.terms, key=lambda row: (row.codelist, row.term))
    return OfficialPackage(found, date, lists, tuple(terms))


def _content(path: Path, data: bytes, encoding: str) -> Content:
    if not data.strip():
        raise empty(path)
    form = next((form for start, form in _FORMS.items() if data.startswith(start)), "")
    start = data[:4000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        form = "a web page"
    if form:
        mend = "take the tab-delimited text (.txt) or the ODM-XML (.odm.xml) of the same package"
        raise InputError(f"is {form}, which is not read", where=str(path), mend=mend)
    if start.startswith(b"<") or data.startswith((b"\xff\xfe<", b"\xfe\xff\0<")):
        return read_odm(path, data)
    return read_text(path, data, encoding)


def _standard(path: Path, content: Content, said: str | None) -> str:
    """The standard: what the file says, else what was said, else what its name says; never against the file."""
    inside = {_NAMES[name.upper()] for label in content.labels for name in _STANDARD.findall(label)}
    outside = {STANDARDS[said]} if said else {_NAMES[name.upper()] for name in _STANDARD.findall(path.name)}
    found = _agreed(path, "package", inside, outside, f"--package {said}" if said else "")
    kind = next((kind for kind, name in STANDARDS.items() if name == found), None)
    if kind is None:
        mend = "import the SDTM package, or the ADaM package; a study uses no other"
        raise InputError(f"is the {found} package of controlled terminology", where=str(path), mend=mend)
    made_for = {name for row in content.lists for name in _STANDARD.findall(row.preferred.removeprefix("CDISC ")[:12])}
    if made_for and found not in made_for and not inside:
        what = f"is called {found} CT, and its codelists are those of {' and '.join(sorted(made_for))} CT"
        raise InputError(what, where=str(path), mend="name the right file, or say the right --package")
    return kind


def _date(path: Path, content: Content, said: str | None) -> str:
    inside = {date for label in content.labels for date in _DATE.findall(label) if is_version(date)}
    outside = {said} if said else {date for date in _DATE.findall(path.name) if is_version(date)}
    return _agreed(path, "version", inside, outside, f"--version {said}" if said else "")


def _agreed(path: Path, option: str, inside: set[str], outside: set[str], said: str) -> str:
    """What the file and its name, or what was said of it, agree on."""
    what = {"package": "standard", "version": "date"}[option]
    if said and len(inside) > 1:
        inside &= outside
    if len(inside | outside) == 1:
        return next(iter(inside | outside))
    if len(inside) > 1 or (not inside and len(outside) > 1):
        shown = " and ".join(sorted(inside or outside))
        where = "it names" if inside else "its name has"
        raise InputError(f"its {what} is not clear: {where} {shown}", where=str(path), mend=f"say --{option}")
    if inside:
        inner, outer = next(iter(inside)), " and ".join(sorted(outside))
        mend = f"leave {said} out, or name another file" if said else f"rename it, or say --{option} {inner.lower()}"
        raise UsageError(f"is {inner} by what stands in it, and {outer} by {said or 'its name'}", where=str(path),
                         mend=mend)  # fmt: skip
    example = {"package": "--package sdtm; likewise its date where its name has none, as in ", "version": ""}[option]
    mend = f"say it, as in {example}--version 2025-03-28"
    raise UsageError(f"neither the file nor its name says its {what}", where=str(path), mend=mend)
