"""What the standards say of variables and datasets: labels, types, order, core, roles, codes of codelists.

Source: SDTMIG 3.4 and ADaMIG 1.3 variable tables (facts in specs/standards).
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from sdtm2adam.resources import shelf


@dataclass(frozen=True)
class VariableFact:
    """One variable of a standard. `domain` is datetime, duration, MedDRA or empty; `order` its place in the dataset.

    `values` may stand in it beside the terms of its codelists.
    """

    name: str
    label: str
    numeric: bool
    core: str
    role: str
    codelists: tuple[str, ...]
    domain: str = ""
    order: int = 0
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class DatasetFact:
    """One dataset of the SDTM standard."""

    name: str
    label: str
    klass: str
    structure: str


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


_BESIDE_LISTS = {("DM", "RACE"): ("MULTIPLE",)}
"""Values that SDTMIG 3.4 prescribes and the codelist has not: several races are MULTIPLE, and stand in SUPPDM."""


@lru_cache(maxsize=1)
def sdtm_variables() -> dict[tuple[str, str], VariableFact]:
    """(dataset, variable) -> fact, for every dataset of the SDTM standard."""
    return {
        (row["dataset"], row["variable"]): VariableFact(
            row["variable"], row["label"], row["type"] == "Num", row["core"], row["role"],
            tuple(row["codelist"].split()), row["domain"], int(row["order"]),
            _BESIDE_LISTS.get((row["dataset"], row["variable"]), ()),
        )
        for row in _rows(shelf("specs") / "standards" / "sdtm_variables.csv")
    }  # fmt: skip


@lru_cache(maxsize=1)
def shared_variables() -> dict[str, VariableFact]:
    """Variable -> fact, for those that every SDTM dataset which lists them gives the same label (VISITNUM, EPOCH)."""
    labels: dict[str, set[str]] = {}
    for (_, name), fact in sdtm_variables().items():
        labels.setdefault(name, set()).add(fact.label)
    return {name: fact for (_, name), fact in sdtm_variables().items() if len(labels[name]) == 1}


@lru_cache(maxsize=1)
def sdtm_datasets() -> dict[str, DatasetFact]:
    """Dataset -> fact."""
    rows = _rows(shelf("specs") / "standards" / "sdtm_datasets.csv")
    return {row["dataset"]: DatasetFact(row["dataset"], row["label"], row["class"], row["structure"]) for row in rows}


_GO_ON = (("TS", "TSVAL"), ("CO", "COVAL"))
"""Variables whose long texts go on in TSVAL1, COVAL1, ..."""
_FRAGMENT_HOMES = {"EVENTS": "AE", "INTERVENTIONS": "CM", "FINDINGS": "LB", "FINDINGS ABOUT": "FA"}


def sdtm_variable(dataset: str, variable: str) -> VariableFact | None:
    """The fact of a variable; where the dataset lists none, that of the same fragment (`--DTC`) in its class."""
    facts = sdtm_variables()
    found = facts.get((dataset, variable))
    if found:
        return found
    base = variable.rstrip("0123456789")
    if (dataset, base) in _GO_ON and (dataset, base) in facts:
        first = facts[dataset, base]
        return replace(first, name=variable, label=f"{first.label} {variable.removeprefix(base)}", core="Perm")
    elsewhere = _of_another(dataset, variable)
    if elsewhere is None:
        return None
    other = elsewhere[1]
    return VariableFact(
        variable, other.label, other.numeric, "Perm", other.role, other.codelists, other.domain, 500 + other.order,
        other.values,
    )  # fmt: skip


def _of_another(dataset: str, variable: str) -> tuple[str, VariableFact] | None:
    """The dataset that lists the same fragment (`--DTC`), one of its class first, and its fact."""
    facts = sdtm_variables()
    klass = sdtm_datasets()[dataset].klass if dataset in sdtm_datasets() else ""
    homes = [_FRAGMENT_HOMES.get(klass, ""), "LB", "AE", "CM", "VS", "RS", "EX", "MH", "PR"]
    for home in homes:
        name = home + variable[2:] if home and variable.startswith(dataset) else variable
        other = facts.get((home, name))
        if other:
            return home, other
    return None


@lru_cache(maxsize=4096)
def place_in_file(dataset: str, variable: str) -> tuple[int, int]:
    """What SDTM variables are sorted by: the order of the dataset's list; for one that the list lacks, the place before
    what follows it in a dataset that lists its fragment; those of no list stand last.
    """
    facts = sdtm_variables()
    found = None if (dataset, variable) in facts else _of_another(dataset, variable)
    if found is None:
        fact = sdtm_variable(dataset, variable)
        return (2 * fact.order if fact else 10_000, 0)
    home, other = found
    after = [dataset + f.name[2:] if f.name.startswith(home) else f.name
             for (owner, _), f in facts.items() if owner == home and f.order > other.order]  # fmt: skip
    following = next((facts[dataset, name].order for name in after if (dataset, name) in facts), 4_000)
    return 2 * following - 1, other.order


_STRUCTURES = {
    "ADSL": ("ADSL",),
    "BDS": ("BDS", "BDS for TTE", "ADSL"),
    "OCCDS": ("ADAE", "OCCDS", "AE", "BDS", "ADSL"),
    "OTHER": ("OCCDS", "BDS", "ADSL"),
}
_PLACEHOLDER = re.compile(r"(xx|zz|--|\*|(?<=[A-Z])[yw](?![a-z]))")
_PLACEHOLDERS = {"xx": r"\d\d", "zz": r"\d\d", "y": r"\d", "w": r"\d", "--": r"[A-Z]{2}", "*": r"[A-Z0-9]+"}


@lru_cache(maxsize=1)
def _adam_facts() -> dict[str, list[VariableFact]]:
    found: dict[str, list[VariableFact]] = {}
    for row in _rows(shelf("specs") / "standards" / "adam_variables.csv"):
        fact = VariableFact(
            row["variable"], row["label"], row["type"] == "Num", row["core"], "", tuple(row["codelist"].split()),
            values=tuple(row["values"].split()),
        )  # fmt: skip
        found.setdefault(row["structure"], []).append(fact)
    return found


@lru_cache(maxsize=4096)
def _pattern(variable: str) -> re.Pattern[str] | None:
    """A variable name of the ADaM standard as a pattern: `TRTxxP` matches TRT01P; None where it has no placeholder.

    >>> bool(_pattern("TRTxxP").fullmatch("TRT01P")), bool(_pattern("CQzzNAM").fullmatch("CQ01NAM")), _pattern("AVAL")
    (True, True, None)
    """
    parts = _PLACEHOLDER.split(variable)
    if len(parts) == 1:
        return None
    return re.compile("".join(_PLACEHOLDERS.get(part, re.escape(part)) for part in parts))


@lru_cache(maxsize=4096)
def adam_variable(klass: str, variable: str) -> VariableFact | None:
    """The fact of an ADaM variable: exact names before patterns, the dataset's own structure before others."""
    structures = _STRUCTURES.get(klass, _STRUCTURES["OTHER"])
    candidates = [fact for s in structures for fact in _adam_facts().get(s, [])]
    for fact in candidates:
        if fact.name == variable:
            return fact
    for fact in candidates:
        pattern = _pattern(fact.name) if "*" not in fact.name else None
        if pattern is not None and pattern.fullmatch(variable):
            return _numbered(fact, variable)
    return None


def _numbered(fact: VariableFact, variable: str) -> VariableFact:
    """The fact with the index of the variable in its label: `Planned Treatment for Period 01`."""
    digits = re.findall(r"\d+", variable)
    label = fact.label
    if digits:
        label = re.sub(r"\b(xx|zz|y|w)\b", digits[-1] if len(digits) == 1 else digits[0], label)
    return VariableFact(
        variable, label, fact.numeric, fact.core, fact.role, fact.codelists, fact.domain, 0, fact.values
    )


ADAM_CLASSES = {
    "ADSL": ("SUBJECT LEVEL ANALYSIS DATASET", "One record per subject"),
    "BDS": ("BASIC DATA STRUCTURE", "One or more records per subject per analysis parameter"),
    "OCCDS": ("OCCURRENCE DATA STRUCTURE", "One record per occurrence per subject"),
    "OTHER": ("ADAM OTHER", "As its keys say"),
}
"""Short name of a class in a spec -> (the standard's name, the structure by default)."""
