"""A form of subjects, and DM made of it, for the tests of SDTM values."""

from harness import STUDY, trial

MAPS = STUDY + "maps: {SEX: {Mann: M}, AESEV: {Bad: SEVERE}, AETOXGR: {Grade 1: 1, Grade 2: 2}}\n"


def dm(folder, set_, raw, study=MAPS, **more):
    """DM from the form D with what `set` says."""
    spec = f"dataset: DM\nkeys: [USUBJID]\nrecords:\n  - from: raw.D\n    set: {set_}\n"
    return trial(folder, spec, raw={"D": raw}, study=study, **more).build()
