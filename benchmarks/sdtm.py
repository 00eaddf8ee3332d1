"""What raw data to SDTM costs: AE of the pilot beside sdtm.oak, and LB of the simulated trial at three sizes.

    python benchmarks/sdtm.py ae [--times 100]
    python benchmarks/sdtm.py lb [--subjects 1000 10000 100000] [--memory 3GB]

AE: the raw forms of the public pilot with 1 and 100 times the subjects (119,100 records), as Parquet of texts, to AE
and SUPPAE with their lineage as Parquet, in a process of its own; specs are those of tests/studies/pharmaverse_raw. The
cost that grows is told: CPU at 100 times less CPU at once, beside what sdtm.oak was recorded to need in the same way
(4.9 s, AE alone without SUPPAE and study days of events), scaled by the yardstick.

LB: the raw forms of the simulated trial, written as Parquet by the simulator, to LB as Parquet, part by part
(build.delivery); CPU of all threads, peak memory of the process.
"""

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[1]
RAW = ROOT.parent / "shared" / "data" / "pharmaverseraw" / "parquet"
PILOT = ROOT / "tests" / "studies" / "pharmaverse_raw"
INOVATE = ROOT / "specs" / "inovate"
KEPT = Path(tempfile.gettempdir()) / "sdtm2adam-benchmarks"
OAK_SECONDS = 4.9
AE_WANTED, LB_GIGABYTES = 2.0, 8.0


def missing_pilot() -> str:
    """Why AE cannot be measured; empty if it can."""
    return "" if RAW.is_dir() and PILOT.is_dir() else f"the raw data of the pilot are not in {RAW}"


def scaled_raw(times: int) -> Path:
    """The raw forms of the pilot with each subject `times` over: 701-1015 becomes 701-1015x007; made once."""
    folder = KEPT / f"raw-pilot-{times}"
    folder.mkdir(parents=True, exist_ok=True)
    for source in sorted(RAW.glob("*.parquet")):
        target = folder / source.name
        if target.is_file() and target.stat().st_mtime > source.stat().st_mtime:
            continue
        frame = _as_texts(pq.read_table(source))
        pq.write_table(pa.concat_tables(_copy(frame, number) for number in range(times)), target, compression="zstd")
    return folder


def _as_texts(frame: pa.Table) -> pa.Table:
    fields = [pa.field(re.sub(r"\W", "_", name), pa.string()) for name in frame.column_names]
    columns = []
    for column in frame.columns:
        whole = (
            pa.types.is_floating(column.type)
            and pc.all(pc.equal(pc.floor(column), column), skip_nulls=True, min_count=0).as_py()
        )
        columns.append((column.cast(pa.int64()) if whole else column).cast(pa.string()))
    return pa.table(columns, schema=pa.schema(fields))


def _copy(frame: pa.Table, number: int) -> pa.Table:
    if not number or "PATNUM" not in frame.column_names:
        return frame
    place = frame.column_names.index("PATNUM")
    return frame.set_column(place, "PATNUM", pc.binary_join_element_wise(frame["PATNUM"], f"x{number:03d}", ""))


def ae_study(folder: Path) -> Path:
    """The pilot's study with AE and what it needs."""
    study = folder / "pilot"
    shutil.copytree(PILOT, study)
    for path in (study / "specs" / "sdtm").glob("*.yaml"):
        if path.stem not in ("AE", "DM", "EX", "EC", "DS"):
            path.unlink()
    return study


