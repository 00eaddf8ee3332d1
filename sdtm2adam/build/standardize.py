"""Findings: the name of a test from its code, and results in standard units."""

from __future__ import annotations

import re
from collections.abc import Callable

import pyarrow as pa

from sdtm2adam.build.functions import Compiled
from sdtm2adam.build.mapped import Answer, Mapping, Problem, Values, hidden, plan_mapping
from sdtm2adam.build.node import Node
from sdtm2adam.build.origin import behind, forms_of
from sdtm2adam.build.quoting import name
from sdtm2adam.build.raw import COMMA
from sdtm2adam.build.raw_columns import collected
from sdtm2adam.build.relation import From, Relation
from sdtm2adam.build.rows import store_column
from sdtm2adam.build.scope import Scope
from sdtm2adam.build.terminology import Terms, clean, in_packages, not_held
from sdtm2adam.compute.units import Conversion, UnitTable, as_number, limit_of, shortest, text_in_standard_unit
from sdtm2adam.errors import SpecError, listed
from sdtm2adam.spec import sql, standards
from sdtm2adam.spec.codelists import Codelist
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.producer import Producer
from sdtm2adam.spec.yaml import Text

TermsOf = Callable[[Scope, str, Text | None], Terms | None]
"""The terms of a variable, or of a codelist that is named instead of its own."""


def plan_decode(scope: Scope, column: str, code: str, where: str, node: Node) -> None:
    """The partner of a code: by the study's map named like the variable, else by the concept code of two lists."""
    if code not in scope.relation.names:
        raise SpecError(f"{scope.context.name}.{column} needs {code}", where=where, mend=f"make {code}")
    sources, targets = (
        scope.plan.terminology.of(fact.codelists if fact else ())
        for fact in (standards.sdtm_variable(scope.context.name, n) for n in (code, column))
    )
    partners = {**_by_concept(sources, targets), **scope.context.maps.get(column, {})}

    def decide(values: Values) -> Answer:
        if values[0] is None:
            return Answer((None,))
        found = partners.get(values[0])
        unknown = Problem("decode-unknown", _without_partner(sources, column))
        return Answer((found,), () if found is not None else (unknown,))

    plan_mapping(scope.plan, scope.relation, Mapping((code,), ((column, pa.string()),), decide, column, where), node)


def _by_concept(sources: list[Codelist], targets: list[Codelist]) -> dict[str, str]:
    return {
        term: target.by_code[concept]
        for source in sources
        for target in targets
        for term, (concept, _, _) in source.terms.items()
        if concept in target.by_code
    }


def _without_partner(sources: list[Codelist], column: str) -> str:
    if any(not codelist.whole for codelist in sources):
        return f"has no partner among the terms at hand or in the map {column}: {not_held(sources)}"
    return f"has no partner in {in_packages(sources) if sources else 'CT'} or in the map {column}"


def plan_standardize(specs: Specs, terms_of: TermsOf, scope: Scope, column: str, where: str, node: Node) -> None:
    """--STRESC, --STRESN or --STRESU by the study's table of units; the three are decided together.

    A number is multiplied by FACTOR, OFFSET is added, and it is rounded half away from zero to DIGITS in decimal
    arithmetic. A text result goes to --STRESC through the codelist of --STRESC. A unit that the table does not hold for
    the test is an error, and gives no standard result.
    """
    prefix = column[:2]
    makes = tuple((f"_~{prefix}{stem}", kind) for stem, kind in RESULTS.items())
    made = f"_~{column}"
    group = hidden(
        scope.relation,
        f"{prefix}STANDARD",
        lambda inner: _plan_group(specs, terms_of, scope, prefix, where, makes, inner),
        where,
    )
    node.needs.append(scope.plan.node(scope.relation, group))
    node.expression = lambda source: Compiled(source.own(made))


_LIKE_A_NUMBER = re.compile(r"\s*[-+]?\d*(?:[., '\u00a0\u202f]\d+)+\s*", re.ASCII)
_COMMA = re.compile(r"[-+]?\d+,\d+", re.ASCII)
_UNCLEAR = Problem("number-unclear", "is made of digits, but which of its marks is the decimal one is not clear")
"""A comma may part decimals or thousands: which, no rule can know."""

