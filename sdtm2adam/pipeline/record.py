"""run.json: what a run read and made, with hashes, versions, counts and times."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sdtm2adam.build.python_functions import versions_of
from sdtm2adam.build.study import Built, Inputs
from sdtm2adam.files.atomic import write_text
from sdtm2adam.pipeline.lint import study_suites
from sdtm2adam.pipeline.outputs import report_files
from sdtm2adam.pipeline.staging import RECORD
from sdtm2adam.spec.library import Specs
from sdtm2adam.spec.settings import Setting
from sdtm2adam.validate.run import Report

_LIBRARIES = ("duckdb", "sqlglot", "pandas", "pyarrow", "great-expectations", "jinja2", "python-docx", "matplotlib")


def sha256(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_record(
    specs: Specs,
    inputs: Inputs,
    built: Built,
    report: Report,
    out: Path,
    seconds: Mapping[str, float],
    previous: Mapping[str, Path] = {},
) -> int:
    """Writes run.json, the only output with a clock and absolute paths, beside all that was made; how many that is.

    Args:
        specs: of the study.
        inputs: the files that were read.
        built: what was built of them.
        report: the issues.
        out: the folder that holds all that was made, and nothing else.
        seconds: of each step.
        previous: the files of the transfer before, by form, where this one was compared with it.
    """
    written = sorted(path for path in out.rglob("*") if path.is_file())
    kinds = {"raw": inputs.raw, "sdtm": inputs.sdtm, "previous": previous}
    sources = {f"{kind}/{name}": path for kind, files in kinds.items() for name, path in files.items()}
    record: dict[str, object] = {
        "study": str(specs.study.study),
        "status": str(specs.study.status),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {
            "sdtm2adam": version("sdtm2adam"),
            "python": platform.python_version(),
            **{library: version(library) for library in _LIBRARIES},
        },
        "packages": versions_of(map(str, specs.study.packages)),
        "platform": platform.platform(),
        "inputs": {name: {"path": str(path), "sha256": sha256(path)} for name, path in sorted(sources.items())},
        "specs": {
            path.relative_to(specs.folder).as_posix(): sha256(path)
            for path in sorted({*specs.files, *report_files(specs), *study_suites(specs)})
        },
        "settings": {name: _setting(one) for name, one in sorted(specs.study.settings.items())},
        "outputs": {path.relative_to(out).as_posix(): sha256(path) for path in written},
        "records": {
            **dict(sorted(built.raw_rows.items())),
            **{name: dataset.frame.num_rows for name, dataset in built.datasets.items()},
        },
        "issues": {
            severity: sum(issue.severity == severity for issue in report.issues)
            for severity in ("error", "warning", "note")
        },
        "seconds": dict(seconds),
    }
    if (seeds := _seeds(inputs)) is not None:
        record["seeds"] = seeds
    write_text(out / RECORD, json.dumps(record, indent=2, ensure_ascii=False) + "\n")
    return len(written)


def _setting(setting: Setting) -> dict[str, object]:
    """A choice of the study as it stood in this run."""
    value = str(setting.value) if isinstance(setting.value, str) else [str(text) for text in setting.value]
    said: dict[str, object] = {"value": value, "status": setting.status, "text": str(setting.text)}
    return said if setting.source is None else {**said, "source": str(setting.source)}


def _seeds(inputs: Inputs) -> object:
    """The seeds of a simulated study, as the simulator wrote them beside the raw data."""
    for folder in {path.parent for path in inputs.raw.values()}:
        path = folder / "simulation.json"
        if path.is_file():
            return json.loads(path.read_text(encoding="utf-8"))
    return None