def build_here(said: dict[str, object]) -> None:
    """In a process of its own: one build, and what it took."""
    from sdtm2adam.build.delivery import build_dataset
    from sdtm2adam.build.study import Inputs, build
    from sdtm2adam.files.parquet import write_parquet
    from sdtm2adam.spec.library import read_specs

    study, raw, out = (Path(str(said[key])) for key in ("study", "raw", "out"))
    specs = read_specs(study)
    places = {form: (form, Path(str(contract.file)).stem) for form, contract in specs.contracts.items()}
    files = {form: [raw / f"{name}.parquet" for name in names] for form, names in places.items()}
    found = {form: [path for path in paths if path.is_file()] for form, paths in files.items()}
    inputs = Inputs({form: paths[0] for form, paths in found.items() if paths}, {}, raw)
    start, before = time.perf_counter(), _cpu()
    if said["dataset"] == "LB":
        delivered = build_dataset(specs, inputs, "LB", out / "LB.parquet", memory=str(said["memory"]))
        records, parts = delivered.records, delivered.parts
    else:
        built, parts = build(specs, inputs, only=("AE",)), 1
        for name in ("AE", "SUPPAE"):
            write_parquet(built.datasets[name].frame, out / f"{name}.parquet")
            write_parquet(built.datasets[name].lineage, out / f"{name}.lineage.parquet")
        records = built.datasets["AE"].frame.num_rows
    cost = {"records": records, "parts": parts, "cpu": _cpu() - before, "wall": time.perf_counter() - start}
    print(json.dumps({**cost, "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure(**said: object) -> dict[str, float]:
    """What one build took: records, parts, CPU and wall seconds, gigabytes at the peak."""
    command = [sys.executable, __file__, "--build"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, input=json.dumps(said), capture_output=True, text=True, check=False, env=environment)
    if run.returncode:
        raise SystemExit(f"{said['dataset']} could not be built:\n{run.stderr}")
    return dict(json.loads(run.stdout.splitlines()[-1]))


def ae_lines(times: int, factor: float) -> list[list[str]]:
    """The line of AE for the table of all benchmarks."""
    if missing := missing_pilot():
        return [["AE raw to SDTM", "skipped", missing, "", "", ""]]
    with tempfile.TemporaryDirectory() as folder:
        study, found = ae_study(Path(folder)), {}
        for copies in (1, times):
            raw = scaled_raw(copies)
            found[copies] = measure(dataset="AE", study=str(study), raw=str(raw), out=folder, memory="")
    grows = found[times]["cpu"] - found[1]["cpu"]
    theirs = OAK_SECONDS * factor * (times - 1) / 99
    what = f"AE raw to SDTM, {found[times]['records']:,} records, beyond start-up"
    here = f"{grows:.2f} s CPU ({found[1]['cpu']:.2f} at once), {found[times]['gigabytes']:.2f} GB"
    met = "yes" if theirs / grows >= AE_WANTED else "NO"
    return [[what, here, f"sdtm.oak 0.2.0: {theirs:.1f} s CPU", f"{theirs / grows:.1f} x", f"{AE_WANTED:.0f} x", met]]


def scaled_trial(subjects: int) -> Path:
    """The raw exports of the simulated trial as Parquet; made once."""
    folder = KEPT / f"raw-inovate-{subjects}"
    if not (folder / "SYNTHETIC.txt").is_file():
        code = (
            "import sys; from pathlib import Path; from sdtm2adam.simulate.truth import simulate_trial; "
            "from sdtm2adam.simulate.write import export_trial; "
            "export_trial(simulate_trial(int(sys.argv[1])), Path(sys.argv[2]), 'parquet')"
        )
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        subprocess.run([sys.executable, "-c", code, str(subjects), str(folder)], check=True, env=environment)
    return folder


def lb_study(folder: Path) -> Path:
    """The simulated trial's study up to SDTM."""
    study = folder / "inovate"
    shutil.copytree(INOVATE, study / "specs", ignore=shutil.ignore_patterns("adam", "tlf", "report.yaml", "validation"))
    (study / "specs" / "study.yaml").rename(study / "study.yaml")
    return study


def lb_lines(sizes: list[int], memory: str) -> list[list[str]]:
    """The lines of LB: each size, and how much a record costs more or less than at the smallest."""
    lines, first = [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        study = lb_study(Path(folder))
        for subjects in sizes:
            cost = measure(dataset="LB", study=str(study), raw=str(scaled_trial(subjects)), out=folder, memory=memory)
            each = cost["cpu"] / cost["records"] * 1e6
            first = first or each
            took = f"{cost['cpu']:.0f} s CPU, {cost['wall']:.0f} s wall"
            here = f"{took}, {cost['gigabytes']:.1f} GB, {cost['parts']:.0f} parts"
            met = "yes" if cost["gigabytes"] <= LB_GIGABYTES and each <= 1.1 * first else "NO"
            what = f"LB raw to Parquet, {subjects:,} subjects, {cost['records']:,} records"
            wanted = f"{LB_GIGABYTES:.0f} GB, a straight line"
            lines.append([what, here, f"{each:.1f} s CPU for a million records", f"{each / first:.2f}", wanted, met])
            print(" | ".join(lines[-1]), file=sys.stderr, flush=True)
    return lines


def main() -> int:
    """Measure and print."""
    if sys.argv[1:] == ["--build"]:
        build_here(json.loads(sys.stdin.read()))
        return 0
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("what", choices=["ae", "lb"])
    arguments.add_argument("--times", type=int, default=100)
    arguments.add_argument("--subjects", type=int, nargs="+", default=[1000, 10_000, 100_000])
    arguments.add_argument("--memory", default="3GB")
    said = arguments.parse_args()
    if said.what == "ae":
        from yardstick import machine_factor, yardstick_seconds

        lines = ae_lines(said.times, machine_factor(yardstick_seconds()))
    else:
        lines = lb_lines(said.subjects, said.memory)
    for line in lines:
        print(" | ".join(line))
    return int(any(line[-1] == "NO" for line in lines))


if __name__ == "__main__":
    sys.exit(main())
