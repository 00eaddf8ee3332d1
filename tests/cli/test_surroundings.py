"""The same bytes wherever and however the program is started."""

import json

import pytest
from starter import TEMPLATE, call, left, starter, without


def files(study):
    """All that a run writes but its record, by name."""
    return {name: (study / "output" / name).read_bytes() for name in left(study) if name != "run.json"}


@pytest.mark.bad_input("B098")
def test_place_locale_time_zone_hash_seed_jobs_and_order_of_rows_change_no_byte(study, program, capsys, tmp_path):
    assert call(capsys, "run", study).code == 0
    expected = files(study)
    assert call(capsys, "run", study).code == 0
    assert files(study) == expected  # a second run

    strange = starter(tmp_path / "a folder [é]" / "stüdy 1")
    for path in (strange / "raw").glob("*.csv"):
        head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text(head + "".join(reversed(rows)), encoding="utf-8", newline="")
    run = program("run", ".", "--jobs", 1, cwd=strange, LC_ALL="C", TZ="Pacific/Kiritimati", PYTHONHASHSEED="7")
    out, err = run.communicate(timeout=120)
    assert run.returncode == 0, out + err
    assert files(strange) == expected


def test_a_relative_study_an_own_output_folder_and_data_elsewhere(tmp_path, capsys, monkeypatch):
    study = starter(tmp_path / "study", without("raw"))
    monkeypatch.chdir(tmp_path)
    assert call(capsys, "run", "study", "--data", f"raw={TEMPLATE / 'raw'}", "--out", "out/here").code == 0
    assert not (study / "output").exists()
    record = json.loads((tmp_path / "out/here/run.json").read_text(encoding="utf-8"))
    assert record["inputs"]["raw/DOSE"]["path"] == str(TEMPLATE / "raw/DOSE.csv")
    assert (tmp_path / "out/here/tlf/T14_3_1.rtf").is_file()


def test_a_folder_whose_name_is_no_text_is_told_and_not_met_with_a_fault_of_our_own(tmp_path, program):
    study = starter(tmp_path / "stüdy")
    run = program("run", study, LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="utf-8")
    _, err = run.communicate(timeout=60)
    assert run.returncode in (0, 2)
    assert "internal error" not in err
