"""The results of the whole report as data: the files that hold them together say what those of the outputs say."""

import json
from collections import Counter
from pathlib import Path

import jsonschema
import pandas as pd
import pyreadstat
import pytest

from sdtm2adam.resources import shelf

OUTPUTS = sorted(path.stem for path in (shelf("specs") / "inovate" / "tlf").glob("*.yaml"))
MODEL = Path(__file__).parents[4] / "shared" / "standards" / "ars_ldm_v1.schema.json"


@pytest.fixture(scope="module")
def every(output: Path) -> pd.DataFrame:
    return pd.read_parquet(output / "results" / "ard_all.parquet")


@pytest.fixture(scope="module")
def event(output: Path) -> dict:
    return json.loads((output / "results" / "ars.json").read_text(encoding="utf-8"))


def test_all_results_of_all_outputs_are_there_once(output: Path, every: pd.DataFrame) -> None:
    assert sorted(every["output_id"].unique()) == OUTPUTS
    assert every["result_id"].is_unique
    for name, part in every.groupby("output_id"):
        own = pd.read_parquet(output / "results" / f"{name}.parquet")
        assert part["result_id"].tolist() == own["result_id"].tolist()
        assert part["stat"].tolist() == pytest.approx(own["stat"].astype(float).tolist(), abs=0, rel=0, nan_ok=True)


def test_numerators_and_denominators_are_results_and_members_are_there(output: Path, every: pd.DataFrame) -> None:
    known = set(every["result_id"])
    assert set(every["num_id"]) | set(every["den_id"]) <= known | {""}
    members = pd.read_parquet(output / "results" / "ard_member.parquet")
    assert set(every.loc[every["n_rec"] > 0, "member_id"]) == set(members["member_id"])


def test_the_transport_files_hold_the_same_records(output: Path, every: pd.DataFrame) -> None:
    read, _ = pyreadstat.read_xport(output / "results" / "ard.xpt")
    assert read["RESID"].tolist() == every["result_id"].tolist()
    assert read["STATN"].tolist() == pytest.approx(every["stat"].tolist(), abs=0, rel=0, nan_ok=True)
    members, _ = pyreadstat.read_xport(output / "results" / "ardmem.xpt")
    assert len(members) == len(pd.read_parquet(output / "results" / "ard_member.parquet"))


@pytest.mark.shared
@pytest.mark.skipif(not MODEL.is_file(), reason="the published model is not beside the repository")
def test_the_report_is_valid_against_the_published_model(event: dict) -> None:
    model = json.loads(MODEL.read_text(encoding="utf-8"))
    closed = {"$schema": model["$schema"], "$defs": model["$defs"], "$ref": "#/$defs/ReportingEvent"}
    assert [error.message for error in jsonschema.Draft7Validator(closed).iter_errors(event)] == []


def test_the_report_in_the_standard_has_every_result_and_every_condition(event: dict, every: pd.DataFrame) -> None:
    said = Counter((one["id"], result["operationId"]) for one in event["analyses"] for result in one["results"])
    assert said == Counter(zip(every["analysis_id"], every["op_id"], strict=True))
    assert [one["id"] for one in event["outputs"]] == OUTPUTS
    assert [one["id"] for one in event["dataSubsets"] if not {"condition", "compoundExpression"} & one.keys()] == []
    assert {one["id"] for one in event["dataSubsets"]} == set(every["subset_id"]) - {""}


def test_the_files_of_every_output_are_where_the_report_says(output: Path, event: dict) -> None:
    for one in event["outputs"]:
        places = [output / "results" / file["location"] for file in one["fileSpecifications"]]
        assert len(places) >= 2
        assert all(place.resolve().is_file() for place in places)
    assert all((output / "results" / one["location"]).is_file() for one in event["referenceDocuments"])
