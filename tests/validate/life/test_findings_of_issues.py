"""An issue becomes one finding a record, with value, subject, site, raw record and query."""

from drawn_datasets import draw
from drawn_findings import ae, issue, one_of, raw_keys, with_lineage

from sdtm2adam.model import Severity
from sdtm2adam.validate.life import findings_of

DM = draw("DM", "USUBJID SITEID\nU-1 101\nU-2 102", keys=("USUBJID",))
AE = with_lineage(ae("S U-1 1 2015-01-01 pain,_severe Y\nS U-2 1 2015-02-01 rash N"), "raw.AE:0 raw.AE:1")
KEYS = raw_keys(AE=[12, 13])


def test_there_is_a_finding_for_each_record_that_is_named():
    both = issue("USUBJID=U-1, AESEQ=1", "USUBJID=U-2, AESEQ=1", variable="AESER", queries=("Why Y?", "Why N?"))
    found = findings_of([both], {"AE": AE, "DM": DM}, KEYS)
    assert [(one.subject, one.site, one.value, one.query, one.raw) for one in found] == [
        ("U-1", "101", "Y", "Why Y?", ("AE RECORDID=12",)),
        ("U-2", "102", "N", "Why N?", ("AE RECORDID=13",)),
    ]
    assert [one.key for one in found] == list(both.keys)


def test_records_that_are_counted_and_not_named_give_one_finding_that_says_how_many():
    found = findings_of([issue("USUBJID=U-1, AESEQ=1", records=1234)], {"AE": AE}, KEYS)
    assert [(one.key, one.text) for one in found] == [
        ("", "It is so. (1,233 more records, not named here)"),
        ("USUBJID=U-1, AESEQ=1", "It is so."),
    ]


def test_an_issue_without_keys_is_one_finding_whatever_it_counts():
    found = one_of(issue(records=288, dataset="raw.AE", variable="AEREPDT", value="x"))
    assert (found.key, found.value, found.text, found.subject) == ("", "x", "It is so.", "")


def test_the_value_is_that_of_the_record_and_not_of_the_first_one():
    both = issue("USUBJID=U-1, AESEQ=1", "USUBJID=U-2, AESEQ=1", variable="AESER", value="Y")
    assert [one.value for one in findings_of([both], {"AE": AE}, KEYS)] == ["Y", "N"]


def test_values_of_the_issue_go_before_those_of_the_dataset():
    said = issue("USUBJID=U-1, AESEQ=1", variable="AESER", values=("2015-01-01 / 2014-12-31",))
    assert one_of(said, [AE], KEYS).value == "2015-01-01 / 2014-12-31"


def test_a_value_that_could_not_be_mapped_is_told_as_it_was_collected():
    said = issue("USUBJID=U-1, raw.AE RECORDID=12", variable="AESER", value="perhaps")
    assert one_of(said, [AE, DM], KEYS) == one_of(said, [DM])
    found = one_of(said, [AE, DM], KEYS)
    assert (found.value, found.subject, found.site, found.raw) == ("perhaps", "U-1", "101", ("AE RECORDID=12",))


def test_a_verbatim_text_with_commas_does_not_break_the_key():
    said = issue("USUBJID=U-1, AESTDTC=2015-01-01, AETERM=pain, severe, raw.AE RECORDID=12", variable="AESER")
    assert one_of(said, [AE], KEYS).value == "Y"


def test_a_name_that_is_no_variable_does_not_hide_the_subject():
    found = one_of(issue("USUBJID=U-1, date=2015-01-02"), [AE, DM], KEYS)
    assert (found.subject, found.site, found.key) == ("U-1", "101", "USUBJID=U-1, date=2015-01-02")


def test_a_raw_record_has_the_subject_of_the_records_made_of_it():
    said = issue("RECORDID=13", dataset="raw.AE", variable="AESERCD", value="?")
    found = one_of(said, [AE, DM], KEYS)
    assert (found.raw, found.subject, found.site, found.value) == (("AE RECORDID=13",), "U-2", "102", "?")


def test_a_raw_record_is_called_by_the_key_of_its_form_whatever_else_names_it():
    short = one_of(issue("RECORDID=13", dataset="raw.AE"), [AE, DM], KEYS)
    long = one_of(issue("USUBJID=U-2, AESTDAT=1 FEB 2015, RECORDID=13", dataset="raw.AE"), [AE, DM], KEYS)
    assert (long.id, long.raw, long.subject) == (short.id, short.raw, "U-2")


def test_numbers_and_dates_in_keys_are_found_however_they_are_written():
    advs = draw("ADVS", "USUBJID ADT:date AVISITN:float AVAL:float\nU-1 2015-01-02 101 37.5", stage="adam",
                keys=("USUBJID", "ADT", "AVISITN"))  # fmt: skip
    for number in ("101", "101.0"):
        said = issue(f"USUBJID=U-1, ADT=2015-01-02, AVISITN={number}", dataset="ADVS", variable="AVAL")
        assert one_of(said, [advs]).value == "37.5"


def test_messages_about_a_dataset_as_a_whole_are_told_apart_by_what_they_are_about():
    def ids(*values):
        return {one.value: one.id for one in findings_of([issue(value=v, text=f"None is {v}.") for v in values], {})}

    assert len(set(ids("a", "b", "c").values())) == 3
    assert ids("a", "c")["c"] == ids("a", "b", "c")["c"]


def test_one_record_met_twice_by_a_rule_gives_two_findings_with_ids_of_their_own():
    twice = issue("USUBJID=U-1, AESEQ=1", "USUBJID=U-1, AESEQ=1", values=("CM 1", "CM 2"))
    found = findings_of([twice], {"AE": AE}, KEYS)
    assert len({one.id for one in found}) == 2


def test_errors_come_first_and_records_in_the_order_of_their_numbers():
    keys = [f"USUBJID=U-1, AESEQ={number}" for number in (10, 9, 1)]
    found = findings_of([issue(*keys), issue(severity=Severity.ERROR, rule="Z")], {})
    assert [one.key for one in found] == ["", *keys[::-1]]


def test_no_issues_give_no_findings():
    assert findings_of([], {"AE": AE}, KEYS) == ()
