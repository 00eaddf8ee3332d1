"""Named settings: choices in study.yaml that stand as `$NAME` in the specs of datasets and outputs."""

import json
import re

import pytest
from harness import is_drawn, trial

from sdtm2adam.errors import SpecError
from sdtm2adam.pipeline.lint import lint
from sdtm2adam.pipeline.outputs import read_report
from sdtm2adam.pipeline.record import write_record
from sdtm2adam.resources import shelf
from sdtm2adam.spec.library import read_specs
from sdtm2adam.spec.settings import Naming, Setting
from sdtm2adam.spec.yaml import Text, loads
from sdtm2adam.validate.run import Report

RS = """
USUBJID RSSEQ:integer V   ADT:date
S1-1    1             CR  2014-02-01
S1-1    2             PD  2014-03-01
S1-2    1             CRi 2014-02-01
S1-3    1             PR  2014-02-01
"""
STUDY = """
study: S1
settings:
  REMISSION: {value: [CR, CRi], status: V, text: answers that are a remission, source: the protocol}
  DAYS: {value: 10, status: P, text: days after the answer}
  EVENTS: {value: [PD, GONE], status: M, text: events}
  WORD: {value: Good, status: P, text: what a good answer is called}
"""
ADX = """
dataset: ADX
class: OTHER
keys: [RSSEQ]
records:
  - {from: RS, where: V in ($REMISSION), copy: [RSSEQ, V, ADT], const: {WORD: It is $WORD}}
variables:
  LATER: {sql: "ADT + $DAYS", label: Later}
checks:
  - {id: LATE, expect: LATER > ADT, severity: warning, text: $WORD}
"""


def replaced(text, **values):
    """The tree of a text with settings put in."""
    made = {name: Setting(value=value, status="P", text=Text("t")) for name, value in values.items()}
    return Naming(made).replaced(loads(text, "x.yaml"))


def fault(folder, *specs, study=STUDY, **data):
    """The message of a study whose specs cannot be read."""
    with pytest.raises(SpecError) as error:
        read_specs(trial(folder, *specs, study=study, sdtm={"RS": RS}, **data).folder)
    return error.value.message


def test_a_setting_stands_for_its_name_in_conditions_expressions_and_constants(tmp_path):
    made = trial(tmp_path, ADX, study=STUDY, sdtm={"RS": RS})
    is_drawn(
        made.build().datasets["ADX"],
        """
    USUBJID RSSEQ V   WORD       LATER
    S1-1    1     CR  It_is_Good 2014-02-11
    S1-2    1     CRi It_is_Good 2014-02-11
    """,
    )
    assert made.specs.settings_used == {"REMISSION", "DAYS", "WORD"}
    assert made.specs.adam["ADX"].checks[0].text == "Good"


def test_a_list_stands_where_its_name_stands_alone_and_is_laid_out_among_others():
    events = (Text("PD"), Text("DEATH"))
    tree = replaced("{all: $E, more: [A, $E, B], one: [$E], in: X in ($E)}", E=events)
    assert tree == {
        "all": ["PD", "DEATH"], "more": ["A", "PD", "DEATH", "B"], "one": ["PD", "DEATH"], "in": "X in ('PD', 'DEATH')",
    }  # fmt: skip
    assert replaced("a: x in ($E)", E=(Text("it's"),)) == {"a": "x in ('it''s')"}
    assert replaced("a: x in ($E)", E=(Text("it's"),))["a"].where == "x.yaml:1"


def test_the_name_is_the_longest_that_stands_there_and_may_be_a_key():
    values = {"A": Text("1"), "AB": Text("2"), "A_B": Text("3")}
    assert replaced("{x: $A $AB-$A_B. $Ab, N$A: y}", **values) == {"x": "1 2-3. 1b", "N1": "y"}


def test_a_format_of_sas_is_no_setting():
    assert replaced("V: {const: x, format: $CHAR8.}") == {"V": {"const": "x", "format": "$CHAR8."}}


def test_columns_of_foreach_and_settings_stand_beside_each_other(tmp_path):
    """A short column does not eat the beginning of a setting; a value of foreach may name a setting."""
    spec = """
    dataset: ADX
    class: BDS
    keys: [PARAMCD]
    records:
      - foreach: [{D: A, LIST: $REMISSION}, {D: B, LIST: "'$WORD'"}]
        id: Q$DX
        from: RS
        where: V in ($LIST)
        set: {AVAL: $DAYS}
        const: {PARAM: "$DAYS days $DD"}
    """
    spec = "\n".join(line[4:] for line in spec.splitlines())
    made = trial(tmp_path, spec, study=STUDY, sdtm={"RS": RS}).build()
    is_drawn(
        made.datasets["ADX"],
        """
    USUBJID PARAMCD PARAM      AVAL
    S1-1    QAX     10_days_AD 10
    S1-2    QAX     10_days_AD 10
    """,
    )


