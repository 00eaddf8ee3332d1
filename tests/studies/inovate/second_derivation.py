"""ADaM of the simulated trial derived a second time, in plain pandas, from the written SDTM.

It follows the definitions of the trial's report: remission by investigator and committee, progression-free survival
with new induction therapy and transplant without remission as events, treatment-emergence to 42 days after last dose.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

Datasets = Callable[[str], pd.DataFrame]
ANSWERS = {
    name: rank
    for rank, name in enumerate(
        ("CR", "CRi", "PR", "TREATMENT FAILURE", "PD", "RELAPSED DISEASE FROM CR", "INDETERMINATE RESPONSE", "NE")
    )
}
GONE = {"WITHDRAWAL BY SUBJECT": "Withdrew consent", "LOST TO FOLLOW-UP": "Lost to follow-up"}
NEVER = pd.Timestamp("2200-01-01")


def complete(dtc: pd.Series) -> pd.Series:
    """The date of ISO texts that have a day; none for partial ones."""
    days = dtc.str.slice(0, 10)
    return pd.to_datetime(days.where(days.str.fullmatch(r"\d{4}-\d\d-\d\d")), format="%Y-%m-%d").astype("datetime64[s]")


def earliest(dtc: pd.Series) -> pd.Series:
    """The first date ISO texts, complete or not, can mean."""
    parts = dtc.str.extract(r"^(\d{4})(?:-(\d\d|-)(?:-(\d\d))?)?")
    month = parts[1].where(parts[1].str.fullmatch(r"\d\d", na=False), "01")
    text = parts[0] + "-" + month + "-" + parts[2].fillna("01")
    return pd.to_datetime(text, format="%Y-%m-%d").astype("datetime64[s]")


def with_supplement(records: pd.DataFrame, supplement: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Supplemental qualifiers as columns, by subject and, where there is one, by sequence number."""
    for name in names:
        rows = supplement[supplement["QNAM"] == name]
        if (rows["IDVAR"] == "").all():
            values = rows.set_index("USUBJID")["QVAL"]
            records[name] = records["USUBJID"].map(values)
        else:
            variable = rows["IDVAR"].iloc[0]
            keys = pd.MultiIndex.from_arrays([rows["USUBJID"], rows["IDVARVAL"].astype(float)])
            wanted = pd.MultiIndex.from_frame(records[["USUBJID", variable]])
            records[name] = pd.Series(rows["QVAL"].to_numpy(), keys).reindex(wanted).to_numpy()
    return records


def first_dates(rows: pd.DataFrame, dates: pd.Series) -> pd.Series:
    return dates.groupby(rows["USUBJID"]).min()


def follow_up_therapy(sdtm: Datasets) -> pd.DataFrame:
    """New anticancer therapy with its intent and date."""
    cm = with_supplement(sdtm("CM"), sdtm("SUPPCM"), "CMINTENT")
    cm = cm[(cm["CMCAT"] == "FOLLOW-UP ANTICANCER THERAPY") & (cm["CMSTDTC"] != "")]
    return cm.assign(D=earliest(cm["CMSTDTC"]))


def transplants(sdtm: Datasets) -> pd.DataFrame:
    pr = sdtm("PR")
    pr = pr[(pr["PRCAT"] == "FOLLOW-UP HSCT") & (pr["PRSTDTC"] != "")]
    return pr.assign(D=earliest(pr["PRSTDTC"]))


def last_sign_of_life(sdtm: Datasets) -> pd.Series:
    """The last date at which anything says the subject was alive."""
    starts = {"AE": "AESTDTC", "CM": "CMSTDTC", "EX": "EXSTDTC", "PR": "PRSTDTC"}
    finds = {"CP": "CPDTC", "LB": "LBDTC", "RS": "RSDTC", "VS": "VSDTC"}
    seen = [
        pd.DataFrame({"USUBJID": rows["USUBJID"], "D": earliest(rows[column])})
        for name, column in {**starts, **finds}.items()
        for rows in [sdtm(name)]
    ]
    ss = with_supplement(sdtm("SS"), sdtm("SUPPSS"), "SSLASTAL")
    alive = ss[ss["SSSTRESC"] == "ALIVE"]
    ds = sdtm("DS")
    randomised = ds[ds["DSDECOD"] == "RANDOMIZED"]
    seen += [
        pd.DataFrame({"USUBJID": alive["USUBJID"], "D": complete(alive["SSDTC"])}),
        pd.DataFrame({"USUBJID": ss["USUBJID"], "D": complete(ss["SSLASTAL"].fillna(""))}),
        pd.DataFrame({"USUBJID": randomised["USUBJID"], "D": complete(randomised["DSSTDTC"])}),
    ]
    return pd.concat(seen).groupby("USUBJID")["D"].max()


