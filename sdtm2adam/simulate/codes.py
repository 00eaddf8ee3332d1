"""The code lists of the raw exports: what a coded field shows on screen, and its code.

`FIELD_LISTS` says which list a field uses; a field has the same list in every form unless named `FORM.FIELD`.
"""

YN = {"Yes": "1", "No": "0"}
YNU = {**YN, "Unknown": "99"}
GRADES = {f"Grade {grade}": str(grade) for grade in range(1, 6)}

LISTS: dict[str, dict[str, str]] = {
    "YN": YN,
    "YNU": YNU,
    "SEX": {"Male": "1", "Female": "2"},
    "ETHNIC": {"Hispanic or Latino": "1", "Not Hispanic or Latino": "2", "Not reported": "9"},
    "IETYPE": {"Inclusion": "1", "Exclusion": "2"},
    "CONTMODE": {"In person": "1", "Telephone": "2"},
    "FAB": {"L1": "1", "L2": "2", "L3": "3", "NA": "9"},
    "LINEAGE": {"Pro-B": "1", "Common B": "2", "Pre-B": "3", "Mature B": "4"},
    "POSNEG": {"Positive": "1", "Negative": "2", "Not done": "9"},
    "DFRCAT": {"<12 months": "1", ">=12 months": "2"},
    "SALV": {"Salvage 1": "1", "Salvage 2": "2"},
    "LINE": {"Induction": "1", "Consolidation": "2", "Salvage": "3"},
    "BRESP": {"CR": "1", "CRi": "2", "PR": "3", "NR": "4", "Unk": "9"},
    "PHTYPE": {"Allo": "1", "Auto": "2"},
    "DONOR": {"MRD-sib": "1", "MUD": "2", "mMUD": "3", "Haplo": "4", "Cord": "5"},
    "GRAFT": {"BM": "1", "PBSC": "2", "Cord": "3"},
    "COND": {"MAC": "1", "RIC": "2"},
    "BCRABL": {"p190": "1", "p210": "2", "None": "0", "Not done": "9"},
    "CDMETH": {"Flow": "1", "IHC": "2"},
    "ECOG": {
        "0 - Fully active": "0",
        "1 - Restricted in strenuous activity": "1",
        "2 - Ambulatory, unable to work": "2",
        "3 - Limited self-care": "3",
        "4 - Completely disabled": "4",
    },
    "VSTPT": {"Pre-dose": "1", "End of infusion": "2", "+1h": "3"},
    "BMTYPE": {"Aspirate": "1", "Biopsy": "2", "Both": "3"},
    "BMQUAL": {"Adequate": "1", "Dry tap": "2", "Hemodilute": "3"},
    "EMDSITE": {"CNS": "1", "Testis": "2", "Node": "3", "Mediastinum": "4", "Skin": "5", "Other": "6"},
    "EMDRES": {"Present": "1", "Absent": "2", "Resolved": "3"},
    "CSF": {"CNS1": "1", "CNS2": "2", "CNS3": "3"},
    "RESP": {
        "CR": "1", "CRi": "2", "PR": "3", "Resistant disease": "4", "Progressive disease": "5", "Relapse": "6",
        "Aplasia/indeterminate": "7", "Not evaluable": "8",
    },
    "RSBM": {"<5%": "1", "5-25%": "2", ">25%": "3", "Not done": "9"},
    "RSPB": {"Absent": "1", "Present": "2", "Not done": "9"},
    "RSEMD": {"Absent": "1", "Present": "2", "Resolved": "3", "Not done": "9"},
    "RELSITE": {"Bone marrow": "1", "Blood": "2", "Extramedullary": "3"},
    "EXADJ": {"None": "0", "Delayed": "1", "Reduced": "2", "Omitted": "3"},
    "FTINTENT": {"Induction": "1", "Maintenance": "2", "HSCT conditioning": "3", "Palliative": "4"},
    "GRADE": GRADES,
    "AEREL": {"Related": "1", "Not related": "2"},
    "AEACN": {"None": "0", "Dose delayed": "1", "Dose reduced": "2", "Drug withdrawn": "3", "NA": "4"},
    "AEOUT": {
        "Resolved": "1", "Resolved with sequelae": "2", "Resolving": "3", "Not resolved": "4", "Fatal": "5",
        "Unknown": "9",
    },
    "UTEST": {
        "pH": "1", "Specific gravity": "2", "Protein": "3", "Glucose": "4", "Ketones": "5", "Blood": "6",
        "Leukocyte esterase": "7", "Nitrite": "8",
    },
    "EGINTP": {"Normal": "1", "Abnormal NCS": "2", "Abnormal CS": "3"},
    "VDDOP": {"Normal": "1", "Reversal": "2", "ND": "9"},
    "VDCRIT": {"Seattle": "1", "Baltimore": "2", "Other": "3"},
    "SVSTAT": {"Alive": "1", "Dead": "2", "Lost": "3"},
    "DCAUSE": {
        "Disease under study": "1", "Study treatment toxicity": "2", "VOD": "3", "Infection": "4", "GVHD": "5",
        "Other": "6", "Unknown": "9",
    },
    "EOTRSN": {
        "Completed 6 cycles": "1", "CR/CRi - proceeding to HSCT": "2", "Adverse event": "3", "Relapse or PD": "4",
        "Resistant disease": "5", "Subject refusal": "6", "Death": "7", "Physician decision": "8", "Other": "9",
    },
    "EOSRSN": {
        "Death": "1", "Lost to follow-up": "2", "Withdrew consent": "3", "Study terminated by sponsor": "4",
        "Other": "5",
    },
    "TFPROD": {"PRBC": "1", "Platelets": "2", "FFP": "3"},
    "DVCAT": {
        "Informed consent": "1", "Study treatment": "2", "Study procedure": "3", "Safety reporting": "4",
        "Sample handling": "5", "Concomitant medication": "6",
    },
}  # fmt: skip

