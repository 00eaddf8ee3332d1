"""Datasets beside each other: subjects, copies, deaths, parents of supplemental qualifiers."""

from drawn_datasets import draw, issues, only

from sdtm2adam.model import Severity
from sdtm2adam.validate.run import check_dataset, check_datasets

DM = draw("DM", "USUBJID DTHFL DTHDTC AGE:integer\nS-1 . . 50\nS-2 Y 2024-02-10 60", keys=("USUBJID",))


def test_every_subject_is_in_dm_and_an_unknown_one_holds_the_dataset_back():
    dataset = draw("AE", "USUBJID AESEQ:integer\nS-1 1\nS-9 1\nS-9 2")
    issue = only(dataset, "subject-known", DM)
    assert (issue.records, issue.keys) == (2, ("USUBJID=S-9, AESEQ=1", "USUBJID=S-9, AESEQ=2"))
    assert check_dataset(dataset, beside={"DM": DM}).is_gated("AE")


def test_every_subject_of_an_analysis_dataset_is_in_adsl():
    adsl = draw("ADSL", "USUBJID AGE:integer\nS-1 50", stage="adam", keys=("USUBJID",))
    dataset = draw("ADAE", "USUBJID\nS-1\nS-2", stage="adam")
    assert only(dataset, "subject-known", DM, adsl).text.startswith("Every subject is in ADSL.")


def test_copies_have_the_value_of_adsl_and_adsl_that_of_dm():
    adsl = draw("ADSL", "USUBJID AGE:float SAFFL\nS-1 50 Y\nS-2 61 N", stage="adam", keys=("USUBJID",))
    assert (only(adsl, "same-value", DM).variable, only(adsl, "same-value", DM).keys) == ("AGE", ("USUBJID=S-2",))
    copy = draw("ADAE", "USUBJID AGE:integer SAFFL\nS-1 50 Y\nS-2 61 .", stage="adam")
    assert only(copy, "same-value", adsl).variable == "SAFFL"


def test_death_flag_and_date_go_together():
    dataset = draw("DM", "USUBJID DTHFL DTHDTC\nS-1 . 2024-02-10\nS-2 Y .\nS-3 Y 2024\nS-4 . .", keys=("USUBJID",))
    assert [(i.variable, i.severity, i.keys) for i in issues(dataset)] == [
        ("DTHFL", "error", ("USUBJID=S-1",)),
        ("DTHDTC", "warning", ("USUBJID=S-2",)),
    ]


def test_what_begins_after_death_is_a_warning():
    table = "USUBJID AESEQ:integer AESTDTC\nS-1 1 2024-05-01\nS-2 1 2024-02-10T23:00\nS-2 2 2024-02\nS-2 3 2024-02-11"
    issue = only(draw("AE", table), "after-death", DM)
    assert (issue.severity, issue.keys) == (Severity.WARNING, ("USUBJID=S-2, AESEQ=3",))


def test_supplemental_qualifiers_lead_to_a_record():
    ae = draw("AE", "USUBJID AESEQ:integer\nS-1 1\nS-2 2")
    table = """RDOMAIN USUBJID IDVAR IDVARVAL QNAM
               AE      S-1     AESEQ 1        A
               AE      S-1     AESEQ 2        A
               AE      S-2     AESEQ 2.0      A
               AE      S-2     XSEQ  2        A
               CM      S-2     CMSEQ 2        A"""
    issue = only(draw("SUPPAE", table), "parent", ae, DM)
    assert issue.records == 4
    whole = draw("SUPPDM", "RDOMAIN USUBJID IDVAR IDVARVAL QNAM\nDM S-1 . . A\nDM S-9 . . A")
    assert only(whole, "parent", DM).records == 1


def test_relations_between_datasets_name_no_subject():
    cm = draw("CM", "USUBJID CMLNKID\nS-1 A")
    table = "RDOMAIN USUBJID IDVAR IDVARVAL RELID\nCM . CMLNKID . R\nCM S-1 CMLNKID A R\nCM S-1 CMLNKID B R"
    relrec = draw("RELREC", table)
    assert only(relrec, "parent", cm, DM).records == 1


def test_checks_leave_the_dataset_as_it_was():
    dataset = draw("AE", "USUBJID AESEQ:integer AESTDTC\nS-1 1 2024-13\nS-1 1 .", keys=("USUBJID",))
    before = dataset.frame.slice(0)
    check_datasets({"AE": dataset, "DM": DM})
    assert dataset.frame.equals(before)
