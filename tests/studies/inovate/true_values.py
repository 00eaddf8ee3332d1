"""True values of the simulated trial as a long frame, to be laid beside findings."""

import numpy as np
import pandas as pd

from sdtm2adam.simulate.screening import Cohort
from sdtm2adam.simulate.streams import Columns
from sdtm2adam.simulate.visits import Visits


def long(cohort: Cohort, at: Visits, values: Columns) -> pd.DataFrame:
    """USUBJID, DAY (ISO 8601), TEST and TRUE: one row for each value at each visit."""
    names = np.array([f"INO-SIM-1022-{subject}" for subject in cohort.subject.to_pylist()])
    rows = pd.DataFrame({"USUBJID": names[at.who], "DAY": dates(cohort, at), **values})
    return rows.melt(["USUBJID", "DAY"], var_name="TEST", value_name="TRUE")


def dates(cohort: Cohort, at: Visits) -> np.ndarray:
    days = (cohort.day_zero[at.who] + at.day).astype("int64").astype("datetime64[D]")
    return np.asarray(days.astype(str))