NAMELESS = "no setting of study.yaml is called $DAY\n    to mend: did you mean DAYS?"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("$DAYS", "$DAY", f":7: {NAMELESS}"),
        ("{from: RS,", "{foreach: [{DAYS: 3}], from: RS,", ":5: foreach: DAYS is a setting of the study too\n"),
        (
            "{from: RS,",
            "{foreach: [{EVAL: X}], from: $EVLA,",
            ":5: no column of foreach and no setting of study.yaml is called $EVLA\n    to mend: did you mean EVAL?",
        ),
        ("{WORD: It is $WORD}", "{GOOD: x, $BIG: y}", ":5: the key 'GOOD' stands twice, made of '$BIG'\n"),
        ("{WORD: It", "{$REMISSION: It", ":5: a list is no key, made of '$REMISSION'\n"),
        ("V in ($REMISSION)", "$REMISSION", ":5: ADX.records.0.where: a text is expected here, not a list"),
    ],
)
def test_a_wrong_name_is_refused(tmp_path, old, new, message):
    assert old in ADX
    study = STUDY + "  BIG: {value: GOOD, status: P, text: t}\n"
    assert fault(tmp_path, ADX.replace(old, new), study=study).startswith(f"specs/adam/ADX.yaml{message}")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("{days: {value: 1, status: P, text: t}}", "settings: 'days' is no name of a setting\n    to mend: capital"),
        ("{A: {value: [], status: P, text: t}}", "study.yaml:2: study.settings.A.value: value: holds nothing"),
        ("{A: {value: 1, status: X, text: t}}", "study.yaml:2: study.settings.A.status: 'X' is not one of V, D, M, P"),
        ("{A: {value: $B, status: P, text: t}}", "study.yaml:2: study.settings.A.value: value: names the setting $B"),
        ("{A: {value: 1, text: t}}", "study.yaml:2: study.settings.A: the key 'status' is missing"),
        ("{A: {value: 1, status: P}}", "study.yaml:2: study.settings.A: the key 'text' is missing"),
        ("{A: {value: {B: 1}, status: P, text: t}}", "study.yaml:2: study.settings.A.value: "),
        ("{A: {valu: 1, status: P, text: t}}", "study.yaml:2: study.settings.A.valu: unknown key 'valu'"),
    ],
)
def test_a_wrong_setting_is_refused(tmp_path, settings, message):
    assert message in fault(tmp_path, study=f"study: S1\nsettings: {settings}\n")


def test_a_setting_that_no_spec_names_is_told_by_lint(tmp_path):
    made = trial(tmp_path, ADX, study=STUDY + "data: {sdtm: data}\n", sdtm={"RS": RS})
    notes = [issue for issue in lint(made.folder).notes if issue.rule == "setting-unused"]
    assert [(issue.variable, issue.severity.value, issue.source) for issue in notes] == [
        ("EVENTS", "note", "study.yaml:5"),
    ]  # fmt: skip


def test_settings_stand_in_the_record_of_the_run_and_in_the_methods_of_variables(tmp_path):
    made = trial(tmp_path, ADX, study=STUDY, sdtm={"RS": RS})
    built = made.build()
    write_record(made.specs, made.inputs, built, Report((), {}, ()), tmp_path, {})
    found = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["settings"]
    assert found["REMISSION"] == {
        "value": ["CR", "CRi"], "status": "V", "text": "answers that are a remission", "source": "the protocol",
    }  # fmt: skip
    assert found["DAYS"] == {"value": "10", "status": "P", "text": "days after the answer"}
    methods = {variable.name: variable.method for variable in built.datasets["ADX"].variables}
    assert methods["LATER"] == "ADT + 10 (settings: DAYS = 10 [P])"


def test_outputs_name_settings_too(tmp_path):
    bundled = shelf("specs") / "inovate"
    settings = re.search(
        r"^settings:.*", (bundled / "study.yaml").read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    word = "\n  WORD: {value: Good, status: P, text: what a good age is called}\n"
    made = trial(tmp_path, study=f"study: INO-SIM-1022\ncutoff: 2016-03-08\n{settings.group()}{word}")
    for name in ("tlf/T14_1_2.yaml", "report.yaml"):
        path = made.folder / "specs" / name
        path.parent.mkdir(exist_ok=True)
        text = (bundled / name).read_text(encoding="utf-8").replace("Age (years)", "Age ($WORD)")
        path.write_text(text, encoding="utf-8")
    found = read_report(made.specs)
    assert {"WORD", "COX_TIES", "MIN_ARM"} <= found.settings_used
    assert found.report.params.min_arm == 5
    assert found.outputs["T14_1_2"].rows[0].label == "Age (Good)"
