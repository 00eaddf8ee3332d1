"""define.xml as rows: datasets, variables, terms, links; a document that cannot be read is a row with its fault."""

import pyarrow as pa
import pytest

from sdtm2adam.model import Dataset, Variable
from sdtm2adam.spec.yaml import loads
from sdtm2adam.validate.sql.check import check_of
from sdtm2adam.validate.sql.meta_define import define_tables
from sdtm2adam.validate.sql.run import run_checks

V21 = """<?xml version="1.0" encoding="UTF-8"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:def="http://www.cdisc.org/ns/def/v2.1"
  xmlns:xlink="http://www.w3.org/1999/xlink" ODMVersion="1.3.2" FileType="Snapshot" FileOID="F">
<Study OID="S"><GlobalVariables><StudyName>S1</StudyName></GlobalVariables>
<MetaDataVersion OID="M" Name="m" def:DefineVersion="2.1.0">
<def:Standards><def:Standard OID="STD.1" Name="SDTMIG" Type="IG" Version="3.4"/>
<def:Standard OID="STD.2" Name="CDISC/NCI" Type="CT" PublishingSet="SDTM" Version="2025-03-28"/></def:Standards>
<def:ValueListDef OID="VL.1"><ItemRef ItemOID="IT.SEV.X" Mandatory="No"/></def:ValueListDef>
<ItemGroupDef OID="IG.AE" Name="AE" Domain="AE" Repeating="Yes" IsReferenceData="No" Purpose="Tabulation"
  def:Structure="One record per event" def:ArchiveLocationID="LF.AE">
<Description><TranslatedText xml:lang="de">Ereignisse</TranslatedText>
<TranslatedText xml:lang="en">Adverse
  Events</TranslatedText></Description>
<ItemRef ItemOID="IT.TERM" Mandatory="Yes" OrderNumber="2" KeySequence="2" MethodOID="MT.GONE"/>
<ItemRef ItemOID="IT.ID" Mandatory="Yes" OrderNumber="1" KeySequence="1"/>
<ItemRef ItemOID="IT.SEV" Mandatory="No" OrderNumber="3"/>
<def:Class Name="EVENTS"/><def:leaf ID="LF.AE" xlink:href="ae.xpt"/></ItemGroupDef>
<ItemDef OID="IT.ID" Name="USUBJID" DataType="text" Length="10"><def:Origin Type="Assigned"/></ItemDef>
<ItemDef OID="IT.TERM" Name="AETERM" DataType="text" Length="20"/>
<ItemDef OID="IT.SEV" Name="AESEV" DataType="text" Length="10"><CodeListRef CodeListOID="CL.SEV"/>
<def:ValueListRef ValueListOID="VL.1"/></ItemDef>
<ItemDef OID="IT.SEV.X" Name="AESEV" DataType="text" Length="8"/>
<ItemDef OID="IT.TWICE" Name="X" DataType="text"/><ItemDef OID="IT.TWICE" Name="Y" DataType="text"/>
<CodeList OID="CL.SEV" Name="Severity" DataType="text" def:StandardOID="STD.2">
<CodeListItem CodedValue="MILD"><Decode><TranslatedText>Mild</TranslatedText></Decode>
<Alias Name="C41338" Context="nci:ExtCodeID"/></CodeListItem>
<CodeListItem CodedValue="ODD" def:ExtendedValue="Yes"/></CodeList>
<CodeList OID="CL.MED" Name="MedDRA" DataType="text"><ExternalCodeList Dictionary="MedDRA" Version="26"/></CodeList>
</MetaDataVersion></Study></ODM>"""
V20 = """<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:def="http://www.cdisc.org/ns/def/v2.0"><Study OID="S">
<MetaDataVersion OID="M" def:DefineVersion="2.0.0" def:StandardName="ADaM-IG" def:StandardVersion="1.1">
<ItemGroupDef OID="IG.ADSL" Name="ADSL" Purpose="Analysis" def:Class="SUBJECT LEVEL ANALYSIS DATASET"/>
</MetaDataVersion></Study></ODM>"""


@pytest.fixture
def tables(tmp_path):
    def of(text, folder="m"):
        path = tmp_path / folder / "define.xml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        of_data = ("define_repeats", "define_values")
        makers = {name: maker for name, maker in define_tables(path).items() if name not in of_data}
        return {name: maker(None).to_pylist() for name, maker in makers.items()}

    return of


