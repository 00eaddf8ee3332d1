"""What rules of analysis datasets need of the engine: sources of records, names that stand for any variable, times."""

from datetime import date, datetime

import pyarrow as pa
import pytest

from sdtm2adam.errors import SpecErrors
from sdtm2adam.model import Dataset, Variable
from sdtm2adam.spec.yaml import loads
from sdtm2adam.validate.sql.check import check_of
from sdtm2adam.validate.sql.examples import Examples, self_test
from sdtm2adam.validate.sql.run import NOT_APPLICABLE, RAN, run_checks


def rule(select, **more):
    said = {"id": "A-RULE", "severity": "error", "text": "Good data are good.", **more}
    lines = [f"{key}: {value}" for key, value in said.items()]
    return check_of(
        loads("\n".join([*lines, "select: |", *(f"  {line}" for line in select.splitlines())]), "r.yaml"), "r"
    )


def dataset(name, columns, keys=("USUBJID",)):
    frame = pa.table(columns)
    variables = tuple(Variable(column, "", "text") for column in frame.column_names)
    return Dataset(name, "", "adam" if name.startswith("AD") else "sdtm", "", "", keys, variables, frame, pa.table({}))


def found(one, *datasets):
    return run_checks([one], {each.name: each for each in datasets})


SOURCES = rule(
    "select D.SRCSEQ, S.value from DATASET as D\n"
    "join meta.sources as S on S.dataset = D.SRCDOM and S.variable = D.SRCVAR and S.USUBJID = D.USUBJID\n"
    "  and S.SEQ is not distinct from as_text(D.SRCSEQ)",
    **{"for": "[ADAM]"},
)


def test_a_source_is_the_value_of_the_record_that_is_named():
    adtte = dataset(
        "ADTTE",
        {
            "USUBJID": ["1", "1", "1", "2"],
            "PARAMCD": ["OS", "PFS", "TTX", "OS"],
            "SRCDOM": ["ADSL", "RS", "ADEX", "RS"],
            "SRCVAR": ["DTHDT", "RSDTC", "ASTDTM", "RSDTC"],
            "SRCSEQ": [None, 2.0, 1.0, 2.0],
        },
        ("USUBJID", "PARAMCD"),
    )
    adsl = dataset("ADSL", {"USUBJID": ["1"], "DTHDT": [date(2014, 3, 5)]})
    adex = dataset("ADEX", {"USUBJID": ["1"], "ASEQ": [1], "ASTDTM": [datetime(2014, 1, 2, 10, 30)]})
    rs = dataset("RS", {"USUBJID": ["1", "1"], "RSSEQ": [1, 2], "RSDTC": ["2014-01", "2014-02"]})
    (issue,) = found(SOURCES, adtte, adsl, adex, rs).issues
    assert issue.values == (
        "SRCSEQ=, value=2014-03-05",
        "SRCSEQ=2, value=2014-02",
        "SRCSEQ=1, value=2014-01-02T10:30:00",
    )
    assert issue.keys == ("USUBJID=1, PARAMCD=OS", "USUBJID=1, PARAMCD=PFS", "USUBJID=1, PARAMCD=TTX")


def test_sources_of_a_package_without_any_are_none():
    adtte = dataset("ADTTE", {"USUBJID": ["1"], "SRCDOM": ["XX"], "SRCVAR": ["XXDTC"], "SRCSEQ": [1.0]})
    result = found(SOURCES, adtte)
    assert result.ran[0].state == RAN
    assert result.issues == ()


def test_a_variable_that_is_shown_and_not_there_makes_a_rule_not_applicable():
    one = rule("select RANDDT, RANDFL from ADSL where RANDFL = 'Y' and RANDDT is null")
    result = found(one, dataset("ADSL", {"USUBJID": ["1"], "RANDDT": [date(2014, 1, 2)]}))
    assert (result.ran[0].state, result.ran[0].why) == (NOT_APPLICABLE, "ADSL has no RANDFL")


def test_an_optional_variable_that_is_shown_and_not_there_is_missing():
    one = rule("select TRTSDT, TRTSDTM from ADSL where TRTSDT is null and TRTSDTM is null", optional="[TRTSDTM]")
    (issue,) = found(one, dataset("ADSL", {"USUBJID": ["1"], "TRTSDT": pa.array([None], pa.date32())})).issues
    assert issue.values == ("TRTSDT=, TRTSDTM=",)


def test_a_star_in_quotes_stands_for_each_variable_that_both_have():
    one = rule(
        'select D."*", A."*" as in_ADSL from DATASET as D join ADSL as A on A.USUBJID = D.USUBJID\n'
        'where as_text(D."*") is distinct from as_text(A."*")',
        **{"for": "[ADAM]", "not": "[ADSL]", "text": '"* is that of ADSL."'},
    )
    adsl = dataset("ADSL", {"USUBJID": ["1", "2"], "AGE": [40, 50], "SAFFL": ["Y", "Y"]})
    adlb = dataset("ADLB", {"USUBJID": ["1", "2"], "AGE": [40.0, 51.0], "SAFFL": ["Y", None], "AVAL": [1.0, 2.0]})
    issues = found(one, adsl, adlb).issues
    assert [(issue.variable, issue.text.split(".")[0], issue.values) for issue in issues] == [
        ("AGE", "AGE is that of ADSL", ("AGE=51, in_ADSL=50",)),
        ("SAFFL", "SAFFL is that of ADSL", ("SAFFL=, in_ADSL=Y",)),
    ]


@pytest.mark.parametrize("select", ["select * from ADSL", "select A.* from ADSL as A"])
def test_a_bare_star_is_refused(select):
    with pytest.raises(SpecErrors, match="without a name"):
        rule(select)


def test_examples_may_hold_times_of_day():
    one = rule('select "*TM" from DATASET where not contains(cast("*TM" as varchar), \':\')', **{"for": "[ADAM]"})
    given = Examples({"ADSL": "USUBJID,TRTSTM\n1,10:30:00\n2,"}, {"ADSL": "USUBJID,TRTSTM,!\n1,half past ten,x"})
    ((_, fault),) = self_test([one], {"A-RULE": given}).faults
    assert fault.startswith("fails: ")
    assert "half past ten" in fault
