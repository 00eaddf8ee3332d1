"""Outputs of datasets that were made elsewhere: what no output counts is among the issues, once."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyarrow as pa

from sdtm2adam.model import Severity
from sdtm2adam.pipeline.outputs import make_outputs, read_report
from sdtm2adam.pipeline.run import RunResult
from sdtm2adam.spec.library import read_specs
from sdtm2adam.spec.yaml import Text

CREATED = datetime(2025, 6, 30, tzinfo=UTC)


def test_records_of_nobody_in_adsl_are_told_once_for_all_outputs(
    finished: tuple[Path, RunResult], tmp_path: Path
) -> None:
    folder, _ = finished
    report = read_report(read_specs(folder))
    assert report.outputs
    spec = report.outputs["T14_3_1"]
    other = Text("T14_3_9", spec.text.id.where)
    twice = {"T14_3_1": spec, "T14_3_9": replace(spec, text=spec.text.model_copy(update={"id": other}))}
    frames = {name: pd.read_parquet(folder / f"output/data/{name}.parquet") for name in ("ADSL", "ADAE")}
    frames["ADAE"] = pd.concat([frames["ADAE"], frames["ADAE"].iloc[:3].assign(USUBJID="NOBODY", AESEQ=[1, 2, 3])])
    data = {
        name: SimpleNamespace(stage="adam", frame=pa.Table.from_pandas(frame, preserve_index=False))
        for name, frame in frames.items()
    }
    made = make_outputs(replace(report, outputs=twice), data, tmp_path, CREATED, "DRAFT", lambda _: None)
    found = [issue for issue in made.issues if issue.rule == "subject-not-in-adsl"]
    assert [(issue.dataset, issue.severity, issue.records, issue.keys) for issue in found] == [
        ("ADAE", Severity.ERROR, 3, tuple(f"USUBJID=NOBODY, AESEQ={at}" for at in (1, 2, 3)))
    ]