def test_a_dataset_is_described(tables):
    (found,) = tables(V21)["define_datasets"]
    assert found == {
        "dataset": "AE", "stage": "sdtm", "oid": "IG.AE", "domain": "AE", "label": "Adverse Events",
        "class": "EVENTS", "structure": "One record per event", "purpose": "Tabulation", "repeating": "Y",
        "reference": "N", "keys": "USUBJID, AETERM", "href": "ae.xpt", "no_data": None, "comment": None, "variables": 3,
    }  # fmt: skip


def test_variables_and_their_values_are_told_apart(tables):
    rows = tables(V21)["define_variables"]
    told = [(one["variable"], one["of_value"], one["position"], one["length"], one["key"]) for one in rows]
    assert told == [
        ("AETERM", "N", 2, 20, 2), ("USUBJID", "N", 1, 10, 1), ("AESEV", "N", 3, 10, None), ("AESEV", "Y", 1, 8, None),
    ]  # fmt: skip
    assert [one["codelist"] for one in rows] == [None, None, "CL.SEV", None]
    assert [one["origin"] for one in rows] == [None, "Assigned", None, None]


def test_terms_have_codes_and_lists_that_lead_elsewhere_have_none(tables):
    rows = tables(V21)["define_terms"]
    told = [
        (one["codelist"], one["term"], one["decode"], one["code"], one["extended"], one["external"]) for one in rows
    ]
    assert told == [
        ("CL.SEV", "MILD", "Mild", "C41338", "N", None), ("CL.SEV", "ODD", None, None, "Y", None),
        ("CL.MED", None, None, None, None, "MedDRA"),
    ]  # fmt: skip


def test_links_that_lead_nowhere_and_ids_that_stand_twice_are_found(tables):
    links = tables(V21)["define_links"]
    states = {(one["state"], one["target"]) for one in links if one["state"] != "resolved"}
    assert states == {("broken", "MT.GONE"), ("twice", "IT.TWICE"), ("unused", "CL.MED")}
    assert {one["source"] for one in links if one["target"] == "CL.SEV"} == {"IT.SEV"}


def test_version_2_0_says_its_standard_and_class_as_attributes(tables):
    found = tables(V20)
    assert found["define_files"][0]["standards"] == "ADaM-IG 1.1"
    assert found["define_datasets"][0]["class"] == "SUBJECT LEVEL ANALYSIS DATASET"
    assert {one["stage"] for name in ("define_files", "define_datasets") for one in found[name]} == {"adam"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (V21[:900], "the XML is damaged"), ("no xml", "this is no XML"), ("<ODM/>", "it has no MetaDataVersion"),
        ("<html/>", "html, not ODM"), ('<!DOCTYPE ODM [<!ENTITY x "y">]><ODM>&x;</ODM>', "document type"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_has_its_fault_and_no_rows(tables, text, fault):
    found = tables(text, "adam")
    assert fault in found["define_files"][0]["fault"]
    assert found["define_files"][0]["stage"] == "adam"
    assert not any(found[name] for name in found if name != "define_files")


def test_without_a_document_there_are_no_tables():
    assert define_tables() == {}


REPEATS = """
id: A-CHECK
severity: error
text: Keys tell records apart.
select: select dataset, keys as value, records from meta.define_repeats
"""


@pytest.mark.parametrize(("terms", "records"), [(["Rash", "Rash", "Pain"], [2]), (["Rash", "Itch", "Pain"], [])])
def test_records_with_the_same_keys_of_the_document_are_counted(tmp_path, terms, records):
    path = tmp_path / "define.xml"
    path.write_text(V21, encoding="utf-8")
    frame = pa.table({"USUBJID": ["1", "1", "1"], "AETERM": terms})
    variables = tuple(Variable(name, "", "text") for name in frame.column_names)
    ae = Dataset("AE", "", "sdtm", "", "", ("USUBJID",), variables, frame, pa.table({}))
    found = run_checks([check_of(loads(REPEATS, "r.yaml"), "r")], {"AE": ae}, meta=define_tables(path))
    assert [(issue.value, issue.records) for issue in found.issues] == [("USUBJID, AETERM", one) for one in records]
