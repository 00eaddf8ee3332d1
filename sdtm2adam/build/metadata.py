"""What is said of each variable of a built dataset: the spec first, then the standard, then the data."""

from __future__ import annotations

from dataclasses import replace

from sdtm2adam.build.plan import Context, Definition, Plan
from sdtm2adam.build.terminology import no_codelist
from sdtm2adam.errors import Sdtm2adamError, SpecError, nearest
from sdtm2adam.model import Variable
from sdtm2adam.spec import sql, standards
from sdtm2adam.spec.codelists import Codelist
from sdtm2adam.spec.dataset import DatasetSpec
from sdtm2adam.spec.producer import Producer
from sdtm2adam.spec.standards import VariableFact

_TYPES = {"VARCHAR": "text", "DATE": "date", "TIME": "time", "BOOLEAN": "text"}
_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_FORMATS = {"date": "DATE9.", "datetime": "DATETIME20.", "time": "TIME8."}


def type_of(duckdb_type: str) -> str:
    """The type of a variable whose column has a DuckDB type.

    >>> type_of("TIMESTAMP"), type_of("DECIMAL(3,1)"), type_of("INTEGER")
    ('datetime', 'float', 'integer')
    """
    if duckdb_type in _TYPES:
        return _TYPES[duckdb_type]
    if duckdb_type.startswith("TIMESTAMP"):
        return "datetime"
    return "integer" if duckdb_type in _INTEGERS else "float"


def producer_of(context: Context, column: str) -> Producer | None:
    """The producer of a variable: of the dataset, else of the first block that makes it."""
    found = context.spec.variables.get(column)
    if found is not None and found.verb:
        return found
    for block in context.spec.records:
        made = block.set.get(column) or next((o[column] for o in block.unpivot.values() if column in o), None)
        if made is not None:
            return made
    return found


def klass_of(context: Context) -> str:
    """The class: the spec's, else the standard's; short for ADaM."""
    if context.stage == "sdtm":
        fact = standards.sdtm_datasets().get(context.name)
        return str(context.spec.klass or (fact.klass if fact else ""))
    return _adam_klass(context.spec)


def check_class(context: Context) -> SpecError | None:
    """What is wrong with the class a spec of ADaM says, if anything."""
    said = context.spec.klass
    if context.stage != "adam" or said is None or said in standards.ADAM_CLASSES:
        return None
    return SpecError(f"no class {str(said)!r}", where=said.where, mend=nearest(str(said), standards.ADAM_CLASSES))


def variable_of(plan: Plan, context: Context, column: str, errors: list[Sdtm2adamError]) -> Variable:
    """All that is known of one variable; a type that is not the standard's is an error."""
    producer, fact = producer_of(context, column), fact_of(context, column)
    kind = _type(context, column, producer, fact, errors)
    if kind is None:
        return Variable(column, column, "text")
    known, beside = plan.terminology.of(fact.codelists if fact else ()), fact.values if fact else ()
    if producer is not None and producer.codelist is not None:
        known, beside = plan.terminology.called(str(producer.codelist)), ()
        if not known and producer.codelist != "none" and producer.codelist not in context.maps:
            errors.append(no_codelist(plan.terminology, producer.codelist))
    return Variable(
        name=column,
        label=_label(plan, context, column, producer, fact),
        type=kind,
        length=producer.length if producer else None,
        format=str((producer.format if producer else None) or _FORMATS.get(kind, "")),
        origin=_variable_origin(context, producer, column),
        method=_method(producer) or _by_block(context, column).method,
        codelist=", ".join(codelist.short for codelist in known)
        if known
        else str((producer.codelist if producer else None) or ""),
        terms=_terms(known, beside),
        extensible=not known or any(codelist.extensible for codelist in known),
        package=" and ".join(dict.fromkeys(codelist.package for codelist in known)),
        core=str((producer.core if producer else None) or (fact.core if fact else "")),
        role=fact.role if fact else "",
    )


def _type(
    context: Context, column: str, producer: Producer | None, fact: VariableFact | None, errors: list[Sdtm2adamError]
) -> str | None:
    """The type of a variable, of the spec or else of the standard; None for one that no variable can have."""
    made, in_database = type_of(context.relation.types[column]), context.relation.types[column]
    where = (producer.where if producer else "") or context.spec.dataset.where
    if in_database.startswith(("INTERVAL", "STRUCT")) or in_database.endswith("]"):
        said = f"{context.name}.{column} is made as {in_database.lower()}, which no variable can be"
        errors.append(SpecError(said, where=where, mend="days(a, b) counts days; cast(X as date) makes a date"))
        return None
    kind = (producer.type if producer else None) or _standard_type(made, fact)
    if (made == "text") != (kind == "text"):
        said = f"{context.name}.{column} is made as {made}, and is {kind} by the spec or standard"
        errors.append(SpecError(said, where=where, mend="convert it with cast(), or say its type"))
    return str(kind)


