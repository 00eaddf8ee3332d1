"""The codelist step in words: which map, list, synonym or preferred term made a submission value of a raw text."""

from __future__ import annotations

from sdtm2adam.build.coercion import Coercion
from sdtm2adam.build.scope import Scope
from sdtm2adam.build.terminology import Terms, clean
from sdtm2adam.spec import standards
from sdtm2adam.spec.codelists import Codelist, alike
from sdtm2adam.spec.producer import Producer
from sdtm2adam.spec.yaml import Text
from sdtm2adam.trace.again import Again
from sdtm2adam.trace.story import Fact, plain, shown


def terms_of(again: Again, scope: Scope, target: str, producer: Producer | None) -> Terms | None:
    """The terms of an SDTM variable, as the engine takes them; None of a variable without any."""
    codelist = producer.codelist if producer is not None else None
    if codelist == "none" or target.startswith("_"):
        return None
    return Coercion(again.specs).terms_of(scope, target, codelist)


def term_facts(
    again: Again, scope: Scope, target: str, producer: Producer | None, terms: Terms, raw: object
) -> tuple[list[Fact], object]:
    """How a raw text became a term, and the term: decided by the engine's own terms."""
    text = None if raw is None else plain(raw)
    answer = terms.decide((text,))
    made = answer.results[0]
    if clean(text) is None:
        return [Fact("codelist", "the text is blank: nothing to map")], made
    how = _how(again, scope, target, producer, str(clean(text)), made)
    facts = [Fact("codelist", f"{shown(text)} {how}" if made == text else f"{shown(text)} -> {shown(made)}: {how}")]
    facts += [Fact("issue", f"{problem.rule}: {shown(text)} {problem.text}") for problem in answer.problems]
    return facts, made


def _how(again: Again, scope: Scope, target: str, producer: Producer | None, text: str, made: object) -> str:
    said = alike(text)
    local = scope.context.maps.get(target, {})
    if (key := next((k for k in local if alike(k) == said), None)) is not None:
        return f"by the map {target}{_place(again, local[key])}" if made != text else f"is in the map {target} as it is"
    lists = _lists(again, scope, target, producer)
    for one in lists:
        if made in one.terms and said == alike(str(made)):
            return f"is a submission value of {_called(one)} of {one.package}"
    for one in lists:
        if made in one.by_any_name.get(said, ()):
            synonym = any(said == alike(other) for other in one.terms[str(made)][1])
            kind = "a synonym" if synonym else "the preferred term"
            return f"is {kind} of {shown(made)} in {_called(one)} of {one.package}"
    if said in {alike(value) for value in local.values()}:
        return f"is a value of the map {target} already"
    if not lists:
        return f"is not in the map {target}; kept as it came"
    where = " and ".join(f"{_called(one)} of {one.package}" for one in lists)
    extensible = "which may be extended" if all(one.extensible for one in lists) else "which may not be extended"
    return f"is not in {where}, {extensible}; kept as it came"


def _lists(again: Again, scope: Scope, target: str, producer: Producer | None) -> list[Codelist]:
    """The codelists of a variable: the one that is named, else the standard's."""
    named = producer.codelist if producer is not None else None
    if named is not None:
        return again.specs.terminology.called(str(named))
    fact = standards.sdtm_variable(scope.context.name, target)
    return again.specs.terminology.of(fact.codelists if fact else ())


def _place(again: Again, text: str) -> str:
    """The line of a spec that a text stands on, in brackets."""
    return f" ({again.line(text.where)})" if isinstance(text, Text) and text.where else ""


def _called(one: Codelist) -> str:
    return f"codelist {one.short} ({one.code})"


def decode_facts(
    again: Again, scope: Scope, target: str, code_variable: str, code: str | None
) -> tuple[list[Fact], str | None]:
    """How the partner of a code was found: by the map of the variable, else by the concept code of two lists."""
    if code is None:
        return [Fact("codelist", f"{code_variable} is missing: there is nothing to decode")], None
    local = scope.context.maps.get(target, {})
    if code in local:
        made = str(local[code])
        said = f"{shown(code)} -> {shown(made)}: by the map {target}{_place(again, local[code])}"
        return [Fact("codelist", said)], made
    found = None
    for source in _lists(again, scope, code_variable, None):
        concept = source.terms.get(code, ("",))[0]
        for partner in _lists(again, scope, target, None):
            if concept in partner.by_code:
                found = (partner.by_code[concept], concept, source, partner)
    if found is None:
        return [Fact("issue", f"decode-unknown: {shown(code)} has no partner in CT or in the map {target}")], None
    term, concept, source, partner = found
    how = f"both are concept {concept}, in {_called(source)} and {_called(partner)}"
    return [Fact("codelist", f"{shown(code)} -> {shown(term)}: {how}")], term
