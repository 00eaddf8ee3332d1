"""Checks put to datasets: what their names stand for, what is told of what they find, what does not apply or run."""

import pyarrow as pa
import pytest

from sdtm2adam.errors import SpecErrors
from sdtm2adam.model import Dataset, Severity, Variable
from sdtm2adam.spec.yaml import loads
from sdtm2adam.validate.sql.check import check_of
from sdtm2adam.validate.sql.run import run_checks


def check(select, **more):
    said = {"id": "A-CHECK", "severity": "error", "text": "Good data are good.", **more}
    lines = [f"{key}: {value}" for key, value in said.items()]
    return check_of(
        loads("\n".join([*lines, "select: |", *(f"  {line}" for line in select.splitlines())]), "r.yaml"), "r"
    )


def dataset(name, columns, keys=("USUBJID",), label=""):
    stage = "adam" if name.startswith("AD") else "sdtm"
    frame = pa.table(columns)
    variables = tuple(Variable(column, "", "text") for column in frame.column_names)
    return Dataset(name, label, stage, "", "", keys, variables, frame, pa.table({}))


def found(one, *datasets, **more):
    return run_checks([one], {each.name: each for each in datasets}, **more)


AE = dataset(
    "AE",
    {
        "USUBJID": ["1", "1", "2"], "AESEQ": [1, 2, 1], "AESTDTC": ["2014-03", "2014-02-01", None],
        "AEENDTC": ["2014-02", "2014-02-01", "2013"],
    },
    ("USUBJID", "AESEQ"),
)  # fmt: skip
START_END = check(
    'select "--STDTC", "--ENDTC" from DATASET where low("--STDTC") > high("--ENDTC")',
    **{"for": "[EVENTS, INTERVENTIONS]", "text": "--STDTC is not after --ENDTC.", "ids": "[SD0013]"},
)


def test_a_record_is_named_with_what_it_has():
    (issue,) = found(START_END, AE).issues
    assert (issue.dataset, issue.rule, issue.variable, issue.severity) == ("AE", "A-CHECK", "AESTDTC", Severity.ERROR)
    assert issue.keys == ("USUBJID=1, AESEQ=1",)
    assert issue.values == ("AESTDTC=2014-03, AEENDTC=2014-02",)
    assert issue.text == "AESTDTC is not after AEENDTC. 1 of 3 records does not meet this."
    assert issue.source == "A-CHECK (SD0013)"


def test_a_check_of_a_class_is_put_to_each_dataset_of_it():
    cm = dataset("CM", {"USUBJID": ["1"], "CMSEQ": [1], "CMSTDTC": ["2014"], "CMENDTC": ["2013"]}, ("USUBJID", "CMSEQ"))
    lb = dataset("LB", {"USUBJID": ["1"], "LBSEQ": [1], "LBSTDTC": ["2014"], "LBENDTC": ["2013"]})
    result = found(START_END, AE, cm, lb)
    assert [issue.dataset for issue in result.issues] == ["AE", "CM"]
    assert result.ran[0].datasets == ("AE", "CM")


def test_a_dataset_without_a_variable_is_not_judged_and_this_is_said():
    mh = dataset("MH", {"USUBJID": ["1"], "MHSEQ": [1], "MHSTDTC": ["2014"]})
    (ran,) = found(START_END, mh).ran
    assert (ran.state, ran.why) == ("not applicable", "MH has no MHENDTC")
    (ran,) = found(START_END, dataset("DM", {"USUBJID": ["1"]})).ran
    assert (ran.state, ran.why) == ("not applicable", "there is no dataset of EVENTS, INTERVENTIONS")


def test_an_optional_variable_counts_as_missing():
    one = check("select AESER from AE where AESER = 'Y' and AESDTH is null", optional="[AESDTH]")
    ae = dataset("AE", {"USUBJID": ["1"], "AESEQ": [1], "AESER": ["Y"]}, ("USUBJID", "AESEQ"))
    assert len(found(one, ae).issues) == 1


def test_what_the_data_do_not_fit_could_not_run_and_has_not_passed():
    one = check("select AESEQ from AE where AESEQ > date '2014-01-01'")
    (ran,) = found(one, AE).ran
    assert ran.state == "could not run"
    assert ran.why.startswith("AE: ")


def test_pairs_of_names_are_found_by_their_letters():
    one = check(
        'select "*FN", "*FL" from DATASET where ("*FL" = \'Y\') <> ("*FN" = 1)',
        **{"for": "ADSL", "text": "'*FN fits *FL.'"},
    )
    adsl = dataset(
        "ADSL", {"USUBJID": ["1", "2"], "SAFFL": ["Y", "N"], "SAFFN": [1, 0], "ITTFL": ["Y", "Y"], "ITTFN": [1, 0]}
    )
    (issue,) = found(one, adsl).issues
    assert (issue.variable, issue.keys) == ("ITTFN", ("USUBJID=2",))
    assert issue.text.startswith("ITTFN fits ITTFL.")


