"""An expectation with the records it is put to, and the arithmetic of groups of records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sdtm2adam.validate.expectation import Expectation
from sdtm2adam.validate.records import Mask, Records, significant


class NotApplicable(Exception):  # noqa: N818 - says that nothing is to be checked
    """An expectation that has no meaning here: it speaks of a dataset or variable that the study does not have."""


@dataclass(frozen=True, slots=True)
class Case:
    """An expectation, the records it is put to, and all records of the study."""

    expectation: Expectation
    own: Records
    study: Mapping[str, Records]

    def other(self, name: str, *variables: str) -> Records:
        """The records of another dataset that has these variables.

        Raises:
            NotApplicable: the study has no such dataset, or the dataset no such variable.
        """
        if name not in self.study or not self.study[name].has(*variables):
            raise NotApplicable(f"{name} with {', '.join(variables)} is not in the study")
        return self.study[name]


Condition = Callable[[Case, str], Mask]
"""Says for each record whether it breaks an expectation, looking at one of its variables."""


def group_codes(columns: Sequence[pd.Series]) -> npt.NDArray[np.int64]:
    """A number for each distinct combination of values; a missing value is a value of its own.

    >>> group_codes([pd.Series(["A", "A", None]), pd.Series([1, 1, 1])]).tolist()
    [0, 0, 1]
    """
    code = np.zeros(len(columns[0]) if columns else 0, dtype=np.int64)
    for column in columns:
        part, levels = pd.factorize(column, use_na_sentinel=False)
        code = pd.factorize(code * max(len(levels), 1) + part.astype(np.int64))[0].astype(np.int64)
    return code


def distinct_per_group(groups: npt.NDArray[np.int64], values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """For each record, how many distinct values its group has."""
    pairs = pd.DataFrame({"group": groups, "value": values}).drop_duplicates()
    counts = np.bincount(pairs["group"], minlength=int(groups.max(initial=-1)) + 1)
    return counts[groups].astype(np.int64)


def is_commonest(groups: npt.NDArray[np.int64], values: npt.NDArray[np.int64]) -> Mask:
    """For each record, whether it has the value that most records of its group have; of equals the first.

    So a single wrong record is named itself, instead of the thousand right ones beside it.
    """
    pairs = pd.DataFrame({"group": groups, "value": values})
    sizes = pairs.value_counts(sort=False).reset_index(name="records")
    first = pairs.drop_duplicates().reset_index(names="row").merge(sizes, on=["group", "value"])
    first = first.sort_values(["group", "records", "row"], ascending=[True, False, True], kind="stable")
    best = first.drop_duplicates("group").set_index("group")["value"]
    commonest: Mask = best.reindex(groups).to_numpy() == values
    return commonest


def columns_of(records: Records, names: Sequence[str]) -> list[pd.Series]:
    """Several columns, in the order of the names; numbers at 12 significant digits."""
    return [_comparable(records.column(name)) for name in names]


def _comparable(column: pd.Series) -> pd.Series:
    return significant(column) if pd.api.types.is_float_dtype(column) else column
