"""shell: mock shells of all outputs without data, refused where they would replace a run."""

import json
import shutil

import pytest
from click.testing import CliRunner

from sdtm2adam.cli import commands
from sdtm2adam.errors import SpecError, UsageError
from sdtm2adam.pipeline.shell import shell


def test_shells_of_all_outputs_are_written_without_any_data(study):
    shutil.rmtree(study / "raw")
    made = shell(study)
    names = {path.relative_to(study / "shells").as_posix() for path in made.documents.files}
    assert {"tlf/T14_3_1.rtf", "tlf/T14_3_1.docx", "results/T14_3_1.display.json"} <= names
    assert made.documents.outputs == ("T14_3_1",)
    text = (study / "shells/tlf/T14_3_1.rtf").read_text(encoding="ascii")
    assert "SHELL" in text
    assert "DRAFT" not in text
    assert "Data: none" in text
    pages = json.loads((study / "shells/results/T14_3_1.display.json").read_text(encoding="utf-8"))
    assert not any(ids for page in pages for row in page["body"] for ids in row["result_ids"])


def test_a_final_study_has_shells_called_shell(study):
    path = study / "study.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("status: DRAFT", "status: FINAL"), encoding="utf-8")
    shell(study)
    assert "FINAL" not in (study / "shells/tlf/T14_3_1.rtf").read_text(encoding="ascii")


def test_the_same_specs_give_the_same_shells(study, tmp_path):
    first, second = shell(study), shell(study, tmp_path / "again")
    for one, other in zip(first.documents.files, second.documents.files, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_shells_do_not_replace_the_output_of_a_run(again):
    before = {path: path.read_bytes() for path in (again / "output/tlf").iterdir()}
    with pytest.raises(UsageError, match="holds the output of a run"):
        shell(again, again / "output")
    assert {path: path.read_bytes() for path in (again / "output/tlf").iterdir()} == before


def test_shells_are_not_written_among_the_data(study):
    with pytest.raises(UsageError, match="raw data of the study"):
        shell(study, study / "raw" / "shells")


def test_a_study_without_outputs_has_no_shells(study):
    shutil.rmtree(study / "specs/tlf")
    with pytest.raises(SpecError, match="the study has no outputs"):
        shell(study)


def test_the_command_tells_what_it_wrote(study, monkeypatch):
    monkeypatch.chdir(study)
    done = CliRunner().invoke(commands, ["shell"], standalone_mode=False)
    assert done.output == "1 shell, 7 files in shells\n"
    assert done.return_value == 0
