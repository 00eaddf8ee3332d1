"""lint finds what outputs read and no dataset has, before any data are read."""

import pytest

from sdtm2adam.errors import SpecErrors
from sdtm2adam.pipeline.lint import lint


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("report.yaml", "ADSL.SAFFL", "ADSL.SAFL", "T14_3_1.yaml:6: unknown variable ADSL.SAFL -> did you mean SAFFL?"),
        ("tlf/T14_3_1.yaml", "ADAE.TRTEMFL", "ADAE.TRTEMF", "unknown variable ADAE.TRTEMF -> did you mean TRTEMFL?"),
        ("report.yaml", "ADAE.AEDECOD", "ADAE.AEDECD", "unknown variable ADAE.AEDECD -> did you mean AEDECOD?"),
    ],
)
def test_a_variable_that_no_dataset_has(study, file, old, new, told):
    path = study / "specs" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SpecErrors) as errors:
        lint(study)
    (error,) = errors.value.errors
    assert told in error.message.replace("\n    to mend: ", " -> ")


def test_the_outputs_of_the_starter_study_find_all(study):
    assert lint(study).outputs == 1
