"""Values and rows that a function of an installed package made, in words: what it is, and what it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sdtm2adam.build.python_functions import versions_of
from sdtm2adam.build.scope import Scope
from sdtm2adam.spec.dataset import PythonBlock
from sdtm2adam.spec.producer import Inputs, Producer
from sdtm2adam.spec.yaml import Text
from sdtm2adam.trace.again import Place
from sdtm2adam.trace.made import Made
from sdtm2adam.trace.other_rows import raw_of
from sdtm2adam.trace.story import Fact

if TYPE_CHECKING:
    from sdtm2adam.trace.narrator import Narrator


def tell_python(n: Narrator, scope: Scope, place: Place, column: str, producer: Producer) -> tuple[Made, object]:
    """A value of the verb `python`: the columns of its row that the function was given are followed."""
    verb = producer.python
    assert verb is not None
    raw, _ = raw_of(n, place, column)
    reads = [step for used in verb.uses for step in n.reads(scope, place.row, Text(f'"{used}"', used.where))]
    return Made(_facts(verb.call, verb.method, verb.inputs), reads), raw


def tell_python_block(n: Narrator, place: Place, column: str, block: PythonBlock) -> Made:
    """A value of a row that a function made: of which rows, it does not say."""
    facts = [Fact("spec", n.again.line(block.call.where)), *_facts(block.call, block.method, block.inputs)]
    note = "the function does not say of which records it made this one: they are not followed"
    return Made([*facts, Fact("note", note)], [], n.again.value(place, column))


def _facts(call: Text, method: Text, inputs: Inputs) -> list[Fact]:
    package = str(call).partition(":")[0].split(".")[0]
    version = "".join(f" {found}" for found in versions_of([package]).values())
    facts = [Fact("method", str(method)), Fact("function", f"{call} of the package {package}{version}")]
    for source, columns in inputs.items():
        named = ", ".join(columns) if columns is not None else "all columns"
        facts.append(Fact("records", f"all of {source} ({named}) were given to the function"))
    return facts
