"""Reading ODM-XML 1.3: records of a group of items, streamed, from trusted structure only."""

import pytest
from raw_samples import refusal, rows, told

from sdtm2adam.files.raw_table import read_raw
from sdtm2adam.spec.reading import ReadOptions

NAMESPACE = "http://www.cdisc.org/ns/odm/v1.3"
META = """<Study OID="S1"><BasicDefinitions>
<MeasurementUnit OID="MU.1" Name="C"><Symbol><TranslatedText>degree C</TranslatedText></Symbol></MeasurementUnit>
</BasicDefinitions><MetaDataVersion OID="M1" Name="1">
<FormDef OID="F.VS" Name="VS" Repeating="No"><ItemGroupRef ItemGroupOID="IG.VS" Mandatory="No"/></FormDef>
<ItemGroupDef OID="IG.VS" Name="VS" Repeating="Yes"><ItemRef ItemOID="IT.TEMP" Mandatory="No"/>
<ItemRef ItemOID="IT.NEVER" Mandatory="No"/></ItemGroupDef>
<ItemGroupDef OID="IG.NONE" Name="none" Repeating="No"><ItemRef ItemOID="IT.X" Mandatory="No"/></ItemGroupDef>
<ItemDef OID="IT.TEMP" Name="TEMP" DataType="float"><MeasurementUnitRef MeasurementUnitOID="MU.1"/></ItemDef>
</MetaDataVersion></Study>"""
CELSIUS = '<MeasurementUnitRef MeasurementUnitOID="MU.1"/>'


def odm(folder, *groups: str, meta: str = META, subject: str = "007-0001", root: str = "", doctype: str = ""):
    """A snapshot with these ItemGroupData in one form of one subject."""
    path = folder / "export.xml"
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}<ODM xmlns="{NAMESPACE}" FileType="Snapshot" {root}>{meta}\n'
        f'<ClinicalData StudyOID="S1" MetaDataVersionOID="M1"><SubjectData SubjectKey="{subject}">\n'
        '<SiteRef LocationOID="L7"/><StudyEventData StudyEventOID="C1D1" StudyEventRepeatKey="2">'
        f'<FormData FormOID="F.VS">\n{chr(10).join(groups)}\n</FormData>'
        "</StudyEventData></SubjectData></ClinicalData></ODM>",
        encoding="utf-8",
    )
    return path


def group(items: str, oid: str = "IG.VS", key: str = "1") -> str:
    """One ItemGroupData."""
    return f'<ItemGroupData ItemGroupOID="{oid}" ItemGroupRepeatKey="{key}">{items}</ItemGroupData>'


def test_groups_that_repeat_are_records_and_items_are_columns(tmp_path):
    path = odm(
        tmp_path,
        group(f'<ItemData ItemOID="IT.TEMP" Value="36.60">{CELSIUS}</ItemData><ItemData ItemOID="IT.LOC" Value="NA"/>'),
        group('<ItemData ItemOID="IT.TEMP" IsNull="Yes"/><ItemData ItemOID="IT.LOC" Value="  "/>', key="2"),
        group('<ItemData ItemOID="IT.OTHER" Value="x"/>', oid="IG.AE"),
    )
    assert rows(path, oid="IG.VS") == [
        {"IT_TEMP": "36.60", "IT_TEMP_unit": "C", "IT_NEVER": None, "IT_LOC": "NA"},
        {"IT_TEMP": None, "IT_TEMP_unit": None, "IT_NEVER": None, "IT_LOC": None},
    ]


def test_keys_and_names_of_the_contract_are_columns_where_it_asks_for_them(tmp_path):
    path = odm(tmp_path, group(f'<ItemData ItemOID="IT.TEMP" Value="37">{CELSIUS}</ItemData>', key="3"))
    names = {"SUBJECT": "SubjectKey", "TEMP": "IT.TEMP", "TEMPU": "IT.TEMP.unit", "RECPOS": "ItemGroupRepeatKey"}
    [row] = rows(path, names, ("LocationOID", "StudyEventOID", "StudyEventRepeatKey"), oid="IG.VS")
    assert row == {
        "SUBJECT": "007-0001", "TEMP": "37", "TEMPU": "C", "RECPOS": "3", "IT_NEVER": None, "LocationOID": "L7",
        "StudyEventOID": "C1D1", "StudyEventRepeatKey": "2",
    }  # fmt: skip


def test_typed_data_are_read_from_their_text(tmp_path):
    items = (
        '<ItemDataInteger ItemOID="A">007</ItemDataInteger><ItemDataString ItemOID="B">a\nb</ItemDataString>'
        '<ItemDataPartialDate ItemOID="C">2014-10</ItemDataPartialDate><ItemDataBoolean ItemOID="D" IsNull="Yes"/>'
    )
    assert rows(odm(tmp_path, group(items), meta=""), oid="IG.VS") == [
        {"A": "007", "B": "a\nb", "C": "2014-10", "D": None}
    ]


def test_characters_and_line_breaks_of_values_are_kept(tmp_path):
    items = '<ItemData ItemOID="A" Value="&#181; &lt;5 &amp;&#10;&#34;x&#34;"/>'
    assert rows(odm(tmp_path, group(items), meta=""), oid="IG.VS") == [{"A": 'µ <5 &\n"x"'}]


