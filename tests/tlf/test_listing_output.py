"""L16.2.6.1: a row per subject, days from randomisation, marks."""

import pandas as pd
import pytest
from adam_frames import adsl, drawn
from laws import check_all

from sdtm2adam.errors import InputError
from sdtm2adam.tlf import analyse, lay_out


@pytest.fixture(scope="module")
def data() -> dict[str, pd.DataFrame]:
    subject = adsl("""
        USUBJID  N  CD22GR1N  CD22BL  MESFBL  DTHFL  RANDDT      NEWTRTDT    HSCTDT      DTHDT       LSTALVDT
        B        1  2         70.05   1200    .      2013-01-10  .           2013-03-01  .           2015-10-07
        A        1  1         95.5    .       Y      2013-01-10  2013-01-09  .           2013-02-10  2013-02-10
        C        2  9         .       .       .      2013-01-10  .           .           .           2013-01-10
    """)
    dates = ["RANDDT", "NEWTRTDT", "HSCTDT", "DTHDT", "LSTALVDT"]
    subject = subject.assign(**{name: pd.to_datetime(subject[name]) for name in dates})
    for name in ("CD22BL", "MESFBL"):
        subject[name] = pd.to_numeric(subject[name])
    records = drawn("""
        USUBJID  PARAMCD   AVALC              ADT         ASEQ
        A        BORINV    CRi                2013-02-01  1
        A        BOREAC    TREATMENT_FAILURE  2013-02-01  2
        A        CRCRIINV  Y                  2013-02-01  3
        A        MRDSINV   NEGATIVE           2013-02-01  4
        B        BORINV    MISSING            .           1
    """)
    return {"ADSL": subject, "ADRS": records.assign(ADT=pd.to_datetime(records["ADT"]))}


def test_rows_as_printed(report, specs, seen, data):
    results = analyse(specs["L16_2_6_1"], report, data)
    display = lay_out(specs["L16_2_6_1"], report, results)
    check_all(results, display)
    assert [section.title for section in display.sections] == ["Treatment: InO", "Treatment: SC"]
    assert seen(display).splitlines() == [
        " | A | 95.5 | CRi / RD* | 01FEB2013 23 | Negative 23 |  | 09JAN2013 -1 |  | Died/10FEB2013 32",
        " | B | 70.1/1200 | MISS / |  |  |  |  | 01MAR2013 51 | Alive/07OCT2015 1001",
        " | C |  |  |  |  |  |  |  | Alive/10JAN2013 1",
    ]


def test_a_cell_points_to_the_records_in_its_row(report, specs, data):
    results = analyse(specs["L16_2_6_1"], report, data)
    row = results.frame[(results.frame["g2_level"] == "A") & (results.frame["op_id"] == "M_LIST.c03")].iloc[0]
    members = results.members[results.members["member_id"] == row["member_id"]]
    assert sorted(zip(members["dataset"], members["keyseq"], members["paramcd"], strict=True)) == [
        ("ADRS", "1", "BORINV"),
        ("ADRS", "2", "BOREAC"),
        ("ADRS", "3", "CRCRIINV"),
        ("ADRS", "4", "MRDSINV"),
        ("ADSL", "", ""),
    ]


def test_two_records_of_a_joined_parameter_stop(report, specs, data):
    twice = pd.concat([data["ADRS"], data["ADRS"].iloc[:1].assign(ASEQ=9)], ignore_index=True)
    with pytest.raises(InputError, match="1 subjects have several records of BORINV"):
        analyse(specs["L16_2_6_1"], report, {**data, "ADRS": twice})


def test_dates_may_be_python_dates(report, specs, data):
    subject = data["ADSL"].assign(RANDDT=data["ADSL"]["RANDDT"].dt.date, LSTALVDT=data["ADSL"]["LSTALVDT"].dt.date)
    display = lay_out(specs["L16_2_6_1"], report, analyse(specs["L16_2_6_1"], report, {**data, "ADSL": subject}))
    assert display.sections[0].rows[1].cells[8].text == "Alive\n07OCT2015 1001"


def test_nobody_in_the_set(report, specs, data):
    nobody = data["ADSL"].assign(ITTFL="N")
    display = lay_out(specs["L16_2_6_1"], report, analyse(specs["L16_2_6_1"], report, {**data, "ADSL": nobody}))
    assert [section.rows for section in display.sections] == [()]
    assert display.empty == "No subjects met the criteria."
