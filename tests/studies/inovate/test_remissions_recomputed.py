"""Every number of the table of remissions, computed a second time from the written XPT files."""

from collections.abc import Callable

import pandas as pd
from printed_cells import count, fitted, fixed, interval, p_value
from recomputed_statistics import (
    clopper_pearson,
    cochran_mantel_haenszel,
    logistic_interaction,
    miettinen_nurminen,
    proportion_test,
)
from response_frames import frame_of
from table_columns import NARROW, columns, heads, spans, strata_of
from whole_output import Whole, recomputes

Datasets = Callable[[str], pd.DataFrame]


BEST: dict[str, tuple[str, ...]] = {
    "    CR": ("CR",),
    "    CRi": ("CRi",),
    "  PR": ("PR",),
    "  Resistant disease": ("TREATMENT FAILURE",),
    "  Progressive disease": ("PD", "RELAPSED DISEASE FROM CR"),
    "  Not evaluable/missing [b]": ("INDETERMINATE RESPONSE", "NE", "MISSING"),
}


def response_frame(adam: Datasets) -> pd.DataFrame:
    """ADSL with best response and response as columns."""
    adsl = frame_of(adam, "ITTFL", BORINV="BORINV", CRCRIINV="CRCRIINV")
    return adsl.assign(YES=adsl["CRCRIINV"] == "Y")


def compare_responses(span: pd.DataFrame) -> list[str]:
    """Difference, its limits and p-values of one CD22 group."""
    ino, sc = span[span["ARM1"]], span[~span["ARM1"]]
    x1, n1, x2, n2 = int(ino["YES"].sum()), len(ino), int(sc["YES"].sum()), len(sc)
    if min(n1, n2) < 5:
        return ["NC"] * 5
    p, fisher = proportion_test(x1, n1, x2, n2)
    return [
        fixed(100 * (x1 / n1 - x2 / n2), 1),
        interval(*miettinen_nurminen(x1, n1, x2, n2, 0.95), 1),
        interval(*miettinen_nurminen(x1, n1, x2, n2, 0.975), 1),
        p_value(p, fisher),
        p_value(cochran_mantel_haenszel(span["ARM1"], span["YES"], strata_of(span))),
    ]


@recomputes("T14_2_1")
def test_remissions_are_as_recomputed(whole: Whole, adam: Datasets) -> None:
    frame = response_frame(adam)
    parts = columns(frame)
    wanted = [["Best response, n (%)", *[""] * 8]]
    wanted += [["  CR/CRi", *(count(int(part["YES"].sum()), len(part)) for part in parts)]]
    limits = [interval(*clopper_pearson(int(part["YES"].sum()), len(part), 0.95), 1) for part in parts]
    wanted += [["    95% CI [a]", *fitted(limits, NARROW)]]
    wanted += [
        [label, *(count(int(part["BORINV"].isin(values).sum()), len(part)) for part in parts)]
        for label, values in BEST.items()
    ]
    names = ["Difference, %", "  95% CI [c]", "  97.5% CI [c]", "1-sided p-value [d]", "Stratified p-value [e]"]
    made = zip(*(compare_responses(span) for span in spans(frame)), strict=True)
    wanted += [["InO vs SC, CR/CRi rate", *[""] * 8]]
    wanted += [[f"  {name}", *cells] for name, cells in zip(names, made, strict=True)]
    known = frame[frame["CD22GR1N"].isin([1, 2])]
    p = logistic_interaction(known["ARM1"], known["YES"], known["CD22GR1N"] == 1)
    wanted += [["Interaction p-value [f]", "", "", "", p_value(p)]]
    table = whole("T14_2_1")
    table.rows(wanted)
    table.heads(heads(frame))
