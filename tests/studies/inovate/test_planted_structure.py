"""A package with datasets and variables missing, added or described wrongly: each fault is told under its rule."""

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pytest

from sdtm2adam.model import Dataset
from sdtm2adam.validate.examine import examine, read_checks

KEPT = ("AE", "SUPPAE", "DS", "MH", "DD", "DV", "IE", "SS", "ADAE", "ADTTE")

EXPECTED = {
    "no demographics": ("DM", "", "DEMOGRAPHICS-ABSENT"),
    "no trial summary": ("TS", "", "TRIAL-SUMMARY-ABSENT"),
    "no trial arms": ("TA", "", "DATASET-TA-ABSENT"),
    "no trial elements": ("TE", "", "DATASET-TE-ABSENT"),
    "no trial visits": ("TV", "", "DATASET-TV-ABSENT"),
    "no criteria": ("TI", "", "DATASET-TI-ABSENT"),
    "no exposure": ("EX", "", "DATASET-EX-ABSENT"),
    "no subject elements": ("SE", "", "DATASET-SE-ABSENT"),
    "no ADSL": ("ADSL", "", "SUBJECT-LEVEL-ANALYSIS-ABSENT"),
    "variable that no model has": ("AE", "AETRTEM", "VARIABLE-NOT-IN-MODEL"),
    "name of ten letters": ("AE", "AEVERYLONG", "name"),
    "name with a sign": ("ADTTE", "AVAL_X$", "name"),
    "result among events": ("DS", "DSORRES", "VARIABLE-OF-ANOTHER-CLASS"),
    "number of a flag": ("ADAE", "ANL1FL", "ANALYSIS-FLAG-NAME"),
    "required variable left out": ("DV", "DVTERM", "REQUIRED-ABSENT"),
    "parameter without name": ("ADTTE", "PARAM", "BDS-REQUIRED-VARIABLE"),
    "no treatment variable": ("ADTTE", "TRTP", "BDS-TREATMENT-PRESENT"),
    "text for a number": ("IE", "IESEQ", "VARIABLE-TYPE"),
    "dataset without records": ("SS", "", "DATASET-EMPTY"),
    "another order": ("DD", "USUBJID", "VARIABLE-ORDER"),
}
"""Of each fault: the dataset and the variable it is told of, and the rule."""


def _with(dataset: Dataset, name: str) -> Dataset:
    """The dataset with one more variable, of the same text in all records."""
    frame = dataset.frame.append_column(name, pa.array(["x"] * dataset.frame.num_rows))
    more = replace(dataset.variables[0], name=name, label="Extra", core="", role="")
    return replace(dataset, frame=frame, variables=(*dataset.variables, more))


def _without(dataset: Dataset, *names: str) -> Dataset:
    kept = tuple(one for one in dataset.variables if one.name not in names)
    return replace(dataset, frame=dataset.frame.select([one.name for one in kept]), variables=kept)


def _as_text(dataset: Dataset, name: str) -> Dataset:
    place = dataset.frame.column_names.index(name)
    frame = dataset.frame.set_column(place, name, dataset.frame[name].cast(pa.string()))
    variables = tuple(replace(one, type="text") if one.name == name else one for one in dataset.variables)
    return replace(dataset, frame=frame, variables=variables)


def _broken(whole: Mapping[str, Dataset]) -> dict[str, Dataset]:
    """The datasets of `KEPT`, each with its own fault."""
    kept = {name: whole[name] for name in KEPT}
    kept["AE"] = _with(_with(kept["AE"], "AETRTEM"), "AEVERYLONG")
    kept["DS"] = _with(kept["DS"], "DSORRES")
    kept["ADAE"] = _with(kept["ADAE"], "ANL1FL")
    kept["DV"] = _without(kept["DV"], "DVTERM")
    kept["ADTTE"] = _with(_without(kept["ADTTE"], "PARAM", "TRT01P", "TRT01A", "TRT01PN", "TRT01AN"), "AVAL_X$")
    kept["IE"] = _as_text(kept["IE"], "IESEQ")
    kept["SS"] = replace(kept["SS"], frame=kept["SS"].frame.slice(0, 0))
    turned = kept["DD"].variables[::-1]
    frame = kept["DD"].frame.select([one.name for one in turned])
    kept["DD"] = replace(kept["DD"], frame=frame, variables=turned)
    return kept


@pytest.fixture(scope="module")
def places(small_trial: Mapping[str, Dataset]) -> set[tuple[str, str, str]]:
    """The datasets, variables and rules of all that is told."""
    broken = _broken(small_trial)
    return {(one.dataset, one.variable, one.rule) for one in examine(broken, read_checks()).report.issues}


@pytest.mark.parametrize("fault", EXPECTED)
def test_a_fault_of_structure_is_told_under_its_rule(fault: str, places: set[tuple[str, str, str]]) -> None:
    assert EXPECTED[fault] in places
