"""Values: terms, flags, dates, study days, durations, pairs and results, each met and each broken."""

import pyarrow as pa
import pytest
from drawn_datasets import dataset_of, draw, issues, only, rules

from sdtm2adam.validate.run import check_dataset, check_datasets


@pytest.mark.bad_input("B064")
def test_a_value_outside_a_closed_list_is_an_error_for_each_value():
    dataset = draw(
        "AE", "USUBJID AESEV\nS-1 MILD\nS-2 BAD\nS-3 BAD\nS-4 Mild\nS-5 .",
        AESEV={"terms": ("MILD", "SEVERE"), "extensible": False},
    )  # fmt: skip
    assert [(i.rule, i.value, i.records, i.severity) for i in issues(dataset)] == [
        ("codelist", "BAD", 2, "error"),
        ("codelist", "Mild", 1, "error"),
    ]


@pytest.mark.bad_input("B065")
def test_a_new_value_of_an_extensible_list_is_a_note_and_a_miswritten_one_an_error():
    dataset = draw("VS", "USUBJID VSPOS\nS-1 SITTING\nS-2 LYING\nS-3 Sitting", VSPOS={"terms": ("SITTING",)})
    assert [(i.rule, i.value, i.severity) for i in issues(dataset)] == [
        ("codelist-spelling", "Sitting", "error"),
        ("codelist-extended", "LYING", "note"),
    ]


def test_a_result_is_a_number_or_a_term():
    table = "USUBJID LBSTRESC\nS-1 5.2\nS-2 <0.1\nS-3 NEGATIVE\nS-4 Ngative\nS-5 -3e2"
    closed = draw("LB", table, LBSTRESC={"terms": ("NEGATIVE", "POSITIVE"), "extensible": False})
    (found,) = issues(closed)
    assert (found.rule, found.value) == ("codelist", "Ngative")


@pytest.mark.bad_input("B064")
def test_a_suggestion_has_the_same_letters_and_never_only_looks_alike():
    terms = ("EVERY EVENING", "pg/L", "QD")
    dataset = draw("CM", "USUBJID CMDOSFRQ\nS-1 q.d.\nS-2 EVERY_MORNING\nS-3 pg/mL", CMDOSFRQ={"terms": terms})
    assert [(one.value, one.text.partition("'. ")[2]) for one in issues(dataset)] == [
        ("EVERY MORNING", ""), ("pg/mL", ""), ("q.d.", "The term is QD."),
    ]  # fmt: skip


def test_visits_that_differ_in_the_last_bits_are_one_visit():
    frame = pa.table({"USUBJID": ["S-1", "S-2"], "VISITNUM": [9.3, 9.299999999999999], "VISIT": ["W9", "W9"]})
    dataset = dataset_of("LB", frame, ["text", "float", "text"])
    sv = draw("SV", "USUBJID VISITNUM:float\nS-1 9.3\nS-2 9.3", keys=("USUBJID", "VISITNUM"))
    assert check_datasets({"LB": dataset, "SV": sv}).issues == ()


def test_many_wrong_values_are_told_in_one_more_issue():
    lines = "\n".join(f"S-{i} V{i:02d}" for i in range(14))
    dataset = draw("AE", f"USUBJID AESEV\n{lines}", AESEV={"terms": ("MILD",), "extensible": False})
    found = issues(dataset)
    assert len(found) == 11
    assert sum(issue.records for issue in found) == 14


@pytest.mark.parametrize(
    ("stage", "flag", "value", "wrong"),
    [
        ("sdtm", "LBLOBXFL", "N", True),
        ("sdtm", "DTHFL", "N", True),
        ("sdtm", "LBLOBXFL", "Y", False),
        ("adam", "ABLFL", "N", True),
        ("adam", "ANL01FL", "N", True),
        ("adam", "AOCCPFL", "N", True),
        ("adam", "CD22EVFL", "N", False),
        ("adam", "CD22EVFL", "1", True),
    ],
)
def test_flags_are_y_or_n_or_y_alone(stage, flag, value, wrong):
    found = issues(draw("LB" if stage == "sdtm" else "ADX", f"USUBJID {flag}\nS-1 {value}\nS-2 .", stage=stage))
    assert ("flag" in {issue.rule for issue in found}) is wrong


def test_population_flags_are_never_missing_in_adsl():
    report = check_dataset(draw("ADSL", "USUBJID SAFFL\nS-1 Y\nS-2 .", stage="adam", keys=("USUBJID",)))
    assert rules(report) == [("required-null", "SAFFL", 1)]


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2024", True), ("2024-02", True), ("2024-02-29", True), ("2023-02-29", False), ("1900-02-29", False),
        ("2000-02-29", True), ("2024-13", False), ("2024-00", False), ("2024-04-31", False), ("2024-04-00", False),
        ("2024---15", True), ("2024---32", False), ("--02-30", False), ("--02-29", True), ("-----31", True),
        ("2024-02-29T23:59", True), ("2024-02-29T24:00", False), ("2024-02-29T10:60", False), ("2024-02-29T10", True),
        ("2024-02-29T10:30:59.25", True), ("2024-02-29T-:30", True), ("2024-02-29T10:-:30", True),
        ("2024-02-29T-", False), ("2024-02T10:30", False), ("2024-02-29T10:30+09:00", True),
        ("2024-02-29T10:30Z", True),
        ("2024-02-01/2024-02-03", True), ("2024-02-01/2024-02-30", False), ("29FEB2024", False), ("2024-2-9", False),
        ("20240229", False), ("2024-02-29 ", False), ("0000-01-01", False), ("--13", False), ("unknown", False),
    ],
)  # fmt: skip
def test_a_date_is_on_the_calendar_and_on_the_clock(text, good):
    frame = pa.table({"USUBJID": ["S-1", "S-2"], "AESTDTC": [text, None]})
    found = [issue.rule for issue in issues(dataset_of("AE", frame, ["text", "text"]))]
    assert ("date" not in found) is good