def baseline(sdtm: Datasets, randomised: pd.Series, test: str) -> pd.Series:
    """The central laboratory's last result on or before randomisation."""
    cp = sdtm("CP")
    cp = cp[(cp["CPNAM"] == "CENTRAL FLOW LABORATORY") & (cp["CPTESTCD"] == test) & cp["CPSTRESN"].notna()]
    cp = cp[complete(cp["CPDTC"]) <= cp["USUBJID"].map(randomised)]
    return cp.sort_values(["CPDTC", "CPSEQ"]).groupby("USUBJID")["CPSTRESN"].last()


def derive_adsl(sdtm: Datasets) -> pd.DataFrame:
    """The key variables of ADSL, one row per randomised subject."""
    dm = with_supplement(sdtm("DM"), sdtm("SUPPDM"), "STRATDFR", "STRATSLV", "STRATAGE", "DFRCAT", "SALV", "SCCHOICE")
    dm = dm[dm["ARMCD"].isin(["INO", "SC"])].set_index("USUBJID")
    ds, ex = sdtm("DS"), sdtm("EX")
    adsl = pd.DataFrame(index=dm.index)
    adsl["TRT01P"] = dm["ARM"]
    adsl["STRAT1R"] = dm["STRATDFR"].str.removesuffix(" months")
    adsl["STRAT2R"] = dm["STRATSLV"].str.removeprefix("Salvage ")
    adsl["STRAT3R"] = dm["STRATAGE"]
    adsl["STRAT1V"] = dm["DFRCAT"].str.removesuffix(" months")
    adsl["STRAT2V"] = dm["SALV"].str.removeprefix("Salvage ")
    adsl["STRAT3V"] = np.where(dm["AGE"] < 55, "<55", ">=55")
    adsl["SCREG"] = dm["SCCHOICE"].replace({"Ara-C+MXN": "MXN", "HiDAC": "HIDAC"})

    randomised = ds[ds["DSDECOD"] == "RANDOMIZED"].set_index("USUBJID")["DSSTDTC"].reindex(adsl.index)
    adsl["RANDDT"] = complete(randomised)
    given = ex[ex["EXDOSE"] > 0]
    adsl["TRTSDT"] = complete(given["EXSTDTC"]).groupby(given["USUBJID"]).min()
    adsl["TRTEDT"] = complete(given["EXENDTC"]).groupby(given["USUBJID"]).max()
    adsl["ITTFL"] = np.where(adsl["RANDDT"].notna(), "Y", "N")
    adsl["SAFFL"] = np.where(adsl["TRTSDT"].notna(), "Y", "N")
    first = pd.DataFrame({"when": randomised, "who": adsl.index}).sort_values(["when", "who"]).index[:218]
    adsl["ITT218FL"] = np.where(adsl.index.isin(first), "Y", "N")
    ended = ds[ds["DSSCAT"] == "STUDY TREATMENT"].set_index("USUBJID")["DSSTDTC"].reindex(adsl.index)
    adsl["EOTDT"] = complete(ended.fillna("")).where(adsl["SAFFL"] == "Y")
    left = ds[(ds["DSSCAT"] == "STUDY PARTICIPATION") & (ds["DSCAT"] == "DISPOSITION EVENT")]
    adsl["GONE"] = left.set_index("USUBJID")["DSDECOD"].reindex(adsl.index).map(GONE).fillna("")

    adsl["CD22BL"] = baseline(sdtm, adsl["RANDDT"], "ABCSABC")
    adsl["MESFBL"] = baseline(sdtm, adsl["RANDDT"], "CD22MESF")
    adsl["CD22GR1N"] = np.select([adsl["CD22BL"] >= 90, adsl["CD22BL"] < 90], [1.0, 2.0], 9.0)
    adsl["CD22GR1"] = adsl["CD22GR1N"].map({1: ">=90%", 2: "<90%", 9: "Missing"})

    therapy, grafts = follow_up_therapy(sdtm), transplants(sdtm)
    adsl["NEWTRTDT"] = first_dates(therapy, therapy["D"])
    induction = therapy[therapy["CMINTENT"] == "INDUCTION"]
    adsl["INDUCDT"] = first_dates(induction, induction["D"])
    adsl["HSCTDT"] = first_dates(grafts, grafts["D"])
    grafted = sdtm("PR").query("PRCAT == 'FOLLOW-UP HSCT'")["USUBJID"]
    adsl["HSCTFL"] = np.where(adsl.index.isin(grafted), "Y", "N")

    seen = last_sign_of_life(sdtm).reindex(adsl.index)
    adsl["DTHDT"] = complete(dm["DTHDTC"])
    partial = dm["DTHDTC"].str.len().between(4, 9)
    adsl.loc[partial, "DTHDT"] = pd.concat([earliest(dm["DTHDTC"]), seen], axis=1).max(axis=1)[partial]
    adsl["LSTALVDT"] = pd.concat([seen, adsl["DTHDT"]], axis=1).min(axis=1)
    window = pd.concat(
        [adsl["TRTEDT"] + pd.Timedelta(days=42), adsl[["NEWTRTDT", "HSCTDT"]] - pd.Timedelta(days=1)], axis=1
    )
    adsl["TEAEEDT"] = window.min(axis=1).where(adsl["TRTEDT"].notna())
    return adsl


