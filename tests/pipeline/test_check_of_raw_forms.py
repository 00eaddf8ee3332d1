"""Edit checks of raw forms in a study: their records are named by the keys of the contracts."""

from pathlib import Path

from sdtm2adam.pipeline.check import check

ASKED = """
checks:
  - {id: ARM-A, severity: note, text: Nobody is in arm A., select: "select ARM from raw.RANDOM where ARM = 'A'"}
  - {id: DOSE-50, severity: note, text: No dose is 50 mg., select: "select DOSE from raw.DOSE where number(DOSE) = 50"}
"""


def test_a_record_is_named_by_the_key_of_its_contract(study: Path) -> None:
    (study / "validation/edit_checks").mkdir(parents=True)
    (study / "validation/edit_checks/own.yaml").write_text(ASKED, encoding="utf-8")
    contract = study / "specs/raw/DOSE.yaml"
    text = contract.read_text(encoding="utf-8")
    contract.write_text(text.replace("key: [RECORDID]", "key: [SUBJECT, STDAT]"), encoding="utf-8")
    findings = [one for one in check(study).life.findings if one.rule in ("ARM-A", "DOSE-50")]
    first = {one.rule: one for one in reversed(findings)}
    assert len(findings) > 2
    arm, dose = first["ARM-A"], first["DOSE-50"]
    assert (arm.key, arm.raw, arm.subject) == (
        "USUBJID=STARTER-01-101-001, SUBJ=101-001", ("RANDOM SUBJ=101-001",), "STARTER-01-101-001",
    )  # fmt: skip
    assert dose.raw == ("DOSE SUBJECT=101-001, STDAT=14 JAN 2025",)
    assert dose.subject == arm.subject
