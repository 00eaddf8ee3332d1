"""define.xml against the XML Schema of its version: what conforms has no row, and each way to spoil it is told once."""

from pathlib import Path

import pytest

from sdtm2adam.validate.sql.check import read_rules
from sdtm2adam.validate.sql.meta_define import define_tables
from sdtm2adam.validate.sql.meta_define_structure import MOST_FAULTS, structure_of
from sdtm2adam.validate.sql.run import run_checks

HERE = Path(__file__).parent / "documents"
RULES = Path(__file__).parents[3] / "validation" / "rules"
CONFORMING = {version: (HERE / f"define-{version}.xml").read_text(encoding="utf-8") for version in ("2.0", "2.1")}
COLUMNS = ("stage", "file", "line", "element", "place", "kind", "attribute", "value", "wanted", "fault")


@pytest.fixture
def faults(tmp_path):
    def of(text):
        path = tmp_path / "define.xml"
        path.write_text(text, encoding="utf-8")
        return [dict(zip(COLUMNS, row, strict=True)) for row in structure_of(path, "sdtm")]

    return of


@pytest.mark.parametrize("version", CONFORMING)
def test_a_document_that_conforms_has_no_fault(faults, version):
    text = CONFORMING[version]
    assert faults(text) == []
    without_results = text[: text.index("<arm:")] + text[text.index("</MetaDataVersion>") :]
    assert faults(without_results) == []
    assert faults(text.replace("\n<", "<")) == []


@pytest.mark.parametrize("version", CONFORMING)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<def:title>CRF</def:title>", '<def:title>CRF</def:title><v:note xmlns:v="urn:v" v:by="me">hello</v:note>'),
        ('Name="Metadata"', 'Name="Metadata" xmlns:v="urn:v" v:made="2026"'),
        ("<ODM ", '<ODM xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x x.xsd" '),
        ("<MethodDef", "<!-- a comment --><?a word?><MethodDef"),
        ("As the text says.", "Where a &lt; b &amp; c, \u00b5g/L"),
    ],
)
def test_what_is_allowed_anywhere_is_no_fault(faults, version, old, new):
    assert old in CONFORMING[version]
    assert faults(CONFORMING[version].replace(old, new, 1)) == []


