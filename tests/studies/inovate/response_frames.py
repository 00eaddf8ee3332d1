"""ADSL with responses beside each subject, from the written XPT files."""

from collections.abc import Callable

import pandas as pd
from table_columns import INO

Datasets = Callable[[str], pd.DataFrame]


def frame_of(adam: Datasets, flag: str, **parameters: str) -> pd.DataFrame:
    """ADSL of an analysis set with the values of some parameters of ADRS as columns."""
    adsl = adam("ADSL")[lambda all_: all_[flag] == "Y"].set_index("USUBJID")
    adrs = adam("ADRS")
    for column, name in parameters.items():
        rows = adrs[adrs["PARAMCD"] == name]
        assert rows["USUBJID"].is_unique
        adsl[column] = rows.set_index("USUBJID")["AVALC"].reindex(adsl.index)
    return adsl.assign(ARM1=adsl["TRT01P"] == INO)