def test_names_with_digits_and_a_limit_to_names():
    one = check('select "TRT##A" from DATASET where "TRT##P" is null', **{"for": "ADSL", "names": "TRT0[12]A"})
    columns = {f"TRT0{i}{end}": ["x" if end == "A" else None] for i in (1, 2, 3) for end in "AP"}
    assert [issue.variable for issue in found(one, dataset("ADSL", {"USUBJID": ["1"], **columns})).issues] == [
        "TRT01A",
        "TRT02A",
    ]


def test_blank_text_is_missing():
    one = check("select AETERM from AE where AETERM is null")
    ae = dataset(
        "AE", {"USUBJID": ["1", "2", "3"], "AESEQ": [1, 1, 1], "AETERM": ["", "  ", "Pain"]}, ("USUBJID", "AESEQ")
    )
    assert found(one, ae).issues[0].records == 2


def test_a_record_that_a_join_finds_twice_is_told_once():
    one = check("select d.USUBJID from DM d join AE a on a.USUBJID = d.USUBJID")
    (issue,) = found(one, dataset("DM", {"USUBJID": ["1", "2", "3"]}), AE).issues
    assert issue.records == 2


def test_metadata_name_dataset_variable_and_value():
    one = check(
        "select dataset, variable, value, records from meta.texts where strlen(value) > 5 and variable = 'AETERM'"
    )
    ae = dataset("AE", {"USUBJID": ["1", "2"], "AESEQ": [1, 1], "AETERM": ["Headache", "Pain"]}, ("USUBJID", "AESEQ"))
    (issue,) = found(one, ae).issues
    assert (issue.dataset, issue.variable, issue.value, issue.records) == ("AE", "AETERM", "Headache", 1)
    assert issue.keys == ("USUBJID=1, AESEQ=1",)


def test_a_query_speaks_of_each_record():
    one = check("select AESTDTC, AEENDTC from AE where AESEQ = 1", query='"Start {AESTDTC}, end {AEENDTC}?"')
    (issue,) = found(one, AE).issues
    assert issue.queries == ("Start 2014-03, end 2014-02?", "Start (missing), end 2013?")


def test_raw_forms_are_read_and_their_records_named():
    one = check("select EOTDAT from raw.EOT where EOTDAT < '2014'")
    raw = {"EOT": pa.table({"SUBJECT": ["7", "8"], "RECORDID": [11, 12], "EOTDAT": ["2013-05-01", "2014-05-01"]})}
    (issue,) = found(one, raw=raw).issues
    assert (issue.dataset, issue.keys) == ("raw.EOT", ("SUBJECT=7, RECORDID=11",))


def test_a_record_of_a_feed_is_named_by_the_key_of_its_contract():
    one = check("select FINAL from raw.EAC where FINAL = 'CR'")
    eac = pa.table({"USUBJID": ["S-7", "S-7", None], "RECORDID": [1, 2, 3], "FINAL": ["CR", "PR", "CR"]})
    keys = pa.table({"row": [4, 8, 9], "SUBJ": ["7", "7", "8"], "CYCLE": ["C1", "C2", None]})
    (issue,) = found(one, raw={"EAC": eac}, raw_keys={"raw.EAC": keys}).issues
    assert issue.keys == ("USUBJID=S-7, SUBJ=7, CYCLE=C1", "SUBJ=8, CYCLE=")
    (issue,) = found(one, raw={"EAC": eac}, raw_keys={"raw.EAC": keys.select(["row"])}).issues
    assert issue.keys == ("USUBJID=S-7, RECORDID=1", "RECORDID=3")


def test_a_record_of_a_form_without_any_key_is_named_by_its_row():
    one = check("select FINAL from raw.EAC where FINAL = 'CR'")
    (issue,) = found(one, raw={"EAC": pa.table({"FINAL": ["PR", "CR"]})}).issues
    assert issue.keys == ("row 2",)


def test_what_asks_for_a_whole_package_does_not_apply_to_a_part():
    one = check(
        "select stage from meta.stages where not exists (select 1 from meta.datasets as d where d.dataset = 'TS')",
        whole="yes", about="TS", severity="reject",
    )  # fmt: skip
    (issue,) = found(one, AE).issues
    assert (issue.dataset, issue.severity) == ("TS", Severity.ERROR)
    assert "reject" in issue.text
    (ran,) = found(one, AE, part=True).ran
    assert ran.state == "not applicable"


def test_the_order_of_records_changes_nothing_that_is_told():
    turned = dataset("AE", {name: AE.frame[name].to_pylist()[::-1] for name in AE.frame.column_names}, AE.keys)
    told = [(i.text, set(i.keys), set(i.values)) for i in found(START_END, AE).issues]
    assert told == [(i.text, set(i.keys), set(i.values)) for i in found(START_END, turned).issues]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"severity": "fatal"}, "severity 'fatal'"),
        ({"id": "lower-case"}, "no id"),
        ({"for": "[EVENTS]"}, "for: names datasets"),
        ({"query": "Ask {NOTHING}."}, "{NOTHING}"),
        ({"sever": "error"}, "unknown word sever"),
        ({"names": "'[A'"}, "names:"),
    ],
)
def test_a_file_that_says_it_wrongly_is_refused(more, told):
    with pytest.raises(SpecErrors) as error:
        check("select A from DM", **more)
    assert told in str(error.value)
