"""Generated suites as YAML, for people: what is expected of each dataset of a study, without running anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from sdtm2adam.model import Dataset
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.report import Report as ReportSpec
from sdtm2adam.validate.expectation import Expectation
from sdtm2adam.validate.raw import raw_suite
from sdtm2adam.validate.results import results_suites
from sdtm2adam.validate.suite import cross_suite, suite_of

MOST_LISTED = 20
"""How many terms of a list are written; the others are counted."""

_HEAD = """\
# What is expected of the data of this study, dataset by dataset. Generated from contracts, specs, standards and
# report.yaml; it is for reading and is not read back. What is written by hand stands in validation/suites/.
# A broken gate keeps a dataset in its stage. `see` names public rules that say something of the kind.
"""


class _Flow(list[Any]):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Writes each value where it stands: no anchors."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the name and arguments of the library
        return True


_Dumper.add_representer(_Flow, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data, True))


def suites_as_yaml(
    datasets: Mapping[str, Dataset], specs: Specs | None = None, report: ReportSpec | None = None
) -> str:
    """All generated suites of a study as YAML: raw, SDTM, ADaM, results.

    Args:
        datasets: SDTM and ADaM, by name; their records are not looked at, so those of a dry run do.
        specs: for the raw forms; None leaves them out.
        report: report.yaml, for the results; None leaves them out.

    Returns:
        The same text for the same specs, whatever the data.
    """
    stages: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(dict)
    if specs is not None:
        stages["raw"] = {f"raw.{form}": _told(raw_suite(specs, form)) for form in sorted(specs.contracts)}
    shared = tuple(cross_suite(datasets))
    for name, dataset in datasets.items():
        own = (*suite_of(dataset), *(one for one in shared if one.dataset == name))
        stages[dataset.stage.lower()][name] = _told(own)
    if report is not None:
        analysed = {name: dataset for name, dataset in datasets.items() if dataset.stage.lower() == "adam"}
        for suite in results_suites(report, datasets=analysed):
            stages["results"][suite.name] = _told(suite)
    text: str = yaml.dump(dict(stages), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=116)
    return _HEAD + text


def _told(expectations: Iterable[Expectation]) -> list[dict[str, Any]]:
    """Expectations as mappings, in their order."""
    return [_entry(one) for one in expectations]


def _entry(one: Expectation) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": one.id, "text": one.text, "severity": one.severity.value}
    if one.gate:
        entry["gate"] = True
    entry["variables"] = _Flow(one.variables)
    if one.source:
        entry["see"] = one.source
    for name, value in one.arguments:
        if value is not None and value != ():
            entry |= _argument(name, value)
    return entry


def _argument(name: str, value: Any) -> dict[str, Any]:
    """An argument of a kind; of a long list the first terms, and how many there are."""
    if not isinstance(value, tuple):
        return {name: value}
    if _is_mapping(value):
        return {name: {str(key): _plain(part) for key, part in value}}
    if len(value) > MOST_LISTED:
        return {name: _plain(value[:MOST_LISTED]), f"{name}_in_all": len(value)}
    return {name: _plain(value)}


def _is_mapping(value: tuple[Any, ...]) -> bool:
    """Whether a tuple is one of pairs under different names."""
    pairs = all(isinstance(one, tuple) and len(one) == 2 and isinstance(one[0], str) for one in value)
    return pairs and len({one[0] for one in value}) == len(value)


def _plain(value: Any) -> Any:
    return _Flow(_plain(part) for part in value) if isinstance(value, tuple) else value
