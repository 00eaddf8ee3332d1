"""check --self-test: the checks of the folder it names are tried too, whether it is a study or holds datasets."""

import pytest
from click.testing import CliRunner

from sdtm2adam.cli import commands
from sdtm2adam.validate import examine
from sdtm2adam.validate.sql.examples import SelfTest


@pytest.mark.parametrize(
    ("made", "own"), [("study.yaml", True), ("validation/edit_checks/mine.yaml", True), ("dm.parquet", False)]
)
def test_own_checks_are_tried_where_there_are_some(tmp_path, monkeypatch, made, own):
    asked = []
    monkeypatch.setattr(examine, "try_checks", lambda study: asked.append(study) or SelfTest(3, ()))
    (tmp_path / made).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / made).write_text("", encoding="utf-8")
    said = CliRunner().invoke(commands, ["check", str(tmp_path), "--self-test"], standalone_mode=False)
    assert asked == [tmp_path if own else None]
    assert said.output.startswith("3 checks tried on their examples, 0 do not tell them apart")
