"""The public SDTM and ADaM as a package: each error and warning is on the list below, looked up in the records.

All are the publisher's: the data are what teaching material made of a pilot study of 2006, and nothing of them is ours.
"""

from collections import Counter
from pathlib import Path

import pytest

from sdtm2adam.model import Severity
from sdtm2adam.pipeline.check import check
from sdtm2adam.validate.examine import read_checks

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not DATA.is_dir(), reason="the public study is not beside the repository"),
]


def package(place, *names):
    """A folder with sdtm/ and adam/ of the public Parquet files; of those named, or of all."""
    for folder, stage in (("pharmaversesdtm", "sdtm"), ("pharmaverseadam", "adam")):
        (place / stage).mkdir()
        for path in sorted((DATA / folder / "parquet").glob("*.parquet")):
            if not names or path.stem in names:
                (place / stage / path.name).symlink_to(path)
    return place


def told(result):
    """How many records each error and warning names: (rule, dataset, variable) and the count."""
    return Counter(
        (one.rule, one.dataset, one.variable, one.records)
        for one in result.report.issues
        if one.severity is not Severity.NOTE
    )


TRUE = {
    "ADAM-LABEL-STANDARD: 'Treatment Dose', 'Treatment Dose Unit', 'Cause of Death Reason 1'":
        {"ADAE.DOSEON": 0, "ADAE.DOSEU": 0, "ADAE.DTHCGR1": 0, "ADRS_ONCO.DTHCGR1": 0, "ADSL.DTHCGR1": 0},
    "AE-CRITERION-NOT-SERIOUS: AESER is N beside AESHOSP, AESDTH or AESLIFE = Y, in three fatal events too":
        {"AE.AESER": 36},
    "DATASET-LABEL-MISSING: the files of the RECIST example bear no label":
        {"RS_ONCO_RECIST.": 0, "TR_ONCO_RECIST.": 0, "TU_ONCO_RECIST.": 0},
    "DATASET-LABEL-STANDARD: 'Subject Level Analysis', 'Concomitant Medications', 'Trial Summary Information'":
        {"ADSL.": 0, "CM.": 0, "TS.": 0},
    "DATASET-NAME: an underscore, and more than 8 letters in most":
        {"ADRS_ONCO.": 0, "ADTTE_ONCO.": 0, "RS_ONCO.": 0, "RS_ONCO_RECIST.": 0, "TR_ONCO_RECIST.": 0, "TU_ONCO.": 0,
         "TU_ONCO_RECIST.": 0},
    "DM-CONSENT-IN-DS: DS has no record of informed consent": {"DM.USUBJID": 306},
    "DOSE-UNIT-WITHOUT-DOSE: TABLET of multivitamins without a number": {"CM.CMDOSU": 26},
    "DOSE-WITHOUT-UNIT: a dose of 1 without a unit": {"CM.CMDOSE": 80},
    "END-RELATION-NEEDS-TIME-POINT: ONGOING, and CM has no CMENTPT": {"CM.CMENRTPT": 6812},
    "END-TIME-POINT-NEEDS-RELATION: MHENTPT is the first dose, MHENRTPT and the end date are empty":
        {"MH.MHENTPT": 1507},
    "ENDTC-AFTER-PARTICIPATION: history that ends up to five months after RFPENDTC": {"MH.MHENDTC": 9},
    "EPOCH-ABSENT: no dataset of the package has EPOCH":
        {"AE.EPOCH": 0, "CM.EPOCH": 0, "DS.EPOCH": 0, "EX.EPOCH": 0, "LB.EPOCH": 0, "RS_ONCO.EPOCH": 0,
         "RS_ONCO_RECIST.EPOCH": 0, "TR_ONCO_RECIST.EPOCH": 0, "TU_ONCO.EPOCH": 0, "VS.EPOCH": 0},
    "EVENT-DUPLICATE: alike but for number and identifier": {"AE.AETERM": 2, "MH.MHTERM": 2},
    "EXPECTED-ABSENT: SDTMIG 3.4 expects them; the data are older":
        {"DM.ACTARMUD": 0, "DM.ARMNRS": 0, "LB.LBLOBXFL": 0, "RS_ONCO_RECIST.RSCAT": 0, "SUPPDS.QEVAL": 0,
         "SV.SVOCCUR": 0, "SV.SVPRESP": 0, "TR_ONCO_RECIST.TRLOBXFL": 0, "TR_ONCO_RECIST.TRMETHOD": 0, "TS.TSVALCD": 0,
         "TS.TSVCDREF": 0,
         "TS.TSVCDVER": 0, "TU_ONCO.TULOBXFL": 0, "TU_ONCO_RECIST.TUDTC": 0, "TU_ONCO_RECIST.TULOBXFL": 0,
         "VS.VSLOBXFL": 0},
    "EXPOSURE-END-DATE-MISSING: six last doses without EXENDTC": {"EX.EXENDTC": 6},
    "DEATH-DATE-IN-EVENT: the event ends on 2014-10-31, death is on 2014-11-01": {"AE.AEENDTC": 1},
    "FINDING-DUPLICATE: each tumor state of non-target lesions stands twice under two numbers":
        {"TR_ONCO_RECIST.TRTESTCD": 78},
    "INTERVENTION-DUPLICATE: alike but for number and identifier": {"CM.CMTRT": 40},
    "PROGRESSION-FREE-LONGER-THAN-SURVIVAL: PFS is censored on day 64, OS on day 55": {"ADTTE_ONCO.AVAL": 1},
    "RANGE-INDICATOR-CONTRADICTS: HIGH beside HbA1c 0.063 to 0.102 and a limit of 0.112": {"LB.LBNRIND": 6},
    "ROLE-ORDER: identifiers and topic stand after qualifiers or timing":
        {"RS_ONCO_RECIST.RSSEQ": 0, "RS_ONCO_RECIST.RSTESTCD": 0, "TR_ONCO_RECIST.TREVAL": 0, "TR_ONCO_RECIST.TRSEQ": 0,
         "TU_ONCO_RECIST.TULNKID": 0, "TU_ONCO_RECIST.TULOC": 0, "TU_ONCO_RECIST.TUSEQ": 0,
         "TU_ONCO_RECIST.TUTESTCD": 0},
    "SORTED-BY-SUBJECT: the order of subjects begins anew once": {"ADAE.USUBJID": 1, "LB.USUBJID": 1},
    "STUDY-DAY-ABSENT-DTC: dates without their day":
        {"AE.AEDTC": 0, "CM.CMDTC": 0, "DS.DSDTC": 0, "RS_ONCO_RECIST.RSDTC": 0, "TR_ONCO_RECIST.TRDTC": 0},
    "STUDY-DAY-ABSENT-ENDTC: dates without their day": {"MH.MHENDTC": 0, "SV.SVENDTC": 0},
    "STUDY-DAY-ABSENT-STDTC: dates without their day": {"MH.MHSTDTC": 0, "SV.SVSTDTC": 0},
    "STUDY-START-ABSENT: TS has no SSTDTC": {"TS.TSPARMCD": 0},
    "SURVIVAL-CENSORED-NOT-LAST-ALIVE: censored on randomization, four or five days after LSTALVDT":
        {"ADTTE_ONCO.ADT": 2},
    **{f"TRIAL-SUMMARY-{code}: TS has no such parameter": {"TS.TSPARMCD": 0} for code in (
        "ADAPT", "CURTRT", "FCNTRY", "HLTSUBJI", "INTMODEL", "INTTYPE", "NARMS", "OUTMSPRI", "PCLAS", "RANDQT", "REGID",
        "SDTIGVER", "SDTMVER", "STOPRULE", "STYPE", "THERAREA")},
    "TRIAL-SUMMARY-AGES: 'No maximum' and '50 years' are no durations": {"TS.TSVAL": 2},
    "TRIAL-SUMMARY-LENGTH-FORM: '26 weeks' is no duration": {"TS.TSVAL": 1},
    "AE-UNRESOLVED-WITH-END: not resolved, with an end date": {"AE.AEENDTC": 250},
    "VARIABLE-ORDER: timing stands before qualifiers":
        {"MH.MHENDTC": 0, "MH.MHENRF": 0, "MH.MHPRESP": 0, "MH.MHSTAT": 0},
    "VISIT-IN-SUBJECT-VISITS: unscheduled visits 1.2, 1.3, 4.2, 9.3 are not in SV for the subject":
        {"LB.VISITNUM": 250},
    "VISIT-NAME-AS-IN-SUBJECT-VISITS: visit 2 is WEEK 3 here and SCREENING 2 in SV":
        {"RS_ONCO_RECIST.VISIT": 66, "TR_ONCO_RECIST.VISIT": 546, "TU_ONCO_RECIST.VISIT": 75},
    "AFTER-DEATH-VISIT: a visit on the day after death": {"SV.SVSTDTC": 1},
    "codelist-spelling: IN for in, BEATS/MIN for beats/min":
        {"CM.CMDOSU": 47, "VS.VSORRESU": (8201, 245), "VS.VSSTRESU": 8201},
    "missing-with: NE beside NOT DONE": {"RS_ONCO.RSORRES": 242, "RS_ONCO.RSSTRESC": 242},
    "one-to-one: visit 9.1 is WEEK 14 (T), and UNSCHEDULED 9.1 once": {"SV.VISITNUM": 1},
    "same-value: RANDDT is empty, but not in ADSL": {"ADRS_ONCO.RANDDT": 254},
    "study-day: planned days, or days of a partial date": {"AE.AESTDY": 1, "RS_ONCO.RSDY": 5043, "TU_ONCO.TUDY": 107},
    "study-day-missing: a whole date without its day": {"RS_ONCO.RSDY": 105},
    "text-ascii: a typographic apostrophe": {"TS.TSVAL": 3},
    "text-blank: ' 7'": {"DS.DSSPID": 58},
    "type-differs: a datetime in ADAE, a date in ADSL": {"ADAE.SCRFDT": 0},
}  # fmt: skip
"""Rule and why it is true; where, and in how many records (0 for what is told of a whole dataset or variable)."""


