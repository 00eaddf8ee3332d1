"""Official packages of controlled terminology: both forms give the same, and what cannot be trusted is refused."""

import pytest
from ct_samples import AESEV, LISTS, NY, UNIT, odm_text, text_lines, write_odm, write_text

from sdtm2adam.errors import InputError, InputErrors, UsageError
from sdtm2adam.files.ct import read_package


def rows(package):
    """The terms without their places in the file."""
    return [row[:-1] for row in package.terms]


def heads(package):
    """The lists without their places in the file."""
    return [row[:-1] for row in package.lists.values()]


@pytest.fixture
def package(tmp_path):
    """The package of the samples, from text."""
    return read_package(write_text(tmp_path))


def test_text_gives_lists_and_terms_by_list_and_value(package):
    assert (package.kind, package.version) == ("sdtm", "2025-03-28")
    assert [row[:4] for row in heads(package)] == sorted(one[:4] for one in LISTS)
    assert rows(package)[:2] == [
        ("C66742", "C49487", "N", "No", "No"),
        ("C66742", "C48660", "NA", "NOT APPLICABLE; Not Applicable", "Not Applicable"),  # `NA` is a term
    ]
    assert len(package.terms) == sum(len(one[4]) for one in LISTS)


def test_odm_gives_the_same(tmp_path, package):
    other = read_package(write_odm(tmp_path))
    assert (other.kind, other.version, heads(other), rows(other)) == (
        package.kind, package.version, heads(package), rows(package),
    )  # fmt: skip


def test_the_order_of_the_file_and_its_line_breaks_do_not_matter(tmp_path, package):
    head, *lines = text_lines()
    path = tmp_path / "SDTM Terminology 2025-03-28 again.txt"
    text = "\ufeff" + "\r\n".join([head, *reversed(lines), "", ""])
    path.write_bytes(text.encode("utf-8"))
    other = read_package(path)
    assert (heads(other), rows(other)) == (heads(package), rows(package))


def test_other_columns_and_another_encoding_are_read_when_named(tmp_path):
    lines = [f"{line}\t{'Since' if not n else '2001'}" for n, line in enumerate(text_lines())]
    path = tmp_path / "sdtmct-2025-03-28.txt"
    path.write_bytes("\n".join(lines).replace("Severe Adverse", "S\xe9v\xe8re Adverse").encode("cp1252"))
    found = read_package(path, encoding="cp1252")
    assert "Sévère Adverse Event" in {row.preferred for row in found.terms}
    with pytest.raises(InputError, match=r"txt:18: is not utf-8: byte 0xe9 .*\n.*--encoding cp1252"):
        read_package(path)
    with pytest.raises(UsageError, match="no encoding 'utf-9'"):
        read_package(path, encoding="utf-9")


def test_a_list_without_terms_is_named(tmp_path):
    empty = ("C12345", "EMPTY", "Empty", "Yes", [])
    for path in (write_text(tmp_path, [NY, empty]), write_odm(tmp_path, [NY, empty])):
        assert [row.code for row in read_package(path).without_terms] == ["C12345"]


# --- which package it is ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said", "expected"),
    [
        ("ADaM Terminology 2026-03-27.txt", {}, ("adam", "2026-03-27")),
        ("ADaM_Terminology_2026-03-27.txt", {}, ("adam", "2026-03-27")),
        ("adamct-2026-03-27.txt", {}, ("adam", "2026-03-27")),
        ("ct.txt", {"kind": "adam", "version": "2026-03-27"}, ("adam", "2026-03-27")),
        ("ADaM Terminology.txt", {"version": "2026-03-27"}, ("adam", "2026-03-27")),
    ],
)
def test_text_says_what_it_is_by_its_name_or_is_told(tmp_path, name, said, expected):
    found = read_package(write_text(tmp_path, [NY], name=name, standard="ADaM"), **said)
    assert (found.kind, found.version) == expected


def test_odm_says_itself_what_it_is(tmp_path):
    path = write_odm(tmp_path, [NY], name="ct.xml", standard="ADaM", version="2024-09-27")
    found = read_package(path)
    assert (found.kind, found.version) == ("adam", "2024-09-27")
    with pytest.raises(UsageError, match="2024-09-27 by what stands in it, and 2024-03-29 by --version 2024-03-29"):
        read_package(path, version="2024-03-29")
    with pytest.raises(UsageError, match="is ADaM by what stands in it, and SDTM by --package sdtm"):
        read_package(path, kind="sdtm")
    with pytest.raises(UsageError, match="is 2024-09-27 by what stands in it, and 2020-01-01 by its name"):
        read_package(path.rename(tmp_path / "ADaM CT 2020-01-01.xml"))


