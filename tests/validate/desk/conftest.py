"""The browser lies beside the tests of documents, drawn datasets beside those of checks; one visitor sees all pages."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

TESTS = Path(__file__).parents[2]
sys.path[:0] = [str(TESTS / "document"), str(TESTS / "validate")]

from desk_study import ABOUT, CONFLICT, CUTS, HOSTILE, RAW_KEYS, findings, looked_at, raw, study  # noqa: E402
from visitor import Visitor, visitor  # noqa: E402

from sdtm2adam.validate.desk import About, render_dashboard  # noqa: E402

PAGES = ("full", "none", "hostile", "many", "long")


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visitor, dict]]:
    """A visitor, and the pages that may be visited."""
    folder = tmp_path_factory.mktemp("desk")
    hostile = replace(
        CONFLICT, text=HOSTILE, value=HOSTILE, query=HOSTILE, rule=HOSTILE, variable=HOSTILE, site=HOSTILE
    )
    forms = {**raw(), "DEATH": raw()["DEATH"].append_column(HOSTILE, pa.array([HOSTILE] * 2))}
    long = pa.table(
        {
            "SUBJECT": ["102-003"] * 120,
            "RECORDID": list(map(str, range(120))),
            "T": [f"SURVEY {at}" for at in range(120)],
        }
    )
    many = [replace(one, id=f"{one.id}-{copy}") for copy in range(100) for one in findings()]
    made = {
        "full": render_dashboard(
            findings(), looked_at(), study(), about=ABOUT, raw=raw(), raw_keys=RAW_KEYS, history=CUTS
        ),
        "none": render_dashboard([], looked_at(), study(), about=ABOUT),
        "hostile": render_dashboard([hostile], looked_at(), study(), about=About(HOSTILE, marks=(HOSTILE,)), raw=forms),
        "long": render_dashboard(
            [replace(CONFLICT, raw=("LONG RECORDID=77",))], looked_at(), study(), raw={"LONG": long}
        ),
        "many": render_dashboard(many, looked_at(), study(), raw=raw()),
    }
    paths = {name: folder / f"{name}.html" for name in PAGES}
    for name, page in made.items():
        paths[name].write_bytes(page)
    with visitor(folder / "profile") as person:
        yield person, paths