def test_a_form_gives_one_record_with_the_items_of_all_its_groups(tmp_path):
    path = odm(
        tmp_path,
        group('<ItemData ItemOID="A" Value="1"/>', oid="IG.1"),
        group('<ItemData ItemOID="B" Value="2"/>', oid="IG.2"),
        meta="",
    )
    assert rows(path, oid="F.VS") == [{"A": "1", "B": "2"}]


def test_a_group_that_is_defined_and_has_no_record_gives_no_rows(tmp_path):
    table = read_raw(odm(tmp_path, group("")), ReadOptions(oid="IG.NONE")).frame
    assert (table.column_names, table.num_rows) == (["IT_X"], 0)


def test_groups_that_are_not_read_are_named(tmp_path):
    path = odm(tmp_path, group(""), group("", oid="IG.AE"), group("", oid="IG.CM"))
    assert read_raw(path, ReadOptions(oid="IG.VS")).others == ("IG.AE", "IG.CM")
    assert read_raw(path, ReadOptions(oid="F.VS")).others == ()


def test_comments_of_sites_are_told_since_they_are_not_read(tmp_path):
    note = '<Annotation SeqNum="1"><Comment>asked</Comment></Annotation>'
    path = odm(tmp_path, group(f'<ItemData ItemOID="A" Value="1">{note}</ItemData>{note}'), meta="")
    assert told(path, oid="IG.VS") == [
        ("raw-annotations", "warning", "2 annotations (comments, flags) of IG.VS are not read")
    ]


@pytest.mark.parametrize(
    ("options", "what", "mend"),
    [
        (
            {},
            "the contract names no group of items; the file has IG.VS, F.VS, IG.NONE",
            "write read: {oid: OID} in its contract",
        ),
        (
            {"oid": "IG.VT"},
            "the file has no item group or form IG.VT",
            "correct oid: in read: of its contract; did you mean IG.VS?",
        ),
    ],
)
def test_which_group_is_read_is_never_guessed(tmp_path, options, what, mend):
    assert refusal(odm(tmp_path, group("")), **options) == [("export.xml", what, mend)]


def test_a_form_whose_groups_repeat_is_refused_with_the_line(tmp_path):
    item = '<ItemData ItemOID="A" Value="1"/>'
    [(where, what, mend)] = refusal(odm(tmp_path, group(item), group(item, key="2"), meta=""), oid="F.VS")
    assert (where, what) == ("export.xml, line 4", "the item A stands twice in one record")
    assert mend == "its groups repeat: name one item group in read: {oid: ...} instead of the form"


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE ODM SYSTEM "http://example.org/x.dtd">',
        '<!DOCTYPE ODM [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE ODM [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
    ],
)
def test_a_file_with_a_document_type_is_refused_before_it_is_read(tmp_path, doctype):
    path = odm(tmp_path, group('<ItemData ItemOID="A" Value="&c;"/>'), doctype=doctype)
    [(where, what, _)] = refusal(path, oid="IG.VS")
    assert (where, what) == ("export.xml", "the file declares a document type (DTD), which is not read")


def test_a_file_that_was_cut_is_refused_with_its_line(tmp_path):
    path = odm(
        tmp_path, group('<ItemData ItemOID="A" Value="1"/>'), group('<ItemData ItemOID="A" Value="2"/>', key="2")
    )
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index('Value="2"') + 8], encoding="utf-8")
    [(where, what, mend)] = refusal(path, oid="IG.VS")
    assert where.startswith("export.xml, line 1")
    assert what.startswith("the XML is damaged (")
    assert mend == "get the file again from its source; nothing of it was used"


def test_bytes_that_are_no_text_in_the_encoding_of_the_file_are_refused(tmp_path):
    path = odm(tmp_path, group('<ItemData ItemOID="A" Value="XX"/>'))
    path.write_bytes(path.read_bytes().replace(b"XX", b"\xb5\xe9"))
    [(where, what, _)] = refusal(path, oid="IG.VS")
    assert where.startswith("export.xml, line ")
    assert what.startswith("the XML is damaged (")


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            NAMESPACE,
            "http://www.cdisc.org/ns/odm/v2.0",
            "this is ODM of another version (http://www.cdisc.org/ns/odm/v2.0)",
        ),
        ('"Snapshot"', '"Transactional"', "the file is Transactional: it tells changes, not the data as they are"),
        (f' xmlns="{NAMESPACE}"', ' xmlns="urn:x"', "this XML is not ODM: its outermost element is ODM"),
        (
            'MeasurementUnitOID="MU.1"/></ItemData',
            'MeasurementUnitOID="MU.2"/></ItemData',
            "the unit MU.2 of IT.TEMP is not defined in the file",
        ),
        ("<SubjectData ", '<SubjectData TransactionType="Remove" ', "a SubjectData is removed or updated by the file"),
        ('Value="36"', 'Value="36" TransactionType="Update"', "the item IT.TEMP is removed or updated by the file"),
        (
            "</ClinicalData>",
            '</ClinicalData><ClinicalData StudyOID="S2" MetaDataVersionOID="1"/>',
            "the file holds more than one study: S1, S2",
        ),
    ],
)
def test_what_is_no_snapshot_of_one_study_is_refused(tmp_path, old, new, what):
    path = odm(tmp_path, group(f'<ItemData ItemOID="IT.TEMP" Value="36">{CELSIUS}</ItemData>'))
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert [found for _, found, _ in refusal(path, oid="IG.VS")] == [what]