def listed():
    found = Counter()
    for said, places in TRUE.items():
        for place, counts in places.items():
            dataset, _, variable = place.partition(".")
            for records in counts if isinstance(counts, tuple) else (counts,):
                found[said.partition(":")[0], dataset, variable, records] += 1
    return found


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return check(package(tmp_path_factory.mktemp("public")), part=True)


def test_nothing_but_what_is_true_is_told_of_a_part_of_a_package(result):
    alone = {check.id for check in read_checks().edit_checks}  # their own tests judge what they find
    asked = alone - {one.rule for one in result.report.issues if "; " in one.source}  # but not what stands for a rule
    found, expected = told(result), listed()
    found = Counter({key: number for key, number in found.items() if key[0] not in asked})
    assert {"not on the list": found - expected, "not found": expected - found} == {
        "not on the list": Counter(), "not found": Counter(),
    }  # fmt: skip


def test_much_was_asked_and_all_of_it_could_be(result):
    counted = Counter(one.state for one in result.judged.examined.rules.ran)
    assert counted["ran"] >= 450
    assert set(counted) == {"ran", "not applicable"}


def absences(folder, *, part):
    """What is told to be missing from a package: the rule, and whether agencies reject for it."""
    return {
        (one.rule, one.text.endswith("Agencies reject a package for this."))
        for one in check(folder, part=part).report.issues
        if (one.rule.startswith("DATASET-") and one.rule.endswith("-ABSENT"))
        or one.rule in ("DEMOGRAPHICS-ABSENT", "TRIAL-SUMMARY-ABSENT", "SUBJECT-LEVEL-ANALYSIS-ABSENT")
    }  # fmt: skip


def test_only_of_a_whole_package_it_is_told_what_is_not_in_it(tmp_path):
    folder = package(tmp_path, "sv", "adtte_onco")
    found = absences(folder, part=False)
    assert {rule for rule, rejects in found if rejects} == {
        "DEMOGRAPHICS-ABSENT", "TRIAL-SUMMARY-ABSENT", "SUBJECT-LEVEL-ANALYSIS-ABSENT",
    }  # fmt: skip
    assert {"DATASET-TA-ABSENT", "DATASET-TE-ABSENT", "DATASET-SE-ABSENT"} <= {rule for rule, _ in found}
    assert absences(folder, part=True) == set()
