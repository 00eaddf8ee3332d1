"""All benchmarks in one table: what `make bench` runs.

    python benchmarks/run.py [--only derivation ae_table survival documents xpt] [--times 100] [--write]

Each line names what was done, what it cost here, and what the same cost beside it: in the same run where the other
program is here, else as it was recorded, scaled by the yardstick. What lacks its data or its program is skipped, and
the reason stands in its line. With --write the table is kept as benchmarks/results/DATE.md. The exit code is 1 where
something that is wanted is not met.
"""

import argparse
import platform
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import derivation
from scale import missing_data, scaled_study
from yardstick import RECORDED_SECONDS, machine_factor, yardstick_seconds

RESULTS = Path(__file__).parent / "results"
HEAD = ["what", "here", "beside it", "ratio", "wanted", "met"]
Cells = list[str]
NO_R = "Rscript with its survival package is not here"


def skipped(what: str, reason: str) -> Cells:
    """The line of what could not be run."""
    return [what, "skipped", reason, "", "", ""]


def yardstick_line(seconds: float | None) -> Cells:
    """How fast this machine is beside the recorded one."""
    what = "yardstick: R coxph, 200,000 subjects"
    if seconds is None:
        return skipped(what, f"{NO_R}; recorded seconds stand unscaled")
    return [what, f"{seconds:.2f} s CPU", f"{RECORDED_SECONDS} s recorded", f"{machine_factor(seconds):.2f}", "", ""]


def derivation_lines(times: int, factor: float) -> list[Cells]:
    """ADSL, ADAE, ADRS and ADTTE of the scaled study, Parquet to Parquet."""
    sdtm = scaled_study(times)
    if sdtm is None:
        return [skipped("derivation of ADSL, ADAE, ADRS and ADTTE", missing_data())]
    lines = []
    for name, records, cpu, wall, memory, *beside in derivation.compare(sdtm, times, factor):
        peer, ratio, wanted, met = beside
        here = f"{cpu} s CPU, {wall} s wall, {memory} GB"
        lines.append([f"{name}, {records} records", here, peer, ratio, wanted, met])
    return lines


def ae_table_lines(factor: float) -> list[Cells]:
    """The table of adverse events of the public study, ADAE to RTF."""
    import ae_table

    if not ae_table.ADAM.is_dir():
        return [skipped("table of adverse events", f"the public study is not in {ae_table.ADAM}")]
    lines = []
    for copies, records, rows, *_, cpu, peer, ratio, wanted, met in ae_table.compare([1, 20], factor):
        what = f"table of adverse events, {records} records, {rows} rows, {copies} x"
        lines.append([what, f"{cpu} s CPU", peer, ratio, wanted, met])
    return lines


def survival_lines(subjects: int = 200_000, repeats: int = 5) -> list[Cells]:
    """Kaplan-Meier, log-rank and Cox beside R on the same data."""
    import survival

    trial = survival.simulate(subjects, days=True)
    reference = survival.in_r(trial, repeats)
    lines = []
    for name, method in survival.ours(trial).items():
        seconds = survival.cpu(method, repeats)
        what, here = f"{name}, {subjects:,} subjects", f"{seconds:.3f} s CPU"
        if name in reference:
            theirs = reference[name][0]
            lines.append([what, here, f"R survival: {theirs:.3f} s CPU", f"{theirs / seconds:.1f} x", "", ""])
        else:
            lines.append([what, here, f"skipped: {NO_R}", "", "", ""])
    return lines


def documents_lines() -> list[Cells]:
    """A listing into RTF, Word and HTML, beside rtflite and python-docx cell by cell."""
    import documents

    return documents.lines()


def xpt_lines(rows: int = 1_000_000) -> list[Cells]:
    """A transport file of 20 variables, written, read back and compared, beside pyreadstat's writing alone."""
    import pyreadstat
    import xpt

    from sdtm2adam.files.xpt import write_xpt

    dataset = xpt.laboratory(rows)
    lb = dataset.frame.to_pandas()
    lb = lb.astype({name: object for name in lb.columns if name.startswith("TEXT")})  # its faster way
    with tempfile.TemporaryDirectory() as folder:
        own = xpt.seconds(lambda: write_xpt(dataset, Path(folder) / "lb.xpt", datetime(2026, 1, 1)))
        path = str(Path(folder) / "theirs.xpt")
        other = xpt.seconds(lambda: pyreadstat.write_xport(lb, path, table_name="LB", file_format_version=5))
    beside = f"pyreadstat, written only: {other:.1f} s wall"
    return [
        [f"XPT, {rows:,} records", f"{own:.1f} s wall, read back and compared", beside, f"{other / own:.1f} x", "", ""]
    ]


def machine() -> str:
    """What it ran on, in one line."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("duckdb", "pyarrow", "numpy", "pandas"))
    return f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {packages}"


def measured(only: list[str], times: int) -> list[Cells]:
    """All lines, told one by one as they come."""
    seconds = yardstick_seconds()
    parts: dict[str, Callable[[], list[Cells]]] = {
        "derivation": lambda: derivation_lines(times, machine_factor(seconds)),
        "ae_table": lambda: ae_table_lines(machine_factor(seconds)),
        "survival": survival_lines,
        "documents": documents_lines,
        "xpt": xpt_lines,
    }
    lines = [yardstick_line(seconds)]
    for name, part in parts.items():
        if only and name not in only:
            continue
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            lines += part()
        except ImportError as error:
            lines.append(skipped(name, f"{error.name or error} cannot be imported"))
    return lines


def main() -> int:
    """Run, print, keep where asked."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = ["derivation", "ae_table", "survival", "documents", "xpt"]
    arguments.add_argument("--only", nargs="+", default=[], choices=parts)
    arguments.add_argument("--times", type=int, default=derivation.TIMES, help="copies of each subject (100)")
    arguments.add_argument("--write", action="store_true", help="keep the table in benchmarks/results/")
    said = arguments.parse_args()
    lines = measured(said.only, said.times)
    text = f"{machine()}\n\n{derivation.table(HEAD, lines)}\n"
    print(text)
    if said.write:
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{datetime.now(UTC).date().isoformat()}.md"
        path.write_text(f"# Benchmarks of {path.stem}\n\n{text}", encoding="utf-8")
        print(f"written to {path.parent.name}/{path.name}")
    return int(any(line[-1] == "NO" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
