"""Two transfers of a study compared, form by form: what has changed, and whether a run can go on with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv

from sdtm2adam.build.coverage import Uses, columns_of_where
from sdtm2adam.build.raw_columns import columns_of, subject_column
from sdtm2adam.build.study import Inputs, uses_without_data
from sdtm2adam.compute.iso import DateForms
from sdtm2adam.errors import InputError, InputErrors, Sdtm2adamError
from sdtm2adam.files.atomic import write_atomically
from sdtm2adam.files.parquet import write_parquet
from sdtm2adam.intake.by_contract import OtherFormats, in_other_formats, read_by_contract, read_in_other_format
from sdtm2adam.intake.difference import LISTING
from sdtm2adam.intake.drift import Form, FormDrift, compare_form
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
    lacking = [form for form in specs.contracts if form not in before and form in inputs.raw]
    others = in_other_formats(previous, specs.contracts, lacking, set(before.values())) if lacking else OtherFormats({})
    before |= {form: found.path for form, found in others.forms.items()}
    found: list[FormDrift] = []
    faults: list[Sdtm2adamError] = []
    counts: list[tuple[int, bool]] = []
    for name in specs.contracts:
        try:
            form = _compared(specs, name, before.get(name), inputs.raw.get(name), others, uses, progress)
        except InputErrors as errors:
            faults.extend(errors.errors)
            continue
        except Sdtm2adamError as error:
            faults.append(error)
            continue
        if isinstance(form, FormDrift):
            found.append(form)
            continue
        counts.append((len(form.after), form.before.equals(form.after)))
        found += [_other_format(specs, name, before[name])] if name in others.forms else []
        found.append(compare_form(form))
    if faults:
        raise InputErrors(faults)
    issues = [issue for drift in found for issue in drift.issues]
    repeated = _repeated(len(counts)) if counts and all(same for _, same in counts) else ()
    return Drift(
        (*repeated, *issues),
        tuple(error for drift in found for error in drift.errors),
        pa.concat_tables([LISTING.empty_table(), *(drift.listing for drift in found)]),
        len(counts),
        sum(records for records, _ in counts),
        before,
    )


def _compared(
    specs: Specs, name: str, old: Path | None, new: Path | None, others: OtherFormats, uses: Uses, progress: Progress
) -> Form | FormDrift:
    """A form in both transfers, to be compared; or what is to be told where one of them lacks it."""
    used = bool(uses.get(name))
    if old is None or new is None:
        return _only_once(specs, name, old is not None, new is not None, used, others.unread)
    progress(f"comparing {new.name} with the previous transfer")
    before, after = _before(specs, name, old, others), _table(specs, name, new)
    if before is None or after is None:
        return _only_once(specs, name, before is not None, after is not None, used)
    return _form(specs, name, before, after, new, uses)


def _table(specs: Specs, name: str, path: Path) -> pa.Table | None:
    """The records of a form, by its contract; None where the file lacks the sheet or group."""
    return read_by_contract(path, specs.contracts[name], columns_of(specs, specs.contracts[name]))


def _before(specs: Specs, name: str, path: Path, others: OtherFormats) -> pa.Table | None:
    """The records of a form in the previous transfer, which may have it in another format."""
    if (found := others.forms.get(name)) is None:
        return _table(specs, name, path)
    return read_in_other_format(found, specs.contracts[name], columns_of(specs, specs.contracts[name]))


def _other_format(specs: Specs, name: str, old: Path) -> FormDrift:
    text = f"{old.name} of the previous transfer is compared with {specs.contracts[name].file}, column by column name"
    return FormDrift((_of_file(name, "raw-file-format", Severity.NOTE, text),))


def _form(specs: Specs, name: str, before: pa.Table, after: pa.Table, new: Path, uses: Uses) -> Form:
    contract = specs.contracts[name]
    dates = specs.study.dates
    needed = {subject_column(specs, contract), *columns_of_where(contract), *map(str, contract.key)} - {""}
    return Form(
        name=name,
        contract=contract,
        before=before,
        after=after,
        uses=uses.get(name, {}),
        needed=frozenset(needed),
        housekeeping=[str(pattern) for pattern in specs.study.housekeeping],
        dates=DateForms(tuple(map(str, dates.formats)), tuple(map(str, dates.missing)), dates.century),
        where=str(new),
    )


def _only_once(
    specs: Specs, name: str, in_old: bool, in_new: bool, used: bool, unread: Sequence[str] = ()
) -> FormDrift:
    """A file, or part of one, that only one of the transfers has; one that is gone stops what a spec makes of it."""
    contract = specs.contracts[name]
    file = f"{contract.file} ({contract.read.part})" if contract.read.part else str(contract.file)
    if in_old and used:
        what = f"form {name}: {file} was in the previous transfer and is not in this one, and specs read it"
        mend = "ask for a complete transfer; put the file beside the others"
        return FormDrift(errors=(InputError(what, where=f"raw/{name}.yaml", mend=mend),))
    if in_old:
        text = f"{file} was in the previous transfer and is not in this one; no spec reads it"
        return FormDrift((_of_file(name, "raw-file-gone", Severity.WARNING, text),))
    if in_new:
        text = f"{file} was not in the previous transfer"
        text += f"; these files of it cannot be read: {', '.join(unread)}" if unread else ""
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
