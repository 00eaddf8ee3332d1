"""Small outputs of every method that a setting steers, over data whose numbers R gives."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from adam_frames import adsl

from sdtm2adam.resources import shelf
from sdtm2adam.spec.display import load_display_specs, load_report
from sdtm2adam.spec.method_settings import SETTING_NAMES
from sdtm2adam.spec.report import Report
from sdtm2adam.tlf.kinds import KINDS

HEAD = """\
id: T1
number: Table 1
kind: {kind}
title: A Table
population: AS_ITT
columns: C2
"""

RESPONSE = (
    HEAD.format(kind="response")
    + """\
data: ADRS
rows:
  - {label: Response, where: "ADRS.AVALC = 'Y'", method: M_CNT, show: n_pct, id: R}
  - {label: "95% CI [a]", of: R, method: M_CP, show: ci1}
  - {label: Difference, of: R, method: M_DIFF, show: est1, place: span, then: {label: "95% CI [b]", show: cid1}}
  - {label: Stratified, of: R, method: M_DIFFS, show: est1, place: span, then: {label: "95% CI [c]", show: cid1}}
  - {label: Odds ratio, of: R, method: M_ORT, show: hr, place: span, then: {label: 95% CI, show: ci2}}
  - {label: Relative risk, of: R, method: M_RRT, show: hr, place: span, then: {label: 95% CI, show: ci2}}
  - {label: Common odds ratio, of: R, method: M_ORS, show: hr, place: span, then: {label: 95% CI, show: ci2}}
  - {label: Common odds ratio p, of: R, method: M_ORS, show: p, place: span}
  - {label: 2-sided p-value, of: R, method: M_PROP_2, show: p, place: span}
footnotes: [{a: "{ci_prop}."}, {b: "{ci_diff}."}, {c: "Interval: {ci_diff_strat}, {weights}."}]
"""
)

TIMES = (
    HEAD.format(kind="tte")
    + """\
data: {dataset: ADTTE, time: {var: AVAL, unit: days}, censor: CNSR}
rows:
  - {label: Median, method: M_KMQ, q: 0.5, show: est1, then: {label: "95% CI [a]", show: ci1}}
  - {label: Sixth, method: M_KMQ, q: 0.1666666666667, show: est1}
  - {label: Rate, method: M_KMT, t: [24], show: est1, then: {label: 95% CI, show: ci1}}
  - {label: "Mean up to {t}", method: M_RMST, t: [30], show: est1, then: {label: 95% CI, show: ci1}}
  - {label: Hazard ratio, method: M_COX, show: hr, place: span, then: {label: "95% CI [b]", show: ci2}}
  - {label: "{log_rank} p-value", method: M_LR, show: p, place: span}
  - {label: Interaction, method: M_INT, with: {by: G_CD22, take: [GE90, LT90]}, show: p, place: ALL}
footnotes: [{a: "Scale: {km_ci}."}, {b: "{ties} ties."}]
"""
)

SUMMARY = (
    HEAD.format(kind="summary")
    + """\
data: ADSL
rows:
  - {var: AGE, label: Age, block: cont, decimals: 2}
footnotes: [F1]
"""
)


def report_of(folder: Path, naming: object, words: Mapping[str, str]) -> Report:
    """The report of the bundled study with these settings, and no others."""
    text = (shelf("specs") / "inovate" / "report.yaml").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip().split(":")[0] not in (*SETTING_NAMES, "min_events")]
    own = [f"  {name}: {word}" for name, word in {**words, "min_events": "5"}.items()]
    at = lines.index("params:") + 1
    path = folder / "report.yaml"
    path.write_text("\n".join([*lines[:at], *own, *lines[at:]]), encoding="utf-8")
    return load_report(path, naming)


def spec_of(folder: Path, report: Report, text: str):
    """The spec of one output."""
    (folder / "T1.yaml").write_text(text, encoding="utf-8")
    return load_display_specs([folder / "T1.yaml"], report, KINDS)["T1"]


def responders() -> dict[str, pd.DataFrame]:
    """132 of 215 and 146 of 204 respond: 62/110, 7/10, 63/95 and 86/118, 7/10, 53/76 by stratum."""
    cells = ((1, 62, 110), (1, 7, 10), (1, 63, 95), (2, 86, 118), (2, 7, 10), (2, 53, 76))
    arm = [arm for arm, _, n in cells for _ in range(n)]
    strata = [at % 3 for at, (_, _, n) in enumerate(cells) for _ in range(n)]
    answer = ["Y" if place < x else "N" for _, x, n in cells for place in range(n)]
    names = [f"S{at:03d}" for at in range(len(arm))]
    subjects = adsl("\n".join(["USUBJID N CD22GR1N", *(f"{name} {a} 1" for name, a in zip(names, arm, strict=True))]))
    subjects["STRAT2R"] = np.array(strata).astype(str)
    records = pd.DataFrame({"USUBJID": names, "AVALC": answer, "ASEQ": 1}).astype({"USUBJID": "str", "AVALC": "str"})
    return {"ADSL": subjects, "ADRS": records}


def leukemia() -> dict[str, pd.DataFrame]:
    """R's survival::aml, maintained against not; CD22 groups 1 and 2 in turn."""
    time = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
    censored = {2, 5, 8, 10, 16}
    rows = [f"S{at:02d} {1 if at < 11 else 2} {1 + at % 2}" for at in range(len(time))]
    records = pd.DataFrame(
        {
            "USUBJID": [row.split()[0] for row in rows],
            "AVAL": np.array(time, dtype=float),
            "CNSR": [int(at in censored) for at in range(len(time))],
            "ASEQ": 1,
        }
    )
    return {"ADSL": adsl("\n".join(["USUBJID N CD22GR1N", *rows])), "ADTTE": records.astype({"USUBJID": "str"})}


def ages() -> dict[str, pd.DataFrame]:
    """1, 2, 4, 8, 16, 32 in the first arm."""
    values = [1, 2, 4, 8, 16, 32]
    return {"ADSL": adsl("\n".join(["USUBJID N CD22GR1N AGE", *(f"S{v:02d} 1 1 {v}" for v in values)]))}
