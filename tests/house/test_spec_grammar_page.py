"""docs/spec-grammar.md names every key that a spec may hold, and every function of expressions."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from sdtm2adam.spec import dataset, producer, sql, study

PAGE = (Path(__file__).parents[2] / "docs" / "spec-grammar.md").read_text(encoding="utf-8")
WORDS = {word for code in re.findall(r"`([^`]+)`", PAGE) for word in re.findall(r"[a-z_0-9]+", code)}

SHAPES: list[type[BaseModel]] = [
    study.Study, study.Standards, study.Subject, study.Dates, study.Visits, study.Reference, study.Data,
    study.Contract, study.Column, study.ReadOptions,
    dataset.DatasetSpec, dataset.Block, dataset.Check, dataset.Dedupe, dataset.Expand, dataset.Source, dataset.Tte,
    dataset.GroupBlock, dataset.Per, dataset.Copy,
    producer.Pick, producer.Candidate, producer.Confirm, producer.Else, producer.Exists, producer.Agg, producer.Flag,
    producer.Seq,
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_key_of_the_schema_is_on_the_page(shape: type[BaseModel]) -> None:
    keys = {field.alias or name for name, field in shape.model_fields.items()} - {"names"}
    assert keys - WORDS == set()


def test_every_verb_and_every_word_beside_it_is_on_the_page() -> None:
    assert {*producer.VERBS, *type(producer.as_producer(None)).model_fields} - WORDS == set()


def test_every_function_of_expressions_is_on_the_page() -> None:
    assert {*sql.ROW_FUNCTIONS, *sql.AGGREGATE_FUNCTIONS} - WORDS == set()
