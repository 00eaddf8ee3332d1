"""For tests of effects and forests: the head of a spec, and a made-up trial with what they read beside the usual."""

import numpy as np
import pandas as pd
from adam_frames import trial

EFFECTS_HEAD = """\
id: T1
number: Table 1
kind: effects
title: Effects
population: AS_ITT
stub_head: Endpoint
columns:
  - {width: 41}
  - {label: InO, width: 22, response: "{e1:xxx}/{n1:xxx} ({pct1:xx.x})", time: "{e1:xxx}/{n1:xxx} {median1:xx.x}"}
  - {label: SC, width: 22, response: "{e0:xxx}/{n0:xxx} ({pct0:xx.x})", time: "{e0:xxx}/{n0:xxx} {median0:xx.x}"}
  - label: Effect
    width: 26
    response: "{est:xx.x} ({lower:-xx.x}, {upper:xx.x})"
    time: "{est:x.xx} ({lower:x.xx}, {upper:x.xx})"
  - {label: p, width: 11, value: "{p:x.xxxx}"}
  - {label: Int. p, width: 11, value: "{p_int:x.xxxx}"}
compare: {by: G_TRTP}
"""
"""A table of effects up to its subgroups."""

SUBGROUPS = {
    "MESFGR1": ("Q1", "Q2", "Q3", "Q4", None),
    "STRAT2V": ("1", "2"),
    "CD22LGR1": (">=90%", "<90%", "Missing"),
}


def effects_trial(size: int = 240, seed: int = 11) -> dict[str, pd.DataFrame]:
    """The datasets of a made-up trial; the same seed gives the same trial."""
    frames, stream = trial(size, seed), np.random.default_rng(seed)
    adsl = frames["ADSL"]
    more = {
        name: np.array(levels, dtype=object)[stream.integers(0, len(levels), size)]
        for name, levels in SUBGROUPS.items()
    }
    frames["ADSL"] = adsl = adsl.assign(**more).astype(dict.fromkeys(more, "str"))
    overall = frames["ADTTE"]
    times = [overall]
    for number, (name, part) in enumerate((("PFS", overall), ("DOR", overall[(adsl["RESPFL"] == "Y").to_numpy()])), 2):
        days = np.ceil(part["AVAL"].to_numpy() * stream.uniform(0.3, 1, len(part)))
        times.append(part.assign(PARAMCD=name, AVAL=days, ASEQ=number))
    frames["ADTTE"] = pd.concat(times, ignore_index=True)
    return frames
