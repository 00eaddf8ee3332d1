"""CDISC CORE, by a stand-in that fails in the ways we know: what could not run is an error, never "nothing found"."""

import os
import sys
import time
from pathlib import Path

import pytest
from core_stand_in import AE, ISSUES, SKIPPED, STUDY, asked_of, broken, failed, rule, stand_in, write_transport

from sdtm2adam.errors import InputError, UsageError
from sdtm2adam.model import Severity
from sdtm2adam.validate.core import find_core, run_core

CLEAN = [rule("CORE-000001")]
BROKEN = [broken("CORE-000001", "AE", {"AETERM": "X"}, row=1, subject="S1-001", sequence=1)]


@pytest.fixture
def ask(tmp_path):
    """Runs the stand-in over the transport files of the study."""

    def run(datasets=STUDY, question=None, **plan):
        program = stand_in(tmp_path / "program", **({"rules": CLEAN} | plan))
        return run_core(
            program, write_transport(tmp_path / "sdtm"), datasets, **({"version": "3.4"} | (question or {}))
        )

    return run


def only_fault(answer):
    """The text of the one issue of an answer, which must be an error that nothing ran."""
    assert not answer.is_whole
    (issue,) = answer.issues
    assert (issue.rule, issue.severity, issue.records) == ("core-could-not-run", Severity.ERROR, 0)
    assert "To mend: " in issue.text
    return f"{issue.dataset}: {issue.text}"


