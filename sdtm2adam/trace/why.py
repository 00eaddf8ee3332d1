"""why: a value of a finished run, explained down to its raw records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sdtm2adam.errors import UsageError, nearest
from sdtm2adam.spec.library import read_specs
from sdtm2adam.trace.again import Again, Place, again
from sdtm2adam.trace.leaves import record_of
from sdtm2adam.trace.narrator import Narrator, same
from sdtm2adam.trace.record_key import find_record
from sdtm2adam.trace.relationships import tell_qualifier
from sdtm2adam.trace.run_record import RunRecord
from sdtm2adam.trace.story import Explanation, Step, named, shown


def explain(
    folder: Path,
    dataset: str,
    key: Sequence[str],
    variable: str,
    *,
    out: Path | None = None,
    threads: int | None = None,
) -> Explanation:
    """Why a value of the last run of a study is what it is.

    What the value needs is made again by the engine from the specs and data of the run, which must be unchanged, and
    compared with what the run wrote.

    Args:
        folder: the study folder.
        dataset: SDTM, SUPP-- or ADaM dataset of the run.
        key: a subject and --SEQ, or NAME=VALUE pairs, that name one record.
        variable: of the dataset.
        out: the output folder, by default `output/` of the study.
        threads: for DuckDB.

    Raises:
        UsageError: there is no run, dataset, record or variable of that name.
        SpecErrors: specs have changed since the run.
        InputErrors: data or outputs have.
    """
    specs = read_specs(folder)
    record = RunRecord.read(out or folder / "output")
    with again(specs, record, threads=threads) as study:  # first of all, what has changed since the run is told
        name = _known(dataset, record.datasets, "dataset", str(record.out))
        frame = study.stored(name)
        column = _known(variable, frame.column_names, "variable", name)
        return explain_record(study, name, find_record(name, frame, key), column)


def _known(said: str, known: list[str], what: str, where: str) -> str:
    found = next((one for one in known if one.upper() == said.upper()), None)
    if found is None:
        raise UsageError(f"there is no {what} {said}", where=where, mend=nearest(said, known))
    return found


def explain_record(study: Again, dataset: str, number: int, column: str) -> Explanation:
    """Why a variable of a record (its place in the file, from 0) is what it is."""
    narrator = Narrator(study)
    frame = study.stored(dataset)
    is_supplement = dataset not in study.specs.datasets
    if is_supplement:
        root = tell_qualifier(narrator, dataset, frame, number, column)
        keys: list[str] = [n for n in ("USUBJID", "IDVAR", "IDVARVAL", "QNAM") if frame[n][number].as_py() is not None]
        record = tuple((n, frame[n][number].as_py()) for n in keys)
    else:
        place = study.place(dataset, number)
        root = narrator.cell(place, column)
        record = narrator.record(place)
    value = frame[column][number].as_py()
    if not same(root.value, value):
        narrator.disagreements.append(f"the run wrote {shown(value)}, made again it is {shown(root.value)}")
    return Explanation(
        dataset, column, value, record, number + 1, frame.num_rows, origin_of(study, dataset, number), root,
        study.record.remarks(), tuple(dict.fromkeys(narrator.disagreements)),
    )  # fmt: skip


def origin_of(study: Again, dataset: str, number: int) -> str:
    """The record that a record was made from, as the lineage of the run says; empty where it names none."""
    lineage = study.lineage(dataset)
    row = {name: lineage[name][number].as_py() for name in lineage.column_names}
    source, place = row.get("source"), row.get("source_row")
    if source is None or place is None:
        return ""
    block = f", by block {row['block'] + 1} of its records" if row.get("block") is not None else ""
    return f"{source} {_record_of(study, source, place)}{block}"


def _record_of(study: Again, source: str, place: int) -> str:
    if source.startswith("raw."):
        keys = study.lineage(source)
        names = [n for n in keys.column_names if n != "row"]
        return named(tuple((n, keys[n][place].as_py()) for n in names)) or f"record {place + 1}"
    relation = study.plan.relations.get(source)
    if relation is not None and study.is_file(relation):
        return named(record_of(study, Place(relation, place))) or f"record {place + 1}"
    if source not in study.record.datasets:
        return f"record {place + 1}"
    frame = study.stored(source)
    names = [n for n in ("USUBJID", f"{source[:2]}SEQ", "ASEQ", "PARAMCD", "ADT") if n in frame.column_names]
    return named(tuple((n, frame[n][place].as_py()) for n in names))


def leaves(step: Step) -> list[Step]:
    """The steps that nothing below explains: raw texts, literals, tables."""
    return [one for one in step.walk() if not one.reads and not one.told]