_WITH_POINT = r"[-+]?[0-9]*([.][0-9]+)+"
BETWEEN = "|"
"""What parts the texts of the hidden column of decimal commas."""

RESULTS = {"STRESC": pa.string(), "STRESN": pa.float64(), "STRESU": pa.string()}


def _plan_group(
    specs: Specs,
    terms_of: TermsOf,
    scope: Scope,
    prefix: str,
    where: str,
    makes: tuple[tuple[str, pa.DataType], ...],
    node: Node,
) -> None:
    names = scope.relation.names
    reads = [f"{prefix}TESTCD", f"{prefix}ORRES"]
    missing = [n for n in reads if n not in names]
    if missing:
        raise SpecError(
            f"{scope.context.name}: {missing[0]} is needed for results", where=where, mend=f"make {missing[0]}"
        )
    has_unit = f"{prefix}ORRESU" in names
    reads += [f"{prefix}ORRESU"] if has_unit else []
    table = _table(specs, where) if has_unit else UnitTable({})
    terms = terms_of(scope, f"{prefix}STRESC", _codelist(scope, prefix))
    typed = typed_results(specs, scope, prefix)
    comma = _comma(specs, scope, where)
    reads += [comma] if comma else []

    def decide(values: Values) -> Answer:
        test, result, unit = (*values[: 2 + has_unit], None)[:3]
        text = clean(result)
        if text is not None and comma and values[-1] is not None:
            place, *pointed = values[-1].split(BETWEEN)
            if text in pointed:  # a point beside a decimal comma may part thousands
                return Answer((text, None, None), (_UNCLEAR,))
            if typed & {(place, test), (place, None)} and _COMMA.fullmatch(text):
                text = text.replace(",", ".")
        return _standard(test or "", text, unit, table, terms, has_unit)

    mapping = Mapping(tuple(reads), makes, decide, f"{prefix}STRESC", where, shown=2 + has_unit)
    plan_mapping(scope.plan, scope.relation, mapping, node)


def _codelist(scope: Scope, prefix: str) -> Text | None:
    """The codelist that `standardize` of one of the three names, if any."""
    said = (scope.context.spec.variables.get(prefix + stem) for stem in RESULTS)
    named = (one.standardize.codelist for one in said if one is not None and one.standardize is not None)
    return next((codelist for codelist in named if codelist is not None), None)


def typed_results(specs: Specs, scope: Scope, prefix: str) -> set[tuple[str, str | None]]:
    """Results that are a form's text as it is, so that its decimal mark counts: the place of the block, and the test.

    A number column has a point already, and so has what an expression makes.
    """
    found: set[tuple[str, str | None]] = set()
    if scope.relation is not scope.context.relation:  # rows on the way to others, of `work`
        return found
    for place, (block, _) in enumerate(scope.context.outputs):
        forms = [str(source).removeprefix("raw.") for source in block.from_ or () if source.startswith("raw.")]
        columns = {name: said for form in forms for name, said in specs.contracts[form].columns.items()}
        texts = {name for name, said in columns.items() if said is None or said.type not in ("number", "integer")}
        made: dict[str | None, Producer | None] = {None: block.set.get(f"{prefix}ORRES")}
        made |= {code: overlay.get(f"{prefix}ORRES") for code, overlay in block.unpivot.items()}
        for code, producer in made.items():
            if producer is not None and producer.sql is not None and sql.as_bare_name(producer.sql) in texts:
                found.add((str(place), code))
    return found


