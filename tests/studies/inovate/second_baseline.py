"""The baseline characteristics of ADSL derived a second time from the written SDTM.

Baseline is the last result on or before the day of randomisation, so that subjects never dosed have one too.
"""

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
from printed_cells import fixed
from second_derivation import complete, with_supplement

Datasets = Callable[[str], pd.DataFrame]
REGIONS = {
    "North America": "USA CAN",
    "Asia-Pacific": "AUS CHN HKG JPN KOR SGP TWN",
    "Europe": "AUT BEL CZE DEU DNK ESP FIN FRA GBR HRV HUN ITA NLD POL SRB SVK SWE",
}
REGION_OF = {country: region for region, countries in REGIONS.items() for country in countries.split()}


def last_before(rows: pd.DataFrame, domain: str, randomised: pd.Series, value: str) -> pd.Series:
    """The last value of each subject on or before the day of randomisation."""
    dtc, seq = f"{domain}DTC", f"{domain}SEQ"
    rows = rows[complete(rows[dtc]) <= rows["USUBJID"].map(randomised)]
    return rows.sort_values([dtc, seq]).groupby("USUBJID")[value].last()


def derive_baseline(sdtm: Datasets, randomised: pd.Series) -> pd.DataFrame:
    """One row per randomised subject; `randomised` is the date by subject."""
    found = pd.DataFrame(index=randomised.index)
    dm = with_supplement(sdtm("DM"), sdtm("SUPPDM"), "SALV").set_index("USUBJID").reindex(randomised.index)
    for name in ("AGE", "SEX", "RACE"):
        found[name] = dm[name]
    found["AGEGR1"] = np.where(dm["AGE"] < 55, "<55", ">=55")
    found["REGION1"] = dm["COUNTRY"].map(REGION_OF).fillna("Other")
    found["SALVCRF"] = dm["SALV"].str.removeprefix("Salvage ").fillna("Other")
    lb, vs, rs = sdtm("LB"), sdtm("VS"), sdtm("RS")
    for name, test in (
        ("WBCBL", "WBC"),
        ("PLATBL", "PLAT"),
        ("HGBBL", "HGB"),
        ("BMBLBL", "BLASTCE"),
        ("PBBLBL", "BLAST"),
    ):
        found[name] = last_before(lb[(lb["LBTESTCD"] == test) & lb["LBSTRESN"].notna()], "LB", randomised, "LBSTRESN")
    found["PBBLBL"] = (found["PBBLBL"] * 1000).map(lambda each: float(fixed(each, 0)))
    size = {
        test: last_before(vs[(vs["VSTESTCD"] == test) & vs["VSSTRESN"].notna()], "VS", randomised, "VSSTRESN")
        for test in ("HEIGHT", "WEIGHT")
    }
    mosteller = np.sqrt(size["HEIGHT"] * size["WEIGHT"] / 3600)
    found["BSABL"] = mosteller.map(lambda each: float(fixed(each, 2)))
    found["ECOGBL"] = last_before(rs[rs["RSTESTCD"] == "ECOG101"], "RS", randomised, "RSSTRESC").astype(float)
    disease = rs[(rs["RSTESTCD"] == "EMDRESP") & (rs["RSSTRESC"] == "PRESENT")]
    seen = disease.loc[complete(disease["RSDTC"]) <= disease["USUBJID"].map(randomised), "USUBJID"]
    found["EMDFL"] = yes(found.index.isin(seen))
    marrow = found["BMBLBL"]
    found["BMBLGR1"] = np.select([marrow < 50, marrow <= 90, marrow > 90], ["<50%", "50-90%", ">90%"], "Missing")
    return found.join(derive_history(sdtm, randomised.index))


def yes(holds: np.ndarray) -> np.ndarray:
    return np.where(holds, "Y", "N")


def derive_history(sdtm: Datasets, subjects: pd.Index) -> pd.DataFrame:
    """Chromosomes, earlier transplant and earlier regimens."""
    found = pd.DataFrame(index=subjects)
    fa = sdtm("FA")
    answers = fa[fa["FATESTCD"].isin(["PHCHROM", "T411", "COMPLEX", "KARYO"])]
    wide = answers.pivot(index="USUBJID", columns="FATESTCD", values="FASTRESC").reindex(subjects)
    found["PHFL"] = wide["PHCHROM"].map({"POSITIVE": "Y", "NEGATIVE": "N"})
    found["KARYOGR1"] = [karyotype(*row) for row in wide[["T411", "COMPLEX", "KARYO"]].itertuples(index=False)]
    pr, cm = sdtm("PR"), sdtm("CM")
    found["PRHSCTFL"] = yes(subjects.isin(pr.loc[pr["PRCAT"] == "PRIOR HSCT", "USUBJID"]))
    cm = cm[(cm["CMCAT"] == "PRIOR ANTICANCER THERAPY") & (cm["CMSCAT"] != "CONSOLIDATION")]
    regimens = cm.groupby("USUBJID")["CMGRPID"].nunique().reindex(subjects)
    found["PRREGGR1"] = np.select([regimens > 2, regimens == 2, regimens == 1], [">2", "2", "1"], "")
    return found


def karyotype(t411: str, complex_: str, text: str) -> str:
    """t(4;11) before complex; a karyotype of two like lines of 46 chromosomes is normal."""
    if t411 == "Y":
        return "t(4;11)"
    if complex_ == "Y":
        return "Complex"
    if not isinstance(text, str) or not text:
        return ""
    return "Normal" if re.fullmatch(r"46,X[XY](\[\d+\])?", text) else "Other abnormal"