FIELD_LISTS: dict[str, str] = {
    "SEX": "SEX", "ETHNIC": "ETHNIC", "IETYPE": "IETYPE", "CONTMODE": "CONTMODE", "MHGRADE": "GRADE",
    "DXFAB": "FAB", "LINEAGE": "LINEAGE", "PHSTAT": "POSNEG", "DFRCAT": "DFRCAT", "SALV": "SALV", "LINE": "LINE",
    "BRESP": "BRESP", "PHTYPE": "PHTYPE", "DONOR": "DONOR", "GRAFT": "GRAFT", "COND": "COND", "BCRABL1": "BCRABL",
    "CDMETH": "CDMETH", "CDRES": "POSNEG", "ECOG.ECOG": "ECOG", "VSTPT": "VSTPT", "BMTYPE": "BMTYPE",
    "BMQUAL": "BMQUAL", "EMDSITE": "EMDSITE", "EMDRES": "EMDRES", "CSF": "CSF", "RESP.RESP": "RESP", "RSBM": "RSBM",
    "RSPB": "RSPB", "RSEMD": "RSEMD", "RELSITE": "RELSITE", "EXADJ": "EXADJ", "FTINTENT": "FTINTENT",
    "HSTYPE": "PHTYPE", "GRADE": "GRADE", "AERELINO": "AEREL", "AERELSC": "AEREL", "AEACN": "AEACN",
    "AEOUT": "AEOUT", "VDOUT": "AEOUT", "VDDOP": "VDDOP", "VDCRIT": "VDCRIT", "SVSTAT": "SVSTAT",
    "UTEST": "UTEST", "HBSAG": "POSNEG", "HBCAB": "POSNEG", "HCAB": "POSNEG", "PREG": "POSNEG", "EGINTP": "EGINTP",
    "DCAUSE": "DCAUSE", "AUTOPSY": "YNU", "EOTRSN": "EOTRSN", "EOSRSN": "EOSRSN", "TFPROD": "TFPROD",
    "DVCAT": "DVCAT",
}  # fmt: skip
"""The list of each coded field; every other coded field is Yes/No (`YN`)."""


def code_list(form: str, field: str) -> dict[str, str]:
    """The labels and codes of a coded field of a form.

    >>> code_list("ENROL", "SEX")
    {'Male': '1', 'Female': '2'}
    """
    return LISTS[FIELD_LISTS.get(f"{form}.{field}", FIELD_LISTS.get(field, "YN"))]
