"""Variables of the same name over the datasets of a study: one type, one label, one format; and who has no label."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sdtm2adam.errors import listed
from sdtm2adam.model import Dataset, Issue, Severity, Variable
from sdtm2adam.spec import standards
from sdtm2adam.validate.structure import is_supplement

RULES = frozenset({"type-differs", "label-differs", "format-differs", "label-missing"})
"""The rules of its issues."""

_SOURCE = "ADaMIG 3, SD0055"
_Held = list[tuple[str, Variable]]


def attribute_issues(datasets: Mapping[str, Dataset]) -> list[Issue]:
    """What is told where datasets do not agree on a variable: another type is an error, another label a warning.

    Labels and formats are compared between analysis datasets; those of SDTM are the standard's, which has a few twice.
    Where the standard itself has another label in each class (ANL01FL), labels that follow it agree.
    """
    held: dict[str, _Held] = defaultdict(list)
    analysis = {name: dataset.klass for name, dataset in datasets.items() if dataset.stage == "adam"}
    for name, dataset in sorted(datasets.items(), key=lambda one: (one[0] != "ADSL", one[0])):
        if not is_supplement(dataset):
            for variable in dataset.variables:
                held[variable.name].append((name, variable))
    issues = [issue for places in held.values() for issue in _differing(places, analysis)]
    return [*issues, *(_unlabelled(*place) for places in held.values() for place in places if _has_no_label(place[1]))]


def _differing(places: _Held, analysis: Mapping[str, str]) -> list[Issue]:
    of_type = {name: _kind(variable) for name, variable in places}
    if len(set(of_type.values())) > 1:
        return [_issue(places, "type-differs", Severity.ERROR, of_type, "cast it to one type, or rename one of them")]
    places, found = [(name, variable) for name, variable in places if name in analysis], []
    labels = {name: variable.label for name, variable in places}
    if len(set(labels.values())) > 1 and not all(_is_standard(analysis[name], one) for name, one in places):
        found.append(_issue(places, "label-differs", Severity.WARNING, labels, "give the same label in each spec"))
    formats = {name: variable.format for name, variable in places}
    if len(set(formats.values())) > 1:
        found.append(_issue(places, "format-differs", Severity.WARNING, formats, "give the same format in each spec"))
    return found


def _is_standard(klass: str, variable: Variable) -> bool:
    """Whether a label is the one that the standard gives the variable in a class of analysis datasets."""
    short = next((name for name, (long_name, _) in standards.ADAM_CLASSES.items() if long_name == klass), klass)
    fact = standards.adam_variable(short, variable.name)
    return fact is not None and fact.label == variable.label


def _kind(variable: Variable) -> str:
    """The type, of numbers without regard to whether they are whole."""
    return "number" if variable.type in ("integer", "float") else variable.type


def _issue(places: _Held, rule: str, severity: Severity, said: dict[str, str], mend: str) -> Issue:
    """One issue, at the first dataset that differs from most that have the variable; of as many, from the first."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name, value in said.items():
        groups[value].append(name)
    names = "; ".join(f"{value or 'none'} in {listed(inside)}" for value, inside in groups.items())
    variable = places[0][1]
    usual = max(groups, key=lambda value: len(groups[value]))
    other = next(name for name, value in said.items() if value != usual)
    what = rule.removesuffix("-differs")
    text = f"{variable.name} has not the same {what} in all datasets: {names}. To mend: {mend}"
    return Issue(other, rule, severity, text, variable=variable.name, records=0, source=_SOURCE)


def _has_no_label(variable: Variable) -> bool:
    return variable.label == variable.name


def _unlabelled(name: str, variable: Variable) -> Issue:
    text = f"{variable.name} has no label: neither its spec nor the standard says one. To mend: say label: in the spec"
    return Issue(name, "label-missing", Severity.WARNING, text, variable=variable.name, records=0, source="AD0016")