def test_a_study_day_is_never_0():
    assert only(draw("AE", "USUBJID AESTDY:integer\nS-1 0\nS-2 -1\nS-3 ."), "day-zero").records == 1


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("2024-03-02", "2024-03-01", True), ("2024-03-01", "2024-03-01", False), ("2024-03", "2024-02-28", True),
        ("2024-03-31", "2024-03", False), ("2024-03-01T10:00", "2024-03-01", False), ("2024---15", "2024-01-01", False),
        ("2024-03-01T10:01", "2024-03-01T10:00", True), ("2025", "2024---15", True), (".", "2024", False),
        ("2024-03-01T23:00+09:00", "2024-03-01T15:00Z", False), ("--03-01", "2024", False),
    ],
)  # fmt: skip
@pytest.mark.bad_input("B058")
def test_a_start_is_not_after_the_end_on_the_precision_of_both(start, end, wrong):
    found = [issue.rule for issue in issues(draw("AE", f"USUBJID AESTDTC AEENDTC\nS-1 {start} {end}"))]
    assert found == (["start-end"] if wrong else [])


@pytest.mark.bad_input("B072")
def test_analysis_dates_and_ranges_are_in_order():
    dataset = draw("ADSL", "USUBJID TRTSDT:date TRTEDT:date\nS-1 2024-02-02 2024-02-01\nS-2 2024-02-02 .", stage="adam")
    assert rules(check_dataset(dataset)) == [("start-end", "TRTSDT", 1)]
    limits = draw("LB", "USUBJID LBSTNRLO:float LBSTNRHI:float\nS-1 5 3\nS-2 3 5")
    assert rules(check_dataset(limits)) == [("start-end", "LBSTNRLO", 1)]


def test_the_record_that_does_not_agree_with_the_others_is_named():
    table = "USUBJID VISITNUM:float VISIT\nS-1 1 DAY_1\nS-2 1 DAY_1\nS-3 1 DAY_2\nS-4 2 DAY_8\nS-5 . DAY_9"
    issue = only(draw("SV", table, keys=("USUBJID",)), "one-to-one")
    assert (issue.records, issue.keys, issue.value) == (1, ("USUBJID=S-3",), "1 / DAY 2")


@pytest.mark.bad_input("B078")
def test_one_partner_with_two_codes_is_an_issue():
    table = "USUBJID LBTESTCD LBTEST\nS-1 HGB Hemoglobin\nS-2 HB Hemoglobin\nS-3 HGB Hemoglobin"
    assert only(draw("LB", table), "one-to-one").records == 1


def test_a_result_is_standardised_and_what_was_not_done_has_none():
    table = (
        "USUBJID LBORRES LBSTRESC LBSTAT LBREASND\nS-1 5 . . .\nS-2 5 5 NOT_DONE CLOTTED\nS-3 6 6 . LATE\nS-4 6 6 . ."
    )
    assert rules(check_dataset(draw("LB", table))) == [
        ("filled-only-with", "LBREASND", 1),
        ("filled-with", "LBSTRESC", 1),
        ("missing-with", "LBORRES", 1),
        ("missing-with", "LBSTRESC", 1),
    ]


def test_one_baseline_for_a_subject_and_test():
    table = "USUBJID LBTESTCD LBSPEC LBLOBXFL\nS-1 HGB BLOOD Y\nS-1 HGB BLOOD Y\nS-1 HGB URINE Y\nS-1 HGB BLOOD ."
    assert only(draw("LB", table), "flag-once").records == 2
    table = "USUBJID PARAMCD ABLFL\nS-1 HGB Y\nS-1 HGB Y\nS-2 HGB Y"
    assert only(draw("ADLB", table, stage="adam"), "flag-once").records == 2


def test_times_and_decimals_are_compared_and_named():
    frame = pa.table(
        {
            "USUBJID": ["S-1", "S-2", "S-3"],
            "APSDT": pa.array([36_000, 36_001, None], pa.int32()).cast(pa.time32("s")),
            "APEDT": pa.array([36_000, 36_000, 1], pa.int32()).cast(pa.time32("s")),
            "AVAL": pa.array([1, 2, None], pa.int64()).cast(pa.decimal128(38, 0)),
        }
    )
    found = issues(dataset_of("ADX", frame, ["text", "time", "time", "float"], stage="adam", keys=("USUBJID",)))
    assert [(one.rule, one.value) for one in found] == [("start-end", "10:00:01 / 10:00:00"), ("type", "")]


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("P2D", True), ("PT8H30M", True), ("-PT15M", True), ("P2W", True), ("P1Y2M3DT4H5M6.5S", True), ("P0.5D", True),
        ("P", False), ("PT", False), ("P1DT", False), ("2D", False), ("P2H", False), ("P1W2D", False),
        ("PT5S3M", False),
    ],
)  # fmt: skip
def test_a_duration_is_written_as_iso_8601(text, good):
    found = [issue.rule for issue in issues(draw("CM", f"USUBJID CMDUR\nS-1 {text}\nS-2 ."))]
    assert found == ([] if good else ["duration"])


def test_a_code_can_become_a_name_and_a_test_a_label():
    frame = pa.table({"USUBJID": ["S-1"] * 3, "LBTESTCD": ["HGB", "1HGB", "TOOLONGCD"], "LBTEST": ["a", "b", "c" * 41]})
    dataset = dataset_of("LB", frame, ["text"] * 3)
    assert rules(check_dataset(dataset)) == [("code-form", "LBTESTCD", 2), ("test-length", "LBTEST", 1)]