SPOILT = [
    ('Repeating="Yes"', 'Repeating="Y"', "value", "Repeating of ItemGroupDef is 'Y', which is none of 'Yes', 'No'"),
    (' Repeating="Yes"', "", "lacks", "ItemGroupDef lacks the attribute Repeating"),
    (' Domain="LB"', ' Domain="LB" Colour="red"', "attribute", "ItemGroupDef may not have an attribute Colour"),
    ("<GlobalVariables>", "<GlobalVariables>hello", "text", "GlobalVariables holds text, and may hold none"),
    ("<def:PDFPageRef ", "<Foo/><def:PDFPageRef ", "order", "Foo may not stand here; what may: def:PDFPageRef"),
    ("<StudyName>S1</StudyName>", "", "order", "StudyDescription may not stand here; what may: StudyName"),
    ("<def:title>CRF</def:title>", "", "lacks", "def:leaf lacks an element: def:title"),
    (' xlink:href="crf.pdf"', "", "lacks", "def:leaf lacks the attribute xlink:href"),
    ('SASDatasetName="LB"', 'SASDatasetName="LABORATORY"', "value", "is 'LABORATORY', which is longer than 8"),
    ('SASFieldName="STUDYID"', 'SASFieldName="1ST"', "value", "SASFieldName of ItemDef is '1ST', which is"),
    ('OrderNumber="2"', 'OrderNumber="1"', "twice", "OrderNumber of ItemRef is 1 a second time"),
    ('OrderNumber="2"', 'OrderNumber="x"', "value", "OrderNumber of ItemRef is 'x', which is no integer"),
    ('ItemOID="IT.LB.LBSTRESN"', 'ItemOID="IT.LB.LBORRES"', "twice", "ItemOID of ItemRef is IT.LB.LBORRES a second"),
    ('OID="CL.UNIT"', 'OID="CL.TEST"', "twice", "OID of CodeList is CL.TEST a second time"),
    ('Comparator="EQ"', 'Comparator="="', "value", "Comparator of RangeCheck is '=', which is none of 'LT'"),
    ('DataType="float"', 'DataType="number"', "value", "DataType of ItemDef is 'number', which is none of"),
    ('Length="10"', 'Length="0"', "value", "Length of ItemDef is '0', which is no positiveInteger"),
    ('Length="10"', 'Length=""', "value", "Length of ItemDef is '', which is no positiveInteger"),
    ('"2026-01-31T12:00:00"', '"31JAN2026"', "value", "CreationDateTime of ODM is '31JAN2026', which is no datetime"),
    ('FileType="Snapshot"', 'FileType="Part"', "value", "FileType of ODM is 'Part', which is none of"),
    ("<CheckValue>PH</CheckValue>", "", "lacks", "RangeCheck lacks an element: CheckValue, FormalExpression"),
    (" def:ItemOID=", " ItemOID=", "attribute", "RangeCheck may not have an attribute ItemOID"),
    ("<def:DocumentRef leafID", "<def:DocumentRef ID", "attribute", "def:DocumentRef may not have an attribute ID"),
    ('Type="Computation"', 'Type="Sum"', "value", "Type of MethodDef is 'Sum', which is none of"),
    (' Name="To a number"', "", "lacks", "MethodDef lacks the attribute Name"),
    ("<FormalExpression ", "<Formal/><FormalExpression ", "order", "Formal may not stand here; what may:"),
    (' CodedValue="mmol/L"', "", "lacks", "EnumeratedItem lacks the attribute CodedValue"),
    ('Rank="1"', 'Rank="first"', "value", "Rank of EnumeratedItem is 'first', which is no"),
    (' Context="nci:ExtCodeID"', "", "lacks", "Alias lacks the attribute Context"),
    ('OID="IT.LB.STUDYID" N', 'OID="" N', "value", "OID of ItemDef is '', which is shorter than 1"),
    (' AnalysisReason="SPECIFIED IN SAP"', "", "lacks", "arm:AnalysisResult lacks the attribute AnalysisReason"),
    ("<arm:Code>", "<arm:Cod/><arm:Code>", "order", "arm:Cod may not stand here; what may: arm:Code, def:DocumentRef"),
    ('<CodeListRef CodeListOID="CL.TEST"/>', '<CodeListRef CodeListOID="CL.TEST"><b/></CodeListRef>', "order", "b may"),
    ("<Decode>", "<Decode>pH", "text", "Decode holds text, and may hold none"),
    ("def:leaf", "leaf", "order", "leaf may not stand here; what may:"),
    ("cdisc.org/ns/def/v2.", "cdisc.org/ns/def/v3.", "unjudged", "it has no namespace of Define-XML 2.0 or 2.1"),
    ('encoding="UTF-8"', 'encoding="ISO-8859-1"', "encoding", "it is written in ISO-8859-1, not in UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize("version", CONFORMING)
@pytest.mark.parametrize(("old", "new", "kind", "fault"), SPOILT)
def test_each_way_to_spoil_a_document_is_told(faults, version, old, new, kind, fault):
    assert old in CONFORMING[version]
    found = faults(CONFORMING[version].replace(old, new, -1 if new == "leaf" else 1))
    assert (kind, True) in [(row["kind"], fault in row["fault"]) for row in found]
    assert not [row for row in found if row["kind"] == "other"]
    assert len(found) <= 2


@pytest.mark.parametrize(
    ("old", "new", "kind", "fault"),
    [
        ('<def:Class Name="FINDINGS">', '<def:Class Name="FINDING">', "value", "Name of def:Class is 'FINDING'"),
        (' Status="Final" def:', " def:", "lacks", "def:Standard lacks the attribute Status"),
        (' def:Context="Submission"', "", "lacks", "ODM lacks the attribute def:Context"),
        ('Type="Collected"', 'Type="CRF"', "value", "Type of def:Origin is 'CRF'"),
        ('DefineVersion="2.1.0"', 'DefineVersion="2.0.0"', "value", "is '2.0.0', which is not of the shape"),
        ("IsReferenceData", 'def:Class="FINDINGS" IsReferenceData', "attribute", "may not have an attribute def:Class"),
    ],
)
def test_what_version_2_1_alone_asks(faults, old, new, kind, fault):
    assert old in CONFORMING["2.1"]
    (row,) = faults(CONFORMING["2.1"].replace(old, new, 1))
    assert row["kind"] == kind
    assert fault in row["fault"]


def test_a_fault_has_its_line_and_the_element_it_stands_in(faults):
    text = CONFORMING["2.1"].replace('Mandatory="No" MethodOID', 'Mandatory="Perhaps" MethodOID')
    (row,) = faults(text)
    assert "Perhaps" in text.splitlines()[row["line"] - 1]
    assert (row["element"], row["place"], row["attribute"], row["value"]) == (
        "ItemRef", "ItemGroupDef IG.LB", "Mandatory", "Perhaps",
    )  # fmt: skip


def test_of_very_many_faults_the_rest_is_counted(faults):
    items = "".join(f'<EnumeratedItem CodedValue="{n}" Colour="red"/>' for n in range(MOST_FAULTS + 50))
    found = faults(CONFORMING["2.0"].replace('<EnumeratedItem CodedValue="mmol/L" Rank="1"/>', items))
    assert len(found) == MOST_FAULTS + 1
    assert found[-1]["kind"] == "many"
    assert found[-1]["fault"].startswith("50 more faults")


@pytest.fixture(scope="module")
def pack():
    return [check for check in read_rules(RULES) if check.id.startswith("DEFINE-")]


@pytest.mark.parametrize(
    ("version", "old", "new", "rule"),
    [
        ("2.1", "", "", None),
        ("2.1", 'Repeating="Yes" ', "", "DEFINE-DATASET-REPEATING"),
        ("2.1", 'IsReferenceData="No" ', "", "DEFINE-DATASET-REFERENCE"),
        ("2.1", 'def:Structure="One record per test" ', "", "DEFINE-DATASET-STRUCTURE"),
        ("2.1", 'DataType="float" Length="8"', 'DataType="number" Length="8"', "DEFINE-TYPE-KNOWN"),
        ("2.1", 'OID="CL.UNIT"', 'OID="CL.TEST"', "DEFINE-OID-ONCE"),
        ("2.0", ' def:StandardName="SDTM-IG" def:StandardVersion="3.2"', "", "DEFINE-STANDARD-NAMED"),
        ("2.0", ' def:StandardVersion="3.2"', "", "DEFINE-STRUCTURE"),
        ("2.0", "<StudyName>S1</StudyName>", "", "DEFINE-STUDY-NAMED"),
        ("2.0", 'Comparator="EQ"', 'Comparator="="', "DEFINE-STRUCTURE"),
        ("2.1", 'def:DefineVersion="2.1.0"', "", "DEFINE-VERSION"),
    ],
)  # fmt: skip
def test_one_fault_of_a_document_is_told_by_one_rule(tmp_path, pack, version, old, new, rule):
    def told(text):
        path = tmp_path / "define.xml"
        path.write_text(text, encoding="utf-8")
        return {issue.rule for issue in run_checks(pack, {}, meta=define_tables(path)).issues}

    clean = CONFORMING[version]
    assert old in clean
    assert told(clean.replace(old, new, 1)) - told(clean) == ({rule} if rule else set())
    assert "DEFINE-STRUCTURE" not in told(clean)
