"""A made-up trial with what tables of effects and forests read beside the usual: times, MRD, quartiles, subgroups."""

import numpy as np
import pandas as pd
from adam_frames import trial

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