def is_alive(process):
    """Whether a process runs; one that has ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_crash_is_told_with_its_last_words_and_without_temporary_names(ask):
    answer = ask(mode="crash")
    assert (
        "STUDY: CDISC CORE: It ended with exit status 1; its last words: KeyError: 'a fault of its own in FOLDER'"
        in (only_fault(answer))
    )
    assert answer.summary == "CDISC CORE could not run: nothing was looked at"
    assert ask(mode="crash") == answer


def test_a_program_that_hangs_is_ended_with_all_it_has_started(ask, tmp_path):
    assert "ended after 1.5 seconds without an answer" in only_fault(ask(mode="hang", question={"timeout": 1.5}))
    child = int((tmp_path / "program" / "child").read_text())
    for _ in range(100):
        if not is_alive(child):
            break
        time.sleep(0.05)
    assert not is_alive(child)


def test_an_exit_without_a_report_is_not_nothing_found(ask):
    assert "It ended without a report" in only_fault(ask(mode="silent"))


def test_a_report_beside_an_exit_status_is_not_believed(ask):
    answer = ask(rules=[rule("CORE-000001", ISSUES)], details=BROKEN, status=3)
    assert "exit status 3" in only_fault(answer)


def test_a_report_that_is_no_json_is_not_nothing_found(ask):
    assert "Its report is not JSON" in only_fault(ask(mode="garbage"))


@pytest.mark.parametrize(
    "section", ["Conformance_Details", "Dataset_Details", "Issue_Summary", "Issue_Details", "Rules_Report"]
)
def test_a_report_of_unknown_structure_is_not_nothing_found(ask, section):
    assert f"report has no {section}" in only_fault(ask(without=[section]))


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"rules": [{"status": "SUCCESS"}]}, "has no core_id"),
        ({"rules": [{"core_id": "CORE-000001"}]}, "has no status"),
        ({"rules": ["CORE-000001"]}, "Rules_Report is not made of names and values"),
        ({"details": [BROKEN[0] | {"core_id": ""}]}, "has no core_id"),
        ({"details": BROKEN, "summary": [{"core_id": "CORE-000001"}]}, "no number of issues for CORE-000001"),
        ({"details": [BROKEN[0] | {"values": ["X", "Y"]}]}, "do not go together"),
    ],
)
def test_a_line_that_cannot_be_understood_is_not_passed_over(ask, plan, said):
    assert said in only_fault(ask(**plan))


@pytest.mark.parametrize("rules", [[], [rule("CORE-000001", SKIPPED), rule("CORE-000002", SKIPPED)]])
def test_an_answer_of_no_rules_is_not_nothing_found(ask, rules):
    told = "2 skipped" if rules else "it knows none"
    answer = ask(rules=rules, question={"standard": "adamig", "version": "1-3"})
    assert f"No rule ran for ADAMIG 1.3 ({told})" in only_fault(answer)
    assert answer.ran == 0


def test_a_dataset_that_was_not_read_is_told_and_the_others_stand(ask):
    answer = ask(rules=[rule("CORE-000001", ISSUES)], details=BROKEN, read=[["AE", 4]])
    fault, issue = answer.issues
    assert (fault.dataset, fault.rule, fault.severity) == ("DM", "core-could-not-run", Severity.ERROR)
    assert "The file dm.xpt was not read" in fault.text
    assert issue.rule == "CORE-000001"


def test_a_dataset_that_was_read_in_part_is_told(ask):
    assert "AE: CDISC CORE: 3 of 4 records of ae.xpt were read" in only_fault(ask(read=[["AE", 3], ["DM", 2]]))


def test_a_file_whose_name_core_lost_is_told(ask):
    """What CORE 0.17.1 does with one byte outside ASCII: the dataset has no name, all its rules are skipped, exit 0."""
    answer = ask(read=[["", None], ["DM", 2]])
    assert [one.dataset for one in answer.issues] == ["AE", "STUDY"]
    assert "datasets without a name" in answer.issues[1].text
    assert "2 records of 1 dataset looked at" in answer.summary


def test_a_report_of_other_datasets_is_not_believed(ask):
    answer = ask(rules=[rule("CORE-000001", ISSUES)], details=BROKEN, read=[["AE", 4], ["DM", 2], ["LB", 9]])
    assert "Its report is of other datasets than those given: LB" in only_fault(answer)


@pytest.mark.parametrize("head", [{"Standard": "SENDIG"}, {"Version": "V3.3"}])
def test_a_report_of_another_standard_is_not_believed(ask, head):
    answer = ask(rules=[rule("CORE-000001", ISSUES)], details=BROKEN, head=head)
    assert "asked was SDTMIG 3.4" in only_fault(answer)


def test_another_terminology_than_asked_is_told(ask):
    answer = ask(head={"CT_Version": "sdtmct-2020-12-18"}, question={"terminology": ["sdtmct-2025-03-28"]})
    assert "It judged by the terminology sdtmct-2020-12-18, not by sdtmct-2025-03-28" in only_fault(answer)


def test_a_terminology_that_is_not_in_the_cache_is_told(ask, tmp_path):
    cache = tmp_path / "program" / "resources" / "cache"
    cache.mkdir(parents=True)
    (cache / "sdtmct-2024-09-27.pkl").write_bytes(b"")
    assert ask(question={"terminology": ["sdtmct-2024-09-27"]}).is_whole
    answer = ask(question={"terminology": ["sdtmct-2025-03-28"]})
    assert "Its cache has no terminology sdtmct-2025-03-28" in only_fault(answer)


def test_an_engine_that_cannot_tell_failed_from_skipped_is_told(ask):
    assert "CORE 0.14.2 counts rules that failed as skipped" in only_fault(ask(head={"CORE_Engine_Version": "0.14.2"}))


def test_a_limit_of_issues_is_told(ask):
    assert "CORE stops at 10 issues of a rule" in only_fault(ask(head={"Issue_Limit_Per_Rule": 10}))


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"rules": [rule("CORE-000001", ISSUES)]}, "counts more issues than it names, for CORE-000001"),
        ({"details": BROKEN, "summary": [{"core_id": "CORE-000001", "issues": 7}]}, "more issues than it names"),
        ({"details": [BROKEN[0] | {"core_id": "CORE-000009"}]}, "rules it does not list: CORE-000009"),
    ],
)
def test_a_report_that_contradicts_itself_is_told(ask, plan, said):
    answer = ask(**plan)
    assert not answer.is_whole
    assert said in answer.issues[0].text


def test_all_faults_of_the_study_stand_in_one_issue(ask):
    answer = ask(rules=[], head={"Issue_Limit_Per_Rule": 10})
    assert only_fault(answer).count("To mend: ") == 2


def test_bytes_outside_ascii_are_told_before_core_stumbles_over_them(tmp_path):
    folder = write_transport(tmp_path / "sdtm")
    path = folder / "ae.xpt"
    path.write_bytes(path.read_bytes().replace(b"SEPSIS", b"SEPS\x92S"))
    program = stand_in(tmp_path / "program", rules=CLEAN)
    (issue,) = run_core(program, folder, STUDY, version="3.4").issues
    assert (issue.dataset, issue.rule, issue.severity) == ("AE", "core-not-ascii", Severity.WARNING)
    assert (issue.variable, issue.records) == ("AETERM", 1)
    assert "1 of 4 records of ae.xpt" in issue.text


def test_a_dataset_without_a_transport_file_is_told_as_not_read(ask):
    fault = only_fault(ask(datasets=STUDY | {"LB": AE}))
    assert fault.startswith("LB: CDISC CORE: The folder sdtm has no transport file of it")


def test_a_folder_without_transport_files_is_told_and_nothing_is_asked(tmp_path):
    program = stand_in(tmp_path / "program", rules=CLEAN)
    (tmp_path / "empty").mkdir()
    assert "holds no .xpt file" in only_fault(run_core(program, tmp_path / "empty", {}, version="3.4"))
    assert not (program.parent / "asked.json").exists()


def test_a_damaged_transport_file_stops(tmp_path):
    folder = write_transport(tmp_path / "sdtm")
    (folder / "ae.xpt").write_bytes((folder / "ae.xpt").read_bytes()[:-80])
    with pytest.raises(InputError, match=r"ae\.xpt"):
        run_core(stand_in(tmp_path / "program", rules=CLEAN), folder, STUDY, version="3.4")


def test_two_files_of_one_dataset_stop(tmp_path):
    folder = write_transport(tmp_path / "sdtm")
    (folder / "ae2.xpt").write_bytes((folder / "ae.xpt").read_bytes())
    with pytest.raises(InputError, match=r"ae\.xpt and ae2\.xpt both hold the dataset AE"):
        run_core(stand_in(tmp_path / "program", rules=CLEAN), folder, STUDY, version="3.4")


def test_a_file_that_is_no_program_is_told(tmp_path):
    program = stand_in(tmp_path / "program", rules=CLEAN)
    program.write_text("#!/no/such/interpreter\n")
    answer = run_core(program, write_transport(tmp_path / "sdtm"), STUDY, version="3.4")
    assert "core could not be started" in only_fault(answer)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _: None, "CORE is not there"),
        (lambda path: path.mkdir(), "neither `core` nor `core.py`"),
        (lambda path: path.write_text("x"), "may not be executed"),
    ],
)
def test_a_path_without_a_program_stops_with_a_way_out(tmp_path, make, said):
    make(tmp_path / "core-0.17")
    with pytest.raises(UsageError, match=said) as stopped:
        find_core(tmp_path / "core-0.17")
    assert stopped.value.mend


def test_a_define_that_is_not_there_stops(tmp_path):
    program = stand_in(tmp_path / "program", rules=CLEAN)
    with pytest.raises(UsageError, match=r"define\.xml is not there"):
        run_core(program, tmp_path, {}, version="3.4", define=tmp_path / "define.xml")


def test_the_script_runs_with_the_python_of_the_environment_beside_it(tmp_path):
    script = stand_in(tmp_path / "program", rules=CLEAN).rename(tmp_path / "program" / "core.py")
    python = script.parent / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    assert find_core(script.parent).command == (str(python), str(script))
    assert run_core(script, write_transport(tmp_path / "sdtm"), STUDY, version="3.4").is_whole
    assert asked_of(script)["files"] == ["ae.xpt", "dm.xpt"]


def test_the_script_runs_with_the_python_that_was_given(tmp_path):
    script = stand_in(tmp_path / "program", rules=CLEAN).rename(tmp_path / "program" / "core.py")
    assert find_core(script, Path(sys.executable)).command[0] == sys.executable
    with pytest.raises(UsageError, match="no Python is found"):
        find_core(script, tmp_path / "python3.12")


def test_the_script_without_a_python_3_12_stops_with_a_way_out(tmp_path, monkeypatch):
    script = stand_in(tmp_path / "program", rules=CLEAN).rename(tmp_path / "program" / "core.py")
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(UsageError, match=r"no Python 3\.12") as stopped:
        find_core(script)
    assert "venv" in stopped.value.mend


def test_reasons_are_the_same_in_each_run_though_they_name_the_temporary_folder(ask):
    rules = [rule("CORE-000001"), rule("CORE-000002", "EXECUTION ERROR")]
    (issue,) = ask(rules=rules, details=[failed("CORE-000002", "AE", "cannot open %HERE%/data/ae.xpt")]).issues
    assert issue.values == ("rule execution error - cannot open FOLDER/data/ae.xpt: it failed",)


def test_reasons_of_failed_rules_are_cut_to_a_line(ask):
    rules = [rule("CORE-000001"), rule("CORE-000002", "EXECUTION ERROR")]
    (issue,) = ask(rules=rules, details=[failed("CORE-000002", "AE", "Traceback\n" + "x" * 900)]).issues
    assert len(issue.values[0]) == 200
    assert "\n" not in issue.values[0]
