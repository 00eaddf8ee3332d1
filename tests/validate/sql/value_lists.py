"""Small define.xml documents with one value list, and what `meta.define_values` says of data by them."""

import pyarrow as pa

from sdtm2adam.model import Dataset, Variable
from sdtm2adam.validate.sql.meta import COLUMNS
from sdtm2adam.validate.sql.meta_define import define_tables
from sdtm2adam.validate.sql.store import Database, Store

HEADS = {
    "sdtm 2.1": '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:def="http://www.cdisc.org/ns/def/v2.1">'
    '<Study OID="S"><MetaDataVersion OID="M" def:DefineVersion="2.1.0"><def:Standards><def:Standard OID="STD.1" '
    'Name="SDTMIG" Type="IG" Version="3.4"/></def:Standards>',
    "adam 2.0": '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:def="http://www.cdisc.org/ns/def/v2.0">'
    '<Study OID="S"><MetaDataVersion OID="M" def:DefineVersion="2.0.0" def:StandardName="ADaM-IG" '
    'def:StandardVersion="1.1">',
}
TAIL = "</MetaDataVersion></Study></ODM>"


def check(item, comparator, *values):
    told = "".join(f"<CheckValue>{value}</CheckValue>" for value in values)
    return f'<RangeCheck Comparator="{comparator}" SoftHard="Soft" def:ItemOID="{item}">{told}</RangeCheck>'


def clause(oid, *checks):
    return f'<def:WhereClauseDef OID="{oid}">{"".join(checks)}</def:WhereClauseDef>'


def document(dataset, columns, listed, *, clauses, items, mandatory="No", more="", version="sdtm 2.1"):
    """A define.xml with one dataset: a value list for the variable `listed`, with one item for each of `items`.

    `items` are the attributes and the content of ItemDefs; each applies under all the clauses.
    """
    refs = "".join(f'<def:WhereClauseRef WhereClauseOID="WC.{n}"/>' for n in range(len(clauses)))
    values = "".join(f'<ItemRef ItemOID="IT.V{n}" Mandatory="{mandatory}">{refs}</ItemRef>' for n in range(len(items)))
    parts = [f'<def:ValueListDef OID="VL">{values}</def:ValueListDef>']
    parts += [clause(f"WC.{n}", *each) for n, each in enumerate(clauses)]
    own = "".join(f'<ItemRef ItemOID="IT.{name}" Mandatory="No"/>' for name in columns)
    parts.append(f'<ItemGroupDef OID="IG" Name="{dataset}">{own}</ItemGroupDef>')
    for name in columns:
        leads = '<def:ValueListRef ValueListOID="VL"/>' if name == listed else ""
        parts.append(f'<ItemDef OID="IT.{name}" Name="{name}" DataType="text">{leads}</ItemDef>')
    parts += [f'<ItemDef OID="IT.V{n}" Name="{listed}" {each}' for n, each in enumerate(items)]
    return HEADS[version] + "".join(parts) + more + TAIL


def dataset_of(name, columns, stage="sdtm"):
    frame = columns if isinstance(columns, pa.Table) else pa.table(columns)
    variables = tuple(Variable(column, "", "text") for column in frame.column_names)
    return Dataset(name, "", stage, "", "", tuple(frame.column_names[:1]), variables, frame, pa.table({}))


def faults_of(path, text, name, columns, stage="sdtm"):
    """The rows of `meta.define_values` for one dataset, with this text as its define.xml."""
    path.write_text(text, encoding="utf-8")
    makers = define_tables(path)
    with Database() as database:
        store = Store(database, {name: dataset_of(name, columns, stage)}, {}, None, makers)
        table = makers["define_values"](store)
    assert table.column_names == list(COLUMNS["define_values"])
    return table.to_pylist()
