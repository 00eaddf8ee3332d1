"""The columns of tables of metadata that describe the model, split domains, transport files and define.xml."""

from __future__ import annotations

from collections.abc import Mapping

from sdtm2adam.validate.sql.meta_define_values import VALUE_COLUMNS

MORE_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "model": {
        "dataset": "text", "variable": "text", "fragment": "text", "role": "text", "core": "text", "shared": "text",
    },
    "sequences": {"dataset": "text", "variable": "text", "value": "text", "domain": "text", "USUBJID": "text"},
    "numbers": {
        "dataset": "text", "variable": "text", "smallest": "number", "largest": "number", "not_finite": "integer",
    },
    "folders": {"folder": "text", "stage": "text", "files": "integer", "transport": "integer", "define": "integer"},
    "files": {
        "file": "text", "folder": "text", "stage": "text", "dataset": "text", "bytes": "integer", "kind": "text",
        "members": "integer", "name": "text", "label": "text", "variables": "integer", "record_length": "integer",
        "observations": "integer", "remainder": "integer", "ambiguous": "text", "fault": "text",
    },
    "file_variables": {
        "file": "text", "dataset": "text", "stage": "text", "variable": "text", "position": "integer", "label": "text",
        "type": "text", "length": "integer", "format": "text",
    },
    "define_files": {
        "file": "text", "stage": "text", "version": "text", "study": "text", "standards": "text", "fault": "text",
    },
    "define_datasets": {
        "dataset": "text", "stage": "text", "oid": "text", "domain": "text", "label": "text", "class": "text",
        "structure": "text", "purpose": "text", "repeating": "text", "reference": "text", "keys": "text",
        "href": "text", "no_data": "text", "comment": "text", "variables": "integer",
    },
    "define_variables": {
        "dataset": "text", "variable": "text", "stage": "text", "oid": "text", "position": "integer", "label": "text",
        "type": "text", "length": "integer", "digits": "integer", "format": "text", "mandatory": "text",
        "key": "integer", "role": "text", "codelist": "text", "origin": "text", "method": "text", "comment": "text",
        "values": "text", "of_value": "text", "no_data": "text",
    },
    "define_terms": {
        "stage": "text", "codelist": "text", "name": "text", "type": "text", "term": "text", "decode": "text",
        "code": "text", "extended": "text", "standard": "text", "own": "text", "external": "text",
    },
    "define_repeats": {"dataset": "text", "stage": "text", "keys": "text", "records": "integer"},
    "define_values": VALUE_COLUMNS,
    "define_structure": {
        "stage": "text", "file": "text", "line": "integer", "element": "text", "place": "text", "kind": "text",
        "attribute": "text", "value": "text", "wanted": "text", "fault": "text",
    },
    "define_links": {"stage": "text", "kind": "text", "source": "text", "target": "text", "state": "text"},
}  # fmt: skip
"""The tables and the types of their columns; Y and N stand for true and false."""
