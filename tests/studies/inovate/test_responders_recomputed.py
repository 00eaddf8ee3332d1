"""Remission by the committee, MRD in responders and transplants, computed a second time from the written XPT files."""

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
from table_columns import NARROW, Row, columns, heads, spans, strata_of
from whole_output import Whole, recomputes

Datasets = Callable[[str], pd.DataFrame]
WIDE = 25
COMPARED = ["Difference, %", "  95% CI [{0}]", "  97.5% CI [{0}]", "1-sided p-value [{1}]"]


def rate(label: str, limits: str, parts: list[pd.DataFrame], variable: str, width: int) -> list[Row]:
    """n (%) and its exact limits."""
    yes = [int(part[variable].sum()) for part in parts]
    shown = [interval(*clopper_pearson(n, len(part), 0.95), 1) for n, part in zip(yes, parts, strict=True)]
    return [
        [label, *(count(n, len(part)) for n, part in zip(yes, parts, strict=True))],
        [limits, *fitted(shown, width)],
    ]


def compared(spans_: list[pd.DataFrame], variable: str, markers: str) -> list[Row]:
    """Difference, limits and p-value of each CD22 group."""
    cells = []
    for span in spans_:
        ino, sc = span[span["ARM1"]], span[~span["ARM1"]]
        x1, n1, x2, n2 = int(ino[variable].sum()), len(ino), int(sc[variable].sum()), len(sc)
        if min(n1, n2) < 5:
            cells.append(["NC"] * 4)
            continue
        both = [interval(*miettinen_nurminen(x1, n1, x2, n2, conf), 1) for conf in (0.95, 0.975)]
        p, fisher = proportion_test(x1, n1, x2, n2)
        cells.append([fixed(100 * (x1 / n1 - x2 / n2), 1), *both, p_value(p, fisher)])
    names = [name.format(*markers) for name in COMPARED]
    return [[f"  {name}", *row] for name, row in zip(names, zip(*cells, strict=True), strict=True)]


def interaction(frame: pd.DataFrame, variable: str) -> str:
    known = frame[frame["CD22GR1N"].isin([1, 2])]
    return p_value(logistic_interaction(known["ARM1"], known[variable], known["CD22GR1N"] == 1))


BEST = {
    "    CR": ("CR",),
    "    CRi": ("CRi",),
    "  PR": ("PR",),
    "  Resistant disease": ("TREATMENT FAILURE",),
    "  Progressive disease": ("PD", "RELAPSED DISEASE FROM CR"),
    "  Not evaluable/missing [b]": ("INDETERMINATE RESPONSE", "NE", "MISSING"),
}


@recomputes("T14_2_2")
def test_remissions_by_the_committee_are_as_recomputed(whole: Whole, adam: Datasets) -> None:
    frame = frame_of(adam, "ITT218FL", BOREAC="BOREAC", YES="CRCRIEAC")
    frame["YES"] = frame["YES"] == "Y"
    assert len(frame) == 218
    parts = columns(frame, (0,))
    wanted = [["Best response, n (%)", "", ""], *rate("  CR/CRi", "    95% CI [a]", parts, "YES", WIDE)]
    wanted += [[label, *(count(int(p["BOREAC"].isin(v).sum()), len(p)) for p in parts)] for label, v in BEST.items()]
    wanted += [["InO vs SC, CR/CRi rate", "", ""], *compared([frame], "YES", "cd")]
    p = cochran_mantel_haenszel(frame["ARM1"], frame["YES"], strata_of(frame))
    wanted += [["  Stratified p-value [e]", p_value(p)], ["Interaction p-value [f]", interaction(frame, "YES")]]
    table = whole("T14_2_2")
    table.rows(wanted)
    table.heads(heads(frame, (0,)))


@recomputes("T14_2_3")
def test_mrd_of_responders_is_as_recomputed(whole: Whole, adam: Datasets) -> None:
    itt = frame_of(adam, "ITTFL", BEST="BORINV", REMISSION="CRCRIINV", STATUS="MRDSINV")
    itt["NEG"] = itt["STATUS"] == "NEGATIVE"
    frame = itt[itt["REMISSION"] == "Y"]
    parts, blank = columns(frame), [""] * 8
    wanted = rate("MRD negative, n (%) [a]", "  95% CI [b]", parts, "NEG", NARROW)
    for label, value in (("MRD positive, n (%)", "POSITIVE"), ("Not assessed, n (%) [c]", "MISSING")):
        wanted += [[label, *(count(int((part["STATUS"] == value).sum()), len(part)) for part in parts)]]
    wanted += [["InO vs SC, MRD negative", *blank], *compared(spans(frame), "NEG", "de")]
    wanted += [["Interaction p-value [f]", "", "", "", interaction(frame, "NEG")]]
    for best in ("CR", "CRi"):
        some = [part[part["BEST"] == best] for part in parts]
        wanted += [[f"Best response {best}, N", *(str(len(part)) for part in some)]]
        wanted += rate("  MRD negative, n (%)", "    95% CI", some, "NEG", NARROW)
    everybody = columns(itt.assign(NEG=itt["NEG"] & (itt["REMISSION"] == "Y")))
    wanted += [["ITT subjects, N", *(str(len(part)) for part in everybody)]]
    wanted += rate("  MRD neg. CR/CRi, n (%)", "    95% CI", everybody, "NEG", NARROW)
    table = whole("T14_2_3")
    table.rows(wanted)
    table.heads(heads(frame))


@recomputes("T14_2_11")
def test_transplants_are_as_recomputed(whole: Whole, adam: Datasets) -> None:
    frame = frame_of(adam, "ITTFL", REMISSION="CRCRIINV")
    frame["ANY"] = frame["HSCTDT"].notna()
    frame["DIRECT"] = frame["HSCTDIR"] == "Y"
    assert (frame.loc[frame["DIRECT"], "REMISSION"] == "Y").all()
    assert (frame["ANY"] >= frame["DIRECT"]).all()
    frame["DIED"] = frame["ANY"] & (frame["DTHFL"] == "Y")
    parts, blank = columns(frame), [""] * 8
    wanted = rate("HSCT, n (%) [a]", "  95% CI [b]", parts, "ANY", NARROW)
    wanted += [["InO vs SC, HSCT", *blank], *compared(spans(frame), "ANY", "cd")]
    direct = rate("Direct HSCT after CR/CRi, n\n  (%) [e]", "  95% CI [b]", parts, "DIRECT", NARROW)
    wanted += [*direct, ["InO vs SC, direct HSCT", *blank], *compared(spans(frame), "DIRECT", "cd")]
    some = [part[part["ANY"]] for part in parts]
    wanted += [["Subjects with HSCT, N", *(str(len(part)) for part in some)]]
    wanted += [["  Died after HSCT, n (%)", *(count(int(part["DIED"].sum()), len(part)) for part in some)]]
    table = whole("T14_2_11")
    table.rows(wanted)
    table.heads(heads(frame))
