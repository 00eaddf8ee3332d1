"""A term that moved between packages is named with the package that the study chose."""

import pytest
from ct_samples import NY, ONCRSR, write_text
from harness import trial

from sdtm2adam.build.named_terms import named_terms
from sdtm2adam.pipeline.ct import import_package

OLD = (*ONCRSR[:4], [*ONCRSR[4], ("C150611", "MRD NEGATIVITY", "", "Minimal Residual Disease Negative")])
RS = "dataset: RS\nkeys: [RSSEQ]\nrecords:\n  - {from: raw.A, const: {RSSTRESC: MRD NEGATIVITY}}"
CLOSED = RS.replace("const: {RSSTRESC: MRD NEGATIVITY}", "set: {RSSTRESC: {const: MRD NEGATIVITY, codelist: NY}}")


def study(folder, chosen, spec=RS):
    """A study with two packages, one of them chosen."""
    made = trial(folder, spec, study=f"study: S1\nstandards: {{ct: {chosen}}}")
    import_package(write_text(folder, [NY, OLD], name="SDTM Terminology 2015-12-18.txt"), folder)
    import_package(write_text(folder, [NY, ONCRSR], name="SDTM Terminology 2025-03-28.txt"), folder)
    return named_terms(made.specs)


@pytest.mark.bad_input("B032")
def test_a_term_of_an_older_package_is_noted_where_the_newer_is_chosen(tmp_path):
    assert study(tmp_path / "old", "2015-12-18").notes == ()
    note = study(tmp_path / "new", "2025-03-28").notes[0]
    assert note.rule == "codelist-extended"
    assert note.text == (
        "RS.RSSTRESC: not in ONCRSR (C96785) in SDTM CT 2025-03-28, full package, so terms of the sponsor: "
        "MRD NEGATIVITY"
    )


@pytest.mark.parametrize("chosen", ["2015-12-18", "2025-03-28"])
def test_an_error_names_the_chosen_package(tmp_path, chosen):
    error = study(tmp_path, chosen, CLOSED).errors[0]
    assert f"is no term of NY (C66742) in SDTM CT {chosen}, full package" in error.message
    assert "specs/sdtm/RS.yaml:4" in error.where
