"""`tte` blocks: the earliest event ends the time, else the latest censoring."""

import pytest
from harness import STUDY, is_drawn, origins, told, trial
from response_study import DATA, SUBJECTS, made_of

TIMES = """keys: [PARAMCD]
sources:
  DEATH: {from: SUBJ, date: DTH, desc: Death}
  PD:    {from: RS, where: V = 'PD', date: ADT, desc: Progression}
  ALIVE: {from: SUBJ, date: LAST, desc: Censored, censor: Alive}
  START: {from: SUBJ, date: START, desc: Censored, censor: No assessment, cnsr: 2}
records:
  - id: OS
    per: SUBJ
    tte: {start: START, events: [DEATH], censors: [ALIVE]}
    set: {ARM: THIS.ARM}
    const: {PARAM: Overall Survival}
"""
PFS = TIMES.split("  - id: OS")[0] + (
    "  - {id: PFS, per: SUBJ, where: ARM = 'A', tte: {start: START, events: [PD, DEATH], censors: [ALIVE, START]}}"
)


def test_the_earliest_event_ends_the_time_else_the_latest_censoring_does(tmp_path):
    made = made_of(tmp_path, TIMES)
    is_drawn(
        made,
        """
    USUBJID PARAMCD STARTDT    ADT        CNSR EVNTDESC CNSDTDSC SRCDOM SRCVAR SRCSEQ ARM PARAM
    S1-1    OS      2014-01-10 2014-03-01 0    Death    .        SUBJ   DTH    .      A   Overall_Survival
    S1-2    OS      2014-01-10 2014-04-01 1    Censored Alive    SUBJ   LAST   .      A   Overall_Survival
    """,
    )
    assert origins(made) == ["SUBJ 0", "SUBJ 1"]


@pytest.mark.bad_input("B063")
def test_a_subject_with_a_start_but_no_date_and_dates_before_the_start_are_told(tmp_path):
    built = trial(tmp_path, "dataset: ADX\nclass: BDS\n" + TIMES, sdtm=DATA).build()
    assert told(built, "rule", "severity", "records") == [
        ("tte-before-start", "note", 1), ("tte-no-date", "warning", 2),
    ]  # fmt: skip


def test_on_the_same_day_the_source_listed_first_counts_and_an_event_goes_before_a_censoring(tmp_path):
    made = made_of(tmp_path / "pd", PFS)
    is_drawn(
        made,
        """
    USUBJID ADT        CNSR EVNTDESC    CNSDTDSC      SRCDOM SRCVAR SRCSEQ
    S1-1    2014-03-01 0    Progression .             RS     ADT    2
    S1-2    2014-03-05 0    Progression .             RS     ADT    1
    S1-3    2014-01-10 2    Censored    No_assessment SUBJ   START  .
    """,
    )
    assert origins(made) == ["RS 1", "RS 2", "SUBJ 2"]
    other = made_of(tmp_path / "death", PFS.replace("[PD, DEATH]", "[DEATH, PD]"))
    is_drawn(other, "USUBJID EVNTDESC\nS1-1 Death\nS1-2 Progression\nS1-3 Censored")


def test_the_source_of_helper_rows_is_the_dataset_they_were_taken_from(tmp_path):
    helper = PFS.replace(
        "sources:", "work:\n  - {id: ANY, from: RS}\n  - {id: BAD, from: ANY, where: V = 'PD'}\nsources:"
    )
    is_drawn(
        made_of(tmp_path, helper.replace("{from: RS, where: V = 'PD',", "{from: BAD,")),
        """
    USUBJID EVNTDESC    SRCDOM SRCVAR SRCSEQ
    S1-1    Progression RS     ADT    2
    S1-2    Progression RS     ADT    1
    S1-3    Censored    SUBJ   START  .
    """,
    )


def test_dates_after_until_do_not_count_for_events_and_censorings(tmp_path):
    made = made_of(tmp_path, PFS.replace("censors: [ALIVE, START]", "censors: [ALIVE, START], until: HSCT"))
    is_drawn(
        made,
        """
    USUBJID ADT        CNSR EVNTDESC    CNSDTDSC
    S1-1    2014-03-01 0    Progression .
    S1-2    2014-01-10 2    Censored    No_assessment
    S1-3    2014-01-10 2    Censored    No_assessment
    """,
    )


