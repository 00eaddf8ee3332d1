"""The expectations that guard the door of a stage, made from metadata: keys, identifiers, columns, types, text."""

from __future__ import annotations

from collections.abc import Iterator

from sdtm2adam.model import Dataset, Severity
from sdtm2adam.validate.expectation import Expectation, expectation_of

RELATIONS = ("RELREC", "RELSPEC", "RELSUB", "RELREF")


def is_sdtm(dataset: Dataset) -> bool:
    """Whether the dataset is of the tabulation stage."""
    return dataset.stage.lower() == "sdtm"


def is_supplement(dataset: Dataset) -> bool:
    """Whether the dataset holds supplemental qualifiers."""
    return dataset.name.startswith("SUPP")


def structure_of(dataset: Dataset) -> Iterator[Expectation]:
    """All expectations of structure of one dataset; most are gates."""
    yield _columns(dataset)
    yield from _keys(dataset)
    yield from _identifiers(dataset)
    yield from _required(dataset)
    yield from _variables(dataset)


def complete_keys(dataset: Dataset) -> tuple[str, ...]:
    """The keys with the subject, which is implied where the dataset has subjects; STUDYID is one value and left out."""
    keys = tuple(key for key in dataset.keys if key != "STUDYID") or dataset.keys
    implied = dataset.per_subject and "USUBJID" in _names(dataset) and "USUBJID" not in keys
    return ("USUBJID", *keys) if implied else keys


def _names(dataset: Dataset) -> tuple[str, ...]:
    return tuple(variable.name for variable in dataset.variables)


def _columns(dataset: Dataset) -> Expectation:
    return expectation_of(
        dataset.name, "columns", _names(dataset), "The data have the variables of the spec, in its order.",
        id_of="all", gate=True, source="SD0054, SD0058, SD1079, CG0330",
    )  # fmt: skip


def _keys(dataset: Dataset) -> Iterator[Expectation]:
    name, names = dataset.name, _names(dataset)
    if dataset.keys:
        keys = complete_keys(dataset)
        listed = ", ".join(keys)
        yield expectation_of(
            name, "key-unique", keys, f"No two records have the same keys ({listed}).",
            gate=True, source="CG0019, SD1152",
        )  # fmt: skip
    if name in ("DM", "ADSL") and "USUBJID" in names:
        ids = "SD0083, CG0151" if name == "DM" else "AD0053, AD0054"
        yield expectation_of(
            name, "subject-once", ("USUBJID",), "There is one record for each subject.", gate=True, source=ids
        )
    own = f"{name[:2]}SEQ" if is_sdtm(dataset) else "ASEQ"
    if own in names:
        by: tuple[str, ...] = tuple(key for key in ("USUBJID", "POOLID") if key in names)
        if name == "TS":
            own, by = "TSSEQ", ("TSPARMCD",)
        yield expectation_of(
            name, "sequence", (own,), f"{own} is a whole number that a subject has once in the dataset.",
            by=by, gate=True, source="CG0028, SD0005, SD1453",
        )  # fmt: skip


def _identifiers(dataset: Dataset) -> Iterator[Expectation]:
    name, names = dataset.name, _names(dataset)
    if "STUDYID" in names:
        yield expectation_of(
            name, "constant", ("STUDYID",), "STUDYID is the same in all records.", gate=True, source="SD1005, CG0409"
        )
    if is_sdtm(dataset) and "DOMAIN" in names:
        yield expectation_of(
            name, "domain", ("DOMAIN",), f"DOMAIN is {name[:2]} in all records.",
            terms=(name[:2],), gate=True, source="SD0004, CG0413",
        )  # fmt: skip


def _required(dataset: Dataset) -> Iterator[Expectation]:
    """Identifiers always have a value; in SDTM what the standard requires, too.

    In ADaM a required variable must be there (`columns` sees to it), yet a subject may have no value.
    """
    fixed = ["STUDYID", "DOMAIN"] if is_sdtm(dataset) else ["STUDYID", "PARAMCD", "PARAM"]
    if dataset.per_subject and not is_supplement(dataset) and dataset.name not in (*RELATIONS, "CO"):
        fixed.append("USUBJID")
    for variable in dataset.variables:
        if variable.name in fixed or (is_sdtm(dataset) and variable.core.lower() == "req"):
            called = f"{variable.name} ({variable.label})" if variable.label else variable.name
            yield expectation_of(
                dataset.name, "required-null", (variable.name,), f"{called} has a value.",
                gate=True, source="SD0002, CG0014, AD0047",
            )  # fmt: skip


def _expected(dataset: Dataset) -> tuple[str, ...]:
    """The variables that the standard expects to be filled; qualifiers of DM belong to a subject, not to a record."""
    cores = ("exp",) if is_sdtm(dataset) else ("exp", "req")
    unused = ("IDVAR", "IDVARVAL") if dataset.name == "SUPPDM" else ()
    return tuple(v.name for v in dataset.variables if v.core.lower() in cores and v.name not in unused)


def _variables(dataset: Dataset) -> Iterator[Expectation]:
    """Expectations that give one answer for each variable."""
    name, names = dataset.name, _names(dataset)
    types = tuple((variable.name, variable.type) for variable in dataset.variables)
    labels = tuple((variable.name, variable.label) for variable in dataset.variables)
    texts = tuple(variable.name for variable in dataset.variables if variable.type == "text")
    expected = _expected(dataset)
    if not names:
        return
    yield expectation_of(name, "type", names, "The data have the type of the spec.", id_of="all", types=types,
                         gate=True, source="SD0055, CG0012")  # fmt: skip
    yield expectation_of(name, "name", names, "A name has 1 to 8 capital letters, digits and underscores.",
                         id_of="all", gate=True, source="CG0310, SD1474, AD0013")  # fmt: skip
    yield expectation_of(name, "label", names, "A label has 1 to 40 characters of ASCII.", id_of="all", labels=labels,
                         source="CG0311, SD1475, AD0016")  # fmt: skip
    numbers = tuple(variable.name for variable in dataset.variables if variable.type == "float")
    if numbers:
        yield expectation_of(name, "finite", numbers, "Numbers are finite, and missing ones are missing.", id_of="all",
                             source="TCG 3.3")  # fmt: skip
    if texts:
        yield expectation_of(name, "text-length", texts, "Text is not longer than 200 bytes.", id_of="all", gate=True,
                             source="SD1096, SDTMIG 4.5.3.2")  # fmt: skip
        yield expectation_of(name, "text-ascii", texts, "Text is printable ASCII.", id_of="all", source="SD1029")
        yield expectation_of(
            name, "text-blank", texts, "Text is not empty, begins with no blank and is not a lone full stop.",
            id_of="all", severity=Severity.WARNING, source="CORE-000867, CORE-000890",
        )  # fmt: skip
    if expected:
        yield expectation_of(
            name, "expected-empty", expected, "A variable that the standard expects has a value in some record.",
            id_of="all", severity=Severity.NOTE, source="SD1149",
        )  # fmt: skip
