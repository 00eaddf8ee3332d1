"""Every number of the table of adverse events, computed a second time from the written XPT files."""

from collections.abc import Callable

import pandas as pd
from printed_cells import count
from table_columns import Row, columns, heads
from whole_output import Whole, recomputes

Datasets = Callable[[str], pd.DataFrame]


@recomputes("T14_3_2_2")
def test_adverse_events_are_as_recomputed(whole: Whole, adam: Datasets) -> None:
    adsl = adam("ADSL")[lambda all_: all_["SAFFL"] == "Y"].set_index("USUBJID")
    people = [set(part.index) for part in columns(adsl, (1, 2, 0), "TRT01A")]
    adae = adam("ADAE")[lambda all_: (all_["TRTEMFL"] == "Y") & all_["USUBJID"].isin(adsl.index)]

    def row(label: str, rows: pd.DataFrame) -> Row:
        who = set(rows["USUBJID"])
        return [label, *(count(len(who & part), len(part)) for part in people)]

    def pair(indent: str, label: str, rows: pd.DataFrame) -> list[Row]:
        severe = rows[rows["ATOXGRN"] >= 3]
        return [row(f"{indent}{label}", rows), row(f"{indent}  Grade ≥3", severe)]

    def ordered(rows: pd.DataFrame, level: str) -> list[tuple[str, pd.DataFrame]]:
        parts = list(rows.groupby(level))

        def place(part: tuple[str, pd.DataFrame]) -> tuple[int, int, str]:
            who = set(part[1]["USUBJID"])
            return -len(who & people[4]), -len(who & people[5]), part[0].casefold()

        return sorted(parts, key=place)

    wanted = pair("", "Any TEAE", adae)
    for organ, rows in ordered(adae, "AEBODSYS"):
        wanted += pair("", organ, rows)
        for term, events in ordered(rows, "AEDECOD"):
            wanted += pair("  ", term, events)
    table = whole("T14_3_2_2")
    table.rows(wanted)
    table.heads(heads(adsl, (1, 2, 0), "TRT01A"))
