"""Terms that specs name are judged before any data: constants, maps, codes, literals."""

import pytest
from harness import STUDY, trial

from sdtm2adam.build.named_terms import named_terms
from sdtm2adam.spec.packages import bundled_terminology

AE = "dataset: AE\nkeys: [AESEQ]\nrecords:\n  - from: raw.A\n    set: {{AETERM: T}}\n{}"

HELD = len(bundled_terminology().called("LBTESTCD")[0].terms)


def found(folder, spec, study=STUDY, **more):
    """What is found in one spec: messages of errors, then notes as rule and text."""
    named = named_terms(trial(folder, spec, study=study, **more).specs)
    return [error.message for error in named.errors], [(one.rule, one.text) for one in named.notes]


@pytest.mark.parametrize(
    "said",
    [
        "    const: {AESEV: HARSH}",
        "variables: {AESEV: {const: HARSH}}",
        "variables: {AESEV: {const: HARSH, when: AETERM = 'x'}}",
        "variables:\n  AESEV: \"'HARSH'\"",
        "variables: {AESEV: case when AETERM = 'x' then 'MILD' else 'HARSH' end}",
        "variables: {AESEV: \"coalesce(AETERM, ('HARSH'))\"}",
        "variables: {AESEV: \"recode(AETERM, 'HOW')\"}\nmaps: {HOW: {a: HARSH, b: MILD}}",
        "variables: {AESEV: AETERM}\nmaps: {AESEV: {a: HARSH, b: MILD}}",
        "variables:\n  AESEV: {exists: {from: AE, then: HARSH}}",
        "variables:\n  _S: {const: HARSH, like: AESEV}",
    ],
)
def test_a_term_that_a_closed_list_has_not_is_an_error_wherever_it_stands(tmp_path, said):
    errors, notes = found(tmp_path, AE.format(said))
    assert len(errors) == 1
    first, mend = errors[0].split("\n")
    assert "specs/sdtm/AE.yaml:" in first or "sdtm/AE.yaml:" in first
    assert first.endswith(
        "AE.AESEV: 'HARSH' is no term of AESEV (C66769) in SDTM CT 2025-03-28, bundled excerpt, "
        "and the list takes no other"
    )
    assert (
        mend.strip()
        == "to mend: known: MILD, MODERATE, SEVERE (codelist: none on the variable lets a value stand that must)"
    )
    assert notes == []


@pytest.mark.parametrize(
    "said",
    [
        "    const: {AESEV: MILD}",
        "    const: {AESEV: mild}",  # becomes the term, as data would
        "    const: {AESEV: Grade 1}",
        "    const: {AESEV: bad}\nmaps: {AESEV: {bad: SEVERE}}",
        "variables: {AESEV: {const: HARSH, codelist: none}}",
        "variables: {AESEV: {sql: AETERM, codelist: none}}\nmaps: {AESEV: {a: HARSH}}",
        "variables: {AESEV: {const: 'Y', codelist: NY}}",
        "variables: {AESEV: \"case when AETERM = 'HARSH' then 'MILD' end\"}",  # compared, not given
        "maps: {AEACN: {a: NONSENSE}}",  # the variable is not filled
        "variables: {_AESEV: {const: HARSH}}",
    ],
)
def test_what_is_or_becomes_a_term_is_no_fault(tmp_path, said):
    assert found(tmp_path, AE.format(said)) == ([], [])


def test_the_nearest_terms_are_named(tmp_path):
    errors, _ = found(tmp_path, AE.format("    const: {AEOUT: RECOVERED/SOLVED}"))
    assert "did you mean RECOVERED/RESOLVED or NOT RECOVERED/NOT RESOLVED or RECOVERING/RESOLVING?" in errors[0]


def test_a_map_gives_the_term_itself_not_another_name_of_it(tmp_path):
    errors, _ = found(tmp_path, AE.format("variables: {AELOC: AETERM, AESEV: AETERM}\nmaps: {AESEV: {a: Mild}}"))
    assert "'Mild' is another name of MILD of AESEV (C66769)" in errors[0]
    assert errors[0].endswith("to mend: say MILD")


