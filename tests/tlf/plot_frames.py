"""Specs of plots written in tests, and small datasets for them."""

from pathlib import Path

import pandas as pd
from adam_frames import adsl, drawn

from sdtm2adam.spec.display import DisplaySpec, Report, load_display_specs
from sdtm2adam.tlf.kinds import KINDS

HEAD = """
id: F1
number: Figure 1
kind: plot
title: A figure
population: AS_ITT
arms:
  by: G_TRTP
  style:
    INO: {color: "#1F3A93"}
    SC: {color: "#B84A00", line: dashed, fill: hatched}
size: {lines: 20}
"""


def plot(folder: Path, report: Report, body: str) -> DisplaySpec:
    """The spec of a figure whose data and panels are given."""
    path = folder / "F1.yaml"
    path.write_text(HEAD + body, encoding="utf-8")
    return load_display_specs([path], report, KINDS)["F1"]


def values(**columns: object) -> pd.DataFrame:
    """ADSL of seven subjects, four in InO (A to D), three in SC (E to G), with a value of each."""
    frame = adsl("""
        USUBJID  N  CD22GR1N
        A        1  1
        B        1  1
        C        1  2
        D        1  9
        E        2  1
        F        2  2
        G        2  9
    """)
    return frame.assign(**columns)


def times() -> dict[str, pd.DataFrame]:
    """Three responders with times, remissions, a relapse and a transplant."""
    frame = adsl("""
        USUBJID  N  CD22GR1N  RANDDT      HSCTDT
        A        1  1         2013-01-01  2013-03-02
        B        1  1         2013-01-01  .
        C        2  1         2013-01-01  2012-12-31
    """)
    frame = frame.assign(RANDDT=pd.to_datetime(frame["RANDDT"]), HSCTDT=pd.to_datetime(frame["HSCTDT"]))
    survival = drawn("""
        USUBJID  PARAMCD  AVAL  CNSR  ASEQ
        A        OS       100   1     1
        B        OS       200   0     1
        C        OS       50    0     1
    """)
    events = drawn("""
        USUBJID  PARAMCD  AVALC  ADT         ASEQ
        A        REM      Y      2013-01-31  1
        B        REM      Y      2013-01-01  1
        B        REL      Y      2013-05-01  2
        C        REM      Y      2013-02-01  1
    """)
    return {"ADSL": frame, "ADTTE": survival, "ADRS": events.assign(ADT=pd.to_datetime(events["ADT"]))}


SWIMMER = """
data:
  dataset: ADTTE
  where: "ADTTE.PARAMCD = 'OS'"
  time: {var: AVAL, unit: days}
  censor: CNSR
  join: {ADRS: {paramcd: [REM, REL], values: [ADT]}}
panels:
  - geom: swimmer
    subject: ADSL.SUBJID
    rows: 1
    marks:
      - {label: Remission, date: REM.ADT, mark: circle}
      - {label: Relapse, date: REL.ADT, mark: cross}
      - {label: Transplant, date: ADSL.HSCTDT, mark: square, filled: false}
    ongoing: Alive
    x: {label: Days, from: 0, to: 200, by: 50}
"""

HISTOGRAM = """
data: ADSL
panels:
  - geom: histogram
    title: Ages
    value: ADSL.AGE
    bins: {from: 0, to: 30, by: 10}
    x: {label: Years, from: 0, to: 30, by: 10}
    y: {label: Subjects (%), from: 0, to: 40, by: 20}
"""

ECDF = """
data: ADSL
panels:
  - geom: ecdf
    title: Counts
    value: ADSL.AGE
    decimals: 1
    quartiles: true
    x: {label: Count, scale: log, from: 1, to: 100, ticks: [1, 10, 100]}
    y: {label: "%", from: 0, to: 100, by: 50}
"""

WATERFALL = """
data: ADSL
panels:
  - geom: waterfall
    value: ADSL.AGE
    decimals: 1
    rules: [0]
    x: {label: Subjects}
    y: {label: Change, from: -10, to: 10, by: 10}
"""

PAIRED = """
data: {dataset: ADCP, where: "ADCP.PARAMCD = 'POS'"}
panels:
  - geom: paired
    title: Positivity
    value: ADCP.AVAL
    moments:
      - {label: Before, where: "ADCP.VISIT = 'B'"}
      - {label: After, where: "ADCP.VISIT = 'A'"}
    x: {label: Sample}
    y: {label: "%", from: 0, to: 100, by: 50}
"""
