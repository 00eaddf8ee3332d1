"""Real SDTM to ADaM by specs alone: ADSL, ADAE, ADRS and ADTTE of the CDISC pilot, held against the published ones.

The pharmaverse publishes them, made by the R templates of admiral and, from invented tumor assessments by RECIST,
of admiralonco. The specs under test are in `pharmaverse/specs/adam`.
"""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from sdtm2adam.build.delivery import build_dataset
from sdtm2adam.pipeline.folder import data_folders, inputs_of
from sdtm2adam.pipeline.run import run
from sdtm2adam.spec.library import read_specs

STUDY = Path(__file__).resolve().parent / "pharmaverse"
PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "pharmaverseadam"
SDTM = PUBLISHED.parent / "pharmaversesdtm" / "parquet"

KEYS = {
    "adsl": ["STUDYID", "USUBJID"],
    "adae": ["STUDYID", "USUBJID", "AESEQ"],
    "adrs": ["STUDYID", "USUBJID", "PARAMCD", "ASEQ"],
    "adtte": ["STUDYID", "USUBJID", "PARAMCD"],
}
SHAPES = {"adsl": (306, 55), "adae": (1191, 107), "adrs": (3694, 79), "adtte": (512, 20)}
PUBLISHED_AS = {"adrs": "adrs_onco", "adtte": "adtte_onco"}

# The only confirmed response of the study is the partial one of 01-701-1118. Its published record of CR or PR as best
# confirmed response (CBCP) says N, as it does for everyone: it was made before the records that it was to look into.
CONFIRMED = ("01-701-1118", "CBCP")
OF_THE_RESPONSE = {
    "DOMAIN": "RS", "ADT": dt.date(2014, 4, 23), "AVISIT": "WEEK 6", "AVAL": 1, "AVALC": "Y", "ANL02FL": "Y",
    "VISITNUM": 3.0, "VISIT": "WEEK 6", "RSTESTCD": "OVRLRESP", "RSTEST": "Overall Response", "RSORRES": "PR",
    "RSSTRESC": "PR", "RSEVAL": "INVESTIGATOR", "RSDTC": "2014-04-23", "RSSEQ": 6,
}  # fmt: skip
OF_NO_RESPONSE = dict.fromkeys(OF_THE_RESPONSE) | {"AVAL": 0, "AVALC": "N"}

