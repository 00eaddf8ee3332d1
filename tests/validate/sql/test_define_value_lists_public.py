"""What is told of the public study by value lists, counted again in pandas."""

import re
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from value_lists import check, clause, document, faults_of

PUBLIC = Path(__file__).parents[4] / "shared" / "data" / "pharmaversesdtm" / "parquet"


@pytest.mark.shared
@pytest.mark.skipif(not PUBLIC.is_dir(), reason="the folder shared is not beside the repository")
@pytest.mark.parametrize(
    ("name", "by", "listed"), [("LB", "LBTESTCD", "LBORRES"), ("TS", "TSPARMCD", "TSVAL"), ("SUPPDM", "QNAM", "QVAL")]
)
def test_what_is_told_of_the_public_study_is_so(tmp_path, name, by, listed):
    """One item for each test or qualifier, a number of 3 digits out of three values, counted again in pandas."""
    frame = pq.read_table(PUBLIC / f"{name.lower()}.parquet")
    data = frame.to_pandas()[[by, listed]].astype(object)
    terms = sorted({value for value in data[listed] if isinstance(value, str) and re.fullmatch("[A-Za-z0-9]+", value)})
    text = ""
    counted = {}
    for code, values in data.groupby(by)[listed]:
        there = values[[isinstance(value, str) and value.strip() != "" for value in values]]
        counted[f"{by} = '{code}'"] = {
            "codelist": int((~there.isin(terms[:3])).sum()),
            "length": sum(sum(one in "0123456789" for one in value) > 3 for value in there),
            "type": int(pd.to_numeric(there, errors="coerce").isna().sum()),
            "mandatory": len(values) - len(there),
        }
        text += f'<ItemRef ItemOID="IT.V" Mandatory="Yes"><def:WhereClauseRef WhereClauseOID="WC.{code}"/></ItemRef>'
    item = 'DataType="float" Length="3"><CodeListRef CodeListOID="CL"/></ItemDef>'
    listing = "".join(f'<CodeListItem CodedValue="{term}"/>' for term in terms[:3])
    more = f'<CodeList OID="CL">{listing}</CodeList><ItemDef OID="IT.V" Name="{listed}" {item}'
    more += "".join(clause(f"WC.{code}", check(f"IT.{by}", "EQ", code)) for code in data[by].unique())
    whole = document(name, [by, listed], listed, clauses=[], items=[], more=more)
    whole = whole.replace('<def:ValueListDef OID="VL">', f'<def:ValueListDef OID="VL">{text}')
    rows = faults_of(tmp_path / "define.xml", whole, name, frame)
    found = {condition: dict.fromkeys(each, 0) for condition, each in counted.items()}
    for row in rows:
        found[row["condition"]][row["fault"]] += row["records"]
        first = data.iloc[int(row["places"].split()[0])]
        assert (f"{by} = '{first[by]}'", first[listed] or None) == (row["condition"], row["value"])
    assert found == counted
