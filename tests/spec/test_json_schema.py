"""The JSON schemas for editors accept what the engine accepts, in long and short forms, and refuse what it refuses."""

import json
from functools import lru_cache
from pathlib import Path

import pytest
import yaml

from sdtm2adam.errors import SpecError
from sdtm2adam.resources import shelf
from sdtm2adam.spec.closed import read
from sdtm2adam.spec.schema import MODELS, json_schema, write_schemas
from sdtm2adam.spec.yaml import loads

jsonschema = pytest.importorskip("jsonschema")
BUNDLED = shelf("specs") / "inovate"
FILES = [
    *(("dataset", path) for stage in ("sdtm", "adam") for path in sorted((BUNDLED / stage).glob("*.yaml"))),
    *(("contract", path) for path in sorted((BUNDLED / "raw").glob("*.yaml"))),
    ("study", BUNDLED / "study.yaml"),
    *(("criteria", path) for path in sorted((shelf("specs") / "criteria").glob("*.yaml"))),
]
HEAD = "dataset: ADX\nkeys: [A]\n"
LINES = [
    "records:\n  - {from: DM}",
    "records:\n  - {from: [LB, VS], as: {DTC: [--DTC, --STDTC]}}", "records:\n  - {from: DM, copy: all}",
    "records:\n  - {from: DM, copy: [A, B]}", "records:\n  - {from: DM, copy: {except: [A]}}",
    "records:\n  - {from: DM, where: 1 = 1}", "records:\n  - {from: raw.A, dedupe: {by: all}}",
    "records:\n  - {from: raw.A, dedupe: {by: [A], order: B, take: last}}",
    "records:\n  - {from: A, expand: {from: B, to: C, as: D, every: 2}}",
    "records:\n  - {from: A, unpivot: {X: {Y: Z}}, into: Y}", "records:\n  - {foreach: [{A: 1}, {A: b}], from: $A}",
    "records:\n  - {foreach: table.T, from: A}", "records:\n  - {pick: {from: A, order: B, else: {}}, per: DM}",
    "records:\n  - {pick: {among: [{from: A}], order: [_nr]}, per: {from: DM}}",
    "records:\n  - {agg: {from: A, by: B, value: {N: count(*)}}}",
    "records:\n  - {tte: {start: A, events: [B], censors: [{from: C, date: D}]}}", "variables: {A: auto}",
    "variables: {A: 1}", "variables: {A: 2014-01-01}", "variables: {A: true}", "variables: {A: [B, C]}",
    "variables:\n  A:", "variables: {A: {const: 7, when: B = 1}}",
    "variables: {A: {pick: {from: B, by: C, value: D}}}", "variables: {A: {pick: {from: B, by: {C: D}, value: D}}}",
    "variables: {A: {pick: {from: B, by: [C, {D: E}], value: D, else: 0}}}",
    "variables: {A: {pick: {from: B, by: [], order: [C desc], ties: any, value: D}}}",
    "variables: {A: {exists: {from: B, else: N}}}", "variables: {A: {agg: {from: B, value: sum(C), else: 0}}}",
    "variables: {A: {flag: {order: B, take: all, until: C}}}", "variables: {A: {seq: {by: []}}}",
    "variables: {A: {imputed: B}}", "variables: {A: {sql: B, label: C, type: integer, length: 8}}",
    "include: {ADSL: all}", "include: {ADSL: [A]}", "include: {ADSL: {except: [A]}}", "maps: {M: {1: one, _else: x}}",
    "tables: {T: tables/t.csv}", "tables: {T: [{A: 1, B: b}]}", "lookups: {L: {from: DM}}", "output: false",
    "sources: {S: {from: A, date: B, cnsr: 2}}", "checks: [{id: C, expect: A > 1, severity: note, text: t}]",
    "inputs: {A: B}",
    "records:\n  - {response: {criteria: C, start: A, assessments: {m: {from: B, date: D, value: E, before: any}}}}",
    "records:\n  - {response: {criteria: C, accept_unverified: true, start: A, assessments: {}}}",
    "records:\n  - {response: {criteria: C, start: A, assessments: {}, confirm: {responses: [CR], days: 28}}}",
]  # fmt: skip
WRONG = [
    "record: []", "variables: {A: {sqll: B}}", "variables: {A: {take: first}}", "records:\n  - {form: A}",
    "checks: [{id: C}]", "variables: {A: {sql: B, type: number}}", "variables: {A: {sql: B, length: 300}}",
    "variables: {A: {pick: {from: B, take: middle}}}", "checks: [{id: C, expect: A, text: t, severity: bad}]",
    "records:\n  - {tte: {start: A, events: EVENTS, censors: [C]}}", "maps: {M: [a]}", "keys: {A: B}", "lookups: [A]",
]  # fmt: skip


@lru_cache(maxsize=3)
def validator(kind):
    """The schema of one kind, itself checked."""
    jsonschema.Draft202012Validator.check_schema(json_schema(kind))
    return jsonschema.Draft202012Validator(json_schema(kind))


def as_an_editor_sees(text):
    """The tree of a YAML text with numbers, dates and yes/no, as editors read it."""
    return json.loads(json.dumps(yaml.load(text, Loader=yaml.CSafeLoader), default=str))


def fits(kind, text):
    """Whether an editor would accept a text."""
    return validator(kind).is_valid(as_an_editor_sees(text))


def is_read(kind, text):
    """Whether the engine accepts a text."""
    try:
        read(MODELS[kind][0], loads(text, "x.yaml"), "x", "x.yaml")
    except SpecError:
        return False
    return True


@pytest.mark.parametrize("line", LINES)
def test_editors_accept_every_form_that_the_engine_reads(line):
    assert is_read("dataset", HEAD + line)
    assert fits("dataset", HEAD + line)


def test_editors_accept_the_name_of_a_setting_where_a_list_or_a_number_may_stand():
    assert fits("dataset", HEAD + "records:\n  - {tte: {start: A, events: $EVENTS, censors: [$LAST, C]}}")
    assert fits("dataset", HEAD + "records:\n  - {from: A, expand: {from: B, to: C, as: D, every: $DAYS}}")


@pytest.mark.parametrize("line", WRONG)
def test_editors_refuse_what_the_engine_refuses(line):
    text = line if line.startswith("keys") else HEAD + line
    text = "dataset: ADX\n" + text if line.startswith("keys") else text
    assert not is_read("dataset", text)
    assert not fits("dataset", text)


@pytest.mark.parametrize(("kind", "path"), FILES, ids=[f"{path.parent.name}/{path.name}" for _, path in FILES])
def test_the_bundled_specs_fit_their_schema(kind, path):
    errors = validator(kind).iter_errors(as_an_editor_sees(path.read_text(encoding="utf-8")))
    assert [f"{list(error.absolute_path)}: {error.message[:200]}" for error in errors] == []


def test_a_schema_is_closed_at_every_level():
    for kind in MODELS:
        schema = json_schema(kind)
        for model in (schema, *schema.get("$defs", {}).values()):
            if "properties" in model:
                assert model["additionalProperties"] is False


def test_schemas_are_written_with_the_same_bytes_each_time(tmp_path):
    first = [path.read_bytes() for path in write_schemas(tmp_path / "a" / "b")]
    paths = write_schemas(tmp_path / "c")
    assert [path.name for path in paths] == ["dataset.schema.json", "study.schema.json", "contract.schema.json",
                                          "criteria.schema.json"]  # fmt: skip
    assert first == [path.read_bytes() for path in paths]
    assert all(isinstance(path, Path) for path in paths)
