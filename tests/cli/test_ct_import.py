"""sdtm2adam ct import: a full official package for a study, and what is said of it."""

import json

from ct_samples import AESEV, LISTS, NY, write_odm, write_text
from starter import call, left, starter, sub

TABLE = "specs/standards/ct_sdtm_2025-03-28.csv"


def test_a_package_comes_into_the_study_and_is_used(tmp_path, study, capsys):
    said = call(capsys, "ct", "import", write_text(tmp_path), study)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"SDTM CT 2025-03-28: 4 codelists, 13 terms in {study / TABLE}",
        "study.yaml chooses it (standards: {ct: 2025-03-28})",
    ]
    lines = (study / TABLE).read_text(encoding="utf-8").splitlines()
    assert lines[0] == "codelist,short,name,extensible,code,term,synonyms,preferred"
    assert lines[2] == "C66742,NY,No Yes Response,No,C48660,NA,NOT APPLICABLE; Not Applicable,Not Applicable"
    assert "The term" not in "".join(lines)  # definitions are left out
    said = call(capsys, "lint", study)
    assert said.code == 0
    assert "terms by SDTM CT 2025-03-28, full package and ADaM CT 2026-03-27, bundled excerpt" in said.out
    assert "note codelist-not-held: AE: values of AEOUT are not checked against OUT (C66768): the standard" in said.out


def test_the_other_form_of_a_package_gives_the_same_bytes_and_other_terms_are_refused(tmp_path, study, capsys):
    call(capsys, "ct", "import", write_text(tmp_path), study)
    first = (study / TABLE).read_bytes()
    said = call(capsys, "ct", "import", write_odm(tmp_path, list(reversed(LISTS))), study)
    assert (said.code, (study / TABLE).read_bytes()) == (0, first)
    assert said.out.startswith("SDTM CT 2025-03-28: 4 codelists, 13 terms are already, the same, in ")
    said = call(capsys, "ct", "import", write_odm(tmp_path, [NY, AESEV]), study)
    assert (said.code, (study / TABLE).read_bytes()) == (2, first)
    assert "SDTM CT 2025-03-28 is there already, with other terms than" in said.err
    assert "to mend: remove it if" in said.err


def test_a_package_that_is_not_chosen_says_how_to_choose_it(tmp_path, study, capsys):
    path = write_text(tmp_path, [NY, ("C1", "E", "Empty", "No", [])], name="terms.txt", standard="ADaM")
    said = call(capsys, "ct", "import", path, study, "--package", "adam", "--version", "2024-09-27")
    assert said.code == 0
    assert said.out.splitlines()[1:] == [
        "left out, for they have no term: C1",
        "to use it, write in study.yaml: standards: {ct_adam: 2024-09-27}",
    ]
    said = call(capsys, "lint", study)
    assert said.code == 2
    assert "ADaM CT 2024-09-27 in specs/standards, and study.yaml chooses none" in said.err


def test_a_broken_study_can_import_all_the_same(tmp_path, capsys):
    study = starter(tmp_path / "study", sub("study.yaml", "standards:", "standrads:"))
    said = call(capsys, "ct", "import", write_text(tmp_path), study)
    assert (said.code, "to use it, write in study.yaml" in said.out) == (0, True)


def test_what_cannot_be_imported_is_said_and_nothing_is_written(tmp_path, study, capsys):
    wrong = tmp_path / "SDTM Terminology 2025-03-28.txt"
    wrong.write_bytes(b"PK\x03\x04")
    for words, code, text in (
        ((wrong, study), 3, "is a workbook or an archive"),
        ((tmp_path / "none.txt", study), 3, "there is no such file"),
        ((wrong, tmp_path), 2, "has no study.yaml"),
        ((wrong, study, "--package", "send"), 2, "'send' is not one of"),
        ((write_text(tmp_path, name="x.txt"), study), 2, "--package sdtm"),
    ):
        said = call(capsys, "ct", "import", *words)
        assert (said.code, text in said.err) == (code, True), said.err
    assert not (study / "specs/standards").exists()


def test_a_term_of_a_spec_that_the_package_has_not_stops_before_data(tmp_path, capsys):
    study = starter(tmp_path / "study", sub("study.yaml", "Died: FATAL", "Died: DEATH"))
    said = call(capsys, "run", study)
    assert said.code == 2
    assert "AE.AEOUT: 'DEATH' is no term of OUT (C66768) in SDTM CT 2025-03-28, bundled excerpt" in said.err
    assert "to mend: " in said.err
    assert left(study) == []


def test_the_record_of_a_run_names_the_package_and_issues_do(tmp_path, capsys):
    study = starter(tmp_path / "study", sub("raw/EVENTS.csv", ",No,", ",Nope,"))
    call(capsys, "ct", "import", write_text(tmp_path), study)
    said = call(capsys, "run", study)
    assert said.code == 1, said.err
    record = json.loads((study / "output/run.json").read_text(encoding="utf-8"))
    assert len(record["specs"][TABLE]) == 64
    found = json.loads((study / "output/issues/issues.json").read_text(encoding="utf-8"))
    texts = [one["text"] for one in (found if isinstance(found, list) else found["issues"])]
    assert "AE.AESER: 'Nope' is no term of NY (C66742) in SDTM CT 2025-03-28, full package" in texts
    assert any("values of AEOUT are not checked" in text for text in texts)
