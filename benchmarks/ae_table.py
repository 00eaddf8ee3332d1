"""What the table of adverse events costs: ADAE (Parquet) to RTF, CPU seconds, beside recorded ones of tern and rtables.

    python benchmarks/ae_table.py [--times 1 20]

The table is that of the bundled study, by system organ class and preferred term, all grades and grade 3 or higher; the
data are ADSL and ADAE of the public study (306 subjects, 1,191 events; grades from the severity), each subject as many
times as `--times` says, under numbers of its own. The clock starts when imports are done and specs are read. It covers
reading both Parquet files, counting with all members, hashing what was read, lay-out, pages and RTF. The best of five
runs in a fresh process counts. tern + rtables took 5.2 s CPU for table and RTF at once, 5.5 s at 20 times, recorded;
both are multiplied by what the yardstick (R's coxph on 200,000 subjects) took here over what it took there.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from derivation import said_of, table
from scale import SDTM
from yardstick import machine_factor, yardstick_seconds

ADAM = SDTM.parents[1] / "pharmaverseadam" / "parquet"
SECONDS = {1: 5.2, 20: 5.5}
"""CPU seconds of tern and rtables for the table and its RTF, by copies of each subject."""
WANTED_RATIO = 20.0
REPORT = """\
study: {id: PILOT, name: Pilot, report: Public Study, cutoff: 2014-12-31}
sets: {AS_SAF: {label: Safety Population, where: "ADSL.SAFFL = 'Y'"}}
groupings:
  G_TRTA:
    var: ADSL.TRT01A
    levels:
      PBO: [Placebo, Placebo]
      LOW: [Xanomeline Low Dose, Low dose]
      HIGH: [Xanomeline High Dose, High dose]
  G_SOC: {var: ADAE.AEBODSYS, data_driven: true, label: System Organ Class}
  G_PT: {var: ADAE.AEDECOD, data_driven: true, label: Preferred Term}
column_sets: {C3: {stub: 70, width: 21, nest: [{by: G_TRTA, head: "{label}|(N={N})"}]}}
formats: {n_pct: "{n:xxx} ({pct:xx.x})"}
footnotes: {F1: N = number of subjects in the column; percentages are based on N.}
layouts: {grid9: {paper: letter, font: Courier New, size: 9, chars: 133, lines: 42, char: 108, line: 220}}
"""
TABLE = """\
id: T14_3_2_2
number: Table 14.3.2.2
kind: ae
title: Treatment-emergent Adverse Events by System Organ Class and Preferred Term, All Grades and Severe
population: AS_SAF
columns: C3
stub_head: "System Organ Class|  Preferred Term"
data: {dataset: ADAE, where: "ADAE.TRTEMFL = 'Y'"}
row_defaults: {method: M_CNT, show: n_pct}
rows:
  - {label: Any TEAE, unit: true, rows: [{label: Severe, where: "ADAE.ASEVN >= 3"}]}
  - each: G_SOC
    gap: true
    continued: true
    sort: [{desc: [HIGH]}, {desc: [LOW]}, alpha]
    rows:
      - {label: Severe, where: "ADAE.ASEVN >= 3"}
      - each: G_PT
        sort: [{desc: [HIGH]}, {desc: [LOW]}, alpha]
        unit: true
        rows: [{label: Severe, where: "ADAE.ASEVN >= 3"}]
footnotes: [F1]
"""


def make_data(times: int, folder: Path) -> None:
    """ADSL and ADAE of the public study, each subject `times` times."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    for name in ("adsl", "adae"):
        whole = pq.read_table(ADAM / f"{name}.parquet")
        at = whole.schema.get_field_index("USUBJID")
        copies = [
            whole.set_column(at, "USUBJID", pc.binary_join_element_wise(f"{copy:02d}-", whole["USUBJID"], ""))
            for copy in range(1, times + 1)
        ]
        pq.write_table(pa.concat_tables(copies), folder / f"{name.upper()}.parquet")


def make_table(folder: Path, repeats: int) -> dict[str, Any]:
    """The table, made several times over: the CPU seconds of the best, and what came out."""
    import pyarrow.parquet as pq

    from sdtm2adam.display.paginate import paginate
    from sdtm2adam.document.rtf import render_rtf
    from sdtm2adam.spec.display import load_display_specs, load_report
    from sdtm2adam.tlf import analyse, lay_out
    from sdtm2adam.tlf.kinds import KINDS

    (folder / "report.yaml").write_text(REPORT, encoding="utf-8")
    (folder / "T14_3_2_2.yaml").write_text(TABLE, encoding="utf-8")
    report = load_report(folder / "report.yaml")
    spec = load_display_specs([folder / "T14_3_2_2.yaml"], report, KINDS)["T14_3_2_2"]
    created, best = datetime(2014, 12, 31), float("inf")
    for _ in range(repeats):
        start = time.process_time()
        data = {
            name: pq.read_table(folder / f"{name}.parquet").to_pandas(date_as_object=False) for name in ("ADSL", "ADAE")
        }
        results = analyse(spec, report, data)
        display = lay_out(spec, report, results)
        pages = paginate(display)
        rtf = render_rtf(pages, display, created)
        best = min(best, time.process_time() - start)
        (folder / "T14_3_2_2.rtf").write_bytes(rtf)
    return {
        "seconds": best,
        "records": len(data["ADAE"]),
        "rows": len(display.sections[0].rows),
        "pages": len(pages),
        "results": len(results.frame),
        "members": len(results.members),
    }


def measured(times: int, repeats: int = 5) -> dict[str, Any]:
    """What the table costs in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="sdtm2adam-ae-") as folder:
        make_data(times, Path(folder))
        command = [sys.executable, __file__, "--make", folder, "--repeats", str(repeats)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode:
            raise SystemExit(f"the table could not be made:\n{run.stderr}")
        found: dict[str, Any] = json.loads(run.stdout)
        return found


HEAD = ["copies", "records", "rows", "pages", "results", "members", "CPU s", "beside it", "ratio", "wanted", "met"]


def compare(times: list[int], factor: float) -> list[list[str]]:
    """One row of cells for each size."""
    lines = []
    for copies in times:
        made = measured(copies)
        counts = [f"{made[name]:,}" for name in ("records", "rows", "pages", "results", "members")]
        beside, ratio, wanted, met = "", "", "", ""
        if copies in SECONDS:
            theirs = SECONDS[copies] * factor
            beside, ratio = f"tern + rtables: {theirs:.1f} s", f"{theirs / made['seconds']:.1f} x"
            wanted, met = f"{WANTED_RATIO:.0f} x", "yes" if theirs / made["seconds"] >= WANTED_RATIO else "NO"
        lines.append([str(copies), *counts, f"{made['seconds']:.3f}", beside, ratio, wanted, met])
    return lines


def main() -> int:
    """Measure the yardstick, make the tables, print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--times", type=int, nargs="+", default=[1, 20])
    arguments.add_argument("--make", type=Path, help=argparse.SUPPRESS)
    arguments.add_argument("--repeats", type=int, default=5, help=argparse.SUPPRESS)
    said = arguments.parse_args()
    if said.make:
        print(json.dumps(make_table(said.make, said.repeats)))
        return os.EX_OK
    if not ADAM.is_dir():
        print(f"skipped: the public study is not in {ADAM}")
        return os.EX_OK
    seconds = yardstick_seconds()
    print(said_of(seconds))
    print(table(HEAD, compare(said.times, machine_factor(seconds))))
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
