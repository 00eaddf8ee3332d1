"""One variable has one type, label and format in all datasets of a study; what differs is told."""

import pyarrow as pa

from sdtm2adam.model import Dataset, Variable
from sdtm2adam.validate.attributes import attribute_issues


def told(*datasets, stage="adam"):
    made = {
        name: Dataset(name, name, stage, "", "", (), tuple(variables), pa.table({}), pa.table({}))
        for name, variables in datasets
    }
    return [(i.dataset, i.rule, i.severity, i.variable) for i in attribute_issues(made)]


AGE = Variable("AGE", "Age", "integer")
NOTHING = pa.table({})


def test_what_agrees_is_not_told():
    assert told(("ADSL", [AGE]), ("ADAE", [Variable("AGE", "Age", "float")]), ("ADRS", [])) == []


def test_text_here_and_number_there_is_an_error():
    assert told(("ADSL", [AGE]), ("ADAE", [AGE]), ("ADRS", [Variable("AGE", "Age", "text")])) == [
        ("ADRS", "type-differs", "error", "AGE")
    ]


def test_a_date_here_and_a_number_there_is_an_error():
    dates = Variable("ADT", "Date", "date"), Variable("ADT", "Date", "integer")
    assert told(("ADAE", dates[:1]), ("ADRS", dates[1:])) == [("ADRS", "type-differs", "error", "ADT")]


def test_another_label_or_format_of_analysis_datasets_is_a_warning():
    other = Variable("AGE", "Age at Entry", "integer", format="3.")
    assert told(("ADSL", [AGE]), ("ADAE", [other])) == [
        ("ADAE", "label-differs", "warning", "AGE"), ("ADAE", "format-differs", "warning", "AGE"),
    ]  # fmt: skip
    assert told(("DM", [AGE]), ("AE", [other]), stage="sdtm") == []


def test_labels_that_the_standard_itself_gives_each_class_agree():
    def flags(label):
        kinds = (("ADAE", "OCCURRENCE DATA STRUCTURE", label), ("ADRS", "BASIC DATA STRUCTURE", "Analysis Flag 01"))
        made = {
            name: Dataset(name, name, "adam", klass, "", (), (Variable("ANL01FL", said, "text"),), NOTHING, NOTHING)
            for name, klass, said in kinds
        }
        return [issue.rule for issue in attribute_issues(made)]

    assert flags("Analysis Record Flag 01") == []
    assert flags("Some Flag") == ["label-differs"]


def test_a_variable_that_nobody_gave_a_label_is_told_in_each_dataset():
    bare = Variable("XX", "XX", "text")
    assert told(("ADSL", [bare]), ("ADAE", [bare])) == [
        ("ADSL", "label-missing", "warning", "XX"), ("ADAE", "label-missing", "warning", "XX"),
    ]  # fmt: skip


def test_supplemental_datasets_speak_for_themselves():
    assert told(("SUPPAE", [Variable("QVAL", "Data Value", "text")]), ("ADAE", [Variable("QVAL", "V", "float")])) == []
