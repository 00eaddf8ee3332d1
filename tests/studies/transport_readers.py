"""Transport files as other readers find them: pyreadstat, and R's haven where it is installed."""

import datetime as dt
import json
import math
import shutil
import subprocess
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

EPOCH = dt.datetime(1960, 1, 1)
_HAVEN = r"""
library(haven)
for (path in commandArgs(trailingOnly = TRUE)) {
  made <- read_xpt(path)
  kind <- function(x) { f <- attr(x, "format.sas"); if (is.null(f)) "" else f }
  label <- function(x) { f <- attr(x, "label"); if (is.null(f)) "" else f }
  cat("#", ncol(made), nrow(made), "\n")
  for (name in names(made)) {
    x <- made[[name]]
    seconds <- inherits(x, "POSIXct")
    values <- if (is.character(x)) encodeString(x, quote = "\"", na.encode = FALSE) else
      sprintf("%.17g", as.numeric(x) + if (inherits(x, "Date")) 3653 else if (seconds) 3653 * 86400 else 0)
    cat(name, label(x), kind(x), paste(values, collapse = "\x1f"), sep = "\x1e"); cat("\n")
  }
}
"""


@lru_cache(maxsize=1)
def has_haven() -> bool:
    """Whether R and haven can be asked."""
    rscript = shutil.which("Rscript")
    return bool(rscript) and subprocess.run([str(rscript), "-e", "library(haven)"], capture_output=True).returncode == 0


def meant(parquet: Path) -> dict[str, list[Any]]:
    """The columns of a Parquet file as a transport file holds them: blank texts, SAS days and seconds, None."""
    frame = pq.read_table(parquet)
    return {name: [_sas(value, frame[name].type) for value in frame[name].to_pylist()] for name in frame.column_names}


def _sas(value: Any, of: pa.DataType) -> Any:
    if value is None:
        return "" if pa.types.is_string(of) else None
    if isinstance(value, dt.datetime):
        return (value - EPOCH) / dt.timedelta(seconds=1)
    if isinstance(value, dt.date):
        return float((value - EPOCH.date()).days)
    return value if isinstance(value, str) else float(value)


def by_pyreadstat(path: Path) -> tuple[dict[str, list[Any]], Mapping[str, str], Mapping[str, str], Mapping[str, int]]:
    """Columns, labels, formats and lengths of a transport file."""
    frame, meta = pyreadstat.read_xport(str(path), disable_datetime_conversion=True)
    columns = {name: [_missing(value) for value in frame[name].tolist()] for name in frame.columns}
    return columns, meta.column_names_to_labels, meta.original_variable_types, meta.variable_storage_width


def _missing(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def by_haven(paths: list[Path]) -> list[tuple[dict[str, list[Any]], dict[str, str], dict[str, str]]]:
    """Columns, labels and formats of transport files, as R finds them."""
    told = subprocess.run(["Rscript", "-e", _HAVEN, *map(str, paths)], capture_output=True, text=True, check=True)
    found: list[tuple[dict[str, list[Any]], dict[str, str], dict[str, str]]] = []
    for line in told.stdout.split("\n")[:-1]:
        if line.startswith("# "):
            found.append(({}, {}, {}))
            continue
        name, label, form, values = line.split("\x1e")
        found[-1][0][name] = [_of_r(value) for value in values.split("\x1f")]
        found[-1][1][name], found[-1][2][name] = label, form
    return found


def _of_r(value: str) -> Any:
    if value.startswith('"'):
        return json.loads(value)
    return "" if value == "" else None if value in ("NA", "NaN") else float(value)


def reads_back_by_pyreadstat(output: Path) -> None:
    """Asserts that the analysis datasets of an output are what their transport files hold."""
    lengths: dict[str, set[int]] = {}
    longest: dict[str, int] = {}
    paths = sorted((output / "adam").glob("*.xpt"))
    assert paths
    for path in [*paths, *(p for p in sorted((output / "sdtm").glob("*.xpt")) if not p.name.startswith("supp"))]:
        columns, labels, formats, widths = by_pyreadstat(path)
        wanted = meant(output / "data" / f"{path.stem.upper()}.parquet")
        assert list(columns) == list(wanted), path.name
        if path in paths:
            assert columns == wanted, path.name
        assert all(labels.values())
        for name, values in columns.items():
            is_text = any(isinstance(value, str) for value in values)
            if is_text:
                lengths.setdefault(name, set()).add(widths[name])
                longest[name] = max(longest.get(name, 1), *(len(value) for value in values))
            if name.endswith(("DT", "DTM")):
                assert formats[name] == ("DATETIME20" if name.endswith("DTM") else "DATE9"), name
    assert lengths == {name: {length} for name, length in longest.items()}


def reads_back_by_haven(output: Path) -> None:
    """Asserts the same of R's haven, with labels and formats as pyreadstat finds them."""
    paths = sorted((output / "adam").glob("*.xpt"))
    for path, (columns, labels, formats) in zip(paths, by_haven(paths), strict=True):
        _, known, forms, _ = by_pyreadstat(path)
        assert columns == meant(output / "data" / f"{path.stem.upper()}.parquet"), path.name
        assert labels == known
        assert {n: form.rstrip(".") for n, form in formats.items()} == {
            n: "" if form in ("NULL", "$", None) else form for n, form in forms.items()
        }