def _terms(lists: list[Codelist], beside: tuple[str, ...]) -> tuple[str, ...]:
    """What may stand, where all terms of the lists are at hand; values outside an excerpt cannot be judged by it."""
    if not lists or not all(codelist.whole for codelist in lists):
        return ()
    return (*(term for codelist in lists for term in codelist.terms), *beside)


def fact_of(context: Context, column: str) -> VariableFact | None:
    """What the standard says of a variable; a variable that came from SDTM keeps what SDTM says of it."""
    return standard_fact(context.stage, context.spec, column)


def standard_fact(stage: str, spec: DatasetSpec, column: str) -> VariableFact | None:
    """What the standard says of a variable of a spec."""
    name = str(spec.dataset)
    if stage == "sdtm":
        return standards.sdtm_variable(name, column)
    found = standards.adam_variable(_adam_klass(spec), column)
    if found:
        collected = standards.sdtm_variables().get(("DM", column))
        return replace(found, values=found.values or collected.values) if collected else found
    for domain in (column[:2], "DM", "AE", "SV"):
        fact = standards.sdtm_variables().get((domain, column))
        if fact:
            return fact
    return standards.shared_variables().get(column)


def _adam_klass(spec: DatasetSpec) -> str:
    return str(spec.klass or ("ADSL" if spec.dataset == "ADSL" else "OTHER"))


def _standard_type(made: str, fact: VariableFact | None) -> str:
    """The standard knows only text and number; which number, the data say."""
    if fact is None or fact.numeric == (made != "text"):
        return made
    return "float" if fact.numeric else "text"


def _label(plan: Plan, context: Context, column: str, producer: Producer | None, fact: VariableFact | None) -> str:
    if producer is not None and producer.label is not None:
        return str(producer.label)
    for source in context.spec.include:
        other = plan.contexts.get(source)
        if other and column in other.relation.names and (not producer or not producer.verb):
            return _label(plan, other, column, producer_of(other, column), fact_of(other, column))
    return fact.label if fact else _by_block(context, column).label or _qualifier_label(plan, context, column) or column


def _by_block(context: Context, column: str) -> Definition:
    """What the first block that makes a variable says of it."""
    found = (relation.names.get(column) for _, relation in context.outputs)
    return next((one for one in found if isinstance(one, Definition) and one.method), Definition(""))


def _qualifier_label(plan: Plan, context: Context, column: str) -> str:
    """The label of a supplemental qualifier that blocks carry over from a dataset of this study; else empty."""
    sources = [plan.contexts[str(name)].spec for block in context.spec.records for name in block.from_ or ()
               if str(name) in plan.contexts]  # fmt: skip
    supps = [supp for spec in sources for supp in (spec.supp, *(block.supp for block in spec.records))]
    return next((str(supp[column].label) for supp in supps if column in supp and supp[column].label), "")


def _variable_origin(context: Context, producer: Producer | None, column: str) -> str:
    if (producer is None or not producer.verb) and _by_block(context, column).method:
        return "Derived"
    if producer is None or not producer.verb:
        assigned = context.stage == "sdtm" and column in ("STUDYID", "DOMAIN")
        return "Assigned" if assigned else "Predecessor" if context.stage == "adam" else "Collected"
    return origin_of(context, producer)


def origin_of(context: Context, producer: Producer) -> str:
    """Where values come from: said by the spec; else copied (Predecessor, Collected), Assigned, or Derived.

    A literal on condition is derived: the condition decides who has it.
    """
    if producer.origin is not None:
        return str(producer.origin)
    if producer.verb == "const":
        return "Assigned" if producer.when is None else "Derived"
    if producer.verb == "sql" and producer.sql is not None and producer.when is None:
        tree = sql.parse(producer.sql)
        if sql.is_column(tree):
            return "Predecessor" if context.stage == "adam" else "Collected"
        return "Assigned" if sql.calls(tree, "recode") else "Derived"
    return "Collected" if producer.verb == "datetime" else "Derived"


def _method(producer: Producer | None) -> str:
    """What the spec says, else the SQL itself of an expression that is more than a name; verbs tell theirs in words
    elsewhere. Settings of the study that it was made with are named beside it.
    """
    if producer is None:
        return ""
    text = producer.python.method if producer.python is not None else producer.method
    if text is None and producer.sql is not None and not sql.is_column(sql.parse(producer.sql)):
        text = producer.sql
    if text is None:
        return ""
    return f"{text} (settings: {'; '.join(text.settings)})" if text.settings else str(text)