def assessments(sdtm: Datasets, adsl: pd.DataFrame, evaluator: str) -> pd.DataFrame:
    """Overall responses from randomisation on; FIT tells which may count for best response."""
    rs = sdtm("RS")
    rs = rs[(rs["RSTESTCD"] == "OVRLRESP") & (rs["RSEVAL"] == evaluator) & (rs["RSEVALID"] == "")]
    rs = rs.assign(D=complete(rs["RSDTC"]), R=rs["RSSTRESC"])
    rs = rs[rs["D"] >= rs["USUBJID"].map(adsl["RANDDT"])].sort_values(["USUBJID", "D", "RSSEQ"])
    stop = adsl[["NEWTRTDT", "HSCTDT"]].min(axis=1).fillna(NEVER)
    rs["FIT"] = (rs["D"] < rs["USUBJID"].map(stop)) & ~rs.duplicated(["USUBJID", "D"], keep="last")
    return rs


def derive_responses(sdtm: Datasets, adsl: pd.DataFrame) -> pd.DataFrame:
    """Best response, CR/CRi and its date by investigator and committee, and MRD negativity of responders."""
    found = pd.DataFrame(index=adsl.index)
    rs = sdtm("RS")
    negative = rs[(rs["RSTESTCD"] == "MRDRESP") & (rs["RSSTRESC"] == "NEGATIVE")].assign(
        D=lambda x: complete(x["RSDTC"])
    )
    for short, evaluator, who in (
        ("INV", "INVESTIGATOR", adsl["ITTFL"] == "Y"),
        ("EAC", "ADJUDICATION COMMITTEE", adsl["ITT218FL"] == "Y"),
    ):
        fit = assessments(sdtm, adsl, evaluator)
        fit = fit[fit["FIT"] & fit["USUBJID"].map(who)]
        best = fit.assign(rank=fit["R"].map(ANSWERS)).sort_values(["rank", "D"]).groupby("USUBJID").first()
        assert best["rank"].notna().all()
        found[f"BOR{short}"] = best["R"].reindex(adsl.index).fillna("MISSING").where(who)
        found[f"BOR{short}.ADT"] = best["D"]
        responses = fit[fit["R"].isin(["CR", "CRi"])]
        date = first_dates(responses, responses["D"]).reindex(adsl.index)
        found[f"CRCRI{short}"] = pd.Series(np.where(date.notna(), "Y", "N"), adsl.index).where(who)
        found[f"CRCRI{short}.ADT"] = date
        near = negative[negative["D"].between(negative["USUBJID"].map(date), negative["USUBJID"].map(adsl["EOTDT"]))]
        measured = first_dates(near, near["D"]).reindex(adsl.index)
        found[f"MRD{short}"] = pd.Series(np.where(measured.notna(), "Y", "N"), adsl.index).where(date.notna())
        found[f"MRD{short}.ADT"] = measured
    return found