KINDS = {"character": "text", "numeric": "number", "integer": "number", "Date": "date", "POSIXct": "datetime"}
SAS_EPOCH = dt.date(1960, 1, 1)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (SDTM.is_dir() and PUBLISHED.is_dir()), reason="the public study is not in ../shared"),
]
each_dataset = pytest.mark.parametrize("name", list(KEYS))


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of outputs that one run of the study leaves."""
    out = tmp_path_factory.mktemp("pharmaverse") / "out"
    assert run(STUDY, out).exit_code == 0
    return out


@each_dataset
def test_parts_of_the_study_make_the_same_file(output: Path, tmp_path: Path, name: str) -> None:
    specs = read_specs(STUDY)
    inputs = inputs_of(specs, data_folders(specs))
    delivered = build_dataset(specs, inputs, name.upper(), tmp_path / "parts.parquet", subjects=100)
    assert delivered.parts == 4
    assert (tmp_path / "parts.parquet").read_bytes() == (output / "data" / f"{name.upper()}.parquet").read_bytes()


def ours(output: Path, name: str) -> pa.Table:
    return pq.read_table(output / "data" / f"{name.upper()}.parquet")


def published(name: str) -> pa.Table:
    return pq.read_table(PUBLISHED / "parquet" / f"{PUBLISHED_AS.get(name, name)}.parquet")


def described(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (PUBLISHED / "labels" / f"{PUBLISHED_AS.get(name, name)}.json").read_text(encoding="utf-8")
    )
    return found


def cells(table: pa.Table, keys: list[str]) -> dict[str, list[Any]]:
    """The columns as Python values, rows in the order of the keys."""
    columns: dict[str, list[Any]] = table.sort_by([(key, "ascending") for key in keys]).to_pydict()
    return columns


def kind(column: pa.DataType) -> str:
    if pa.types.is_string(column) or pa.types.is_large_string(column):
        return "text"
    if pa.types.is_integer(column) or pa.types.is_floating(column):
        return "number"
    return "date" if pa.types.is_date(column) else "datetime" if pa.types.is_timestamp(column) else str(column)


@each_dataset
def test_every_published_row_and_variable_is_there_and_nothing_else(output: Path, name: str) -> None:
    built, known = ours(output, name), published(name)
    assert built.shape == known.shape == SHAPES[name]
    assert sorted(built.column_names) == sorted(known.column_names)
    own, theirs = cells(built, KEYS[name]), cells(known, KEYS[name])
    assert all(own[key] == theirs[key] for key in KEYS[name])


@each_dataset
def test_every_cell_equals_the_published_one_but_for_published_errors(output: Path, name: str) -> None:
    own, theirs = cells(ours(output, name), KEYS[name]), cells(published(name), KEYS[name])
    differences = {
        (variable, row): (mine, given)
        for variable in theirs
        for row, (mine, given) in enumerate(zip(own[variable], theirs[variable], strict=True))
        if mine != given
    }
    assert differences == (published_errors(own) if name == "adrs" else {})


def published_errors(adrs: dict[str, list[Any]]) -> dict[tuple[str, int], tuple[Any, Any]]:
    """The cells of ADRS that are published otherwise than they should be, each with both values."""
    records = list(enumerate(zip(adrs["USUBJID"], adrs["PARAMCD"], strict=True)))
    response = next(row for row, record in records if record == CONFIRMED)
    errors = {(variable, response): (value, OF_NO_RESPONSE[variable]) for variable, value in OF_THE_RESPONSE.items()}
    # the records of measurable disease (MDIS) were made with ADSL's variables, but without the date of randomization
    measurable = [row for row, (_, parameter) in records if parameter == "MDIS" and adrs["RANDDT"][row] is not None]
    assert len(measurable) == 254
    return errors | {("RANDDT", row): (adrs["RANDDT"][row], None) for row in measurable}


@each_dataset
def test_dates_are_dates_datetimes_datetimes_and_numbers_numbers(output: Path, name: str) -> None:
    schema = ours(output, name).schema
    expected = {variable: KINDS[r_class] for variable, r_class in described(name)["r_class"].items()}
    assert {field.name: kind(field.type) for field in schema} == expected


def test_adsl_has_the_file_order_of_the_published_one(output: Path) -> None:
    assert ours(output, "adsl").column_names == published("adsl").column_names


def test_adae_has_keys_then_adsl_then_its_own_variables_in_published_order(output: Path) -> None:
    """Published, AESEQ follows the variables of ADSL and DOMAIN stands among them."""
    keys, subject = KEYS["adae"], published("adsl").column_names
    rest = [v for v in published("adae").column_names if v not in (*keys, *subject, "DOMAIN")]
    included = [v for v in subject if v not in (*keys, "BRTHDTC")]
    assert ours(output, "adae").column_names == [*keys, *included, "DOMAIN", *rest]


@each_dataset
def test_labels_are_the_published_ones_in_the_transport_file(output: Path, name: str) -> None:
    _, meta = pyreadstat.read_xport(output / "adam" / f"{name}.xpt", metadataonly=True)
    assert meta.column_names_to_labels == {v: described(name)["labels"][v] for v in meta.column_names}
    assert meta.file_label == described(name)["label"]


@each_dataset
def test_the_transport_file_reads_back_as_what_was_computed(output: Path, name: str) -> None:
    frame, _ = pyreadstat.read_xport(output / "adam" / f"{name}.xpt", disable_datetime_conversion=True)
    built = ours(output, name)
    assert list(frame.columns) == built.column_names
    for field in built.schema:
        read = [_from_sas(value, kind(field.type)) for value in frame[field.name]]
        assert read == built[field.name].to_pylist(), field.name


def _from_sas(value: Any, wanted: str) -> Any:
    """A cell of the transport file as the Parquet file has it: SAS dates count days, datetimes seconds, from 1960."""
    if value == "" or value != value:
        return None
    if wanted == "date":
        return SAS_EPOCH + dt.timedelta(days=value)
    if wanted == "datetime":
        return dt.datetime.combine(SAS_EPOCH, dt.time()) + dt.timedelta(seconds=value)
    return value


def test_the_helper_dataset_of_single_doses_is_not_delivered(output: Path) -> None:
    assert sorted(path.name for path in (output / "adam").glob("*.xpt")) == [
        "adae.xpt",
        "adrs.xpt",
        "adsl.xpt",
        "adtte.xpt",
    ]
