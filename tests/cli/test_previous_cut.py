"""check --previous: only the cut before of the same study is compared with."""

from starter import call, starter

from sdtm2adam.validate.life import Cut, write_findings


def test_the_findings_of_another_study_are_not_compared_with(tmp_path, capsys):
    study = starter(tmp_path / "s")
    write_findings(Cut((), "OTHER-02", "2020-01-31"), tmp_path / "other")
    said = call(capsys, "check", study, "--previous", tmp_path / "other", "--out", tmp_path / "out")
    assert said.code == 2
    assert "has the findings of study OTHER-02, and this is STARTER" in said.err
    assert "name the folder of an earlier cut of the same study" in said.err
    assert not (tmp_path / "out").exists()


def test_a_cut_is_not_written_over_the_one_before(tmp_path, capsys):
    study = starter(tmp_path / "s")
    assert call(capsys, "check", study).code == 0
    written = (study / "output" / "issues" / "findings.json").read_bytes()
    said = call(capsys, "check", study, "--previous", study / "output")
    assert said.code == 2
    assert "the reports of the cut before would be overwritten" in said.err
    assert "--out FOLDER" in said.err
    assert (study / "output" / "issues" / "findings.json").read_bytes() == written
    assert call(capsys, "check", study, "--previous", study / "output", "--out", tmp_path / "next").code == 0
