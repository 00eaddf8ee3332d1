"""What datasets expect of each other: known subjects, equal copies, deaths, parents of supplemental qualifiers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sdtm2adam.model import Dataset, Severity
from sdtm2adam.validate.days import study_days
from sdtm2adam.validate.expectation import Expectation, expectation_of
from sdtm2adam.validate.structure import is_sdtm, is_supplement

FROM_DM = ("SUBJID", "SITEID", "AGE", "AGEU", "SEX", "RACE", "ETHNIC", "COUNTRY", "ARM", "ACTARM", "ARMCD", "ACTARMCD",
           "DTHFL", "DTHDTC")  # fmt: skip
"""Variables of ADSL that are those of DM (AD0204 to AD0210, AD0367)."""

_NOT_COPIES = ("STUDYID", "USUBJID", "DOMAIN", "ASEQ")
_COLLECTED_AFTER_DEATH = ("DM", "SS", "DD", "CO", "DS")
"""Their dates may lie after death: survival status is asked, and the end of the study recorded, later."""


def across(dataset: Dataset, datasets: Mapping[str, Dataset]) -> Iterator[Expectation]:
    """All expectations of one dataset that look into others."""
    yield from _subjects(dataset, datasets)
    yield from _copies(dataset, datasets)
    yield from _deaths(dataset, datasets)
    yield from study_days(dataset, datasets)
    if {variable.name for variable in dataset.variables} >= {"RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL"}:
        severity = Severity.WARNING if dataset.name == "CO" else Severity.ERROR
        yield expectation_of(
            dataset.name, "parent", ("IDVARVAL", "RDOMAIN", "USUBJID", "IDVAR"),
            "RDOMAIN, USUBJID, IDVAR and IDVARVAL lead to a record.",
            severity=severity, source="CG0370, CG0371, SD0077",
        )  # fmt: skip


def _has(dataset: Dataset | None, *names: str) -> bool:
    return dataset is not None and {variable.name for variable in dataset.variables}.issuperset(names)


def _subjects(dataset: Dataset, datasets: Mapping[str, Dataset]) -> Iterator[Expectation]:
    """Every subject is in DM; every subject of an analysis dataset is in ADSL too."""
    if not _has(dataset, "USUBJID"):
        return
    known = ["DM"] if is_sdtm(dataset) or dataset.name == "ADSL" else ["DM", "ADSL"]
    for other in known:
        if other != dataset.name and _has(datasets.get(other), "USUBJID"):
            source = "CG0029, SD0064" if other == "DM" else "AD0256, AD2001"
            yield expectation_of(
                dataset.name, "subject-known", ("USUBJID",), f"Every subject is in {other}.",
                id_of=f"USUBJID.{other}", other=other, gate=True, source=source,
            )  # fmt: skip


def _copies(dataset: Dataset, datasets: Mapping[str, Dataset]) -> Iterator[Expectation]:
    """A variable that bears a name of ADSL has the value of ADSL; ADSL has the values of DM."""
    if is_sdtm(dataset) or not _has(dataset, "USUBJID"):
        return
    other = "DM" if dataset.name == "ADSL" else "ADSL"
    if not _has(datasets.get(other), "USUBJID"):
        return
    theirs = [variable.name for variable in datasets[other].variables]
    names = tuple(
        variable.name
        for variable in dataset.variables
        if variable.name in theirs
        and variable.name not in _NOT_COPIES
        and (other == "ADSL" or variable.name in FROM_DM)
    )
    if names:
        ids = "AD0204, AD0210, AD0367" if other == "DM" else "ADaMIG 3"
        yield expectation_of(
            dataset.name, "same-value", names, f"What is copied from {other} has the value of {other}.",
            id_of=other, other=other, by="USUBJID", source=ids,
        )  # fmt: skip


def _deaths(dataset: Dataset, datasets: Mapping[str, Dataset]) -> Iterator[Expectation]:
    """A date of death goes with the flag; nothing begins or is measured after death."""
    name = dataset.name
    if name in ("DM", "ADSL") and _has(dataset, "DTHFL"):
        for date in (part for part in ("DTHDTC", "DTHDT") if _has(dataset, part)):
            yield expectation_of(name, "filled-with", ("DTHFL", date), f"DTHFL is Y where {date} has a value.",
                                 source="SD1253, CG0132")  # fmt: skip
            yield expectation_of(
                name, "filled-with", (date, "DTHFL"), f"{date} has a value where DTHFL is Y.",
                when=("Y",), severity=Severity.WARNING, source="SD1252, SD2005",
            )  # fmt: skip
    if not is_sdtm(dataset) or name in _COLLECTED_AFTER_DEATH or is_supplement(dataset):
        return
    starts = [variable.name for variable in dataset.variables if variable.name.endswith("STDTC")]
    dates = starts or [variable.name for variable in dataset.variables if variable.name == f"{name[:2]}DTC"]
    if _has(dataset, "USUBJID") and _has(datasets.get("DM"), "USUBJID", "DTHDTC"):
        for date in dates:
            yield expectation_of(
                name, "after-death", (date,), f"{date} is not after the subject's death (DM.DTHDTC).",
                severity=Severity.WARNING, source="CG0171, SD1204",
            )  # fmt: skip
