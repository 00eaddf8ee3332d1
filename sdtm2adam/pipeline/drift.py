"""Two transfers of a study compared, form by form: what has changed, and whether a run can go on with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

from sdtm2adam.build.coverage import Uses, columns_of_where
from sdtm2adam.build.raw_columns import subject_column
from sdtm2adam.build.study import Inputs, uses_without_data
from sdtm2adam.compute.iso import DateForms
from sdtm2adam.errors import InputError, InputErrors, Sdtm2adamError
from sdtm2adam.files.atomic import write_atomically
from sdtm2adam.files.parquet import write_parquet
from sdtm2adam.intake.difference import LISTING
from sdtm2adam.intake.drift import Form, FormDrift, compare_form
from sdtm2adam.intake.raw_file import read_raw_file
from sdtm2adam.model import Issue, Severity
from sdtm2adam.pipeline.folder import raw_files
from sdtm2adam.spec.library import Specs

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Drift:
    """What has changed since the previous transfer: issues, what stops a run, the listing, and what was looked at.

    `files` are those of the previous transfer, by form.
    """

    issues: tuple[Issue, ...]
    errors: tuple[Sdtm2adamError, ...]
    listing: pa.Table
    forms: int
    records: int
    files: Mapping[str, Path]

    def refuse(self) -> None:
        """Stops where a spec depends on what went.

        Raises:
            InputErrors: all that stops; at once.
        """
        if self.errors:
            raise InputErrors(self.errors)


def compare_transfers(specs: Specs, previous: Path, inputs: Inputs, progress: Progress = lambda _: None) -> Drift:
    """Compares the raw files of a run with those of the previous transfer, by the contracts of the study.

    Args:
        specs: of the study.
        previous: the folder of the previous transfer.
        inputs: the files of this one.
        progress: told which form is being compared.

    Raises:
        SpecErrors: the specs are wrong.
        InputErrors: files that cannot be read; all at once.
    """
    uses = uses_without_data(specs, inputs)
    before = raw_files(specs, previous)
    found: list[FormDrift] = []
    faults: list[Sdtm2adamError] = []
    same, forms, records = 0, 0, 0
    for name in specs.contracts:
        old, new = before.get(name), inputs.raw.get(name)
        if old is None or new is None:
            found.append(_only_once(specs, name, old, new, bool(uses.get(name))))
            continue
        progress(f"comparing {new.name} with the previous transfer")
        try:
            form = _form(specs, name, old, new, uses)
        except InputErrors as errors:
            faults.extend(errors.errors)
            continue
        except Sdtm2adamError as error:
            faults.append(error)
            continue
        forms, records = forms + 1, records + len(form.after)
        same += form.before.equals(form.after)
        found.append(compare_form(form))
    if faults:
        raise InputErrors(faults)
    issues = [issue for drift in found for issue in drift.issues]
    return Drift(
        (*(_repeated(forms) if forms and same == forms else ()), *issues),
        tuple(error for drift in found for error in drift.errors),
        pa.concat_tables([LISTING.empty_table(), *(drift.listing for drift in found)]),
        forms,
        records,
        before,
    )


def _form(specs: Specs, name: str, old: Path, new: Path, uses: Uses) -> Form:
    contract = specs.contracts[name]
    dates = specs.study.dates
    needed = {subject_column(specs, contract), *columns_of_where(contract), *map(str, contract.key)} - {""}
    return Form(
        name=name,
        contract=contract,
        before=read_raw_file(old, contract.read),
        after=read_raw_file(new, contract.read),
        uses=uses.get(name, {}),
        needed=frozenset(needed),
        housekeeping=[str(pattern) for pattern in specs.study.housekeeping],
        dates=DateForms(tuple(map(str, dates.formats)), tuple(map(str, dates.missing)), dates.century),
        where=str(new),
    )


def _only_once(specs: Specs, name: str, old: Path | None, new: Path | None, used: bool) -> FormDrift:
    """A file that only one of the transfers has; one that is gone stops what a spec makes of it."""
    file = str(specs.contracts[name].file)
    if old is not None and used:
        what = f"form {name}: {file} was in the previous transfer and is not in this one, and specs read it"
        mend = "ask for a complete transfer; put the file beside the others"
        return FormDrift(errors=(InputError(what, where=f"raw/{name}.yaml", mend=mend),))
    if old is not None:
        text = f"{file} was in the previous transfer and is not in this one; no spec reads it"
        return FormDrift((_of_file(name, "raw-file-gone", Severity.WARNING, text),))
    if new is not None:
        text = f"{file} was not in the previous transfer"
        return FormDrift((_of_file(name, "raw-file-first", Severity.NOTE, text),))
    return FormDrift()


def _of_file(name: str, rule: str, severity: Severity, text: str) -> Issue:
    return Issue(dataset=f"raw.{name}", rule=rule, severity=severity, text=text, records=0, source="data: previous")


def _repeated(forms: int) -> tuple[Issue, ...]:
    text = f"all {forms} files are the same as in the previous transfer: was it sent again?"
    return (
        Issue(
            dataset="raw", rule="raw-transfer-repeated", severity=Severity.WARNING, text=text, records=forms,
            source="data: previous",
        ),
    )  # fmt: skip


def write_listing(listing: pa.Table, folder: Path) -> None:
    """Writes `drift.parquet` and `drift.csv`, every value in quotes: each difference of each record.

    Raises:
        UsageError: the folder cannot be written to.
    """
    write_parquet(listing, folder / "drift.parquet")
    write_atomically(folder / "drift.csv", partial(_write_csv, listing))


def _write_csv(listing: pa.Table, path: Path) -> None:
    pa_csv.write_csv(listing, path, pa_csv.WriteOptions(quoting_style="all_valid"))