def derive_times(sdtm: Datasets, adsl: pd.DataFrame, responses: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """OS, PFS, its standard form, and DOR: start, end, censoring, days and what happened."""
    every = assessments(sdtm, adsl, "INVESTIGATOR")
    valid = every[every["R"] != "NE"].groupby("USUBJID")["D"].max().reindex(adsl.index)
    without = responses["CRCRIINV"] == "N"
    ds = sdtm("DS")
    worse = ds[(ds["DSSCAT"] == "STUDY TREATMENT") & ds["DSTERM"].str.contains("global deterioration", case=False)]
    remission = responses["CRCRIINV.ADT"]

    def first_answer(answer: str, start: pd.Series) -> pd.Series:
        rows = every[(every["R"] == answer) & (every["D"] >= every["USUBJID"].map(start))]
        return first_dates(rows, rows["D"])

    def events(start: pd.Series, new_therapy: bool) -> pd.DataFrame:
        """The dates of events, one column each, in the order that decides on the same day."""
        dates = pd.DataFrame(index=adsl.index)
        dates["Relapse from CR/CRi"] = first_answer("RELAPSED DISEASE FROM CR", start)
        dates["Progressive disease"] = first_answer("PD", start)
        dates["Discontinued for global deterioration"] = first_dates(worse, complete(worse["DSSTDTC"]))
        if new_therapy:
            dates["New induction therapy without CR/CRi"] = adsl["INDUCDT"].where(without)
            dates["HSCT without CR/CRi"] = adsl["HSCTDT"].where(without)
        dates["Death"] = adsl["DTHDT"]
        return dates.where(dates.ge(start, axis=0))

    def ending(start: pd.Series, dates: pd.DataFrame, last: pd.Series, why: pd.Series) -> pd.DataFrame:
        made = pd.DataFrame({"STARTDT": start, "EVENT": dates.min(axis=1)}, index=adsl.index)
        made = made[made["STARTDT"].notna()]
        made["CNSR"] = made["EVENT"].isna().astype(float)
        made["ADT"] = made["EVENT"].fillna(last)
        none = made["ADT"].isna()  # nothing valid after randomisation: censored on its day, with a code of its own
        made.loc[none, ["ADT", "CNSR"]] = pd.DataFrame({"ADT": made["STARTDT"], "CNSR": 2.0})[none]
        made["AVAL"] = (made["ADT"] - made["STARTDT"]).dt.days + 1.0
        happened = dates.loc[made.index].eq(made["EVENT"], axis=0)
        made["EVNTDESC"] = np.where(made["EVENT"].notna(), happened.idxmax(axis=1), "Censored")
        made["CNSDTDSC"] = np.select(
            [made["CNSR"] == 0, made["CNSR"] == 2], ["", "No adequate assessment"], why.reindex(made.index)
        )
        return made.drop(columns="EVENT")

    alive = adsl["GONE"].replace("", "Alive at data cut-off")
    free = np.where(adsl["GONE"] != "", "Withdrew/lost before event", "No event at cut-off")
    well = np.where(adsl["GONE"] != "", "Withdrew/lost in remission", "In remission at cut-off")
    start = adsl["RANDDT"]
    why = pd.Series(free, adsl.index)
    return {
        "OS": ending(start, adsl[["DTHDT"]].rename(columns={"DTHDT": "Death"}), adsl["LSTALVDT"], alive),
        "PFS": ending(start, events(start, True), valid, why),
        "PFSSTD": ending(start, events(start, False), valid, why),
        "DOR": ending(remission, events(remission, False), valid, pd.Series(well, adsl.index)),
    }


def derive_emergence(sdtm: Datasets, adsl: pd.DataFrame) -> pd.DataFrame:
    """Start date and treatment-emergence of every event of the subjects randomised."""
    ae = sdtm("AE")
    ae = ae[ae["USUBJID"].isin(adsl.index)].copy()
    start, end = (ae["USUBJID"].map(adsl[name]) for name in ("TRTSDT", "TEAEEDT"))
    ae["ASTDT"] = complete(ae["AESTDTC"])
    partial = ae["AESTDTC"].str.len().between(4, 9)
    first = earliest(ae["AESTDTC"])
    length = ae["AESTDTC"].str.len()
    at_start = start.dt.strftime("%Y-%m-%d")
    same = pd.Series([str(a)[:k] == b for a, k, b in zip(at_start, length, ae["AESTDTC"], strict=True)], ae.index)
    ae.loc[partial, "ASTDT"] = first.where(~same, pd.concat([first, start], axis=1).max(axis=1))[partial]
    ae["TRTEMFL"] = np.where(ae["ASTDT"].between(start, end), "Y", "")
    return ae[["USUBJID", "AESEQ", "ASTDT", "TRTEMFL"]]
