"""Studies that were run: built and written with their record, without the checks of a whole run, which cost seconds."""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "build"))

from harness import Trial

from sdtm2adam.build.study import Inputs, build
from sdtm2adam.files.parquet import write_parquet
from sdtm2adam.pipeline.datasets import write_dataset
from sdtm2adam.pipeline.folder import data_folders, inputs_of
from sdtm2adam.pipeline.new import new_study
from sdtm2adam.pipeline.outputs import make_outputs, read_report
from sdtm2adam.pipeline.record import write_record
from sdtm2adam.pipeline.settings import read_settings
from sdtm2adam.spec.library import read_specs
from sdtm2adam.validate.run import Report

PAGE = Path(__file__).parents[2] / "docs" / "spec-grammar.md"


def finish(trial: Trial) -> Path:
    """The output of a study: datasets, lineage, keys of forms, run.json; the study folder."""
    specs, out = trial.specs, trial.folder / "output"
    inputs = Inputs({n: p.resolve() for n, p in trial.raw.items()}, {n: p.resolve() for n, p in trial.sdtm.items()})
    built = build(specs, inputs)
    for dataset in built.datasets.values():
        write_dataset(dataset, specs, out, datetime(2016, 3, 8, tzinfo=UTC))
    for form, keys in built.raw_keys.items():
        write_parquet(keys, out / "lineage" / f"{form}.parquet")
    write_record(specs, inputs, built, Report((), {}, ()), out, {})
    return trial.folder


def page_study(folder: Path) -> Trial:
    """The study of the page on the grammar: every key of the specs has an example in it."""
    fences = re.findall(r"^```(\w+) (\S+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    for kind, name, text in (fence for fence in fences if fence[0] in ("yaml", "csv")):
        is_data = kind == "csv" and name.startswith("raw/")
        path = folder / name if is_data or name == "study.yaml" else folder / "specs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Trial(folder, {path.stem: path for path in (folder / "raw").glob("*.csv")})


def finish_report(folder: Path) -> Path:
    """The starter study with its datasets, its outputs and run.json; the study folder."""
    new_study(folder)
    specs = read_specs(folder)
    inputs = inputs_of(specs, data_folders(specs))
    created, out = read_settings(specs).created, folder / "output"
    built = build(specs, inputs)
    for dataset in built.datasets.values():
        write_dataset(dataset, specs, out, created)
    for form, keys in built.raw_keys.items():
        write_parquet(keys, out / "lineage" / f"{form}.parquet")
    make_outputs(read_report(specs), built.datasets, out, created, "DRAFT", lambda _: None)
    write_record(specs, inputs, built, Report((), {}, ()), out, {})
    return folder
