"""Endpoints beside the main ones derived a second time, in plain pandas, from the written SDTM.

Failures of treatment, MRD status and cycle of remission; durations by kind of remission; times to remission,
transplant and VOD/SOS; what disposition and death add to a subject.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from second_derivation import NEVER, assessments, complete, first_dates, follow_up_therapy, with_supplement

Datasets = Callable[[str], pd.DataFrame]
ALKYLATORS = ["BUSULFAN", "CYCLOPHOSPHAMIDE", "MELPHALAN", "THIOTEPA"]
VOD = ["Venoocclusive liver disease", "Venoocclusive disease"]


def yes(dates: pd.Series) -> pd.DataFrame:
    """An answer and its date."""
    return pd.DataFrame({"AVALC": np.where(dates.notna(), "Y", "N"), "ADT": dates})


def derive_failures(sdtm: Datasets, adsl: pd.DataFrame, responses: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """First progression, relapse, or either; last valid assessment; new induction or transplant without remission."""
    every = assessments(sdtm, adsl, "INVESTIGATOR")

    def first(*answers: str) -> pd.Series:
        rows = every[every["R"].isin(answers)]
        return first_dates(rows, rows["D"]).reindex(adsl.index)

    found = {
        "PD": yes(first("PD", "RELAPSED DISEASE FROM CR")),
        "PROG": yes(first("PD")),
        "RELAPSE": yes(first("RELAPSED DISEASE FROM CR")),
    }
    last = every[every["R"] != "NE"].groupby("USUBJID").last()
    found["LSTA"] = pd.DataFrame({"AVALC": last["R"], "ADT": last["D"]})
    without = adsl[responses["CRCRIINV"] == "N"]
    found["NEWIND"], found["HSCTNOCR"] = yes(without["INDUCDT"]), yes(without["HSCTDT"])
    return found


def derive_remissions(sdtm: Datasets, adsl: pd.DataFrame, responses: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Of responders by investigator and by committee: kind, cycle, MRD status."""
    ex, rs = sdtm("EX"), sdtm("RS")
    ex = ex[(ex["EXDOSE"] > 0) & ex["VISIT"].str.fullmatch(r"C\dD\d+")].assign(D=complete(ex["EXSTDTC"]))
    rs = rs[(rs["RSTESTCD"] == "MRDRESP") & rs["RSSTRESC"].isin(["NEGATIVE", "POSITIVE"])]
    rs = rs.assign(D=complete(rs["RSDTC"])).sort_values(["USUBJID", "RSSTRESC", "D", "RSSEQ"])
    found = {}
    for short in ("INV", "EAC"):
        best, date = responses[f"BOR{short}"].dropna(), responses[f"CRCRI{short}.ADT"].dropna()
        for name, answer in (("CR", "CR"), ("CRI", "CRi")):
            found[f"{name}{short}"] = yes(responses[f"BOR{short}.ADT"].where(best == answer)[best.index])
        before = ex[ex["D"] <= ex["USUBJID"].map(date)].sort_values(["USUBJID", "D", "EXSEQ"])
        cycle = before.groupby("USUBJID")["VISIT"].last().str[1].astype(float)
        found[f"RCYC{short}"] = pd.DataFrame({"AVAL": cycle, "ADT": date})
        near = rs[rs["D"].between(rs["USUBJID"].map(date), rs["USUBJID"].map(adsl["EOTDT"]))]
        status = near.groupby("USUBJID").first()[["RSSTRESC", "D"]].reindex(date.index)
        found[f"MRDS{short}"] = pd.DataFrame({"AVALC": status["RSSTRESC"].fillna("MISSING"), "ADT": status["D"]})
    return found


Censoring = tuple[str, pd.Series, int]


def ended(start: pd.Series, events: dict[str, pd.Series], censors: list[Censoring], until: pd.Series) -> pd.DataFrame:
    """The first event, else the last censoring, from `start` to `until`; the first listed wins on one day."""
    start = start.dropna()
    until = until.reindex(start.index).fillna(NEVER)

    def counted(dates: pd.Series) -> pd.Series:
        dates = dates.reindex(start.index)
        return dates.where((dates >= start) & (dates <= until))

    happened = pd.DataFrame({name: counted(dates) for name, dates in events.items()})
    stops = pd.DataFrame({number: counted(dates) for number, (_, dates, _) in enumerate(censors)})
    event, stop = happened.min(axis=1), stops.max(axis=1)
    made = pd.DataFrame({"STARTDT": start, "ADT": event.fillna(stop)})
    which = stops.eq(stop, axis=0).idxmax(axis=1)
    there = event.notna()
    made["CNSR"] = np.where(there, 0.0, which.map(lambda number: censors[number][2]))
    made["EVNTDESC"] = np.where(there, happened.eq(event, axis=0).idxmax(axis=1), "Censored")
    made["CNSDTDSC"] = np.where(there, "", which.map(lambda number: censors[number][0]))
    made["AVAL"] = (made["ADT"] - made["STARTDT"]).dt.days + 1.0
    return made