def test_a_map_of_the_study_is_judged_in_each_dataset_that_fills_its_variable(tmp_path):
    study = STUDY + "maps: {AEOUT: {Better: IMPROVED}, SEX: {x: Q}}\n"
    errors, _ = found(tmp_path, AE.format("variables: {AEOUT: AETERM}"), study)
    assert len(errors) == 1
    assert errors[0].startswith("study.yaml:4: AE.AEOUT: 'IMPROVED' is no term of OUT (C66768)")


def test_a_term_beside_an_extensible_list_is_a_note_with_terms_much_alike(tmp_path):
    spec = """dataset: RS
keys: [RSSEQ]
records:
  - from: raw.A
    unpivot: {OVRLRSP: {RSORRES: T}, OVRLRESP: {RSORRES: T}, BESTPOSS: {RSORRES: T}}
    const: {RSSTRESC: MRD NEGATIVITY}
variables: {RSSTRESN: {const: '1'}}
"""
    errors, notes = found(tmp_path, spec)
    assert errors == []
    assert notes == [
        ("codelist-extended", ("RS.RSSTRESC: not in ONCRSR (C96785) in SDTM CT 2025-03-28, bundled excerpt, "
         "so terms of the sponsor: MRD NEGATIVITY")),
        ("codelist-extended", ("RS.RSTESTCD: not in ONCRTSCD (C96782) in SDTM CT 2025-03-28, bundled excerpt, "
         "so terms of the sponsor: BESTPOSS, OVRLRSP (near OVRLRESP)")),
    ]  # fmt: skip


def test_a_result_may_be_a_number(tmp_path):
    spec = "dataset: RS\nkeys: [RSSEQ]\nrecords:\n  - {from: raw.A, const: {RSSTRESC: '0.5', RSORRES: '3'}}"
    assert found(tmp_path, spec) == ([], [])


def test_what_the_excerpt_does_not_hold_is_a_note_and_not_an_error(tmp_path):
    spec = "dataset: LB\nkeys: [LBSEQ]\nrecords:\n  - {from: raw.A, unpivot: {HGB: {LBORRES: T}, OURS: {LBORRES: T}}}"
    errors, notes = found(tmp_path, spec)
    assert errors == []
    assert notes == [
        ("codelist-not-held", ("LB.LBTESTCD: not among the terms at hand: OURS; SDTM CT 2025-03-28, bundled excerpt "
         f"holds {HELD} of the 2,438 terms of LBTESTCD (C65047); import the full package to know "
         "(sdtm2adam ct import FILE)")),
    ]  # fmt: skip


def test_a_list_without_a_term_at_hand_is_told_once_for_its_variables(tmp_path):
    spec = "dataset: OE\nkeys: [OESEQ]\nrecords:\n  - {from: raw.A, unpivot: {X: {OEORRES: T}, Y: {OEORRES: T}}}"
    named = named_terms(trial(tmp_path, spec).specs)
    assert (named.errors, named.notes) == ((), ())
    assert [(one.rule, one.severity, one.text) for one in named.unchecked] == [
        ("codelist-not-held", "note", ("OE: values of OETESTCD are not checked against OETESTCD (C117743): "
         "SDTM CT 2025-03-28, bundled excerpt holds none of its 63 terms; import the full package "
         "(sdtm2adam ct import FILE)")),
    ]  # fmt: skip


def test_adam_gives_terms_as_they_are(tmp_path):
    spec = """dataset: ADRS
class: BDS
keys: [PARAMCD]
records:
  - {from: raw.A, const: {PARAMCD: X, PARAM: X, DTYPE: %s}}
"""
    assert found(tmp_path / "a", spec % "LOCF") == ([], [])
    errors, notes = found(tmp_path / "b", spec % "locf")
    assert "ADRS.DTYPE: 'locf' is another name of LOCF of DTYPE (C81224) in ADaM CT 2026-03-27" in errors[0]
    errors, notes = found(tmp_path / "c", spec % "MINE")
    assert (errors, [rule for rule, _ in notes]) == ([], ["codelist-extended"])


def test_an_expression_that_cannot_be_read_is_told_elsewhere(tmp_path):
    assert found(tmp_path, AE.format("variables: {AESEV: case when}")) == ([], [])
