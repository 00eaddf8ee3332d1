"""JSON schemas of all kinds of spec files, made from the models: editors complete and check by them.

An editor reads YAML as YAML: where a spec has a text it may see a number or a yes/no, so a text is any scalar here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeAlias

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from sdtm2adam.spec import criteria, dataset, producer, reading
from sdtm2adam.spec.closed import Closed
from sdtm2adam.spec.criteria import CriteriaSet
from sdtm2adam.spec.dataset import DatasetSpec
from sdtm2adam.spec.settings import NAMED
from sdtm2adam.spec.study import Contract, Study

Json: TypeAlias = dict[str, Any]

MODELS: dict[str, tuple[type[Closed], str]] = {
    "dataset": (DatasetSpec, "The spec of one SDTM or ADaM dataset: records x variables."),
    "study": (Study, "study.yaml: what several specs share."),
    "contract": (Contract, "The data contract of one raw form or feed."),
    "criteria": (CriteriaSet, "A criteria set of disease response."),
}
"""Kind of file -> its model and the title of its schema."""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SCALAR: Json = {"type": ["string", "number", "boolean"]}
_SETTING: Json = {"type": "string", "pattern": rf"^{NAMED.pattern}$"}
_TEXTS: Json = {"type": "array", "items": {"type": "string"}}
_PAIRS: Json = {"type": "object", "additionalProperties": {"type": "string"}}
_SHORT_FORMS: dict[str, list[Json]] = {
    producer._as_list.__name__: [{"type": "string"}],
    producer._as_by.__name__: [{"type": "string"}, {"type": "null"}, _PAIRS],
    producer._as_producer.__name__: [{"type": "string"}, {"type": "null"}, _TEXTS],
    dataset._as_copy.__name__: [{"type": "string"}, {"type": "null"}, _TEXTS],
    reading._as_rows.__name__: [{"type": "string"}],
    criteria._days.__name__: [{"type": "string"}],
}
"""What may be written shorter: the function that reads it -> what it takes beside the long form."""
_BY_ITEM: Json = {"anyOf": [{"type": "string"}, _PAIRS]}


class _Schemas(GenerateJsonSchema):
    """Adds the short forms to what the models say."""

    ignored_warning_kinds = {"non-serializable-default", "skipped-choice"}  # noqa: RUF012 - as in the base class

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """The long form, and the short ones that the function before it reads."""
        reader = getattr(schema["function"]["function"], "__name__", "")
        long = self.generate_inner(schema["schema"])
        if reader == producer._as_by.__name__:
            long = {"type": "array", "items": _BY_ITEM}
        if reader == dataset._as_include.__name__:
            long["additionalProperties"] = {"anyOf": [long["additionalProperties"], *_SHORT_FORMS["_as_copy"]]}
        short = _SHORT_FORMS.get(reader)
        return {"anyOf": [*short, long]} if short else long

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Defaults are told in docs/spec-grammar.md: here they would say what a model holds, not what a spec writes."""
        return self.generate_inner(schema["schema"])


def json_schema(kind: str) -> Json:
    """The JSON schema of one kind of file.

    >>> json_schema("contract")["required"]
    ['file']

    Args:
        kind: dataset, study, contract or criteria.
    """
    model, title = MODELS[kind]
    schema: Json = model.model_json_schema(schema_generator=_Schemas)
    if kind == "dataset":
        schema = _or_setting(schema)
    return {"$schema": _DIALECT, **_as_scalars(schema), "title": title}


def _or_setting(schema: Any) -> Any:
    """The schema where the name of a setting may stand for a list or a number as well."""
    if isinstance(schema, list):
        return [_or_setting(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: value if key == "required" else _or_setting(value) for key, value in schema.items()}
    return {"anyOf": [kept, _SETTING]} if schema.get("type") in ("array", "integer") else kept


def _as_scalars(schema: Any) -> Any:
    """The schema with each free text widened to any scalar; texts of a closed choice stay."""
    if isinstance(schema, list):
        return [_as_scalars(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "string" and not {"enum", "const", "pattern"} & schema.keys():
        return {**schema, **_SCALAR}
    kept = {key: value for key, value in schema.items() if key != "title" or isinstance(value, dict)}
    return {key: value if key == "required" else _as_scalars(value) for key, value in kept.items()}


def write_schemas(folder: Path) -> list[Path]:
    """Writes `<kind>.schema.json` of all kinds into a folder; the paths.

    Args:
        folder: made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind in MODELS:
        path = folder / f"{kind}.schema.json"
        path.write_text(json.dumps(json_schema(kind), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        paths.append(path)
    return paths