def test_an_event_on_the_day_of_until_or_of_the_start_counts(tmp_path):
    day = SUBJECTS.replace("2014-02-01 A", "2014-03-05 A").replace("2014-01-05 2014-01-05", "2014-01-10 2014-01-10")
    body = PFS.replace("censors: [ALIVE, START]", "censors: [ALIVE, START], until: HSCT")
    made = made_of(tmp_path, body, DATA | {"SUBJ": day})
    is_drawn(
        made,
        """
    USUBJID ADT        CNSR EVNTDESC
    S1-1    2014-03-01 0    Progression
    S1-2    2014-03-05 0    Progression
    S1-3    2014-01-10 0    Death
    """,
    )


def test_a_start_with_a_time_of_day_is_that_day(tmp_path):
    day = SUBJECTS.replace("2014-01-05 2014-01-05", "2014-01-10 2014-01-10")
    timed = day.replace("START:date", "START:datetime").replace(" S1      2014-01-10", " S1      2014-01-10T10:00:00")
    made = made_of(tmp_path, PFS, DATA | {"SUBJ": timed})
    is_drawn(made, "USUBJID ADT CNSR EVNTDESC\nS1-1 2014-03-01 0 Progression\nS1-2 2014-03-05 0 Progression\n"
             "S1-3 2014-01-10 0 Death")  # fmt: skip


def test_an_inline_source_makes_columns_of_its_own(tmp_path):
    made = made_of(tmp_path, TIMES.replace(
        "events: [DEATH]", ("events: [{from: RS, where: V = 'PD', date: ADT, desc: PD, const: {KIND: seen}, set: {NO: "
"RSSEQ}}]")
    ))  # fmt: skip
    is_drawn(made, "USUBJID CNSR EVNTDESC KIND NO\nS1-1 0 PD seen 2\nS1-2 0 PD seen 1")


def test_tte_of_nobody_and_of_one_subject(tmp_path):
    head, one, *_ = SUBJECTS.strip().splitlines()
    assert made_of(tmp_path / "none", TIMES, DATA | {"SUBJ": head}).frame.num_rows == 0
    made = made_of(tmp_path / "one", TIMES, DATA | {"SUBJ": f"{head}\n{one}"})
    is_drawn(made, "USUBJID ADT CNSR\nS1-1 2014-03-01 0")


def test_the_start_of_a_time_may_be_looked_up(tmp_path):
    made = made_of(tmp_path, TIMES.replace("start: START", "start: FIRST.ADT").replace(
        "sources:", "lookups: {FIRST: {from: RS, where: V = 'CR'}}\nsources:"))  # fmt: skip
    is_drawn(made, "USUBJID STARTDT ADT CNSR\nS1-1 2014-02-01 2014-03-01 0")


# --- sources of a study -------------------------------------------------------------------------------------------

OF_STUDY = STUDY + "sources:\n  DEATH: {from: DM, date: DTHDT, desc: Death}\n"
SHARED = """dataset: ADTTE
class: BDS
keys: [PARAMCD]
SOURCES
records:
  - {id: OS, per: DM, tte: {start: STDT, events: [DEATH], censors: [LAST]}, const: {PARAM: Survival}}
"""
PEOPLE = "USUBJID STDT:date DTHDT:date LSTDT:date\nS1-1 2014-01-01 2014-02-01 2014-02-01\nS1-2 2014-01-01 . 2014-03-01"


def test_a_source_of_study_yaml_is_known_to_every_spec(tmp_path):
    own = SHARED.replace("SOURCES", "sources: {LAST: {from: DM, date: LSTDT, desc: Censored}}")
    made = trial(tmp_path, own, sdtm={"DM": PEOPLE}, study=OF_STUDY).build().datasets["ADTTE"]
    is_drawn(made, "USUBJID ADT CNSR EVNTDESC\nS1-1 2014-02-01 0 Death\nS1-2 2014-03-01 1 Censored")


@pytest.mark.parametrize("key", ["sources: {DEATH: {from: DM, date: DTHDT}}", "inputs: {DD: DM}"])
def test_a_name_that_stands_in_study_yaml_and_a_spec_is_an_error(tmp_path, key):
    study = OF_STUDY + "inputs: {DD: DM}\n"
    message = trial(tmp_path, SHARED.replace("SOURCES", key), sdtm={"DM": PEOPLE}, study=study).fault(lint_only=True)
    assert f"the {key.partition('s:')[0]} {'DEATH' if 'DEATH' in key else 'DD'} is in study.yaml too" in message
