"""No output of the catalogue is without a second computation of all its numbers, made without the package."""

import ast
import importlib
import inspect
from pathlib import Path

import pytest
from whole_output import WholeOutput
from written_files import body_rows

from sdtm2adam.resources import shelf

OUTPUTS = sorted(path.stem for path in (shelf("specs") / "inovate" / "tlf").glob("*.yaml"))
HERE = Path(__file__).parent
NAMES = {path.stem for path in HERE.glob("*.py")} - {Path(__file__).stem}
SECOND = sorted(name for name in NAMES if name.startswith("recomputed_") or name.endswith("_recomputed"))
HELPERS = ["whole_output", "printed_cells", "table_columns", "written_files", "response_frames"]


@pytest.fixture(scope="module")
def recomputed(study: Path) -> set[str]:
    """The outputs that a test opens with the fixture `whole`, which lets no result pass without comparison."""
    assert study.is_dir()
    found: set[str] = set()
    for name in SECOND:
        for _, test in inspect.getmembers(importlib.import_module(name), inspect.isfunction):
            if test.__module__ == name and hasattr(test, "recomputes"):
                assert "whole" in inspect.signature(test).parameters
                assert test.__name__.startswith("test_")
                found |= set(test.recomputes)
    return found


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_number_of_an_output_is_recomputed(recomputed: set[str], name: str) -> None:
    assert name in recomputed


@pytest.mark.parametrize("name", [*SECOND, *HELPERS])
def test_the_second_computation_uses_nothing_of_the_first(name: str) -> None:
    """What the tests of recomputed numbers import, and what these import of this folder."""
    tree = ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not {each for each in imported if each.split(".")[0] == "sdtm2adam"}
    ours = {each for each in imported if (HERE / f"{each}.py").is_file()}
    assert ours <= {*SECOND, *HELPERS}, "it leads to something that is not looked at here"


def test_a_result_that_nothing_was_compared_with_is_found(output: Path) -> None:
    """Before any comparison every result is left; a comparison with another number fails."""
    table = WholeOutput(output, "T14_1_3")
    assert len(table.left) == len(table.results) > 100
    rows = body_rows(table.path)
    cell = rows[0][1]
    changed = [[rows[0][0], cell.replace(cell[0], str((int(cell[0]) + 1) % 10), 1), *rows[0][2:]], *rows[1:]]
    with pytest.raises(AssertionError):
        table.rows(changed)
    assert len(table.left) == len(table.results)
    table.rows(rows)
    left = set(table.left["analysis_id"])
    assert "A_T14_1_3_000" in left
    with pytest.raises(AssertionError):
        table.notes("baseline MESF: 1, 2, 3")
    assert set(table.left["analysis_id"]) == left