def _comma(specs: Specs, scope: Scope, where: str) -> str:
    """A hidden column: the place of the block where the decimal mark of the record is a comma; empty if nowhere.

    After it, each behind a mark, the texts of the raw record that are made of digits and points: a result that is one
    of them word for word, whatever way it came, has a point that nobody declared.
    """
    forms = [form for form in forms_of(scope.relation) if specs.contracts[form].read.decimal == ","]
    if not forms:
        return ""
    named = {f"raw.{form}": form for form in forms}

    def leaf(relation: Relation, wanted: str) -> str:
        if relation.key not in named:
            return ""
        columns = specs.contracts[named[relation.key]].columns
        texts = ", ".join(_pointed(relation, column) for column in columns if column in relation.names)
        joined = f"({wanted}) w JOIN {relation.rows} x ON x._row = w._row"
        return f"SELECT w.root, concat_ws('{BETWEEN}', '', {texts}) AS texts FROM {joined} WHERE x.{name(COMMA)}"

    def plan_it(node: Node) -> None:
        node.needs.append(scope.plan.rows_node(scope.relation))
        node.run = run

    def run() -> None:
        relation = scope.relation
        found = behind(relation, f"SELECT r._row AS root, r._row AS _row FROM {relation.rows} r", leaf)
        source = From(relation)
        comes = (
            f"SELECT r._row AS _row, CAST({source.link('')[0]} AS VARCHAR) || f.texts AS place {source.clause()} "
            f"JOIN ({found}) f ON f.root = r._row"
        )
        store_column(scope.plan, relation, "_~COMMA", comes, "j.place")

    return hidden(scope.relation, "COMMA", plan_it, where)


def _pointed(relation: Relation, column: str) -> str:
    """SQL of a raw text (`x`) that is made of digits and points; of a number column only where it is no number."""
    typed = collected(column) in relation.names
    text = f"trim(x.{name(collected(column) if typed else column)})"
    is_number = f"x.{name(column)} IS NULL AND " if typed else ""
    return f"CASE WHEN {is_number}regexp_full_match({text}, '{_WITH_POINT}') THEN {text} END"


def _standard(
    test: str, result: str | None, unit: str | None, table: UnitTable, terms: Terms | None, has_unit: bool
) -> Answer:
    if result is None:
        return Answer((None, None, None))
    number = as_number(result)
    conversion = table.find(test, unit) if has_unit else None
    if number is None:
        return _text_result(test, result, unit, table, conversion, terms)
    if conversion is None and unit is not None:
        return Answer((None, None, None), (_unknown_unit(table, test),))
    if conversion is None and has_unit and table.has_units(test):
        return Answer(
            (None, None, None), (Problem("unit-missing", "is a number without a unit, of a test that has units"),)
        )
    value = conversion.convert(number) if conversion else number
    return Answer((shortest(value), float(value), conversion.to if conversion else None))


def _text_result(
    test: str, result: str, unit: str | None, table: UnitTable, conversion: Conversion | None, terms: Terms | None
) -> Answer:
    """A result that is no number; its digits are never given a unit that they were not collected in."""
    answer = terms.decide((result,)) if terms else Answer((result,))
    text, to = answer.results[0], conversion.to if conversion else None
    if unit is not None and _LIKE_A_NUMBER.fullmatch(result):
        to = None if conversion and conversion.changes else to
        return Answer((text, None, to), (*answer.problems, _UNCLEAR))
    if text != result:
        return Answer((text, None, to), answer.problems)
    if conversion is None and unit is not None and limit_of(result):
        return Answer((None, None, None), (_unknown_unit(table, test),))
    text = text_in_standard_unit(result, conversion)
    if text is None:
        return Answer((result, None, None), (*answer.problems, _not_converted(unit, to)))
    return Answer((text, None, to), answer.problems)


def _not_converted(unit: str | None, to: str | None) -> Problem:
    said = f"is no number that can be converted from {unit or 'no unit'} to {to or 'no unit'}: kept as collected, "
    return Problem("result-not-converted", said + "without a standard unit; map it in maps: of --STRESC")


def _unknown_unit(table: UnitTable, test: str) -> Problem:
    """A unit is looked for as it stands in --ORRESU, after CT: `bpm` is `beats/min` there."""
    known = listed(table.units(test), 5)
    said = f"of {test} it has {known}" if known else f"it has none of {test}"
    return Problem("unit-unknown", f"is a unit that the table of units has not; {said}")


def _table(specs: Specs, where: str) -> UnitTable:
    said = specs.study.units
    if said is None:
        raise SpecError("study.yaml names no table of units", where=where, mend="add units: UNITS and the table")
    rows = specs.tables.get(("", str(said)))
    if rows is None:
        raise SpecError(f"no table {said!r}", where=said.where, mend="add it to tables: of study.yaml")
    try:
        return UnitTable.of(rows)
    except ValueError as error:
        raise SpecError(f"table {said}: {error}", where=said.where, mend="correct the line") from error