@pytest.mark.parametrize(
    ("name", "said", "message"),
    [
        (
            "ct 2025-03-28.txt",
            {},
            "nor its name says its standard\n.*--package sdtm; likewise its date",
        ),
        ("SDTM.txt", {}, "neither the file nor its name says its date\n.*--version 2025-03-28"),
        ("SDTM 2025-02-30.txt", {}, "neither the file nor its name says its date"),
        ("SDTM or ADaM 2025-03-28.txt", {}, "not clear: its name has ADaM and SDTM"),
        ("SDTM 2025-03-28.txt", {"version": "28MAR2025"}, "'28MAR2025' is no date"),
        ("ADaM 2025-03-28.txt", {}, "is called ADaM CT, and its codelists are those of SDTM CT"),
        ("SEND Terminology 2025-03-28.txt", {}, "is the SEND package"),
    ],
)
def test_what_a_file_is_is_never_guessed(tmp_path, name, said, message):
    with pytest.raises((UsageError, InputError), match=message):
        read_package(write_text(tmp_path, name=name), **said)


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b" \n", "the file is empty"),
        (b"PK\x03\x04rest", r"is a workbook or an archive, which is not read\n.*take the tab-delimited text"),
        (b"\xd0\xcf\x11\xe0rest", "is an old workbook"),
        (b"%PDF-1.7", "is a PDF"),
        (b"<!DOCTYPE html><html></html>", "is a web page"),
        (b"<Define/>", "is no ODM: its root is Define"),
        (b"<ODM><Study>", "is damaged XML"),
        (b"Code,Codelist Code\nC1,C2\n", "its first line has no column Code, Codelist Code, Codelist Extensible"),
        (b"Code\tCodelist Code\tCodelist Name\n", "has no column Codelist Extensible \\(Yes/No\\), CDISC Submission"),
        ("\t".join(("Code", "x")).encode("utf-16"), r"is not utf-8: byte 0xff .*\n.*--encoding utf-16"),
    ],
)
def test_a_file_of_another_kind_is_named(tmp_path, data, message):
    path = tmp_path / "SDTM Terminology 2025-03-28.txt"
    path.write_bytes(data)
    with pytest.raises(InputError, match=message):
        read_package(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        read_package(tmp_path / "SDTM 2025-03-28.txt")


def test_a_document_type_is_refused_before_anything_is_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET", encoding="utf-8")
    doctype = f'<!DOCTYPE ODM [<!ENTITY e SYSTEM "{secret.as_uri()}"><!ENTITY f "xx">]>\n'
    path = tmp_path / "SDTM.odm.xml"
    path.write_text(odm_text(doctype=doctype).replace("Yes</nciodm", "&e;&f;</nciodm"), encoding="utf-8")
    with pytest.raises(InputError, match="has a document type") as caught:
        read_package(path)
    assert "SECRET" not in caught.value.message


def changed(folder, *changes):
    """The sample text with lines changed: (number of the line, old, new)."""
    lines = text_lines()
    for number, old, new in changes:
        assert old in lines[number - 1], lines[number - 1]
        lines[number - 1] = lines[number - 1].replace(old, new, 1)
    path = folder / "SDTM Terminology 2025-03-28.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((3, "\tPa\t", "\tPA\t"), "txt:4: the term 'PA' of C71620 stands at .*txt:3 too"),
        ((3, "\tPa\t", "\t\t"), r"txt:3: a term of C71620 \(C42547\) has no submission value"),
        ((3, "C42547", "42547"), "txt:3: '42547' is no code of the term 'Pa'"),
        ((3, "\tC71620\t", "\tC99\t"), "txt:3: no line says what the codelist 'C99' of this term is"),
        ((7, "C66742", "C71620"), "txt:7: the codelist C71620 stands at .*txt:2 too"),
        ((2, "\tYes\t", "\t\t"), "txt:2: codelist C71620: extensible is '', not Yes or No"),
        ((2, "\tUNIT\t", "\t\t"), "txt:2: codelist C71620 has no submission value"),
        ((4, "\tThe ", "\tThe \t"), "txt:4: has 9 fields where the first line has 8"),
        ((4, "\tPA\t", '\t"PA, or so"\t'), 'txt:4: "PA, or so" stands in quotes, as a spreadsheet writes it'),
    ],
)
def test_a_line_that_cannot_be_trusted_is_named(tmp_path, change, message):
    with pytest.raises(InputErrors, match=message):
        read_package(changed(tmp_path, change))


def test_the_same_faults_are_found_in_odm(tmp_path):
    code, short, name, _extensible, terms = UNIT
    bad = [(code, short, name, "", [*terms, terms[0]]), AESEV]
    with pytest.raises(InputErrors) as caught:
        read_package(write_odm(tmp_path, bad))
    assert "the term 'Pa' of C71620 stands at" in caught.value.message
    assert "extensible is '', not Yes or No" in caught.value.message
    path = tmp_path / "define.xml"
    path.write_text(odm_text([NY]).replace(' nciodm:ExtCodeID="C66742"', ""), encoding="utf-8")
    with pytest.raises(InputErrors, match=r"No Yes Response has no nciodm:ExtCodeID"):
        read_package(path)


def test_of_many_faults_the_first_are_told(tmp_path):
    lists = [("C1", "L", "List", "Yes", [("C2", "SAME", "", "x")] * 50)]
    with pytest.raises(InputErrors) as caught:
        read_package(write_text(tmp_path, lists))
    assert len(caught.value.errors) == 21
    assert "and 29 more errors" in caught.value.message