def derive_more_times(
    sdtm: Datasets, adsl: pd.DataFrame, responses: pd.DataFrame, times: dict[str, pd.DataFrame]
) -> dict[str, pd.DataFrame]:
    """Durations by kind of remission and up to transplant; from transplant; to remission, transplant and VOD/SOS."""
    best = responses["BORINV"]
    found = {f"DOR{kind.upper()}": times["DOR"][best.reindex(times["DOR"].index) == kind] for kind in ("CR", "CRi")}
    never = pd.Series(NEVER, adsl.index)
    left = {name: adsl["GONE"] == name for name in ("Withdrew consent", "Lost to follow-up")}
    last = [(name, adsl["LSTALVDT"].where(who), 1) for name, who in left.items()]
    dead = ("Died without event", adsl["DTHDT"], 2)

    def alive(words: str) -> list[Censoring]:
        return [*last, (words, adsl["LSTALVDT"], 1)]

    found["OSHSCT"] = ended(adsl["HSCTDT"], {"Death": adsl["DTHDT"]}, alive("Alive at data cut-off"), never)
    valid = derive_failures(sdtm, adsl, responses)["LSTA"]["ADT"].reindex(adsl.index)
    remission, gone = responses["CRCRIINV.ADT"], adsl["GONE"] != ""
    assessed = [
        ("Withdrew/lost before event", valid.where(gone), 1),
        ("No CR/CRi at last assessment", valid, 1),
        ("No adequate assessment", adsl["RANDDT"], 2),
    ]
    found["TTR"] = ended(adsl["RANDDT"], {"CR/CRi": remission}, assessed, never)
    found["TTHSCT"] = ended(adsl["RANDDT"], {"HSCT": adsl["HSCTDT"]}, [dead, *alive("No HSCT at data cut-off")], never)
    ae = sdtm("AE")
    ae = ae[ae["AEDECOD"].isin(VOD)]
    onset = first_dates(ae, complete(ae["AESTDTC"])).reindex(adsl.index)
    end = adsl["RANDDT"] + pd.Timedelta(days=730)
    over = ("End of collection of VOD/SOS", end.where(adsl["LSTALVDT"] >= end), 1)
    censors = [dead, *alive("No VOD/SOS at data cut-off"), over]
    found["TTVOD"] = ended(adsl["TRTSDT"], {"VOD/SOS": onset}, censors, end)
    return found


def derive_more_of_subjects(sdtm: Datasets, adsl: pd.DataFrame) -> pd.DataFrame:
    """Transplant, days at risk, groups by CD22, and what the last records of a subject say."""
    found = pd.DataFrame(index=adsl.index)
    cm, pr = sdtm("CM"), sdtm("PR")
    grafts = pr[pr["PRCAT"] == "FOLLOW-UP HSCT"].sort_values("PRSTDTC").groupby("USUBJID")["PRSPID"].first()
    agents = cm[(cm["CMCAT"] == "CONDITIONING FOR HSCT") & cm["CMTRT"].isin(ALKYLATORS)]
    agents = agents[agents["CMSPID"] == agents["USUBJID"].map(grafts)]
    number = agents.groupby("USUBJID")["CMTRT"].nunique().reindex(adsl.index)
    found["HSCT2AFL"] = np.where(number >= 2, "Y", "N")
    risk = adsl[["TEAEEDT", "LSTALVDT"]].min(axis=1)
    found["TEAEDUR"] = ((risk - adsl["TRTSDT"]).dt.days + 1).where(adsl["TEAEEDT"].notna())
    local = sdtm("CP")[lambda cp: (cp["CPNAM"] == "LOCAL LABORATORY") & (cp["CPTESTCD"] == "ABCSABC")]
    share = local.groupby("USUBJID")["CPSTRESN"].last().reindex(adsl.index)
    found["CD22LBL"] = share
    found["CD22LGR1"] = np.select([share >= 90, share < 90], [">=90%", "<90%"], "Missing")
    ds = with_supplement(sdtm("DS"), sdtm("SUPPDS"), "NCYC")
    end = ds[ds["DSSCAT"] == "STUDY TREATMENT"].set_index("USUBJID").reindex(adsl.index)
    treated = adsl["SAFFL"] == "Y"
    to_graft = end["DSTERM"].str.endswith("proceeding to HSCT", na=False)
    completed = (end["DSDECOD"] == "COMPLETED") & ~to_graft
    found["EOTSTT"] = np.select(
        [~treated, completed, end["DSDECOD"].notna()], ["", "COMPLETED", "DISCONTINUED"], "ONGOING"
    )
    found["DCTREAS"] = np.where(to_graft, "PROCEEDED TO HSCT", end["DSDECOD"])
    found["DCTREAS"] = found["DCTREAS"].where(found["EOTSTT"] == "DISCONTINUED", "")
    found["LDDTHELD"] = (adsl["DTHDT"] - adsl["TRTEDT"]).dt.days
    therapy = follow_up_therapy(sdtm)
    assert set(therapy["CMINTENT"]) <= {"INDUCTION", "PALLIATIVE"}
    return found
