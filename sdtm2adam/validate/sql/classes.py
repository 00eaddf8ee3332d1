"""What a dataset is to a check: its stage, its class, and the two letters of its domain."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sdtm2adam.model import Dataset
from sdtm2adam.spec import standards

CLASSES = (
    "SDTM", "ADAM", "SPECIAL-PURPOSE", "INTERVENTIONS", "EVENTS", "FINDINGS", "TRIAL DESIGN", "RELATIONSHIP", "SUPP",
    "SUBJECT", "BDS", "OCCDS",
)  # fmt: skip
"""Words that `for` and `not` know beside names of datasets. SUBJECT is every dataset of SDTM with subjects."""

_ADAM = {"SUBJECT LEVEL ANALYSIS DATASET": "ADSL", "BASIC DATA STRUCTURE": "BDS", "OCCURRENCE DATA STRUCTURE": "OCCDS"}
_SUPP = re.compile(r"SUPP[A-Z0-9_]{2,}|SQ[A-Z0-9]{2,6}")


def is_sdtm(dataset: Dataset) -> bool:
    """Whether it is of the tabulation stage."""
    return dataset.stage.lower() == "sdtm"


def domain_of(dataset: Dataset) -> str:
    """The two letters that `--` stands for; empty where the dataset has none.

    A dataset of SDTM has the first two of its name (LBCH is a part of LB); one of ADaM those of its records' domain,
    if it keeps their sequence number or their term (ADAE has AESEQ).
    """
    name = dataset.name
    if is_sdtm(dataset):
        return "" if _SUPP.fullmatch(name) or name.startswith("REL") else name[:2]
    variables = {variable.name for variable in dataset.variables}
    own = name.removeprefix("AD")[:2]
    return own if variables & {f"{own}SEQ", f"{own}TERM", f"{own}TRT"} else ""


def parent_of(dataset: Dataset) -> str:
    """The dataset whose supplemental qualifiers it holds; empty where it holds none."""
    found = _SUPP.fullmatch(dataset.name) if is_sdtm(dataset) else None
    return dataset.name.removeprefix("SUPP").removeprefix("SQ") if found else ""


def class_of(dataset: Dataset) -> str:
    """The class by the standard where it knows the dataset, else what its metadata say, else what its variables show.

    Of a dataset that the standard does not name, the topic variable tells: --TESTCD findings, --TERM events, --TRT
    interventions.
    """
    if not is_sdtm(dataset):
        return _adam_class(dataset)
    if parent_of(dataset):
        return "SUPP"
    known = standards.sdtm_datasets()
    fact = known.get(dataset.name) or known.get(dataset.name[:2])
    said = fact.klass if fact else dataset.klass
    if said == "FINDINGS ABOUT":
        return "FINDINGS"
    if said:
        return said
    variables, own = {variable.name for variable in dataset.variables}, dataset.name[:2]
    topics = {"TESTCD": "FINDINGS", "TERM": "EVENTS", "TRT": "INTERVENTIONS"}
    return next((klass for topic, klass in topics.items() if f"{own}{topic}" in variables), "")


def _adam_class(dataset: Dataset) -> str:
    if dataset.name == "ADSL":
        return "ADSL"
    if dataset.klass in _ADAM:
        return _ADAM[dataset.klass]
    if dataset.klass and dataset.klass in _ADAM.values():
        return dataset.klass
    variables = {variable.name for variable in dataset.variables}
    if dataset.klass == "" and "PARAMCD" in variables:
        return "BDS"
    return "OCCDS" if dataset.klass == "" and any(name.endswith(("TERM", "DECOD")) for name in variables) else "OTHER"


def is_one_of(dataset: Dataset, words: Iterable[str]) -> bool:
    """Whether a dataset is of one of these classes, or has one of these names."""
    own = {dataset.name, class_of(dataset), "SDTM" if is_sdtm(dataset) else "ADAM"}
    if is_sdtm(dataset) and any(variable.name == "USUBJID" for variable in dataset.variables):
        own.add("SUBJECT")
    return not own.isdisjoint(words)
